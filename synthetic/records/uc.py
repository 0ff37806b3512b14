"""The Universal Credit data share: part of the claims, and rows only when something changed."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.faultlog import RECORD
from synthetic.identity import seen, unlinkable
from synthetic.people import CHILD, PARTNER, YEAR
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import (
    Context,
    blanked,
    expanded,
    frame,
    keyed_hashes,
    lag,
    stay_on,
    text,
)
from synthetic.records.claims import Claims
from synthetic.records.uc_lines import Lines, Periods, assessment_periods, award_lines, in_feed
from synthetic.stays import OPEN
from synthetic.streams import Flags, Ints, Strings

MISSING_UPRN = 0.18


def _changed(periods: Periods, lines: Lines, stay: Ints) -> Flags:
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


def _notices(claims: Claims, periods: Periods, lines: Lines) -> Strings:
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
    periods = assessment_periods(context, claims)
    told = periods.ends - np.floor(
        45 * context.streams.each("uc:address", periods.claim, periods.month)
    ).astype(np.int64)
    stay = stay_on(context.spells, periods.household, np.maximum(told, context.first_day))
    lines = award_lines(context, claims, periods, stay)
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
        "uc_element": _element_rows(context, periods, lines, keep=keep, hashed=hashed, known=known),
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
    overturned = cut & (u < 10 * context.faults.corrected)
    context.log.note("F24", "uc", keep, overturned, cut, what=RECORD)
    rows = keep[overturned]
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
    there &= in_feed(context, claims)[row]
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
    context: Context,
    periods: Periods,
    lines: Lines,
    *,
    keep: Ints,
    hashed: Strings,
    known: Ints,
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
    periods: Periods, lines: Lines, keep: Ints, hashed: Strings, known: Ints
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
