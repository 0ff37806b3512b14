"""Versions of which only some columns matter: a new one only where one of those has changed.

A council tax account is delivered again with every payment, and lives at the same home all along.
"""

from __future__ import annotations

from collections.abc import Collection

import duckdb

from contracts.asof import RAW, versions_sql
from contracts.tables import TABLES


def changes_sql(table: str, columns: tuple[str, ...]) -> str:
    """A ``SELECT`` of the key, ``columns``, ``known_from`` and ``known_to`` of each change.

    Args:
        table: A declared table.
        columns: Those that matter, without the key.
    """
    key = ", ".join(TABLES[table].key)
    held = ", ".join(columns)
    changed = " OR ".join(f"{name} IS DISTINCT FROM lag({name}) OVER one" for name in columns)
    same = " AND ".join(
        f"t.{name} IS NOT DISTINCT FROM version.{name}" for name in TABLES[table].key
    )
    several = f"EXISTS (SELECT 1 FROM told t WHERE NOT t.same AND {same})"
    return f"""
        WITH told AS ({_told_once_sql(table, columns)})
        SELECT {key}, {held}, known_from, NULL::DATE AS known_to FROM told WHERE same
        UNION ALL
        SELECT *, lead(known_from) OVER (PARTITION BY {key} ORDER BY known_from) AS known_to
        FROM (
            SELECT {key}, {held}, known_from
            FROM ({versions_sql(table, several)})
            WINDOW one AS (PARTITION BY {key} ORDER BY known_from)
            QUALIFY lag(known_from) OVER one IS NULL OR {changed})"""


def _told_once_sql(table: str, columns: tuple[str, ...]) -> str:
    """Each key with its columns, and whether they were always the ``same``: most never change."""
    key = ", ".join(TABLES[table].key)
    same = " AND ".join(
        f"count({name}) IN (0, count(*)) AND min({name}) IS NOT DISTINCT FROM max({name})"
        for name in columns
    )
    first = ", ".join(f"min({name}) AS {name}" for name in columns)
    return f"""
        SELECT {key}, {first}, min(coalesce(known_since, recorded_date)) AS known_from,
               -- A row numbered 0 says that the key was no longer held.
               min(row_number) > 0 AND {same} AS same
        FROM {RAW}.{table} WHERE stands IS NOT FALSE GROUP BY {key}"""


def tables_there(con: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Declared tables that the warehouse holds; a place need not have them all."""
    rows = con.execute(
        "SELECT DISTINCT table_name FROM information_schema.tables WHERE table_schema = ? "
        "AND table_catalog = current_database()",
        [RAW],
    ).fetchall()
    return frozenset(name for (name,) in rows) & frozenset(TABLES)


def have_all(needs: Collection[str], there: frozenset[str]) -> bool:
    """Whether every table is there."""
    return set(needs) <= there


def both(left: str, right: str) -> str:
    """Columns ``known_from`` and ``known_to`` of two versions that were known together."""
    return (
        f"greatest({left}.known_from, {right}.known_from) AS known_from,"
        f" CASE WHEN {left}.known_to IS NULL THEN {right}.known_to"
        f" WHEN {right}.known_to IS NULL THEN {left}.known_to"
        f" ELSE least({left}.known_to, {right}.known_to) END AS known_to"
    )


def together(left: str, right: str) -> str:
    """Condition that two versions were known at the same time."""
    return (
        f"({left}.known_to IS NULL OR {left}.known_to > {right}.known_from)"
        f" AND ({right}.known_to IS NULL OR {right}.known_to > {left}.known_from)"
    )
