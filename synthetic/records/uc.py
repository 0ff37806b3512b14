"""The Universal Credit data share: part of the claims, and rows only when something changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic.homes import OPEN
from synthetic.identity import seen, unlinkable
from synthetic.people import CHILD, PARTNER, YEAR
from synthetic.population import PRS
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import (
    Context,
    blanked,
    expanded,
    frame,
    keyed_hashes,
    lag,
    present,
    stay_on,
    text,
)
from synthetic.records.claims import Claims
from synthetic.records.deductions import Deductions, deductions
from synthetic.streams import Flags, Floats, Ints, Strings

IN_FEED = 0.70
MISSING_UPRN = 0.18
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


def _in_feed(context: Context, claims: Claims) -> Flags:
    return context.streams.each("uc:feed", claims.household) < IN_FEED


def _periods(context: Context, claims: Claims) -> Periods:
    rows = np.flatnonzero(_in_feed(context, claims))
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
        rows = (u >= np.array([0.0, 0.55, 0.85])[offset]) & (
            event.month + offset < len(context.months)
        )
        lost[event.month[rows] + offset, event.household[rows]] = 0.3 + 0.7 * u[rows]
    return np.asarray(lost[periods.month, periods.household] * allowance, dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """What each claim is made of in each period."""

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


def _elements(
    context: Context, periods: Periods, couple: Flags, children: Ints, stay: Ints
) -> dict[str, Floats]:
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
        "LCWRA": np.where(ill & (u < 0.55), _HEALTH, 0.0),
        "LCW": np.where(ill & (u >= 0.55) & (u < 0.65), 158.76, 0.0),
        "HOUSING_SOCIAL": np.where(
            np.isin(tenure, (1, 2)), np.maximum(rent + 10, 60) * 52 / 12, 0.0
        ),
        "HOUSING_PRIVATE": np.where(tenure == PRS, np.maximum(rent + 45, 80) * 52 / 12, 0.0),
        "CHILDCARE": np.where(
            (children > 0) & ~couple & (streams.each("uc:care", household) < 0.06), 420.0, 0.0
        ),
    }


def _lines(context: Context, claims: Claims, periods: Periods, stay: Ints) -> _Lines:
    couple, children = _family(context, periods)
    allowance = _allowance(periods.ends, couple)
    elements = _elements(context, periods, couple, children, stay)
    earnings = _earnings(context, periods)
    sanction = _sanctions(context, periods, allowance)
    owed = deductions(context, claims, periods.claim, periods.month, allowance)
    free = np.where((children > 0) | (elements["LCWRA"] > 0), 411.0, 0.0)
    total = allowance + np.sum(list(elements.values()), axis=0)
    total = total - 0.55 * np.maximum(earnings - free, 0) - sanction
    before = np.maximum(total, 0.0)
    taken = np.minimum(owed.total, before)
    return _Lines(
        couple=couple,
        children=children,
        allowance=allowance,
        elements=elements,
        earnings=earnings,
        sanction=np.round(sanction, 2),
        owed=owed.scaled(np.where(owed.total > 0, taken / np.maximum(owed.total, 0.01), 0.0)),
        net=np.round(np.maximum(before - taken, 0.0), 2),
    )


def _changed(periods: Periods, lines: _Lines, stay: Ints) -> Flags:
    """Whether anything that a notice would tell differs from the claim's period before."""
    first = periods.place == 0
    out = first | (periods.place % 3 == 0)
    compared = [
        lines.children,
        lines.couple.astype(np.int64),
        lines.earnings,
        lines.sanction,
        np.round(lines.owed.total, 2),
        lines.allowance,
        stay,
    ]
    for values in compared:
        out |= np.r_[True, values[1:] != values[:-1]]
    return np.asarray(out | np.r_[first[1:], True], dtype=bool)


def _notices(claims: Claims, periods: Periods, lines: _Lines) -> Strings:
    year = lines.allowance
    raised = np.r_[False, (year[1:] > year[:-1]) & (lines.couple[1:] == lines.couple[:-1])]
    raised &= periods.place > 0
    last = np.r_[periods.claim[1:] != periods.claim[:-1], True]
    closing = last & (claims.ends[periods.claim] < OPEN)
    notice = np.where(raised, "UPRATE", "CHANGE").astype(object)
    notice[lines.net <= 0] = "NIL_AWARD"
    new = periods.starts <= claims.starts[periods.claim] + 31
    notice[(periods.place == 0) & new] = "NEW_CLAIM"
    notice[(periods.place == 1) & np.r_[False, new[:-1]]] = "FIRST_AWARD"
    notice[closing & (periods.place > 1)] = "CLOSED"
    return notice


