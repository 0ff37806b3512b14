"""The housing register: who applies, how they bid, and whom the register forgets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic.causes import H
from synthetic.identity import seen
from synthetic.people import CHILD, GROWN, OTHER, PARTNER
from synthetic.population import COUNCIL, RP
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import Context, expanded, frame, lag, present, references, stay_on, text
from synthetic.records.processes import (
    Course,
    alive,
    drawn,
    exponential_days,
    month_of,
    need_of,
)
from synthetic.stays import OPEN
from synthetic.streams import Flags, Ints, Strings

# Starts a month among renters; those owed a duty come on top.
APPLIES = Course(odds=(1.2, 1.7, 1.2, 1.2, 0.8), rate=0.0057, contact=1.2, recorded=0.95)
ON_AT_START, WAITS_DAYS, STAYS_ON_DAYS = 0.165, 1000.0, 500.0
AFTER_DUTY, MISSING_UPRN = 0.5, 0.15


@dataclass(frozen=True, kw_only=True)
class Register:
    """Applications, one row each, by household and day.

    ``ends`` is the day on which the office closes it, :data:`OPEN` while it runs.
    """

    number: Ints
    household: Ints
    month: Ints
    starts: Ints
    ends: Ints
    housed: Flags
    homeless: Flags


def register(context: Context) -> Register:
    """Everybody who applies: renters in need, and half of those who are owed a duty."""
    world, streams = context.world, context.streams
    renter = alive(context) & np.stack([m.renter for m in world.at_risk])
    event = drawn(context, "hreg", APPLIES, renter).kept()
    owed = world.events["O1"].kept()
    asks = streams.each("hreg:duty", owed.household, owed.month) < AFTER_DUTY
    before = np.flatnonzero(
        renter[0] & (streams.each("hreg:before", np.arange(world.households.n)) < ON_AT_START)
    )
    since = context.first_day - exponential_days(context, "hreg:since", WAITS_DAYS, before)
    household = np.concatenate([before, event.household, owed.household[asks]])
    starts = np.concatenate([since, event.day, owed.day[asks] + 12])
    duty = np.r_[np.zeros(len(before) + len(event.day), bool), np.ones(int(asks.sum()), bool)]
    starts = np.maximum(starts, np.maximum(world.homes.began[household], 0) + 1)
    return _one_at_a_time(context, household, starts, duty)


def _one_at_a_time(context: Context, household: Ints, starts: Ints, duty: Flags) -> Register:
    order = np.lexsort((starts, household))
    household, starts, duty = household[order], starts[order], duty[order]
    ends, housed = _ends(context, household, starts)
    again = np.r_[False, household[1:] == household[:-1]]
    # Somebody who is on it does not apply again until it has closed.
    keep = ~again | np.r_[False, starts[1:] > ends[:-1] + 30]
    household, starts, duty = household[keep], starts[keep], duty[keep]
    return Register(
        number=np.arange(len(household)),
        household=household,
        month=month_of(context, starts),
        starts=starts,
        ends=ends[keep],
        housed=housed[keep],
        homeless=duty,
    )


def _ends(context: Context, household: Ints, starts: Ints) -> tuple[Ints, Flags]:
    """Day of closing: housed by the register, or taken off at a review, often long after."""
    spells, homes = context.spells, context.world.dwellings
    low = np.searchsorted(spells.household, household, side="left")
    high = np.searchsorted(spells.household, household, side="right")
    row, spell = expanded(low, high)
    social = np.isin(homes.tenure[spells.dwelling[spell]], (COUNCIL, RP))
    into = social & (spells.starts[spell] > starts[row] + 20)
    rehoused = np.full(len(household), OPEN)
    np.minimum.at(rehoused, row[into], spells.starts[spell][into])
    gone = context.world.homes.ended[household]
    lapse = starts + exponential_days(context, "hreg:lapse", WAITS_DAYS, household, starts)
    stale = context.streams.each("hreg:stale", household, starts) < 0.3
    after = exponential_days(context, "hreg:after", STAYS_ON_DAYS, household, starts)
    off = np.where(gone < OPEN, gone + np.where(stale, after, 40), OPEN)
    ends = np.minimum(np.minimum(lapse, off), rehoused)
    return np.maximum(ends, starts + 25), (rehoused <= ends) & (rehoused < OPEN)


def register_tables(context: Context) -> dict[str, pl.DataFrame]:
    """``hreg_application`` and ``hreg_member``."""
    book = register(context)
    return {
        "hreg_application": _applications(context, book),
        "hreg_member": _members(context, book),
    }


def _preference(context: Context, book: Register) -> tuple[Strings, Flags]:
    """Ground of preference and whether a medical award was made, from need when they applied."""
    streams = context.streams
    ill = need_of(context, book.household, book.month, H) > 0.9
    medical = ill & (streams.each("hreg:medical", book.household, book.starts) < 0.5)
    u = streams.each("hreg:ground", book.household, book.starts)
    names = np.array(["UNSATISFACTORY_OVERCROWDED", "HARDSHIP", "NONE"], dtype=object)
    ground = names[np.searchsorted([0.40, 0.48], u)]
    ground[medical] = "MEDICAL_WELFARE"
    ground[book.homeless] = "HOMELESS"
    return ground, medical


def _applications(context: Context, book: Register) -> pl.DataFrame:
    """Each application when it is registered, at each yearly count of bids, and when it closes."""
    streams = context.streams
    ground, medical = _preference(context, book)
    low = np.searchsorted(context.months, np.maximum(book.starts, context.first_day) + 330)
    high = np.searchsorted(context.months, np.minimum(book.ends, context.last_day))
    row, month = expanded(low, np.minimum(high, len(context.months) - 1))
    yearly = (month + row) % 12 == 0
    row, month = row[yearly], month[yearly]
    over = np.flatnonzero(book.ends <= context.last_day)
    rows = np.concatenate([book.number, row, over])
    kind = np.repeat([0, 1, 2], [len(book.number), len(row), len(over)])
    day = np.concatenate([book.starts, context.months[month], book.ends[over]])
    stay = stay_on(context.spells, book.household, np.maximum(book.starts, context.first_day))
    home = context.spells.dwelling[np.maximum(stay, 0)]
    keen = streams.each("hreg:keen", book.household)[rows]
    bids = np.where(kind == 0, 0, np.floor(26 * keen**2.5)).astype(np.int64)
    closing = np.where(
        book.housed,
        "HOUSED",
        np.where(streams.each("hreg:why", book.number) < 0.55, "LAPSED", "CANCELLED"),
    )
    paused = (kind == 1) & (streams.each("hreg:paused", rows, day) < 0.06)
    people = np.bincount(
        present(context.members, book.household, book.starts + 1)[0], minlength=len(book.number)
    )
    band = np.where(ground == "HOMELESS", "A", np.where(ground == "NONE", "D", "C"))
    band = np.where(medical & (book.number % 2 == 0), "B", band)
    uprn = recorded_uprn(context, "hreg", home, book.number, MISSING_UPRN)
    columns = {
        "app_ref": references("HR", book.number, 6)[rows],
        "registered_date": book.starts[rows],
        "effective_band_date": book.starts[rows],
        "status": np.where(kind == 2, closing[rows], np.where(paused, "SUSPENDED", "ACTIVE")),
        "band": band[rows],
        "bedroom_need": np.clip(1 + (people[rows] - 1) // 2, 1, 5),
        "reasonable_preference": ground[rows],
        "medical_award": medical[rows],
        "current_uprn": np.where(stay < 0, -1, uprn)[rows],
        "last_bid_date": np.where(bids > 0, day - 3 - (rows * 13) % 80, OPEN),
        "bids_12m": bids,
        "closed_date": np.where(kind == 2, day, OPEN),
    }
    recorded = day + np.where(kind == 1, 2, lag(context, "hreg", 9, 0.5, rows, day))
    # A version cannot be older than the registration that it follows.
    first = (book.starts + lag(context, "hreg", 9, 0.5, book.number, book.starts))[rows]
    recorded = np.where(kind == 0, first, np.maximum(recorded, first + kind))
    return frame("hreg_application", columns, recorded)


def _members(context: Context, book: Register) -> pl.DataFrame:
    """The household that people want to be: some who live there now are left out."""
    members, streams = context.members, context.streams
    day = np.maximum(book.starts, context.world.homes.began[book.household] + 1)
    row, member = present(members, book.household, day)
    person, role = members.person[member], members.role[member]
    leaves = np.isin(role, (GROWN, OTHER)) & (streams.each("hreg:apart", person) < 0.45)
    row, person, role = row[~leaves], person[~leaves], role[~leaves]
    view = seen(context, "hreg", person)
    kind = np.array(["APPLICANT", "PARTNER", "CHILD", "CHILD", "OTHER"], dtype=object)[role]
    mother = (role <= PARTNER) & ~context.world.people.male[person]
    expecting = mother & _birth_soon(context, book.household[row], day[row])
    columns = {
        "app_ref": references("HR", book.number, 6)[row],
        "member_id": references("HM", person, 7),
        "first_name": view.first,
        "last_name": view.last,
        "dob": np.where(view.has_dob, view.dob, OPEN),
        "relationship": kind,
        "sex": np.where(view.male, "M", "F"),
        "pregnant": expecting,
        "nino_hash": view.nino,
        "phone_hash": view.phone,
    }
    context.link(
        "hreg", text(references("HR", book.number, 6)[row], references("HM", person, 7)), person
    )
    known = book.starts + lag(context, "hreg", 9, 0.5, book.number, book.starts)
    return frame("hreg_member", columns, known[row])


def _birth_soon(context: Context, household: Ints, day: Ints) -> Flags:
    """Whether a child is born into each household within seven months of a day."""
    members, dob = context.members, context.world.people.dob
    born = np.flatnonzero((members.role == CHILD) & (members.starts == dob[members.person]))
    scale = 2**32
    key = np.sort(members.household[born] * scale + members.starts[born])
    at = np.searchsorted(key, household * scale + np.maximum(day, 0))
    return np.searchsorted(key, household * scale + np.maximum(day, 0) + 210) > at
