"""What is settled on households kept out, and what happens where there is too little."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.place import Training
from models.calibration import Sigmoid
from models.fitting import PARTS, fit_pair, parts_of, tune
from models.sampling import Sample
from models.spec import FeatureSpec

SPECS = (FeatureSpec(name="signal", theme="a", monotone=1), FeatureSpec(name="noise", theme="b"))
TRAINING = Training(trees=120, threads=1, learning_rate=0.1)


def _sample(households: int, months: int, *, rate: float = -2.5, seed: int = 0) -> Sample:
    """A household's signal and fate stay alike from month to month, as they do in life."""
    chance = np.random.default_rng(seed)
    base = np.repeat(chance.normal(size=households), months)
    noise = np.repeat(chance.normal(size=households), months)
    logit = rate + 1.5 * base
    y = np.repeat(chance.random(households), months) < 1 / (1 + np.exp(-logit))
    month = np.tile(np.arange(months), households)
    return Sample(
        x=np.column_stack([base, noise]).astype(np.float32),
        y=y.astype(float),
        weight=np.ones(len(y)),
        household=np.repeat(np.arange(households), months),
        later=month >= months // 2,
    )


@pytest.fixture(scope="module")
def sample() -> Sample:
    return _sample(3000, 6)


def test_no_household_is_both_fitted_on_and_judged(sample: Sample) -> None:
    judged = np.zeros(len(sample.y), dtype=int)
    for fit, judge in parts_of(sample, seed=1):
        assert not set(sample.household[fit]) & set(sample.household[judge])
        judged += judge
    assert np.array_equal(judged > 0, sample.later)
    assert judged.max() == 1
    assert len(list(parts_of(sample, seed=1))) == PARTS


def test_calibration_holds_on_households_never_met(sample: Sample) -> None:
    tuning = tune(sample, SPECS, TRAINING)
    assert tuning.calibrated
    pair = fit_pair(sample, tuning, SPECS, TRAINING)
    fresh = _sample(6000, 1, seed=9)
    for raw, sigmoid in (
        (pair.booster.raw(fresh.x), pair.booster_sigmoid),
        (pair.linear.raw(fresh.x), pair.linear_sigmoid),
    ):
        assert sigmoid.apply(raw).sum() == pytest.approx(fresh.y.sum(), rel=0.15)
    assert 20 <= tuning.trees < TRAINING.trees


def test_the_same_rows_settle_the_same(sample: Sample) -> None:
    one, two = tune(sample, SPECS, TRAINING), tune(sample, SPECS, TRAINING)
    assert one == two
    first, second = (fit_pair(sample, one, SPECS, TRAINING) for _ in range(2))
    assert first.booster.text == second.booster.text
    assert first.linear.as_json() == second.linear.as_json()


@pytest.mark.parametrize(
    "sample",
    [
        pytest.param(_sample(60, 4, rate=-6.0), id="hardly an event"),
        pytest.param(_sample(60, 4, rate=-30.0), id="no event"),
        pytest.param(_sample(60, 4, rate=30.0), id="nothing but events"),
    ],
)
def test_where_the_later_block_says_nothing_raw_scores_stand(sample: Sample) -> None:
    tuning = tune(sample, SPECS, TRAINING)
    assert not tuning.calibrated
    assert tuning.booster_sigmoid == tuning.linear_sigmoid == Sigmoid()
