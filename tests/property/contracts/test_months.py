"""Months: what must hold for any date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.errors import SettingsError
from contracts.months import (
    add_months,
    month_end,
    month_ends,
    month_index,
    month_key,
    parse_month,
)

days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
shifts = st.integers(-240, 240)


@given(days)
def test_the_day_after_a_month_end_is_a_first(day: date):
    assert (month_end(day) + timedelta(days=1)).day == 1


@given(days, shifts)
def test_adding_months_moves_the_month_index_by_as_many(day: date, months: int):
    assert month_index(add_months(day, months)) == month_index(day) + months


@given(days, shifts)
def test_a_month_end_stays_one(day: date, months: int):
    moved = add_months(month_end(day), months)
    assert moved == month_end(moved)


@given(days, st.integers(0, 60))
def test_month_ends_are_all_and_in_order(first: date, months: int):
    ends = month_ends(first, add_months(first, months))
    assert len(ends) == months + 1
    assert ends == sorted(set(ends))
    assert all(day == month_end(day) for day in ends)


@given(days)
def test_a_key_comes_back(day: date):
    assert parse_month(month_key(day)) == month_end(day)


@pytest.mark.parametrize("key", ["2026-13", "october", "", "2026-1-1"])
def test_what_is_no_month_is_said(key: str):
    with pytest.raises(SettingsError, match="Write it as year and month"):
        parse_month(key)
