"""The school census: who is on roll at each census day, at which school, from which home."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic.causes import H, K
from synthetic.identity import seen
from synthetic.issuing import permuted
from synthetic.people import CHILD, GROWN, YEAR
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import (
    NO_NUMBER,
    Context,
    blanked,
    frame,
    stay_on,
)
from synthetic.records.childhood import Cases, in_care_on
from synthetic.records.processes import month_of, need_of
from synthetic.stays import OPEN
from synthetic.streams import Flags, Ints, Strings

CENSUS = ((1, "01-16"), (5, "05-15"), (10, "10-02"))
NOT_ON_ROLL, STAYS_ON, MISSING_UPRN = 0.075, 0.42, 0.10
NEW_NUMBER = 0.035
EVERY_UC_FROM = "2026-09-01"
_LETTERS = (
    ("WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WOTH", "WIRI"),
    ("APKN", "APKN", "AIND", "AIND", "ABAN", "AOTH", "CHNE"),
    ("BAFR", "BAFR", "BCRB", "BOTH"),
    ("MWBC", "MWAS", "MWBA", "MOTH"),
    ("OOTH",),
)
_FIRST_LANGUAGE_OTHER = np.array([0.07, 0.68, 0.42, 0.22, 0.55])


@dataclass(frozen=True, kw_only=True)
class Roll:
    """Pupils on roll, one row a pupil and census day."""

    person: Ints
    household: Ints
    month: Ints
    day: Ints
    year: Ints
    upn: Strings
    fsm: Flags
    fsm_since: Ints


def _day(text: str) -> int:
    return int(np.datetime64(text, "D").astype(int))


def census_days(context: Context) -> list[int]:
    """Census days in the simulated months, in order."""
    first = np.datetime64(context.first_day, "D").astype("datetime64[Y]").astype(int) + 1970
    last = np.datetime64(context.last_day, "D").astype("datetime64[Y]").astype(int) + 1970
    days = [_day(f"{year}-{tail}") for year in range(first, last + 1) for _, tail in CENSUS]
    return [day for day in days if context.first_day < day <= context.last_day]


def pupil_numbers(context: Context, person: Ints, *, former: bool = False) -> Strings:
    """Each pupil's number, or the one before it for those who were given a new one."""
    number = permuted(context.streams.seed, "upn", person, 9)
    letter = "ABCDEFGHJKLMNPQRTUVWXYZ"
    out = [f"{letter[n % 23]}9{n:09d}{'00' if former else '26'}" for n in number.tolist()]
    return np.array(out, dtype=object)


def pupil_ethnicity(context: Context, source: str, person: Ints) -> Strings:
    """The department's codes, as one source has them; sources disagree about a few."""
    group = context.world.people.group[person]
    u = context.streams.each("pupil:eth", person)
    out = np.empty(len(person), dtype=object)
    for code, letters in enumerate(_LETTERS):
        mine = group == code
        out[mine] = np.array(letters, dtype=object)[np.floor(u[mine] * len(letters)).astype(int)]
    other = context.streams.each(f"pupil:eth:{source}", person)
    out[other < context.faults.ethnicity_differs / 2] = "MOTH"
    out[other > 0.985] = "REFU"
    return out


def roll(context: Context) -> Roll:
    """Children of school age on each census day; a few learn at home or at fee-paying schools."""
    parts = [_on_roll(context, day) for day in census_days(context)]
    person, household, day = (np.concatenate(column) for column in zip(*parts, strict=True))
    dob = context.world.people.dob[person]
    start = _school_year_start(day)
    year = np.floor((start - 1 - dob) / YEAR).astype(np.int64) - 4
    changed = context.streams.each("upn:new", person) < NEW_NUMBER
    span = context.last_day - context.first_day
    moment = context.first_day + np.floor(span * context.streams.each("upn:when", person))
    upn = np.where(
        changed & (day < moment),
        pupil_numbers(context, person, former=True),
        pupil_numbers(context, person),
    )
    since = _meals_since(context, household)
    everybody = day >= _day(EVERY_UC_FROM)
    month = month_of(context, day)
    on_uc = context.world.latent.on_uc[month, household]
    return Roll(
        person=person,
        household=household,
        month=month,
        day=day,
        year=year,
        upn=upn,
        fsm=(since <= day) | (everybody & on_uc),
        fsm_since=since,
    )


def _school_year_start(day: Ints) -> Ints:
    months = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    september = (months - 8) // 12 * 12 + 8
    return september.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _on_roll(context: Context, day: int) -> tuple[Ints, Ints, Ints]:
    members, people = context.members, context.world.people
    here = (members.starts <= day) & (day < members.ends)
    here &= np.isin(members.role, (CHILD, GROWN))
    person, household = members.person[here], members.household[here]
    start = int(_school_year_start(np.array([day]))[0])
    age = np.floor((start - 1 - people.dob[person]) / YEAR)
    stays = (age <= 15) | (context.streams.each("pupil:sixth", person) < STAYS_ON)
    there = (age >= 4) & (age <= 17) & stays
    there &= context.streams.each("pupil:elsewhere", person) >= NOT_ON_ROLL
    person, household = person[there], household[there]
    once = np.unique(person, return_index=True)[1]
    return person[once], household[once], np.full(len(once), day)


