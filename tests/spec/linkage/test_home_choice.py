"""Which of several homes a person lives in, as tables of the evidence at one month end."""

from __future__ import annotations

from datetime import date

import duckdb
import pytest

from linkage.households.residency import _choices_sql, _make_kinds, _said_sql
from linkage.households.spans import _without_departed_sql
from linkage.households.timeline import temp
from linkage.households.weights import WEIGHTS

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
        "CREATE TABLE part_of AS SELECT * FROM (VALUES (11, 10, 0), (12, 10, 0)) "
        "AS p(uprn, shell_uprn, k_from)"
    )
    con.execute(f"CREATE TABLE span {_SPAN}")
    for source, kind, uprn, since in evidence:
        con.execute(
            "INSERT INTO span VALUES (1, 'f', 'LEAD', ?, ?, ?, ?, ?, NULL, 0, 0, 0)",
            [uprn, source, kind, WEIGHTS[kind].strength, since],
        )
    con.execute("CREATE TABLE seg AS SELECT 1 AS seg, 1 AS person_id, 0 AS k_from, 0 AS k_to")
    errs = _make_kinds(con)
    temp(con, "said", _said_sql())
    chosen = con.execute(
        f"SELECT uprn, confidence FROM ({_choices_sql(errs)}) WHERE nth = 1"
    ).fetchall()
    assert chosen == [(home, pytest.approx(sure, abs=1e-6))]


_SPAN = """(person_id INT, form VARCHAR, part VARCHAR, uprn INT, source VARCHAR, role VARCHAR,
    strength DOUBLE, seen_from DATE, told INT, stands INT, k_from INT, k_to INT)"""


def test_a_tenancy_is_not_believed_against_a_later_council_tax_account() -> None:
    con = duckdb.connect()
    con.execute(
        "CREATE TABLE departed AS SELECT 1 AS person_id, 20 AS uprn, "
        "DATE '2026-06-01' AS left_on, 3 AS k_from"
    )
    con.execute(f"CREATE TEMP TABLE span {_SPAN}")
    con.execute(
        "INSERT INTO span VALUES (1, 'f', 'LEAD', 20, 'rent', 'rent_tenant', 0.95, "
        "DATE '2020-01-01', NULL, 0, 0, 9)"
    )
    con.execute(_without_departed_sql())
    assert con.execute("SELECT k_from, k_to FROM span").fetchall() == [(0, 2)]
