"""When a list is used, and by which day each household is best contacted.

Both follow from the release and its approvals alone, so the same release gives the same list. The
order is by chance: no score reaches this module.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contracts.fingerprint import of_value
from contracts.months import add_months, month_end

LEAST_WORKING_DAYS = 10
_CODES = 10_000


@dataclass(frozen=True, kw_only=True)
class ListPeriod:
    """The days on which a list is used.

    Attributes:
        until: The last of them; then the list is replaced.
        working_days: Those on which people work, in order.
    """

    until: date
    working_days: tuple[date, ...]


def list_period(approved_on: date, expires_on: date) -> ListPeriod:
    """From the day after approval to the end of that month.

    Where that would leave under ten working days, to the end of the next month; and never past the
    day on which the approval expires.
    """
    first = approved_on + timedelta(days=1)
    last = month_end(approved_on)
    if len(working_days(first, last)) < LEAST_WORKING_DAYS:
        last = month_end(add_months(approved_on.replace(day=1), 1))
    last = max(min(last, expires_on), approved_on)
    days = working_days(first, last)
    return ListPeriod(until=last, working_days=tuple(days) or (last,))


def working_days(first: date, last: date) -> list[date]:
    """Mondays to Fridays from ``first`` to ``last`` that are no bank holiday in England."""
    span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    closed = _bank_holidays(first, last)
    return [day for day in span if day.weekday() < 5 and day not in closed]


def contact_dates(households: Sequence[int], *, seed: str, days: Sequence[date]) -> dict[int, date]:
    """A day for each household: drawn by lot, spread evenly over the days, earliest first.

    Args:
        households: The listed households.
        seed: Fingerprint of the release.
        days: The days to spread over, in order.
    """
    drawn = sorted(households, key=lambda household: of_value(["contact", seed, household]))
    return {
        household: days[place * len(days) // len(drawn)] for place, household in enumerate(drawn)
    }


def references(households: Sequence[int], *, seed: str, prefix: str) -> dict[int, str]:
    """A code for each household such as ``HE-0417``, which says nothing about it."""
    taken: set[int] = set()
    codes: dict[int, str] = {}
    for household in sorted(households):
        number = _free_number(household, seed, taken)
        taken.add(number)
        codes[household] = f"{prefix}-{number:04d}"
    return codes


def prefix_of(code: str, names: dict[str, str]) -> str:
    """Two letters for a neighbourhood, or its code where another has the same two.

    Args:
        code: The neighbourhood.
        names: Every neighbourhood's code and name.
    """
    short = _initials(names[code])
    alone = [_initials(name) for name in names.values()].count(short) == 1
    return short if alone else code


def _initials(name: str) -> str:
    words = [word for word in name.split() if word[0].isupper()] or [name]
    letters = words[0][:2] if len(words) == 1 else words[0][0] + words[1][0]
    return letters.upper()


def _free_number(household: int, seed: str, taken: set[int]) -> int:
    if len(taken) >= _CODES:
        raise ValueError(f"a list holds at most {_CODES} households")
    attempt = 0
    while True:
        number = int(of_value(["reference", seed, household, attempt])[:12], 16) % _CODES
        if number not in taken:
            return number
        attempt += 1


def _bank_holidays(first: date, last: date) -> frozenset[date]:
    from pandas import DateOffset, Timestamp
    from pandas.tseries.holiday import (
        AbstractHolidayCalendar,
        EasterMonday,
        GoodFriday,
        Holiday,
        next_monday,
        next_monday_or_tuesday,
    )

    rules = [
        Holiday("New Year's Day", month=1, day=1, observance=next_monday),
        GoodFriday,
        EasterMonday,
        Holiday("Early May", month=5, day=1, observance=_monday_from),
        Holiday("Spring", month=5, day=31, observance=_monday_until),
        Holiday("Summer", month=8, day=31, observance=_monday_until),
        Holiday("Christmas Day", month=12, day=25, observance=next_monday),
        Holiday("Boxing Day", month=12, day=26, observance=next_monday_or_tuesday),
    ]
    calendar = AbstractHolidayCalendar(name="England", rules=rules)
    # A week to either side: a holiday can be moved across the edge of the span asked for.
    found = calendar.holidays(
        Timestamp(first) - DateOffset(days=7), Timestamp(last) + DateOffset(days=7)
    )
    return frozenset(day.date() for day in found)


def _monday_from(day: datetime) -> datetime:
    return day + timedelta(days=-day.weekday() % 7)


def _monday_until(day: datetime) -> datetime:
    return day - timedelta(days=day.weekday())
