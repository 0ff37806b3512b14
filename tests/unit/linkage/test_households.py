"""Who is one household, and what it is, on a few hand-made rows."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from contracts.errors import DataMissing
from linkage.households import build_households
from linkage.households.dwellings import pseudonym
from linkage.people import link_people
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
    together,
)


@pytest.fixture
def raw() -> HandMade:
    return street()


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


def test_audit_of_the_lead_person_with_the_home_to_fall_back_on(raw: HandMade) -> None:
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
    link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=None, id_key=b"id")
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
        build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=None, id_key=b"id")


def test_a_place_without_any_record(raw: HandMade) -> None:
    built(raw)
    assert at(raw).is_empty()
    assert raw.table("household_event").is_empty()
