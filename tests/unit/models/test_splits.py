"""Months learnt from never have labels that reach past the month tested."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.errors import DataMissing, LeakSuspected
from contracts.months import add_months, month_ends
from contracts.place import Windows
from models.splits import (
    check_embargo,
    plan_backtest,
    plan_final,
    plan_fit,
    settled_on,
    trainable,
)

WINDOWS = Windows()
MONTH = date(2026, 10, 31)
LABELLED = month_ends(date(2023, 10, 31), date(2026, 4, 30))


def test_a_label_is_settled_after_the_gap_and_the_horizon() -> None:
    assert settled_on(date(2025, 1, 31), WINDOWS) == date(2025, 8, 31)
    assert settled_on(date(2025, 2, 28), WINDOWS) == date(2025, 9, 28)


def test_an_overlapping_month_is_a_leak_and_is_named() -> None:
    check_embargo([date(2025, 1, 31)], date(2025, 8, 31), WINDOWS)
    with pytest.raises(LeakSuspected, match="2025-02-28"):
        check_embargo([date(2025, 1, 31), date(2025, 2, 28)], date(2025, 8, 31), WINDOWS)


def test_eight_months_are_tested_each_by_a_model_that_stopped_before() -> None:
    plans = plan_backtest(LABELLED, WINDOWS, origins=8)
    tested = [month for plan in plans for month in plan.tests]
    assert tested == LABELLED[-8:]
    for plan in plans:
        for month in plan.tests:
            check_embargo(plan.whole, month, WINDOWS)
        check_embargo(plan.first, plan.later[0], WINDOWS)
        assert plan.later == plan.whole[-4:]
        assert set(plan.first) <= set(plan.whole)


def test_the_model_that_scores_learns_until_seven_months_before() -> None:
    plan = plan_final(LABELLED, MONTH, WINDOWS)
    assert plan.whole[-1] == date(2026, 3, 31)
    assert plan.tests == (MONTH,)


def test_a_month_too_many_is_left_out_even_where_its_label_is_complete() -> None:
    later = [*LABELLED, date(2026, 5, 31)]
    assert plan_final(later, MONTH, WINDOWS).whole == plan_final(LABELLED, MONTH, WINDOWS).whole


def test_months_that_the_place_skips_are_never_learnt_from() -> None:
    windows = Windows(skip_from=date(2024, 3, 1), skip_to=date(2024, 5, 31))
    skipped = set(month_ends(date(2024, 3, 31), date(2024, 5, 31)))
    plan = plan_final(LABELLED, MONTH, windows)
    assert not skipped & {*plan.first, *plan.later, *plan.whole}
    assert skipped <= set(LABELLED)


@pytest.mark.parametrize(
    ("start", "stop", "kept"),
    [
        (None, date(2024, 1, 31), 27),
        (date(2026, 4, 30), None, 30),
        (None, None, 31),
    ],
)
def test_a_span_open_at_one_end(start: date | None, stop: date | None, kept: int) -> None:
    assert len(trainable(LABELLED, Windows(skip_from=start, skip_to=stop))) == kept


def test_with_a_short_history_fewer_months_are_tested() -> None:
    months = month_ends(date(2024, 10, 31), date(2026, 4, 30))
    plans = plan_backtest(months, WINDOWS, origins=8)
    tested = [month for plan in plans for month in plan.tests]
    assert tested == months[-len(tested) :]
    assert 1 <= len(tested) < 8
    assert all(len(plan.first) >= 3 for plan in plans)
    assert all(1 <= len(plan.later) < 4 for plan in plans)


def test_with_a_very_short_history_there_is_no_later_block() -> None:
    months = month_ends(date(2025, 8, 31), date(2026, 4, 30))
    (plan,) = plan_backtest(months, WINDOWS, origins=8)
    assert plan.tests == (date(2026, 4, 30),)
    assert plan.first == plan.later == ()
    assert plan.whole == tuple(months[:2])


@pytest.mark.parametrize("count", [0, 1, 7])
def test_with_no_history_it_says_what_to_do(count: int) -> None:
    months = [add_months(date(2026, 4, 30), -at) for at in range(count)]
    with pytest.raises(DataMissing, match="history_months"):
        plan_backtest(months, WINDOWS, origins=8)


def test_scoring_with_nothing_settled_says_so() -> None:
    with pytest.raises(DataMissing, match="complete label"):
        plan_final([date(2026, 4, 30)], MONTH, WINDOWS)


def test_without_a_test_there_is_no_fit_to_plan() -> None:
    with pytest.raises(ValueError, match="empty"):
        plan_fit(LABELLED, [], WINDOWS)
