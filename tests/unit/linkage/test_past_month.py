"""A past month is rebuilt as it was seen then, after a year of later deliveries in any order."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from contracts.months import month_ends
from contracts.tables import TABLES
from linkage.households import build_households
from linkage.ingest import ensure_raw
from linkage.people import link_people
from tests.unit.ingest.extracts import Extract, put_in
from tests.unit.linkage.hand_made import ANN, BEN, MONTH, PLACE, HandMade, person, street

LATER = month_ends(date(2026, 11, 1), date(2027, 10, 31))
NEW = person("Cara", "Dean", "1990-03-03", nino_hash="n3", sex="F")


def _seen_then() -> HandMade:
    """What lay in the warehouse when the month was first built, as one extract of each table."""
    raw = street()
    raw.account("A1", 101, "2024-01-01", ["LOWE, MS ANN"])
    raw.tenancy("T1", 102, "2024-03-01", [BEN])
    raw.tenancy("T2", 103, "2025-01-01", [ANN])
    for month in month_ends(date(2025, 10, 1), MONTH):
        known = str(month)
        raw.add("ctax_recovery", known, recovery_id=known, account_ref="A1", stage_date=month)
        raw.add("rent_balance", known, pay_ref="T1", balance_date=month, balance=0)
        raw.add("hclic_case", known, case_ref=known, approach_date=month)
    ensure_raw(raw.con)
    for table in TABLES:
        raw.con.execute(f"UPDATE raw.{table} SET delivery_id = ?", [f"{table}-first"])
        raw.con.execute(
            """INSERT INTO raw.delivery
            (delivery_id, table_name, holder, extract_to, coverage, dated_by_extract, settled)
            VALUES (?, ?, '', ?, 'changes', false, false)""",
            [f"{table}-first", table, MONTH],
        )
    return raw


def _row(table: str, recorded: date, **values: Any) -> dict[str, Any]:
    return {"recorded_date": recorded, **values}


def _twelve_later() -> list[Extract]:
    """Late, changed and withdrawn rows, each of which would change the month if it were seen."""
    found = []
    for before, day in pairwise([MONTH, *LATER]):
        # Recorded before the month's end, and in no extract until now.
        late = _row(
            "rent_person",
            date(2026, 6, 1),
            tenancy_ref="T2",
            person_local_id=f"late{day}",
            role="JOINT",
            **NEW,
        )
        # The same key and recorded date with other values.
        changed = _row(
            "rent_person",
            date(2024, 3, 1),
            tenancy_ref="T1",
            person_local_id="T1p0",
            role="TENANT",
            **person("Ann", f"Other{day.month}", "1985-02-02", nino_hash="n1", sex="F"),
        )
        tenancy = _row(
            "rent_tenancy",
            day if day.month % 2 else before,
            tenancy_ref="T1",
            pay_ref="T1",
            uprn=104,
            start_date=date(2024, 3, 1),
            landlord="COUNCIL",
            tenure="SECURE",
        )
        found += [
            Extract(table="rent_person", day=day, rows=(late, changed)),
            # A full extract without T2: it was withdrawn.
            Extract(table="rent_tenancy", day=day, rows=(tenancy,), coverage="full"),
            # Full extracts with nothing in them: every account is gone.
            Extract(table="ctax_account", day=day, rows=(), coverage="full"),
        ]
    return found


def _fingerprints(raw: HandMade) -> dict[str, list[tuple[Any, ...]]]:
    """Every table of the month, row by row."""
    link_people(raw.con, place=PLACE, month=MONTH, seed=1, id_key=b"id")
    build_households(raw.con, place=PLACE, month=MONTH, pseudonym_key=b"key", id_key=b"id")
    names = raw.con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'm2026_10' "
        "ORDER BY 1"
    ).fetchall()
    return {
        name: raw.con.execute(f"SELECT * FROM m2026_10.{name} ORDER BY ALL").fetchall()
        for (name,) in names
    }


@pytest.fixture(scope="module")
def seen():
    """The month's tables as they were first built."""
    return _fingerprints(_seen_then())


@pytest.mark.parametrize("order", ["in order", "newest first"])
def test_rebuilt_as_it_was_seen(seen, order):
    raw, later = _seen_then(), _twelve_later()
    put_in(raw.con, later if order == "in order" else later[::-1])
    rebuilt = _fingerprints(raw)
    assert list(rebuilt) == list(seen)
    assert [name for name in seen if seen[name] != rebuilt[name]] == []
    assert len(seen["person_link"]) > 2


def test_the_later_rows_would_have_mattered(seen):
    """Had they been recorded and sent in time, the month would read otherwise."""
    raw = _seen_then()
    for one in _twelve_later()[:3]:
        in_time = Extract(table=one.table, day=MONTH, rows=one.rows, coverage=one.coverage)
        put_in(raw.con, [in_time])
    changed = _fingerprints(raw)
    assert seen["person_link"] != changed["person_link"]
    assert seen["household_member"] != changed["household_member"]
