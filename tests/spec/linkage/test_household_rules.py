"""The rules of who lives where with whom, one small place for each."""

from __future__ import annotations

from datetime import date

import polars as pl

from linkage.households.dwellings import pseudonym
from linkage.households.safety import without_severed_sql
from tests.unit.linkage.by_hand import ByHand, street
from tests.unit.linkage.hand_made import MONTHLY, PLACE, day

GROWN, OTHER_GROWN, CHILD = 198502, 198306, 201605
_CLAIMANT = {"role": "CLAIMANT"}
_CHILD = {"role": "CHILD"}


def couple() -> ByHand:
    """Ann and Ben, liable together at 101 since 2020."""
    place = street()
    place.account("A1", 101, "2020-03-01", ["X", "Y"])
    place.who("ann", GROWN, "ctax:A1|A1p0", "uc:C1|1", "hclic:H1|1", "ctax:A2|A2p0")
    return place.who("ben", OTHER_GROWN, "ctax:A1|A1p1", "hclic:H1|2", "ctax:A3|A3p0")


def ends(place: ByHand, ref: str, uprn: int, days: tuple[str, str], known: str) -> None:
    """An account that is known from a day to have ended."""
    start, end = days
    place.add(
        "ctax_account",
        known,
        account_ref=ref,
        property_ref=f"x{uprn}",
        uprn=uprn,
        liability_start=day(start),
        liability_end=day(end),
    )


# ---- evidence -----------------------------------------------------------------------------------


def test_every_other_source_places_a_person_with_its_own_strength():
    place, known = street(*range(101, 108)), "2026-10-10"
    for home, (name, born, record) in enumerate(
        [
            ("school", CHILD, "school:U1"),
            ("cs", CHILD, "cs:P1"),
            ("asc", GROWN, "asc:L1"),
            ("elect", GROWN, "elect:E1"),
            ("hreg", GROWN, "hreg:R1|1"),
            ("gp at 41", GROWN, "gp:g106"),
            ("gp at 30", 199606, "gp:g107"),
        ],
        start=101,
    ):
        place.who(name, born, record)
        if record.startswith("gp"):
            place.add(
                "gp_patient", known, nhs_pid=f"g{home}", reg_start=day("2020-01-01"),
                puprn=pseudonym(home, b"key"), practice_dsa_in_place=True,
            )  # fmt: skip
    place.school("U1", 101, known)
    place.add(
        "cs_address", known, addr_person_id="P1", addr_address_type="HOME",
        addr_start=day("2026-08-01"), uprn=102,
    )  # fmt: skip
    place.add("asc_person", known, la_person_id="L1", uprn=103)
    place.add("elector", known, elector_no="E1", uprn=104, added_date=day("2026-01-01"))
    place.add(
        "hreg_application", known, app_ref="R1", registered_date=day("2026-09-01"),
        current_uprn=105,
    )  # fmt: skip
    place.add("hreg_member", known, app_ref="R1", member_id="1", relationship="APPLICANT")
    place.fresh(date(2026, 10, 31))
    place.build()
    found = {name: place.of(name) for name in place.known}
    assert {name: row["residency_confidence"] for name, row in found.items() if row} == {
        "school": 0.80,
        "cs": 0.75,
        "asc": 0.70,
        "elect": 0.55,
        "hreg": 0.35,
        "gp at 41": 0.60,
        "gp at 30": 0.45,
    }


def test_a_stay_of_under_28_days_is_dropped_unless_it_is_a_placement():
    place = street().who("ann", GROWN, "ctax:A1|A1p0", "hclic:H1|1")
    place.account("A1", 101, "2026-09-10", ["X"], end="2026-10-04")
    place.case("H1", "2026-09-01", "APPLICANT").placed("H1", "2026-09-02", 102, "2026-09-20")
    place.build()
    roles = set(place.rows("residency_evidence")["role"])
    assert roles == {"placement"}


