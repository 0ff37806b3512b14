"""Arithmetic on months and on the month ends at which households are looked at."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from contracts.errors import SettingsError


def month_end(day: date) -> date:
    """Last day of the month of ``day``."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day ``months`` later (earlier where negative), clipped to the month's length.

    A month end stays a month end: 30 April plus one month is 31 May.
    """
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    last = month_end(first)
    return last if day == month_end(day) else first.replace(day=min(day.day, last.day))


def month_index(day: date) -> int:
    """Months since year 0; differences are distances in months."""
    return day.year * 12 + day.month - 1


def month_key(day: date) -> str:
    """``2026-10`` for any day of October 2026."""
    return f"{day.year:04d}-{day.month:02d}"


def parse_month(key: str) -> date:
    """The month end of a key such as ``2026-10``.

    Raises:
        SettingsError: If the key is no month.
    """
    try:
        first = date.fromisoformat(f"{key}-01")
    except ValueError as error:
        raise SettingsError(
            f"{key!r} is not a month.", next_step="Write it as year and month, such as 2026-10."
        ) from error
    return month_end(first)


def month_ends(first: date, last: date) -> list[date]:
    """Every month end from the month of ``first`` to the month of ``last``, both included."""
    start, stop = month_index(first), month_index(last)
    return [month_end(date(i // 12, i % 12 + 1, 1)) for i in range(start, stop + 1)]


def days_after(day: date, days: int) -> date:
    """``day`` plus ``days``."""
    return day + timedelta(days=days)
