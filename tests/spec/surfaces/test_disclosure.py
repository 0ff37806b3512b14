"""Which counts of a table are shown, at a minimum cell of 20."""

from __future__ import annotations

import pytest

from surfaces.disclosure import Disclosure

LIMITS = Disclosure(minimum=20)


@pytest.mark.parametrize(
    ("counts", "shown", "why"),
    [
        ((90, 120, 485, 65), (90, 120, 485, 65), "nothing is small"),
        ((92, 118, 487, 63), (90, 120, 485, 65), "rounded to the nearest 5"),
        ((90, 120, 14, 485, 16, 65), (90, 120, None, 485, None, 65), "two small: hidden together"),
        ((90, 120, 14, 485), (None, 120, None, 485), "one small: the next smallest goes with it"),
        ((0, 0, 30, 485), (None, None, None, 485), "two empty ones would be told by their sum"),
        ((19, 19, 40, 485), (None, None, None, 485), "so would two at the very edge"),
        ((3, 5), (None, None), "nothing is left to show"),
        ((7,), (None,), "alone, and so is its total"),
        ((20, 485), (20, 485), "the minimum itself is shown"),
    ],
)
def test_a_table(counts, shown, why):
    keys = range(len(counts))
    published = LIMITS.published(dict(zip(keys, counts, strict=True)))
    assert tuple(published[key] for key in keys) == shown, why


@pytest.mark.parametrize(("count", "shown"), [(19, None), (20, 20), (22, 20), (23, 25), (0, None)])
def test_a_count_alone(count, shown):
    assert LIMITS.shown(count) == shown