def test_a_gap_of_up_to_31_days_is_one_stay():
    place = street().who("ann", GROWN, "ctax:A1|A1p0", "ctax:A2|A2p0")
    place.account("A1", 101, "2024-01-01", ["X"], end="2026-05-20")
    place.account("A2", 101, "2026-06-10", ["X"])
    place.fresh(date(2026, 10, 31))
    place.build()
    spells = place.rows("residency_spell").select("spell_from", "spell_to", "inferred_end").rows()
    assert spells == [(date(2024, 1, 1), None, False)]
    found = place.of("ann")
    assert found is not None
    assert found["resident_since"] == date(2024, 1, 1)


def test_an_end_that_nobody_recorded_is_half_the_stale_horizon_after_the_last_evidence():
    place = street().who("ann", GROWN, "uc:C1|1").claim("C1", 101, MONTHLY[:3], [_CLAIMANT])
    place.build()
    spell = place.rows("residency_spell").to_dicts()[0]
    assert spell["inferred_end"]
    assert spell["spell_to"] == day("2026-05-14")  # 28 March and 95 // 2 days
    assert place.of("ann") is None


# ---- one dwelling, many households --------------------------------------------------------------


def shared(*classes: str) -> ByHand:
    """For each class of home two people who share nothing, with the home on file in social care."""
    place = street(101)
    for number, blpu in enumerate(classes):
        place.home(201 + number, blpu_class=blpu)
        for one in "ab":
            place.who(f"{blpu}{one}", GROWN, f"asc:{blpu}{one}")
            place.add("asc_person", "2026-09-10", la_person_id=f"{blpu}{one}", uprn=201 + number)
    return place


def test_a_home_with_a_sign_is_split():
    signs = ("RH01", "RH02", "RH03", "PP")
    place = shared("RD04", *signs)
    place.build()
    assert place.households() == {frozenset({"RD04a", "RD04b"})} | {
        frozenset({f"{sign}{one}"}) for sign in signs for one in "ab"
    }
    # Nothing says on what either stands there.
    kinds = {row["hh_kind"] for sign in signs if (row := place.of(f"{sign}a"))}
    assert kinds == {"MULTI_HOUSEHOLD_UNRESOLVED"}


def test_two_live_accounts_split_a_home_and_two_tenancies_too():
    place = street().who("ann", GROWN, "ctax:A1|A1p0").who("ben", OTHER_GROWN, "ctax:A2|A2p0")
    place.account("A1", 101, "2023-01-01", ["X"]).account("A2", 101, "2024-01-01", ["Y"])
    place.who("cat", GROWN, "rent:T1|T1p0").who("dan", OTHER_GROWN, "rent:T2|T2p0")
    place.tenancy("T1", 102, "2023-01-01", [{}]).tenancy("T2", 102, "2024-01-01", [{}])
    place.fresh(date(2026, 10, 31))
    place.build()
    assert place.households() == {frozenset({name}) for name in ("ann", "ben", "cat", "dan")}


def test_ten_residents_are_split_by_what_they_stand_on():
    place = street()
    for number in range(10):
        place.who(f"p{number}", GROWN, f"asc:L{number}", f"uc:C{number // 2}|{number % 2 + 1}")
        place.add("asc_person", "2026-09-10", la_person_id=f"L{number}", uprn=101)
    for claim in range(5):
        roles = [_CLAIMANT, {"role": "PARTNER"}]
        place.claim(f"C{claim}", 101, MONTHLY[-2:], roles)
    place.build()
    assert place.households() == {frozenset({f"p{n}", f"p{n + 1}"}) for n in range(0, 10, 2)}


def test_a_pupil_goes_with_the_parent_of_their_surname_in_a_shared_house():
    place = shared("RH03")
    place.who("ann", GROWN, "uc:C1|1", surname="Lowe")
    place.who("kid", CHILD, "school:U1", surname="Lowe").who("ben", OTHER_GROWN, "uc:C2|1")
    place.claim("C1", 201, MONTHLY, [_CLAIMANT]).claim("C2", 201, MONTHLY, [_CLAIMANT])
    place.school("U1", 201, "2026-09-10")
    place.build()
    assert {frozenset({"ann", "kid"}), frozenset({"ben"})} < place.households()


