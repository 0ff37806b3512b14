"""A delivery beside what came in the year before it from the same table and controller.

What is new (the rows recorded since the last delivery) is compared with each of the twelve spans of
the same length before it, and told where it is like none of them: bulk awards every few months and
a yearly uprating are no news. A difference has to be large enough to matter and beyond chance, so a
small table, which varies, does not cry. No value is told: names of columns, shares and counts only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log, sqrt
from statistics import NormalDist
from typing import Final

import duckdb

from contracts.asof import RAW
from contracts.columns import Kind, Table
from contracts.place import Place
from contracts.tables import TABLES

ROWS: Final = 0.30
"""Change of the number of rows, as a share of the nearest span's, that is told."""
NULLS: Final = 0.05
"""Change of the share of rows without a value that is told."""
PSI: Final = 0.2
"""Population stability index of a column's codes from which a change is told (0.2 is usual)."""
_FALSE_ALARMS = 0.01
_SPANS = 12
_LEAST_SPANS = 3
_LEAST_DAYS = 7
# Rows of one event or household come together, so they vary more than single rows would.
_CLUSTERED = 4.0


@dataclass(frozen=True, kw_only=True)
class Drift:
    """One difference from every span of the year before.

    Attributes:
        table: The table.
        kind: ``rows``, ``nulls``, ``codes`` or ``dates``.
        column: The column; empty where it is about the table.
        was: The nearest of what was: rows in as long a time, a share, or the index's limit.
        now: What it is now.
        says: The difference in plain words.
    """

    table: str
    kind: str
    column: str
    was: float
    now: float
    says: str


@dataclass(frozen=True, kw_only=True)
class _Span:
    """Counts of one span: rows, and rows without a value by column."""

    rows: int
    nulls: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class _Read:
    """A table's rows by span: ``span`` is 0 for what is new, 1 for the span before it."""

    table: Table
    source: str
    controller: str
    start: date
    end: date


def delivery_drift(
    con: duckdb.DuckDBPyConnection, *, place: Place, source: str | None = None
) -> tuple[Drift, ...]:
    """Differences of what each table's newest delivery brought, in the tables' order.

    A table with one delivery so far, or under three spans of history, is compared with nothing.

    Args:
        con: The identity zone, with schema ``raw``.
        place: The place.
        source: One of its sources; all of them where not given.
    """
    found: list[Drift] = []
    for name in place.tables:
        if source not in (None, TABLES[name].source):
            continue
        read = _read(con, TABLES[name], place.sources[TABLES[name].source].controller)
        if read is not None:
            found += _compare(con, read)
    return tuple(found)


def _read(con: duckdb.DuckDBPyConnection, table: Table, controller: str) -> _Read | None:
    ends = [
        end
        for (end,) in con.execute(
            f"""SELECT DISTINCT extract_to FROM {RAW}.delivery
            WHERE table_name = ? AND controller = ? ORDER BY 1 DESC LIMIT 2""",
            [table.name, controller],
        ).fetchall()
    ]
    if len(ends) < 2:
        return None
    end, start = ends
    days = max((end - start).days, _LEAST_DAYS)
    source = f"""(SELECT t.*, (DATE '{end}' - recorded_date) // {days} AS span
        FROM {RAW}.{table.name} t JOIN {RAW}.delivery d USING (delivery_id)
        WHERE d.controller = $controller AND recorded_date <= DATE '{end}'
          AND recorded_date > DATE '{end}' - {days * (_SPANS + 1)})"""
    return _Read(table=table, source=source, controller=controller, start=start, end=end)


def _compare(con: duckdb.DuckDBPyConnection, read: _Read) -> list[Drift]:
    columns = [column.name for column in read.table.business]
    nulls = "".join(f", count(*) FILTER (WHERE {name} IS NULL)" for name in columns)
    rows = con.execute(
        f"SELECT span, max(recorded_date), count(*){nulls} FROM {read.source} GROUP BY span",
        {"controller": read.controller},
    ).fetchall()
    spans = {
        int(span): _Span(rows=count, nulls=dict(zip(columns, blanks, strict=True)))
        for span, _, count, *blanks in rows
    }
    before = [spans[at] for at in sorted(spans) if at > 0]
    if len(before) < _LEAST_SPANS:
        return []
    fresh = spans.get(0, _Span(rows=0, nulls=dict.fromkeys(columns, 0)))
    newest = max((day for span, day, *_ in rows if span == 0), default=None)
    found = _rows_drift(read.table.name, fresh, before)
    found += _dates_drift(read, newest, before)
    # A span with few rows says little of shares, so it excuses nothing.
    telling = [span for span in before if span.rows * 4 >= fresh.rows]
    if fresh.rows and telling:
        found += _nulls_drift(read.table.name, columns, fresh, telling)
        found += _codes_drift(con, read)
    return found


