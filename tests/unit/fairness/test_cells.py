from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from fairness.cells import CELLS, group_cells
from fairness.metrics import PRECISION, REACH
from fairness.samples import samples
from tests.unit.fairness.invented import households


def _by_hand(frame, group):
    """Counts by group and cell, one row at a time."""
    found: dict[tuple[str, str], int] = {}
    for row in frame.iter_rows(named=True):
        happened = {None: "open_", True: "", False: ""}[row["event"]]
        if happened:
            cell = "open_on" if row["selected"] else "open_off"
        else:
            right = row["event"] == row["selected"]
            cell = ("t" if right else "f") + ("p" if row["selected"] else "n")
        key = (row[group] or "NOT_RECORDED", cell)
        found[key] = found.get(key, 0) + 1
    return found


def test_counts_are_those_of_rows():
    frame = households(count=400, dates=3).with_columns(
        pl.when(pl.int_range(pl.len()) % 17 == 0)
        .then(None)
        .otherwise(pl.col("event"))
        .alias("event")
    )
    cells = group_cells(frame, "age_band")
    counted = {
        (group, cell): int(cells.counts[at, position])
        for at, group in enumerate(cells.groups)
        for position, cell in enumerate(CELLS)
        if cells.counts[at, position]
    }
    assert counted == _by_hand(frame, "age_band")


def test_households_and_rows_add_up():
    frame = households(count=500, dates=4)
    cells = group_cells(frame, "tenure")
    assert cells.households.sum() == 500
    assert cells.counts.sum() == 2000


def test_a_household_that_changes_group_counts_in_both_and_is_resampled_whole():
    frame = pl.DataFrame(
        {
            "household_id": [1, 1, 2, 2],
            "event": [True, True, False, False],
            "selected": [True, False, False, False],
            "tenure": ["PRS", "COUNCIL", "PRS", "PRS"],
        }
    )
    cells = group_cells(frame, "tenure")
    draws = cells.resampled(replicates=200, seed=1)
    council = draws[:, cells.groups.index("COUNCIL"), CELLS.index("fn")]
    private = draws[:, cells.groups.index("PRS"), CELLS.index("tp")]
    assert set(council.tolist()) == {0.0, 1.0, 2.0}
    assert (council == private).all()


def test_resampling_patterns_is_resampling_households_row_by_row():
    """The multinomial over patterns against a plain bootstrap that draws households."""
    frame = households(count=1200, dates=4, seed=3, listed=0.1)
    cells = group_cells(frame, "sex")
    quick = cells.resampled(replicates=2000, seed=1)
    rng = np.random.default_rng(2)
    rows = frame.with_columns(
        cell=pl.col("event").cast(pl.Int64) * 2 + pl.col("selected").cast(pl.Int64),
        group=pl.col("sex").replace_strict({name: at for at, name in enumerate(cells.groups)}),
    )
    key = (rows["group"] * len(CELLS) + rows["cell"]).to_numpy()
    household = rows["household_id"].to_numpy()
    plain = []
    for _ in range(600):
        weight = np.bincount(rng.integers(0, 1200, 1200), minlength=1200)
        plain.append(
            np.bincount(key, weights=weight[household], minlength=len(cells.groups) * len(CELLS))
        )
    slow = np.array(plain).reshape(-1, len(cells.groups), len(CELLS))
    for share in (REACH, PRECISION):
        ours, theirs = share.of(quick)[:, :2], share.of(slow)[:, :2]
        assert ours.mean(axis=0) == pytest.approx(theirs.mean(axis=0), rel=0.02)
        assert ours.std(axis=0) == pytest.approx(theirs.std(axis=0), rel=0.12)


def test_households_seen_on_several_dates_do_not_count_several_times():
    """Ranges by household are wider than those that take every row for a household of its own."""
    frame = households(count=1500, dates=6, listed=0.1)
    cells = group_cells(frame, "sex")
    own, _ = samples(cells, cells.resampled(replicates=500, seed=1), REACH)
    assert (own.amounts <= own.households).all()
    assert (own.households < own.rows).all()
    apart = frame.with_columns(pl.int_range(pl.len()).alias("household_id"))
    single = group_cells(apart, "sex")
    rows, _ = samples(single, single.resampled(replicates=500, seed=1), REACH)
    assert rows.rates == pytest.approx(own.rates)
    assert (rows.amounts[:2] > 1.15 * own.amounts[:2]).all()


def test_a_rate_without_spread_still_amounts_to_its_households():
    frame = pl.DataFrame(
        {
            "household_id": list(range(30)) * 2,
            "event": [True] * 60,
            "selected": [False] * 60,
            "sex": (["F"] * 15 + ["M"] * 15) * 2,
        }
    )
    cells = group_cells(frame, "sex")
    own, _ = samples(cells, cells.resampled(replicates=100, seed=1), REACH)
    assert own.rates.tolist() == [0.0, 0.0]
    assert own.amounts.tolist() == [15.0, 15.0]


def test_the_same_seed_gives_the_same_draws_whatever_the_order_of_rows():
    frame = households(count=300, dates=3)
    one = group_cells(frame, "sex").resampled(replicates=50, seed=4)
    shuffled = frame.sample(fraction=1.0, shuffle=True, seed=9)
    assert (group_cells(shuffled, "sex").resampled(replicates=50, seed=4) == one).all()
