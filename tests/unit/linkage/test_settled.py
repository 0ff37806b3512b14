"""What of the last month still holds for records near a change."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import polars as pl

from linkage.engine.result import Linkage
from linkage.engine.settled import settled_in, still_near


def standing(*rows: tuple[int, int, bool]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["record_id", "grp", "stands"], orient="row")


def test_who_stands_as_before_in_a_whole_group_is_settled() -> None:
    before = standing((1, 1, True), (2, 1, True), (3, 3, True), (4, 3, True), (5, 5, False))
    previous = cast("Linkage", SimpleNamespace(standing=before))
    # 3 and 4 fell apart, 5 did not stand before, 6 is new; 1 and 2 got company.
    now = standing(
        (1, 1, True), (2, 1, True), (3, 3, True), (4, 4, True), (5, 5, True), (6, 1, True)
    )
    assert settled_in(previous, now).tolist() == [1, 2]
    gone = standing((1, 1, False), (2, 1, True))
    assert settled_in(previous, gone).tolist() == [2]


def test_pairs_of_settled_records_stay_unless_keys_join_them() -> None:
    now = standing((1, 1, True), (2, 2, True), (3, 2, True), (4, 4, True))
    pairs = pl.DataFrame({"a": [1, 2, 1, 1, 8], "b": [2, 3, 4, 9, 9]})
    kept = still_near(pairs, now, np.array([1, 2, 3]))
    assert kept.rows() == [(1, 2), (1, 9), (8, 9)]
