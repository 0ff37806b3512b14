"""Figures of a month's selection and explanations, for whoever looks at the run."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from contracts.warehouse import month_schema


def households_by_route(connection: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """Households by the route that they take."""
    found: pl.DataFrame = connection.sql(
        f"SELECT route, count(*) AS households FROM {month_schema(month)}.selection "
        "GROUP BY route ORDER BY route"
    ).pl()
    return found


def households_by_theme(connection: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """Listed households by the themes that counted most."""
    found: pl.DataFrame = connection.sql(
        "SELECT theme, count(DISTINCT household_id) AS households "
        f"FROM {month_schema(month)}.reason "
        "WHERE kind = 'MOST' GROUP BY theme ORDER BY households DESC, theme"
    ).pl()
    return found


def scores_by_theme(connection: duckdb.DuckDBPyConnection, month: date) -> pl.DataFrame:
    """How far each theme moved scores, in log-odds: everybody's on average, and the listed."""
    schema = month_schema(month)
    found: pl.DataFrame = connection.sql(f"""
        SELECT theme,
               avg(abs(contribution)) AS moved_everyone,
               avg(contribution) FILTER (WHERE s.route = 'LISTED') AS added_to_listed
        FROM {schema}.theme_contribution t
        LEFT JOIN {schema}.selection s USING (household_id, outcome)
        GROUP BY theme ORDER BY moved_everyone DESC, theme""").pl()
    return found


def largest_gap(connection: duckdb.DuckDBPyConnection, month: date) -> float:
    """Largest distance of base value plus contributions from the raw score, in log-odds.

    Read back from the tables, whatever the step that wrote them found: by theme of every scored
    household, and by feature of the listed.
    """
    schema = month_schema(month)
    ((worst,),) = connection.execute(f"""
        SELECT max(abs(s.raw_score - b.value - e.total))
        FROM (
            SELECT household_id, outcome, sum(contribution) AS total
            FROM {schema}.explanation GROUP BY ALL
            UNION ALL
            SELECT household_id, outcome, sum(contribution)
            FROM {schema}.theme_contribution GROUP BY ALL) e
        JOIN {schema}.base_value b USING (outcome)
        JOIN {schema}.score s USING (household_id, outcome)""").fetchall()
    return float(worst or 0.0)
