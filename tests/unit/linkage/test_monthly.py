"""A month that goes on from the one before, against the same month linked anew."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from linkage.people import link_people, state
from linkage.people.records import person_records
from tests.unit.linkage.hand_made import PLACE, HandMade, person

SEPTEMBER, OCTOBER = date(2026, 9, 30), date(2026, 10, 31)


@pytest.fixture(scope="module")
def raw() -> HandMade:
    """Three homes to which something happens in October, and a street where nothing does."""
    raw = HandMade().area()
    for number, name in enumerate(("AMIS", "BYRD", "CATO", "DYER", "ELSE", "FRYE", "GOSS", "HUNT")):
        raw.home(110 + number)
        raw.account(
            f"Q{number}", 110 + number, "2021-03-01", [f"{name}, MS ROSA", f"{name}, MR IVO"]
        )
    for uprn in (101, 102, 103):
        raw.home(uprn)
    raw.tenancy(
        "T1",
        101,
        "2022-03-01",
        [person("John", "Pugh", "1955-02-02"), person("Mary", "Pugh", "1957-03-03")],
    )
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR JOHN", "MRS M PUGH"])
    raw.tenancy("T2", 102, "2022-03-01", [person("Ann", "Lowe", "1985-02-02", nino_hash="n1")])
    raw.account("A2", 102, "2022-03-01", ["LOWE, MS ANN"])
    raw.account("A3", 103, "2022-03-01", ["HART, MR BEN"])
    raw.claim(
        "C1",
        103,
        [("2026-09-20", "2026-10-19")],
        [person("Ben", "Hart", "1983-06-16", nino_hash="n2")],
    )
    raw.add(
        "rent_person",
        "2026-10-05",
        tenancy_ref="T2",
        person_local_id="T2p0",
        role="TENANT",
        **person("Anne", "Lowe", "1985-02-02", nino_hash="n1"),
    )
    return raw


@pytest.fixture(scope="module")
def months(raw: HandMade) -> dict[str, pl.DataFrame]:
    first = link_people(raw.con, place=PLACE, month=SEPTEMBER, seed=1, id_key=b"id")
    september = raw.con.sql("SELECT * FROM m2026_09.person_link").pl()
    second = link_people(raw.con, place=PLACE, month=OCTOBER, seed=1, id_key=b"id")
    assert (first.full, second.full) == (True, False)
    october = raw.table("person_link")
    history = raw.table("person_history")
    monthly = PLACE.linkage.model_copy(update={"full_every_months": 1})
    anew = link_people(
        raw.con,
        place=PLACE.model_copy(update={"linkage": monthly}),
        month=OCTOBER,
        seed=1,
        id_key=b"id",
    )
    assert anew.full
    assert raw.table("link_difference").is_empty()
    return {
        "september": september,
        "october": october,
        "history": history,
        "anew": raw.table("person_link"),
    }


def test_the_next_month_is_what_linking_anew_would_make_it(
    months: dict[str, pl.DataFrame],
) -> None:
    columns = ["source", "local_id", "person_id", "rule_id"]
    assert months["october"].select(columns).equals(months["anew"].select(columns))


def test_a_new_record_finds_its_person_and_nobody_changes_number(
    months: dict[str, pl.DataFrame],
) -> None:
    then = dict(months["september"].select("local_id", "person_id").iter_rows())
    now = dict(months["october"].select("local_id", "person_id").iter_rows())
    assert {local_id: now[local_id] for local_id in then} == then
    assert now["C1|1"] == then["A3|A3p0"]
    october = months["history"].filter(pl.col("month") == OCTOBER)
    assert october.is_empty()


def test_many_new_records_lead_back_to_linking_anew(
    raw: HandMade,
    months: dict[str, pl.DataFrame],
) -> None:
    assert not months["october"].is_empty()
    kept = state.kept(raw.con, OCTOBER)
    assert kept is not None
    frame = person_records(raw.con, OCTOBER).frame
    assert not kept.due(OCTOBER, frame, full_every_months=6)
    new = frame.with_columns(pl.col("record_id") + 1)
    assert kept.due(OCTOBER, pl.concat([frame, new]), full_every_months=6)


def test_a_state_that_is_not_whole_leads_back_to_linking_anew(raw: HandMade) -> None:
    raw.con.execute("DROP TABLE IF EXISTS m2026_09.link_state_model")
    assert link_people(raw.con, place=PLACE, month=OCTOBER, seed=1, id_key=b"id").full
