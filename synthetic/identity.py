"""How each source sees a person: names, birth dates and numbers with their usual faults.

A source's view of a person is the same in all of its records, and independent between sources.
"""

from __future__ import annotations

from collections.abc import Callable
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
from synthetic.namepools import ABROAD_POOLS, NICKNAMES, ORDER_POOLS, SPELLING_POOLS, VARIANTS
from synthetic.names import POOL_NAMES, draw_first, draw_last
from synthetic.people import YEAR
from synthetic.records.base import Context, keyed_hashes
from synthetic.settings import GROUPS
from synthetic.streams import Flags, Floats, Ints, Streams, Strings

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
# Of lazy default birth dates, those of 1 January 1900, and that day as days since 1970.
NINETEEN_HUNDRED, FIRST_OF_1900 = 0.3, -25_567
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
    """Records that a linkage switch has spoilt, for its group or for transliterated names."""
    people, switches = context.world.people, context.switches
    hit = np.isin(people.group[person], [GROUPS.index(name) for name in switches.group])
    named = np.isin(people.pool[person], _pools(SPELLING_POOLS))
    share = np.maximum(switches.unlinked * hit, switches.unlinked_names * named)
    u = context.streams.each(f"unlinked:{source}", person)
    spoilt = np.asarray(u < share, dtype=bool)
    if switches.unlinked_names:
        context.log.plant("B3", context.world.people.household[person], spoilt & named, person)
    return spoilt


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
    log, known = context.log, source if not copy else where

    def u(name: str) -> Floats:
        return streams.each(f"id:{where}:{name}", person)

    first, middle, last = _names(context, source, where, person)
    dob = _birth_dates(context, where, person, known)
    spoilt = unlinkable(context, source, person)
    first = np.where(spoilt, [name[:1] for name in first], first)
    last = np.where(spoilt, _spoilt(last), last)
    other_sex = u("sex") < context.faults.sex_differs
    log.note("F21", known, person, other_sex)
    with_dob, with_nino, with_phone = COVERAGE[source]
    age = (context.last_day - people.dob[person]) / YEAR
    nino = keyed_hashes(context.key, "nino", person)
    held = (u("nino") < with_nino) & (age >= 16) & ~spoilt
    wrong = u("nino:wrong") < _wrong_numbers(context, person)
    log.note("F17", known, person, wrong & held, held)
    nino[wrong] = keyed_hashes(context.key, f"nino:{where}", person[wrong])
    nino[~held] = None
    phone = keyed_hashes(context.key, "phone", person)
    phone[(u("phone") >= with_phone) | (age < 14) | spoilt] = None
    return Seen(
        title=_titles(people.male[person] ^ other_sex, age, u("title")),
        first=first.astype(object),
        middle=middle,
        last=last.astype(object),
        dob=np.where(spoilt, _first_of_year(dob), dob),
        has_dob=u("dob") < with_dob,
        male=people.male[person] ^ other_sex,
        nino=nino,
        phone=phone,
        unlinkable=spoilt,
    )


def _wrong_numbers(context: Context, person: Ints) -> Floats:
    """Share of wrong numbers: more among those new to the country, the same on the whole."""
    world, more = context.world, context.faults.wrong_nino_migrants
    new = world.households.migrant[world.people.household[person]]
    share = float(world.households.migrant.mean())
    return np.where(new, more, 1.0) * context.faults.wrong_nino / (1 + share * (more - 1))


def _spoilt(last: Strings) -> Strings:
    return np.array([name[:2] + name[2:][::-1] for name in last], dtype=object)


def _titles(male: Flags, age: Floats, u: Floats) -> Strings:
    women = np.where(u < 0.55, "Mrs", np.where(u < 0.8, "Miss", "Ms"))
    title = np.where(male, "Mr", np.where(age < 25, "Miss", women)).astype(object)
    title[u > 0.99] = "Dr"
    return title


