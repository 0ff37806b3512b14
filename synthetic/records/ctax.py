"""Council tax: accounts, parties, discounts and support. Recovery has a module of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic.dwellings import HMO_ROOM, HOSTEL_PLACE
from synthetic.faultlog import RECORD
from synthetic.population import PRS, TA
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import Context, blanked, frame, lag, present, references, stay_on
from synthetic.stays import DIED, OPEN, PARTNER_IN
from synthetic.streams import Flags, Ints, Strings

BAND_RATIO = np.array([6, 7, 8, 9, 11, 13, 15, 18]) / 9
_BAND_D = {2021: 1898.0, 2022: 1966.0, 2023: 2065.0, 2024: 2171.0, 2025: 2280.0, 2026: 2392.0}
MISSING_UPRN = 0.02


@dataclass(frozen=True, kw_only=True)
class Accounts:
    """Liability periods, one row an account, by household and start."""

    reference: Strings
    number: Ints
    household: Ints
    dwelling: Ints
    starts: Ints
    ends: Ints
    ended_by: Ints
    opened: Ints
    closed: Ints
    adults: Ints
    not_a_person: Flags

    def on(self, household: Ints, day: Ints) -> Ints:
        """The account of each household on a day, -1 where it has none."""
        scale = 2**32
        key = self.household * scale + self.starts + scale // 2
        index = np.searchsorted(key, household * scale + day + scale // 2, side="right") - 1
        found = (index >= 0) & (self.household[index] == household) & (day < self.ends[index])
        return np.where(found, index, -1)


def accounts(context: Context) -> Accounts:
    """One account for each stay in a home, and a new one when the people liable change."""
    world, spells, changes = context.world, context.spells, context.changes
    homes = world.dwellings
    liable = (homes.tenure[spells.dwelling] != TA) & ~np.isin(
        homes.form[spells.dwelling], (HMO_ROOM, HOSTEL_PLACE)
    )
    index = stay_on(context.spells, changes.household, changes.day)
    real = (index >= 0) & (changes.kind != PARTNER_IN)
    spell = np.concatenate([np.arange(len(spells.household)), index[real]])
    starts = np.concatenate([spells.starts, changes.day[real]])
    keep = liable[spell] & (starts >= spells.starts[spell])
    spell, starts = spell[keep], starts[keep]
    order = np.lexsort((starts, spell))
    spell, starts = spell[order], starts[order]
    last = np.r_[spell[1:] != spell[:-1], True]
    ends = np.where(last, spells.ends[spell], np.r_[starts[1:], 0])
    number = np.arange(len(spell))
    household = spells.household[spell]
    stale = context.streams.each("ctax:stale", household, starts) < context.faults.stale_ctax
    slow = np.where(stale, 230, 0)
    opened = starts + lag(context, "ctax:open", 7, 0.7, household, starts) + slow
    closed = ends + lag(context, "ctax:close", 9, 0.7, household, starts) + slow
    tenure = homes.tenure[spells.dwelling[spell]]
    company = context.faults.not_a_person * np.where(tenure == PRS, 2.4, 0.65)
    not_a_person = context.streams.each("ctax:company", household, starts) < company
    died = last & (spells.ended_by[spell] == DIED)
    kept = context.streams.each("ctax:died", household, starts) < context.faults.deceased_open
    context.log.note("F15", "ctax", number, stale, what=RECORD)
    context.log.note("F19", "ctax", number, died & kept, died, what=RECORD)
    context.log.note("F20", "ctax", number, not_a_person, what=RECORD)
    never = (ends >= OPEN) | (died & kept)
    row, member = present(context.members, household, starts + 1)
    grown = world.people.dob[context.members.person[member]] < starts[row] - 18 * 365
    return Accounts(
        reference=references("CT", number * 7 % 10_000_019, 8),
        number=number,
        household=household,
        dwelling=spells.dwelling[spell],
        starts=starts,
        ends=ends,
        ended_by=np.where(last, spells.ended_by[spell], -1),
        opened=opened,
        closed=np.where(never, OPEN, np.maximum(closed, opened + 1)),
        adults=np.bincount(row[grown], minlength=len(spell)),
        not_a_person=not_a_person,
    )


def account_rows(context: Context, book: Accounts, missed: tuple[Ints, Ints]) -> pl.DataFrame:
    """``ctax_account``: each account's versions, from opening to closing.

    Args:
        context: The world and its faults.
        book: The accounts.
        missed: Account and day of each missed instalment.
    """
    streams = context.streams
    switch = _direct_debit_lost(context, missed)
    pause = _breathing_spaces(context, missed)
    yearly = _annual_bills(context, book)
    rows = np.concatenate([book.number, yearly[0], switch[0], pause[0], book.number])
    days = np.concatenate([book.opened, yearly[1], switch[1], pause[1], book.closed])
    known = (days >= book.opened[rows]) & (days <= book.closed[rows]) & (days <= context.last_day)
    rows, days = rows[known], days[known]
    order = np.lexsort((days, rows))
    rows, days = rows[order], days[order]
    fresh = np.r_[True, (rows[1:] != rows[:-1]) | (days[1:] != days[:-1])]
    rows, days = rows[fresh], days[fresh]
    home = book.dwelling[rows]
    homes = context.world.dwellings
    band = homes.band[home]
    columns = {
        "account_ref": book.reference[rows],
        "property_ref": references("P", home, 9),
        "uprn": recorded_uprn(context, "ctax", home, book.number[rows], MISSING_UPRN),
        "liability_start": book.starts[rows],
        "liability_end": np.where(days >= book.closed[rows], book.ends[rows], OPEN),
        "band": np.array(list("ABCDEFGH"), dtype=object)[band],
        "annual_charge_pa": _band_d(days) * BAND_RATIO[band],
        "payment_method": _methods(context, book, rows, days, switch),
        "breathing_space_until": _pauses(rows, days, pause),
    }
    columns["payment_method"] = blanked(
        columns["payment_method"], streams.each("method:none", book.number[rows]) < 0.02
    )
    return frame("ctax_account", columns, days)


def _band_d(days: Ints) -> np.ndarray:
    """The band D charge of the bill that is in force, or about to be, on each day."""
    dates = (days + 17).astype("datetime64[D]")
    month = dates.astype("datetime64[M]").astype(np.int64)
    year = 1970 + (month - 3) // 12
    first, last = min(_BAND_D), max(_BAND_D)
    charges = np.array([_BAND_D[y] for y in range(first, last + 1)])
    inside = charges[np.clip(year, first, last) - first]
    return np.asarray(inside * 1.04 ** (year - np.clip(year, first, last)))


def _annual_bills(context: Context, book: Accounts) -> tuple[Ints, Ints]:
    """Each account open in mid-March gets a version with the new year's charge."""
    marches = [
        int(start) + 14
        for start, calendar in zip(context.months[:-1], context.world.calendar, strict=True)
        if calendar == 3
    ]
    rows, days = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for day in marches:
        there = np.flatnonzero((book.opened < day) & (book.closed > day))
        rows.append(there)
        days.append(np.full(len(there), day))
    return np.concatenate(rows), np.concatenate(days)


