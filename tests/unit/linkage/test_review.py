"""Doubtful pairs: what is drawn, what the page says, and what a decision does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from contracts.errors import DataMissing, SettingsError
from linkage.people import link_people
from linkage.people.decisions import (
    Decision,
    decisions_until,
    error_by_band,
    record_pair_decision,
)
from linkage.people.review_pages import write_review_pages
from tests.unit.linkage.hand_made import MONTH, PLACE, HandMade, person

DECIDED = date(2026, 11, 5)


@pytest.fixture
def raw() -> HandMade:
    """A council tax line linked by name alone, and a number shared by two people."""
    raw = HandMade().area().home(101).home(102).home(103)
    raw.tenancy("T1", 101, "2022-03-01", [person("John", "Pugh", "1955-02-02")])
    raw.account("A1", 101, "2022-03-01", ["PUGH, MR JOHN"])
    raw.tenancy("T2", 102, "2022-03-01", [person("Jon", "Smith", "1980-05-04", nino_hash="n1")])
    raw.claim(
        "C1",
        103,
        [("2026-01-01", "2026-01-31")],
        [person("Ayesha", "Khan", "1991-11-23", nino_hash="n1")],
    )
    link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    return raw


def pair_of(raw: HandMade, status: str) -> str:
    pairs = raw.table("clerical_pair").filter(pl.col("status") == status)
    assert pairs.height == 1
    return str(pairs["pair_id"][0])


def decide(raw: HandMade, pair: str, says: Decision, reviewer: str = "R. Reader") -> None:
    record_pair_decision(
        raw.con, month=MONTH, pair_id=pair, decision=says, reviewer=reviewer, decided_on=DECIDED
    )


def test_links_by_name_alone_and_shared_numbers_are_put_before_a_reviewer(raw: HandMade) -> None:
    pairs = raw.table("clerical_pair").sort("status")
    assert pairs.select("band", "status").rows() == [
        ("DOUBTED_NINO", "KEPT_APART"),
        ("NAME_AT_HOME", "LINKED"),
    ]
    assert set(pairs["stands_for"]) == {1.0}
    doubted = raw.table("doubted_key").select("rule_id", "source_a", "source_b").rows()
    assert [(rule, {a, b}) for rule, a, b in doubted] == [("NINO", {"rent", "uc"})]


def test_same_for_one_person_joins_them_and_different_parts_them(raw: HandMade) -> None:
    decide(raw, pair_of(raw, "KEPT_APART"), Decision.SAME)
    decide(raw, pair_of(raw, "LINKED"), Decision.DIFFERENT)
    link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    found = raw.people()
    assert found["rent:T2|T2p0"] == found["uc:C1|1"]
    assert found["rent:T1|T1p0"] != found["ctax:A1|A1p0"]
    rule = raw.table("person_link").filter(pl.col("local_id") == "C1|1")["rule_id"]
    assert rule.to_list() == ["CLERICAL"]
    assert raw.table("clerical_pair").is_empty()


def test_cannot_tell_leaves_a_pair_to_the_rules(raw: HandMade) -> None:
    before = raw.people()
    decide(raw, pair_of(raw, "LINKED"), Decision.CANNOT_TELL)
    link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    assert raw.people() == before


def test_the_latest_decision_stands_and_the_earlier_is_kept(raw: HandMade) -> None:
    pair = pair_of(raw, "LINKED")
    decide(raw, pair, Decision.DIFFERENT, reviewer="A. First")
    decide(raw, pair, Decision.SAME, reviewer="B. Second")
    assert decisions_until(raw.con, MONTH)["decision"].to_list() == ["same"]
    kept = raw.con.sql("SELECT reviewer FROM review.clerical_decision ORDER BY number").fetchall()
    assert kept == [("A. First",), ("B. Second",)]


def test_a_decision_needs_a_reviewer_and_a_pair(raw: HandMade) -> None:
    with pytest.raises(SettingsError, match="name of the reviewer"):
        decide(raw, pair_of(raw, "LINKED"), Decision.SAME, reviewer=" ")
    with pytest.raises(DataMissing, match="no such pair"):
        decide(raw, "0000", Decision.SAME)


def test_pages_show_both_records_in_words_and_no_score(raw: HandMade, tmp_path: Path) -> None:
    raw.con.execute("UPDATE m2026_10.clerical_pair SET confidence = 0.8512345")
    pages = write_review_pages(raw.con, place=PLACE, month=MONTH, folder=tmp_path)
    assert [page.stem for page in pages] == sorted(raw.table("clerical_pair")["pair_id"])
    linked = (tmp_path / f"{pair_of(raw, 'LINKED')}.html").read_text(encoding="utf-8")
    assert "Pugh" in linked
    assert "one of them does not say" in linked
    assert "The rules take them for one person" in linked
    assert not any(mark in linked for mark in ("0.85", "85%", "confidence"))
    # The number itself, even as a code, is nobody's to read.
    doubted = (tmp_path / f"{pair_of(raw, 'KEPT_APART')}.html").read_text(encoding="utf-8")
    assert "n1" not in doubted.split("<body")[1]
    assert "PUGH" not in " ".join(page.name for page in pages).upper()


def test_a_decided_pair_has_no_page(raw: HandMade, tmp_path: Path) -> None:
    decide(raw, pair_of(raw, "LINKED"), Decision.SAME)
    pages = write_review_pages(raw.con, place=PLACE, month=MONTH, folder=tmp_path)
    assert [page.stem for page in pages] == [pair_of(raw, "KEPT_APART")]


def test_the_error_of_a_band_weighs_pairs_by_what_they_stand_for() -> None:
    said = ["different", "same", "same", "cannot tell"]
    decisions = pl.DataFrame(
        {
            "band": ["NAME_AT_HOME"] * 4,
            "status": ["LINKED"] * 4,
            "decision": said,
            "stands_for": [10.0, 10.0, 20.0, 5.0],
        }
    )
    (row,) = error_by_band(decisions).iter_rows(named=True)
    assert (row["reviewed"], row["cannot_tell"], row["wrong"]) == (4, 1, 1)
    assert row["share_wrong"] == 0.25
    assert 0 < row["share_low"] < 0.25 < row["share_high"] < 0.9


def test_a_pair_kept_apart_is_wrong_where_it_is_one_person() -> None:
    decisions = pl.DataFrame(
        {
            "band": ["JUST_UNDER"],
            "status": ["NOT_LINKED"],
            "decision": ["same"],
            "stands_for": [1.0],
        }
    )
    assert error_by_band(decisions)["wrong"].to_list() == [1]
