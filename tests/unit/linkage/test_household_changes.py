"""Households over time: what was known when, moves, partings and safety."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from linkage.households import build_households
from tests.unit.linkage.hand_made import (
    ANN,
    BEN,
    MONTH,
    MONTHLY,
    PLACE,
    HandMade,
    at,
    built,
    day,
    person,
    street,
)


@pytest.fixture
def raw() -> HandMade:
    return street()


def test_a_move_keeps_the_household_and_its_id(raw: HandMade) -> None:
    raw.account("A1", 101, "2023-03-01", ["LOWE, MS ANN"], nino_hash="n1", dob=day("1985-02-02"))
    raw.add(
        "ctax_account",
        "2026-06-12",
        account_ref="A1",
        uprn=101,
        liability_start=day("2023-03-01"),
        liability_end=day("2026-06-10"),
    )
    raw.account("A2", 102, "2026-06-10", ["LOWE, MS ANN"], nino_hash="n1", dob=day("1985-02-02"))
    built(raw)
    snapshots = raw.table("household_snapshot")
    assert snapshots["household_id"].n_unique() == 1
    keys = dict(raw.table("dwelling").select("uprn", "uprn_key").iter_rows())
    assert at(raw, "2026-05-31")["uprn_key"].to_list() == [keys[101]]
    assert at(raw, "2026-06-30")["uprn_key"].to_list() == [keys[102]]
    assert at(raw, "2026-06-30")["resident_since"].to_list() == [date(2026, 6, 10)]
    events = raw.table("household_event").select("event", "event_date").rows()
    assert events == [("MOVED", date(2026, 6, 30))]


def test_a_late_recorded_end_is_not_known_before(raw: HandMade) -> None:
    raw.account("A1", 101, "2023-03-01", ["LOWE, MS ANN"])
    raw.add(
        "ctax_account",
        "2026-09-12",
        account_ref="A1",
        uprn=101,
        liability_start=day("2023-03-01"),
        liability_end=day("2026-06-10"),
    )
    built(raw)
    assert at(raw, "2026-08-31").height == 1
    assert at(raw, "2026-09-30").is_empty()
    events = raw.table("household_event").select("event", "event_date").rows()
    assert events == [("LEFT_AREA", date(2026, 10, 31))]


def test_what_is_recorded_later_changes_no_earlier_snapshot(raw: HandMade) -> None:
    raw.account("A1", 101, "2023-03-01", ["LOWE, MS ANN"])
    raw.claim("C1", 101, MONTHLY, [ANN, {**BEN, "role": "PARTNER"}])
    raw.claim("C2", 102, MONTHLY[5:], [BEN])
    raw.tenancy("T1", 103, "2026-08-15", [ANN])
    built(raw)
    cut = date(2026, 6, 30)
    tables = ("household_snapshot", "household_member")
    before = [raw.table(name).filter(pl.col("snapshot_date") <= cut) for name in tables]
    for name in (
        "ctax_account",
        "ctax_party",
        "uc_award",
        "uc_member",
        "rent_tenancy",
        "rent_person",
        "ctax_recovery",
        "rent_balance",
        "shbe_claim",
    ):
        raw.con.execute(f"DELETE FROM raw.{name} WHERE recorded_date > DATE '{cut}'")
    build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=b"key", id_key=b"id")
    after = [raw.table(name).filter(pl.col("snapshot_date") <= cut) for name in tables]
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))
    assert before[0].height > 5


def test_a_placement_makes_temporary_accommodation_and_keeps_the_household(raw: HandMade) -> None:
    raw.claim("C1", 101, MONTHLY[:6], [ANN])
    raw.add("hclic_case", "2026-06-20", case_ref="H1", approach_date=day("2026-06-15"))
    raw.add(
        "hclic_person",
        "2026-06-20",
        case_ref="H1",
        person_seq=1,
        relationship_to_applicant="APPLICANT",
        **ANN,
    )
    raw.add(
        "hclic_ta",
        "2026-06-25",
        case_ref="H1",
        placement_seq=1,
        ta_type="PSL",
        placement_uprn=102,
        start_date=day("2026-06-24"),
    )
    built(raw)
    assert at(raw)["tenure"].to_list() == ["TA"]
    assert raw.table("household_snapshot")["household_id"].n_unique() == 1


def test_restricted_from_the_day_it_was_known_and_not_before(raw: HandMade) -> None:
    raw.claim("C1", 101, MONTHLY, [ANN, person(None, None, "2016-05-05")])
    raw.add(
        "hclic_case",
        "2026-08-20",
        case_ref="H1",
        approach_date=day("2026-05-15"),
        safety_marker=True,
        last_settled_uprn=101,
    )
    raw.add(
        "hclic_person",
        "2026-08-20",
        case_ref="H1",
        person_seq=1,
        relationship_to_applicant="APPLICANT",
        **ANN,
    )
    built(raw)
    marked = (
        raw.table("household_snapshot")
        .sort("snapshot_date")
        .select("snapshot_date", "x_restricted")
        .rows()
    )
    assert {restricted for when, restricted in marked if when < date(2026, 8, 31)} == {False}
    assert {restricted for when, restricted in marked if when >= date(2026, 8, 31)} == {True}


def test_a_refuge_is_never_keyed_by_its_property(raw: HandMade) -> None:
    raw.add("hclic_case", "2026-08-20", case_ref="H1", approach_date=day("2026-08-15"))
    raw.add(
        "hclic_person",
        "2026-08-20",
        case_ref="H1",
        person_seq=1,
        relationship_to_applicant="APPLICANT",
        **ANN,
    )
    raw.add(
        "hclic_ta",
        "2026-08-25",
        case_ref="H1",
        placement_seq=1,
        ta_type="HOSTEL_REFUGE",
        placement_uprn=102,
        start_date=day("2026-08-24"),
    )
    built(raw)
    row = at(raw).to_dicts()[0]
    assert (row["x_restricted"], row["uprn_key"]) == (True, None)


def test_a_child_goes_with_the_parent_after_the_claim_has_ended(raw: HandMade) -> None:
    raw.account("A1", 101, "2023-03-01", ["LOWE, MS ANN"], nino_hash="n1", dob=day("1985-02-02"))
    raw.claim("C1", 101, MONTHLY[:3], [ANN, person(None, None, "2016-05-05")])
    built(raw)
    assert at(raw)["size"].to_list() == [2]


def test_partners_who_part_are_two_households_and_the_home_keeps_its_id(raw: HandMade) -> None:
    raw.account("A1", 101, "2023-03-01", ["LOWE, MS ANN"], nino_hash="n1", dob=day("1985-02-02"))
    raw.claim("C1", 101, MONTHLY[:5], [ANN, {**BEN, "role": "PARTNER"}])
    raw.claim("C2", 101, MONTHLY[5:], [ANN])
    raw.account("A2", 102, "2026-06-05", ["HART, MR BEN"], nino_hash="n2", dob=day("1983-06-16"))
    raw.claim("C3", 102, MONTHLY[5:], [BEN])
    built(raw)
    first = at(raw, "2026-05-31")["household_id"].to_list()
    last = raw.table("household_member").filter(pl.col("snapshot_date") == MONTH)
    ann = raw.people("uc")["uc:C1|1"]
    assert first == last.filter(pl.col("person_id") == ann)["household_id"].to_list()
    events = raw.table("household_event").filter(pl.col("event_date") == day("2026-06-30"))
    assert set(events["event"]) == {"MEMBER_OUT", "SPLIT"}
