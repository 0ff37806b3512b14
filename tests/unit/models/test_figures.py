"""The figures of a selection count what they say."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from contracts.warehouse import month_schema
from models.figures import (
    households_by_route,
    households_by_theme,
    largest_gap,
    scores_by_theme,
)

MONTH = date(2026, 10, 31)
SCHEMA = month_schema(MONTH)


@pytest.fixture
def con():
    made = duckdb.connect()
    made.execute(f"""
        CREATE SCHEMA {SCHEMA};
        CREATE TABLE {SCHEMA}.explanation AS FROM (VALUES
            (1, 'O1', 0.5), (1, 'O1', 0.25), (2, 'O1', 1.0))
            AS t(household_id, outcome, contribution);
        CREATE TABLE {SCHEMA}.theme_contribution AS FROM (VALUES
            (1, 'O1', 'rent', 0.5), (1, 'O1', 'home', 0.25), (2, 'O1', 'rent', 1.5),
            (2, 'O1', 'home', 0.0), (3, 'O1', 'rent', 11.0), (3, 'O1', 'home', -0.25))
            AS t(household_id, outcome, theme, contribution);
        CREATE TABLE {SCHEMA}.base_value AS SELECT 'O1' AS outcome, -2.0 AS value;
        CREATE TABLE {SCHEMA}.score AS FROM (VALUES
            (1, 'O1', -1.25), (2, 'O1', -0.5), (3, 'O1', 9.0))
            AS t(household_id, outcome, raw_score);
        CREATE TABLE {SCHEMA}.reason AS FROM (VALUES
            (1, 'MOST', 'rent'), (1, 'MOST', 'rent'), (2, 'MOST', 'home'), (2, 'ALSO', 'rent'))
            AS t(household_id, kind, theme);
        CREATE TABLE {SCHEMA}.selection AS FROM (VALUES
            (1, 'LISTED', 'O1'), (2, 'LISTED', 'O1'), (3, 'COMMUNAL', 'O1'))
            AS t(household_id, route, outcome)""")
    return made


def test_the_largest_gap_is_that_of_the_worst_household(con):
    assert largest_gap(con, MONTH) == 0.5
    con.execute(f"DELETE FROM {SCHEMA}.explanation WHERE household_id = 2")
    assert largest_gap(con, MONTH) == 0.25
    con.execute(f"DELETE FROM {SCHEMA}.theme_contribution WHERE household_id = 3")
    assert largest_gap(con, MONTH) == 0.0
    con.execute(f"DELETE FROM {SCHEMA}.explanation")
    assert largest_gap(con, MONTH) == 0.0


def test_themes_are_averaged_over_everybody_and_over_the_listed(con):
    assert scores_by_theme(con, MONTH).rows() == [
        ("rent", pytest.approx(13 / 3), 1.0),
        ("home", pytest.approx(0.5 / 3), 0.125),
    ]


def test_households_are_counted_once(con):
    assert households_by_route(con, MONTH).rows() == [("COMMUNAL", 1), ("LISTED", 2)]
    assert households_by_theme(con, MONTH).rows() == [("home", 1), ("rent", 1)]