def test_communal_homes_hold_single_people_and_say_of_what_kind():
    place = shared("RI01", "RI02", "RI03").home(300).home(400)
    for building, flats in ((300, 14), (400, 15)):
        for number in range(1, flats + 1):
            place.home(building + number, parent_uprn=building, blpu_class="RD08")
        place.who(f"of {flats}", GROWN, f"asc:{building}")
        place.add("asc_person", "2026-09-10", la_person_id=str(building), uprn=building + 1)
    place.build()
    names = ("RI01a", "RI02a", "RI03a", "of 14", "of 15")
    rows = {name: row for name in names if (row := place.of(name))}
    assert {
        name: (row["hh_kind"], row["communal_type"], row["size"]) for name, row in rows.items()
    } == {
        "RI01a": ("COMMUNAL", "CARE_HOME", 1),
        "RI02a": ("COMMUNAL", "COMMUNAL_RESIDENCE", 1),
        "RI03a": ("COMMUNAL", "EDUCATION", 1),
        "of 14": ("HOUSEHOLD", None, 1),
        "of 15": ("COMMUNAL", "SHELTERED", 1),
    }


# ---- over time ----------------------------------------------------------------------------------


def test_temporary_accommodation_is_entered_and_left_by_the_same_household():
    place = couple().case("H1", "2026-04-02", "APPLICANT", "PARTNER")
    ends(place, "A1", 101, ("2020-03-01", "2026-04-10"), "2026-04-20")
    place.placed("H1", "2026-04-10", None).placed("H1", "2026-04-10", None, "2026-08-12")
    place.account("A2", 102, "2026-08-12", ["X", "Y"])
    place.fresh(date(2026, 10, 31))
    place.build()
    ids = {place.of("ann", str(when))["household_id"] for when in PLACE_MONTHS}
    assert len(ids) == 1
    assert [e for e in place.events() if "TA" in e[1]] == [
        ("2026-04-30", "ENTERED_TA"),
        ("2026-08-31", "LEFT_TA"),
    ]


PLACE_MONTHS = [date(2026, m, d) for m, d in ((3, 31), (4, 30), (7, 31), (8, 31), (10, 31))]


def test_two_households_that_become_one_are_merged():
    place = street().who("ann", GROWN, "ctax:A1|A1p0").who("ben", OTHER_GROWN, "ctax:A2|A2p0")
    place.who("cat", OTHER_GROWN, "ctax:A1|A1p1")
    place.known["ben"][3].append("ctax:A3|A3p2")
    place.known["ann"][3].append("ctax:A3|A3p0")
    place.known["cat"][3].append("ctax:A3|A3p1")
    place.account("A1", 101, "2020-03-01", ["X", "Z"]).account("A2", 102, "2021-01-01", ["Y"])
    ends(place, "A2", 102, ("2021-01-01", "2026-06-10"), "2026-06-12")
    ends(place, "A1", 101, ("2020-03-01", "2026-06-10"), "2026-06-12")
    place.account("A3", 101, "2026-06-10", ["X", "Z", "Y"])
    place.fresh(date(2026, 10, 31))
    place.build()
    happened = {event for when, event in place.events() if when == "2026-06-30"}
    assert happened == {"MEMBER_IN", "MERGED", "DISSOLVED"}


def test_a_tenant_who_died_is_no_resident_and_the_household_says_why():
    place = street().who("ann", 194001, "rent:T1|T1p0")
    place.tenancy("T1", 101, "2015-01-01", [{}])
    place.add(
        "rent_tenancy", "2026-06-15", tenancy_ref="T1", pay_ref="T1", uprn=101,
        landlord="COUNCIL", tenure="SECURE", start_date=day("2015-01-01"),
        end_date=day("2026-06-02"), end_reason="DIED",
    )  # fmt: skip
    place.fresh(date(2026, 10, 31))
    place.build()
    assert place.of("ann", "2026-06-30") is None
    happened = [event for _, event in place.events()]
    assert "DIED" in happened
    assert "LEFT_AREA" not in happened


