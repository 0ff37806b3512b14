"""Other DWP awards that the council was told of, and blue badges."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.causes import H
from synthetic.identity import seen
from synthetic.people import PARTNER, YEAR
from synthetic.population import solved_intercept
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import (
    Context,
    expanded,
    frame,
    keyed_hashes,
    lag,
    references,
    stay_on,
)
from synthetic.records.claims import Claims
from synthetic.stays import OPEN
from synthetic.streams import Flags, Floats, Ints

BADGES, DECEASED, MISSING_UPRN = 0.049, 0.03, 0.08
TOLD_OF_UC = 0.55
PENSION_AGE = 66


def award_rows(context: Context, claims: Claims) -> pl.DataFrame:
    """``dwp_award``: of people whose household has the council's help, each benefit they draw."""
    world, members = context.world, context.members
    known = np.zeros(world.households.n, dtype=bool)
    known[claims.household] = True
    known &= context.streams.each("dwp:known", np.arange(len(known))) < TOLD_OF_UC
    old = world.households.age_band == 4
    known |= old & (context.streams.each("hb", np.arange(len(known))) < 0.45)
    here = known[members.household] & (members.ends > context.first_day)
    here &= members.role <= PARTNER
    person, first = np.unique(members.person[here], return_index=True)
    household = members.household[here][first]
    began = np.maximum(members.starts[here][first], context.first_day - 900)
    gone = np.minimum(members.ends[here][first], world.homes.death_day[person])
    parts = [
        _benefit(context, name, amount, person=person[has], since=since[has], gone=gone[has])
        for name, has, since, amount in _entitled(context, person, household, began)
    ]
    return pl.concat(parts)


_Entitled = tuple[str, Flags, Ints, float]


def _entitled(context: Context, person: Ints, household: Ints, began: Ints) -> list[_Entitled]:
    """Benefit, who draws it, since when, and how much a week."""
    world, streams = context.world, context.streams
    disabled = world.people.disabled[person]
    burden = world.households.factors[household, H]
    dob = world.people.dob[person]
    pension = dob + int(PENSION_AGE * YEAR)
    aged = pension <= context.last_day
    since = began + np.floor(700 * streams.each("dwp:since", person)).astype(np.int64)
    working = disabled & ((since - dob) / YEAR < PENSION_AGE)
    daily = working & (streams.each("dwp:pip", person) < np.clip(0.55 + 0.1 * burden, 0.2, 0.9))
    high = streams.each("dwp:high", person) < 0.5
    moving = working & (streams.each("dwp:mobility", person) < 0.45)
    attendance = disabled & ~working & (streams.each("dwp:aa", person) < 0.4)
    cares = streams.each("uc:carer", household) < 0.08
    poor = streams.each("dwp:pc", household) < 0.45
    at_pension = np.maximum(pension, began)
    return [
        ("PIP_DL_ENH", daily & high, since, 110.40),
        ("PIP_DL_STD", daily & ~high, since, 73.90),
        ("PIP_MOB_ENH", moving & high, since, 77.05),
        ("PIP_MOB_STD", moving & ~high, since, 29.20),
        ("AA", attendance, since, 90.0),
        ("CA", cares & ~aged, since, 83.30),
        ("SP", aged, at_pension, 205.0),
        ("PC_GC", aged & poor, at_pension, 48.0),
    ]


def _benefit(
    context: Context, name: str, amount: float, *, person: Ints, since: Ints, gone: Ints
) -> pl.DataFrame:
    """Awards when the council is told of them, at a change, and when they have ended."""
    streams = context.streams
    u = streams.each(f"dwp:{name}", person)
    sources = np.array(["ATLAS", "CTR_ASSESSMENT", "HB_ASSESSMENT"], dtype=object)
    base = {
        "nino_hash": keyed_hashes(context.key, "nino", person),
        "benefit": np.full(len(person), name),
        "amount_pw": np.round(amount * (0.97 + 0.06 * u), 2),
        "from_date": since,
        "notice_source": sources[np.searchsorted([0.7, 0.85], u)],
    }
    known = np.maximum(since, context.first_day - 400) + lag(
        context, f"dwp:{name}", 12, 0.7, person
    )
    # Awards for illness are looked at again, and some stop.
    stops = since + np.floor(700 + 3500 * streams.each(f"dwp:stop:{name}", person)).astype(np.int64)
    ends = stops if name.startswith("PIP") else np.full(len(person), OPEN)
    ends = np.maximum(np.minimum(ends, gone), since)
    told = streams.each(f"dwp:told:{name}", person) < 0.92
    over = (ends <= context.last_day) & told
    closed = {key: np.asarray(values)[over] for key, values in base.items()}
    after = np.maximum(ends + lag(context, f"dwp:end:{name}", 12, 0.7, person), known + 1)
    return pl.concat(
        [
            frame("dwp_award", base, known),
            frame("dwp_award", closed | {"to_date": ends[over]}, after[over]),
        ]
    )


