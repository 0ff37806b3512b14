"""Rent accounts: weekly balances, actions on arrears, and repayment agreements."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic import paths
from synthetic.records.arrears import Arrears, rent_debts, weekly_path
from synthetic.records.base import Context, expanded, frame, lag, references
from synthetic.records.rent import Tenancies, person_rows, rent_on, tenancies, tenancy_rows
from synthetic.stays import OPEN
from synthetic.streams import Floats, Ints


def rent_tables(context: Context) -> dict[str, pl.DataFrame]:
    """All five rent tables."""
    book = tenancies(context)
    arrears = rent_debts(context)
    return {
        "rent_tenancy": tenancy_rows(context, book),
        "rent_person": person_rows(context, book),
        "rent_balance": _balance_rows(context, book, arrears),
        "rent_action": _action_rows(context, book, arrears),
        "rent_arrangement": _arrangement_rows(context, book, arrears),
    }


def _balance_rows(context: Context, book: Tenancies, arrears: Arrears) -> pl.DataFrame:
    """A balance each Sunday while a tenancy lasts."""
    sundays = np.arange(context.first_day + (3 - context.first_day) % 7, context.last_day + 1, 7)
    low = np.searchsorted(sundays, np.maximum(book.starts, context.first_day) + 3)
    high = np.searchsorted(sundays, np.minimum(book.ends, context.last_day + 1))
    row, week = expanded(low, high)
    day = sundays[week]
    household = book.household[row]
    weeks = weekly_path(context, arrears, household, day, _sawtooth(context, household, day))
    rent = rent_on(context, book, row, day)
    columns = {
        "pay_ref": pl.Series(book.pay_ref.tolist()).gather(row),
        "balance_date": day,
        "balance": weeks * rent,
        "weeks_owed": weeks,
    }
    return frame("rent_balance", columns, day + 1 + (row + week) % 2)


def _sawtooth(context: Context, household: Ints, day: Ints) -> Floats:
    """Benefit paid monthly or four-weekly in arrears swings a balance that is not a debt."""
    n = context.world.households.n
    ids = np.arange(n)
    uc = context.world.households.uc
    span = np.where(uc, 30, np.where(context.streams.each("cycle", ids) < 0.4, 28, 7))
    phase = np.floor(span * context.streams.each("phase", ids)).astype(np.int64)
    credit = 1.6 + 3.0 * context.streams.each("credit", ids)
    inside = (day + phase[household]) % span[household]
    return np.asarray(inside / 7.0 * np.where(span[household] > 7, 0.8, 0.0) - credit[household])


def _action_rows(context: Context, book: Tenancies, arrears: Arrears) -> pl.DataFrame:
    """Contacts and letters as a debt grows, notices, and the course to possession."""
    gathered = [
        *_letters(context, arrears),
        *_agreed(context, arrears),
        *_notices(context, arrears),
    ]
    gathered += _possession(context)
    household = np.concatenate([who for who, _, _ in gathered])
    day = np.concatenate([when for _, when, _ in gathered])
    group = np.concatenate([np.full(len(who), name, dtype=object) for who, _, name in gathered])
    row = book.on(household, day)
    keep = (row >= 0) & (day <= context.last_day)
    row, day, group, household = row[keep], day[keep], group[keep], household[keep]
    order = np.lexsort((group.astype(str), day, row))
    row, day, group, household = row[order], day[order], group[order], household[order]
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    sequence = 1 + np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)]))
    weeks = weekly_path(context, arrears, household, day, np.zeros(len(day)))
    columns = {
        "pay_ref": book.pay_ref[row],
        "action_seq": sequence,
        "action_date": day,
        "action_code": np.array([_CODES[name] for name in group], dtype=object),
        "action_group": group,
        "balance_at_action": weeks * rent_on(context, book, row, day),
    }
    return frame("rent_action", columns, day + lag(context, "action", 2, 0.7, row, sequence))


_CODES = {
    "CONTACT": "OTC",
    "SUPPORT": "FIV",
    "AGREEMENT": "AGR",
    "PRE_NOTICE": "S02",
    "NOTICE": "NSP",
    "PRE_COURT": "PLA",
    "COURT": "CDL",
    "ORDER": "SPO",
    "WARRANT": "WPA",
    "EVICTED": "EVI",
}

_Action = tuple[Ints, Ints, str]


def _letters(context: Context, arrears: Arrears) -> list[_Action]:
    out: list[_Action] = []
    steps = (("CONTACT", 1.2, 0.35), ("SUPPORT", 2.0, 0.06), ("PRE_NOTICE", 4.0, 0.16))
    for month in range(len(context.months) - 1):
        owed = arrears.weeks[month + 1]
        for name, least, share in steps:
            u = context.streams.at(f"letter:{name}", month).random(len(owed))
            who = np.flatnonzero((owed > least) & (u < share))
            when = np.full(len(who), month)
            out.append(
                (who, paths.month_day(context.streams, name, context.months, who, when), name)
            )
    return out


def _agreed(context: Context, arrears: Arrears) -> list[_Action]:
    day = _agreement_day(context, arrears)
    return [(arrears.agreed_household, day, "AGREEMENT")]


def _agreement_day(context: Context, arrears: Arrears) -> Ints:
    """Agreements are made in the last days of a month."""
    u = context.streams.each("agreed:day", arrears.agreed_household, arrears.agreed_month)
    return np.asarray(
        context.months[arrears.agreed_month + 1] - 1 - np.floor(6 * u), dtype=np.int64
    )


def _notices(context: Context, arrears: Arrears) -> list[_Action]:
    notice = context.world.events["notice"].kept()
    owes = arrears.weeks[notice.month + 1, notice.household] > 3.0
    return [(notice.household[owes], notice.day[owes], "NOTICE")]


def _possession(context: Context) -> list[_Action]:
    event = context.world.events["O2"].kept()
    course = paths.possession(context.streams, event.day, event.household, event.month)
    out: list[_Action] = [
        (event.household, course.notice, "NOTICE"),
        (event.household, course.notice + 28, "PRE_COURT"),
        (event.household, course.court, "COURT"),
        (event.household, course.order, "ORDER"),
    ]
    for name, day in (("WARRANT", course.warrant), ("EVICTED", course.evicted)):
        there = day != paths.NONE
        # The eviction is the tenancy's last day, not the day after it.
        out.append((event.household[there], day[there] - (name == "EVICTED"), name))
    return out


def _arrangement_rows(context: Context, book: Tenancies, arrears: Arrears) -> pl.DataFrame:
    day = _agreement_day(context, arrears)
    row = book.on(arrears.agreed_household, day)
    keep = row >= 0
    row, day, broken = row[keep], day[keep], arrears.broken[keep]
    ends_month = np.minimum(arrears.agreed_ends[keep], len(context.months) - 1)
    number = np.arange(len(row))
    future = arrears.agreed_ends[keep] >= len(context.months) - 1
    ends = np.where(future & ~broken, OPEN, context.months[ends_month] + 14)
    base = {
        "agreement_id": references("AG", number, 7),
        "pay_ref": book.pay_ref[row],
        "start_date": day,
        "amount": 5.0 + 20 * context.streams.each("amount", number),
        "court_ordered": context.streams.each("court", number) < 0.08,
    }
    live = base | {"end_date": np.full(len(row), OPEN), "state": np.full(len(row), "live")}
    known = day + lag(context, "agreed", 2, 0.6, number)
    over = ends < OPEN
    closed = base | {"end_date": ends, "state": np.where(broken, "breached", "completed")}
    return pl.concat(
        [
            frame("rent_arrangement", live, known),
            frame(
                "rent_arrangement",
                {key: np.asarray(values)[over] for key, values in closed.items()},
                np.maximum(ends, known + 1)[over] + lag(context, "over", 5, 0.6, number[over]),
            ),
        ]
    )
