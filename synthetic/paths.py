"""What follows from an event once it has begun: the same course for records, truth and oracle.

Every course depends only on the seed, the household and the month in which it began, so the record
builders, the moves and the oracle can each ask for it and get the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.streams import Flags, Floats, Ints, Streams

NONE = -(2**31)
RELIEF_SHARE = 0.55
ROLLS_TO_RELIEF = 0.18
MAIN_SHARE = 0.35
TA_SHARE_OF_RELIEF = 0.22
WARRANT_SHARE, EVICTED_SHARE = 0.45, 0.60


@dataclass(frozen=True, kw_only=True)
class Homelessness:
    """One household's course through the homelessness duties; days, or :data:`NONE`."""

    approach: Ints
    prevention: Ints
    relief: Ints
    main: Ints
    temporary: Flags
    ends: Ints
    secured: Flags

    @property
    def first_duty(self) -> Ints:
        """Day of the first duty."""
        return np.where(self.prevention != NONE, self.prevention, self.relief)


def month_day(streams: Streams, name: str, months: Ints, household: Ints, month: Ints) -> Ints:
    """A day in the month of each event."""
    length = months[month + 1] - months[month]
    inside = np.floor(streams.each(f"day:{name}", household, month) * length).astype(np.int64)
    return np.asarray(months[month] + inside)


def homelessness(streams: Streams, start: Ints, household: Ints, month: Ints) -> Homelessness:
    """The course of O1: prevention or relief, what it turns into, and when it ends.

    Args:
        streams: The place's random numbers.
        start: Day of the first duty.
        household: Household of each event.
        month: Month of each event.
    """

    def u(name: str) -> Floats:
        return streams.each(f"O1:{name}", household, month)

    at_once = u("relief") < RELIEF_SHARE
    rolls = ~at_once & (u("rolls") < ROLLS_TO_RELIEF)
    length = 56 + np.floor(20 * u("length")).astype(np.int64)
    prevention = np.where(at_once, NONE, start)
    relief = np.where(at_once, start, np.where(rolls, start + length, NONE))
    goes_on = (relief != NONE) & (u("main") < MAIN_SHARE)
    main = np.where(goes_on, relief + 57 + np.floor(15 * u("decides")).astype(np.int64), NONE)
    last = np.where(main != NONE, main, np.where(relief != NONE, relief, prevention))
    stays = np.where(main != NONE, 120 + 240 * u("stays"), 20 + 50 * u("stays"))
    return Homelessness(
        approach=start - np.floor(12 * u("approach")).astype(np.int64),
        prevention=prevention,
        relief=relief,
        main=main,
        temporary=at_once & (u("temporary") < TA_SHARE_OF_RELIEF + 0.35 * goes_on),
        ends=last + stays.astype(np.int64),
        secured=u("secured") < np.where(relief != NONE, 0.50, 0.62),
    )


@dataclass(frozen=True, kw_only=True)
class Possession:
    """A landlord's course to possession; days, or :data:`NONE`."""

    notice: Ints
    court: Ints
    order: Ints
    warrant: Ints
    evicted: Ints


def possession(streams: Streams, start: Ints, household: Ints, month: Ints) -> Possession:
    """The course of O2 from the notice that begins it to order, warrant and eviction."""

    def days(name: str, low: int, span: int) -> Ints:
        return (low + np.floor(span * streams.each(f"O2:{name}", household, month))).astype(
            np.int64
        )

    court = start + days("court", 45, 35)
    order = court + days("order", 14, 28)
    goes_on = streams.each("O2:goes", household, month) < WARRANT_SHARE
    warrant = np.where(goes_on, order + days("warrant", 35, 60), NONE)
    out = goes_on & (streams.each("O2:out", household, month) < EVICTED_SHARE)
    return Possession(
        notice=start,
        court=court,
        order=order,
        warrant=warrant,
        evicted=np.where(out, warrant + days("evicted", 20, 35), NONE),
    )


HEARING_EVERY_DAYS = 28


def next_hearing(day: Ints) -> Ints:
    """The day of the next bulk hearing: thousands of orders fall on one day."""
    return np.asarray(-(-day // HEARING_EVERY_DAYS) * HEARING_EVERY_DAYS)


@dataclass(frozen=True, kw_only=True)
class Enforcement:
    """Council tax recovery that goes all the way; days of each stage."""

    reminder: Ints
    final: Ints
    summons: Ints
    order: Ints
    agents: Ints
    debt: Floats


def enforcement(streams: Streams, start: Ints, household: Ints, month: Ints) -> Enforcement:
    """The course of O3: reminder, final notice, summons, liability order, enforcement agents."""

    def days(name: str, low: int, span: int) -> Ints:
        return (low + np.floor(span * streams.each(f"O3:{name}", household, month))).astype(
            np.int64
        )

    final = start + days("final", 18, 18)
    summons = final + days("summons", 14, 16)
    order = next_hearing(summons + 21)
    debt = 270 + 330 * -np.log(streams.each("O3:debt", household, month))
    return Enforcement(
        reminder=start,
        final=final,
        summons=summons,
        order=order,
        agents=order + days("agents", 14, 46),
        debt=np.round(debt, 2),
    )


FLARE_SPAN_DAYS = 150


def flare(streams: Streams, start: Ints, household: Ints, month: Ints) -> tuple[Ints, Ints, Ints]:
    """The course of O8: five to eight visits to emergency care over about five months.

    Returns:
        Index of the event, day of the visit and number of the visit, one row a visit.
    """
    count = 5 + np.floor(3.5 * streams.each("O8:count", household, month)).astype(np.int64)
    event = np.repeat(np.arange(len(start)), count)
    number = np.arange(len(event)) - np.repeat(np.cumsum(count) - count, count)
    spread = streams.each("O8:visit", household[event], month[event], number)
    day = start[event] + np.floor(FLARE_SPAN_DAYS * spread).astype(np.int64)
    order = np.lexsort((day, event))
    return event[order], day[order], number


def fifth_visit(streams: Streams, start: Ints, household: Ints, month: Ints) -> Ints:
    """Day of the fifth visit of each flare: the day on which O8 comes about."""
    event, day, number = flare(streams, start, household, month)
    fifth = np.zeros(len(start), dtype=np.int64)
    chosen = number == 4
    fifth[event[chosen]] = day[chosen]
    return fifth