def _direct_debit_lost(context: Context, missed: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    """The first missed instalment after which a household's direct debit is cancelled."""
    account, day = missed
    gone = context.streams.each("dd:lost", account, day) < 0.07
    account, day = account[gone], day[gone]
    order = np.lexsort((day, account))
    first, index = np.unique(account[order], return_index=True)
    days = day[order][index]
    return first, days + lag(context, "dd", 9, 0.5, first, days)


def _breathing_spaces(context: Context, missed: tuple[Ints, Ints]) -> tuple[Ints, Ints]:
    account, day = missed
    asks = context.streams.each("breathing", account, day) < 0.008
    account, day = account[asks], day[asks] + 40
    first, index = np.unique(account, return_index=True)
    return first, day[index]


def _pauses(rows: Ints, days: Ints, pause: tuple[Ints, Ints]) -> Ints:
    began = np.full(int(rows.max()) + 1 if len(rows) else 1, OPEN)
    inside = pause[0] < len(began)
    began[pause[0][inside]] = pause[1][inside]
    until = began[rows] + 60
    return np.where((days >= began[rows]) & (began[rows] < OPEN), until, OPEN)


def _methods(
    context: Context, book: Accounts, rows: Ints, days: Ints, switch: tuple[Ints, Ints]
) -> Strings:
    world, streams = context.world, context.streams
    household = book.household
    u = streams.each("method", household)
    debit = np.where(world.households.uc[household], 0.57, 0.87)
    rest = np.array(["CARD", "SO", "CASH", "NONE"], dtype=object)
    other = rest[streams.choice("method:other", np.array([0.5, 0.25, 0.15, 0.1]), household)]
    at_first = np.where(u < debit, "DD", other)
    lost = np.full(len(household), OPEN)
    lost[switch[0]] = switch[1]
    after = (days >= lost[rows]) & (at_first[rows] == "DD")
    return np.where(after, "CARD", at_first[rows]).astype(object)
