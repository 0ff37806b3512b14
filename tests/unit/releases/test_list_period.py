"""Dates and references: by lot, spread evenly, on days when people work."""

from collections import Counter
from datetime import date

import pytest

from releases.list_period import (
    contact_dates,
    list_period,
    prefix_of,
    references,
    working_days,
)

FAR = date(2030, 1, 1)


@pytest.mark.parametrize(
    ("approved", "expires", "until"),
    [
        (date(2026, 11, 13), FAR, date(2026, 11, 30)),  # eleven working days are left
        (date(2026, 11, 16), FAR, date(2026, 11, 30)),  # ten
        (date(2026, 11, 17), FAR, date(2026, 12, 31)),  # nine
        (date(2026, 11, 30), FAR, date(2026, 12, 31)),
        (date(2026, 12, 31), FAR, date(2027, 1, 31)),
        (date(2026, 11, 13), date(2026, 11, 20), date(2026, 11, 20)),
        (date(2026, 11, 13), date(2026, 11, 13), date(2026, 11, 13)),
    ],
)
def test_how_long_a_list_is_used(approved, expires, until):
    period = list_period(approved, expires)
    assert period.until == until
    assert period.working_days
    assert all(day <= until for day in period.working_days)


@pytest.mark.parametrize(
    ("year", "holidays"),
    [
        (2025, ["01-01", "04-18", "04-21", "05-05", "05-26", "08-25", "12-25", "12-26"]),
        (2026, ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"]),
        (2027, ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"]),
        (2028, ["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"]),
    ],
)
def test_bank_holidays_of_england(year, holidays):
    """As gov.uk publishes them."""
    worked = set(working_days(date(year, 1, 1), date(year, 12, 31)))
    days = [
        date.fromordinal(n)
        for n in range(date(year, 1, 1).toordinal(), 366 + date(year, 1, 1).toordinal())
    ]
    off = [day for day in days if day.year == year and day.weekday() < 5 and day not in worked]
    assert [day.strftime("%m-%d") for day in off] == holidays


def test_dates_are_spread_evenly():
    days = working_days(date(2026, 11, 16), date(2026, 11, 30))
    drawn = contact_dates(range(60), seed="a", days=days)
    counts = Counter(drawn.values())
    assert set(counts) == set(days)
    assert max(counts.values()) - min(counts.values()) <= 1
    assert list(drawn.values()) == sorted(drawn.values())


def test_fewer_households_than_days_are_not_all_at_the_start():
    days = working_days(date(2026, 11, 16), date(2026, 11, 30))
    drawn = list(contact_dates([5, 6, 7], seed="a", days=days).values())
    assert drawn == [days[0], days[3], days[7]]


def test_order_is_by_lot_and_no_rank():
    """Over many releases, a household comes first as often as any other."""
    days = working_days(date(2026, 11, 16), date(2026, 11, 30))
    households = list(range(5))
    first = Counter(
        next(iter(contact_dates(households, seed=f"release {n}", days=days))) for n in range(2000)
    )
    assert all(320 < first[household] < 480 for household in households)


def test_the_order_in_which_households_come_does_not_matter():
    days = [date(2026, 11, 16), date(2026, 11, 17)]
    forth = contact_dates([1, 2, 3, 4], seed="a", days=days)
    assert contact_dates([4, 3, 2, 1], seed="a", days=days) == forth
    assert list(contact_dates([4, 3, 2, 1], seed="a", days=days)) == list(forth)


def test_references_are_their_own_and_stay_within_a_release():
    codes = references(range(500), seed="a", prefix="HE")
    assert len(set(codes.values())) == 500
    assert all(code.startswith("HE-") and len(code) == 7 for code in codes.values())
    assert references(reversed(range(500)), seed="a", prefix="HE") == codes
    assert references(range(500), seed="b", prefix="HE") != codes


def test_more_households_than_codes_is_an_error():
    with pytest.raises(ValueError, match="at most"):
        references(range(10_001), seed="a", prefix="HE")


def test_two_letters_of_a_neighbourhood():
    names = {"N1": "Harbour East", "N2": "Mill Side", "N3": "Northfield", "N4": "Priory and Dale"}
    assert [prefix_of(code, names) for code in names] == ["HE", "MS", "NO", "PD"]
    assert prefix_of("N1", {"N1": "Harbour East", "N2": "High End"}) == "N1"
