"""Council tax support and Housing Benefit: help with bills that the council itself pays."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.causes import F
from synthetic.faulty_names import as_one_field
from synthetic.identity import seen
from synthetic.people import CHILD, GROWN, OTHER, PARTNER, YEAR
from synthetic.population import COUNCIL, PRS, RP, TA
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import (
    Context,
    blanked,
    expanded,
    frame,
    lag,
    present,
    references,
    text,
)
from synthetic.records.claims import Claims
from synthetic.records.ctax import Accounts
from synthetic.stays import DIED, OPEN
from synthetic.streams import Flags, Ints, Strings

UC_TAKE_UP, PENSION_SHARE = 0.47, 0.21
STOPS_AFTER_ERROR = 0.45


def _pension_age(context: Context, household: Ints) -> Flags:
    """Pensioner households on a low income: the part of the old with the most strain."""
    households = context.world.households
    old = households.age_band == 4
    strain = households.factors[:, F] + 0.8 * context.streams.normal("pension", np.arange(len(old)))
    bar = np.quantile(strain[old], 1 - PENSION_SHARE)
    return np.asarray((old & (strain > bar))[household], dtype=bool)


def _awards(
    context: Context, book: Accounts, claims: Claims
) -> tuple[Ints, Ints, Ints, Strings, Strings]:
    """Account, start, end, group and reason for ending of each award."""
    takes = context.streams.each("cts", claims.household) < UC_TAKE_UP
    rows = np.flatnonzero(takes)
    low = np.searchsorted(book.household, claims.household[rows], side="left")
    high = np.searchsorted(book.household, claims.household[rows], side="right")
    row, account = expanded(low, high)
    claim = rows[row]
    start = np.maximum(book.starts[account], claims.starts[claim])
    end = np.minimum(book.ends[account], claims.ends[claim])
    real = end > start + 30
    account, start, end, claim = account[real], start[real], end[real], claim[real]
    moved = book.ends[account] <= claims.ends[claim]
    up = context.streams.each("cts:why", claim) < 0.3
    why = np.where(moved, "MOVED", np.where(up, "INCOME_UP", "UC_CHANGE")).astype(object)
    protected = context.world.households.disability[book.household[account]]
    group = np.where(protected, "PROTECTED", "WORKING_AGE")
    old = np.flatnonzero(_pension_age(context, book.household) & ~book.not_a_person)
    since = np.minimum(book.starts[old] + 60, book.ends[old] - 1)
    return (
        np.concatenate([account, old]),
        np.concatenate([start, since]),
        np.concatenate([end, book.ends[old]]),
        np.concatenate([group, np.full(len(old), "PENSION")]).astype(object),
        np.concatenate([why, np.where(book.ended_by[old] == DIED, "DEATH", "MOVED")]),
    )


def _broken_off(
    context: Context,
    book: Accounts,
    awards: tuple[Ints, Ints, Ints, Strings, Strings],
) -> tuple[Ints, Ints, Ints, Strings, Strings]:
    """A benefit error stops some awards for a few months until they are put right."""
    account, start, end, group, why = awards
    month, household = np.nonzero(context.world.latent.shocks["ben_error"])
    hit = context.streams.each("cts:error", household, month) < STOPS_AFTER_ERROR
    month, household = month[hit], household[hit]
    day = context.months[month] + 20
    order = np.lexsort((start, book.household[account]))
    scale = 2**32
    key = book.household[account][order] * scale + start[order] + scale // 2
    index = np.searchsorted(key, household * scale + day + scale // 2, side="right") - 1
    award = order[np.maximum(index, 0)]
    inside = (index >= 0) & (book.household[account[award]] == household)
    inside &= (day > start[award] + 30) & (day < end[award] - 150)
    award, first = np.unique(award[inside], return_index=True)
    stop = day[inside][first]
    back = stop + 50 + np.floor(80 * context.streams.each("cts:back", award, stop)).astype(np.int64)
    again = (account[award], back, end[award], group[award], why[award])
    end, why = end.copy(), why.copy()
    end[award] = stop
    why[award] = np.where(award % 2 == 0, "NON_RESPONSE", "UC_CHANGE")
    joined = zip((account, start, end, group, why), again, strict=True)
    return tuple(np.concatenate(pair) for pair in joined)  # type: ignore[return-value]  # five in, five out


def cts_rows(context: Context, book: Accounts, claims: Claims) -> pl.DataFrame:
    """``ctax_cts``: each award when it begins, and again when it has ended."""
    parts = _broken_off(context, book, _awards(context, book, claims))
    order = np.lexsort((parts[1], parts[0]))
    account, start, end, group, why = (part[order] for part in parts)
    number = np.arange(len(account))
    base = {
        "claim_ref": references("CS", account, 8),
        "account_ref": book.reference[account],
        "scheme_group": group,
        "award_pw": 8.0 + 14.0 * context.streams.each("cts:award", account),
        "award_from": start,
    }
    known = np.maximum(start + lag(context, "cts", 8, 0.6, number), book.opened[account])
    over = end < OPEN
    later = {name: np.asarray(values)[over] for name, values in base.items()}
    later |= {"award_to": end[over], "end_reason": blanked(why[over], number[over] % 5 == 0)}
    after = np.maximum(end, known)[over] + lag(context, "cts:end", 8, 0.6, number[over])
    return pl.concat([frame("ctax_cts", base, known), frame("ctax_cts", later, after)])


# ---- Housing Benefit ----------------------------------------------------------------------------


def shbe_tables(context: Context) -> dict[str, pl.DataFrame]:
    """Housing Benefit of pension-age tenants and of those in temporary homes."""
    spells, world = context.spells, context.world
    tenure = world.dwellings.tenure[spells.dwelling]
    poor = _pension_age(context, spells.household) | (
        (world.households.age_band[spells.household] == 4)
        & (context.streams.each("hb", spells.household) < 0.45)
    )
    rents = np.isin(tenure, (COUNCIL, RP, PRS)) & poor
    homeless = (tenure == TA) & (context.streams.each("hb:ta", spells.household) < 0.7)
    stay = np.flatnonzero(rents | homeless)
    start = spells.starts[stay] + 10
    real = spells.ends[stay] > start + 25
    stay, start = stay[real], start[real]
    return {
        "shbe_claim": _scans(context, stay, start, tenure[stay]),
        "shbe_member": _claim_members(context, stay, start),
    }


def _scans(context: Context, stay: Ints, start: Ints, tenure: Ints) -> pl.DataFrame:
    """A row at the first scan, each April, twice a year, and at the end."""
    spells = context.spells
    scans = context.months[:-1] + 10
    spring = np.isin(context.world.calendar, (4, 10))
    row, month = expanded(
        np.searchsorted(scans, np.maximum(start, context.first_day)),
        np.searchsorted(scans, np.minimum(spells.ends[stay] + 31, context.last_day - 10)),
    )
    first = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    last = np.r_[row[1:] != row[:-1], True] if len(row) else np.zeros(0, dtype=bool)
    over = spells.ends[stay][row] < scans[month]
    keep = first | spring[month] | (last & over)
    row, month, over = row[keep], month[keep], over[keep]
    kinds = np.array(
        ["", "HRA_RENT_REBATE", "RP_ALLOWANCE", "PRIVATE_DEREG_LHA", "NON_HRA_RENT_REBATE"],
        dtype=object,
    )
    home = spells.dwelling[stay][row]
    rent = 98 + 12 * context.streams.normal("hb:rent", home) + 40 * (tenure[row] >= PRS)
    u = context.streams.each("hb:kind", stay[row])
    owed = context.streams.each("hb:over", stay[row]) < 0.12
    columns = {
        "claim_ref": references("HB", stay, 7)[row],
        "scan_date": scans[month],
        "claim_type": np.where(
            tenure[row] == TA, "STANDARD", np.where(u < 0.6, "PASSPORTED_PCGC", "STANDARD")
        ),
        "tenancy_type": kinds[tenure[row]],
        "eligible_rent_pw": rent,
        "hb_award_pw": np.maximum(rent - np.where(u < 0.6, 0, 25), 5.0),
        "overpayment_recovery_pw": np.where(owed, 11.9, 0.0),
        "award_start": start[row],
        "award_end": np.where(over, spells.ends[stay][row], OPEN),
        "uprn": recorded_uprn(context, "shbe", home, stay[row], 0.03),
        "postcode": context.world.dwellings.postcode[home],
    }
    return frame(
        "shbe_claim", columns, scans[month] + lag(context, "shbe", 9, 0.4, stay[row], month)
    )


def _claim_members(context: Context, stay: Ints, start: Ints) -> pl.DataFrame:
    members, people = context.members, context.world.people
    row, member = present(members, context.spells.household[stay], start)
    person, role = members.person[member], members.role[member]
    order = np.lexsort((person, role, row))
    row, person, role = row[order], person[order], role[order]
    begins = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    sequence = 1 + np.arange(len(row)) - np.repeat(begins, np.diff(np.r_[begins, len(row)]))
    view = seen(context, "shbe", person)
    name = as_one_field(
        view.title, view.first, view.middle, view.last, context.streams.each("hb:name", person)
    )
    grown = np.isin(role, (GROWN, OTHER)) | (people.dob[person] < start[row] - 19 * YEAR)
    kind = np.where(role <= PARTNER, np.where(sequence == 1, "CLAIMANT", "PARTNER"), "CHILD")
    kind = np.where((role >= CHILD) & grown, "NONDEP", kind)
    columns = {
        "claim_ref": references("HB", stay, 7)[row],
        "member_seq": sequence,
        "role": kind,
        "name_raw": name,
        "dob": np.where(view.has_dob, view.dob, OPEN),
        "sex": np.where(view.male, "1", "2"),
        "nino_hash": blanked(view.nino, kind == "CHILD"),
        "disability_flag": people.disabled[person],
    }
    context.link("shbe", text(references("HB", stay, 7)[row], sequence), person)
    return frame("shbe_member", columns, start[row] + lag(context, "hb:new", 14, 0.5, row))
