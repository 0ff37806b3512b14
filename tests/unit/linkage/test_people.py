"""Linking people on a few hand-made rows, where the declared probabilities stand."""

from __future__ import annotations

import polars as pl
import pytest

from linkage.people import link_people
from tests.unit.linkage.hand_made import MONTH, PLACE, HandMade, day, person


def linked(raw: HandMade) -> dict[str, int]:
    link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    return raw.people()


@pytest.fixture
def raw() -> HandMade:
    return HandMade().area().home(101).home(102).home(103, postcode="NM9 9ZZ")


def test_a_number_with_a_birth_date_links_across_sources(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("Jon", "Smith", "1980-05-04", nino_hash="n1")])
    raw.claim(
        "C1",
        102,
        [("2026-01-01", "2026-01-31")],
        [person("John", "Smith", "1980-05-04", nino_hash="n1")],
    )
    found = linked(raw)
    assert found["rent:T1|T1p0"] == found["uc:C1|1"]


def test_a_shared_number_alone_links_nobody(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("Jon", "Smith", "1980-05-04", nino_hash="n1")])
    raw.claim(
        "C1",
        102,
        [("2026-01-01", "2026-01-31")],
        [person("Ayesha", "Khan", "1991-11-23", nino_hash="n1")],
    )
    found = linked(raw)
    assert found["rent:T1|T1p0"] != found["uc:C1|1"]


def test_turned_round_names_in_another_spelling(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("Mohammed", "Hussain", "1980-05-04")])
    raw.claim(
        "C1", 101, [("2026-01-01", "2026-01-31")], [person("Hussain", "Mohammed", "1980-05-04")]
    )
    raw.claim(
        "C2", 101, [("2026-01-01", "2026-01-31")], [person("Muhammad", "Hussein", "1980-05-04")]
    )
    assert len(set(linked(raw).values())) == 1


def test_day_and_month_turned_round(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("Zelda", "Armitage", "1980-05-04")])
    raw.claim(
        "C1", 101, [("2026-01-01", "2026-01-31")], [person("Zelda", "Armitage", "1980-04-05")]
    )
    assert len(set(linked(raw).values())) == 1


def test_twins_are_two_people(raw: HandMade) -> None:
    raw.claim(
        "C1",
        101,
        [("2026-01-01", "2026-01-31")],
        [
            person("Ann", "Lowe", "1985-02-02"),
            person("Ryan", "Lowe", "2015-07-07"),
            person("Rhys", "Lowe", "2015-07-07"),
        ],
    )
    raw.tenancy(
        "T1",
        101,
        "2022-03-01",
        [
            person("Ann", "Lowe", "1985-02-02"),
            person("Rhys", "Lowe", "2015-07-07", role="HOUSEHOLD_MEMBER"),
            person("Ryan", "Lowe", "2015-07-07", role="HOUSEHOLD_MEMBER"),
        ],
    )
    found = linked(raw)
    assert found["uc:C1|2"] == found["rent:T1|T1p2"]
    assert found["uc:C1|3"] == found["rent:T1|T1p1"]
    assert found["uc:C1|2"] != found["uc:C1|3"]


def test_father_and_son_of_one_name_are_two_people(raw: HandMade) -> None:
    raw.tenancy(
        "T1",
        101,
        "2022-03-01",
        [
            person("John", "Pugh", "1955-02-02"),
            person("John", "Pugh", "1985-09-09", role="HOUSEHOLD_MEMBER"),
        ],
    )
    raw.claim("C1", 101, [("2026-01-01", "2026-01-31")], [person("John", "Pugh", "1985-09-09")])
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR JOHN"])
    found = linked(raw)
    assert found["uc:C1|1"] == found["rent:T1|T1p1"]
    assert found["rent:T1|T1p0"] != found["rent:T1|T1p1"]
    # Either could be the one who pays council tax.
    assert found["ctax:A1|A1p0"] not in (found["rent:T1|T1p0"], found["rent:T1|T1p1"])


