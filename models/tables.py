"""Writing this package's tables: whole, in one transaction, and counted afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import polars as pl

from contracts.errors import DataMissing
from contracts.made import MADE
from contracts.warehouse import month_schema


def replace_tables(
    connection: duckdb.DuckDBPyConnection, month: date, tables: Mapping[str, pl.DataFrame]
) -> None:
    """Replace tables of a release month together: all of them or none.

    Args:
        connection: An open warehouse that may be written.
        month: Index date of the release month.
        tables: Name to rows, already in order; columns and types are as ``contracts.made`` has
            them.
    """
    schema = month_schema(month)
    connection.begin()
    try:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, frame in tables.items():
            _replace(connection, f"{schema}.{name}", frame, MADE[name].shape)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _replace(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    frame: pl.DataFrame,
    shape: Mapping[str, str],
) -> None:
    columns = ", ".join(f'CAST("{key}" AS {kind}) AS "{key}"' for key, kind in shape.items())
    connection.register("incoming_rows", frame.select(list(shape)).to_arrow())
    try:
        connection.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT {columns} FROM incoming_rows"
        )
    finally:
        connection.unregister("incoming_rows")
    ((written,),) = connection.execute(f"SELECT count(*) FROM {table}").fetchall()
    if written != frame.height:
        raise DataMissing(
            f"{table}: {frame.height} rows were made and {written} were written.",
            next_step="Run the step again; if it persists, check the disk.",
        )


def need_table(connection: duckdb.DuckDBPyConnection, month: date, name: str, *, step: str) -> None:
    """Stop where a table of a release month was not made yet.

    Args:
        connection: An open warehouse.
        month: Index date of the release month.
        name: The table.
        step: What to do where it is missing, as a full sentence.

    Raises:
        DataMissing: If it was not made yet.
    """
    ((there,),) = connection.execute(
        "SELECT count(*) FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
        [month_schema(month), name],
    ).fetchall()
    if not there:
        raise DataMissing(f"There is no {name} table for {month}.", next_step=step)


def read_table(
    connection: duckdb.DuckDBPyConnection, month: date, name: str, *, order: str, step: str
) -> pl.DataFrame:
    """A table of a release month.

    Args:
        connection: An open warehouse.
        month: Index date of the release month.
        name: The table.
        order: Columns to sort by.
        step: What to do where it is missing, as a full sentence.

    Raises:
        DataMissing: If it was not made yet.
    """
    need_table(connection, month, name, step=step)
    schema = month_schema(month)
    frame: pl.DataFrame = connection.sql(f"SELECT * FROM {schema}.{name} ORDER BY {order}").pl()
    return frame
