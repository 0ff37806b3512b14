"""Household ids over invented months: they depend on the past alone."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.months import month_ends
from linkage.households.identity import name_households

SNAPSHOTS = month_ends(date(2026, 1, 31), date(2026, 6, 30))
# For each of six people and each month: the home they are in, or 0 for nowhere to be seen.
walks = st.lists(
    st.lists(st.integers(0, 3), min_size=len(SNAPSHOTS), max_size=len(SNAPSHOTS)),
    min_size=6,
    max_size=6,
)
EPISODES = {
    "episode": pl.Int64,
    "uprn": pl.Int64,
    "placed": pl.Boolean,
    "k_from": pl.Int32,
    "k_to": pl.Int32,
}
MEMBERS = {
    "episode": pl.Int64,
    "person_id": pl.Int64,
    "adult": pl.Boolean,
    "confidence": pl.Float64,
}
Named = tuple[dict[tuple[int, int], int], pl.DataFrame]


def name(homes: list[list[int]], months: int, *, joined: bool = True) -> Named:
    """The household of each home and month, and the events.

    Months in which a home holds the same people are one episode, or each an episode of its own.
    """
    episodes: list[tuple[int, int, bool, int, int]] = []
    members: list[tuple[int, int, bool, float]] = []
    of: dict[tuple[int, int], int] = {}
    for home in range(1, 4):
        before: list[int] = []
        for k in range(months):
            here = [person for person in range(6) if homes[person][k] == home]
            if here and here == before and joined:
                number, uprn, placed, k_from, _ = episodes[-1]
                episodes[-1] = (number, uprn, placed, k_from, k)
            elif here:
                number = len(episodes)
                episodes.append((number, home, False, k, k))
                members += [(number, person, person != 5, 0.9) for person in here]
            if here:
                of[home, k] = number
            before = here
    ids, events = name_households(
        pl.DataFrame(episodes, schema=EPISODES, orient="row"),
        pl.DataFrame(members, schema=MEMBERS, orient="row"),
        SNAPSHOTS[:months],
        id_key=b"id",
    )
    household = dict(ids.iter_rows())
    return {at: household[number] for at, number in of.items()}, events


@settings(max_examples=25, deadline=None)
@given(walks, st.integers(1, len(SNAPSHOTS)))
def test_what_comes_later_changes_no_id_and_no_event(homes: list[list[int]], months: int) -> None:
    ids, events = name(homes, len(SNAPSHOTS))
    early, early_events = name(homes, months)
    assert {at: number for at, number in ids.items() if at[1] < months} == early
    assert events.filter(pl.col("event_date") <= SNAPSHOTS[months - 1]).equals(early_events)


@settings(max_examples=25, deadline=None)
@given(walks)
def test_months_joined_into_episodes_change_nothing(homes: list[list[int]]) -> None:
    joined, events = name(homes, len(SNAPSHOTS))
    each, each_events = name(homes, len(SNAPSHOTS), joined=False)
    assert joined == each
    assert events.equals(each_events)


@settings(max_examples=25, deadline=None)
@given(walks)
def test_no_two_homes_of_a_month_are_one_household(homes: list[list[int]]) -> None:
    ids, _ = name(homes, len(SNAPSHOTS))
    assert len({(k, number) for (_, k), number in ids.items()}) == len(ids)


@settings(max_examples=25, deadline=None)
@given(walks)
def test_a_household_keeps_at_least_half_of_its_people(homes: list[list[int]]) -> None:
    ids, _ = name(homes, len(SNAPSHOTS))
    cores: dict[tuple[int, int], tuple[set[int], set[int]]] = {}
    for (home, k), household in ids.items():
        everybody = {person for person in range(6) if homes[person][k] == home}
        cores[household, k] = (everybody - {5}, everybody)
    for (household, k), (grown, everybody) in cores.items():
        if (household, k + 1) in cores:
            old, (new, all_new) = grown or everybody, cores[household, k + 1]
            new = new or all_new
            assert len(old & new) / len(old | new) >= 0.5