def test_council_tax_without_a_birth_date_links_to_the_one_who_fits(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR JOHN", "MRS M PUGH"])
    raw.tenancy(
        "T1",
        101,
        "2022-03-01",
        [
            person("John", "Pugh", "1955-02-02"),
            person("Mary", "Pugh", "1957-03-03"),
        ],
    )
    found = linked(raw)
    assert found["ctax:A1|A1p0"] == found["rent:T1|T1p0"]
    assert found["ctax:A1|A1p1"] == found["rent:T1|T1p1"]
    links = raw.table("person_link").filter(pl.col("source") == "ctax")
    assert set(links["link_confidence"]) == {0.85}
    assert set(links["rule_id"]) == {"NAME_AT_HOME"}


def test_the_same_name_at_another_home_or_time_stays_apart(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("John", "Pugh", "1955-02-02")])
    raw.account("A1", 103, "2022-03-01", ["PUGH, MR JOHN"])
    raw.account("A2", 101, "2012-03-01", ["PUGH, MR JOHN"], end="2015-03-01", known="2015-04-01")
    assert len(set(linked(raw).values())) == 3


def test_a_nameless_child_is_found_beside_its_parent(raw: HandMade) -> None:
    parent = person("Ann", "Lowe", "1985-02-02", nino_hash="n1")
    raw.claim(
        "C1",
        101,
        [("2026-01-01", "2026-01-31")],
        [parent, person(None, None, "2015-07-07"), person(None, None, "2018-01-09")],
    )
    raw.add("hclic_case", case_ref="H1", approach_date=day("2026-02-01"))
    raw.add(
        "hclic_person", case_ref="H1", person_seq=1, relationship_to_applicant="APPLICANT", **parent
    )
    raw.add(
        "hclic_person",
        case_ref="H1",
        person_seq=2,
        relationship_to_applicant="CHILD",
        **person("Rhys", "Lowe", "2015-07-07"),
    )
    found = linked(raw)
    assert found["uc:C1|2"] == found["hclic:H1|2"]
    assert found["uc:C1|3"] not in (found["hclic:H1|1"], found["hclic:H1|2"])


def test_nameless_twins_are_not_guessed_at(raw: HandMade) -> None:
    parent = person("Ann", "Lowe", "1985-02-02", nino_hash="n1")
    raw.claim(
        "C1",
        101,
        [("2026-01-01", "2026-01-31")],
        [parent, person(None, None, "2015-07-07"), person(None, None, "2015-07-07")],
    )
    raw.tenancy(
        "T1",
        101,
        "2022-03-01",
        [parent, person("Rhys", "Lowe", "2015-07-07", role="HOUSEHOLD_MEMBER")],
    )
    found = linked(raw)
    assert len({found["uc:C1|2"], found["uc:C1|3"], found["rent:T1|T1p1"]}) == 3


def test_what_is_no_person_has_no_link(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["THE OCCUPIER"])
    raw.account("A2", 102, "2022-03-01", ["DALE ESTATES LLP"])
    raw.account("A3", 103, "2022-03-01", ["EXECUTORS OF A PUGH"])
    report = link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    assert report.set_aside == {"OCCUPIER": 1, "COMPANY": 1, "EXECUTORS": 1}
    assert raw.table("person_link").is_empty()


def test_rows_recorded_after_the_month_are_not_read(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR JOHN"])
    raw.account("A2", 102, "2022-03-01", ["LOWE, MS ANN"], known="2026-11-01")
    assert set(linked(raw)) == {"ctax:A1|A1p0"}


def test_a_place_without_any_record(raw: HandMade) -> None:
    assert linked(raw) == {}
    assert raw.table("match_rate").is_empty()


def test_person_tables(raw: HandMade) -> None:
    raw.tenancy(
        "T1",
        101,
        "2022-03-01",
        [
            person(
                "John",
                "O'Neill",
                "1955-02-02",
                title="Mr",
                sex="M",
                ethnicity="WHITE",
                disability_flag="NOT_STATED",
                nino_hash="n1",
            ),
        ],
    )
    raw.add(
        "shbe_claim",
        claim_ref="H1",
        scan_date=day("2026-01-10"),
        uprn=101,
        award_start=day("2026-01-01"),
    )
    raw.add(
        "shbe_member",
        claim_ref="H1",
        member_seq=1,
        name_raw="ONEILL, MR JOHN",
        dob=day("1955-01-01"),
        sex="1",
        nino_hash="n1",
        disability_flag=True,
    )
    linked(raw)
    assert raw.table("person").select("birth_ym", "sex").rows() == [(195502, "M")]
    assert raw.table("person_identity").drop("person_id").rows() == [("Mr", "John", "O'Neill")]
    assert raw.table("person_protected").drop("person_id").rows() == [("WHITE", "M", "Y")]


def test_a_birth_date_in_the_future_is_a_century_out(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("John", "Pugh", "2055-02-02")])
    linked(raw)
    assert raw.table("person")["birth_ym"].to_list() == [195502]


