"""Figures of a month's linked people, for whoever looks at the run."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from contracts.warehouse import month_schema


def match_rate_by_source(con: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """Records, joined records, their share and mean confidence, one row a source."""
    found: pl.DataFrame = con.sql(
        "SELECT source, records, linked, share, mean_confidence "
        f"FROM {month_schema(month)}.match_rate WHERE group_kind = 'all' ORDER BY source"
    ).pl()
    return found


def records_of_two_people(con: duckdb.DuckDBPyConnection, month: date) -> int:
    """Identity records that belong to more than one person; there should be none."""
    ((count,),) = con.execute(f"""
        SELECT count(*) FROM (
            SELECT source, local_id FROM {month_schema(month)}.person_link
            GROUP BY ALL HAVING count(DISTINCT person_id) > 1)""").fetchall()
    return int(count)