def test_a_property_that_took_anothers_place_is_no_move():
    place = couple().home(999)
    place.add(
        "uprn_succession", "2026-05-10", old_uprn=101, new_uprn=999,
        change_date=day("2026-05-01"), change_type="replace",
    )  # fmt: skip
    place.fresh(date(2026, 10, 31))
    place.build()
    before, after = place.of("ann", "2026-04-30"), place.of("ann", "2026-05-31")
    assert before is not None
    assert after is not None
    assert before["household_id"] == after["household_id"]
    assert before["uprn_key"] != after["uprn_key"]
    assert place.events() == []


def test_what_a_property_was_split_into_is_chosen_over_it():
    place = couple().home(901).home(902)
    for new in (901, 902):
        place.add(
            "uprn_succession", "2026-05-10", old_uprn=101, new_uprn=new,
            change_date=day("2026-05-01"), change_type="split",
        )  # fmt: skip
    place.claim("C1", 902, MONTHLY, [_CLAIMANT])
    place.fresh(date(2026, 10, 31))
    place.build()
    keys = dict(place.rows("dwelling").select("uprn", "uprn_key").iter_rows())
    found = place.of("ann")
    assert found is not None
    assert found["uprn_key"] == keys[902]


# ---- parting ------------------------------------------------------------------------------------


def parted(*, marker: bool) -> ByHand:
    """Ann leaves Ben in May; in June her case says why, where there is a marker."""
    place = couple()
    reason = "DOMESTIC_ABUSE" if marker else "RELATIONSHIP_NONVIOLENT"
    place.case("H1", "2026-05-04", "APPLICANT", reason_loss=reason)
    place.known["ben"][3].remove("hclic:H1|2")
    ends(place, "A1", 101, ("2020-03-01", "2026-05-08"), "2026-05-15")
    place.account("A3", 101, "2026-05-08", ["Y"], known="2026-05-15")
    place.account("A2", 102, "2026-05-08", ["X"], known="2026-05-15")
    place.fresh(date(2026, 10, 31))
    place.build()
    return place


def test_partners_who_part_keep_one_id_between_them():
    place = parted(marker=False)
    before = place.of("ben", "2026-04-30")
    after = {place.of(name)["household_id"] for name in ("ann", "ben")}
    assert before is not None
    assert before["household_id"] in after
    assert place.rows("severed").is_empty()
    assert "SPLIT" in {event for _, event in place.events()}


def test_after_abuse_neither_side_goes_on_as_the_household_and_nothing_joins_them():
    place = parted(marker=True)
    before = place.of("ben", "2026-04-30")
    ann, ben = place.of("ann"), place.of("ben")
    assert before is not None
    assert ann is not None
    assert ben is not None
    assert len({before["household_id"], ann["household_id"], ben["household_id"]}) == 3
    events = place.rows("household_event").filter(pl.col("event_date") == day("2026-05-31"))
    assert sorted(events["event"]) == ["DISSOLVED", "FORMED", "FORMED"]
    sides = {ann["household_id"], ben["household_id"]}
    for row in events.to_dicts():
        named = {row["household_id"], row["from_household_id"], row["to_household_id"]}
        assert len(named - {None}) == 1
    severed = place.rows("severed").sort("household_id")
    assert set(severed["household_id"]) == sides
    numbers = {name: number for name, (number, *_) in place.known.items()}
    assert (ann["household_id"], numbers["ben"]) in severed.select(
        "household_id", "person_id"
    ).rows()
    assert set(severed["severed_from"]) == {day("2026-05-31")}


def test_a_debt_in_both_names_does_not_follow_the_survivor():
    place = parted(marker=True)
    holders = """
        SELECT p.account_ref AS value, l.person_id FROM raw.ctax_party p
        JOIN m2026_10.person_link l
          ON l.source = 'ctax' AND l.local_id = p.account_ref || '|' || p.party_ref"""
    reach = f"""
        SELECT DISTINCT m.household_id, m.snapshot_date, h.value
        FROM m2026_10.household_member m JOIN ({holders}) h USING (person_id)"""
    kept = place.con.sql(without_severed_sql(reach, holders, schema="m2026_10")).pl()
    ann = place.of("ann")
    assert ann is not None
    mine = kept.filter(pl.col("household_id") == ann["household_id"])
    assert set(mine["value"]) == {"A2"}


