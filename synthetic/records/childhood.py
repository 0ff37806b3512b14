"""What children's services come to know of children: referrals, help, enquiries, plans, care.

One course for each family event: a contact, perhaps early help or a referral, and for a few an
enquiry, a plan or care. Brothers and sisters are often on the same paper.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.causes import K
from synthetic.people import CHILD, YEAR
from synthetic.population import solved_intercept
from synthetic.records.base import Context, present
from synthetic.records.processes import (
    Course,
    alive,
    counts_by_age,
    drawn,
    exponential_days,
    need_of,
)
from synthetic.streams import Flags, Ints, Strings

NO_DAY = -(2**31)
_HARM = (1.3, 1.4, 1.4, 2.4, 0.5)
# Recorded a month among households with children.
REFERRED = Course(
    odds=(1.3, 1.3, 1.3, 2.0, 0.6),
    rate=0.0051,
    contact=1.7,
    recorded=0.9,
    gradient=0.15,
    children=True,
)
HELPED = Course(
    odds=(1.3, 1.2, 1.3, 1.9, 0.7),
    rate=0.0068,
    contact=1.4,
    recorded=0.65,
    gradient=0.1,
    children=True,
)
PROTECTED = Course(
    odds=_HARM, rate=0.00088, contact=1.7, recorded=0.95, gradient=0.2, children=True, label=True
)
CONTACTED = Course(
    odds=(1.2, 1.2, 1.2, 1.6, 0.7),
    rate=0.009,
    contact=1.7,
    recorded=0.9,
    gradient=0.1,
    children=True,
)
# Children in need of ten thousand on the first day, and mean days of each spell.
_STOCK = {"need": 210.0, "plan": 41.0, "care": 67.0, "help": 420.0}
_DAYS = {"need": 265.0, "plan": 290.0, "care": 900.0, "help": 250.0}
_PLAN_SHARE, _CARE_SHARE = 0.70, 0.40


@dataclass(frozen=True, kw_only=True)
class Cases:
    """One row a child and paper: days, with :data:`NO_DAY` for what never was.

    ``family`` numbers the paper, ``starts`` is its day; ``plan`` and ``care`` are the days on
    which a child protection plan and a time in care began, with their ends beside them.
    """

    family: Ints
    household: Ints
    person: Ints
    kind: Strings
    starts: Ints
    ends: Ints
    plan: Ints
    plan_ends: Ints
    care: Ints
    care_ends: Ints

    def where(self, rows: Flags | Ints) -> Cases:
        """Some of the rows."""
        return Cases(**{name: getattr(self, name)[rows] for name in self.__dataclass_fields__})


def cases(context: Context) -> Cases:
    """Everything that children's services have a paper on, by kind: contact, help, need."""
    homes_with_children = alive(context) & (counts_by_age(context, 0, 18) > 0)
    parts = [_before(context, kind) for kind in ("need", "plan", "care", "help")]
    for name, kind, course in (
        ("referral", "need", REFERRED),
        ("help", "help", HELPED),
        ("O5", "harm", PROTECTED),
        ("contact", "contact", CONTACTED),
    ):
        event = drawn(context, f"cs:{name}", course, homes_with_children).kept()
        parts.append(_children_on(context, kind, event.household, event.day))
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    household, person, day, kinds = joined
    order = np.lexsort((person, day, household))
    return _courses(context, household[order], person[order], day[order], kinds[order])


_Part = tuple[Ints, Ints, Ints, Strings]


def _children_on(context: Context, kind: str, household: Ints, day: Ints) -> _Part:
    """The child that a paper is about, and brothers and sisters who are put on it too."""
    members, people = context.members, context.world.people
    row, member = present(members, household, day)
    person = members.person[member]
    child = (people.dob[person] > day[row] - 18 * YEAR) & (members.role[member] == CHILD)
    row, person = row[child], person[child]
    u = context.streams.each(f"cs:which:{kind}", person, day[row])
    order = np.lexsort((u, row))
    row, person = row[order], person[order]
    first = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    also = context.streams.each(f"cs:also:{kind}", household[row], day[row]) < 0.55
    keep = first | also
    row, person = row[keep], person[keep]
    return household[row], person, day[row], np.full(len(row), kind, dtype=object)


