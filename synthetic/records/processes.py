"""Processes that only records need: hazards from need, records from contact, as the core has them.

They come after the world has been walked, so that no event of the core depends on any of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from synthetic import paths
from synthetic.events import Events
from synthetic.records.base import Context
from synthetic.settings import GROUPS
from synthetic.streams import Flags, Floats, Ints

MonthFlags = NDArray[np.bool_]
MonthCounts = NDArray[np.int16]


@dataclass(frozen=True, kw_only=True)
class Course:
    """Something that can come to a household in a month.

    Attributes:
        odds: Odds ratio for each SD of F, S, H, K, R.
        rate: Recorded events a month among the eligible.
        contact: Odds ratio of being recorded for each SD of contact propensity.
        recorded: Share of true events that are recorded at average contact.
        gradient: Log-odds for each SD of the area's deprivation, beyond what need brings.
        label: True for an outcome, on which the switch of recorded labels acts.
        children: True for children's services, where some families are watched more.
    """

    odds: tuple[float, float, float, float, float]
    rate: float
    contact: float = 1.0
    recorded: float = 1.0
    gradient: float = 0.0
    label: bool = False
    children: bool = False


def recorded_share(context: Context, course: Course, *, watched: bool = True) -> Floats:
    """P(recorded | it happened) of each household, planted switches included.

    Args:
        context: The world.
        course: What drives the process.
        watched: False for what it would be if no family were watched more than another.
    """
    households, switches = context.world.households, context.switches
    base = min(course.recorded, 0.999)
    more = households.watched if course.children and watched else 0.0
    reached = households.contact + more
    logit = np.log(base / (1 - base)) + 1.5 * np.log(course.contact) * reached
    share = expit(logit) if course.recorded < 1 or course.contact != 1 else np.ones(households.n)
    hit = np.isin(households.group, [GROUPS.index(name) for name in switches.group])
    kept = switches.labels_recorded if course.label else switches.features_recorded
    return np.where(hit, share * kept, share)


def lean(context: Context, course: Course, month: int) -> Floats:
    """Log-odds of each household in a month, before the intercept."""
    world = context.world
    eta = world.latent.need[month] @ np.log(np.array(course.odds))
    return np.asarray(eta + course.gradient * world.households.d, dtype=np.float64)


def intercept(context: Context, course: Course, eligible: MonthFlags) -> float:
    """The intercept at which recorded events come at their rate, by bisection."""
    months = np.unique(np.linspace(0, len(eligible) - 1, 5).astype(int))
    eta = np.concatenate([lean(context, course, m)[eligible[m]] for m in months])
    share = recorded_share(context, course, watched=False)
    weight = np.concatenate([share[eligible[m]] for m in months])
    low, high = -20.0, 10.0
    for _ in range(45):
        middle = (low + high) / 2
        achieved = float((expit(middle + eta) * weight).sum() / max(len(eta), 1))
        low, high = (middle, high) if achieved < course.rate else (low, middle)
    return (low + high) / 2


def drawn(context: Context, name: str, course: Course, eligible: MonthFlags) -> Events:
    """Every true event of a process, and whether it was written down.

    Args:
        context: The world.
        name: Of the process and its random numbers.
        course: What drives it.
        eligible: (month, household) it can come to.
    """
    world, streams = context.world, context.streams
    start, share = intercept(context, course, eligible), recorded_share(context, course)
    who, when, kept = [], [], []
    for month in range(world.latent.months):
        p = expit(start + lean(context, course, month)) * eligible[month]
        hit = np.flatnonzero(streams.at(f"y:{name}", month).random(len(p)) < p)
        seen = streams.at(f"r:{name}", month).random(len(p))[hit] < share[hit]
        who.append(hit)
        when.append(np.full(len(hit), month))
        kept.append(seen)
    household, month_of = np.concatenate(who), np.concatenate(when)
    events = Events(
        household=household,
        month=month_of,
        day=paths.month_day(streams, name, world.months, household, month_of),
        recorded=np.concatenate(kept),
    )
    context.happened[name] = events
    return events


def alive(context: Context) -> MonthFlags:
    """(month, household): who is in the place."""
    return np.stack([month.alive for month in context.world.at_risk])


def counts_by_age(context: Context, low: float, high: float) -> MonthCounts:
    """(month, household): people from one age to below another, at the start of each month."""
    world, members = context.world, context.members
    year, months = 365.25, context.months
    dob = world.people.dob[members.person]
    begins = np.maximum(members.starts, dob + int(low * year))
    ends = np.minimum(members.ends, dob + int(high * year))
    first = np.searchsorted(months[:-1], begins)
    last = np.searchsorted(months[:-1], ends)
    real = last > first
    steps = np.zeros((len(months), world.households.n), dtype=np.int16)
    np.add.at(steps, (first[real], members.household[real]), 1)
    np.add.at(steps, (last[real], members.household[real]), -1)
    return np.asarray(np.cumsum(steps, axis=0)[:-1], dtype=np.int16)


def need_of(context: Context, household: Ints, month: Ints, factor: int) -> Floats:
    """One factor of need of each household in each month."""
    last = context.world.latent.months - 1
    at = np.clip(month, 0, last)
    return np.asarray(context.world.latent.need[at, household, factor], dtype=np.float64)


def month_of(context: Context, day: Ints) -> Ints:
    """Number of the month that each day lies in, held within the simulated months."""
    at = np.searchsorted(context.months, day, side="right") - 1
    return np.asarray(np.clip(at, 0, len(context.months) - 2), dtype=np.int64)


def picked(context: Context, name: str, row: Ints, weight: Floats, *ids: Ints) -> Flags:
    """One candidate of each row, drawn with weights.

    Args:
        context: For the random numbers.
        name: Of the draw.
        row: Row of each candidate.
        weight: Its weight; 0 is never drawn.
        *ids: What a candidate's random number belongs to.
    """
    wait = -np.log(context.streams.each(name, *ids)) / np.maximum(weight, 1e-12)
    order = np.lexsort((wait, row))
    first = np.r_[True, row[order][1:] != row[order][:-1]] if len(row) else np.zeros(0, bool)
    out = np.zeros(len(row), dtype=bool)
    out[order[first]] = True
    return out & (weight > 0)


def exponential_days(context: Context, name: str, mean: float, *ids: Ints) -> Ints:
    """Whole days of an exponential length with a mean, at least one."""
    days = -mean * np.log(context.streams.each(name, *ids))
    return np.asarray(np.maximum(np.rint(days), 1), dtype=np.int64)
