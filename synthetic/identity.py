"""How each source sees a person: names, birth dates and numbers with their usual faults.

A source's view of a person is the same in all of its records, and independent between sources.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.faulty_names import (
    confused,
    hyphen_lost,
    misspelt,
    nicknamed,
    reordered,
    respelt,
)
from synthetic.namepools import ABROAD_POOLS, ORDER_POOLS, SPELLING_POOLS
from synthetic.names import POOL_NAMES, draw_last
from synthetic.people import YEAR
from synthetic.records.base import Context, keyed_hashes
from synthetic.settings import GROUPS
from synthetic.streams import Flags, Floats, Ints, Strings

# Share of records with a birth date, a National Insurance hash and a telephone hash.
COVERAGE = {
    "ctax": (0.03, 0.08, 0.45),
    "rent": (0.93, 0.60, 0.85),
    "hclic": (0.99, 0.85, 0.90),
    "welfare": (0.90, 0.50, 0.90),
    "uc": (1.00, 1.00, 0.0),
    "shbe": (0.99, 0.98, 0.40),
    "hreg": (0.99, 0.80, 0.90),
    "asc": (0.99, 0.40, 0.60),
    "cs": (0.98, 0.0, 0.40),
    "school": (1.0, 0.0, 0.0),
    "bbadge": (0.99, 0.75, 0.0),
    "elect": (0.0, 0.0, 0.0),
}
_BY_TELEPHONE = ("hclic", "welfare")
_ONE_FIELD = ("ctax", "shbe")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One source's view of some people, row by row."""

    title: Strings
    first: Strings
    middle: Strings
    last: Strings
    dob: Ints
    has_dob: Flags
    male: Flags
    nino: Strings
    phone: Strings
    unlinkable: Flags


def _pools(names: frozenset[str]) -> list[int]:
    return [POOL_NAMES.index(name) for name in names]


def unlinkable(context: Context, source: str, person: Ints) -> Flags:
    """Records that the linkage switch has spoilt for its group."""
    group = context.world.people.group[person]
    hit = np.isin(group, [GROUPS.index(name) for name in context.switches.group])
    u = context.streams.each(f"unlinked:{source}", person)
    return np.asarray(hit & (u < context.switches.unlinked), dtype=bool)


def seen(context: Context, source: str, person: Ints, copy: int = 0) -> Seen:
    """How a source has these people on file.

    Args:
        context: The world and its faults.
        source: The source.
        person: Person of each row.
        copy: 1 for the second file on a person that some systems hold twice.
    """
    unique, inverse = np.unique(person, return_inverse=True)
    once = _seen_once(context, source, unique, copy)
    return Seen(**{name: getattr(once, name)[inverse] for name in Seen.__dataclass_fields__})


def _seen_once(context: Context, source: str, person: Ints, copy: int) -> Seen:
    people, streams = context.world.people, context.streams
    where = f"{source}:{copy}"

    def u(name: str) -> Floats:
        return streams.each(f"id:{where}:{name}", person)

    first, last = _names(context, source, where, person)
    dob = _birth_dates(context, where, person)
    spoilt = unlinkable(context, source, person)
    first = np.where(spoilt, [name[:1] for name in first], first)
    last = np.where(spoilt, _spoilt(last), last)
    male = people.male[person] ^ (u("sex") < context.faults.sex_differs)
    with_dob, with_nino, with_phone = COVERAGE[source]
    age = (context.last_day - people.dob[person]) / YEAR
    nino = keyed_hashes(context.key, "nino", person)
    wrong = u("nino:wrong") < context.faults.wrong_nino
    nino[wrong] = keyed_hashes(context.key, f"nino:{where}", person[wrong])
    nino[(u("nino") >= with_nino) | (age < 16) | spoilt] = None
    phone = keyed_hashes(context.key, "phone", person)
    phone[(u("phone") >= with_phone) | (age < 14) | spoilt] = None
    return Seen(
        title=_titles(male, age, u("title")),
        first=first.astype(object),
        middle=people.middle[person],
        last=last.astype(object),
        dob=np.where(spoilt, _first_of_year(dob), dob),
        has_dob=u("dob") < with_dob,
        male=male,
        nino=nino,
        phone=phone,
        unlinkable=spoilt,
    )


