"""The schema of loaded extracts: every declared table, and the books kept about deliveries."""

from __future__ import annotations

import duckdb

from contracts.asof import ARRIVAL, RAW
from contracts.columns import Table
from contracts.errors import DataMissing
from contracts.tables import TABLES

BOOKS: dict[str, dict[str, str]] = {
    "delivery": {
        "delivery_id": "VARCHAR",
        "table_name": "VARCHAR",
        "file_name": "VARCHAR",
        "sha256": "VARCHAR",
        "schema_version": "VARCHAR",
        "extract_from": "DATE",
        "extract_to": "DATE",
        "controller": "VARCHAR",
        "holder": "VARCHAR",
        "coverage": "VARCHAR",
        "dated_by_extract": "BOOLEAN",
        "settled": "BOOLEAN",
        "sharing_agreement_ref": "VARCHAR",
        "purpose_code": "VARCHAR",
        "retain_until": "DATE",
        "row_count": "BIGINT",
        "loaded_rows": "BIGINT",
        "quarantined_rows": "BIGINT",
    },
    "quarantine": {
        "delivery_id": "VARCHAR",
        "table_name": "VARCHAR",
        "file_name": "VARCHAR",
        "row_number": "BIGINT",
        "column_name": "VARCHAR",
        "reason": "VARCHAR",
        "row_json": "VARCHAR",
    },
    "contract_check": {
        "delivery_id": "VARCHAR",
        "table_name": "VARCHAR",
        "expectation": "VARCHAR",
        "column_name": "VARCHAR",
        "rule": "VARCHAR",
        "bad_rows": "BIGINT",
        "passed": "BOOLEAN",
    },
}


def loaded_columns(table: Table) -> dict[str, str]:
    """Columns of ``raw.<table>`` with their DuckDB types, in order."""
    return {column.name: column.duckdb_type for column in table} | ARRIVAL


def ensure_raw(con: duckdb.DuckDBPyConnection) -> None:
    """Make the schema ``raw`` with every declared table, empty where nothing was loaded.

    Raises:
        DataMissing: If the warehouse was made by other declarations than today's.
    """
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {RAW}")
    wanted = {name: loaded_columns(table) for name, table in TABLES.items()} | BOOKS
    there = _columns_there(con)
    changed = sorted(name for name, columns in there.items() if columns != wanted.get(name))
    if changed:
        raise DataMissing(
            f"The warehouse was made by an earlier version: {', '.join(changed)} in schema {RAW} "
            "differ from the declarations.",
            next_step="Move the warehouse file away and load the deliveries again.",
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
