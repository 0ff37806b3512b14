"""Whoever objects is no input, and their household on no list, from that moment on."""

from __future__ import annotations

import pytest

from contracts.errors import SettingsError
from linkage.rights.apply import withheld_households
from linkage.rights.requests import Asked, Kind, Step, decide, receive, requests
from releases import write_lists
from releases.evidence import read_parquet
from releases.withheld import withheld_beside, withhold_from_lists
from tests.unit.linkage.hand_made import ANN, BEN, HandMade, at, built, day, street
from tests.unit.releases.kit import Kit, steady_place

ON = day("2026-10-12")


def objects(raw: HandMade, record: str = "T1|P1", kind: Kind = Kind.OBJECTION) -> str:
    asked = Asked(received_on=ON, source="rent", local_id=record)
    return receive(raw.con, kind, asked, by="officer", reason="asked", on=ON)


@pytest.fixture
def raw() -> HandMade:
    made = street()
    made.account("A1", 101, "2023-03-01", ["LOWE, MS ANN"])
    made.tenancy("T1", 101, "2023-03-01", [ANN])
    made.tenancy("T2", 102, "2023-03-01", [BEN])
    return made


def _ann(raw: HandMade) -> str:
    """Ann's record as linkage names it."""
    found = raw.con.execute(
        "SELECT tenancy_ref || '|' || person_local_id FROM raw.rent_person WHERE tenancy_ref = 'T1'"
    ).fetchall()
    return str(found[0][0])


def restricted(raw: HandMade) -> dict[str, bool]:
    return {str(row["uprn_key"]): row["x_restricted"] for row in at(raw).to_dicts()}


def test_nobody_objects_and_nothing_changes(raw):
    built(raw)
    assert not any(restricted(raw).values())
    assert withheld_households(raw.con) == {}


def test_their_records_attach_to_nothing_and_their_household_is_not_listed(raw):
    objects(raw, _ann(raw))
    built(raw)
    assert sorted(restricted(raw).values()) == [False, True]
    assert not any("T1" in record or "A1" in record for record in raw.people()), "all their records"
    assert any("T2" in record for record in raw.people())
    homes = raw.table("dwelling").select("uprn", "puprn")
    assert {uprn for uprn, name in homes.iter_rows() if name is None} == {101}
    assert at(raw).height == 2, "the household is still counted, and self-referral stays open"


@pytest.mark.parametrize(
    ("kind", "step", "kept_off"),
    [
        (Kind.OBJECTION, Step.UPHELD, True),
        (Kind.OBJECTION, Step.REFUSED, False),
        (Kind.OBJECTION, Step.WITHDRAWN, False),
        (Kind.RESTRICTION, None, True),
        (Kind.RESTRICTION, Step.WITHDRAWN, False),
    ],
)
def test_it_holds_while_looked_at_and_until_it_is_decided_otherwise(raw, kind, step, kept_off):
    number = objects(raw, _ann(raw), kind)
    if step is not None:
        decide(raw.con, number, step, by="head", reason="complaint", on=ON)
    built(raw)
    assert any(restricted(raw).values()) is kept_off


def test_an_objection_names_a_record_and_no_value(raw):
    with pytest.raises(SettingsError, match="source and local_id"):
        receive(
            raw.con, Kind.OBJECTION, Asked(received_on=ON, source="rent"), by="officer",
            reason="asked", on=ON,
        )  # fmt: skip
    asked = Asked(received_on=ON, source="rent", local_id="x")
    with pytest.raises(SettingsError, match="reason is not one of the codes"):
        receive(raw.con, Kind.OBJECTION, asked, by="officer", reason="said Ann Lowe", on=ON)
    assert requests(raw.con) == ()


def test_their_household_is_found_in_months_that_stand(raw):
    built(raw)
    number = objects(raw, _ann(raw))
    (household,) = withheld_households(raw.con)[number]
    members = raw.table("household_member")
    person = raw.people()[f"rent:{_ann(raw)}"]
    assert household in members.filter(members["person_id"] == person)["household_id"].to_list()


def test_a_made_list_is_taken_back_and_made_again_without_the_household(tmp_path):
    kit = Kit(place=steady_place(), folder=tmp_path)
    approved = kit.approved()
    outbox = kit.workspace.outbox
    before = {path.name: path.read_bytes() for path in write_lists(approved, outbox=outbox)}
    selection = read_parquet(approved.files["selection.parquet"])
    listed = selection.filter(selection["route"] == "LISTED")
    household, code = listed.select("household_id", "neighbourhood_code").row(0)
    taken = withhold_from_lists(kit.workspace, {"R-0001": [household]})
    assert taken == [approved.release_id]
    assert not (outbox / approved.release_id).exists()
    after = {path.name: path.read_bytes() for path in write_lists(approved, outbox=outbox)}
    changed = {name for name, content in after.items() if before[name] != content}
    assert changed == {f"{code}.html", f"{code}.csv"}
    assert after[f"{code}.csv"].count(b"\n") == before[f"{code}.csv"].count(b"\n") - 1
    assert withhold_from_lists(kit.workspace, {"R-0001": []}) == [], "known already: nothing new"
    assert withheld_beside(outbox) == {household}
    withhold_from_lists(kit.workspace, {})
    assert withheld_beside(outbox) == frozenset(), "withdrawn"
