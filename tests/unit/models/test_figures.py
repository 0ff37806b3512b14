"""The figures of a selection count what they say."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from contracts.warehouse import month_schema
from models.figures import households_by_route, households_by_theme, largest_gap

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
        CREATE TABLE {SCHEMA}.base_value AS SELECT 'O1' AS outcome, -2.0 AS value;
        CREATE TABLE {SCHEMA}.score AS FROM (VALUES
            (1, 'O1', -1.25), (2, 'O1', -0.5), (3, 'O1', 9.0))
            AS t(household_id, outcome, raw_score);
        CREATE TABLE {SCHEMA}.reason AS FROM (VALUES
            (1, 'MOST', 'rent'), (1, 'MOST', 'rent'), (2, 'MOST', 'home'), (2, 'ALSO', 'rent'))
            AS t(household_id, kind, theme);
        CREATE TABLE {SCHEMA}.selection AS FROM (VALUES
            (1, 'LISTED'), (2, 'LISTED'), (3, 'COMMUNAL'))
            AS t(household_id, route)""")
    return made


def test_the_largest_gap_is_that_of_the_worst_household(con):
    assert largest_gap(con, MONTH) == 0.5
    con.execute(f"DELETE FROM {SCHEMA}.explanation WHERE household_id = 2")
    assert largest_gap(con, MONTH) == 0.0
    con.execute(f"DELETE FROM {SCHEMA}.explanation")
    assert largest_gap(con, MONTH) == 0.0


def test_households_are_counted_once(con):
    assert households_by_route(con, MONTH).rows() == [("COMMUNAL", 1), ("LISTED", 2)]
    assert households_by_theme(con, MONTH).rows() == [("home", 1), ("rent", 1)]
