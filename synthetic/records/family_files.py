"""Whom children's services have on file: children, the unborn, parents, homes and families."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.identity import seen
from synthetic.people import CHILD, PARTNER, YEAR
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import (
    Context,
    blanked,
    expanded,
    frame,
    keyed_hashes,
    lag,
    person_stays,
    present,
    references,
)
from synthetic.records.childhood import NO_DAY, Cases
from synthetic.records.children import person_numbers
from synthetic.records.schools import pupil_ethnicity, pupil_numbers
from synthetic.stays import OPEN
from synthetic.streams import Ints

MISSING_UPRN, PARENTS_ON_FILE, WRONG_FAMILY = 0.22, 0.8, 0.15
_DUPLICATE = 5_000_000


def family_tables(context: Context, book: Cases) -> dict[str, pl.DataFrame]:
    """``cs_person``, ``cs_address`` and ``cs_family``."""
    child, first = _first_seen(book.person, book.starts)
    row, parent = _parents(context, book)
    grown = ~np.isin(parent, child)
    adult, since = _first_seen(parent[grown], book.starts[row][grown])
    unborn, expected = _unborn(context, book)
    return {
        "cs_person": pl.concat(
            [
                _children(context, child, first),
                _adults(context, adult, since),
                _before_birth(context, unborn, expected),
            ]
        ),
        "cs_address": _addresses(context, book, child, first),
        "cs_family": _families(context, book, row, parent),
    }


def _first_seen(person: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Each person once, with the first day on which they came up."""
    order = np.lexsort((day, person))
    person, day = person[order], day[order]
    first = np.r_[True, person[1:] != person[:-1]] if len(person) else np.zeros(0, dtype=bool)
    return person[first], day[first]


def _known(context: Context, name: str, person: Ints, day: Ints) -> Ints:
    return day + lag(context, f"cs:{name}", 4, 0.6, person)


def _people(context: Context, person: Ints, copy: int) -> dict[str, object]:
    view = seen(context, "cs", person, copy)
    u = context.streams.each("cs:child:id", person)
    return {
        "pers_person_id": person_numbers(person + _DUPLICATE * copy),
        "pers_forename": view.first,
        "pers_surname": view.last,
        "pers_dob": np.where(view.has_dob, view.dob, OPEN),
        "pers_sex": np.where(view.male, "M", "F"),
        "pers_ethnicity": pupil_ethnicity(context, "cs", person),
        "pers_common_child_id": blanked(keyed_hashes(context.key, "nhs:cs", person), u > 0.8),
        "pers_death_date": np.where(
            context.world.homes.death_day[person] <= context.last_day,
            context.world.homes.death_day[person],
            OPEN,
        ),
    }


def _children(context: Context, person: Ints, day: Ints) -> pl.DataFrame:
    """Children, with their number at school where it is known; a few are on file twice."""
    streams = context.streams
    twice = streams.each("cs:twice", person) < context.faults.duplicate["cs"]
    parts = []
    for copy, rows in enumerate((np.ones(len(person), dtype=bool), twice)):
        who, known = person[rows], _known(context, "file", person[rows], day[rows] + 60 * copy)
        old = (context.last_day - context.world.people.dob[who]) / YEAR
        without = (old < 4.5) | (streams.each(f"cs:upn:{copy}", who) > 0.78)
        why = np.where(old < 4.5, "UN1", "UN6").astype(object)
        columns = _people(context, who, copy) | {
            "upn": blanked(pupil_numbers(context, who), without),
            "upn_unknown": blanked(why, ~without),
            "pers_is_mother": np.zeros(len(who), dtype=bool),
        }
        columns["pers_death_date"] = np.full(len(who), OPEN)
        parts.append(frame("cs_person", columns, known))
        context.link("cs", columns["pers_person_id"].tolist(), who)  # type: ignore[attr-defined]  # an array
    return pl.concat(parts)


def _parents(context: Context, book: Cases) -> tuple[Ints, Ints]:
    """Paper and parent of those parents whom the office has on file."""
    row, member = present(context.members, book.household, book.starts)
    adult = context.members.role[member] <= PARTNER
    row, person = row[adult], context.members.person[member][adult]
    told = context.streams.each("cs:parent", person) < PARENTS_ON_FILE
    return row[told], person[told]


def _adults(context: Context, person: Ints, day: Ints) -> pl.DataFrame:
    columns = _people(context, person, 0)
    columns["pers_common_child_id"] = np.full(len(person), None, dtype=object)
    columns["pers_is_mother"] = np.zeros(len(person), dtype=bool)
    columns["pers_death_date"] = np.full(len(person), OPEN)
    context.link("cs", columns["pers_person_id"].tolist(), person)  # type: ignore[attr-defined]  # an array
    return frame("cs_person", columns, _known(context, "parent", person, day))


