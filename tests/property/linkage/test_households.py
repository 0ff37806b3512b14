"""Households of invented evidence: one main home each, whatever the order and whoever else."""

from __future__ import annotations

import random
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.linkage.by_hand import ByHand, street
from tests.unit.linkage.hand_made import MONTH, PLACE, day

QUICK = PLACE.model_copy(update={"windows": PLACE.windows.model_copy(update={"history_months": 6})})
_MONTHS = [f"2026-{month:02d}-03" for month in range(4, 11)]
# Each: which of four people, which home (none for 0), from which month, for how many (0: goes on).
stays = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 6), st.integers(0, 4)),
    min_size=1,
    max_size=8,
)
Stays = list[tuple[int, int, int, int]]


def made(told: Stays, *, others: bool = False, seed: int | None = None) -> ByHand:
    """Evidence by council tax account, and placements for who has no home."""
    place = street(101, 102, 103, 201)
    rows = [("own", index, *stay) for index, stay in enumerate(told)]
    if others:
        rows.append(("other", 0, 9, 101, 0, 0))
    if seed is not None:
        random.Random(seed).shuffle(rows)  # noqa: S311 - an order, not a secret
    records: dict[int, list[str]] = {}
    for kind, index, person, home, start, months in rows:
        if kind == "other":
            place.account("Z", 201, "2026-04-03", ["Q"])
            records.setdefault(person, []).append("ctax:Z|Zp0")
        elif home:
            end = _MONTHS[start + months] if months > 0 and start + months < 7 else None
            ref = f"A{index}"
            place.account(ref, 100 + home, _MONTHS[start], ["X"], end=end)
            records.setdefault(person, []).append(f"ctax:{ref}|{ref}p0")
        else:
            place.case(f"H{index}", _MONTHS[start], "APPLICANT")
            place.placed(f"H{index}", _MONTHS[start], None)
            records.setdefault(person, []).append(f"hclic:H{index}|1")
    for person in (0, 1, 2, 3, 9):
        place.who(f"p{person}", 198001 + person, *sorted(records.get(person, [])))
    place.fresh(MONTH)
    place.build(place=QUICK)
    return place


def numbers(place: ByHand) -> pl.DataFrame:
    return place.rows("household_member").filter(pl.col("person_id") != 104)


@settings(max_examples=4, deadline=None)
@given(stays, st.integers(0, 99))
def test_the_order_of_rows_and_an_unrelated_person_change_nothing(told: Stays, seed: int) -> None:
    place, other = made(told), made(told, others=True, seed=seed)
    order = ["snapshot_date", "person_id"]
    assert numbers(place).sort(order).equals(numbers(other).sort(order))


@settings(max_examples=5, deadline=None)
@given(stays)
def test_everybody_has_one_main_household_and_sizes_agree(told: Stays) -> None:
    place = made(told)
    members = place.rows("household_member").filter(pl.col("share") == "main")
    assert members.select("snapshot_date", "person_id").is_unique().all()
    counted = members.group_by("snapshot_date", "household_id").agg(pl.len().alias("n"))
    snapshots = place.rows("household_snapshot")
    both = snapshots.join(counted, on=["snapshot_date", "household_id"])
    assert both.height == snapshots.height == counted.height
    assert (both["size"] == both["n"]).all()


@settings(max_examples=4, deadline=None)
@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 2))
def test_temporary_accommodation_dissolves_no_household(home: int, enters: int, stays: int) -> None:
    leaves = enters + stays
    place = (
        street(101, 102, 103)
        .who("ann", 198001, "ctax:A|Ap0", "ctax:B|Bp0", "hclic:H|1")
        .who("kid", 201501, "hclic:H|2")
    )
    place.account("A", 101, "2026-01-01", ["X"])
    place.add(
        "ctax_account", _MONTHS[enters], account_ref="A", property_ref="x101", uprn=101,
        liability_start=day("2026-01-01"), liability_end=day(_MONTHS[enters]),
    )  # fmt: skip
    place.case("H", _MONTHS[enters], "APPLICANT", "CHILD")
    place.placed("H", _MONTHS[enters], 103).placed("H", _MONTHS[enters], 103, _MONTHS[leaves])
    place.account("B", 100 + home, _MONTHS[leaves], ["X"])
    place.fresh(date(2026, 10, 31))
    place.build(place=QUICK)
    assert place.rows("household_snapshot")["household_id"].n_unique() == 1
    events = [event for _, event in place.events()]
    assert not {"DISSOLVED", "LEFT_AREA", "FORMED", "SPLIT"} & set(events)
    assert [e for e in events if e.endswith("_TA")] == ["ENTERED_TA", "LEFT_TA"]