def _spoilt(last: Strings) -> Strings:
    return np.array([name[:2] + name[2:][::-1] for name in last], dtype=object)


def _titles(male: Flags, age: Floats, u: Floats) -> Strings:
    women = np.where(u < 0.55, "Mrs", np.where(u < 0.8, "Miss", "Ms"))
    title = np.where(male, "Mr", np.where(age < 25, "Miss", women)).astype(object)
    title[u > 0.99] = "Dr"
    return title


def _names(context: Context, source: str, where: str, person: Ints) -> tuple[Strings, Strings]:
    people, streams, faults = context.world.people, context.streams, context.faults
    first, last = people.first[person].copy(), people.last[person].copy()
    pool = people.pool[person]

    def hits(name: str, share: float, among: Flags | None = None) -> Ints:
        hit = streams.each(f"name:{where}:{name}", person) < share
        return np.flatnonzero(hit if among is None else hit & among)

    grown = ~people.male[person] & (people.dob[person] < context.first_day - 20 * YEAR)
    renamed = grown & (streams.each("renamed", person) < 4 * faults.married_name)
    old_name = hits("married", 0.4, renamed)
    last[old_name] = draw_last(streams, "maiden", pool[old_name], person[old_name])
    hyphen_lost(last, hits("hyphen", faults.hyphen_lost))
    nicknamed(first, hits("nick", faults.nickname))
    spelling = np.isin(pool, _pools(SPELLING_POOLS))
    variant = hits("variant", faults.transliterated, spelling)
    respelt(first, last, variant, streams.each(f"variant:{where}", person))
    scale = 2.0 if source in _BY_TELEPHONE else 1.0
    typed = hits("typo", faults.typo * scale)
    misspelt(first, last, typed, streams.each(f"typo:{where}", person))
    if source in _ONE_FIELD:
        confused(last, hits("confused", faults.confused_letters), streams.each(where, person))
    order = hits("order", faults.name_order, np.isin(pool, _pools(ORDER_POOLS)))
    reordered(first, last, order, streams.each(f"order:{where}", person))
    return first, last


def _first_of_year(dob: Ints) -> Ints:
    years = dob.astype("datetime64[D]").astype("datetime64[Y]")
    return np.asarray(years.astype("datetime64[D]").astype(np.int64))


def _birth_dates(context: Context, where: str, person: Ints) -> Ints:
    people, streams, faults = context.world.people, context.streams, context.faults
    dob = people.dob[person]
    months = dob.astype("datetime64[D]").astype("datetime64[M]")
    day = dob - months.astype("datetime64[D]").astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    year = months.astype("datetime64[Y]").astype(np.int64)
    swapped = (year * 12 + day - 1).astype("datetime64[M]").astype("datetime64[D]").astype(
        np.int64
    ) + (month - 1)
    swap = (streams.each(f"dob:{where}:swap", person) < 2.5 * faults.day_month_swapped) & (
        day <= 12
    )
    out = np.where(swap, swapped, dob)
    abroad = np.isin(people.pool[person], _pools(ABROAD_POOLS))
    abroad &= dob < context.first_day - 16 * YEAR
    share = np.where(abroad, faults.default_birth_date_abroad, faults.default_birth_date)
    # A birth date that was never known is the same on every paper; a lazy default is one source's.
    known_nowhere = abroad & (streams.each("dob:default", person) < share)
    lazy = ~abroad & (streams.each(f"dob:{where}:default", person) < share)
    return np.where(known_nowhere | lazy, _first_of_year(out), out)
