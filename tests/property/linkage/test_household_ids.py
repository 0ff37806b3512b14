"""Household ids over invented months: they depend on the past alone."""

from __future__ import annotations

from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.months import month_ends
from linkage.households.identity import name_households

SNAPSHOTS = month_ends(date(2026, 1, 31), date(2026, 6, 30))
SCHEMA = {
    "k": pl.Int64,
    "unit": pl.String,
    "person_id": pl.Int64,
    "uprn": pl.Int64,
    "adult": pl.Boolean,
}
# For each of six people and each month: the home they are in, or 0 for nowhere to be seen.
walks = st.lists(
    st.lists(st.integers(0, 3), min_size=len(SNAPSHOTS), max_size=len(SNAPSHOTS)),
    min_size=6,
    max_size=6,
)


def residents(homes: list[list[int]], months: int) -> pl.DataFrame:
    rows = [
        (k, f"home{homes[person][k]}", person, homes[person][k], person != 5)
        for k in range(months)
        for person in range(6)
        if homes[person][k]
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@settings(max_examples=25, deadline=None)
@given(walks, st.integers(1, len(SNAPSHOTS)))
def test_what_comes_later_changes_no_id_and_no_event(homes: list[list[int]], months: int) -> None:
    ids, events = name_households(residents(homes, len(SNAPSHOTS)), SNAPSHOTS)
    early, early_events = name_households(residents(homes, months), SNAPSHOTS[:months])
    assert ids.filter(pl.col("k") < months).equals(early)
    assert events.filter(pl.col("event_date") <= SNAPSHOTS[months - 1]).equals(early_events)


@settings(max_examples=25, deadline=None)
@given(walks)
def test_each_unit_is_one_household_and_the_other_way_round(homes: list[list[int]]) -> None:
    frame = residents(homes, len(SNAPSHOTS))
    ids, _ = name_households(frame, SNAPSHOTS)
    assert ids.height == frame.select("k", "unit").unique().height
    assert ids.select("k", "household_id").is_unique().all()


@settings(max_examples=25, deadline=None)
@given(walks)
def test_a_household_keeps_at_least_half_of_its_people(homes: list[list[int]]) -> None:
    frame = residents(homes, len(SNAPSHOTS))
    ids, _ = name_households(frame, SNAPSHOTS)
    cores: dict[tuple[int, int], tuple[set[int], set[int]]] = {}
    for k, _, person, _, adult, household in frame.join(ids, on=["k", "unit"]).iter_rows():
        grown, everybody = cores.setdefault((household, k), (set(), set()))
        everybody.add(person)
        if adult:
            grown.add(person)
    for (household, k), (grown, everybody) in cores.items():
        if (household, k + 1) in cores:
            old, (new, all_new) = grown or everybody, cores[household, k + 1]
            new = new or all_new
            assert len(old & new) / len(old | new) >= 0.5
