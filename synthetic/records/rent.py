"""Rent accounts: tenancies, people, weekly balances, actions and repayment agreements."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic.faultlog import RECORD
from synthetic.identity import seen
from synthetic.people import CHILD, HEAD, PARTNER
from synthetic.population import COUNCIL, RP, TA
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import Context, blanked, expanded, frame, lag, references, text
from synthetic.settings import GROUPS
from synthetic.stays import DIED, EVICTED, LEFT_AREA, OPEN
from synthetic.streams import Floats, Ints, Strings

_OFTEN_DIFFERENT = (3, 4)
_END_REASONS = {EVICTED: "EVICTED", DIED: "DIED", LEFT_AREA: "NOTICE"}


@dataclass(frozen=True, kw_only=True)
class Tenancies:
    """Social and temporary tenancies, one row a stay, by household and start."""

    number: Ints
    household: Ints
    dwelling: Ints
    starts: Ints
    ends: Ints
    ended_by: Ints
    known: Ints
    closed: Ints
    rent: Floats

    @property
    def pay_ref(self) -> Strings:
        """Rent account of each tenancy."""
        return references("PR", self.number, 7)

    @property
    def tenancy_ref(self) -> Strings:
        """Reference of each tenancy."""
        return references("TN", self.number, 7)

    def on(self, household: Ints, day: Ints) -> Ints:
        """The tenancy of each household on a day, -1 where it has none."""
        scale = 2**32
        key = self.household * scale + self.starts + scale // 2
        index = np.searchsorted(key, household * scale + day + scale // 2, side="right") - 1
        found = (index >= 0) & (self.household[index] == household) & (day < self.ends[index])
        return np.where(found, index, -1)


def tenancies(context: Context) -> Tenancies:
    """A tenancy for each stay in a council, association or temporary home."""
    spells, world = context.spells, context.world
    tenure = world.dwellings.tenure[spells.dwelling]
    rows = np.flatnonzero(np.isin(tenure, (COUNCIL, RP, TA)))
    household, starts, ends = spells.household[rows], spells.starts[rows], spells.ends[rows]
    number = np.arange(len(rows))
    stale = context.streams.each("rent:stale", household, starts) < context.faults.stale_rent
    context.log.note("F15", "rent", number, stale, what=RECORD)
    known = starts + lag(context, "rent:open", 5, 0.6, household, starts)
    closed = ends + lag(context, "rent:close", 6, 0.6, household, starts) + 200 * stale
    mean = np.array([0.0, 103.0, 113.0, 0.0, 168.0])[tenure[rows]]
    rooms = world.dwellings.rooms[spells.dwelling[rows]]
    rent = mean + 9.0 * (rooms - 2) + 6.0 * context.streams.normal("rent", spells.dwelling[rows])
    return Tenancies(
        number=number,
        household=household,
        dwelling=spells.dwelling[rows],
        starts=starts,
        ends=ends,
        ended_by=spells.ended_by[rows],
        known=known,
        closed=np.where(ends >= OPEN, OPEN, np.maximum(closed, known + 1)),
        rent=np.maximum(rent, 55.0),
    )


def rent_on(context: Context, book: Tenancies, row: Ints, day: Ints) -> Floats:
    """Weekly rent in force: it rises each April."""
    april = (day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64) - 3) // 12
    last = (context.last_day // 30 - 3) // 12
    return np.asarray(np.round(book.rent[row] * 1.035 ** (april - last), 2))


def _versions(context: Context, book: Tenancies) -> tuple[Ints, Ints]:
    """Tenancy and day of each version: opening, each rent rise told in March, closing."""
    marches = [
        int(start) + 19
        for start, calendar in zip(context.months[:-1], context.world.calendar, strict=True)
        if calendar == 3
    ]
    rows = [book.number, book.number]
    days = [book.known, book.closed]
    for march in marches:
        there = np.flatnonzero((book.known < march) & (book.closed > march))
        rows.append(there)
        days.append(np.full(len(there), march))
    row, day = np.concatenate(rows), np.concatenate(days)
    keep = day <= context.last_day
    return row[keep], day[keep]


def tenancy_rows(context: Context, book: Tenancies) -> pl.DataFrame:
    """``rent_tenancy``: each tenancy when it begins, each March, and when it has ended."""
    row, day = _versions(context, book)
    over = day >= book.closed[row]
    homes, world = book.dwelling[row], context.world
    tenure = world.dwellings.tenure[homes]
    age_days = day - book.starts[row]
    council = np.where(age_days < 365, "INTRODUCTORY", "SECURE")
    kind = np.where(tenure == COUNCIL, council, "ASSURED")
    reason = np.array([_END_REASONS.get(code, "TRANSFER") for code in range(6)], dtype=object)
    landlord = np.array(["", "COUNCIL", "RP1", "", "COUNCIL"], dtype=object)[tenure]
    provider = (1 + world.areas.neighbourhood[world.dwellings.area[homes]] % 3).astype(str)
    columns = {
        "tenancy_ref": book.tenancy_ref[row],
        "pay_ref": book.pay_ref[row],
        "uprn": recorded_uprn(context, "rent", homes, book.number[row], 0.015),
        "landlord": np.where(tenure == RP, np.char.add("RP", provider), landlord),
        "tenure": np.where(tenure == TA, "TEMP_ACCOM", kind),
        "start_date": book.starts[row],
        "end_date": np.where(over, book.ends[row], OPEN),
        "end_reason": blanked(reason[book.ended_by[row]], ~over),
        "rent_net_pw": rent_on(context, book, row, day + 14),
        "rent_weeks": np.where(tenure == COUNCIL, 50, 52),
        "bedrooms": world.dwellings.rooms[homes],
        "uc_direct_to_landlord": world.households.uc[book.household[row]]
        & (context.streams.each("apa", book.household[row]) < 0.35),
    }
    return pl.concat([frame("rent_tenancy", columns, day), _garages(context, book)])


def _garages(context: Context, book: Tenancies) -> pl.DataFrame:
    """A few tenants rent a garage too: a pay reference that is nobody's home."""
    rows = np.flatnonzero(context.streams.each("garage", book.number) < 0.03)
    columns = {
        "tenancy_ref": references("TG", rows, 7),
        "pay_ref": references("PG", rows, 7),
        "uprn": np.full(len(rows), -1),
        "landlord": np.full(len(rows), "COUNCIL"),
        "tenure": np.full(len(rows), "GARAGE"),
        "start_date": book.starts[rows],
        "rent_net_pw": np.full(len(rows), 11.5),
        "rent_weeks": np.full(len(rows), 52),
    }
    return frame("rent_tenancy", columns, book.known[rows])


