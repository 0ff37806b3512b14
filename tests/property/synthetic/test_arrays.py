"""The array helpers, against plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from synthetic.records.base import expanded, present, sorted_members, stay_on
from synthetic.stays import Memberships, Spells
from synthetic.streams import Streams

SMALL = st.integers(0, 12)


def ints(values) -> np.ndarray:
    return np.array(list(values), dtype=np.int64)


@given(st.lists(st.tuples(SMALL, SMALL), max_size=30))
def test_expanded_lists_every_index(bounds: list[tuple[int, int]]):
    row, index = expanded(ints(low for low, _ in bounds), ints(high for _, high in bounds))
    expected = [(i, k) for i, (low, high) in enumerate(bounds) for k in range(low, high)]
    assert list(zip(row.tolist(), index.tolist(), strict=True)) == expected


STAYS = st.lists(st.tuples(SMALL, SMALL, SMALL, st.integers(1, 9)), max_size=40)


@given(STAYS, st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=15))
def test_present_finds_everybody_and_nobody_else(stays, asked):
    members = sorted_members(
        Memberships(
            person=ints(s[0] for s in stays),
            household=ints(s[1] for s in stays),
            role=np.zeros(len(stays), dtype=np.int64),
            starts=ints(s[2] for s in stays),
            ends=ints(s[2] + s[3] for s in stays),
        )
    )
    row, member = present(members, ints(a[0] for a in asked), ints(a[1] for a in asked))
    found = sorted(
        (int(r), int(members.person[m]), int(members.starts[m]), int(members.ends[m]))
        for r, m in zip(row, member, strict=True)
    )
    expected = sorted(
        (i, person, start, start + length)
        for i, (household, day) in enumerate(asked)
        for person, home, start, length in stays
        if home == household and start <= day < start + length
    )
    assert found == expected


@given(st.dictionaries(SMALL, st.lists(st.tuples(st.integers(-5, 5), st.integers(1, 9)))), SMALL)
def test_stay_on_finds_the_stay_that_covers_the_day(gaps, day: int):
    rows = []
    for household, spells in sorted(gaps.items()):
        start = -3
        for gap, length in spells:
            start += abs(gap)
            rows.append((household, start, start + length))
            start += length
    if not rows:
        return
    spells = Spells(
        household=ints(r[0] for r in rows),
        dwelling=ints(range(len(rows))),
        starts=ints(r[1] for r in rows),
        ends=ints(r[2] for r in rows),
        ended_by=ints(0 for _ in rows),
    )
    for household in range(13):
        index = int(stay_on(spells, ints([household]), ints([day]))[0])
        covering = [i for i, r in enumerate(rows) if r[0] == household and r[1] <= day < r[2]]
        assert ([index] if index >= 0 else []) == covering


@given(
    st.integers(0, 2**31),
    st.text(max_size=8),
    st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_numbers_stay_with_their_things_in_any_order(seed, name, ids, random):
    shuffled = list(ids)
    random.shuffle(shuffled)
    streams = Streams(seed)
    first = dict(zip(ids, streams.each(name, ints(ids)).tolist(), strict=True))
    second = dict(zip(shuffled, streams.each(name, ints(shuffled)).tolist(), strict=True))
    assert first == second
    assert all(0 < number < 1 for number in first.values())
