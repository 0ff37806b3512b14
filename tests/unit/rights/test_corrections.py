"""A correction holds from its day, over later deliveries that repeat the error, until the source
sends another value; the past reads as it did."""

from __future__ import annotations

from datetime import date

import pytest

from contracts.asof import as_known_sql
from contracts.errors import DataMissing, SettingsError
from linkage.rights.apply import apply_corrections
from linkage.rights.requests import Asked, Kind, Step, decide, overdue, receive, requests
from tests.unit.linkage.hand_made import HandMade, day

KEY = {"tenancy_ref": "T1"}
ON = day("2026-03-10")


@pytest.fixture
def raw() -> HandMade:
    made = HandMade()
    made.add("rent_tenancy", "2026-01-01", tenancy_ref="T1", landlord="COUNCIL")
    made.add("rent_tenancy", "2026-01-01", tenancy_ref="T2", landlord="COUNCIL")
    return made


def asked(**changes: object) -> Asked:
    return Asked.model_validate(
        {"received_on": day("2026-03-01"), "table": "rent_tenancy", "key": KEY,
         "column": "landlord", "value": "RP1"} | changes
    )  # fmt: skip


def upheld(raw: HandMade, request: Asked | None = None, on: date = ON) -> str:
    number = receive(
        raw.con, Kind.CORRECTION, request or asked(), by="officer", reason="wrong", on=on
    )
    decide(raw.con, number, Step.UPHELD, by="head", reason="data_owner", on=on)
    apply_corrections(raw.con)
    return number


def known(raw: HandMade, on: str, ref: str = "T1") -> list[str]:
    return [
        value
        for (value,) in raw.con.execute(
            f"SELECT landlord FROM ({as_known_sql('rent_tenancy', day(on))}) WHERE tenancy_ref = ?",
            [ref],
        ).fetchall()
    ]


def test_it_holds_from_its_day_and_not_before(raw):
    upheld(raw)
    assert known(raw, "2026-03-09") == ["COUNCIL"]
    assert known(raw, "2026-03-10") == ["RP1"]
    assert known(raw, "2026-03-10", "T2") == ["COUNCIL"]


def test_the_original_stays_beside_it_with_the_reference(raw):
    number = upheld(raw)
    rows = raw.con.execute(
        "SELECT landlord, delivery_id FROM raw.rent_tenancy WHERE tenancy_ref = 'T1' "
        "ORDER BY recorded_date"
    ).fetchall()
    assert rows == [("COUNCIL", "d"), ("RP1", f"correction-{number}")]


def test_a_later_delivery_that_repeats_the_error_does_not_win(raw):
    upheld(raw)
    raw.add(
        "rent_tenancy",
        "2026-04-01",
        tenancy_ref="T1",
        landlord="COUNCIL",
        end_date=day("2026-03-30"),
    )
    apply_corrections(raw.con)
    assert known(raw, "2026-04-02") == ["RP1"]
    view = as_known_sql("rent_tenancy", day("2026-04-02"))
    ends = raw.con.execute(f"SELECT end_date FROM ({view}) WHERE tenancy_ref = 'T1'").fetchall()
    assert ends == [(day("2026-03-30"),)], "the rest of it is news"


def test_the_sources_own_correction_ends_it(raw):
    upheld(raw)
    raw.add("rent_tenancy", "2026-04-01", tenancy_ref="T1", landlord="RP2")
    raw.add("rent_tenancy", "2026-05-01", tenancy_ref="T1", landlord="COUNCIL")
    apply_corrections(raw.con)
    assert known(raw, "2026-04-02") == ["RP2"]
    assert known(raw, "2026-05-02") == ["COUNCIL"], "what the source says after that is its own"


def test_a_version_recorded_on_the_very_day_does_not_win(raw):
    raw.add("rent_tenancy", "2026-03-10", tenancy_ref="T1", landlord="COUNCIL")
    upheld(raw)
    assert known(raw, "2026-03-10") == ["RP1"]


def test_making_it_again_changes_nothing_and_withdrawing_takes_it_back(raw):
    number = upheld(raw)
    rows = raw.con.execute("SELECT * FROM raw.rent_tenancy ORDER BY ALL").fetchall()
    assert apply_corrections(raw.con) == 1
    assert raw.con.execute("SELECT * FROM raw.rent_tenancy ORDER BY ALL").fetchall() == rows
    decide(raw.con, number, Step.WITHDRAWN, by="head", reason="mistaken", on=ON)
    assert apply_corrections(raw.con) == 0
    assert known(raw, "2026-03-11") == ["COUNCIL"]


