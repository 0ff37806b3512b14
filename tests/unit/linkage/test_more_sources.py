"""Identity records of the sources that many a place lacks."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from linkage.people.more_sources import MORE_SOURCES, more_identity_sql, pupil_number_sql
from linkage.people.sources import COLUMNS
from tests.unit.linkage.hand_made import MONTH, HandMade, day


def records(raw: HandMade, known_on: date = MONTH) -> pl.DataFrame:
    parts = [f"SELECT {', '.join(COLUMNS)} FROM ({sql})" for sql in more_identity_sql(known_on)]
    return raw.con.sql(" UNION ALL ".join(parts) + " ORDER BY source, local_id, since").pl()


@pytest.fixture
def raw() -> HandMade:
    return HandMade()


def test_a_place_without_these_sources_has_no_records_of_them(raw: HandMade) -> None:
    assert records(raw).height == 0
    assert raw.con.sql(pupil_number_sql(MONTH)).pl().height == 0


def _pupil(raw: HandMade, census: str, uprn: int, **more: object) -> None:
    raw.add(
        "school_pupil",
        census,
        upn="A900000000126",
        census_date=day(census),
        forename="Ann",
        surname="Lowe",
        dob=day("2015-02-03"),
        sex="F",
        home_uprn=uprn,
        **more,
    )


def test_each_source_gives_its_records_in_one_shape(raw: HandMade) -> None:
    raw.add("hreg_application", app_ref="H1", registered_date=day("2025-01-01"), current_uprn=101)
    raw.add("hreg_member", app_ref="H1", member_id="M1", first_name="Jo", last_name="Lowe")
    raw.add("asc_person", la_person_id="P1", first_name="Jo", last_name="Lowe", uprn=101)
    raw.add("cs_person", pers_person_id="C1", pers_forename="Ann", pers_surname="Lowe")
    raw.add("blue_badge", badge_no="B1", first_name="Jo", last_name="Lowe", uprn=101)
    _pupil(raw, "2025-01-16", 101)
    found = records(raw)
    assert found["source"].to_list() == sorted(MORE_SOURCES)
    assert found["local_id"].to_list() == ["P1", "B1", "C1", "H1|M1", "A900000000126"]


def test_a_pupil_who_moved_has_both_homes_with_their_times(raw: HandMade) -> None:
    _pupil(raw, "2025-01-16", 101)
    _pupil(raw, "2025-05-15", 101)
    _pupil(raw, "2025-10-02", 102)
    found = records(raw)
    assert found["uprn"].to_list() == [101, 102]
    assert found["since"].to_list() == [day("2025-01-16"), day("2025-10-02")]
    assert found["until"].to_list() == [day("2025-05-15"), day("2025-10-02")]


def test_a_new_pupil_number_keeps_the_old_one_beside_it(raw: HandMade) -> None:
    _pupil(raw, "2025-01-16", 101, former_upn="A900000000100")
    numbers = raw.con.sql(pupil_number_sql(MONTH)).pl()
    assert set(numbers["upn"]) == {"A900000000126", "A900000000100"}
    assert numbers["local_id"].n_unique() == 1


def test_where_a_child_in_care_is_placed_is_never_read(raw: HandMade) -> None:
    raw.add("cs_person", pers_person_id="C1", pers_forename="Ann", pers_surname="Lowe")
    raw.add(
        "cs_address",
        addr_person_id="C1",
        addr_address_type="PLACEMENT",
        addr_start=day("2025-01-01"),
        uprn=666,
        postcode="NM6 6ZZ",
    )
    found = records(raw)
    assert found["uprn"].to_list() == [None]
    assert found["postcode"].to_list() == [None]


def test_a_child_not_yet_born_is_no_record(raw: HandMade) -> None:
    raw.add("cs_person", "2026-01-01", pers_person_id="C1", pers_surname="Lowe", pers_sex="U")
    assert records(raw).height == 0
    raw.add(
        "cs_person",
        "2026-05-01",
        pers_person_id="C1",
        pers_forename="Ann",
        pers_surname="Lowe",
        pers_dob=day("2026-04-20"),
        pers_sex="F",
    )
    found = records(raw)
    assert found.select("role", "sex").rows() == [("CHILD", "F")]
    assert records(raw, date(2026, 4, 30)).height == 0


def _family(raw: HandMade) -> None:
    for number, born in (("C1", "2015-02-03"), ("A1", "1985-02-03")):
        raw.add(
            "cs_person",
            pers_person_id=number,
            pers_forename="Ann",
            pers_surname="Lowe",
            pers_dob=day(born),
        )
        raw.add("cs_family", fami_family_id="F1", fami_person_id=number)


def _address(raw: HandMade, person: str, kind: str, uprn: int) -> None:
    raw.add(
        "cs_address",
        addr_person_id=person,
        addr_address_type=kind,
        addr_start=day("2025-01-01"),
        uprn=uprn,
    )


def test_a_parent_without_an_address_stands_where_the_children_of_the_family_live(
    raw: HandMade,
) -> None:
    _family(raw)
    _address(raw, "C1", "HOME", 101)
    found = records(raw)
    assert found.select("local_id", "role", "uprn", "since").rows() == [
        ("A1", "ADULT", 101, day("2025-01-01")),
        ("C1", "CHILD", 101, day("2025-01-01")),
    ]


def test_a_parent_with_an_address_of_their_own_stands_there_alone(raw: HandMade) -> None:
    _family(raw)
    _address(raw, "C1", "HOME", 101)
    _address(raw, "A1", "HOME", 102)
    assert records(raw).select("local_id", "uprn").rows() == [("A1", 102), ("C1", 101)]


def test_neither_parent_nor_brother_stands_where_a_child_is_placed(raw: HandMade) -> None:
    _family(raw)
    _address(raw, "C1", "PLACEMENT", 666)
    raw.add("cs_person", pers_person_id="C2", pers_forename="Bo", pers_dob=day("2016-02-03"))
    raw.add("cs_family", fami_family_id="F1", fami_person_id="C2")
    assert records(raw)["uprn"].to_list() == [None, None, None]
