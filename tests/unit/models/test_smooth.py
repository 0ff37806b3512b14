"""The smooth calibration curve beside the same regression without bands, and its ranges."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from models.bootstrap import Resamples
from models.smooth import smooth_calibration, spline

ROWS = 8000


def _drawn(slope: float, seed: int = 3):
    """Rows whose true log-odds are ``slope`` times those that are promised."""
    chance = np.random.default_rng(seed)
    said = chance.normal(-2.0, 1.0, ROWS)
    y = (chance.random(ROWS) < expit(slope * said)).astype(float)
    household = np.arange(ROWS) // 2
    return household, said, y, Resamples.draw(household, replicates=200, seed=1)


def _rare(seed: int = 8):
    """Rare events and a long tail of high log-odds, as lists of a real place have them."""
    chance = np.random.default_rng(seed)
    said = -5.0 + chance.gamma(1.0, 1.0, ROWS) + 0.3 * chance.normal(0, 1, ROWS)
    y = (chance.random(ROWS) < expit(0.3 + said)).astype(float)
    household = np.arange(ROWS) // 2
    return household, said, y, Resamples.draw(household, replicates=200, seed=1)


@pytest.mark.parametrize("rows", [lambda: _drawn(0.6), _rare])
def test_the_curve_is_the_regression_on_all_rows(rows):
    household, said, y, resamples = rows()
    found = smooth_calibration(resamples, household=household, logit=said, y=y)
    columns = spline(said, np.quantile(said, (0.05, 0.275, 0.5, 0.725, 0.95)))[:, 1:]
    scaled = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    plain = LogisticRegression(C=np.inf, solver="newton-cholesky", max_iter=500).fit(scaled, y)
    curve = plain.predict_proba(scaled)[:, 1]
    assert found.index.value == pytest.approx(np.abs(curve - expit(said)).mean(), abs=1e-3)
    far = np.quantile(np.abs(curve - expit(said)), 0.9)
    assert found.ninth_tenth.value == pytest.approx(far, abs=4e-3)


def test_probabilities_that_hold_are_told_from_those_that_promise_too_much():
    household, said, y, resamples = _drawn(1.0)
    right = smooth_calibration(resamples, household=household, logit=said, y=y)
    household, said, y, resamples = _drawn(0.6)
    wrong = smooth_calibration(resamples, household=household, logit=said, y=y)
    truly = np.abs(expit(0.6 * said) - expit(said)).mean()
    assert right.index.value < 0.01
    assert wrong.index.low < truly < wrong.index.high
    assert wrong.index.low > right.index.high
    inside = [p.observed.low <= p.expected <= p.observed.high for p in right.points]
    assert np.mean(inside) > 0.8


def test_rows_of_like_probability_are_never_parted():
    household, said, y, resamples = _drawn(1.0)
    said = np.where(said > -2, -1.0, -3.0)
    found = smooth_calibration(resamples, household=household, logit=said, y=y)
    assert len(found.points) == 2
    for point, value in zip(found.points, (-3.0, -1.0), strict=True):
        assert point.expected == pytest.approx(expit(value), abs=1e-5)
        assert point.observed.value == pytest.approx(y[said == value].mean(), abs=1e-3)


def test_too_little_to_draw_a_curve_from():
    household, said, y, resamples = _drawn(1.0)
    none = np.zeros(ROWS)
    assert smooth_calibration(resamples, household=household, logit=said, y=none) is None
    assert smooth_calibration(resamples, household=household, logit=none, y=y) is None


def test_the_spline_is_straight_beyond_its_outer_knots():
    knots = np.array([-1.0, 0.0, 1.0])
    ends = spline(np.array([2.0, 3.0, 4.0]), knots)
    assert np.diff(ends, n=2, axis=0) == pytest.approx(np.zeros((1, 3)), abs=1e-12)
    middle = spline(np.array([-0.5, 0.0, 0.5]), knots)
    assert abs(np.diff(middle[:, 2], n=2)[0]) > 1e-3
    assert spline(np.array([1.0]), np.array([1.0, 1.0])).shape == (1, 2)
