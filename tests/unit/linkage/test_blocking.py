"""Pairs by block, within a budget that is told when it cuts."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from linkage.engine.blocking import NO_LIMIT, Budget, Standing, met, within_budget
from linkage.engine.settings import LinkSettings
from linkage.engine.sharing import Sharing


def settings(**more: object) -> LinkSettings:
    given = {"comparisons": (), "blocks": (("dob",), ("last", "place")), **more}
    return LinkSettings(**given)  # type: ignore[arg-type]  # any setting


Rows = list[tuple[str | None, str, str]]


def blocked(
    rows: Rows,
    wanted: LinkSettings,
    *,
    groups: list[int] | None = None,
    fresh: list[int] | None = None,
    fullest: int = 0,
) -> tuple[Budget, list[tuple[int, int]]]:
    """The budget, and the pairs that meet within it."""
    frame = pl.DataFrame(rows, schema=["dob", "last", "place"], orient="row")
    every = np.arange(len(rows))
    standing = Standing(
        at=every,
        groups=every if groups is None else np.array(groups),
        fresh=np.isin(every, every if fresh is None else fresh),
    )
    budget = within_budget(Sharing(frame, every), standing, wanted, fullest=fullest)
    return budget, list(zip(*(end.tolist() for end in met(budget, standing)), strict=True))


def test_a_pair_of_two_blocks_comes_once_and_a_gap_blocks_nobody() -> None:
    rows: Rows = [("1980", "lowe", "x"), ("1980", "lowe", "x"), (None, "lowe", "x")]
    assert blocked(rows, settings())[1] == [(0, 1), (0, 2), (1, 2)]


def test_a_value_of_one_group_alone_brings_no_pair_and_is_counted() -> None:
    rows: Rows = [("1980", "lowe", "x"), ("1980", "lowe", "y"), ("1981", "hill", "y")]
    budget, pairs = blocked(rows, settings(), groups=[0, 0, 2])
    assert budget.blocks["pairs"].to_list() == [1, 0]
    assert pairs == []


def test_the_fullest_values_go_first_and_are_counted() -> None:
    # Six share a date (15 pairs), two share a name and place (1 pair): a budget of 7 pairs.
    rows: Rows = [("1900", f"n{n}", "x") for n in range(6)]
    rows += [("1980", "lowe", "y"), ("1981", "lowe", "y")]
    budget, pairs = blocked(rows, settings(pairs_per_record=7 / 8))
    assert budget.blocks.rows() == [("dob", 1, 15, 1, 6, 15), ("last and place", 1, 1, 0, 0, 0)]
    assert pairs == [(6, 7)]
    assert budget.fullest == 2


def test_a_dropped_value_still_meets_through_another_block() -> None:
    rows: Rows = [("1900", f"n{n}", "x") for n in range(5)]
    rows += [("1900", "lowe", "y"), ("1900", "lowe", "y")]
    assert blocked(rows, settings(pairs_per_record=1))[1] == [(5, 6)]


@pytest.mark.parametrize("allowed", [1, 3])
def test_an_earlier_run_says_how_full_a_value_may_be(allowed: int) -> None:
    rows: Rows = [("1980", f"n{n}", "x") for n in range(3)]
    budget, _ = blocked(rows, settings(), fullest=allowed)
    assert budget.blocks["dropped_pairs"].sum() == (3 if allowed == 1 else 0)


def test_within_the_budget_no_value_is_too_full() -> None:
    rows: Rows = [("1980", f"n{n}", "x") for n in range(3)]
    assert blocked(rows, settings())[0].fullest == NO_LIMIT


def test_records_that_are_not_fresh_meet_fresh_ones_alone() -> None:
    rows: Rows = [("1980", f"n{n}", "x") for n in range(4)]
    rows += [("1970", f"n{n}", "x") for n in "ab"]
    budget, pairs = blocked(rows, settings(), fresh=[2], fullest=NO_LIMIT)
    assert pairs == [(0, 2), (1, 2), (2, 3)]
    # Of what no fresh record shares nothing is counted.
    assert budget.blocks["pairs"].to_list() == [6, 0]
