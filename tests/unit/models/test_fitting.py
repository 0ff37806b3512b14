"""Fitted to meet a later block unseen, then on everything; and where there is too little."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.place import Training
from models.booster import UNSEEN_TREES
from models.calibration import Sigmoid, fit_sigmoid
from models.fitting import Fits, _calibrate, enough_later, fit_models
from models.kinds import MODELS
from models.logistic import Linear, fit_linear
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
    fits = fit_models(FIRST, LATER, WHOLE, SPECS, TRAINING, ahead=LATER.x)
    assert fits.calibrated
    assert tuple(fits.models) == MODELS
    fresh = _sample(8000, seed=9)
    for name, model in fits.models.items():
        expected = fits.sigmoids[name].apply(model.raw(fresh.x)).sum()
        assert expected == pytest.approx(fresh.y.sum(), rel=0.15), name
    assert 20 <= fits.booster.trees < TRAINING.trees


def test_a_later_block_in_which_events_are_rarer_lowers_the_probabilities() -> None:
    rarer = fit_models(
        FIRST, _sample(4000, rate=-4.0, seed=5), WHOLE, SPECS, TRAINING, ahead=LATER.x
    )
    usual = fit_models(FIRST, LATER, WHOLE, SPECS, TRAINING, ahead=LATER.x)
    for name in MODELS:
        raw = usual.models[name].raw(WHOLE.x)
        sums = [fits.sigmoids[name].apply(raw).sum() for fits in (rarer, usual)]
        assert sums[0] < 0.6 * sums[1], name


class _Column:
    """A model whose raw score is one column."""

    names = ("trial", "final")

    def __init__(self, at: int) -> None:
        self.at = at

    def raw(self, x: np.ndarray) -> np.ndarray:
        return x[:, self.at].astype(float)


def test_a_model_that_spreads_its_own_rows_further_promises_no_less_elsewhere() -> None:
    """It learnt from the later block too, and spreads it twice as far as rows it never met."""
    chance = np.random.default_rng(8)
    raw = chance.normal(-2, 1, 4000)
    y = (chance.random(4000) < 1 / (1 + np.exp(-raw))).astype(float)
    later = Sample(
        x=np.column_stack([raw, 2 * raw + 2]).astype(np.float32),
        y=y,
        weight=np.ones(4000),
        household=np.arange(4000),
    )
    ahead = chance.normal(-2, 1, (3000, 1)).repeat(2, axis=1).astype(np.float32)
    found = _calibrate(_Column(0), _Column(1), later, ahead=ahead, year=None)
    alone = fit_sigmoid(raw, y)
    assert found.logit(ahead[:, 1]) == pytest.approx(alone.logit(ahead[:, 0]), abs=1e-4)


def test_the_level_is_that_of_the_newest_year() -> None:
    """The later block is of a season with few events; the year had as many as always."""
    quiet, year = _sample(4000, rate=-3.5, seed=5), _sample(9000, seed=13)
    fits = fit_models(FIRST, quiet, WHOLE, SPECS, TRAINING, ahead=LATER.x, year=year)
    fresh = _sample(8000, seed=9)
    for name, model in fits.models.items():
        expected = fits.sigmoids[name].apply(model.raw(fresh.x)).sum()
        assert expected == pytest.approx(fresh.y.sum(), rel=0.12), name


def test_the_plain_model_is_held_back_where_there_is_little_to_follow() -> None:
    specs = tuple(FeatureSpec(name=f"f{at}", theme="a") for at in range(62))
    small, later = _sample(300, seed=6, extra=60), _sample(3000, seed=7, extra=60)
    plain = fit_models(small, later, small, specs, TRAINING, ahead=later.x).models["logistic"]
    assert isinstance(plain, Linear)
    free = fit_linear(small, specs, strength=10.0)
    held = np.abs(plain.value_weight[1:]).sum()
    assert held < 0.5 * np.abs(free.value_weight[1:]).sum()


def test_the_same_rows_give_the_same_models() -> None:
    one, two = (
        _written(fit_models(FIRST, LATER, WHOLE, SPECS, TRAINING, ahead=LATER.x)) for _ in range(2)
    )
    assert one == two


def _written(fits: Fits) -> list[object]:
    plain = [fits.models[name].as_json() for name in MODELS if name != "lightgbm"]
    return [*plain, fits.booster.text, fits.sigmoids, fits.card]


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
    fits = fit_models(first, later, WHOLE, SPECS, TRAINING, ahead=WHOLE.x)
    assert not fits.calibrated
    assert set(fits.sigmoids.values()) == {Sigmoid()}
    assert fits.booster.trees == UNSEEN_TREES
