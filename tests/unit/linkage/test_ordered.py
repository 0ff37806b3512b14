"""Rows of some numbers in tables of an order, and rows put in for others."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from linkage.engine.marks import rows_with
from linkage.engine.ordered import renewed, rows_among, rows_of


def links(*rows: tuple[int, int, float, str | None]) -> pl.DataFrame:
    schema = {"a": pl.Int64, "b": pl.Int64, "weight": pl.Float64, "rule_id": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


BEFORE = links((1, 2, 0.5, "x"), (1, 3, 0.5, "y"), (4, 5, 0.1, "x"), (6, 7, 0.9, "y"))


def test_rows_of_some_numbers_in_a_column_that_repeats() -> None:
    frame = pl.DataFrame({"a": [1, 1, 2, 4, 4, 4, 7]})
    assert rows_among(frame, "a", np.array([1, 3, 4, 9])).tolist() == [0, 1, 3, 4, 5]
    assert rows_among(frame, "a", np.array([], dtype=np.int64)).tolist() == []
    assert rows_among(frame.clear(), "a", np.array([1])).tolist() == []


def test_rows_of_records_that_are_there() -> None:
    frame = pl.DataFrame({"record_id": [2, 4, 9], "grp": [2, 2, 9]})
    assert rows_of(frame, np.array([9, 3, 2])).rows() == [(9, 9), (2, 2)]


@pytest.mark.parametrize("shift", [0, 1 << 30, 1 << 61])
def test_rows_that_hold_one_of_some_numbers(shift: int) -> None:
    rng = np.random.default_rng(2)
    values = rng.integers(0, 3_000, 5_000) + shift
    wanted = np.unique(rng.choice(values, 40))
    assert rows_with(values, wanted).tolist() == np.flatnonzero(np.isin(values, wanted)).tolist()
    assert rows_with(values, wanted[:0]).tolist() == []


@pytest.mark.parametrize(
    ("now", "stale"),
    [
        (links((2, 9, 0.7, "y"), (2, 3, 0.6, "x"), (0, 1, 0.2, "x")), [1, 6]),
        (links((4, 9, 0.7, "new")), [3, 4]),
        (links((8, 9, 0.7, None)), []),
        (links((3, 9, 0.7, "x")), [1, 4, 6]),
        (links(), [1]),
    ],
)
def test_renewed_rows_are_in_order_among_those_that_stay(
    now: pl.DataFrame, stale: list[int]
) -> None:
    found = renewed(BEFORE, now, ["a", "b"], stale=np.array(stale, dtype=np.int64))
    stays = BEFORE.filter(~pl.col("a").is_in(stale))
    assert found.equals(pl.concat([stays, now]).sort("a", "b"))
    assert BEFORE["weight"].to_list() == [0.5, 0.5, 0.1, 0.9]


def test_what_was_empty_is_renewed() -> None:
    now = links((4, 9, 0.7, "x"), (1, 9, 0.7, "x"))
    assert renewed(links(), now, ["a", "b"], stale=np.array([1])).equals(now.sort("a", "b"))
