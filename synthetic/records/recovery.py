"""Recovery of unpaid council tax: those who stop on the way, and those who go all the way."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic import paths
from synthetic.faultlog import RECORD
from synthetic.records.base import Context, frame, lag, references
from synthetic.records.ctax import Accounts
from synthetic.streams import Flags, Floats, Ints, Strings

REMINDER_SHARE = 0.28
# Chance of each next step of those who do not pay after a reminder, short of the whole course.
_FINAL, _SUMMONS, _ORDER, _AGENTS_LATE = 0.36, 0.62, 0.80, 0.42
_SPLIT_ORDER = ("LO_ARR", "AEO", "DFB", "INFO")


class _Stages:
    """Stage events as they are gathered."""

    def __init__(self) -> None:
        self.account: list[Ints] = []
        self.stage: list[Strings] = []
        self.day: list[Ints] = []
        self.debt: list[Floats] = []
        self.whole: list[Flags] = []

    def add(
        self, account: Ints, stage: str, day: Ints, debt: Floats, *, whole: bool = False
    ) -> None:
        self.whole.append(np.full(len(account), whole))
        self.account.append(account)
        self.stage.append(np.full(len(account), stage, dtype=object))
        self.day.append(day)
        self.debt.append(debt)


def missed_instalments(context: Context, book: Accounts) -> tuple[Ints, Ints]:
    """Account and day of each missed instalment that the council knows of."""
    missed = context.world.events["missed"].kept()
    account = book.on(missed.household, missed.day)
    found = account >= 0
    return account[found], missed.day[found]


def recovery_rows(context: Context, book: Accounts, missed: tuple[Ints, Ints]) -> pl.DataFrame:
    """``ctax_recovery``: reminders to most, and for a few the whole course to agents."""
    stages = _Stages()
    _stopping(context, stages, *missed)
    _whole_course(context, book, stages)
    account = np.concatenate(stages.account)
    stage = np.concatenate(stages.stage)
    day = np.concatenate(stages.day)
    debt = np.concatenate(stages.debt)
    keep = ~_would_look_whole(account, stage, day, np.concatenate(stages.whole))
    account, stage, day, debt = account[keep], stage[keep], day[keep], debt[keep]
    order = np.lexsort((stage.astype(str), day, account))
    account, stage, day, debt = account[order], stage[order], day[order], debt[order]
    number = np.arange(len(account))
    columns = {
        "recovery_id": references("RV", number, 8),
        "account_ref": book.reference[account],
        "tax_year": _tax_years(day),
        "stage": stage,
        "stage_date": day,
        "debt_at_stage": np.where(context.streams.each("debt:none", number) < 0.01, np.nan, debt),
    }
    known = day + lag(context, "recovery", 4, 0.6, number)
    first = frame("ctax_recovery", columns, known)
    undone = context.streams.each("recovery:undone", number) < context.faults.corrected
    can_be = ~np.isin(stage, ("LO", "EA_REF"))
    undone &= can_be
    context.log.note("F24", "ctax", number, undone, can_be, what=RECORD)
    later = {key: values[undone] for key, values in columns.items()}
    later["stage"] = np.full(int(undone.sum()), "WITHDRAWN", dtype=object)
    wait = 20 + np.floor(60 * context.streams.each("recovery:wait", number[undone])).astype(int)
    return pl.concat([first, frame("ctax_recovery", later, known[undone] + wait)])


def _stopping(context: Context, stages: _Stages, account: Ints, day: Ints) -> None:
    """Reminders after missed instalments, thinning out at each step."""
    streams = context.streams

    def u(name: str, at: Ints, when: Ints) -> Floats:
        return streams.each(f"recovery:{name}", at, when)

    sent = u("sent", account, day) < REMINDER_SHARE
    account, day = account[sent], day[sent]
    debt = 90 + 160 * -np.log(u("debt", account, day))
    first = day + 9 + np.floor(10 * u("first", account, day)).astype(np.int64)
    step = u("step", account, day)
    stages.add(account, "REM1", first, debt)
    again = (step > 0.55) & (step < 0.75)
    stages.add(account[again], "REM2", first[again] + 30, debt[again] + 80)
    paid = step >= 0.75
    stages.add(account[paid], "PAID", first[paid] + 20, np.zeros(int(paid.sum())))
    account, day, first, debt = account[~paid], day[~paid], first[~paid], debt[~paid]
    final = u("final", account, day) < _FINAL
    stages.add(account[final], "FINAL", first[final] + 33, debt[final] + 150)
    goes_on = np.where(final, 0.9, (_SUMMONS - 0.9 * _FINAL) / (1 - _FINAL))
    summons = u("summons", account, day) < goes_on
    account, day, first, debt = account[summons], day[summons], first[summons], debt[summons]
    stages.add(account, "SUMMONS", first + 55, debt + 260)
    order = u("order", account, day) < _ORDER
    account, day, first, debt = account[order], day[order], first[order], debt[order]
    hearing = paths.next_hearing(first + 77)
    stages.add(account, "LO", hearing, debt + 330)
    late = u("late", account, day) < _AGENTS_LATE
    wait = 100 + np.floor(120 * u("wait", account, day)).astype(np.int64)
    stages.add(account[late], "EA_REF", (hearing + wait)[late], debt[late] + 330)
    kind = np.floor(4 * u("kind", account, day)).astype(int)
    for code, name in enumerate(_SPLIT_ORDER):
        mine = ~late & (kind == code)
        stages.add(account[mine], name, hearing[mine] + 25, debt[mine] + 330)


def _whole_course(context: Context, book: Accounts, stages: _Stages) -> None:
    """O3: everything up to enforcement agents within ninety days of the order."""
    event = context.world.events["O3"].kept()
    account = book.on(event.household, event.day)
    found = account >= 0
    account = account[found]
    course = paths.enforcement(
        context.streams, event.day[found], event.household[found], event.month[found]
    )
    stages.add(account, "REM1", course.reminder, course.debt, whole=True)
    stages.add(account, "FINAL", course.final, course.debt + 120, whole=True)
    stages.add(account, "SUMMONS", course.summons, course.debt + 200, whole=True)
    stages.add(account, "LO", course.order, course.debt + 260, whole=True)
    stages.add(account, "EA_REF", course.agents, course.debt + 260, whole=True)
    visited = context.streams.each("ea:visit", account, course.agents) < 0.5
    day, debt = course.agents[visited] + 40, course.debt[visited] + 495
    stages.add(account[visited], "EA_VISIT", day, debt, whole=True)


def _would_look_whole(account: Ints, stage: Strings, day: Ints, whole: Flags) -> Flags:
    """Orders and referrals of other courses that would pair up into an enforcement that was not.

    A council works one case at a time: a referral waits while another order is fresh, and no new
    order is sought while agents are about to be sent.
    """
    scale = 2**20
    orders = np.sort(account[stage == "LO"] * scale + day[stage == "LO"])
    sent = whole & (stage == "EA_REF")
    referrals = np.sort(account[sent] * scale + day[sent])
    key = account * scale + day
    fresh = np.searchsorted(orders, key, "right") > np.searchsorted(orders, key - 91, "right")
    soon = np.searchsorted(referrals, key + 91) > np.searchsorted(referrals, key)
    late_referral = ~whole & (stage == "EA_REF") & fresh
    return np.asarray(late_referral | (~whole & (stage == "LO") & soon), dtype=bool)


def _tax_years(day: Ints) -> Strings:
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    year = 1970 + (months - 3) // 12
    return np.array([f"{y}-{(y + 1) % 100:02d}" for y in year.tolist()], dtype=object)