def _names(
    context: Context, source: str, where: str, person: Ints
) -> tuple[Strings, Strings, Strings]:
    """First, middle and last names, with every fault of names that the source has."""
    people, streams, faults = context.world.people, context.streams, context.faults
    first, last = people.first[person].copy(), people.last[person].copy()
    middle = people.middle[person].copy()
    pool = people.pool[person]
    known = source if where.endswith(":0") else where
    everybody = np.ones(len(person), dtype=bool)

    def u(name: str) -> Floats:
        return streams.each(f"name:{where}:{name}", person)

    def made(fault: str, hit: Flags, change: Callable[[Ints], None], among: Flags) -> None:
        before = first.copy(), last.copy()
        change(np.flatnonzero(hit & among))
        changed = (first != before[0]) | (last != before[1])
        context.log.note(fault, known, person, np.asarray(changed, dtype=bool), among)

    renamed = _renamed(context, person)
    made("F08", u("married") < 0.4, lambda r: _maiden(streams, last, pool, person, r), renamed)
    double = np.array(["-" in name for name in last], dtype=bool)
    made("F09", u("hyphen") < faults.hyphen_lost, lambda r: hyphen_lost(last, r), double)
    usual = np.array([name in NICKNAMES for name in first], dtype=bool)
    made("F05", u("nick") < faults.nickname, lambda r: nicknamed(first, r), usual)
    middle[u("middle") < faults.nickname] = ""
    spelling = np.isin(pool, _pools(SPELLING_POOLS)) & _respellable(first, last)
    number = streams.each(f"variant:{where}", person)
    made(
        "F07",
        u("variant") < faults.transliterated,
        lambda r: respelt(first, last, r, number),
        spelling,
    )
    slips = faults.typo * (2.0 if source in _BY_TELEPHONE else 1.0)
    typed = streams.each(f"typo:{where}", person)
    made("F01", u("typo") < slips, lambda r: misspelt(first, last, r, typed), everybody)
    letters = faults.confused_letters / (1.0 if source in _ONE_FIELD else 3.0)
    sign = streams.each(where, person)
    made("F02", u("confused") < letters, lambda r: confused(last, r, sign), everybody)
    order = streams.each(f"order:{where}", person)
    fathers = draw_first(
        streams,
        "father",
        pool=pool,
        male=everybody,
        birth_year=np.full(len(person), 1960),
        ids=people.household[person],
    )
    some = np.isin(pool, _pools(ORDER_POOLS))
    made(
        "F06",
        u("order") < faults.name_order,
        lambda r: reordered(first, last, r, order, fathers),
        some,
    )
    return first, middle, last


def _renamed(context: Context, person: Ints) -> Flags:
    """Grown women whose name changed in the simulated years."""
    people = context.world.people
    years = (context.last_day - context.first_day) / YEAR
    share = 1 - (1 - context.faults.married_name) ** years
    grown = ~people.male[person] & (people.dob[person] < context.first_day - 20 * YEAR)
    return np.asarray(grown & (context.streams.each("renamed", person) < share), dtype=bool)


def _maiden(streams: Streams, last: Strings, pool: Ints, person: Ints, rows: Ints) -> None:
    last[rows] = draw_last(streams, "maiden", pool[rows], person[rows])


def _respellable(first: Strings, last: Strings) -> Flags:
    return np.array(
        [a in VARIANTS or b in VARIANTS for a, b in zip(first, last, strict=True)], dtype=bool
    )


def _first_of_year(dob: Ints) -> Ints:
    years = dob.astype("datetime64[D]").astype("datetime64[Y]")
    return np.asarray(years.astype("datetime64[D]").astype(np.int64))


def _birth_dates(context: Context, where: str, person: Ints, known: str) -> Ints:
    people, streams, faults = context.world.people, context.streams, context.faults
    dob = people.dob[person]
    months = dob.astype("datetime64[D]").astype("datetime64[M]")
    day = dob - months.astype("datetime64[D]").astype(np.int64) + 1
    month = months.astype(np.int64) % 12 + 1
    year = months.astype("datetime64[Y]").astype(np.int64)
    swapped = (year * 12 + day - 1).astype("datetime64[M]").astype("datetime64[D]").astype(
        np.int64
    ) + (month - 1)
    early = day <= 12
    # Two in five are born so early in their month; a twelfth of those on a day like their month.
    swap = early & (streams.each(f"dob:{where}:swap", person) < 2.5 * faults.day_month_swapped)
    out = np.where(swap, swapped, dob)
    context.log.note("F03", known, person, swap)
    abroad = np.isin(people.pool[person], _pools(ABROAD_POOLS))
    abroad &= dob < context.first_day - 16 * YEAR
    share = np.where(abroad, faults.default_birth_date_abroad, faults.default_birth_date)
    # A birth date that was never known is the same on every paper; a lazy default is one source's.
    known_nowhere = abroad & (streams.each("dob:default", person) < share)
    lazy = ~abroad & (streams.each(f"dob:{where}:default", person) < share)
    context.log.note("F04", known, person, lazy, ~abroad)
    context.log.note("F04", f"{known}, born abroad", person, known_nowhere, abroad)
    century = streams.each(f"dob:{where}:1900", person) < NINETEEN_HUNDRED
    out = np.where(known_nowhere | lazy, _first_of_year(out), out)
    return np.where(lazy & century, FIRST_OF_1900, out)
