"""A source of one person's home that falls silent says nothing of whom the person lives with."""

from __future__ import annotations

from tests.spec.linkage.test_household_rules import CHILD, GROWN
from tests.unit.linkage.by_hand import ByHand, street
from tests.unit.linkage.hand_made import MONTHLY, day


def _cared_for(place: ByHand, known: str, uprn: int) -> None:
    place.add(
        "cs_address",
        known,
        addr_person_id="P1",
        addr_address_type="HOME",
        addr_start=day(known),
        uprn=uprn,
    )


def test_an_address_that_nobody_ended_is_confirmed_only_when_it_is_written():
    place = street().who("eve", CHILD, "cs:P1")
    _cared_for(place, "2026-02-10", 101)
    place.add("cs_address", "2026-10-10", addr_person_id="x", addr_start=day("2026-10-10"))
    place.build()
    assert place.of("eve", "2026-07-31") is not None
    assert place.of("eve", "2026-08-31") is None


def test_a_child_goes_with_the_parent_though_social_care_told_of_it_last():
    place = (
        street().who("ann", GROWN, "uc:C1|1", "ctax:A1|A1p0").who("eve", CHILD, "uc:C1|2", "cs:P1")
    )
    place.claim("C1", 101, [p for p in MONTHLY if p[1] < "2026-02-15"], [{}, {"role": "CHILD"}])
    place.account("A1", 101, "2026-01-15", ["X"])
    _cared_for(place, "2026-02-20", 101)
    place.build()
    assert place.households("2026-10-31") == {frozenset({"ann", "eve"})}
