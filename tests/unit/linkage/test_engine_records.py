"""Places of records, rows of some of them, and who shares a value with whom."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from linkage.engine.ordered import rows_among
from linkage.engine.records import both, holding, places, without
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


def test_numbers_of_either_and_of_the_first_alone() -> None:
    assert both(GAPS, NO_GAPS).tolist() == [3, 4, 5, 6, 7, 8, 9]
    assert without(GAPS, NO_GAPS).tolist() == [3, 8, 9]
    assert both(GAPS[:0], GAPS[:0]).tolist() == []


def test_rows_of_some_numbers_in_a_column_that_repeats() -> None:
    frame = pl.DataFrame({"a": [1, 1, 2, 4, 4, 4, 7]})
    found = rows_among(frame, "a", np.array([1, 3, 4, 9]))
    assert found.tolist() == [True, True, False, True, True, True, False]


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
    node = np.array([1])
    assert shared.by(node, (("last", "dob"),)).tolist() == [1, 2]
    assert shared.by(node, (("last",), ("nino",))).tolist() == [1, 2, 3]
    assert shared.by(node, (("dob",),)).tolist() == [1, 2, 5]
    assert shared.by(np.array([4, 99]), (("last",), ("dob",))).tolist() == [4]


def test_columns_are_not_exchanged() -> None:
    records = pl.DataFrame({"record_id": [1, 2], "first": ["ada", "lowe"], "last": ["lowe", "ada"]})
    shared = Sharing(records, records["record_id"].to_numpy())
    assert shared.by(np.array([1]), (("first", "last"),)).tolist() == [1]


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
