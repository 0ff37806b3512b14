"""What of the last month still holds for records near a change."""

from __future__ import annotations

import numpy as np
import polars as pl

from linkage.engine.settled import Regrouped, Scope, settled_in, standing_now, still_near


def standing(*rows: tuple[int, int, bool]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["record_id", "grp", "stands"], orient="row")


def settled(before: pl.DataFrame, now: pl.DataFrame) -> list[int]:
    numbers = now["record_id"].to_list()
    rows = dict(zip(before["record_id"], range(before.height), strict=True))
    at = np.array([rows.get(number, -1) for number in numbers])
    found = settled_in(before, at, now["grp"].to_numpy(), now["stands"].to_numpy())
    return [number for number, one in zip(numbers, found, strict=True) if one]


def regrouped(groups: list[int], settled: list[bool]) -> Regrouped:
    """Records 1, 2, 3 and so on, the first three of which were there in the last month."""
    at = np.arange(len(groups))
    scope = Scope(numbers=at + 1, at=at, rows=np.where(at < 3, at, -1))
    stands = np.ones(len(groups), dtype=bool)
    return Regrouped(scope=scope, groups=np.array(groups), stands=stands, settled=np.array(settled))


def test_who_stands_as_before_in_a_whole_group_is_settled() -> None:
    before = standing((1, 1, True), (2, 1, True), (3, 3, True), (4, 3, True), (5, 5, False))
    # 3 and 4 fell apart, 5 did not stand before, 6 is new; 1 and 2 got company.
    now = standing(
        (1, 1, True), (2, 1, True), (3, 3, True), (4, 4, True), (5, 5, True), (6, 1, True)
    )
    assert settled(before, now) == [1, 2]
    gone = standing((1, 1, False), (2, 1, True))
    assert settled(before, gone) == [2]


def test_pairs_of_settled_records_stay_unless_keys_join_them() -> None:
    now = regrouped([1, 2, 2, 4], [True, True, True, False])
    pairs = pl.DataFrame({"a": [1, 2, 1, 1, 8], "b": [2, 3, 4, 9, 9]})
    assert still_near(pairs, now).rows() == [(1, 2), (1, 9), (8, 9)]
    assert still_near(pairs, regrouped([], [])).equals(pairs)


def test_records_that_keys_did_not_group_anew_stand_as_before() -> None:
    before = standing((1, 1, True), (2, 1, False), (3, 3, True))
    now = regrouped([1, 4, 3, 4], [True, False, True, False])
    near = Scope(numbers=now.scope.numbers, at=now.scope.at, rows=now.scope.rows)
    some = Regrouped(
        scope=near.some(np.array([False, True, False, True])),
        groups=np.array([4, 4]),
        stands=np.array([True, False]),
        settled=np.array([False, False]),
    )
    found = standing_now(before, near, some)
    assert found.rows() == [(1, 1, True), (2, 4, True), (3, 3, True), (4, 4, False)]
