"""Hunts for what a feature cannot honestly have known, in the modelling zone of a release month.

Each hunter looks for one way in which the future, or the same people twice, reaches the tables that
a model learns from; ``features.hunted`` says in words which. None goes by the catalogue's own idea
of time: rows, months and households are looked at as they lie there, and features are counted once
more without what was known later.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import duckdb

from contracts.made.crossed import CROSSED, Attach
from contracts.place import Place
from features.blocks import BLOCKS
from features.catalogue import CATALOGUE
from features.replay import replay
from features.timeline import timeline

_VERSIONED = (*(crossed.table for crossed in CROSSED), *(attach.table for attach in Attach))
_DATED = MappingProxyType({b.table: b.dated for b in BLOCKS.values() if b.dated is not None})
_PLANNED = frozenset({"ctax_recovery", "hclic_duty", "hclic_ta", "school_attendance"})
"""Tables of what may be recorded before its day: a hearing, a duty to begin, a term under way."""
REPLAYED = "not_as_known"
_AHEAD = 0.01  # of a table's rows; fewer are slips of the pen, which features wait out
_AT_ONCE = 0.5
_FEWEST = 20
_TWINS = 0.001  # of household months; some couples part and keep every account between them


@dataclass(frozen=True, kw_only=True)
class Leak:
    """What a hunter found.

    Attributes:
        hunter: Its name.
        says: What is wrong, and in which table.
    """

    hunter: str
    says: str


Hunter = Callable[[duckdb.DuckDBPyConnection, str, date], list[str]]
"""Connection, month schema and release month to what is wrong."""


def hunt(con: duckdb.DuckDBPyConnection, *, place: Place, month: date) -> tuple[Leak, ...]:
    """Everything that looks like a leak.

    Args:
        con: The modelling zone, with the month's features.
        place: The place's settings.
        month: Release month.
    """
    line = timeline(place, month)
    found = [
        Leak(hunter=name, says=says)
        for name, hunter in HUNTERS.items()
        for says in hunter(con, line.schema, line.index_date)
    ]
    if any(leak.hunter == "strange_columns" for leak in found):
        return tuple(found)
    last = len(line.snapshots) - 1
    cutoffs = sorted({line.snapshots[at] for at in (last // 4, last * 3 // 4, last)})
    made = replay(con, place=place, line=line, cutoffs=cutoffs)
    if not made.same:
        says = (
            f"feature: of {made.compared} household months, counted again without what was known "
            f"later, {made.missing} are on one side only; differing: "
            + ", ".join(f"{name} in {count}" for name, count in made.features.items())
        )
        found.append(Leak(hunter=REPLAYED, says=says))
    return tuple(found)


def _known_later(con: duckdb.DuckDBPyConnection, schema: str, month: date) -> list[str]:
    return _counted(
        con,
        {
            table: f"FROM {schema}.{table} "
            f"WHERE known_from > DATE '{month}' OR known_to > DATE '{month}'"
            for table in _VERSIONED
        },
        "rows were recorded or replaced after the release month",
    )


def _ends_first(con: duckdb.DuckDBPyConnection, schema: str, _month: date) -> list[str]:
    return _counted(
        con,
        {table: f"FROM {schema}.{table} WHERE known_to < known_from" for table in _VERSIONED},
        "rows were replaced before they were recorded",
    )


def _recorded_ahead(con: duckdb.DuckDBPyConnection, schema: str, _month: date) -> list[str]:
    ahead = {
        f"{schema}.{table}": f"known_from < CAST({column} AS DATE)"
        for table, column in _DATED.items()
        if table not in _PLANNED
    }
    return _shares(con, ahead, _AHEAD, "were recorded before they happened")


def _recorded_at_once(con: duckdb.DuckDBPyConnection, schema: str, _month: date) -> list[str]:
    met = {
        f"{schema}.{table}": f"known_from = CAST({column} AS DATE)"
        for table, column in _DATED.items()
    }
    return _shares(con, met, _AT_ONCE, "were recorded on the day they happened")


def _later_months(con: duckdb.DuckDBPyConnection, schema: str, month: date) -> list[str]:
    tables = ("household_snapshot", "feature", *(attach.table for attach in Attach))
    return _counted(
        con,
        {table: f"FROM {schema}.{table} WHERE snapshot_date > DATE '{month}'" for table in tables},
        "rows are of a month after the release month",
    )


def _twice(con: duckdb.DuckDBPyConnection, schema: str, _month: date) -> list[str]:
    return _counted(
        con,
        {
            table: f"FROM (SELECT 1 FROM {schema}.{table} GROUP BY household_id, snapshot_date "
            "HAVING count(*) > 1)"
            for table in ("household_snapshot", "feature")
        },
        "household months come more than once",
    )


def _moved_in_later(con: duckdb.DuckDBPyConnection, schema: str, _month: date) -> list[str]:
    sql = f"FROM {schema}.household_snapshot WHERE resident_since > snapshot_date"
    return _counted(con, {"household_snapshot": sql}, "households moved in after their month end")


def _same_people(con: duckdb.DuckDBPyConnection, schema: str, _month: date) -> list[str]:
    """Households of one month that the very same accounts and people of several kinds reach."""
    reaches = " UNION ALL ".join(
        f"SELECT household_id, snapshot_date, {at} AS kind, key FROM {schema}.{attach.table} "
        "WHERE known_from <= snapshot_date AND (known_to IS NULL OR known_to > snapshot_date)"
        for at, attach in enumerate(Attach)
    )
    ((there, twins),) = con.execute(f"""
        WITH whole AS (
            SELECT snapshot_date, bit_xor(hash(kind, key)) AS mark, sum(hash(kind, key)) AS other
            FROM (SELECT DISTINCT * FROM ({reaches}))
            GROUP BY household_id, snapshot_date HAVING count(DISTINCT kind) >= 3)
        SELECT coalesce(sum(n), 0), coalesce(sum(n) FILTER (n > 1), 0)
        FROM (SELECT count(*) AS n FROM whole GROUP BY snapshot_date, mark, other)""").fetchall()
    if twins <= _TWINS * there:
        return []
    return [f"household_snapshot: {twins} household months share all of their people with another"]


def _strange_columns(con: duckdb.DuckDBPyConnection, schema: str, _month: date) -> list[str]:
    there = [str(name) for name, *_ in con.execute(f"DESCRIBE {schema}.feature").fetchall()]
    declared = ["household_id", "snapshot_date", *(feature.name for feature in CATALOGUE)]
    if there == declared:
        return []
    odd = sorted(set(there) ^ set(declared))
    return [f"feature: its columns are not the catalogue's: {', '.join(odd) or 'their order'}"]


def _counted(con: duckdb.DuckDBPyConnection, queries: Mapping[str, str], what: str) -> list[str]:
    every = " UNION ALL ".join(
        f"SELECT '{table}', (SELECT count(*) {sql})" for table, sql in queries.items()
    )
    return [f"{table}: {n} {what}" for table, n in con.execute(every).fetchall() if n]


def _shares(
    con: duckdb.DuckDBPyConnection, queries: Mapping[str, str], most: float, what: str
) -> list[str]:
    """Tables of which more than a share of the rows, and more than a few, meet a condition."""
    every = " UNION ALL ".join(
        f"SELECT '{table}', count(*) FILTER ({met}), count(*) FROM {table}"
        for table, met in queries.items()
    )
    return [
        f"{table}: {n} of {rows} rows {what}"
        for table, n, rows in con.execute(every).fetchall()
        if n >= _FEWEST and n > most * rows
    ]


HUNTERS: Mapping[str, Hunter] = MappingProxyType(
    {
        "known_later": _known_later,
        "ends_before_it_begins": _ends_first,
        "recorded_ahead": _recorded_ahead,
        "recorded_at_once": _recorded_at_once,
        "later_months": _later_months,
        "twice_in_a_month": _twice,
        "moved_in_later": _moved_in_later,
        "same_people_twice": _same_people,
        "strange_columns": _strange_columns,
    }
)
"""Every hunter that looks at tables as they lie, by name."""
