"""Rows that break the contract: which rule, which column, what is said; the others are loaded.

Each line of ``BAD_VALUES`` and ``GOOD_VALUES`` is a row of a file; a table is loaded once.
"""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal

import duckdb
import pytest

from contracts.errors import RowsQuarantined
from linkage.ingest import Outcome, contract_results, load_delivery, raise_if_bad
from tests.unit.ingest.deliveries import TODAY, deliver, northmere, plain, sound_rows

SOUND_BEFORE, SOUND_AFTER = 100, 60

BAD_VALUES = [
    # table, what the row holds, columns in quarantine, rule, what the reason says
    ("rent_tenancy", {"uprn": "1.00023E+11"}, "uprn", "uprn_precision", "scientific notation"),
    ("rent_tenancy", {"uprn": "1.00023e11"}, "uprn", "uprn_precision", "last digits are lost"),
    ("rent_tenancy", {"uprn": "1000230000071"}, "uprn", "uprn_length", "more than 12 digits"),
    ("rent_tenancy", {"uprn": "10002300A007"}, "uprn", "uprn", "not a UPRN"),
    ("rent_tenancy", {"uprn": "0"}, "uprn", "uprn", "not a UPRN"),
    ("rent_tenancy", {"uprn": "-7"}, "uprn", "uprn", "not a UPRN"),
    ("rent_tenancy", {"start_date": "2026-02-30"}, "start_date", "date", "not a date that exists"),
    ("rent_tenancy", {"start_date": "05/01/2026"}, "start_date", "date", "in the agreed format"),
    ("rent_tenancy", {"start_date": "0202-01-05"}, "start_date", "date", "1800"),
    ("rent_tenancy", {"start_date": "46027"}, "start_date", "date", "not a date that exists"),
    ("rent_tenancy", {"start_date": ""}, "start_date", "missing", "has no value"),
    ("rent_tenancy", {"start_date": "1900-01-01"}, "start_date", "missing", "has no value"),
    ("rent_tenancy", {"landlord": " UNKNOWN "}, "landlord", "missing", "has no value"),
    ("rent_tenancy", {"tenancy_ref": "N/A"}, "tenancy_ref", "missing", "has no value"),
    ("rent_tenancy", {"tenure": "SECURED"}, "tenure", "code", "not one of its 11 codes"),
    ("rent_tenancy", {"tenure": "secure"}, "tenure", "code", "not one of its 11 codes"),
    ("rent_tenancy", {"rent_weeks": "47"}, "rent_weeks", "bounds", "at least 48 and at most 53"),
    ("rent_tenancy", {"rent_weeks": "5O"}, "rent_weeks", "integer", "not a whole number"),
    ("rent_tenancy", {"bedrooms": "2.5"}, "bedrooms", "integer", "not a whole number"),
    ("rent_tenancy", {"rent_net_pw": "-0.01"}, "rent_net_pw", "bounds", "at least 0"),
    ("rent_tenancy", {"rent_net_pw": "£90"}, "rent_net_pw", "money", "at most two decimals"),
    ("rent_tenancy", {"rent_net_pw": "90.125"}, "rent_net_pw", "money", "at most two decimals"),
    ("rent_tenancy", {"rent_net_pw": "1.2E3"}, "rent_net_pw", "money", "at most two decimals"),
    (
        "rent_tenancy",
        {"uc_direct_to_landlord": "perhaps"},
        "uc_direct_to_landlord",
        "boolean",
        "neither true nor false",
    ),
    (
        "rent_tenancy",
        {"start_date": "2026-01-06", "end_date": "2026-01-05"},
        "start_date, end_date",
        "order",
        "impossible order",
    ),
    (
        "rent_tenancy",
        {"recorded_date": "2026-02-02"},
        "recorded_date, extract_date",
        "order",
        "impossible order",
    ),
    ("rent_tenancy", {"recorded_date": ""}, "recorded_date", "missing", "has no value"),
    ("rent_tenancy", {"extract_date": ""}, "extract_date", "missing", "has no value"),
    ("rent_balance", {"weeks_owed": "many"}, "weeks_owed", "number", "not a number"),
    ("rent_balance", {"weeks_owed": "1e999"}, "weeks_owed", "number", "not a number"),
    ("area_lookup", {"income_domain": "1.01"}, "income_domain", "bounds", "at most 1"),
    ("ae_attendance", {"arrival_ts": "2026-01-05 25:00"}, "arrival_ts", "timestamp", "exists"),
    ("gp_medication", {"bnf_section": "403"}, "bnf_section", "code", "not one of its 10 codes"),
]

