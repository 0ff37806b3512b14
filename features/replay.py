"""Features once more, from what is left when every row that was known later is deleted.

If anything that became known after a month end moved a value at it, the value comes out otherwise
here. So this finds a leak by whichever way it came: a row read too early, a home or a state of
later, a window that reaches ahead, a value that was made from what happened afterwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from contracts.made.crossed import CROSSED, Attach, number_of
from contracts.place import Place
from features.build import computed
from features.catalogue import CATALOGUE
from features.plan import Plan
from features.timeline import Timeline, lay_months, prepared

_TEMPORARY = "temp"
HOUSEHOLDS = 300
"""Households that are counted once more, at least; of whole areas, since some are compared."""


@dataclass(frozen=True, kw_only=True)
class Replayed:
    """What was compared, and what came out otherwise.

    Attributes:
        compared: Household months.
        features: Features that differ, and in how many of them.
        missing: Household months that only one side has.
    """

    compared: int
    features: dict[str, int]
    missing: int

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.features and not self.missing


def replay(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    line: Timeline,
    cutoffs: Sequence[date],
    households: int = HOUSEHOLDS,
) -> Replayed:
    """Compare the feature table with what comes out of rows known at each cutoff alone.

    Args:
        con: The modelling zone, with its features.
        place: The place's settings.
        line: The snapshots that the features were built for.
        cutoffs: Month ends to compare at.
        households: How many are compared, at least, where there are as many.
    """
    with prepared(con, line):
        _draw(con, line, households)
        compared, missing = 0, 0
        differ = dict.fromkeys((feature.name for feature in CATALOGUE), 0)
        for cutoff in cutoffs:
            _forget(con, cutoff)
            until = Timeline(
                schema=_TEMPORARY, snapshots=tuple(day for day in line.snapshots if day <= cutoff)
            )
            lay_months(con, until)
            rows, lost, off = _compared(con, place, line, until)
            compared, missing = compared + rows, missing + lost
            differ = {name: count + off[name] for name, count in differ.items()}
    return Replayed(
        compared=compared,
        features={name: count for name, count in differ.items() if count},
        missing=missing,
    )


def _draw(con: duckdb.DuckDBPyConnection, line: Timeline, households: int) -> None:
    """What there is of the households that were ever in some areas, in temporary tables."""
    homes = f"{line.schema}.household_snapshot"
    con.execute(f"""
        CREATE TEMP TABLE drawn_area AS
        SELECT area FROM (
            SELECT area, sum(homes) OVER (ORDER BY md5(area), area) - homes AS before
            FROM (SELECT coalesce(lsoa21, '') AS area, count(DISTINCT household_id) AS homes
                  FROM {homes} GROUP BY area))
        WHERE before < {households}""")
    con.execute(f"""
        CREATE TEMP TABLE drawn_household AS
        SELECT DISTINCT household_id FROM {homes}
        WHERE coalesce(lsoa21, '') IN (FROM drawn_area)""")
    theirs = "household_id IN (FROM drawn_household)"
    _keep(con, "household_snapshot", f"FROM {homes} WHERE {theirs}")
    keys: dict[str, list[str]] = {}
    for attach in Attach:
        _keep(con, attach.table, f"FROM {line.schema}.{attach.table} WHERE {theirs}")
        keys.setdefault(attach.number, []).append(f"SELECT key FROM drawn_{attach.table}")
    for crossed in CROSSED:
        table = f"FROM {line.schema}.{crossed.table}"
        reached = [
            f"{number_of(key)} IN ({' UNION '.join(keys[number_of(key)])})"
            for key in crossed.keys
            if number_of(key) in keys
        ]
        _keep(con, crossed.table, f"{table} WHERE {' OR '.join(reached)}" if reached else table)


def _keep(con: duckdb.DuckDBPyConnection, table: str, sql: str) -> None:
    con.execute(f"CREATE TEMP TABLE drawn_{table} AS {sql}")


def _forget(con: duckdb.DuckDBPyConnection, cutoff: date) -> None:
    """Delete what was known later, and the ends of versions that were not known yet."""
    for table in (*(crossed.table for crossed in CROSSED), *(attach.table for attach in Attach)):
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE {table} AS
            SELECT * REPLACE (CASE WHEN known_to <= DATE '{cutoff}' THEN known_to END AS known_to)
            FROM drawn_{table} WHERE known_from <= DATE '{cutoff}'""")
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE household_snapshot AS
        FROM drawn_household_snapshot WHERE snapshot_date <= DATE '{cutoff}'""")


def _compared(
    con: duckdb.DuckDBPyConnection, place: Place, line: Timeline, until: Timeline
) -> tuple[int, int, dict[str, int]]:
    """Household months at the last of some snapshots, those on one side only, and differences."""
    day = f"snapshot_date = DATE '{until.index_date}'"
    for at, sql in enumerate(computed(con, Plan(place), until)):
        into = "INSERT INTO replayed" if at else "CREATE OR REPLACE TEMP TABLE replayed AS"
        con.execute(f"{into} FROM ({sql}) WHERE {day}")
    names = [feature.name for feature in CATALOGUE]
    paired = "f.stored AND r.made"
    off = ", ".join(f"count(*) FILTER ({paired} AND f.{n} IS DISTINCT FROM r.{n})" for n in names)
    ((rows, lost, *counts),) = con.execute(f"""
        WITH here AS (
            SELECT household_id FROM drawn_household_snapshot
            WHERE {day} AND coalesce(lsoa21, '') IN (FROM drawn_area)),
        f AS (SELECT *, TRUE AS stored FROM {line.schema}.feature
              WHERE {day} AND household_id IN (FROM here)),
        r AS (SELECT *, TRUE AS made FROM replayed WHERE household_id IN (FROM here))
        SELECT count(*), count(*) FILTER (({paired}) IS NOT TRUE), {off}
        FROM f FULL JOIN r USING (household_id)""").fetchall()
    return rows, lost, dict(zip(names, counts, strict=True))
