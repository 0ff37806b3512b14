"""The gazetteer says which property a council tax account is billed for."""

from __future__ import annotations

from tests.spec.linkage.test_household_rules import GROWN
from tests.unit.linkage.by_hand import ByHand, street
from tests.unit.linkage.hand_made import day


def _known_as(place: ByHand, uprn: int, number: str, known: str) -> None:
    place.add(
        "llpg_xref",
        known,
        uprn=uprn,
        xref_source="ctax_propref",
        xref_id=number,
        start_date=day("2020-01-01"),
    )


def _homes(place: ByHand) -> list[tuple[str, str]]:
    found = place.rows("residency_evidence").select("uprn", "known_from").sort("known_from")
    return [(str(uprn), str(known)) for uprn, known in found.rows()]


def test_an_account_without_a_home_is_placed_once_the_gazetteer_tells():
    place = street().who("ann", GROWN, "ctax:A1|A1p0")
    place.account("A1", None, "2025-03-01", ["X"], property_ref="P1")
    _known_as(place, 102, "P1", "2026-06-10")
    place.build()
    assert _homes(place) == [("102", "2026-06-10")]


def test_the_flat_is_believed_over_the_building_on_the_account():
    place = street().who("ann", GROWN, "ctax:A1|A1p0")
    place.account("A1", 101, "2025-03-01", ["X"], property_ref="P1")
    _known_as(place, 102, "P1", "2020-01-10")
    place.build()
    assert _homes(place) == [("102", "2025-03-01")]


def test_a_number_of_several_properties_tells_nothing():
    place = street().who("ann", GROWN, "ctax:A1|A1p0")
    place.account("A1", 101, "2025-03-01", ["X"], property_ref="P1")
    for uprn in (102, 103):
        _known_as(place, uprn, "P1", "2020-01-10")
    place.build()
    assert _homes(place) == [("101", "2025-03-01")]
