"""Figures of a month's labels, for whoever looks at the run."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from contracts.warehouse import month_schema


def events_over_time(con: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """Of every 100 eligible households whose outcome is known, how many had the event."""
    found: pl.DataFrame = con.sql(
        "SELECT outcome, snapshot_date, avg(event::INT) * 100 AS of_every_100 "
        f"FROM {month_schema(month)}.label WHERE eligible AND event IS NOT NULL "
        "GROUP BY ALL ORDER BY ALL"
    ).pl()
    return found


def events_by_outcome(con: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """Eligible rows, those not known yet, and events of every 100 known, one row an outcome."""
    found: pl.DataFrame = con.sql(
        "SELECT outcome, count(*) FILTER (WHERE eligible) AS eligible, "
        "count(*) FILTER (WHERE eligible AND event IS NULL) AS not_known_yet, "
        "100 * avg(event::INT) FILTER (WHERE eligible) AS events_of_every_100 "
        f"FROM {month_schema(month)}.label GROUP BY outcome ORDER BY outcome"
    ).pl()
    return found
