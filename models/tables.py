"""Writing this package's tables: whole, in one transaction, and counted afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import duckdb
import polars as pl

from contracts.errors import DataMissing
from contracts.warehouse import month_schema

Shape = Mapping[str, str]

SCORE: Shape = {
    "household_id": "BIGINT",
    "outcome": "VARCHAR",
    "raw_score": "DOUBLE",
    "probability": "DOUBLE",
}
BACKTEST: Shape = {
    "outcome": "VARCHAR",
    "origin": "DATE",
    "snapshot_date": "DATE",
    "household_id": "BIGINT",
    "neighbourhood_code": "VARCHAR",
    "event": "BOOLEAN",
    "raw_score": "DOUBLE",
    "probability": "DOUBLE",
    "rule_score": "DOUBLE",
    "rule_probability": "DOUBLE",
    "logistic_score": "DOUBLE",
    "selected": "BOOLEAN",
    "rule_selected": "BOOLEAN",
    "logistic_selected": "BOOLEAN",
    "lead_days": "INTEGER",
}
SELECTION: Shape = {
    "household_id": "BIGINT",
    "neighbourhood_code": "VARCHAR",
    "outcome": "VARCHAR",
    "route": "VARCHAR",
}
EXPLANATION: Shape = {
    "household_id": "BIGINT",
    "outcome": "VARCHAR",
    "feature": "VARCHAR",
    "value": "DOUBLE",
    "contribution": "DOUBLE",
}
BASE_VALUE: Shape = {"outcome": "VARCHAR", "value": "DOUBLE"}
REASON: Shape = {
    "household_id": "BIGINT",
    "kind": "VARCHAR",
    "position": "INTEGER",
    "theme": "VARCHAR",
    "feature": "VARCHAR",
    "sentence": "VARCHAR",
    "source_line": "VARCHAR",
}


def replace_tables(
    connection: duckdb.DuckDBPyConnection,
    month: date,
    tables: Mapping[str, tuple[pl.DataFrame, Shape]],
) -> None:
    """Replace tables of a release month together: all of them or none.

    Args:
        connection: An open warehouse that may be written.
        month: Index date of the release month.
        tables: Name to rows, already in order, and the types of their columns.
    """
    schema = month_schema(month)
    connection.begin()
    try:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        for name, (frame, shape) in tables.items():
            _replace(connection, f"{schema}.{name}", frame, shape)
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def _replace(
    connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, shape: Shape
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