def person_rows(context: Context, book: Tenancies) -> pl.DataFrame:
    """``rent_person``: tenants and those the landlord has heard of; a few are on file twice."""
    members = context.members
    row, member = _on_tenancy(context, book)
    person, role = members.person[member], members.role[member]
    joined = np.maximum(members.starts[member], book.starts[row])
    copies = [(row, person, role, joined)]
    twice = context.streams.each("rent:twice", person) < context.faults.duplicate["rent"]
    twice &= role <= PARTNER
    context.log.note("F16", "rent", person, twice, role <= PARTNER)
    copies.append((row[twice], person[twice], role[twice], joined[twice] + 200))
    return pl.concat([_people_on(context, book, rows, copy) for copy, rows in enumerate(copies)])


def _people_on(
    context: Context, book: Tenancies, rows: tuple[Ints, Ints, Ints, Ints], copy: int
) -> pl.DataFrame:
    """Rows of one file on each person: tenancy, person, role and since when."""
    line, who, part, since = rows
    streams = context.streams
    known = np.maximum(book.known[line], since + lag(context, "rent:person", 12, 0.7, who, line))
    inside = known < book.closed[line]
    line, who, part, known = line[inside], who[inside], part[inside], known[inside]
    view = seen(context, "rent", who, copy)
    local = references("HP" if copy == 0 else "HD", who, 8)
    named = np.array(["TENANT", "JOINT", "HOUSEHOLD_MEMBER"], dtype=object)
    disabled = np.where(context.world.people.disabled[who], "Y", "N")
    columns = {
        "tenancy_ref": book.tenancy_ref[line],
        "person_local_id": local,
        "title": view.title,
        "first_name": view.first,
        "last_name": view.last,
        "dob": np.where(view.has_dob, view.dob, OPEN),
        "role": named[np.where(part == HEAD, 0, np.where(part == PARTNER, 1, 2))],
        "nino_hash": view.nino,
        "phone_hash": view.phone,
        "ethnicity": blanked(ethnicity(context, "rent", who), streams.each("rent:eth", who) < 0.3),
        "sex": np.where(view.male, "M", "F"),
        "disability_flag": blanked(disabled, streams.each("rent:dis", who) < 0.30),
    }
    context.link("rent", text(book.tenancy_ref[line], local), who)
    return frame("rent_person", columns, known)


def _on_tenancy(context: Context, book: Tenancies) -> tuple[Ints, Ints]:
    """Everybody who is ever part of a tenancy's household while it lasts, as the landlord hears."""
    members = context.members
    low = np.searchsorted(members.household, book.household, side="left")
    high = np.searchsorted(members.household, book.household, side="right")
    row, member = expanded(low, high)
    overlap = (members.starts[member] < book.ends[row]) & (book.starts[row] < members.ends[member])
    told = context.streams.each("rent:told", members.person[member], row)
    role = members.role[member]
    heard = (role <= PARTNER) | (told < np.where(role == CHILD, 0.7, 0.55))
    return row[overlap & heard], member[overlap & heard]


def ethnicity(context: Context, source: str, person: Ints) -> Strings:
    """Ethnic group as one source has it; sources disagree about a few people."""
    true = context.world.people.group[person]
    more = context.faults.ethnicity_differs_mixed
    often = np.where(np.isin(true, _OFTEN_DIFFERENT), more, 1.0) / (1 + 0.05 * (more - 1))
    share = context.faults.ethnicity_differs / 2 * often
    differs = context.streams.each(f"eth:differs:{source}", person) < share
    context.log.note("F22", source, person, differs)
    other = np.where(true == 0, 3, np.where(true == 3, 0, 4))
    return np.array(GROUPS, dtype=object)[np.where(differs, other, true)]
