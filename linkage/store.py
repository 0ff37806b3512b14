"""Writing a step's tables into the month's schema, all or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import polars as pl

from contracts.made import check_declared
from contracts.warehouse import month_schema


def replace_tables(
    con: duckdb.DuckDBPyConnection,
    month: date,
    frames: Mapping[str, pl.DataFrame | str],
    views: Mapping[str, str] | None = None,
) -> None:
    """Replace tables and views of the month's schema whole, in one transaction.

    Args:
        con: Warehouse, writable.
        month: Index date.
        frames: Table name to its rows, or to the ``SELECT`` that gives them, in the order in which
            they are to lie.
        views: View name to its ``SELECT``, over tables of the schema by their full names.

    Raises:
        NotDeclared: If a table is not as ``contracts.made`` declares it; nothing is written.
    """
    for name, frame in frames.items():
        columns = con.sql(frame).columns if isinstance(frame, str) else frame.columns
        check_declared(name, columns)
    schema = month_schema(month)
    con.execute("BEGIN TRANSACTION")
    try:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, frame in frames.items():
            if isinstance(frame, str):
                con.execute(f"CREATE OR REPLACE TABLE {schema}.{name} AS {frame}")
                continue
            con.register("rows_to_store", frame.to_arrow())
            con.execute(f"CREATE OR REPLACE TABLE {schema}.{name} AS SELECT * FROM rows_to_store")
            con.unregister("rows_to_store")
        for name, select in (views or {}).items():
            check_declared(name, con.sql(select).columns)
            if (name,) in _tables(con, schema):
                con.execute(f"DROP TABLE {schema}.{name}")
            con.execute(f"CREATE OR REPLACE VIEW {schema}.{name} AS {select}")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def _tables(con: duckdb.DuckDBPyConnection, schema: str) -> list[tuple[str]]:
    """Tables of a schema that are no views; a month of an earlier release may hold some."""
    return con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = ?",
        [schema],
    ).fetchall()
