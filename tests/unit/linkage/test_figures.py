"""The figures of linkage count what they say."""

from __future__ import annotations

import duckdb
import pytest

from contracts.warehouse import month_schema
from linkage.households.figures import households_by_kind, people_of_two_households
from linkage.ingest.figures import quarantined_rows
from linkage.people.figures import match_rate_by_source, records_of_two_people
from tests.unit.features.handmade import INDEX

SCHEMA = month_schema(INDEX)


@pytest.fixture
def con():
    made = duckdb.connect()
    made.execute(f"CREATE SCHEMA raw; CREATE SCHEMA {SCHEMA}")
    return made


def test_a_record_of_two_people_is_counted_once(con):
    con.execute(f"""CREATE TABLE {SCHEMA}.person_link AS FROM (VALUES
        ('ctax', 'A|1', 1), ('ctax', 'A|1', 2), ('rent', 'A|1', 2), ('rent', 'B|1', 2))
        AS t(source, local_id, person_id)""")
    assert records_of_two_people(con, INDEX) == 1


def test_match_rates_are_those_of_everybody(con):
    con.execute(f"""CREATE TABLE {SCHEMA}.match_rate AS FROM (VALUES
        ('rent', 'all', 'all', 4, 3, 0.75, 0.9), ('rent', 'sex', 'F', 2, 2, 1.0, 0.9),
        ('ctax', 'all', 'all', 2, 1, 0.5, 0.8))
        AS t(source, group_kind, group_value, records, linked, share, mean_confidence)""")
    assert match_rate_by_source(con, INDEX)["source"].to_list() == ["ctax", "rent"]


def test_a_second_home_is_no_second_household(con):
    con.execute(f"""CREATE TABLE {SCHEMA}.household_member AS FROM (VALUES
        (DATE '2026-10-31', 1, 1, 'main'), (DATE '2026-10-31', 2, 1, 'secondary'),
        (DATE '2026-10-31', 1, 2, 'main'), (DATE '2026-10-31', 2, 2, 'main'),
        (DATE '2026-09-30', 2, 1, NULL))
        AS t(snapshot_date, household_id, person_id, share)""")
    assert people_of_two_households(con, INDEX) == 1


def test_households_are_those_of_the_index_date(con):
    con.execute(f"""CREATE TABLE {SCHEMA}.household_snapshot AS FROM (VALUES
        (DATE '2026-10-31', 'HOUSEHOLD', 'COUNCIL'), (DATE '2026-10-31', 'HOUSEHOLD', 'COUNCIL'),
        (DATE '2026-09-30', 'HOUSEHOLD', 'OWNER')) AS t(snapshot_date, hh_kind, tenure)""")
    assert households_by_kind(con, INDEX).rows() == [("HOUSEHOLD", "COUNCIL", 2)]


def test_a_table_without_faults_has_none(con):
    con.execute("CREATE TABLE raw.quarantine AS SELECT 'rent_person' AS table_name FROM range(3)")
    assert quarantined_rows(con, ["rent_person", "uc_award"]) == {"rent_person": 3, "uc_award": 0}
