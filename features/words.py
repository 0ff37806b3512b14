"""Numbers, months and stretches of time as a person reads them."""

from __future__ import annotations

import calendar
from datetime import date

from contracts.months import add_months, month_index

_SMALL = [
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = [
    "zero",
    "ten",
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]


def number_word(number: int) -> str:
    """A whole number in words, as a sentence begins with it: ``Two``, ``Twenty-one``."""
    if not 0 <= number < 100:
        return "More than ninety-nine" if number >= 100 else "No"
    if number < 20:
        return _SMALL[number].capitalize()
    tens, ones = divmod(number, 10)
    return (_TENS[tens] + (f"-{_SMALL[ones]}" if ones else "")).capitalize()


def month_name(day: date, *, seen_from: date) -> str:
    """``June``, or ``June 2025`` where that is not the year that it is seen from."""
    name = calendar.month_name[day.month]
    return name if day.year == seen_from.year else f"{name} {day.year}"


def day_name(day: date) -> str:
    """``31 October``."""
    return f"{day.day} {calendar.month_name[day.month]}"


def window_words(months: int, *, index_date: date) -> tuple[str, str]:
    """The last ``months`` months up to a month end, after a past and after a perfect tense.

    ``was sent in the last 3 months`` and ``have been sent since August``.
    """
    if months == 1:
        words = f"in {calendar.month_name[index_date.month]}"
        return words, words
    words = f"in the last {months // 12} years" if months >= 24 else f"in the last {months} months"
    if months >= 12:
        return words, words
    first = add_months(index_date, 1 - months)
    return words, f"since {month_name(first, seen_from=index_date)}"


def months_between(earlier: date, later: date) -> int:
    """Calendar months from one day's month to another's."""
    return month_index(later) - month_index(earlier)
