"""Which of several homes a person lives in, as tables of the evidence at one month end."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from linkage.households.evidence import WEIGHTS
from linkage.households.residency import _chosen_sql

FLAT, OTHER_FLAT, SHELL, HOUSE = 11, 12, 10, 20
OLD, NEW = date(2020, 1, 1), date(2026, 5, 1)

CHOICES = [
    # what                                      evidence: source, kind, home, since      home  sure
    ("one source", [("uc", "claimant", HOUSE, NEW)], HOUSE, 0.90),
    (
        "two sources agree",
        [("uc", "claimant", HOUSE, NEW), ("ctax", "ctax_liable", HOUSE, OLD)],
        HOUSE,
        0.985,
    ),
    (
        "two weak ones beat a strong one",
        [
            ("ctax", "ctax_liable", HOUSE, OLD),
            ("welfare", "welfare", HOUSE, NEW),
            ("uc", "claimant", FLAT, NEW),
        ],
        HOUSE,
        0.925,
    ),
    (
        "the same source twice counts once",
        [
            ("ctax", "ctax_liable", FLAT, OLD),
            ("ctax", "ctax_liable", FLAT, NEW),
            ("uc", "claimant", HOUSE, NEW),
        ],
        HOUSE,
        0.90,
    ),
    (
        "of equal strength the newer",
        [("ctax", "ctax_liable", FLAT, OLD), ("ctax", "ctax_liable", HOUSE, NEW)],
        HOUSE,
        0.85,
    ),
    (
        "a flat over the shell of its building",
        [("rent", "rent_tenant", SHELL, OLD), ("uc", "claim_child", FLAT, NEW)],
        FLAT,
        0.9925,
    ),
    ("the shell where nothing is finer", [("rent", "rent_tenant", SHELL, OLD)], SHELL, 0.95),
]


@pytest.mark.parametrize(("what", "evidence", "home", "sure"), CHOICES, ids=[c[0] for c in CHOICES])
def test_choice(
    what: str, evidence: list[tuple[str, str, int, date]], home: int, sure: float
) -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE home_at AS SELECT * FROM (VALUES (0, 10, NULL, true), (0, 11, 10, false), "
        "(0, 12, 10, false), (0, 20, NULL, false)) AS h(k, uprn, parent_uprn, shell)"
    )
    con.execute("CREATE TABLE departed (k INT, person_id INT, uprn INT, left_on DATE)")
    con.execute(
        "CREATE TABLE present (k INT, person_id INT, source VARCHAR, role VARCHAR, uprn INT, "
        "strength DOUBLE, seen_from DATE)"
    )
    for source, kind, uprn, since in evidence:
        strength = WEIGHTS[kind].strength
        con.execute(
            "INSERT INTO present VALUES (0, 1, ?, ?, ?, ?, ?)",
            [source, kind, uprn, strength, since],
        )
    chosen = con.execute(f"SELECT uprn, confidence FROM ({_chosen_sql()})").fetchall()
    assert chosen == [(home, pytest.approx(sure, abs=1e-6))]


def test_a_tenancy_is_not_believed_against_a_later_council_tax_account() -> None:
    con = duckdb.connect()
    con.execute("CREATE TABLE home_at (k INT, uprn INT, parent_uprn INT, shell BOOL)")
    con.execute(
        "CREATE TABLE departed AS "
        "SELECT 0 AS k, 1 AS person_id, 20 AS uprn, DATE '2026-06-01' AS left_on"
    )
    con.execute(
        "CREATE TABLE present AS SELECT 0 AS k, 1 AS person_id, 'rent' AS source, "
        "'rent_tenant' AS role, 20 AS uprn, 0.95 AS strength, DATE '2020-01-01' AS seen_from"
    )
    assert con.execute(_chosen_sql()).fetchall() == []
