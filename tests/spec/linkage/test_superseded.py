"""What council tax and landlords know of a home goes before what others said of it earlier."""

from __future__ import annotations

from datetime import date

from tests.spec.linkage.test_household_rules import GROWN, OTHER_GROWN, couple, ends
from tests.unit.linkage.by_hand import street
from tests.unit.linkage.hand_made import MONTHLY, day

SUMMER = [period for period in MONTHLY if period[1] < "2026-07-20"]


def test_an_award_is_not_believed_once_the_account_at_that_home_has_ended():
    place = street().who("ann", GROWN, "ctax:A1|A1p0", "welfare:W1")
    place.account("A1", 101, "2023-03-01", ["X"])
    place.add("welfare_applicant", "2026-05-10", person_local_id="W1", uprn=101)
    place.add(
        "welfare_award",
        "2026-05-10",
        award_id="W1",
        person_local_id="W1",
        uprn=101,
        application_date=day("2026-05-01"),
        decision_date=day("2026-05-10"),
    )
    ends(place, "A1", 101, ("2023-03-01", "2026-08-01"), known="2026-08-05")
    place.build()
    assert place.of("ann", "2026-07-31") is not None
    assert place.of("ann", "2026-08-31") is None


def test_a_claim_that_goes_on_at_a_home_after_its_account_ended_is_believed():
    place = street().who("ann", GROWN, "ctax:A1|A1p0", "uc:C1|1")
    place.account("A1", 101, "2023-03-01", ["X"])
    place.claim("C1", 101, MONTHLY, [{}])
    ends(place, "A1", 101, ("2023-03-01", "2026-03-01"), known="2026-03-05")
    place.build()
    assert place.of("ann") is not None


def test_people_new_to_a_home_who_take_it_end_what_was_last_told_before():
    place = street().who("ann", GROWN, "uc:C1|1").who("zoe", OTHER_GROWN, "ctax:A1|A1p0")
    place.claim("C1", 101, SUMMER, [{}])
    place.account("A1", 101, "2026-09-01", ["Z"])
    place.build()
    assert place.of("ann", "2026-08-31") is not None
    assert place.households("2026-09-30") == {frozenset({"zoe"})}


def test_somebody_of_the_home_who_takes_its_account_ends_nobodys_stay():
    place = street().who("ann", GROWN, "uc:C1|1").who("ben", OTHER_GROWN, "uc:C1|2", "ctax:A1|A1p0")
    place.claim("C1", 101, SUMMER, [{}, {"role": "PARTNER"}])
    place.account("A1", 101, "2026-09-01", ["Y"])
    place.build()
    assert place.households("2026-09-30") == {frozenset({"ann", "ben"})}


def test_nobody_follows_others_back_to_a_home_where_their_own_account_ended():
    place = couple()
    for known, tenancy in (("2026-03-10", "PRIVATE_REGULATED"), ("2026-09-10", "RP_ALLOWANCE")):
        place.add(
            "shbe_claim",
            known,
            claim_ref="C1",
            scan_date=day(known),
            award_start=day("2021-01-01"),
            uprn=101,
            tenancy_type=tenancy,
        )
    for seq, (name, role) in enumerate((("ann", "CLAIMANT"), ("ben", "PARTNER")), start=1):
        place.add("shbe_member", "2026-03-10", claim_ref="C1", member_seq=seq, role=role)
        place.known[name][3].append(f"shbe:C1|{seq}")
    ends(place, "A1", 101, ("2020-03-01", "2026-08-15"), known="2026-08-20")
    place.account("A2", 101, "2026-08-15", ["X"])
    place.fresh(date(2026, 10, 31))
    place.build()
    assert place.households("2026-07-31") == {frozenset({"ann", "ben"})}
    assert place.households("2026-09-30") == {frozenset({"ann"})}
