"""Readers of every month end stay within a little memory, however many month ends there are.

A join that mixes the spans of a view with the days of other records compares each record with every
month end of everybody: of a few thousand households it does not fit into gigabytes.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from contracts.made.crossed import Attach
from contracts.tables import TABLES
from contracts.warehouse import month_schema
from linkage.crossing.reach import reach_sql
from linkage.households.figures import people_of_two_households
from linkage.households.outputs import output_views
from linkage.households.timeline import Snapshots
from linkage.ingest.schema import loaded_columns

MONTH = date(2026, 10, 31)
SCHEMA = month_schema(MONTH)
SNAPS = Snapshots.until(MONTH, 23)
HOMES = 1_500
# Two spans of every household, which part at the same month end.
SPANS = f"""
    SELECT home, part, CASE part WHEN 0 THEN DATE '{SNAPS.days[0]}' ELSE DATE '{SNAPS.days[9]}' END
           AS first_date,
           CASE part WHEN 0 THEN DATE '{SNAPS.days[8]}' ELSE DATE '{MONTH}' END AS last_date
    FROM range({HOMES}) h(home), range(2) p(part) ORDER BY home, part"""
BY_DAYS_ALONE = (
    "PIECEWISE_MERGE_JOIN", "IE_JOIN", "NESTED_LOOP_JOIN", "BLOCKWISE_NL_JOIN", "CROSS_PRODUCT",
)  # fmt: skip
# Days differ, as they do in a place: the planner goes by how many there are.
ROWS = {
    "gp_patient": """
        SELECT 'p' || i AS nhs_pid, DATE '1980-01-01' + (i % 12000)::INT AS reg_start,
               DATE '2030-01-01' + (i % 9000)::INT AS reg_end, 'u' || i // 3 AS puprn,
               true AS practice_dsa_in_place, reg_start AS recorded_date
        FROM range({n} * 3) t(i)""",
    "ctax_party": """
        SELECT 'a' || i AS account_ref, 'x' AS party_ref, 0 AS position, 'lead' AS role,
               DATE '1980-01-01' + i::INT AS recorded_date FROM range({n}) t(i)""",
}


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect(
        str(Path(tmp_path_factory.mktemp("joins")) / "identity.duckdb"), config={"threads": 2}
    )
    con.execute(f"CREATE SCHEMA raw; CREATE SCHEMA {SCHEMA}")
    for table in TABLES.values():
        columns = ", ".join(f"{n} {kind}" for n, kind in loaded_columns(table).items())
        con.execute(f"CREATE TABLE raw.{table.name} ({columns})")
    for name, rows in ROWS.items():
        con.execute(
            f"INSERT INTO raw.{name} BY NAME SELECT *, 1 AS row_number, 'd' AS delivery_id "
            f"FROM ({rows.format(n=HOMES)})"
        )
    con.execute(f"""
        CREATE TABLE {SCHEMA}.household_snapshot_span AS
        SELECT home AS household_id, first_date, last_date, home AS uprn_key,
               'HOUSEHOLD' AS hh_kind FROM ({SPANS});
        CREATE TABLE {SCHEMA}.household_member_span AS
        SELECT home AS household_id, first_date, last_date, home AS person_id, 'LEAD' AS role,
               'main' AS share FROM ({SPANS});
        CREATE TABLE {SCHEMA}.dwelling AS
        SELECT home AS uprn_key, 'u' || home AS puprn
        FROM range({HOMES * 3}) t(home);
        CREATE TABLE {SCHEMA}.person_link AS
        SELECT 'ctax' AS source, 'a' || home || '|x' AS local_id, home AS person_id
        FROM range({HOMES}) t(home);
        CREATE TABLE {SCHEMA}.severed (household_id BIGINT, person_id BIGINT, severed_from DATE)""")
    for name, select in output_views(SCHEMA, SNAPS).items():
        con.execute(f"CREATE VIEW {SCHEMA}.{name} AS {select}")
    # Nothing is spilled: what does not fit fails.
    con.execute("SET memory_limit = '160MB'; SET max_temp_directory_size = '0KB'")
    return con


@pytest.mark.parametrize("attach", list(Attach))
def test_no_record_is_compared_with_every_month_end(
    con: duckdb.DuckDBPyConnection, attach: Attach
) -> None:
    """Days alone join nothing: there is always a key beside them."""
    plan = con.execute(f"EXPLAIN {reach_sql(attach, schema=SCHEMA, month=MONTH)}").fetchall()
    assert not [name for name in BY_DAYS_ALONE if name in plan[0][1].upper().replace(" ", "_")]


@pytest.mark.parametrize(("attach", "keys"), [(Attach.PATIENT, 3), (Attach.ACCOUNT, 1)])
def test_what_reaches_households(con: duckdb.DuckDBPyConnection, attach: Attach, keys: int) -> None:
    sql = reach_sql(attach, schema=SCHEMA, month=MONTH)
    ((rows, homes),) = con.execute(
        f"SELECT count(*), count(DISTINCT household_id) FROM ({sql})"
    ).fetchall()
    assert (rows, homes) == (HOMES * len(SNAPS.days) * keys, HOMES)


def test_people_of_two_households(con: duckdb.DuckDBPyConnection) -> None:
    assert people_of_two_households(con, MONTH) == 0