def test_match_rates_count_records_joined_to_another_source(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("John", "Pugh", "1955-02-02", ethnicity="WHITE")])
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR JOHN"])
    raw.account("A2", 101, "2022-03-01", ["LOWE, MS ANN"])
    raw.account("A3", 103, "2022-03-01", ["HART, MR BEN"])
    linked(raw)
    rate = raw.table("match_rate")
    whole = rate.filter(pl.col("group_kind") == "all").select("source", "records", "linked")
    # No second source holds Ben's home, so nothing says that his record should meet another.
    assert whole.rows() == [("ctax", 2, 1), ("rent", 1, 1)]
    white = rate.filter(pl.col("group_value") == "WHITE").select("source", "share")
    # The group of a council tax record is what is recorded at its home.
    assert white.rows() == [("ctax", 0.5), ("rent", 1.0)]
    # Both of the home's ctax lines could have met the tenancy, and one did; so it is usual.
    assert rate.filter(pl.col("group_kind") == "all").select("met", "met_usual").rows() == [
        (1.0, 1.0),
        (1.0, 1.0),
    ]
    assert white.height == 2
    low, high = (
        rate.filter(pl.col("group_value") == "WHITE").select("share_low", "share_high").row(0)
    )
    assert 0 < low < 0.5 < high < 1
    tenure = rate.filter(pl.col("group_kind") == "tenure")["group_value"]
    assert set(tenure) == {"COUNCIL"}


def test_a_claim_at_a_home_meets_nobody_whose_age_says_that_they_are_another(
    raw: HandMade,
) -> None:
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR JOHN"])
    raw.tenancy("T1", 101, "2022-03-01", [person("John", "Pugh", "1955-02-02", role="TENANT")])
    young, old = person("Ben", "Pugh", "2001-07-07"), person("Jo", "Hart", "1955-03-03")
    raw.claim("C1", 101, [("2026-01-01", "2026-01-31")], [young])
    raw.claim("C2", 101, [("2026-01-01", "2026-01-31")], [old])
    linked(raw)
    rate = raw.table("match_rate").filter(pl.col("group_kind") == "all")
    # Ben can not be John, whose age is known; Jo could be, and was not found to be.
    assert rate.select("source", "records", "linked").rows() == [
        ("ctax", 1, 1),
        ("rent", 1, 1),
        ("uc", 1, 0),
    ]


def test_the_tenure_of_a_home_is_that_of_the_property_that_is_billed(raw: HandMade) -> None:
    raw.account("A1", 102, "2022-03-01", ["PUGH, MR JOHN"], property_ref="P1", liability_type="7")
    raw.add("llpg_xref", xref_source="ctax_propref", xref_id="P1", uprn=101)
    raw.claim("C1", 101, [("2026-01-01", "2026-01-31")], [person("John", "Pugh", "1955-02-02")])
    linked(raw)
    rate = raw.table("match_rate").filter(pl.col("group_kind") == "tenure")
    assert rate.select("source", "group_value").rows() == [("ctax", "OWNER"), ("uc", "OWNER")]


def test_the_same_ids_on_repeat(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("John", "Pugh", "1955-02-02")])
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR JOHN"])
    assert linked(raw) == linked(raw)


def test_one_who_moves_is_followed_by_the_day(raw: HandMade) -> None:
    raw.account("A1", 101, "2020-03-01", ["PUGH, MR JOHN"], end="2024-05-07")
    raw.account("A2", 103, "2024-05-07", ["MR J PUGH"])
    # Another of that name who came on another day, and one who came on that day from nowhere.
    raw.account("A3", 102, "2024-05-09", ["PUGH, MR JOHN"])
    found = linked(raw)
    assert found["ctax:A1|A1p0"] == found["ctax:A2|A2p0"] != found["ctax:A3|A3p0"]
    rules = raw.table("person_link").filter(pl.col("local_id") == "A1|A1p0")
    assert rules.select("link_confidence", "rule_id").rows() == [(0.85, "NAME_MOVED")]


def test_two_who_could_have_moved_are_left_apart(raw: HandMade) -> None:
    raw.account("A1", 101, "2020-03-01", ["PUGH, MR JOHN"], end="2024-05-07")
    raw.account("A2", 103, "2024-05-07", ["PUGH, MR JOHN"])
    raw.account("A3", 102, "2024-05-07", ["PUGH, MR JOHN"])
    assert len(set(linked(raw).values())) == 3


