"""How people's pages write dates, counts and shares."""

from __future__ import annotations

from datetime import date

import pytest

from surfaces import words

DAY = date(2026, 12, 4)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (words.day(DAY), "4 December"),
        (words.full_day(DAY), "4 December 2026"),
        (words.month_name(DAY), "December"),
        (words.full_month(DAY), "December 2026"),
        (words.number(0), "no"),
        (words.number(4), "four"),
        (words.number(10), "ten"),
        (words.number(11), "11"),
        (words.number(18420), "18,420"),
        (words.opening(3), "Three"),
        (words.opening(0), "No"),
        (words.opening(25), "25"),
        (words.thousands(999), "999"),
        (words.thousands(1000), "1,000"),
        (words.counted(1, "household"), "1 household"),
        (words.counted(2, "household"), "2 households"),
        (words.counted(1200, "family", "families"), "1,200 families"),
        (words.listing([]), ""),
        (words.listing(["a"]), "a"),
        (words.listing(["a", "b"]), "a and b"),
        (words.listing(["a", "b", "c"]), "a, b and c"),
        (words.sentence("needed Universal Credit"), "Needed Universal Credit"),
        (words.sentence(""), ""),
        (words.in_100(0.0), "0"),
        (words.in_100(0.004), "fewer than 1"),
        (words.in_100(0.005), "1"),
        (words.in_100(0.231), "23"),
        (words.in_100(0.285), "29"),
        (words.in_100(0.994), "99"),
        (words.in_100(0.996), "more than 99"),
        (words.in_100(1.0), "100"),
    ],
)
def test_words(written, expected):
    assert written == expected
