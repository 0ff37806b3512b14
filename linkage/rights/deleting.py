"""Deletes rows of deliveries, and what was made of them, in one zone and one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import duckdb

from contracts.asof import RAW
from contracts.made.rights import ASIDE, RIGHTS

Gone = tuple[str, str, int]
"""What it was, what was done with it, and how many rows."""
_MONTH_SCHEMA = re.compile(r"m\d{4}_\d{2}")


def first_known(
    con: duckdb.DuckDBPyConnection, deliveries: Mapping[str, Sequence[str]]
) -> date | None:
    """The first day on which any row to be deleted was known; None where there is no row.

    Args:
        con: The identity zone.
        deliveries: Table to the ids of its deliveries.
    """
    days = []
    for table, ids in sorted(deliveries.items()):
        for schema in (RAW, ASIDE):
            if exists(con, schema, table):
                days += con.execute(
                    f"SELECT min(recorded_date) FROM {schema}.{table} WHERE delivery_id IN "
                    f"({', '.join('?' for _ in ids)})",
                    [*ids],
                ).fetchall()
    known: list[date] = [day for (day,) in days if day is not None]
    return min(known, default=None)


def delete_rows(con: duckdb.DuckDBPyConnection, ids: list[str]) -> list[Gone]:
    """Rows of the deliveries in every table of every open zone; the books of ``rights`` stay."""
    tables = con.execute(
        """SELECT DISTINCT c.database_name, c.schema_name, c.table_name FROM duckdb_columns() c
        JOIN duckdb_tables() t USING (database_name, schema_name, table_name)
        WHERE c.column_name = 'delivery_id' AND NOT t.temporary AND c.schema_name <> ?
        ORDER BY ALL""",
        [RIGHTS],
    ).fetchall()
    marks = ", ".join("?" for _ in ids)
    done = []
    for database, schema, table in tables:
        rows = con.execute(
            f'DELETE FROM "{database}".{schema}.{table} WHERE delivery_id IN ({marks})', ids
        ).fetchall()[0][0]
        if rows:
            done.append((f"{schema}.{table}", "rows deleted", int(rows)))
    return done


def forget_arrivals(con: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> None:
    """Take back what the deleted rows had said of those that stay, to be worked out again.

    A withdrawal is a row with a key and nothing else. It stands under the extract that lacked the
    key, so it would outlive the rows that it ended; and a row that only repeated a deleted one
    would stay hidden behind it.
    """
    for table in tables:
        for schema in (RAW, ASIDE):
            if exists(con, schema, table):
                con.execute(f"DELETE FROM {schema}.{table} WHERE row_number = 0")
                con.execute(
                    f"""UPDATE {schema}.{table} SET known_since = NULL, stands = NULL
                    WHERE known_since IS NOT NULL OR stands IS NOT NULL"""
                )
        con.execute(f"UPDATE {RAW}.delivery SET settled = false WHERE table_name = ?", [table])


def drop_derived(
    con: duckdb.DuckDBPyConnection, from_schema: str | None, derived: str
) -> list[Gone]:
    """Month schemas that may hold something made from the deleted rows: dropped, or named.

    A month reads only what was known by its end, so months that ended before the first of the
    deleted rows was known hold nothing of them.
    """
    if from_schema is None:
        return []
    schemas = con.execute(
        """SELECT schema_name, current_database() FROM duckdb_schemas()
        WHERE database_name = current_database() AND schema_name >= ? ORDER BY schema_name""",
        [from_schema],
    ).fetchall()
    done = []
    for schema, zone in schemas:
        if not _MONTH_SCHEMA.fullmatch(schema):
            continue
        if derived == "delete":
            con.execute(f"DROP SCHEMA {schema} CASCADE")
            done.append((f"{zone}.{schema}", "month tables dropped", 0))
        else:
            done.append((f"{zone}.{schema}", "month tables left until built again", 0))
    return done


def exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether a zone has a table."""
    found = con.execute(
        """SELECT 1 FROM duckdb_tables() WHERE database_name = current_database()
        AND schema_name = ? AND table_name = ?""",
        [schema, table],
    ).fetchall()
    return bool(found)
