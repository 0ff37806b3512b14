"""Pairs by block, within a budget that is told when it cuts."""

from __future__ import annotations

import duckdb
import pytest

from linkage.engine.blocking import NO_LIMIT, block_columns_sql, keep_to_budget, pairs_sql
from linkage.engine.settings import LinkSettings


def settings(**more: object) -> LinkSettings:
    given = {"comparisons": (), "blocks": (("dob",), ("last", "place")), **more}
    return LinkSettings(**given)  # type: ignore[arg-type]  # any setting


def table(
    rows: list[tuple[str | None, str, str]], wanted: LinkSettings
) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("CREATE TABLE r (record_id BIGINT, dob VARCHAR, last VARCHAR, place VARCHAR)")
    con.executemany("INSERT INTO r VALUES (?, ?, ?, ?)", [(n, *row) for n, row in enumerate(rows)])
    con.execute(
        f"""CREATE TABLE standing AS SELECT *, record_id AS grp, true AS fresh,
                {block_columns_sql(wanted)} FROM r"""
    )
    return con


def pairs(con: duckdb.DuckDBPyConnection, wanted: LinkSettings) -> list[tuple[int, int]]:
    return sorted(con.sql(pairs_sql(wanted, table="standing")).fetchall())


def test_a_pair_of_two_blocks_comes_once_and_a_gap_blocks_nobody() -> None:
    wanted = settings()
    con = table([("1980", "lowe", "x"), ("1980", "lowe", "x"), (None, "lowe", "x")], wanted)
    keep_to_budget(con, "standing", wanted)
    assert pairs(con, wanted) == [(0, 1), (0, 2), (1, 2)]


def test_a_value_of_one_group_alone_brings_no_pair_and_is_counted() -> None:
    wanted = settings()
    con = table([("1980", "lowe", "x"), ("1980", "lowe", "y"), ("1981", "hill", "y")], wanted)
    con.execute("UPDATE standing SET grp = 0 WHERE record_id < 2")
    budget = keep_to_budget(con, "standing", wanted)
    assert budget.blocks["pairs"].to_list() == [1, 0]
    assert pairs(con, wanted) == []


def test_the_fullest_values_go_first_and_are_counted() -> None:
    # Six share a date (15 pairs), two share a name and place (1 pair): a budget of 7 pairs.
    rows = [("1900", f"n{n}", "x") for n in range(6)] + [
        ("1980", "lowe", "y"),
        ("1981", "lowe", "y"),
    ]
    wanted = settings(pairs_per_record=7 / 8)
    con = table(rows, wanted)
    budget = keep_to_budget(con, "standing", wanted)
    assert budget.blocks.rows() == [("dob", 1, 15, 1, 6, 15), ("last and place", 1, 1, 0, 0, 0)]
    assert pairs(con, wanted) == [(6, 7)]
    assert budget.fullest == 2


def test_a_dropped_value_still_meets_through_another_block() -> None:
    rows = [("1900", f"n{n}", "x") for n in range(5)] + [
        ("1900", "lowe", "y"),
        ("1900", "lowe", "y"),
    ]
    wanted = settings(pairs_per_record=1)
    con = table(rows, wanted)
    keep_to_budget(con, "standing", wanted)
    assert pairs(con, wanted) == [(5, 6)]


@pytest.mark.parametrize("allowed", [1, 3])
def test_an_earlier_run_says_how_full_a_value_may_be(allowed: int) -> None:
    wanted = settings()
    con = table([("1980", f"n{n}", "x") for n in range(3)], wanted)
    budget = keep_to_budget(con, "standing", wanted, fullest=allowed)
    assert budget.blocks["dropped_pairs"].sum() == (3 if allowed == 1 else 0)


def test_within_the_budget_no_value_is_too_full() -> None:
    wanted = settings()
    con = table([("1980", f"n{n}", "x") for n in range(3)], wanted)
    assert keep_to_budget(con, "standing", wanted).fullest == NO_LIMIT