def test_two_columns_of_one_row_can_be_corrected(raw):
    upheld(raw)
    upheld(raw, asked(column="end_date", value="2026-02-28"))
    row = raw.con.execute(
        f"SELECT landlord, end_date FROM ({as_known_sql('rent_tenancy', ON)}) "
        "WHERE tenancy_ref = 'T1'"
    ).fetchall()
    assert row == [("RP1", day("2026-02-28"))]


def test_only_an_upheld_one_holds(raw):
    receive(raw.con, Kind.CORRECTION, asked(), by="officer", reason="wrong", on=ON)
    assert apply_corrections(raw.con) == 0


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"key": {"tenancy_ref": "T9"}}, DataMissing, "no row with the key"),
        (
            {"column": "end_date", "value": "soon"},
            SettingsError,
            "does not fit rent_tenancy.end_date",
        ),
        ({"table": None, "key": {}, "column": None}, SettingsError, "table, key, column and value"),
    ],
)
def test_what_cannot_be_corrected_is_refused_without_its_values(raw, change, error, says):
    with pytest.raises(error) as caught:
        receive(raw.con, Kind.CORRECTION, asked(**change), by="officer", reason="wrong", on=ON)
    assert says in str(caught.value)
    assert "T9" not in str(caught.value)
    assert "soon" not in str(caught.value)


def test_the_book_keeps_every_step_and_the_clock_runs(raw):
    number = upheld(raw)
    steps = raw.con.execute(
        "SELECT step, recorded_by, reason FROM rights.request ORDER BY rowid"
    ).fetchall()
    assert steps == [("received", "officer", "wrong"), ("upheld", "head", "data_owner")]
    open_number = receive(raw.con, Kind.CORRECTION, asked(), by="officer", reason="wrong", on=ON)
    told = {one.request_id: one for one in requests(raw.con)}
    assert told[open_number].due_on == day("2026-04-01")
    assert overdue(told[open_number], day("2026-04-01")) is None
    late = overdue(told[open_number], day("2026-04-11"))
    assert late is not None
    assert late.days == 10
    assert overdue(told[number], day("2026-06-01")) is None


def test_it_does_not_bring_back_what_the_source_has_withdrawn(raw):
    """A full extract of February no longer held the row; one of May does, with the old error."""
    raw.add("rent_tenancy", "2026-02-28", tenancy_ref="T1", landlord="COUNCIL")
    raw.con.execute("UPDATE raw.rent_tenancy SET row_number = 0 WHERE recorded_date > '2026-02-01'")
    upheld(raw)
    assert known(raw, "2026-03-11") == []
    raw.add("rent_tenancy", "2026-05-01", tenancy_ref="T1", landlord="COUNCIL")
    apply_corrections(raw.con)
    assert known(raw, "2026-05-02") == ["RP1"]


def test_it_ends_with_a_row_that_is_withdrawn_later(raw):
    upheld(raw)
    raw.add("rent_tenancy", "2026-04-30", tenancy_ref="T1", landlord="COUNCIL")
    raw.con.execute("UPDATE raw.rent_tenancy SET row_number = 0 WHERE recorded_date > '2026-04-01'")
    apply_corrections(raw.con)
    assert known(raw, "2026-04-29") == ["RP1"]
    assert known(raw, "2026-04-30") == []


def test_a_version_that_came_late_is_mended_from_the_day_it_was_known(raw):
    """Recorded in February and first held by an extract of April, which repeats the error."""
    upheld(raw)
    raw.add("rent_tenancy", "2026-02-15", tenancy_ref="T1", landlord="COUNCIL", end_date=ON)
    raw.con.execute(
        "UPDATE raw.rent_tenancy SET known_since = '2026-04-30' WHERE recorded_date = '2026-02-15'"
    )
    apply_corrections(raw.con)
    assert known(raw, "2026-03-09") == ["COUNCIL"]
    assert known(raw, "2026-04-29") == ["RP1"]
    assert known(raw, "2026-04-30") == ["RP1"]


def test_a_version_that_does_not_stand_is_no_answer_of_the_source(raw):
    upheld(raw)
    raw.add("rent_tenancy", "2026-04-01", tenancy_ref="T1", landlord="RP2")
    raw.con.execute("UPDATE raw.rent_tenancy SET stands = false WHERE recorded_date = '2026-04-01'")
    apply_corrections(raw.con)
    assert known(raw, "2026-04-02") == ["RP1"]
