"""What crosses from the identity zone, and what stays behind."""

from __future__ import annotations

from datetime import timedelta

import duckdb
import pytest

from contracts.errors import DataMissing
from contracts.made import MADE
from contracts.made.crossed import CROSSED, Attach
from contracts.tables import TABLES
from contracts.zones import Zone
from linkage.crossing import cross_month
from tests.unit.features.handmade import INDEX, Handmade
from tests.unit.features.invented import invented
from tests.unit.features.test_build import three_tenures


@pytest.fixture(scope="module")
def made() -> Handmade:
    return invented(7, history_months=6)


@pytest.fixture(scope="module")
def con(made: Handmade) -> duckdb.DuckDBPyConnection:
    return made.connect()


def columns(con: duckdb.DuckDBPyConnection, zone: Zone) -> dict[str, tuple[str, ...]]:
    found = con.execute(
        "SELECT table_name, list(column_name ORDER BY column_index) FROM duckdb_columns() "
        "WHERE database_name = ? GROUP BY table_name",
        [zone],
    ).fetchall()
    return {name: tuple(names) for name, names in found}


def test_exactly_the_declared_columns_cross(con):
    expected = {table.name: tuple(c.name for c in table.copied) for table in MADE.values()}
    for zone in (Zone.MODELLING, Zone.AUDIT):
        copied = {t.name: expected[t.name] for t in MADE.values() if t.copied_to is zone}
        crossed = {c.table: c.made.names for c in CROSSED} if zone is Zone.MODELLING else {}
        reach = {a.table: MADE[a.table].names for a in Attach} if zone is Zone.MODELLING else {}
        assert columns(con, zone) == copied | crossed | reach


def test_no_key_of_a_source_is_in_the_modelling_zone(con, made):
    keys = {
        str(row[key])
        for crossed in CROSSED
        for row in made.raw.get(crossed.table, [])
        for key in crossed.keys
    }
    assert len(keys) > 50
    for name in columns(con, Zone.MODELLING):
        for row in con.execute(f"SELECT * FROM {made.schema}.{name}").fetchall():
            assert not keys & {value for value in row if isinstance(value, str)}, name


# Columns that are never empty, with the codes whose rows stay behind.
BEHIND = {"ctax_discount": ("disc_code", {"U", "DBR"}), "gp_condition": ("cluster", {"DV_CODED"})}


def test_every_row_known_by_then_crosses_once(con, made):
    for crossed in CROSSED:
        column, codes = BEHIND.get(crossed.table, ("recorded_date", set()))
        rows = made.raw.get(crossed.table, [])
        known = [row for row in rows if row["recorded_date"] <= INDEX and row[column] not in codes]
        found = con.execute(f"SELECT count(*) FROM {made.schema}.{crossed.table}").fetchall()
        assert found == [(len(known),)], crossed.table


def test_a_code_more_sensitive_than_its_column_stays_behind(con, made):
    sent = {row["reason_loss"] for row in made.raw["hclic_case"]}
    there = con.execute(f"SELECT DISTINCT reason_loss FROM {made.schema}.hclic_case").fetchall()
    withheld = {"DOMESTIC_ABUSE", "OTHER_VIOLENCE", "HOME_OFFICE_ASYLUM_END"}
    withheld.add("UNSUITABLE_DISABILITY")
    assert sent & withheld, "the test must have something to hold back"
    assert {code for (code,) in there} <= (sent - withheld) | {None}
    assert {row["disc_code"] for row in made.raw["ctax_discount"]} & {"U", "DBR"}
    for table, (column, codes) in BEHIND.items():
        found = con.execute(f"SELECT DISTINCT {column} FROM {made.schema}.{table}").fetchall()
        assert not {code for (code,) in found} & codes


