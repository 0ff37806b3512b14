"""Probabilities that mean what they say, in the order of the raw scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from models.calibration import Sigmoid, between_scales, fit_sigmoid, level_off


def _drawn(slope: float, intercept: float, rows: int = 60_000) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(7)
    raw = chance.normal(-2, 1.2, rows)
    y = (chance.random(rows) < expit(intercept + slope * raw)).astype(float)
    return raw, y


@pytest.mark.parametrize(("slope", "intercept"), [(1.0, 0.0), (0.6, -1.0), (1.4, 0.5)])
def test_it_finds_the_sigmoid_that_made_the_events(slope: float, intercept: float) -> None:
    raw, y = _drawn(slope, intercept)
    fitted = fit_sigmoid(raw, y)
    assert fitted.slope == pytest.approx(slope, abs=0.05)
    assert fitted.apply(raw).sum() == pytest.approx(y.sum(), rel=0.01)


def test_thinned_and_weighted_rows_give_the_same_as_all_rows() -> None:
    raw, y = _drawn(0.8, -1.0)
    kept = (y > 0) | (np.random.default_rng(1).random(len(y)) < 0.2)
    weight = np.where(y[kept] > 0, 1.0, 5.0)
    part, whole = fit_sigmoid(raw[kept], y[kept], weight), fit_sigmoid(raw, y)
    assert part.slope == pytest.approx(whole.slope, abs=0.05)
    assert part.apply(raw).mean() == pytest.approx(y.mean(), rel=0.03)


def test_scores_that_point_the_wrong_way_keep_their_order() -> None:
    raw, y = _drawn(-1.0, 0.0)
    fitted = fit_sigmoid(raw, y)
    assert fitted.slope > 0
    assert fitted.apply(raw).mean() == pytest.approx(y.mean(), rel=0.02)


def test_few_events_change_little() -> None:
    raw = np.array([-4.0, -3.5, -3.0, -2.0])
    fitted = fit_sigmoid(raw, np.array([0.0, 0.0, 0.0, 1.0]))
    assert fitted.slope == pytest.approx(1.0, abs=0.5)


@pytest.mark.parametrize("y", [np.zeros(5), np.ones(5), np.zeros(0)])
def test_nothing_to_learn_from_changes_nothing(y: np.ndarray) -> None:
    assert fit_sigmoid(np.zeros(len(y)), y) == Sigmoid()


def test_it_comes_back_from_a_file() -> None:
    fitted = Sigmoid(intercept=-0.123456789, slope=0.987654321)
    assert Sigmoid.from_json(fitted.as_json()) == fitted


def test_one_models_scores_are_brought_to_anothers_scale() -> None:
    start = np.random.default_rng(8).normal(-3, 1, 500)
    assert between_scales(start, 2.5 * start + 4).logit(start) == pytest.approx(2.5 * start + 4)
    assert between_scales(start, np.zeros(500)) == Sigmoid()


def test_two_sigmoids_in_a_row_are_one() -> None:
    raw, first, then = np.linspace(-5, 1, 7), Sigmoid(intercept=0.4, slope=0.7), Sigmoid(slope=1.3)
    assert then.after(first).logit(raw) == pytest.approx(then.logit(first.logit(raw)))


def test_the_level_is_off_by_what_brings_expected_to_observed() -> None:
    raw, y = _drawn(1.0, 0.5)
    weight = np.where(y > 0, 1.0, 2.0)
    off = level_off(raw, y, weight)
    assert (weight * expit(raw + off)).sum() == pytest.approx((weight * y).sum())


@pytest.mark.parametrize("y", [np.zeros(5), np.ones(5), np.zeros(0)])
def test_no_level_where_there_is_nothing_to_tell_it_from(y: np.ndarray) -> None:
    assert level_off(np.zeros(len(y)), y, np.ones(len(y))) == 0.0