def _before(context: Context, kind: str) -> _Part:
    """Children already known on the first day, with the time since they became so."""
    world, members = context.world, context.members
    day = context.first_day
    here = (members.starts <= day) & (day < members.ends) & (members.role == CHILD)
    here &= world.people.dob[members.person] > day - 17.5 * YEAR
    person, household = members.person[here], members.household[here]
    need = need_of(context, household, np.zeros(len(household), dtype=np.int64), K)
    eta = 0.8 * need + 0.2 * world.households.d[household]
    start = solved_intercept(eta, _STOCK[kind] / 10_000)
    u = context.streams.each(f"cs:before:{kind}", person)
    known = u < 1 / (1 + np.exp(-(start + eta)))
    person, household = person[known], household[known]
    since = day - exponential_days(context, f"cs:since:{kind}", _DAYS[kind], household)
    since = np.maximum(since, world.people.dob[person] + 1)
    return household, person, since, np.full(len(person), kind, dtype=object)


def _courses(context: Context, household: Ints, person: Ints, day: Ints, kind: Strings) -> Cases:
    """How each paper goes on; a paper that comes while another runs is put to that one."""
    streams = context.streams
    family = np.cumsum(np.r_[True, (household[1:] != household[:-1]) | (day[1:] != day[:-1])])
    born = context.world.people.dob[person]
    old = born + int(18 * YEAR)
    before = day < context.first_day
    harm = kind == "harm"
    u = streams.each("cs:harm", household, day)
    planned = (harm & (u < _PLAN_SHARE)) | (kind == "plan")
    cared = (harm & (u > 1 - _CARE_SHARE)) | (kind == "care")
    cared &= before | (streams.each("cs:care:child", person, day) < 0.8)
    plan = np.where(before, day, day + 15 + np.floor(20 * u).astype(np.int64))
    care = np.where(before, day, np.where(planned, plan + 90, day + 10))
    plan_days = exponential_days(context, "cs:plan", _DAYS["plan"], person, day)
    care_days = exponential_days(context, "cs:care", _DAYS["care"], person, day)
    # A spell that was there on the first day lasts on from it: its length has no memory.
    base = np.where(before, context.first_day, NO_DAY)
    plan_ends = np.minimum(np.maximum(plan, base) + plan_days, old)
    care_ends = np.minimum(np.maximum(care, base) + care_days, old)
    mean = np.where(kind == "help", _DAYS["help"], _DAYS["need"])
    length = mean * -np.log(streams.each("cs:length", household, day))
    nothing = (kind == "need") & ~before & (streams.each("cs:nfa", household, day) < 0.28)
    length = np.where(nothing, 12, np.maximum(length, 25)).astype(np.int64)
    ends = np.minimum(np.maximum(day, base) + length, old)
    ends = np.where(kind == "contact", day, ends)
    ends = np.maximum(ends, np.where(planned, plan_ends, NO_DAY))
    ends = np.maximum(ends, np.where(cared, care_ends, NO_DAY))
    found = Cases(
        family=family,
        household=household,
        person=person,
        kind=kind,
        starts=day,
        ends=np.maximum(ends, day),
        plan=np.where(planned & (plan < old - 1), plan, NO_DAY),
        plan_ends=np.maximum(plan_ends, plan + 1),
        care=np.where(cared & (care < old - 1), care, NO_DAY),
        care_ends=np.maximum(care_ends, care + 1),
    )
    return found.where(~_put_to_another(found))


def _put_to_another(book: Cases) -> Flags:
    """Referrals and help of a child on whom a paper of that kind is still open."""
    put = np.zeros(len(book.person), dtype=bool)
    for kinds in (("need", "harm", "plan", "care"), ("help",)):
        rows = np.flatnonzero(np.isin(book.kind, kinds))
        rows = rows[np.lexsort((book.starts[rows], book.person[rows]))]
        scale = 2**20
        reach = np.maximum.accumulate(book.person[rows] * scale + book.ends[rows] + scale // 4)
        open_until = np.r_[-1, reach[:-1]] - book.person[rows] * scale - scale // 4
        put[rows] = open_until >= book.starts[rows]
    return put


def in_care_on(book: Cases, person: Ints, day: Ints) -> Flags:
    """Whether each person is looked after on a day, as the school hears of it."""
    rows = np.flatnonzero(book.care != NO_DAY)
    if not len(rows):
        return np.zeros(len(person), dtype=bool)
    order = rows[np.lexsort((book.care[rows], book.person[rows]))]
    scale = 2**32
    key = book.person[order] * scale + book.care[order] + scale // 2
    at = np.searchsorted(key, person * scale + day + scale // 2, side="right") - 1
    last = order[np.maximum(at, 0)]
    return np.asarray(
        (at >= 0) & (book.person[last] == person) & (day < book.care_ends[last]), dtype=bool
    )
