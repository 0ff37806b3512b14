"""Nothing that was recorded after a snapshot can move a value at it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from contracts.fingerprint import of_bytes
from contracts.months import add_months
from features.build import build_features
from tests.unit.features.handmade import INDEX, Handmade, features_of, northmere
from tests.unit.features.invented import invented
from tests.unit.features.test_build import three_tenures

HISTORY = 6
PLANTED = 4242.0


def fingerprint_until(made: Handmade, day: date, *, known: date | None) -> str:
    """SHA-256 of the features of every snapshot up to a day."""
    con = made.connect(known=known)
    build_features(con, place=northmere(history_months=HISTORY), month=INDEX)
    rows = con.sql(f"SELECT * FROM {made.schema}.feature WHERE snapshot_date <= DATE '{day}'")
    return of_bytes(rows.pl().write_csv(float_precision=17).encode())


@pytest.mark.parametrize("months_ago", [1, 3, 6])
def test_deleting_all_later_rows_changes_no_byte(months_ago: int) -> None:
    made = invented(5, history_months=HISTORY)
    snapshot = add_months(INDEX, -months_ago)
    later = [row for rows in made.raw.values() for row in rows if row["recorded_date"] > snapshot]
    assert len(later) > 100, "the test must have something to delete"
    assert fingerprint_until(made, snapshot, known=None) == fingerprint_until(
        made, snapshot, known=snapshot
    )


@pytest.mark.parametrize(("recorded_after", "seen"), [(0, True), (1, False)])
def test_a_planted_debt_is_seen_on_the_day_it_was_recorded_and_not_before(
    recorded_after: int, seen: bool
) -> None:
    made = three_tenures()
    snapshot = add_months(INDEX, -1)
    made.household(2, snapshot, [2])
    made.add(
        "ctax_recovery",
        snapshot + timedelta(days=recorded_after),
        recovery_id="planted",
        account_ref="A2",
        tax_year="2026-27",
        stage="LO",
        stage_date=snapshot - timedelta(days=20),
        debt_at_stage=PLANTED,
    )
    con = made.connect()
    build_features(con, place=northmere(history_months=HISTORY), month=INDEX)
    then, now = features_of(con, 2, snapshot), features_of(con, 2, INDEX)
    assert (then["ctax_debt_largest_12m"] == PLANTED) is seen
    assert (then["ctax_liability_orders_6m"] == 1.0) is seen
    assert now["ctax_debt_largest_12m"] == PLANTED


def test_a_correction_is_read_from_the_day_on_which_it_was_known() -> None:
    made = three_tenures()
    snapshot = add_months(INDEX, -1)
    made.household(2, snapshot, [2])
    stage = {
        "recovery_id": "r",
        "account_ref": "A2",
        "tax_year": "2026-27",
        "stage_date": date(2026, 8, 20),
    }
    made.add("ctax_recovery", date(2026, 8, 25), **stage, stage="SUMMONS")
    made.add("ctax_recovery", date(2026, 10, 10), **stage, stage="WITHDRAWN")
    con = made.connect()
    build_features(con, place=northmere(history_months=HISTORY), month=INDEX)
    assert features_of(con, 2, snapshot)["ctax_summonses_12m"] == 1.0
    assert features_of(con, 2, INDEX)["ctax_summonses_12m"] == 0.0


def test_an_event_of_the_future_waits_for_its_day() -> None:
    made = three_tenures()
    made.add(
        "ctax_recovery",
        date(2026, 10, 20),
        recovery_id="hearing",
        account_ref="A2",
        tax_year="2026-27",
        stage="LO",
        stage_date=date(2026, 11, 12),
    )
    con = made.connect()
    build_features(con, place=northmere(history_months=HISTORY), month=INDEX)
    assert features_of(con, 2)["ctax_liability_orders_6m"] == 0.0


def test_a_party_added_later_brings_the_account_from_then_on() -> None:
    made = three_tenures()
    snapshot = add_months(INDEX, -1)
    for day in (snapshot, INDEX):
        made.household(7, day, [7])
    made.link("ctax", "A2|L", 7)
    made.add(
        "ctax_party", date(2026, 10, 9), account_ref="A2", party_ref="L", position=1, role="liable"
    )
    con = made.connect()
    build_features(con, place=northmere(history_months=HISTORY), month=INDEX)
    assert features_of(con, 7, snapshot)["ctax_reminders_12m"] is None
    assert features_of(con, 7, INDEX)["ctax_reminders_12m"] == 0.0
