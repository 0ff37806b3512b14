"""Households on a few hand-made rows."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from contracts.errors import DataMissing
from contracts.months import month_ends
from linkage.households import build_households
from linkage.people import link_people
from tests.unit.linkage.hand_made import MONTH, PLACE, HandMade, day, person

MONTHLY = [(f"2026-{m:02d}-01", f"2026-{m:02d}-28") for m in range(1, 11)]
ANN = person("Ann", "Lowe", "1985-02-02", nino_hash="n1", sex="F")
BEN = person("Ben", "Hart", "1983-06-16", nino_hash="n2", sex="M")


def built(raw: HandMade) -> None:
    # The systems go on recording other people's affairs in every month.
    for month in month_ends(date(2025, 10, 1), MONTH):
        known, number = str(month), str(month)
        raw.add("ctax_recovery", known, recovery_id=number, stage_date=month)
        raw.add("rent_balance", known, pay_ref="fresh", balance_date=month, balance=0)
        raw.add("hclic_case", known, case_ref=number, approach_date=month)
    link_people(raw.con, place=PLACE, month=MONTH, seed=1)
    build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=b"key")


def at(raw: HandMade, when: str = "2026-10-31") -> pl.DataFrame:
    return raw.table("household_snapshot").filter(pl.col("snapshot_date") == day(when))


def together(raw: HandMade, when: str = "2026-10-31") -> set[frozenset[str]]:
    """Households as sets of records."""
    members = raw.table("household_member").filter(pl.col("snapshot_date") == day(when))
    links = (
        raw.table("person_link")
        .group_by("person_id")
        .agg((pl.col("source") + ":" + pl.col("local_id")).min().alias("record"))
    )
    groups = members.join(links, on="person_id").group_by("household_id").agg("record")
    return {frozenset(records) for records in groups["record"]}


@pytest.fixture
def raw() -> HandMade:
    place = HandMade().area()
    for uprn in range(101, 106):
        place.home(uprn)
    return place


def test_a_family_of_three_sources_is_one_household(raw: HandMade) -> None:
    raw.account("A1", 101, "2023-03-01", ["LOWE, MS ANN"])
    raw.tenancy("T1", 101, "2023-03-01", [ANN])
    raw.claim(
        "C1", 101, MONTHLY, [ANN, {**BEN, "role": "PARTNER"}, person(None, None, "2016-05-05")]
    )
    built(raw)
    row = at(raw).to_dicts()[0]
    assert at(raw).height == 1
    assert (row["size"], row["adults"], row["children_0_4"], row["children_5_17"]) == (3, 2, 0, 1)
    assert (row["composition"], row["tenure"], row["tenure_source"]) == (
        "COUPLE_DEP",
        "COUNCIL",
        "rent",
    )
    assert (row["hh_kind"], row["neighbourhood_code"], row["imd_decile"]) == ("HOUSEHOLD", "N1", 3)
    assert row["resident_since"] == date(2023, 3, 1)
    assert row["residency_confidence"] > 0.85
    roles = raw.table("household_member").filter(pl.col("snapshot_date") == MONTH)["role"]
    assert sorted(roles) == ["ADULT", "CHILD", "LEAD"]


def test_the_lead_is_the_tenant(raw: HandMade) -> None:
    raw.account("A1", 101, "2023-03-01", ["HART, MR BEN"])
    raw.tenancy("T1", 101, "2023-03-01", [ANN])
    built(raw)
    lead = raw.people("rent")["rent:T1|T1p0"]
    assert at(raw)["lead_person_id"].to_list() == [lead]


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
    build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=b"key")
    after = [raw.table(name).filter(pl.col("snapshot_date") <= cut) for name in tables]
    assert all(one.equals(other) for one, other in zip(before, after, strict=True))
    assert before[0].height > 5


def test_two_claims_of_strangers_at_one_home_are_two_households(raw: HandMade) -> None:
    raw.claim("C1", 101, MONTHLY, [ANN])
    raw.claim("C2", 101, MONTHLY, [BEN])
    built(raw)
    assert together(raw) == {frozenset({"uc:C1|1"}), frozenset({"uc:C2|1"})}
    assert at(raw)["hh_kind"].to_list() == ["HOUSEHOLD", "HOUSEHOLD"]


def test_a_grown_child_with_a_claim_of_their_own_stays(raw: HandMade) -> None:
    raw.claim("C1", 101, MONTHLY, [ANN])
    raw.claim("C2", 101, MONTHLY, [person("Tom", "Lowe", "2005-03-03", nino_hash="n9")])
    built(raw)
    assert together(raw) == {frozenset({"uc:C1|1", "uc:C2|1"})}
    assert at(raw)["composition"].to_list() == ["ADULT_CHILD_AT_HOME"]


def test_a_couple_on_one_account_and_two_claims_is_one_household(raw: HandMade) -> None:
    raw.account("A1", 101, "2023-03-01", ["LOWE, MS ANN", "HART, MR BEN"])
    raw.claim("C1", 101, MONTHLY, [ANN])
    raw.claim("C2", 101, MONTHLY, [BEN])
    built(raw)
    assert at(raw).height == 1
    assert at(raw)["composition"].to_list() == ["COUPLE_NOCHILD"]


def test_a_shared_house_is_split_by_what_people_stand_on_together(raw: HandMade) -> None:
    raw.home(201, blpu_class="RH03")
    raw.claim("C1", 201, MONTHLY, [ANN, person(None, None, "2016-05-05")])
    raw.claim("C2", 201, MONTHLY, [BEN])
    raw.add(
        "welfare_applicant", person_local_id="W1", **person("Eve", "Frost", "1990-01-02"), uprn=201
    )
    raw.add(
        "welfare_award",
        "2026-10-20",
        person_local_id="W1",
        award_id="W",
        uprn=201,
        decision_date=day("2026-10-19"),
    )
    built(raw)
    assert together(raw) == {
        frozenset({"uc:C1|1", "uc:C1|2"}),
        frozenset({"uc:C2|1"}),
        frozenset({"welfare:W1"}),
    }
    kinds = at(raw).sort("size", "hh_kind")["hh_kind"].to_list()
    # Nothing says how the third lives there.
    assert kinds == ["HOUSEHOLD", "MULTI_HOUSEHOLD_UNRESOLVED", "HOUSEHOLD"]


def test_communal_homes_hold_single_people(raw: HandMade) -> None:
    raw.home(201, blpu_class="RI01")
    raw.claim("C1", 201, MONTHLY, [ANN])
    raw.claim("C2", 201, MONTHLY, [BEN])
    built(raw)
    assert at(raw)["hh_kind"].to_list() == ["COMMUNAL", "COMMUNAL"]
    assert at(raw)["size"].to_list() == [1, 1]


def test_a_flat_is_chosen_over_the_shell_of_its_building(raw: HandMade) -> None:
    raw.home(300, blpu_class="PP").home(301, parent_uprn=300).home(302, parent_uprn=300)
    raw.account("A1", 301, "2023-03-01", ["LOWE, MS ANN"], nino_hash="n1", dob=day("1985-02-02"))
    raw.claim("C1", 300, MONTHLY, [ANN, person(None, None, "2016-05-05")])
    built(raw)
    keys = dict(raw.table("dwelling").select("uprn", "uprn_key").iter_rows())
    assert keys[301] in at(raw)["uprn_key"].to_list()
    homes = at(raw).filter(pl.col("uprn_key") == keys[301])
    assert homes["adults"].to_list() == [1]


def test_people_known_to_a_service_with_no_home_are_kept_with_their_children(raw: HandMade) -> None:
    raw.add("hclic_case", "2026-09-02", case_ref="H1", approach_date=day("2026-09-01"))
    for seq, (who, how) in enumerate(
        [(ANN, "APPLICANT"), (person("Rhys", "Lowe", "2016-05-05"), "CHILD")], start=1
    ):
        raw.add(
            "hclic_person",
            "2026-09-02",
            case_ref="H1",
            person_seq=seq,
            relationship_to_applicant=how,
            **who,
        )
    built(raw)
    row = at(raw).to_dicts()[0]
    assert (row["hh_kind"], row["size"], row["uprn_key"]) == ("NO_FIXED_ABODE", 2, None)
    assert row["composition"] == "LONE_PARENT_DEP"


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


def test_audit_of_the_lead_person_with_the_home_to_fall_back_on(raw: HandMade) -> None:
    from linkage.households.dwellings import pseudonym

    raw.claim("C1", 101, MONTHLY, [ANN])
    for number, category in enumerate("HHA"):
        raw.add(
            "gp_patient",
            nhs_pid=f"g{number}",
            practice_ods="A",
            reg_start=day("2020-01-01"),
            ethnic16=category,
            puprn=pseudonym(101, b"key"),
            practice_dsa_in_place=True,
        )
    raw.claim("C2", 102, MONTHLY, [BEN])
    built(raw)
    rows = raw.table("household_audit").filter(pl.col("snapshot_date") == MONTH).sort("sex")
    assert rows.drop("household_id", "snapshot_date").rows() == [
        ("ASIAN", "35-49", "F", "NOT_RECORDED", "UNKNOWN", "3-4"),
        ("NOT_RECORDED", "35-49", "M", "NOT_RECORDED", "UNKNOWN", "3-4"),
    ]


def test_without_a_key_homes_have_no_pseudonym(raw: HandMade) -> None:
    raw.claim("C1", 101, MONTHLY, [ANN])
    link_people(raw.con, place=PLACE, month=MONTH, seed=1)
    build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=None)
    homes = raw.table("dwelling")
    assert homes["puprn"].null_count() == homes.height == 5
    assert homes["address_line"][0] == "101 HIGH STREET, NORTHMERE, NM1 1AA"


def test_evidence_carries_its_strength_and_staleness(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2023-03-01", [ANN])
    raw.claim("C1", 101, MONTHLY[-1:], [ANN])
    built(raw)
    evidence = raw.table("residency_evidence").select("source", "role", "strength", "stale_days")
    assert evidence.rows() == [("rent", "rent_tenant", 0.95, 35), ("uc", "claimant", 0.9, 95)]


def test_people_must_be_linked_first(raw: HandMade) -> None:
    with pytest.raises(DataMissing, match="person_link"):
        build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=None)


def test_a_place_without_any_record(raw: HandMade) -> None:
    built(raw)
    assert at(raw).is_empty()
    assert raw.table("household_event").is_empty()
