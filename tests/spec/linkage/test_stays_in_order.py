"""Stays that begin alike lie in the order of time, whatever order their ranges came in."""

from __future__ import annotations

import random
from datetime import date

import duckdb
import pytest

from linkage.households.outputs import output_tables
from linkage.households.timeline import Snapshots

SNAPS = Snapshots.until(date(2026, 10, 31), 5)
TABLES = output_tables(SNAPS, service_neighbourhood=None)
PEOPLE = range(1, 301)
BEGAN = date(2020, 1, 1)


@pytest.fixture(params=[1, 2])
def con(request: pytest.FixtureRequest) -> duckdb.DuckDBPyConnection:
    """Everybody was away at the third month end, and their source says one beginning of both."""
    rows = [(person, *span) for person in PEOPLE for span in ((0, 1), (3, 4), (5, 5))]
    random.Random(request.param).shuffle(rows)  # noqa: S311 - an order, not a secret
    con = duckdb.connect(config={"threads": 2})
    con.execute("CREATE TABLE range_of (person_id BIGINT, k_from INTEGER, k_to INTEGER)")
    con.executemany("INSERT INTO range_of VALUES (?, ?, ?)", rows)
    con.execute(
        f"CREATE TABLE member_row AS SELECT 7::BIGINT AS household_id, *, 'ADULT' AS role, "
        f"'main' AS share, DATE '{BEGAN}' AS since FROM range_of"
    )
    con.execute(
        f"CREATE TABLE resident AS SELECT person_id, 70::BIGINT AS uprn, "
        f"CASE WHEN k_from < 3 THEN k_from ELSE k_from + 1 END::INTEGER AS k_from, "
        f"CASE WHEN k_from < 3 THEN k_to ELSE k_to + 1 END::INTEGER AS k_to, "
        f"DATE '{BEGAN}' AS since, 0.9 AS confidence FROM range_of WHERE k_from < 5"
    )
    con.execute("CREATE TABLE second_home AS FROM resident LIMIT 0")
    con.execute(
        "CREATE TABLE presence (person_id BIGINT, uprn BIGINT, seen_from DATE, seen_to DATE, "
        "stale_days INTEGER)"
    )
    return con


def test_of_a_household(con: duckdb.DuckDBPyConnection) -> None:
    found = con.sql(TABLES["household_spell"]).fetchall()
    away, still = SNAPS.days[2], None
    expected = [
        (7, person, "ADULT", "main", BEGAN, until) for person in PEOPLE for until in (away, still)
    ]
    assert found == expected


def test_of_a_home(con: duckdb.DuckDBPyConnection) -> None:
    found = con.sql(
        f"SELECT person_id, spell_from, spell_to FROM ({TABLES['residency_spell']})"
    ).fetchall()
    expected = [(person, BEGAN, ended) for person in PEOPLE for ended in (SNAPS.days[1], None)]
    assert found == expected
