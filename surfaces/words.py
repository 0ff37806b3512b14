"""How dates, numbers and lists of things are written on people's pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from math import floor
from typing import Final

_FUZZ = 1e-9
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip

SOURCES: Final[Mapping[str, str]] = {
    "ctax": "council tax",
    "rent": "council rent accounts",
    "hclic": "homelessness service",
    "welfare": "local welfare awards",
    "uc": "Universal Credit extract",
    "shbe": "housing benefit and council tax reduction",
    "gp": "primary care extract",
    "mh": "mental health extract",
    "ecds": "emergency care extract",
    "llpg": "address register",
    "area": "area lookups",
    "hreg": "housing register",
    "asc": "adult social care",
    "cs": "children and families",
    "school": "school census",
    "bbadge": "blue badges",
    "dwp_other": "other benefits",
    "elect": "electoral register",
    "asb": "nuisance cases",
}
"""Sources in plain words; one that is not here goes by its key."""


def day(value: date) -> str:
    """``4 December``."""
    return f"{value.day} {_MONTHS[value.month - 1]}"


def full_day(value: date) -> str:
    """``4 December 2026``."""
    return f"{day(value)} {value.year}"


def month_name(value: date) -> str:
    """``December``."""
    return _MONTHS[value.month - 1]


def full_month(value: date) -> str:
    """``December 2026``."""
    return f"{month_name(value)} {value.year}"


def number(value: int) -> str:
    """A count inside a sentence: a word up to ten ("no" for none), numerals above."""
    return _NUMBERS[value] if 0 <= value < len(_NUMBERS) else thousands(value)


def opening(value: int) -> str:
    """A count that opens a sentence: ``Four``."""
    return number(value).capitalize()


def thousands(value: int) -> str:
    """``18,420``."""
    return f"{value:,}"


def counted(value: int, thing: str, things: str | None = None) -> str:
    """``1 household``, ``3 households``; numerals, as in a table or a strip of facts."""
    return f"{thousands(value)} {thing if value == 1 else things or thing + 's'}"


def listing(things: Iterable[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    every = list(things)
    if len(every) < 2:
        return "".join(every)
    return ", ".join(every[:-1]) + " and " + every[-1]


def sentence(words: str) -> str:
    """The words with a capital at the start, and no other letter changed."""
    return words[:1].upper() + words[1:]


def in_100(share: float) -> str:
    """A share as "of every 100": whole numbers, halves up, never a false 0 or 100."""
    if 0 < share < 0.005:
        return "fewer than 1"
    if 0.995 <= share < 1:
        return "more than 99"
    return str(floor(100 * share + 0.5 + _FUZZ))
