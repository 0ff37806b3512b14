"""Places of records, rows of some of them, and who shares a value with whom."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from linkage.engine.records import apart, both, distinct, holding, places
from linkage.engine.sharing import Sharing
from linkage.engine.training import sampled

GAPS = np.array([3, 5, 8, 9])
NO_GAPS = np.array([4, 5, 6, 7])


@pytest.mark.parametrize("numbers", [GAPS, NO_GAPS])
def test_a_place_is_found_and_one_that_is_not_there_is_told(numbers: np.ndarray) -> None:
    wanted = np.arange(12)
    held = numbers.tolist()
    expected = [held.index(n) if n in held else -1 for n in wanted.tolist()]
    assert places(wanted, numbers).tolist() == expected


def test_numbers_of_either_come_once() -> None:
    assert both(GAPS, NO_GAPS).tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert both(GAPS[:0], GAPS[:0]).tolist() == []
    assert distinct(np.array([7, 3, 7, -1])).tolist() == [-1, 3, 7]
    assert distinct(GAPS[:0]).tolist() == []


@pytest.mark.parametrize(("some", "others"), [(GAPS, NO_GAPS), (GAPS, GAPS[:0]), (GAPS[:0], GAPS)])
def test_what_each_of_two_lacks_is_told_by_its_place(some: np.ndarray, others: np.ndarray) -> None:
    mine, theirs = apart(some, others)
    assert some[mine].tolist() == [n for n in some.tolist() if n not in others.tolist()]
    assert others[theirs].tolist() == [n for n in others.tolist() if n not in some.tolist()]


def test_what_each_lacks_is_found_in_every_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("linkage.engine.records._SLICE", 3)
    rng = np.random.default_rng(1)
    for _ in range(30):
        one, other = (np.flatnonzero(rng.random(30) < 0.7) for _ in range(2))
        mine, theirs = apart(one, other)
        assert one[mine].tolist() == sorted(set(one.tolist()) - set(other.tolist()))
        assert other[theirs].tolist() == sorted(set(other.tolist()) - set(one.tolist()))


def test_a_value_with_a_gap_is_shared_by_nobody() -> None:
    records = pl.DataFrame(
        {
            "record_id": [1, 2, 3, 4, 5],
            "last": ["lowe", "lowe", "lowe", None, "hill"],
            "dob": ["1980", "1980", None, None, "1980"],
            "nino": [None, None, None, None, None],
        },
        schema_overrides={"nino": pl.String()},
    )
    shared = Sharing(records, records["record_id"].to_numpy())

    def by(at: int, *values: tuple[str, ...]) -> list[list[int]]:
        return [found.tolist() for found in shared.by(np.array([at]), values)]

    assert by(0, ("last", "dob")) == [[0, 1]]
    assert by(0, ("last",), ("nino",)) == [[0, 1, 2], []]
    assert by(0, ("dob",)) == [[0, 1, 4]]
    assert by(3, ("last",), ("dob",)) == [[], []]
    assert [found.tolist() for found in shared.by(np.arange(0), (("last",),))] == [[]]


def test_columns_are_not_exchanged() -> None:
    records = pl.DataFrame({"record_id": [1, 2], "first": ["ada", "lowe"], "last": ["lowe", "ada"]})
    shared = Sharing(records, records["record_id"].to_numpy())
    assert shared.by(np.array([0]), (("first", "last"),))[0].tolist() == [0]


def test_what_a_connection_holds_is_what_it_was_given() -> None:
    given = pl.DataFrame(
        {
            "record_id": [0, 1, 2],
            "short": ["a", None, ""],
            "long": ["a name of more than twelve letters", "é" * 40, None],
            "forms": [["kate", "katherine of somewhere"], [], None],
        }
    )
    with holding(given, 2, "1GB") as con:
        held = con.sql("SELECT * FROM records ORDER BY record_id").pl()
    assert held.equals(given)


def test_a_sample_depends_on_the_numbers_and_the_seed_alone() -> None:
    numbers = np.arange(10**9, 10**9 + 4000)
    some = sampled(numbers, most=1000, seed=1)
    assert 900 < len(some) < 1100
    assert sampled(numbers, most=1000, seed=1).tolist() == some.tolist()
    assert sampled(numbers, most=1000, seed=2).tolist() != some.tolist()
    # Which of them are drawn does not depend on the others.
    half = sampled(numbers[::2], most=500, seed=1)
    assert set(numbers[::2][half]) == set(numbers[some]) & set(numbers[::2])
    assert sampled(numbers, most=4000, seed=1).tolist() == list(range(4000))