GOOD_VALUES = [
    # table, column, text in the file, value that is loaded
    ("rent_tenancy", "uprn", "100023000007", 100023000007),
    ("rent_tenancy", "uprn", " 000100023007 ", 100023007),
    ("rent_tenancy", "uprn", "100023000007.0", 100023000007),
    ("rent_tenancy", "uprn", "NULL", None),
    ("rent_tenancy", "start_date", "2024-02-29", date(2024, 2, 29)),
    ("rent_tenancy", "start_date", "2024-02-29 00:00:00", date(2024, 2, 29)),
    ("rent_tenancy", "end_date", "9999-12-31", None),
    ("rent_tenancy", "end_date", "2099-12-31T00:00:00", None),
    ("rent_tenancy", "end_date", "..", None),
    ("rent_person", "dob", "1901-01-01", None),
    ("rent_tenancy", "rent_net_pw", "0", Decimal("0.00")),
    ("rent_tenancy", "rent_net_pw", "90.5", Decimal("90.50")),
    ("rent_tenancy", "rent_net_pw", "12.340000000000001", Decimal("12.34")),
    ("rent_balance", "balance", "-120.07", Decimal("-120.07")),
    ("rent_balance", "weeks_owed", "-.5", -0.5),
    ("rent_tenancy", "bedrooms", "3.0", 3),
    ("rent_tenancy", "bedrooms", "-", None),
    ("rent_tenancy", "uc_direct_to_landlord", "TRUE", True),
    ("rent_tenancy", "uc_direct_to_landlord", "false", False),
    ("rent_person", "first_name", "\u00a0Ann  Marie\t", "Ann  Marie"),
    ("rent_person", "first_name", 'O\'Neil, "Ann"\nMarie', 'O\'Neil, "Ann"\nMarie'),
    ("rent_person", "ethnicity", "Not stated", "NOT_STATED"),
    ("rent_person", "ethnicity", "NOT_STATED", "NOT_STATED"),
    ("rent_person", "ethnicity", "Not known", None),
    ("rent_person", "sex", "UNKNOWN", None),
    ("gp_patient", "ethnic16", "99", "99"),
    ("gp_patient", "ethnic16", "Z", "Z"),
    ("ctax_party", "liability_type", "-1", "-1"),
    ("gp_medication", "bnf_section", "0401", "0401"),
    ("ae_attendance", "arrival_ts", "2026-01-05T23:59", datetime.fromisoformat("2026-01-05T23:59")),
    (
        "ae_attendance",
        "arrival_ts",
        "2026-01-05 08:00:00",
        datetime.fromisoformat("2026-01-05T08:00"),
    ),
]


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """Table to (connection, rows, result, number of each bad row) of one file with all of them."""
    found = {}
    for table in sorted({line[0] for line in BAD_VALUES}):
        rows = sound_rows(table, SOUND_BEFORE + len(BAD_VALUES) + SOUND_AFTER)
        for number, line in enumerate(BAD_VALUES):
            if line[0] == table:
                rows[SOUND_BEFORE + number] |= line[1]
        place, con = northmere(), duckdb.connect()
        folder = deliver(tmp_path_factory.mktemp(table), place, table, rows, folder="drop")
        found[table] = con, rows, load_delivery(con, place=place, folder=folder, today=TODAY)
    return found