def test_a_key_has_one_number_in_every_table():
    made = three_tenures()
    stage = {"tax_year": "2026-27", "stage": "LO", "stage_date": INDEX}
    for account, debt in (("A1", 1), ("A2", 2)):
        made.add(
            "ctax_recovery",
            INDEX,
            **stage,
            recovery_id=account,
            account_ref=account,
            debt_at_stage=debt,
        )
        made.add(
            "ctax_account",
            INDEX,
            account_ref=account,
            property_ref="x",
            liability_start=INDEX,
            annual_charge_pa=debt,
        )
    con = made.connect()
    found = con.execute(f"""
        SELECT household_id, annual_charge_pa, debt_at_stage
        FROM {made.schema}.reach_account r
        JOIN {made.schema}.ctax_account a ON a.account_ref_no = r.key
        JOIN {made.schema}.ctax_recovery c ON c.account_ref_no = r.key
        WHERE annual_charge_pa IS NOT NULL ORDER BY household_id""").fetchall()
    assert found == [(1, 1, 1), (2, 2, 2)]


def numbered(made: Handmade, salt: bytes) -> list[int]:
    con = made.connect()
    con.execute(f"USE {Zone.IDENTITY}")
    cross_month(con, month=INDEX, salt=salt)
    found = con.execute(
        f"SELECT key FROM modelling.{made.schema}.reach_account ORDER BY household_id"
    ).fetchall()
    return [key for (key,) in found]


def test_the_order_of_keys_is_only_told_by_the_salt():
    made = Handmade()
    for person in range(30):
        made.household(person, INDEX, [person])
        made.link("ctax", f"A{person:02}|P", person)
        given = {"account_ref": f"A{person:02}"}
        made.add("ctax_account", INDEX, **given, property_ref="x", liability_start=INDEX)
        made.add("ctax_party", INDEX, **given, party_ref="P", position=0, role="lead")
    first = numbered(made, b"one")
    assert first == numbered(made, b"one")
    assert sorted(first) == list(range(1, 31))
    assert first != numbered(made, b"two")
    assert first != sorted(first)


def test_a_version_replaced_on_its_own_day_was_known_for_no_time():
    made = three_tenures()
    day = INDEX - timedelta(days=5)
    stage = {"recovery_id": "r", "account_ref": "A2", "tax_year": "2026-27", "stage_date": day}
    made.add("ctax_recovery", day, **stage, stage="LO")
    made.add("ctax_recovery", day, **stage, stage="WITHDRAWN")
    con = made.connect()
    rows = con.execute(
        f"SELECT stage, known_to - known_from FROM {made.schema}.ctax_recovery ORDER BY stage"
    ).fetchall()
    assert rows == [("LO", 0), ("WITHDRAWN", None)]


def test_what_will_be_known_later_has_no_end_yet():
    made = three_tenures()
    later = INDEX + timedelta(days=3)
    made.add("ctax_account", later, account_ref="A1", property_ref="x", liability_start=INDEX)
    con = made.connect()
    ends = con.execute(f"SELECT DISTINCT known_to FROM {made.schema}.ctax_account").fetchall()
    assert ends == [(None,)]


def test_before_people_are_linked_it_says_what_to_do():
    con = duckdb.connect()
    for zone in Zone:
        con.execute(f"ATTACH ':memory:' AS {zone}")
    con.execute("USE identity")
    with pytest.raises(DataMissing, match="Link people and build households"):
        cross_month(con, month=INDEX, salt=b"")


def test_what_stays_behind_is_more_than_keys(con):
    """The marker of safety, addresses and protected attributes have no column there at all."""
    there = columns(con, Zone.MODELLING)
    behind = {
        f"{crossed.table}.{column.name}"
        for crossed in CROSSED
        for column in TABLES[crossed.table]
        if column.cls in {"I", "P", "X"}
    }
    assert {"hclic_case.safety_marker", "uc_award.uprn", "gp_patient.ethnic16"} <= behind
    assert not behind & {f"{table}.{name}" for table, names in there.items() for name in names}