def test_a_person_entered_twice_on_one_tenancy_is_one(raw: HandMade) -> None:
    twice = person("John", "Pugh", "1955-02-02")
    raw.tenancy("T1", 101, "2022-03-01", [twice, {**twice, "role": "TENANT"}])
    assert len(set(linked(raw).values())) == 1


def test_an_account_without_a_uprn_takes_the_one_of_its_property(raw: HandMade) -> None:
    raw.account("A1", 101, "2020-03-01", ["FROST, MS EVE"], end="2022-03-01", property_ref="P1")
    raw.account("A2", None, "2022-03-01", ["PUGH, MR JOHN"], property_ref="P1")
    raw.tenancy("T1", 101, "2022-03-01", [person("John", "Pugh", "1955-02-02")])
    found = linked(raw)
    assert found["ctax:A2|A2p0"] == found["rent:T1|T1p0"]


def test_a_surname_that_changed_in_one_source(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["WILSON, MRS JENNIFER"])
    raw.tenancy("T1", 101, "2022-03-01", [person("Jennifer", "Davies", "1963-01-25", sex="F")])
    linked(raw)
    assert set(raw.table("person_link")["rule_id"]) == {"NEW_SURNAME"}


@pytest.mark.parametrize("written", [None, 104], ids=["none", "another's"])
def test_an_account_is_at_the_home_that_the_gazetteer_knows_its_property_as(
    raw: HandMade, written: int | None
) -> None:
    raw.account("A1", written, "2022-03-01", ["PUGH, MR JOHN"], property_ref="P1")
    raw.tenancy("T1", 101, "2022-03-01", [person("John", "Pugh", "1955-02-02")])
    raw.add(
        "llpg_xref",
        "2020-01-01",
        uprn=101,
        xref_source="ctax_propref",
        xref_id="P1",
        start_date=day("2020-01-01"),
    )
    found = linked(raw)
    assert found["ctax:A1|A1p0"] == found["rent:T1|T1p0"]


def test_of_two_with_one_first_name_at_a_home_neither_changed_surname(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["WILSON, MRS JENNIFER"])
    raw.tenancy(
        "T1",
        101,
        "2022-03-01",
        [person("Jennifer", "Davies", "1963-01-25"), person("Jenny", "Hall", "1991-11-02")],
    )
    assert len(set(linked(raw).values())) == 3


def test_a_name_beside_the_same_partner_needs_no_address(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["BROWN, MR OLIVER", "HART, MISS EVE"])
    raw.tenancy("T1", 101, "2022-03-01", [person("Oliver", "Brown", "1980-06-01", nino_hash="n1")])
    raw.claim(
        "C1",
        None,
        [("2026-01-01", "2026-01-31")],
        [
            person("Oliver", "Brown", "1980-06-01", nino_hash="n1"),
            person("Eve", "Hart", "1982-06-14", nino_hash="n2", role="PARTNER"),
        ],
    )
    found = linked(raw)
    assert found["uc:C1|2"] == found["ctax:A1|A1p1"]
    rule = raw.table("person_link").filter(pl.col("local_id") == "C1|2")["rule_id"]
    assert rule.to_list() == ["NAME_BESIDE"]


def test_a_claim_without_a_property_needs_more_than_name_and_postcode(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["BROWN, MR OLIVER"])
    raw.account("A2", 103, "2012-03-01", ["BROWN, MR OLIVER"])
    raw.account("A3", 103, "2002-03-01", ["BROWN, MR OLIVER"], end="2009-01-01")
    claimed = [person("Oliver", "Brown", "1980-06-01")]
    raw.claim("C1", None, [("2026-01-01", "2026-01-31")], claimed, postcode="NM1 1AA")
    assert linked(raw)["uc:C1|1"] not in {
        who for record, who in linked(raw).items() if record.startswith("ctax")
    }


def test_a_claim_that_began_with_the_account_in_its_postcode(raw: HandMade) -> None:
    raw.account("A1", 101, "2026-01-05", ["BROWN, MR OLIVER"])
    claimed = [person("Oliver", "Brown", "1980-06-01")]
    raw.claim("C1", None, [("2026-01-10", "2026-02-09")], claimed, postcode="NM1 1AA")
    found = linked(raw)
    assert found["uc:C1|1"] == found["ctax:A1|A1p0"]