# ---- children of two homes, and no home ---------------------------------------------------------


def test_a_child_of_two_homes_has_a_main_and_a_second_one():
    place = street().who("ann", GROWN, "uc:C1|1").who("ben", OTHER_GROWN, "shbe:B1|1")
    place.who("kid", CHILD, "uc:C1|2", "shbe:B1|2", "school:U1")
    place.claim("C1", 101, MONTHLY, [_CLAIMANT, _CHILD]).school("U1", 101, "2026-09-10")
    place.add(
        "shbe_claim", "2026-10-08", claim_ref="B1", scan_date=day("2026-10-08"), uprn=102,
        award_start=day("2025-01-01"), tenancy_type="PRIVATE_DEREG_LHA",
    )  # fmt: skip
    for seq, role in enumerate(("CLAIMANT", "CHILD"), start=1):
        place.add("shbe_member", "2026-10-08", claim_ref="B1", member_seq=seq, role=role)
    place.fresh(date(2026, 10, 31))
    place.build()
    kid = place.known["kid"][0]
    rows = place.rows("household_member").filter(
        (pl.col("person_id") == kid) & (pl.col("snapshot_date") == day("2026-10-31"))
    )
    homes = {name: place.of(name)["household_id"] for name in ("ann", "ben")}
    assert dict(rows.select("share", "household_id").iter_rows()) == {
        "main": homes["ann"],
        "secondary": homes["ben"],
    }
    ben = place.of("ben")
    assert ben is not None
    assert ben["size"] == 1


def test_people_with_no_home_are_offered_help_where_they_last_had_one():
    place = street(101).who("ann", GROWN, "hclic:H1|1").who("ben", OTHER_GROWN, "hclic:H2|1")
    place.case("H1", "2025-11-02", "APPLICANT", last_settled_uprn=101)
    place.case("H2", "2026-09-02", "APPLICANT")
    # An address that could not be matched, with the postcode of 101.
    place.who("cat", GROWN, "uc:C1|1")
    place.claim("C1", None, MONTHLY, [_CLAIMANT], postcode="nm11aa")
    served = PLACE.model_copy(update={"homeless_service_neighbourhood": "N4"})
    place.fresh(date(2026, 10, 31))
    place.build(place=served)
    columns = ("hh_kind", "size", "neighbourhood_code", "neighbourhood_basis")
    found = {name: place.of(name) for name in ("ann", "ben", "cat")}
    assert {name: tuple(f[c] for c in columns) for name, f in found.items() if f} == {
        "ann": ("NO_FIXED_ABODE", 1, "N1", "LAST_SETTLED"),
        "ben": ("NO_FIXED_ABODE", 1, "N4", "SERVICE"),
        "cat": ("NO_FIXED_ABODE", 1, "N1", "POSTCODE"),
    }


# ---- release after release ----------------------------------------------------------------------


def test_ids_carry_on_into_the_next_release():
    place = couple().who("cat", GROWN, "ctax:A4|A4p0")
    place.account("A4", 103, "2026-03-05", ["Z"])
    place.fresh(date(2026, 11, 30))
    place.build(date(2026, 10, 31))
    place.account("A5", 104, "2026-11-10", ["Q"]).who("dan", GROWN, "ctax:A5|A5p0")
    place.build(date(2026, 11, 30))
    old, new = (
        place.rows("household_member", month).select("snapshot_date", "person_id", "household_id")
        for month in (date(2026, 10, 31), date(2026, 11, 30))
    )
    both = old.join(new, on=["snapshot_date", "person_id"])
    assert both.height > 20
    assert both.filter(pl.col("household_id") != pl.col("household_id_right")).is_empty()
    last = new.filter(pl.col("snapshot_date") == day("2026-11-30"))
    assert last["household_id"].n_unique() == 3
