"""Views are written with the tables that they read, or nothing is."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from contracts.made import NotDeclared
from linkage.households.outputs import output_views
from linkage.households.timeline import Snapshots
from linkage.store import replace_tables

MONTH = date(2026, 10, 31)
SNAPS = Snapshots.until(MONTH, 2)
SPANS = """
    SELECT * FROM (VALUES
        (DATE '2026-08-31', DATE '2026-10-31', 2, 20, 'LEAD', 'main'),
        (DATE '2026-09-30', DATE '2026-09-30', 1, 10, 'LEAD', 'main'))
    AS s(first_date, last_date, household_id, person_id, role, share)"""
VIEW = {"household_member": output_views("m2026_10", SNAPS)["household_member"]}


def _members(con: duckdb.DuckDBPyConnection) -> list[tuple[date, int]]:
    rows = con.execute("SELECT snapshot_date, household_id FROM m2026_10.household_member")
    return [(day, number) for day, number in rows.fetchall()]


def test_a_row_for_each_month_end_as_the_spans_lie() -> None:
    con = duckdb.connect()
    replace_tables(con, MONTH, {"household_member_span": SPANS}, VIEW)
    assert _members(con) == [*((day, 2) for day in SNAPS.days), (SNAPS.days[1], 1)]


def test_a_table_of_an_earlier_release_makes_way() -> None:
    con = duckdb.connect()
    con.execute("CREATE SCHEMA m2026_10")
    con.execute("CREATE TABLE m2026_10.household_member (snapshot_date DATE, household_id BIGINT)")
    for _ in range(2):
        replace_tables(con, MONTH, {"household_member_span": SPANS}, VIEW)
    assert len(_members(con)) == 4


def test_a_view_that_is_not_as_declared_leaves_everything_as_it_was() -> None:
    con = duckdb.connect()
    narrow = {"household_member": "SELECT household_id FROM m2026_10.household_member_span"}
    with pytest.raises(NotDeclared, match="household_member"):
        replace_tables(con, MONTH, {"household_member_span": SPANS}, narrow)
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
