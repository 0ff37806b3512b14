"""Month ends by number, so that stays become ranges of them and nothing is kept month by month.

``k`` is the number of a snapshot, 0 the oldest. Everything that lasts is kept as ``k_from`` to
``k_to`` (both inclusive): most people live where they lived a month ago.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

import duckdb
import polars as pl

from contracts.months import add_months, month_ends, month_index


@dataclass(frozen=True, kw_only=True)
class Snapshots:
    """The month ends that are looked at, oldest first."""

    days: tuple[date, ...]

    @classmethod
    def until(cls, month: date, history_months: int) -> Self:
        """From ``history_months`` before ``month`` to ``month``."""
        return cls(days=tuple(month_ends(add_months(month, -history_months), month)))

    @property
    def base(self) -> int:
        """Month number of the oldest."""
        return month_index(self.days[0])

    @property
    def last(self) -> int:
        """Number of the newest."""
        return len(self.days) - 1

    def first_from(self, day: str) -> str:
        """SQL: the number of the first snapshot on or after a day; NULL stays NULL."""
        return f"greatest(year({day}) * 12 + month({day}) - {self.base + 1}, 0)"

    def last_until(self, day: str) -> str:
        """SQL: the number of the last snapshot on or before a day; the newest for NULL."""
        after = f"({day} + INTERVAL 1 DAY)"
        number = f"year({after}) * 12 + month({after}) - {self.base + 2}"
        return f"coalesce(least({number}, {self.last}), {self.last})"

    def make(self, con: duckdb.DuckDBPyConnection) -> None:
        """Make the temporary table ``snapshots(k, snapshot_date)``."""
        rows = ", ".join(f"({k}, DATE '{day}')" for k, day in enumerate(self.days))
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE snapshots AS "
            f"SELECT k::INTEGER AS k, snapshot_date FROM (VALUES {rows}) AS s(k, snapshot_date)"
        )


def temp(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    """Make a temporary table from a ``SELECT``."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")


def drop(con: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Drop temporary tables that nothing reads any more: of a large place they fill the memory."""
    for name in names:
        con.execute(f"DROP TABLE IF EXISTS temp.{name}")


def span_sql(snaps: Snapshots) -> str:
    """SQL: ``first_date`` and ``last_date``, the month ends of a row's ``k_from`` and ``k_to``."""
    days = _days(snaps)
    return f"{days}[k_from + 1] AS first_date, {days}[k_to + 1] AS last_date"


def unfolded_sql(table: str, snaps: Snapshots) -> str:
    """A ``SELECT`` of every row once for each month end of its span, as ``snapshot_date``.

    Rows come out as they lie in the table, which has ``first_date`` and ``last_date``.
    """
    number = f"datediff('month', DATE '{snaps.days[0]}', {{}}) + 1"
    first, last = number.format("first_date"), number.format("last_date")
    return f"SELECT *, unnest({_days(snaps)}[{first} : {last}]) AS snapshot_date FROM {table}"


def _days(snaps: Snapshots) -> str:
    days = ", ".join(f"DATE '{day}'" for day in snaps.days)
    return f"[{days}]"


def least_yet(day: str, group: pl.Expr) -> pl.Expr:
    """The earliest of a column of days so far, within each group; NULL while there was none.

    Args:
        day: The column.
        group: Number of each row's group; it never falls.
    """
    # A later group begins above all of the earlier: one running maximum does for all of them.
    none = 1 << 30
    key = group.cast(pl.Int64()) * (4 * none) - pl.col(day).cast(pl.Int64()).fill_null(none)
    least = group.cast(pl.Int64()) * (4 * none) - key.cum_max()
    return pl.when(least < none).then(least.cast(pl.Int32()).cast(pl.Date()))


def runs_sql(table: str, key: str, values: Iterable[str]) -> str:
    """A ``SELECT`` that joins ranges of one key that follow each other and hold the same.

    Args:
        table: With ``key``, ``k_from``, ``k_to`` and the values; ranges of a key do not overlap.
        key: Columns of the key, as SQL.
        values: Columns that have to be the same.
    """
    same = list(values)
    changed = " OR ".join(f"lag({column}) OVER one IS DISTINCT FROM {column}" for column in same)
    first = ", ".join(f"any_value({column}) AS {column}" for column in same)
    return f"""
        SELECT {key}, min(k_from) AS k_from, max(k_to) AS k_to, {first}
        FROM (
            SELECT *, count(*) FILTER (WHERE new) OVER (
                PARTITION BY {key} ORDER BY k_from ROWS UNBOUNDED PRECEDING) AS run
            FROM (
                SELECT *, coalesce(lag(k_to) OVER one + 1 <> k_from
                                   OR {changed}, true) AS new
                FROM {table} WINDOW one AS (PARTITION BY {key} ORDER BY k_from)))
        GROUP BY {key}, run"""