def test_an_initial_of_the_whole_form_of_a_short_name(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["MRS A WEST"])
    raw.tenancy("T1", 101, "2022-03-01", [person("Mandy", "West", "1975-04-15", sex="F")])
    assert len(set(linked(raw).values())) == 1


def test_sex_recorded_otherwise_keeps_no_whole_name_apart(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR ROBIN"])
    raw.tenancy("T1", 101, "2022-03-01", [person("Robin", "Pugh", "1955-02-02", sex="F")])
    assert len(set(linked(raw).values())) == 1


def test_twins_of_whom_one_has_the_family_name_twice(raw: HandMade) -> None:
    raw.add("hclic_case", case_ref="H1", approach_date=day("2026-02-01"), last_settled_uprn=101)
    twins = [person("Mohammed", "Ahmed", "2006-04-15"), person("Ahmed", "Ahmed", "2006-04-15")]
    for seq, twin in enumerate(twins, start=1):
        raw.add("hclic_person", case_ref="H1", person_seq=seq, **twin)
    raw.claim("C1", 101, [("2026-01-01", "2026-01-31")], twins[::-1])
    found = linked(raw)
    assert found["hclic:H1|1"] == found["uc:C1|2"]
    assert found["hclic:H1|2"] == found["uc:C1|1"]
    assert found["hclic:H1|1"] != found["hclic:H1|2"]


def test_a_birthday_known_by_its_year_needs_the_home_or_a_number(raw: HandMade) -> None:
    raw.tenancy("T1", 101, "2022-03-01", [person("Oscar", "Webster", "2001-11-14")])
    raw.claim("C1", 103, [("2026-01-01", "2026-01-31")], [person("Oscar", "Webster", "2001-01-01")])
    assert len(set(linked(raw).values())) == 2


@pytest.mark.parametrize(
    ("born", "sex", "home", "found_there"),
    [
        ("2015-07-07", "M", None, True),
        ("2015-01-01", "M", 101, True),  # Only the year was known to one of them.
        ("2015-03-11", "M", 101, True),  # Day and month turned round.
        ("2015-07-07", "F", None, False),
        ("2015-01-01", "M", None, False),  # Neither the day nor the home.
        ("2014-07-07", "M", 101, False),
    ],
)
def test_a_nameless_child_is_found_by_day_and_sex_in_the_postcode_or_by_a_mistyped_day_at_home(
    raw: HandMade, born: str, sex: str, home: int | None, *, found_there: bool
) -> None:
    told = "2015-11-03" if born.endswith("03-11") else "2015-07-07"
    raw.claim(
        "C1",
        101,
        [("2026-01-01", "2026-01-31")],
        [person("Ann", "Lowe", "1985-02-02"), person(None, None, told, sex="M")],
    )
    raw.add(
        "school_pupil",
        "2026-01-20",
        upn="P1",
        census_date=day("2026-01-20"),
        forename="Rhys",
        surname="Lowe",
        dob=day(born),
        sex=sex,
        home_uprn=home,
        postcode="NM1 1AA",
    )
    found = linked(raw)
    assert (found["school:P1"] == found["uc:C1|2"]) == found_there


def test_the_one_line_of_a_couple_says_of_neither_whose_initial_it_is(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["MR & MRS J PUGH"])
    raw.account("A2", 102, "2022-03-01", ["MR J PUGH"])
    for ref, home in (("T1", 101), ("T2", 102)):
        raw.tenancy(
            ref, home, "2022-03-01", [person("Jane", "Pugh", f"198{home % 9}-02-02", sex="F")]
        )
    found = linked(raw)
    assert found["ctax:A1|A1p0"] == found["rent:T1|T1p0"]
    assert found["ctax:A2|A2p0"] != found["rent:T2|T2p0"]


def test_a_slip_in_a_first_name_at_home_is_one_person_but_not_another_name(raw: HandMade) -> None:
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR SIEON"])
    raw.account("A2", 102, "2022-03-01", ["PUGH, MR MARK"])
    raw.tenancy("T1", 101, "2022-03-01", [person("Simon", "Pugh", "1955-02-02", sex="M")])
    raw.tenancy("T2", 102, "2022-03-01", [person("Mary", "Pugh", "1957-02-02", sex="F")])
    found = linked(raw)
    assert found["ctax:A1|A1p0"] == found["rent:T1|T1p0"]
    assert found["ctax:A2|A2p0"] != found["rent:T2|T2p0"]
