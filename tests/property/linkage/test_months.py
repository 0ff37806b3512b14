"""Whatever comes and goes in a month, it ends where a full linkage with its model would."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from tests.unit.linkage.test_more import same_as_full

names = st.sampled_from(["ann", "anne", "ben", "bea"])
lasts = st.sampled_from(["lowe", "low", "pugh"])
dates = st.sampled_from(["1980-05-04", "1980-05-05", "1980-04-05", "1991-01-01", None])
numbers = st.sampled_from(["n1", "n2", None, None])
records = st.tuples(st.sampled_from(["f1", "f2", "f3", "f4"]), names, lasts, dates, numbers)


@examples(max_examples=15)
@given(st.lists(records, max_size=12), st.lists(records, max_size=4), st.integers(0, 4), st.data())
def test_any_month_ends_where_a_full_linkage_would(
    before: list[Any], fresh: list[Any], gone: int, data: st.DataObject
) -> None:
    after = [*before[gone:], *fresh]
    same_as_full(before, data.draw(st.permutations(after)))