@pytest.mark.parametrize("number", range(len(BAD_VALUES)), ids=lambda n: str(BAD_VALUES[n][:2]))
def test_a_bad_row_goes_to_quarantine(loaded, number):
    table, _, column, rule, reason = BAD_VALUES[number]
    con, rows, result = loaded[table]
    row_number = SOUND_BEFORE + number + 1

    found = con.execute(
        "SELECT table_name, file_name, column_name, reason, row_json FROM raw.quarantine "
        "WHERE row_number = ?",
        [row_number],
    ).fetchall()

    assert [entry[:3] for entry in found] == [(table, f"{table}.csv", column)]
    assert found[0][3].startswith(f"{column} ")
    assert reason in found[0][3]
    assert json.loads(found[0][4]) == rows[row_number - 1]
    fault = next(one for one in result.faults if (one.column, one.rule) == (column, rule))
    assert row_number in fault.examples or fault.rows > len(fault.examples)
    assert str(fault) in result.message


@pytest.mark.parametrize("table", sorted({line[0] for line in BAD_VALUES}))
def test_the_other_rows_are_loaded(loaded, table):
    con, rows, result = loaded[table]
    bad = [at + SOUND_BEFORE + 1 for at, line in enumerate(BAD_VALUES) if line[0] == table]
    there = con.execute(f"SELECT row_number FROM raw.{table} ORDER BY 1").fetchall()
    assert [number for (number,) in there] == [
        number for number in range(1, len(rows) + 1) if number not in bad
    ]
    assert result.outcome is Outcome.LOADED
    assert (result.loaded_rows, result.quarantined_rows) == (len(rows) - len(bad), len(bad))
    assert f"Delivery drop, file {table}.csv: loaded" in result.message
    assert f"{len(bad)} went to quarantine" in result.message
    failed = [one for one in contract_results(con, table) if not one.passed]
    assert {(one.column_name, one.rule, one.bad_rows) for one in failed} == {
        (fault.column, fault.rule, fault.rows) for fault in result.faults
    }
    with pytest.raises(RowsQuarantined, match=r"raw\.quarantine"):
        raise_if_bad(result)


@pytest.mark.parametrize("table", sorted({line[0] for line in GOOD_VALUES}))
def test_good_values_are_typed(con, tmp_path, table):
    cases = [line[1:] for line in GOOD_VALUES if line[0] == table]
    place, rows = northmere(), sound_rows(table, len(cases))
    for row, (column, text, _) in zip(rows, cases, strict=True):
        row[column] = text
    folder = deliver(tmp_path, place, table, rows)

    result = load_delivery(con, place=place, folder=folder, today=TODAY)

    assert result.faults == ()
    for number, (column, text, value) in enumerate(cases, start=1):
        found = con.execute(f"SELECT {column} FROM raw.{table} WHERE row_number = {number}")
        assert (text, found.fetchall()) == (text, [(value,)])


DOUBLED = [
    # rows given again (row number of the copy, of which row, what differs), quarantined, reasons
    ([(8, 2, {})], {8: "tenancy_ref repeats row 2"}),
    ([(8, 2, {}), (9, 2, {})], {8: "tenancy_ref repeats row 2", 9: "tenancy_ref repeats row 2"}),
    ([(8, 2, {"row_hash": "other"})], {8: "tenancy_ref repeats row 2"}),
    (
        [(8, 2, {"bedrooms": "4"})],
        {
            2: "tenancy_ref is on rows 2, 8 with different values",
            8: "tenancy_ref is on rows 2, 8 with different values",
        },
    ),
    ([(8, 2, {"recorded_date": "2026-01-11", "bedrooms": "4"})], {}),
    ([(8, 2, {"extract_date": "2026-02-02", "bedrooms": "4"})], {}),
    ([(8, 2, {"bedrooms": "x"})], {8: "bedrooms is not a whole number"}),
]


@pytest.mark.parametrize(("copies", "expected"), DOUBLED)
def test_a_key_that_comes_again(con, tmp_path, copies, expected):
    place = northmere()
    rows = sound_rows("rent_tenancy", 20)
    for copy, of, change in copies:
        rows[copy - 1] = rows[of - 1] | change
    folder = deliver(tmp_path, place, "rent_tenancy", rows)

    result = load_delivery(con, place=place, folder=folder, today=TODAY)

    found = con.execute("SELECT row_number, reason FROM raw.quarantine ORDER BY 1").fetchall()
    assert dict(found) == expected
    assert result.quarantined_rows == len(expected)
    assert con.execute("SELECT count(*) FROM raw.rent_tenancy").fetchall() == [
        (20 - len(expected),)
    ]