def _rows_drift(table: str, fresh: _Span, before: Sequence[_Span]) -> list[Drift]:
    counts = [span.rows for span in before]
    nearest = min(max(fresh.rows, min(counts)), max(counts))
    change = log((fresh.rows + 0.5) / (nearest + 0.5))
    error = sqrt(_CLUSTERED * (1 / (fresh.rows + 0.5) + 1 / (nearest + 0.5)))
    if log(1 - ROWS) < change < log(1 + ROWS) or abs(change) <= _sure(1) * error:
        return []
    return [
        Drift(
            table=table,
            kind="rows",
            column="",
            was=float(nearest),
            now=float(fresh.rows),
            says=f"{fresh.rows:,} new rows; in as long a time of the year before there were "
            f"{min(counts):,} to {max(counts):,}",
        )
    ]


def _dates_drift(read: _Read, newest: date | None, before: Sequence[_Span]) -> list[Drift]:
    """Nothing recorded in the last half of the time, though no such half was silent before."""
    half = read.start + (read.end - read.start) / 2
    expected = min(span.rows for span in before) / 2
    if expected < 10 * _CLUSTERED or (newest is not None and newest > half):
        return []
    says = (
        f"nothing is recorded after {newest or read.start}, though the extract is said to go to "
        f"{read.end} and at least {expected:,.0f} rows are usual in its last half"
    )
    return [Drift(table=read.table.name, kind="dates", column="", was=expected, now=0.0, says=says)]


def _nulls_drift(
    table: str, columns: Sequence[str], fresh: _Span, before: Sequence[_Span]
) -> list[Drift]:
    found = []
    for name in columns:
        now = fresh.nulls[name] / fresh.rows
        nearest = min(before, key=lambda span: abs(span.nulls[name] / span.rows - now))
        was = nearest.nulls[name] / nearest.rows
        blank, rows = fresh.nulls[name] + nearest.nulls[name], fresh.rows + nearest.rows
        pooled = (blank + 1) / (rows + 2)
        error = sqrt(_CLUSTERED * pooled * (1 - pooled) * (1 / fresh.rows + 1 / nearest.rows))
        if abs(now - was) < NULLS or abs(now - was) <= _sure(len(columns)) * error:
            continue
        shares = [span.nulls[name] / span.rows for span in before]
        says = (
            f"{now:.0%} of new rows have no value; in the year before it was {min(shares):.0%} to "
            f"{max(shares):.0%}"
        )
        found.append(Drift(table=table, kind="nulls", column=name, was=was, now=now, says=says))
    return found


def _codes_drift(con: duckdb.DuckDBPyConnection, read: _Read) -> list[Drift]:
    coded = [
        column.name
        for column in read.table.business
        if column.codes is not None or column.kind is Kind.BOOLEAN
    ]
    found = []
    for name in coded:
        rows = con.execute(
            f"""SELECT span, CAST({name} AS VARCHAR), count(*) FROM {read.source}
            WHERE {name} IS NOT NULL GROUP BY ALL""",
            {"controller": read.controller},
        ).fetchall()
        by_span: dict[int, dict[str, int]] = {}
        for span, code, count in rows:
            by_span.setdefault(int(span), {})[code] = int(count)
        fresh = by_span.pop(0, {})
        judged = [
            stability(before, fresh, looks=len(coded))
            for before in by_span.values()
            if sum(before.values()) * 4 >= sum(fresh.values())
        ]
        if not judged or any(index <= limit for index, limit in judged):
            continue
        index, limit = min(judged)
        says = (
            "the shares of its codes are like in no part of the year before (stability index "
            f"{index:.2f} against the most alike; up to {limit:.2f} may be chance)"
        )
        found.append(
            Drift(table=read.table.name, kind="codes", column=name, was=limit, now=index, says=says)
        )
    return found


def stability(
    before: Mapping[str, int], now: Mapping[str, int], *, looks: int = 1
) -> tuple[float, float]:
    """Population stability index of counts by code, and the limit that it is held to.

    The index of two samples of one population is about a chi-squared variable times
    ``1/before + 1/now``, so a fixed limit would cry at every small table: the limit is the larger
    of :data:`PSI` and what chance gives once in a hundred.

    Args:
        before: Rows by code before.
        now: Rows by code now.
        looks: How many columns are looked at together.
    """
    from scipy.stats import chi2

    codes = sorted({*before, *now})
    first, second = sum(before.values()), sum(now.values())
    if not first or not second or len(codes) < 2:
        return 0.0, PSI
    shares = [
        (
            (before.get(code, 0) + 0.5) / (first + 0.5 * len(codes)),
            (now.get(code, 0) + 0.5) / (second + 0.5 * len(codes)),
        )
        for code in codes
    ]
    index = sum((is_now - was) * log(is_now / was) for was, is_now in shares)
    by_chance = float(chi2.ppf(1 - _FALSE_ALARMS / looks, len(codes) - 1))
    return index, max(PSI, _CLUSTERED * by_chance * (1 / first + 1 / second))


def _sure(looks: int) -> float:
    """How many standard errors are beyond chance when so many things are looked at together."""
    return NormalDist().inv_cdf(1 - _FALSE_ALARMS / (2 * looks))