# ---- blue badges --------------------------------------------------------------------------------


def badge_rows(context: Context) -> pl.DataFrame:
    """``blue_badge``: three years at a time; some holders have died."""
    person, since = _holders(context)
    gone = _gone(context, person)
    longest = np.minimum(gone, context.last_day)
    count = np.maximum((longest - since) // 1096 + 1, 0)
    row, number = expanded(np.zeros(len(count), dtype=np.int64), count)
    start = since[row] + 1096 * number
    who = person[row]
    view = seen(context, "bbadge", who)
    stay = stay_on(
        context.spells, context.world.people.household[who], np.maximum(start, context.first_day)
    )
    home = context.spells.dwelling[np.maximum(stay, 0)]
    uprn = recorded_uprn(context, "bbadge", home, who, MISSING_UPRN)
    badge = references("BB", who * 10 + number % 10, 8)
    base = {
        "badge_no": badge,
        "first_name": view.first,
        "last_name": view.last,
        "dob": np.where(view.has_dob, view.dob, OPEN),
        "sex": np.where(view.male, "M", "F"),
        "nino_hash": view.nino,
        "uprn": np.where(stay < 0, -1, uprn),
        "eligibility": _grounds(context, who, start),
        "start_date": start,
        "expiry_date": start + 1095,
        "status": np.full(len(who), "VALID"),
    }
    context.link("bbadge", badge.tolist(), who)
    known = np.maximum(start + lag(context, "badge", 6, 0.5, who, number), 0)
    died = context.world.homes.death_day[who]
    told = (died < start + 1095) & (context.streams.each("badge:told", who) >= 0.35)
    told &= died >= start
    closed = {key: np.asarray(values)[told] for key, values in base.items()}
    closed["status"] = np.full(int(told.sum()), "DECEASED")
    after = np.maximum(died + lag(context, "badge:died", 40, 0.6, who), known + 1)
    ended = ~told & (start + 1096 <= context.last_day)
    expired = {key: np.asarray(values)[ended] for key, values in base.items()}
    expired["status"] = np.full(int(ended.sum()), "EXPIRED")
    return pl.concat(
        [
            frame("blue_badge", base, known),
            frame("blue_badge", closed, after[told]),
            frame("blue_badge", expired, np.maximum(start + 1097, known + 1)[ended]),
        ]
    )


def _gone(context: Context, person: Ints) -> Ints:
    members = context.members
    last = np.zeros(context.world.people.n, dtype=np.int64)
    np.maximum.at(last, members.person, members.ends)
    gone = np.minimum(last[person], context.world.homes.death_day[person])
    # A few go on being renewed for somebody who has died.
    lives_on = context.streams.each("badge:after", person) < DECEASED
    return np.where(lives_on, OPEN, gone)


def _holders(context: Context) -> tuple[Ints, Ints]:
    """Who holds a badge, and since when: the disabled and the old, the ill before others."""
    world, members = context.world, context.members
    person, first = np.unique(members.person, return_index=True)
    household = members.household[first]
    old: Floats = (context.first_day - world.people.dob[person]) / YEAR
    eta = 3.0 * world.people.disabled[person] + 0.05 * np.maximum(old - 50, -20)
    eta = eta + 0.5 * world.households.factors[household, H]
    start = solved_intercept(eta, BADGES * 1.1)
    has = context.streams.each("badge", person) < 1 / (1 + np.exp(-(start + eta)))
    person, joined = person[has], members.starts[first][has]
    spread = np.floor(1095 * context.streams.each("badge:since", person)).astype(np.int64)
    return person, np.maximum(joined, context.first_day - 1095) + spread


def _grounds(context: Context, person: Ints, start: Ints) -> np.ndarray:
    u = context.streams.each("badge:ground", person)
    old = (start - context.world.people.dob[person]) / YEAR
    names = np.array(
        ["AUTO_PIP_MOB", "ASSESSED_MOBILITY", "ASSESSED_NONVISIBLE", "AUTO_BLIND"], dtype=object
    )
    young = names[np.searchsorted([0.62, 0.82, 0.97], u)]
    aged = names[np.searchsorted([0.30, 0.92, 0.97], u)]
    out = np.where(old >= PENSION_AGE, aged, young).astype(object)
    out[old < 3] = "CHILD_U3"
    return out
