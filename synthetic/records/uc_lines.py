"""What Universal Credit awards are made of, assessment period by assessment period."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.people import CHILD, PARTNER, YEAR
from synthetic.population import PRS
from synthetic.records.base import Context, expanded, present
from synthetic.records.claims import Claims
from synthetic.records.deductions import Deductions, deductions
from synthetic.streams import Flags, Floats, Ints

IN_FEED = 0.70
_SINGLE = {2021: 324.84, 2022: 334.91, 2023: 368.74, 2024: 393.45, 2025: 400.14, 2026: 424.90}
_COUPLE_RATIO, _CHILD, _CHILD_MORE, _HEALTH = 1.57, 339.0, 292.8, 423.3


@dataclass(frozen=True, kw_only=True)
class Periods:
    """Assessment periods of the claims in the feed, one row a period, by claim and end."""

    claim: Ints
    household: Ints
    month: Ints
    starts: Ints
    ends: Ints
    place: Ints


def in_feed(context: Context, claims: Claims) -> Flags:
    """Claims that reach the council: only some say that they want help with council tax."""
    return context.streams.each("uc:feed", claims.household) < IN_FEED


def assessment_periods(context: Context, claims: Claims) -> Periods:
    """Every assessment period that ends in the simulated months, of the claims in the feed."""
    rows = np.flatnonzero(in_feed(context, claims))
    begin = np.maximum(claims.starts[rows], context.first_day - 1)
    low = np.searchsorted(context.months, begin, side="right")
    high = np.searchsorted(context.months, np.minimum(claims.ends[rows], context.last_day))
    row, month = expanded(low, np.minimum(high, len(context.months) - 1))
    claim = rows[row]
    ends = context.months[month] + claims.pay_day[claim] - 1
    before = context.months[np.maximum(month - 1, 0)] + claims.pay_day[claim]
    keep = (ends <= context.last_day) & (ends > claims.starts[claim]) & (ends <= claims.ends[claim])
    claim, month, ends, before = claim[keep], month[keep], ends[keep], before[keep]
    first = np.flatnonzero(np.r_[True, claim[1:] != claim[:-1]])
    place = np.arange(len(claim)) - np.repeat(first, np.diff(np.r_[first, len(claim)]))
    return Periods(
        claim=claim,
        household=claims.household[claim],
        month=month,
        starts=np.minimum(before, ends - 27),
        ends=ends,
        place=place,
    )


def _employment(context: Context) -> np.ndarray:
    """Whether each household has earnings, by (month, household)."""
    world, streams = context.world, context.streams
    n = world.households.n
    works = streams.at("works:start").random(n) < 0.42
    works &= world.households.age_band < 4
    out = np.zeros((world.latent.months, n), dtype=bool)
    for month in range(world.latent.months):
        u = streams.at("works", month).random(n)
        works = np.where(works, u >= 0.025, u < 0.02) & (world.households.age_band < 4)
        works &= ~world.latent.shocks["job_loss"][month]
        out[month] = works
    return out


def _earnings(context: Context, periods: Periods) -> Floats:
    """Net pay of each period, to the nearest ten pounds for those on steady pay."""
    streams = context.streams
    works = _employment(context)[periods.month, periods.household]
    base = np.exp(6.75 + 0.42 * streams.normal("pay", periods.household))
    varies = streams.each("pay:varies", periods.household) < 0.35
    swing = np.exp(0.22 * streams.normal("pay:month", periods.household, periods.month))
    twice = streams.each("pay:twice", periods.household, periods.month) < 0.06
    pay = base * np.where(varies, swing * np.where(twice, 1.9, 1.0), 1.0)
    return np.where(works, np.round(pay, -1), 0.0)


def _allowance(ends: Ints, couple: Flags) -> Floats:
    months = ends.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    year = 1970 + (months - 3) // 12
    rates = np.array([_SINGLE[min(max(y, min(_SINGLE)), max(_SINGLE))] for y in year.tolist()])
    return np.where(couple, np.round(rates * _COUPLE_RATIO, 2), rates)


def _sanctions(context: Context, periods: Periods, allowance: Floats) -> Floats:
    """Money lost to a sanction: from the month it is decided, for one to three periods."""
    event = context.world.events["sanction"].kept()
    lost = np.zeros((len(context.months), context.world.households.n), dtype=np.float32)
    u = context.streams.each("sanction:length", event.household, event.month)
    for offset in range(3):
        rows = (u >= np.array([0.0, 0.70, 0.92])[offset]) & (
            event.month + offset < len(context.months)
        )
        lost[event.month[rows] + offset, event.household[rows]] = 0.3 + 0.7 * u[rows]
    return np.asarray(lost[periods.month, periods.household] * allowance, dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Lines:
    """What each award is made of in each period."""

    couple: Flags
    children: Ints
    allowance: Floats
    elements: dict[str, Floats]
    earnings: Floats
    sanction: Floats
    owed: Deductions
    net: Floats


def _family(context: Context, periods: Periods) -> tuple[Flags, Ints]:
    members, people = context.members, context.world.people
    row, member = present(members, periods.household, periods.ends)
    role = members.role[member]
    young = people.dob[members.person[member]] > periods.ends[row] - 19 * YEAR
    child = (role == CHILD) & young
    adult = role <= PARTNER
    return (
        np.bincount(row[adult], minlength=len(periods.claim)) >= 2,
        np.bincount(row[child], minlength=len(periods.claim)),
    )


def _elements(context: Context, periods: Periods, children: Ints, stay: Ints) -> dict[str, Floats]:
    world, streams = context.world, context.streams
    household = periods.household
    tenure = np.where(
        stay >= 0, world.dwellings.tenure[context.spells.dwelling[np.maximum(stay, 0)]], PRS
    )
    ill = world.households.disability[household]
    u = streams.each("uc:health", household)
    rent = 95 + 30 * streams.normal("uc:rent", household)
    return {
        "CHILD_FIRST": np.where(children >= 1, _CHILD, 0.0),
        "CHILD_SUBSEQ": np.where(children >= 2, _CHILD_MORE * (np.minimum(children, 4) - 1), 0.0),
        "CARER": np.where(streams.each("uc:carer", household) < 0.08, 201.68, 0.0),
        "LCWRA": np.where(ill & (u < 0.72), _HEALTH, 0.0),
        "LCW": np.where(ill & (u >= 0.72) & (u < 0.86), 158.76, 0.0),
        "HOUSING_SOCIAL": np.where(
            np.isin(tenure, (1, 2)), np.maximum(rent + 10, 60) * 52 / 12, 0.0
        ),
        "HOUSING_PRIVATE": np.where(tenure == PRS, np.maximum(rent + 45, 80) * 52 / 12, 0.0),
        "CHILDCARE": np.where(
            (children > 0) & (streams.each("uc:care", household) < 0.07), 420.0, 0.0
        ),
    }


def award_lines(context: Context, claims: Claims, periods: Periods, stay: Ints) -> Lines:
    """Everything that makes up the award of each period."""
    couple, children = _family(context, periods)
    allowance = _allowance(periods.ends, couple)
    elements = _elements(context, periods, children, stay)
    earnings = _earnings(context, periods)
    sanction = _sanctions(context, periods, allowance)
    owed = deductions(context, claims, periods.claim, periods.month, allowance)
    free = np.where((children > 0) | (elements["LCWRA"] > 0), 411.0, 0.0)
    total = allowance + np.sum(list(elements.values()), axis=0)
    total = total - 0.55 * np.maximum(earnings - free, 0) - sanction
    before = np.maximum(total, 0.0)
    taken = np.minimum(owed.total, before)
    return Lines(
        couple=couple,
        children=children,
        allowance=allowance,
        elements=elements,
        earnings=earnings,
        sanction=np.round(sanction, 2),
        owed=owed.scaled(np.where(owed.total > 0, taken / np.maximum(owed.total, 0.01), 0.0)),
        net=np.round(np.maximum(before - taken, 0.0), 2),
    )
