"""Pairs that share a value, and conditions asked of pairs of records."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import pytest

from linkage.engine import asking, runs
from linkage.engine.asking import asked, columns_in
from linkage.engine.runs import Runs, mixed

_RNG = np.random.default_rng(7)


def frame(count: int) -> pl.DataFrame:
    """Records with gaps, texts too long to lie in one word, lists and lists of nothing."""
    numbers = _RNG.integers(0, 40, count)
    return pl.DataFrame(
        {
            "name": [None if n % 7 == 0 else "a name of some length " * (n % 3) for n in numbers],
            "age": [None if n % 5 == 0 else int(n) for n in numbers],
            "forms": [None if n % 11 == 0 else [f"f{n % 4}"] * (n % 3) for n in numbers],
        },
        schema={"name": pl.String(), "age": pl.Int64(), "forms": pl.List(pl.String())},
    )


_WHERE = "l.name = r.name AND l.age <> r.age OR list_has_any(l.forms, r.forms)"


@pytest.mark.parametrize("batch", [5, 64, 100_000])
def test_what_is_asked_of_pairs_is_what_a_join_says(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "_BATCH", batch)
    records = frame(300)
    a, b = _RNG.integers(0, 300, (2, 900))
    held = records.with_row_index("at")
    ends = pl.DataFrame({"n": np.arange(900), "a": a, "b": b})
    with duckdb.connect() as con:
        con.register("held", held.to_arrow())
        con.register("ends", ends.to_arrow())
        expected = con.sql(
            f"""SELECT n, l.age AS age, r.name AS name FROM ends
                JOIN held l ON l.at = a JOIN held r ON r.at = b WHERE {_WHERE} ORDER BY n"""
        ).pl()
        query = f"SELECT n, l.age AS age, r.name AS name FROM pairs WHERE {_WHERE}"
        found = asked(con, records, (a, b), query)
    assert 0 < expected.height < 900
    assert found.equals(expected)


def test_of_no_pairs_nothing_is_said() -> None:
    none = np.zeros(0, dtype=np.int64)
    with duckdb.connect() as con:
        found = asked(con, frame(3), (none, none), "SELECT n, l.age AS age FROM pairs")
        everything = asked(con, frame(3), (none, none), "SELECT n FROM pairs WHERE true")
    assert found.is_empty()
    assert found.columns == ["n", "age"]
    assert everything.is_empty()


def test_only_columns_that_are_named_are_laid_out() -> None:
    said = "l.first = r.first AND last_l = last_r AND 'other' <> rare_dob_l"
    assert columns_in(said, ["first", "last", "dob", "rare_dob", "other"]) == [
        "first",
        "last",
        "rare_dob",
    ]


def by_hand(values: list[int]) -> set[tuple[int, int]]:
    every = range(len(values))
    return {(a, b) for a in every for b in every if a < b and values[a] == values[b]}


@pytest.mark.parametrize("step", [3, 1_000_000])
def test_every_two_of_a_value_are_a_pair(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "_STEP", step)
    values = _RNG.integers(0, 12, 60)
    for found in (Runs.of(mixed(values), np.arange(60), 60), Runs.labelled(values)):
        value, one, other = found.all_pairs()
        assert (one < other).all()
        assert len(one) == len(by_hand(values.tolist()))
        assert set(zip(one.tolist(), other.tolist(), strict=True)) == by_hand(values.tolist())
        assert len(np.unique(value)) == len(found.sizes)


def test_a_value_of_one_record_and_places_not_looked_at_are_left_out() -> None:
    values, looked_at = mixed(np.array([1, 1, 2, 3, 3, 3])), np.array([0, 2, 3, 5])
    found = Runs.of(values[looked_at], looked_at, 6)
    assert found.sizes.tolist() == [2]
    assert found.held.tolist() == [3, 5]


def test_some_come_first_and_lead() -> None:
    values = mixed(np.zeros(4, dtype=np.int64))
    leading = np.array([False, False, True, False])
    found = Runs.of(values, np.arange(4), 4, first=leading)
    assert found.held.tolist() == [2, 0, 1, 3]
    pairs = [pair for _, *ends in found.pairs(leading=leading) for pair in zip(*ends, strict=True)]
    assert pairs == [(2, 0), (2, 1), (2, 3)]


def test_nothing_shared_is_nothing() -> None:
    for found in (Runs.of(mixed(np.arange(3)), np.arange(3), 3), Runs.labelled(np.arange(0))):
        assert [len(part) for part in found.all_pairs()] == [0, 0, 0]
        assert found.having(np.ones(3, dtype=bool)).tolist() == []
        assert found.mixed(np.arange(3)).tolist() == []