def _unborn(context: Context, book: Cases) -> tuple[Ints, Ints]:
    """Children not yet born when a paper on their family was opened, and the day of the paper."""
    members, dob = context.members, context.world.people.dob
    new = book.where(np.isin(book.kind, ("need", "harm")))
    low = np.searchsorted(members.household, new.household, side="left")
    high = np.searchsorted(members.household, new.household, side="right")
    row, member = expanded(low, high)
    person = members.person[member]
    soon = (members.role[member] == CHILD) & (members.starts[member] == dob[person])
    soon &= (dob[person] > new.starts[row] + 20) & (dob[person] < new.starts[row] + 180)
    person, day = _first_seen(person[soon], new.starts[row][soon])
    asked = (context.streams.each("cs:unborn", person) < 0.5) & ~np.isin(person, book.person)
    return person[asked], day[asked]


def _before_birth(context: Context, person: Ints, day: Ints) -> pl.DataFrame:
    """A file that first has an expected date of birth, and later a name and a birth date."""
    dob = context.world.people.dob[person]
    view = seen(context, "cs", person)
    expected = dob + np.rint(9 * context.streams.normal("cs:expected", person)).astype(np.int64)
    number = person_numbers(person)
    base = {
        "pers_person_id": number,
        "upn_unknown": np.full(len(person), "UN1", dtype=object),
        "pers_surname": view.last,
        "pers_expected_dob": expected,
        "pers_sex": np.full(len(person), "U"),
        "pers_is_mother": np.zeros(len(person), dtype=bool),
    }
    born = base | {
        "pers_forename": view.first,
        "pers_dob": dob,
        "pers_sex": np.where(view.male, "M", "F"),
        "pers_ethnicity": pupil_ethnicity(context, "cs", person),
    }
    known = _known(context, "unborn", person, day)
    context.link("cs", number.tolist(), person)
    after = np.maximum(dob + lag(context, "cs:born", 12, 0.5, person), known + 1)
    return pl.concat([frame("cs_person", base, known), frame("cs_person", born, after)])


def _addresses(context: Context, book: Cases, child: Ints, first: Ints) -> pl.DataFrame:
    """Homes of the children since they were first heard of, some never put right; placements."""
    stays = person_stays(context)
    low = np.searchsorted(stays.person, child, side="left")
    high = np.searchsorted(stays.person, child, side="right")
    row, stay = expanded(low, high)
    later = stays.ends[stay] > first[row]
    row, stay = row[later], stay[later]
    opens = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    stale = context.streams.each("cs:stale", child[row], stays.starts[stay])
    heard = opens | (stale >= context.faults.stale_cs * 1.6)
    row, stay = row[heard], stay[heard]
    closed = np.r_[row[1:] == row[:-1], False]
    ends = np.where(closed, np.r_[stays.starts[stay][1:], 0], OPEN)
    home, person = stays.dwelling[stay], child[row]
    uprn = recorded_uprn(context, "cs", home, person * 100 + row % 100, MISSING_UPRN)
    base = {
        "addr_person_id": person_numbers(person),
        "addr_address_type": np.full(len(row), "HOME"),
        "addr_start": stays.starts[stay],
        "uprn": uprn,
        "postcode": context.world.dwellings.postcode[home],
    }
    begin = np.maximum(stays.starts[stay], first[row])
    known = begin + lag(context, "cs:address", 9, 0.7, person, stays.starts[stay])
    after = np.maximum(ends, known) + 1
    parts = [frame("cs_address", base, known)]
    over = closed & (ends <= context.last_day)
    ended = {name: np.asarray(values)[over] for name, values in base.items()}
    parts.append(frame("cs_address", ended | {"addr_end": ends[over]}, after[over]))
    return pl.concat([*parts, _placements(context, book.where(book.care != NO_DAY))])


def _placements(context: Context, book: Cases) -> pl.DataFrame:
    """Where a child in care lives is kept, and its address left out of the extract."""
    base = {
        "addr_person_id": person_numbers(book.person),
        "addr_address_type": np.full(len(book.person), "PLACEMENT"),
        "addr_start": book.care,
    }
    known = book.care + lag(context, "cs:placement", 4, 0.5, book.person, book.care)
    return frame("cs_address", base, known).unique(
        ["addr_person_id", "addr_start"], keep="first", maintain_order=True
    )


def _families(context: Context, book: Cases, row: Ints, parent: Ints) -> pl.DataFrame:
    """Families as the system has them; some lines are left out, some stay when they should not."""
    household = np.concatenate([book.household, book.household[row]])
    person = np.concatenate([book.person, parent])
    day = np.concatenate([book.starts, book.starts[row]])
    order = np.lexsort((day, person, household))
    household, person, day = household[order], person[order], day[order]
    first = np.r_[True, (household[1:] != household[:-1]) | (person[1:] != person[:-1])]
    household, person, day = household[first], person[first], day[first]
    kept = context.streams.each("cs:family", household, person) >= WRONG_FAMILY
    household, person, day = household[kept], person[kept], day[kept]
    columns = {
        "fami_family_id": references("CF", household * 31 % 10_000_019, 8),
        "fami_person_id": person_numbers(person),
    }
    return frame("cs_family", columns, _known(context, "family", person, day))
