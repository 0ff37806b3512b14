"""Person numbers from month to month."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl

from linkage.people.identity import carried_on

carried = partial(carried_on, id_key=b"id")
FIRST, SECOND, THIRD = date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)


def clusters(*groups: str) -> pl.DataFrame:
    """Each group is the letters of its records."""
    rows = [("rent", letter, number) for number, group in enumerate(groups) for letter in group]
    return pl.DataFrame(rows, schema=["source", "local_id", "cluster"], orient="row")


def numbers(people: pl.DataFrame) -> dict[str, int]:
    return dict(people.select("local_id", "person_id").iter_rows())


def events(history: pl.DataFrame, month: date) -> set[tuple[object, ...]]:
    of_month = history.filter(pl.col("month") == month)
    return set(of_month.select("event", "from_person_id", "to_person_id", "records").iter_rows())


def test_a_number_is_told_by_nothing_but_the_key() -> None:
    given = [
        carried_on(clusters("ab"), month=FIRST, held=None, history=None, id_key=key)[0]
        for key in (b"one", b"one", b"two")
    ]
    assert given[0].equals(given[1])
    assert given[0]["person_id"].to_list() != given[2]["person_id"].to_list()


def after(
    *groups: str, then: tuple[str, ...]
) -> tuple[dict[str, int], dict[str, int], set[tuple[object, ...]]]:
    held, history = carried(clusters(*groups), month=FIRST, held=None, history=None)
    people, history = carried(clusters(*then), month=SECOND, held=held, history=history)
    return numbers(held), numbers(people), events(history, SECOND)


def test_everybody_is_first_seen_once() -> None:
    held, history = carried(clusters("ab", "c"), month=FIRST, held=None, history=None)
    assert history["event"].to_list() == ["FIRST_SEEN", "FIRST_SEEN"]
    again, history = carried(clusters("ab", "c"), month=SECOND, held=held, history=history)
    assert numbers(again) == numbers(held)
    assert events(history, SECOND) == set()


def test_a_new_record_takes_the_number_of_its_person() -> None:
    was, now, happened = after("bc", then=("abc",))
    assert now["a"] == now["b"] == was["b"]
    assert happened == set()


def test_two_who_merge_keep_the_number_of_most_records() -> None:
    was, now, happened = after("a", "bc", then=("abc",))
    assert set(now.values()) == {was["b"]}
    assert happened == {("MERGED", was["a"], was["b"], 1)}


def test_a_split_gives_the_smaller_part_a_number_of_its_own() -> None:
    was, now, happened = after("abc", then=("a", "bc"))
    assert now["b"] == now["c"] == was["a"]
    assert now["a"] not in was.values()
    assert happened == {("SPLIT", was["a"], now["a"], 1)}


def test_a_record_that_moves_is_told() -> None:
    was, now, happened = after("abc", "de", then=("ab", "cde"))
    assert (now["a"], now["c"]) == (was["a"], was["d"])
    assert happened == {("RECORDS_MOVED", was["a"], was["d"], 1)}


def test_a_number_is_never_given_again() -> None:
    held, history = carried(clusters("a", "bc"), month=FIRST, held=None, history=None)
    merged, history = carried(clusters("abc"), month=SECOND, held=held, history=history)
    apart, history = carried(clusters("a", "bc"), month=THIRD, held=merged, history=history)
    # Parted again, "a" is not given the number that it had before the merger.
    assert numbers(apart)["a"] not in numbers(held).values()
    assert numbers(apart)["b"] == numbers(held)["b"]


def test_somebody_without_records_is_told_and_not_forgotten() -> None:
    was, now, happened = after("ab", "c", then=("ab",))
    assert now["a"] == was["a"]
    assert happened == {("NO_RECORDS", None, None, None)}


def test_rows_in_any_order_give_the_same() -> None:
    held, history = carried(clusters("ab", "cd"), month=FIRST, held=None, history=None)
    there = carried(clusters("ac", "bd"), month=SECOND, held=held, history=history)
    back = clusters("ac", "bd").reverse()
    again = carried(back, month=SECOND, held=held.reverse(), history=history.reverse())
    assert there[0].equals(again[0])
    assert there[1].equals(again[1])