def uc_tables(context: Context, claims: Claims) -> dict[str, pl.DataFrame]:
    """All four Universal Credit tables."""
    periods = _periods(context, claims)
    told = periods.ends - np.floor(
        45 * context.streams.each("uc:address", periods.claim, periods.month)
    ).astype(np.int64)
    stay = stay_on(context.spells, periods.household, np.maximum(told, context.first_day))
    lines = _lines(context, claims, periods, stay)
    keep = np.flatnonzero(_changed(periods, lines, stay))
    hashed = keyed_hashes(context.key, "uc", claims.number)
    known = periods.ends + lag(context, "uc", 10, 0.5, periods.claim, periods.month)
    home = context.spells.dwelling[np.maximum(stay, 0)]
    uprn = recorded_uprn(context, "uc", home, periods.claim, MISSING_UPRN)
    spoilt = _spoilt(context, claims, periods)
    columns = {
        "uc_claim_hash": hashed[periods.claim],
        "notice_type": _notices(claims, periods, lines),
        "ap_start": periods.starts,
        "ap_end": periods.ends,
        "couple_flag": lines.couple,
        "children_count": lines.children,
        "standard_allowance_pm": lines.allowance,
        "earnings_pm": lines.earnings,
        "deductions_total_pm": np.round(lines.owed.total, 2),
        "sanction_reduction_pm": lines.sanction,
        "net_award_pm": lines.net,
        "uprn": np.where((stay < 0) | spoilt, -1, uprn),
        "postcode": blanked(context.world.dwellings.postcode[home], (stay < 0) | spoilt),
    }
    award = frame("uc_award", {k: np.asarray(v)[keep] for k, v in columns.items()}, known[keep])
    return {
        "uc_award": pl.concat([award, _corrected(context, columns, keep, known)]),
        "uc_member": _member_rows(context, claims, hashed),
        "uc_element": _element_rows(context, periods, lines, keep, hashed, known),
        "uc_deduction": _deduction_rows(periods, lines, keep, hashed, known),
    }


def _spoilt(context: Context, claims: Claims, periods: Periods) -> Flags:
    return unlinkable(context, "uc", context.world.homes.head[claims.household])[periods.claim]


def _corrected(
    context: Context, columns: dict[str, np.ndarray], keep: Ints, known: Ints
) -> pl.DataFrame:
    """Some sanctions are overturned later: the same period again, without the reduction."""
    cut = np.asarray(columns["sanction_reduction_pm"])[keep] > 0
    u = context.streams.each("sanction:overturned", keep)
    rows = keep[cut & (u < 10 * context.faults.corrected)]
    again = {name: np.asarray(values)[rows] for name, values in columns.items()}
    again["net_award_pm"] = again["net_award_pm"] + again["sanction_reduction_pm"]
    again["sanction_reduction_pm"] = np.zeros(len(rows))
    return frame("uc_award", again, known[rows] + 45)


def _member_rows(context: Context, claims: Claims, hashed: Strings) -> pl.DataFrame:
    """Claimant, partner and children; a child born later is added later."""
    members, people = context.members, context.world.people
    low = np.searchsorted(members.household, claims.household, side="left")
    high = np.searchsorted(members.household, claims.household, side="right")
    row, member = expanded(low, high)
    role = members.role[member]
    person = members.person[member]
    since = np.maximum(members.starts[member], claims.starts[row])
    there = (members.ends[member] > since) & (since < claims.ends[row] - 1)
    there &= _in_feed(context, claims)[row]
    young = people.dob[person] > since - 19 * YEAR
    adult = (role <= PARTNER) & (members.starts[member] <= claims.starts[row] + 1)
    keep = there & (adult | ((role == CHILD) & young))
    row, person, role, since = row[keep], person[keep], role[keep], since[keep]
    order = np.lexsort((person, since, np.minimum(role, CHILD), row))
    row, person, role, since = row[order], person[order], role[order], since[order]
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    sequence = 1 + np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)]))
    kind = np.where(people.dob[person] > since - 16 * YEAR, "CHILD", "QYP")
    kind = np.where(role <= PARTNER, np.where(sequence == 1, "CLAIMANT", "PARTNER"), kind)
    view = seen(context, "uc", person)
    unnamed = (role == CHILD) & (context.streams.each("uc:child", person) < 0.6)
    columns = {
        "uc_claim_hash": hashed[row],
        "member_seq": sequence,
        "role": kind,
        "first_name": blanked(view.first, unnamed),
        "last_name": blanked(view.last, unnamed),
        "dob": view.dob,
        "sex": np.where(view.male, "M", "F"),
        "nino_hash": blanked(view.nino, role == CHILD),
    }
    context.link("uc", text(hashed[row], sequence), person)
    known = since + 20 + lag(context, "uc:member", 12, 0.5, person, row)
    return frame("uc_member", columns, known)


def _element_rows(
    context: Context, periods: Periods, lines: _Lines, keep: Ints, hashed: Strings, known: Ints
) -> pl.DataFrame:
    short = context.streams.each("uc:lha", periods.household) < 0.5
    parts = []
    for name, amounts in {"STANDARD": lines.allowance, **lines.elements}.items():
        rows = keep[amounts[keep] > 0]
        columns = {
            "uc_claim_hash": hashed[periods.claim[rows]],
            "ap_end": periods.ends[rows],
            "element": np.full(len(rows), name),
            "amount_pm": amounts[rows],
            "lha_capped": short[rows] & (name == "HOUSING_PRIVATE"),
        }
        parts.append(frame("uc_element", columns, known[rows]))
    return pl.concat(parts)


def _deduction_rows(
    periods: Periods, lines: _Lines, keep: Ints, hashed: Strings, known: Ints
) -> pl.DataFrame:
    told = np.zeros(len(periods.claim), dtype=bool)
    told[keep] = True
    rows = np.flatnonzero(told[lines.owed.period] & (lines.owed.amount > 0.005))
    period = lines.owed.period[rows]
    columns = {
        "uc_claim_hash": hashed[periods.claim[period]],
        "ap_end": periods.ends[period],
        "reason": lines.owed.reason[rows],
        "amount_pm": lines.owed.amount[rows],
    }
    return frame("uc_deduction", columns, known[period])