def _meals_since(context: Context, household: Ints) -> Ints:
    """First day of free meals of each household: on Universal Credit, and with little pay."""
    world = context.world
    low_pay = context.streams.each("fsm", np.arange(world.households.n)) < 0.62
    ever = world.latent.on_uc & low_pay[None, :]
    first = np.where(ever.any(axis=0), context.months[np.argmax(ever, axis=0)], OPEN)
    # Those who had them when the simulated months began had them for years.
    back = np.floor(900 * context.streams.each("fsm:since", np.arange(world.households.n)))
    first = np.where(ever[0], first - back.astype(np.int64), first)
    return np.asarray(first[household], dtype=np.int64)


def _schools(context: Context, pupils: Roll, stay: Ints) -> Strings:
    """A primary school for every two areas, a secondary school for every neighbourhood."""
    world = context.world
    area = world.dwellings.area[context.spells.dwelling[np.maximum(stay, 0)]]
    far = context.streams.each("pupil:far", pupils.person) < 0.18
    near = np.where(far, (area * 5 + 3) % len(world.areas.d), area)
    primary = 140_000 + near // 2
    secondary = 150_000 + world.areas.neighbourhood[near]
    return np.where(pupils.year <= 6, primary, secondary).astype(str).astype(object)


def special_needs(context: Context, person: Ints, household: Ints) -> Strings:
    """E a plan, K support, N none: from the child, and from the caring load at home."""
    world = context.world
    load = world.households.factors[household, K]
    weight = 0.35 * load + 0.35 * world.people.male[person] + 1.3 * world.people.disabled[person]
    score = weight + 1.1 * context.streams.normal("sen", person)
    plan, support = np.quantile(score, [1 - 0.053, 1 - 0.053 - 0.142])
    return np.where(score > plan, "E", np.where(score > support, "K", "N")).astype(object)


def pupil_rows(context: Context, pupils: Roll, care: Cases) -> pl.DataFrame:
    """``school_pupil``: the whole census, with homes that are sometimes those of last year."""
    streams = context.streams
    stale = (
        streams.each("school:stale", pupils.person, pupils.day) < context.faults.stale_school * 3
    )
    stay = stay_on(
        context.spells, pupils.household, np.maximum(pupils.day - 330 * stale, context.first_day)
    )
    home = context.spells.dwelling[np.maximum(stay, 0)]
    uprn = recorded_uprn(context, "school", home, pupils.person, MISSING_UPRN)
    view = seen(context, "school", pupils.person)
    changed = streams.each("upn:new", pupils.person) < NEW_NUMBER
    new = changed & (pupils.upn == pupil_numbers(context, pupils.person))
    columns = {
        "upn": pupils.upn,
        "census_date": pupils.day,
        "former_upn": blanked(pupil_numbers(context, pupils.person, former=True), ~new),
        "forename": view.first,
        "surname": view.last,
        "dob": view.dob,
        "sex": np.where(view.male, "M", "F"),
        "ethnicity_code": pupil_ethnicity(context, "school", pupils.person),
        "language_group": _languages(context, pupils),
        "home_uprn": np.where(stay < 0, NO_NUMBER, uprn),
        "postcode": blanked(context.world.dwellings.postcode[home], stay < 0),
        "urn": _schools(context, pupils, stay),
        "nc_year": np.where(pupils.year == 0, "R", pupils.year.astype(str)),
        "enrol_status": np.where(streams.each("pupil:two", pupils.person) < 0.01, "M", "C"),
        "fsm_eligible": pupils.fsm,
        "fsm_start": np.where(pupils.fsm_since <= pupils.day, pupils.fsm_since, OPEN),
        "fsm_rule_era": np.where(pupils.day >= _day(EVERY_UC_FROM), "ALL_UC", "EARNINGS"),
        "sen_provision": special_needs(context, pupils.person, pupils.household),
        "in_care": in_care_on(care, pupils.person, pupils.day),
        "young_carer": _young_carers(context, pupils),
    }
    context.link("school", pl.Series(_once(columns["upn"])), _persons_once(pupils))
    late = 42 + np.floor(20 * streams.each("school:late", pupils.day)).astype(np.int64)
    return frame("school_pupil", columns, pupils.day + late)


def _once(upn: Strings) -> list[str]:
    return [str(value) for value in np.unique(upn.astype(str))]


def _persons_once(pupils: Roll) -> Ints:
    _, index = np.unique(pupils.upn.astype(str), return_index=True)
    return np.asarray(pupils.person[index])


def _languages(context: Context, pupils: Roll) -> Strings:
    world = context.world
    u = context.streams.each("pupil:language", pupils.household)
    other = world.households.other_language[pupils.household]
    other |= u < _FIRST_LANGUAGE_OTHER[world.people.group[pupils.person]]
    unsure = context.streams.each("pupil:language:sure", pupils.person) < 0.03
    plain = np.where(unsure, "ENB", "ENG")
    return np.where(other, np.where(unsure, "OTB", "OTH"), plain).astype(object)


def _young_carers(context: Context, pupils: Roll) -> Strings:
    """Few of those who care are known to their school."""
    burden = need_of(context, pupils.household, pupils.month, H)
    u = context.streams.each("pupil:carer", pupils.person)
    cares = (pupils.year >= 3) & (u < 0.02 * np.exp(0.9 * burden))
    told = np.where(u * 997 % 1 < 0.5, "K", "P")
    asked = pupils.day >= _day("2023-01-01")
    return np.where(cares & asked, told, "N").astype(object)
