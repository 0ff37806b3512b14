"""The schema of loaded extracts: every declared table, and the books kept about deliveries."""

from __future__ import annotations

import duckdb

from contracts.asof import RAW
from contracts.columns import Table
from contracts.errors import DataMissing
from contracts.made import BOOKS as MADE_BOOKS
from contracts.made import books
from contracts.tables import TABLES

ARRIVAL = {column.name: column.duckdb_type for column in books.ARRIVAL}
"""Columns of ``raw.<table>`` after the declared ones, with their DuckDB types."""

BOOKS: dict[str, dict[str, str]] = {name: dict(book.shape) for name, book in MADE_BOOKS.items()}


def loaded_columns(table: Table) -> dict[str, str]:
    """Columns of ``raw.<table>`` with their DuckDB types, in order."""
    return {column.name: column.duckdb_type for column in table} | ARRIVAL


def ensure_raw(con: duckdb.DuckDBPyConnection) -> None:
    """Make the schema ``raw`` with every declared table, empty where nothing was loaded.

    Raises:
        DataMissing: If the identity zone was made by other declarations than today's.
    """
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {RAW}")
    wanted = {name: loaded_columns(table) for name, table in TABLES.items()} | BOOKS
    there = _columns_there(con)
    changed = sorted(name for name, columns in there.items() if columns != wanted.get(name))
    if changed:
        raise DataMissing(
            f"The zone was made by an earlier version: {', '.join(changed)} in schema {RAW} "
            "differ from the declarations.",
            next_step="Move the identity zone's file away and load the deliveries again.",
        )
    for name in sorted(set(wanted) - set(there)):
        columns = ", ".join(f'"{column}" {kind}' for column, kind in wanted[name].items())
        con.execute(f"CREATE TABLE {RAW}.{name} ({columns})")


def _columns_there(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    rows = con.execute(
        """SELECT table_name, column_name, data_type FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = ?
        ORDER BY table_name, column_index""",
        [RAW],
    ).fetchall()
    there: dict[str, dict[str, str]] = {}
    for table, column, kind in rows:
        there.setdefault(table, {})[column] = kind
    return there
