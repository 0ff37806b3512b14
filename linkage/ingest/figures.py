"""Figures of what was loaded, for whoever looks at the run."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from contracts.asof import RAW


def quarantined_rows(con: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> dict[str, int]:
    """Rows in quarantine of each table; a row with several faults counts once for each."""
    found = dict(
        con.execute(
            f"SELECT table_name, count(*) FROM {RAW}.quarantine GROUP BY table_name"
        ).fetchall()
    )
    return {table: int(found.get(table, 0)) for table in tables}
