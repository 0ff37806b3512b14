"""Probabilities that mean what they say, in the order of the raw scores."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from models.calibration import (
    Sigmoid,
    fit_beta,
    fit_sigmoid,
    fit_steadiest,
    level_off,
)


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
    fitted = Sigmoid(intercept=-0.123456789, slope=0.987654321, bend=0.111, start=0.2, scale=0.9)
    assert Sigmoid.from_json(fitted.as_json()) == fitted


def _bent(bend: float, rows: int = 60_000) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(9)
    raw = chance.normal(-2, 1.5, rows)
    return raw, (chance.random(rows) < Sigmoid(bend=bend).apply(raw)).astype(float)


@pytest.mark.parametrize("bend", [0.0, 1.2, -0.6])
def test_it_finds_the_bend_that_made_the_events(bend: float) -> None:
    raw, y = _bent(bend)
    fitted = fit_beta(raw, y, np.ones(len(y)))
    assert fitted.bend == pytest.approx(bend, abs=0.2)
    top = np.argsort(raw)[-len(raw) // 100 :]
    assert fitted.apply(raw[top]).sum() == pytest.approx(y[top].sum(), rel=0.05)


def test_a_bend_is_taken_where_households_kept_out_prove_it_and_not_otherwise() -> None:
    for bend, taken in ((1.2, True), (0.0, False)):
        raw, y = _bent(bend)
        fitted = fit_steadiest(raw, y, np.ones(len(y)), np.arange(len(y)))
        assert (fitted.bend != 0.0) == taken


def test_a_bent_line_keeps_the_order_whatever_it_is_fitted_on() -> None:
    raw, y = _drawn(1.0, 0.0, rows=400)
    for events in (y, 1 - y, (raw > 0).astype(float)):
        fitted = fit_beta(raw, events, np.ones(len(y)))
        assert min(fitted.slope, fitted.slope + fitted.bend) > 0
        assert np.all(np.diff(fitted.logit(np.linspace(-30, 30, 500))) > 0)


def test_a_household_is_never_fitted_on_and_judged_by() -> None:
    """Copies of the same few rows would prove any bend, were they in two parts."""
    raw, y = _drawn(1.0, 0.0, rows=60)
    rows = np.repeat(np.arange(60), 50)
    fitted = fit_steadiest(raw[rows], y[rows], np.ones(3000), rows)
    assert fitted == fit_sigmoid(raw[rows], y[rows])


def test_handed_on_it_expects_as_many_and_takes_half_of_the_wider_spread_back() -> None:
    chance = np.random.default_rng(8)
    ours = chance.normal(-4, 1, 500)
    theirs = 4 * ours + 9
    for fitted in (Sigmoid(intercept=0.1, slope=0.9), Sigmoid(slope=0.8, bend=0.7)):
        found = fitted.handed_on(ours, theirs)
        assert found.apply(theirs).sum() == pytest.approx(fitted.apply(ours).sum())
        assert found.scale == pytest.approx(0.5)
    assert np.std(Sigmoid().handed_on(ours, theirs).logit(theirs)) == pytest.approx(
        2 * np.std(ours)
    )


def test_where_all_scores_are_alike_only_the_level_is_handed_on() -> None:
    found = Sigmoid(slope=0.9).handed_on(np.full(5, -2.0), np.full(5, -3.0))
    assert found.scale == 1.0
    assert found.logit(np.full(5, -3.0)) == pytest.approx(np.full(5, -1.8))


def test_the_level_is_off_by_what_brings_expected_to_observed() -> None:
    raw, y = _drawn(1.0, 0.5)
    weight = np.where(y > 0, 1.0, 2.0)
    off = level_off(raw, y, weight)
    assert (weight * expit(raw + off)).sum() == pytest.approx((weight * y).sum())


@pytest.mark.parametrize("y", [np.zeros(5), np.ones(5), np.zeros(0)])
def test_no_level_where_there_is_nothing_to_tell_it_from(y: np.ndarray) -> None:
    assert level_off(np.zeros(len(y)), y, np.ones(len(y))) == 0.0
