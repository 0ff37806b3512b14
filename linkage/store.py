"""Writing a step's tables into the month's schema, all or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import polars as pl

from contracts.made import check_declared
from contracts.warehouse import month_schema


def replace_tables(
    con: duckdb.DuckDBPyConnection, month: date, frames: Mapping[str, pl.DataFrame]
) -> None:
    """Replace tables of the month's schema whole, in one transaction.

    Args:
        con: Warehouse, writable.
        month: Index date.
        frames: Table name to its rows, in the order in which they are to lie.

    Raises:
        NotDeclared: If a table is not as ``contracts.made`` declares it; nothing is written.
    """
    for name, frame in frames.items():
        check_declared(name, frame.columns)
    schema = month_schema(month)
    con.execute("BEGIN TRANSACTION")
    try:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, frame in frames.items():
            con.register("rows_to_store", frame.to_arrow())
            con.execute(f"CREATE OR REPLACE TABLE {schema}.{name} AS SELECT * FROM rows_to_store")
            con.unregister("rows_to_store")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
