"""Schools, social care and registers in the linkage of people, where a place has them."""

from __future__ import annotations

from datetime import date

import pytest

from linkage.people import link_people
from tests.unit.linkage.hand_made import MONTH, PLACE, HandMade, day, person

SEPTEMBER = date(2026, 9, 30)
PUPIL, FORMER = "A900000000126", "A900000000100"


@pytest.fixture
def raw() -> HandMade:
    """Ann Lowe with her child Eve on a claim and a tenancy."""
    raw = HandMade().area().home(101).home(102)
    people = [
        person("Ann", "Lowe", "1985-02-02", nino_hash="n1"),
        person("Eve", "Lowe", "2015-02-03", role="CHILD"),
    ]
    raw.claim("C1", 101, [("2026-06-20", "2026-07-19")], people)
    return raw


def _pupil(raw: HandMade, census: str, *, last: str = "Lowe", uprn: int = 101, **more: str) -> None:
    raw.add(
        "school_pupil",
        census,
        **{"upn": PUPIL, "dob": day("2015-02-03"), **more},
        census_date=day(census),
        forename="Eve",
        surname=last,
        home_uprn=uprn,
    )


def _in_care(raw: HandMade, known: str, first: str, born: str, upn: str) -> None:
    raw.add(
        "cs_person",
        known,
        pers_person_id="P1",
        pers_forename=first,
        pers_surname="Hart",
        pers_dob=day(born),
        upn=upn,
    )


def _linked(raw: HandMade, month: date = MONTH) -> dict[str, int]:
    link_people(raw.con, place=PLACE, month=month, seed=1, id_key=b"id")
    rows = raw.con.execute(
        f"SELECT source || ':' || local_id, person_id FROM m{month:%Y_%m}.person_link"
    ).fetchall()
    return dict(rows)


def test_a_pupil_is_the_child_of_the_claim_at_that_home(raw: HandMade) -> None:
    _pupil(raw, "2026-05-20")
    found = _linked(raw)
    assert found[f"school:{PUPIL}"] == found["uc:C1|2"] != found["uc:C1|1"]


def test_a_pupils_number_links_children_whose_surname_and_home_differ(raw: HandMade) -> None:
    _pupil(raw, "2026-05-20")
    _in_care(raw, "2026-06-01", "Eve", "2015-02-03", PUPIL)
    found = _linked(raw)
    assert found["cs:P1"] == found[f"school:{PUPIL}"]


def test_a_number_that_a_pupil_had_before_is_still_theirs(raw: HandMade) -> None:
    _pupil(raw, "2026-05-20", former_upn=FORMER)
    _in_care(raw, "2026-06-01", "Eve", "2015-02-03", FORMER)
    found = _linked(raw)
    assert found["cs:P1"] == found[f"school:{PUPIL}"]


def test_a_pupils_number_alone_links_nobody(raw: HandMade) -> None:
    _pupil(raw, "2026-05-20")
    _in_care(raw, "2026-06-01", "Tom", "2009-11-23", PUPIL)
    found = _linked(raw)
    assert found["cs:P1"] != found[f"school:{PUPIL}"]
    assert "UPN" in raw.table("doubted_key")["rule_id"].to_list()


def test_a_source_that_comes_later_joins_people_who_keep_their_numbers(raw: HandMade) -> None:
    # Enough others that one new record is a small part of all.
    for number, name in enumerate(("AMIS", "BYRD", "CATO", "DYER", "ELSE")):
        raw.account(f"Q{number}", 102, f"202{number}-03-01", [f"{name}, MS ROSA"])
    before = _linked(raw, SEPTEMBER)
    _pupil(raw, "2026-10-05")
    report = link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    assert not report.full
    after = raw.con.execute(
        "SELECT person_id FROM m2026_10.person_link WHERE source = 'school'"
    ).fetchall()
    assert after == [(before["uc:C1|2"],)]
    history = raw.table("person_history")
    assert set(history["event"]) == {"FIRST_SEEN"}


def test_every_source_has_a_name_for_reviewers_and_a_place_among_names() -> None:
    from linkage.people.more_sources import MORE_SOURCES
    from linkage.people.review_pages import _SOURCES
    from linkage.people.tables import _NAME_ORDER

    assert set(MORE_SOURCES) < set(_SOURCES) == set(_NAME_ORDER)


def test_a_parent_without_an_address_is_found_where_the_child_of_the_family_lives(
    raw: HandMade,
) -> None:
    raw.account("A1", 102, "2022-03-01", ["HART, MR JOHN"])
    raw.account("A2", 102, "2012-03-01", ["HART, MR IVAN"], end="2015-03-01", known="2015-04-01")
    for number, first, born in (("C1", "Rose", "2015-02-03"), ("A1", "John", "1985-02-03")):
        raw.add(
            "cs_person",
            pers_person_id=number,
            pers_forename=first,
            pers_surname="Hart",
            pers_dob=day(born),
        )
        raw.add("cs_family", fami_family_id="F1", fami_person_id=number)
    raw.add(
        "cs_address",
        addr_person_id="C1",
        addr_address_type="HOME",
        addr_start=day("2024-01-01"),
        uprn=102,
    )
    found = _linked(raw)
    assert found["cs:A1"] == found["ctax:A1|A1p0"]
    assert len({found["cs:A1"], found["cs:C1"], found["ctax:A2|A2p0"]}) == 3
