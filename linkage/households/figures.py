"""Figures of a month's households, for whoever looks at the run."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from contracts.warehouse import month_schema


def households_by_kind(con: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """Households at the index date by kind and tenure."""
    found: pl.DataFrame = con.sql(
        "SELECT hh_kind, tenure, count(*) AS households "
        f"FROM {month_schema(month)}.household_snapshot "
        f"WHERE snapshot_date = DATE '{month}' GROUP BY ALL ORDER BY ALL"
    ).pl()
    return found


def people_of_two_households(con: duckdb.DuckDBPyConnection, month: date) -> int:
    """People whose main home is in two households at one month end; there should be none."""
    members = (
        f"(FROM {month_schema(month)}.household_member WHERE share IS DISTINCT FROM 'secondary')"
    )
    # Most people are of one household at any time; only the others are looked at by month end.
    ((count,),) = con.execute(f"""
        SELECT count(*) FROM (
            SELECT snapshot_date, person_id FROM {members}
            WHERE person_id IN (
                SELECT person_id FROM {members} GROUP BY person_id
                HAVING min(household_id) <> max(household_id))
            GROUP BY ALL HAVING min(household_id) <> max(household_id))""").fetchall()
    return int(count)
