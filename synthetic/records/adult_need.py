"""Who asks for adult social care, what comes of it, and whose help goes on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.causes import H
from synthetic.people import YEAR
from synthetic.population import solved_intercept
from synthetic.records.base import (
    Context,
    present,
    references,
)
from synthetic.records.processes import (
    Course,
    alive,
    drawn,
    exponential_days,
    picked,
)
from synthetic.stays import OPEN
from synthetic.streams import Floats, Ints, Strings

ASKED = Course(odds=(1.1, 1.1, 1.9, 1.3, 0.8), rate=0.0068, contact=1.3, recorded=0.92)
YOUNGER_SHARE, OLDER_SHARE = 0.0090, 0.0550
_SERVICE_DAYS, _STARTS_SERVICE, _SHORT_TERM = 1100.0, 0.135, 0.15


@dataclass(frozen=True, kw_only=True)
class Care:
    """Long-term services, one row a spell, and requests, one row each."""

    person: Ints
    starts: Ints
    ends: Ints
    asked: Ints
    asked_on: Ints
    leads_to: Strings


def years_old(context: Context, person: Ints, day: Ints | int) -> Floats:
    """Age of each person on a day."""
    return np.asarray((day - context.world.people.dob[person]) / YEAR)


def frailty(context: Context, person: Ints, day: Ints | int) -> Floats:
    """Log-odds of needing care: age over 65, disability, and the household's health burden."""
    world = context.world
    old = years_old(context, person, day)
    burden = world.households.factors[world.people.household[person], H]
    return np.asarray(
        0.085 * np.maximum(old - 65, 0) + 1.6 * world.people.disabled[person] + 0.5 * burden
    )


def _in_care_at_start(context: Context) -> tuple[Ints, Ints]:
    members, day = context.members, context.first_day
    here = (members.starts <= day) & (day < members.ends)
    person = np.unique(members.person[here])
    found = []
    for low, high, share in ((18, 65, YOUNGER_SHARE), (65, 130, OLDER_SHARE)):
        old = years_old(context, person, day)
        mine = person[(old >= low) & (old < high)]
        eta = frailty(context, mine, day)
        start = solved_intercept(eta, share)
        u = context.streams.each("asc:before", mine)
        found.append(mine[u < 1 / (1 + np.exp(-(start + eta)))])
    who = np.concatenate(found)
    return who, day - exponential_days(context, "asc:since", _SERVICE_DAYS, who)


def care(context: Context) -> Care:
    """Who asks, what comes of it, and whose help goes on."""
    event = drawn(context, "asc", ASKED, alive(context)).kept()
    row, member = present(context.members, event.household, event.day)
    person = context.members.person[member]
    weight = np.exp(0.8 * frailty(context, person, event.day[row]))
    weight = weight * (years_old(context, person, event.day[row]) >= 18)
    one = picked(context, "asc:who", row, weight, person, event.month[row])
    asked, day = person[one], event.day[row[one]]
    before, since = _in_care_at_start(context)
    u = context.streams.each("asc:outcome", asked, day)
    older = years_old(context, asked, day) >= 65
    long = u < _STARTS_SERVICE * np.where(older, 2.8, 0.7)
    short = ~long & (u < _STARTS_SERVICE + _SHORT_TERM)
    leads = np.where(long, "long", np.where(short, "short", "nothing")).astype(object)
    who = np.concatenate([before, asked[long]])
    starts = np.concatenate([since, day[long] + 40])
    base = np.maximum(starts, context.first_day)
    ends = base + exponential_days(context, "asc:days", _SERVICE_DAYS, who, starts)
    ends = np.minimum(ends, _last_day_here(context, who))
    keep = _without_overlap(who, starts, ends)
    return Care(
        person=who[keep],
        starts=starts[keep],
        ends=ends[keep],
        asked=asked,
        asked_on=day,
        leads_to=leads,
    )


def _without_overlap(who: Ints, starts: Ints, ends: Ints) -> Ints:
    order = np.lexsort((starts, who))
    after = np.r_[False, (who[order][1:] == who[order][:-1])]
    overlap = after & np.r_[False, starts[order][1:] <= ends[order][:-1]]
    return np.asarray(order[~overlap & (ends[order] > starts[order])])


def _last_day_here(context: Context, person: Ints) -> Ints:
    """Day of death or of leaving, a little late; :data:`OPEN` for those who stay."""
    members = context.members
    last = np.zeros(context.world.people.n, dtype=np.int64)
    np.maximum.at(last, members.person, members.ends)
    gone = np.minimum(last[person], context.world.homes.death_day[person])
    return np.where(gone >= OPEN, OPEN, gone)


def care_number(person: Ints) -> Strings:
    """Number of each person in the social care system."""
    return references("AS", person * 7907 % 10_000_019, 8)
