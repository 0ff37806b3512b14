"""Changes of level in what a source records, month by month, that no calendar entry explains.

A count of a small place varies, so a change is not called one until it is more than 30% and beyond
what chance explains, allowing for how much the very series varies from month to month, for the time
of the year, and for how many months are looked at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import exp, log, sqrt
from statistics import NormalDist, median
from typing import Final

import duckdb

from contracts.asof import RAW, as_known_sql
from contracts.calendar import CalendarEntry, national
from contracts.months import add_months, month_end, month_index
from contracts.place import Place
from contracts.tables import HEALTH_SOURCES
from linkage.quality.series import SERIES, Series

CHANGE: Final = 0.30
"""Change of level in a month, as a share of what it was, from which training stops."""
_FALSE_ALARMS = 0.01
_BEFORE, _AFTER = 6, 3
_BURN_IN = 6
_YEAR = 12
# Days after a month until its records can be expected to have come.
_LAG_DAYS, _HEALTH_LAG_DAYS = 31, 75
# The median of a squared standard normal: turns a median of squared differences into a variance.
_MEDIAN_OF_SQUARE = 0.4549


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A change of level.

    Attributes:
        series: Name of the series.
        month: End of the first month at the new level.
        change: Change as a share of what it was: -0.4 is a fall of 40%.
        low: Lower end of its range.
        high: Upper end of its range.
        explained: What the calendar says of it; empty where it says nothing.
    """

    series: str
    month: date
    change: float
    low: float
    high: float
    explained: str = ""

    @property
    def of(self) -> Series:
        """The series."""
        return next(series for series in SERIES if series.name == self.series)

    def __str__(self) -> str:
        return (
            f"{self.of.says} ({self.of.source}) {'rose' if self.change > 0 else 'fell'} by "
            f"{abs(self.change):.0%} in {self.month:%Y-%m} (range {self.low:+.0%} to "
            f"{self.high:+.0%})"
        )


def level_shifts(
    con: duckdb.DuckDBPyConnection, *, place: Place, month: date, source: str | None = None
) -> tuple[Shift, ...]:
    """Changes of level in the place's sources over the months that a release learns from.

    Args:
        con: The identity zone.
        place: The place: its sources, history and calendar.
        month: Index date.
        source: One of its sources; all of them where not given.
    """
    since = month_index(add_months(month_end(month), -place.windows.history_months))
    found = []
    for series in SERIES:
        if series.source not in place.sources or source not in (None, series.source):
            continue
        counts = monthly_counts(con, series, month)
        found += [
            _explained(shift, place.calendar)
            for shift in shifts(series.name, counts)
            if month_index(shift.month) >= since
        ]
    return tuple(found)


def monthly_counts(
    con: duckdb.DuckDBPyConnection, series: Series, month: date
) -> Mapping[date, int]:
    """Events by month end, oldest first, as known at the index date; months with none are 0.

    Months are left out whose records cannot all have come yet.
    """
    newest = con.execute(
        f"SELECT max(extract_to) FROM {RAW}.delivery WHERE table_name = ?", [series.table]
    ).fetchall()[0][0]
    if newest is None:
        return {}
    lag = _HEALTH_LAG_DAYS if series.source in HEALTH_SOURCES else _LAG_DAYS
    rows = con.execute(
        f"""SELECT last_day(CAST({series.dated} AS DATE)) AS month, count(*)
        FROM ({as_known_sql(series.table, month_end(month))})
        WHERE {series.dated} IS NOT NULL AND {series.where} GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    last = min(newest, month_end(month)) - timedelta(days=lag)
    counted = {day: int(count) for day, count in rows if day <= last}
    if not counted:
        return {}
    whole, day = {}, min(counted)
    while day <= last:
        whole[day] = counted.get(day, 0)
        day = add_months(day, 1)
    return whole


def shifts(name: str, counts: Mapping[date, int]) -> tuple[Shift, ...]:
    """The changes of level in a series; of neighbouring months that show one, the clearest.

    Args:
        name: Name of the series.
        counts: Events by month end, without gaps, oldest first.
    """
    days, values = list(counts), list(counts.values())
    testable = range(_BURN_IN + _BEFORE, len(values))
    if not testable:
        return ()
    dispersion = _dispersion(values[_BURN_IN:])
    sure = NormalDist().inv_cdf(1 - _FALSE_ALARMS / len(testable) / 2)
    runs: list[list[tuple[float, Shift]]] = []
    last = None
    for at in testable:
        judged = _judge(values, at, dispersion=dispersion, sure=sure)
        if judged is None:
            continue
        strength, change, low, high = judged
        shift = Shift(series=name, month=days[at], change=change, low=low, high=high)
        if last is None or at - last > _AFTER:
            runs.append([])
        runs[-1].append((strength, shift))
        last = at
    return tuple(max(run, key=lambda found: found[0])[1] for run in runs)


def _judge(
    values: Sequence[int], at: int, *, dispersion: float, sure: float
) -> tuple[float, float, float, float] | None:
    """How clear a change at a month is, its size and range; None where there is none."""
    change, variance = _contrast(values, at, dispersion)
    before_last_year = at - _YEAR - _BEFORE
    limit = log(1 + CHANGE) if change > 0 else -log(1 - CHANGE)
    if before_last_year >= _BURN_IN:
        usual, more = _contrast(values, at - _YEAR, dispersion)
        # Records come in batches and drift slowly, which neighbouring months do not tell: so the
        # change must be clear of half the limit, and not of nothing alone.
        adjusted, needed = change - usual, limit / 2
        error = sqrt(variance + more)
        # What happens every year is no change; nor is the echo of a change a year ago.
        if change * adjusted <= 0 or not _large(adjusted):
            return None
    else:
        # With no year to compare with, the change must be clear of the limit itself.
        adjusted, error, needed = change, sqrt(variance), limit
    if not _large(change) or abs(adjusted) - needed <= sure * error:
        return None
    margin = sure * sqrt(variance)
    size, low, high = (exp(value) - 1 for value in (change, change - margin, change + margin))
    return abs(adjusted) / error, size, low, high


def _contrast(values: Sequence[int], at: int, dispersion: float) -> tuple[float, float]:
    """Log of the level from a month on over the level before it, and its variance."""
    before, after = values[at - _BEFORE : at], values[at : at + _AFTER]
    first, second = sum(before) + 0.5, sum(after) + 0.5
    ratio = (second / len(after)) / (first / len(before))
    return log(ratio), dispersion * (1 / first + 1 / second)


def _large(change: float) -> bool:
    return not log(1 - CHANGE) < change < log(1 + CHANGE)


def _dispersion(values: Sequence[int]) -> float:
    """How many times as much as by chance alone the series varies between neighbours.

    By the median, so that one change of level does not hide itself.
    """
    squares = [(one - other) ** 2 / (one + other) for one, other in pairwise(values) if one + other]
    return max(1.0, median(squares) / _MEDIAN_OF_SQUARE) if squares else 1.0


def _explained(shift: Shift, own: Sequence[CalendarEntry]) -> Shift:
    hits = (shift.of.source, *shift.of.outcomes)
    for entry in (*own, *national()):
        if any(entry.explains(hit, shift.month) for hit in hits):
            return Shift(
                series=shift.series, month=shift.month, change=shift.change, low=shift.low,
                high=shift.high, explained=entry.says,
            )  # fmt: skip
    return shift
