"""The set-wise labels against the same labels found one household at a time."""

from __future__ import annotations

import pytest

from contracts.place import Outcome
from features.labels import build_labels
from tests.unit.features.handmade import INDEX, northmere
from tests.unit.features.invented import invented
from tests.unit.features.naive.labels import Label, naive_label

HISTORY = 14


@pytest.mark.parametrize("seed", [3, 4])
def test_every_label_equals_the_oracle(seed: int) -> None:
    made = invented(seed, history_months=HISTORY)
    con = made.connect()
    report = build_labels(con, place=northmere(history_months=HISTORY), month=INDEX)
    rows = con.sql(f"SELECT * FROM {made.schema}.label").pl().rows(named=True)
    assert report.rows == len(rows) == 5 * len(made.month["household_snapshot"])
    wrong = []
    for row in rows:
        outcome = Outcome(row["outcome"])
        expected = naive_label(made, row["household_id"], row["snapshot_date"], outcome)
        got = Label(row["eligible"], row["already_supported"], row["event"], row["event_date"])
        if expected != got:
            wrong.append((row["household_id"], row["snapshot_date"], outcome, expected, got))
    assert wrong == []


def test_the_invented_rows_reach_every_kind_of_label() -> None:
    made = invented(3, history_months=HISTORY)
    con = made.connect()
    build_labels(con, place=northmere(history_months=HISTORY), month=INDEX)
    seen = con.execute(f"""
        SELECT outcome, count(DISTINCT event), count(*) FILTER (WHERE event IS NULL),
               count(DISTINCT already_supported), count(DISTINCT eligible)
        FROM {made.schema}.label GROUP BY outcome""").fetchall()
    assert len(seen) == 5
    for outcome, events, unknown, supported, eligible in seen:
        assert (events, unknown > 0, supported, eligible) == (2, True, 2, 2), outcome
