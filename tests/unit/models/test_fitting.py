"""Fitted to meet a later block unseen, then on everything; and where there is too little."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.place import Training
from models.booster import UNSEEN_TREES
from models.calibration import Sigmoid
from models.fitting import enough_later, fit_pair
from models.logistic import fit_linear
from models.sampling import Sample
from models.spec import FeatureSpec

SPECS = (FeatureSpec(name="signal", theme="a", monotone=1), FeatureSpec(name="noise", theme="b"))
TRAINING = Training(trees=120, threads=1, learning_rate=0.1)


def _sample(rows: int, *, rate: float = -2.5, seed: int = 0, extra: int = 0) -> Sample:
    chance = np.random.default_rng(seed)
    signal = chance.normal(size=rows)
    y = chance.random(rows) < 1 / (1 + np.exp(-rate - 1.5 * signal))
    x = np.column_stack([signal, chance.normal(size=(rows, 1 + extra))])
    return Sample(
        x=x.astype(np.float32),
        y=y.astype(float),
        weight=np.ones(rows),
        household=np.arange(rows),
    )


FIRST, LATER, WHOLE = _sample(4000, seed=1), _sample(2000, seed=2), _sample(6000, seed=3)


def test_calibration_holds_on_rows_never_met() -> None:
    pair = fit_pair(FIRST, LATER, WHOLE, SPECS, TRAINING)
    assert pair.calibrated
    fresh = _sample(8000, seed=9)
    for raw, sigmoid in (
        (pair.booster.raw(fresh.x), pair.booster_sigmoid),
        (pair.linear.raw(fresh.x), pair.linear_sigmoid),
    ):
        assert sigmoid.apply(raw).sum() == pytest.approx(fresh.y.sum(), rel=0.15)
    assert 20 <= pair.booster.trees < TRAINING.trees


def test_a_later_block_in_which_events_are_rarer_lowers_the_probabilities() -> None:
    rarer = fit_pair(FIRST, _sample(4000, rate=-4.0, seed=5), WHOLE, SPECS, TRAINING)
    usual = fit_pair(FIRST, LATER, WHOLE, SPECS, TRAINING)
    assert rarer.booster_sigmoid.intercept < usual.booster_sigmoid.intercept - 0.5
    assert rarer.linear_sigmoid.intercept < usual.linear_sigmoid.intercept - 0.5


def test_the_plain_model_is_held_back_where_there_is_little_to_follow() -> None:
    specs = tuple(FeatureSpec(name=f"f{at}", theme="a") for at in range(62))
    small, later = _sample(300, seed=6, extra=60), _sample(3000, seed=7, extra=60)
    pair = fit_pair(small, later, small, specs, TRAINING)
    free = fit_linear(small, specs, strength=10.0)
    held = np.abs(pair.linear.value_weight[1:]).sum()
    assert held < 0.5 * np.abs(free.value_weight[1:]).sum()


def test_the_same_rows_give_the_same_models() -> None:
    one, two = (fit_pair(FIRST, LATER, WHOLE, SPECS, TRAINING) for _ in range(2))
    assert one.booster == two.booster
    assert one.linear.as_json() == two.linear.as_json()
    assert (one.booster_sigmoid, one.linear_sigmoid) == (two.booster_sigmoid, two.linear_sigmoid)


@pytest.mark.parametrize(
    ("first", "later"),
    [
        pytest.param(None, None, id="no later block"),
        pytest.param(_sample(200, rate=-30.0), LATER, id="no event before it"),
        pytest.param(FIRST, _sample(200, rate=-30.0), id="no event in it"),
        pytest.param(FIRST, _sample(200, rate=30.0), id="nothing but events in it"),
    ],
)
def test_where_a_later_block_says_nothing_raw_scores_stand(
    first: Sample | None, later: Sample | None
) -> None:
    assert not enough_later(first, later)
    pair = fit_pair(first, later, WHOLE, SPECS, TRAINING)
    assert not pair.calibrated
    assert pair.booster_sigmoid == pair.linear_sigmoid == Sigmoid()
    assert pair.booster.trees == UNSEEN_TREES
