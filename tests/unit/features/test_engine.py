"""One pass for every month end, against plain SQL one month end at a time."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.plain import plain_values_sql
from features.aggregates import Op
from features.build import computed
from features.compiled import Asked, Rows
from features.kernel import atoms_of
from features.plan import Plan
from features.timeline import prepared, timeline
from tests.unit.features.handmade import INDEX, northmere
from tests.unit.features.invented import invented

HISTORY = 6
PLACE = northmere(history_months=HISTORY)
LINE = timeline(PLACE, INDEX)


def at_once(con: duckdb.DuckDBPyConnection, rows: int) -> pl.DataFrame:
    """All features by the engine, some rows at a time."""
    with prepared(con, LINE):
        parts = [con.sql(s).pl() for s in computed(con, Plan(PLACE), LINE, at_once=rows)]
    return pl.concat(parts).sort("snapshot_date", "household_id")


def plainly(con: duckdb.DuckDBPyConnection, day: date) -> pl.DataFrame:
    """The same of one month end by plain SQL."""
    plan = Plan(PLACE)
    with prepared(con, LINE):
        return con.sql(
            plan.select(plain_values_sql(plan.counted, line=LINE, day=day)) + " ORDER BY ALL"
        ).pl()


@pytest.mark.parametrize("seed", [3, 4])
def test_one_pass_equals_plain_sql_to_the_last_bit(seed: int) -> None:
    con = invented(seed, history_months=HISTORY).connect()
    engine = at_once(con, 10**6)
    for day in (LINE.snapshots[0], LINE.snapshots[-2]):
        plain = plainly(con, day)
        assert plain.equals(engine.filter(pl.col("snapshot_date") == day)), day


def test_a_few_households_at_a_time_give_the_same() -> None:
    con = invented(3, history_months=HISTORY).connect()
    whole = at_once(con, 10**6)
    assert at_once(con, 5 * len(LINE.snapshots)).equals(whole)


def test_a_month_end_is_the_same_among_seven_and_among_ten() -> None:
    con = invented(3, history_months=9).connect()
    found = []
    for months in (6, 9):
        place = northmere(history_months=months)
        line = timeline(place, INDEX)
        with prepared(con, line):
            for sql in computed(con, Plan(place), line):
                frame = con.sql(f"SELECT * FROM ({sql}) WHERE snapshot_date = DATE '{INDEX}'").pl()
                found.append(frame.sort("household_id"))
    seven, ten = found
    # Only what compares a household with its own earlier month ends needs them.
    kept = [n for n in seven.columns if "adult_" not in n and "child_" not in n]
    assert seven.select(kept).equals(ten.select(kept))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(-3, 3)),
        min_size=1,
        max_size=12,
    ),
    st.integers(0, 3),
    st.integers(0, 4),
)
def test_every_op_counts_the_rows_that_stand_in_its_band(
    rows: list[tuple[int, int, int, int]], youngest: int, more: int
) -> None:
    oldest, snapshots = youngest + more, 10
    event = np.array([row[0] for row in rows], dtype=np.int32)
    seen = np.maximum(event, [row[1] for row in rows]).astype(np.int32)
    gone = (seen + np.array([row[2] for row in rows])).astype(np.int32)
    value = np.array([float(row[3]) for row in rows])
    ops = (Op.SUM, Op.MAX, Op.MIN, Op.LAST, Op.MEDIAN)
    spec = np.array([(int(op), 0, 1, youngest, oldest, -1, -1, 0, 1) for op in ops], dtype=np.int32)
    raw, which = np.full((len(ops), snapshots), np.nan), np.zeros(snapshots, dtype=np.int64)
    given = Rows(
        key=np.zeros(len(rows), dtype=np.int64),
        seen=seen,
        gone=gone,
        event=event,
        numbers=np.array([value, event.astype(np.float64)]),
        months=np.zeros((0, len(rows)), dtype=np.int32),
        keep=99,
    )
    asked = Asked(
        atoms=spec,
        key=np.zeros(snapshots, dtype=np.int64),
        k=np.arange(snapshots, dtype=np.int32),
        first_k=0,
        snapshots=snapshots,
    )
    count = atoms_of(given, asked, (0, len(rows), 0, snapshots), raw, which)
    has, out = np.zeros(snapshots, dtype=np.bool_), np.full((len(ops), snapshots), np.nan)
    has[which[:count]], out[:, which[:count]] = True, raw[:, :count]
    for k in range(snapshots):
        there = (seen <= k) & (gone > k)
        assert has[k] == there.any()
        if not there.any():
            continue
        inside = there & (k - event >= youngest) & (k - event <= oldest)
        found = value[inside]
        assert out[0, k] == found.sum()
        if not len(found):
            assert np.isnan(out[1:, k]).all()
            continue
        newest = found[event[inside] == event[inside].max()].max()
        expected = [found.max(), found.min(), newest, np.median(found)]
        assert out[1:, k].tolist() == expected