def test_a_row_with_several_faults_is_one_row(con, tmp_path):
    place = northmere()
    rows = sound_rows("rent_tenancy", 10)
    rows[3] |= {"uprn": "x", "tenure": "?", "bedrooms": "99"}
    folder = deliver(tmp_path, place, "rent_tenancy", rows)

    result = load_delivery(con, place=place, folder=folder, today=TODAY)

    assert (result.loaded_rows, result.quarantined_rows) == (9, 1)
    found = con.execute("SELECT column_name, reason FROM raw.quarantine").fetchall()
    assert found[0][0] == "uprn, tenure, bedrooms"
    assert found[0][1].count("; ") == 2


@pytest.mark.parametrize(("bad", "outcome"), [(2, Outcome.LOADED), (3, Outcome.REFUSED)])
def test_more_than_a_fifth_bad_is_refused(con, tmp_path, bad, outcome):
    place = northmere()
    rows = sound_rows("rent_tenancy", 10)
    for row in rows[:bad]:
        row["start_date"] = "2026-02-30"
    folder = deliver(tmp_path, place, "rent_tenancy", rows)

    result = load_delivery(con, place=place, folder=folder, today=TODAY)

    assert result.outcome is outcome
    assert result.faults[0].rows == bad
    if outcome is Outcome.REFUSED:
        assert "3 of 10 rows break the contract, more than 20%" in result.message
        assert "rows 1, 2, 3" in result.message
        assert con.execute("SELECT count(*) FROM raw.quarantine").fetchall() == [(0,)]
        assert con.execute("SELECT count(*) FROM raw.delivery").fetchall() == [(0,)]


def test_a_place_with_its_own_names_codes_and_dates(con, tmp_path):
    place = northmere()
    rent = place.sources["rent"]
    mapping = {
        "columns": {"tenure": "TEN TYPE", "uprn": "Property (UPRN)"},
        "codes": {
            "tenure": {"S": "SECURE", "SECURE": "INTRODUCTORY", "-": "GARAGE"},
            "uc_direct_to_landlord": {"Y": "true", "N": "false"},
        },
        "date_format": "%d/%m/%Y",
    }
    tables = {"rent_tenancy": type(place.mapping("rent_tenancy")).model_validate(mapping)}
    mapped = place.model_copy(
        update={"sources": place.sources | {"rent": rent.model_copy(update={"tables": tables})}}
    )
    rows = sound_rows("rent_tenancy", 6)
    for row in rows:
        row |= {
            "start_date": "05/01/2026",
            "end_date": "31/12/9999",
            "recorded_date": "10/01/2026",
            "extract_date": "01/02/2026",
            "breathing_space_end": "",
            "uc_direct_to_landlord": "N",
        }
    for row, code in zip(rows, ["S", "SECURE", "-", "ASSURED", "S", "s"], strict=True):
        row["tenure"] = code
    folder = deliver(tmp_path, mapped, "rent_tenancy", rows)

    result = load_delivery(con, place=mapped, folder=folder, today=TODAY)

    found = con.execute(
        "SELECT tenure, start_date, end_date, uc_direct_to_landlord FROM raw.rent_tenancy "
        "ORDER BY row_number"
    ).fetchall()
    assert [row[0] for row in found] == ["SECURE", "INTRODUCTORY", "GARAGE", "ASSURED", "SECURE"]
    assert {row[1:] for row in found} == {(date(2026, 1, 5), None, False)}
    assert [(fault.column, fault.examples) for fault in result.faults] == [("tenure", (6,))]
    kept = con.execute("SELECT row_json FROM raw.quarantine").fetchall()[0][0]
    assert json.loads(kept)["TEN TYPE"] == "s"


def test_a_file_that_is_as_declared_where_the_place_maps_none(con, tmp_path):
    place = plain(northmere(), "ctax_account")
    folder = deliver(tmp_path, place, "ctax_account")
    header = (folder / "ctax_account.csv").read_text(encoding="utf-8").splitlines()[0]
    assert "liability_start" in header
    assert load_delivery(con, place=place, folder=folder, today=TODAY).loaded_rows == 10
