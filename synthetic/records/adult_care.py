"""Adult social care: its three tables, and the people on file."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.identity import seen
from synthetic.records.addresses import recorded_uprn
from synthetic.records.adult_events import event_rows
from synthetic.records.adult_need import care, care_number
from synthetic.records.adult_safeguarding import concern_rows
from synthetic.records.base import (
    Context,
    blanked,
    frame,
    lag,
    stay_on,
)
from synthetic.stays import OPEN
from synthetic.streams import Ints

MISSING_UPRN, _DUPLICATE = 0.15, 5_000_000


def care_tables(context: Context) -> dict[str, pl.DataFrame]:
    """``asc_cld_event``, ``asc_person`` and ``asc_safeguarding``."""
    book = care(context)
    concern, worried, since = concern_rows(context)
    person = np.concatenate([book.person, book.asked, worried])
    day = np.concatenate([book.starts, book.asked_on, since])
    return {
        "asc_cld_event": event_rows(context, book),
        "asc_person": _people(context, person, day),
        "asc_safeguarding": concern,
    }


def _people(context: Context, person: Ints, day: Ints) -> pl.DataFrame:
    """Everybody on file with the home that the office last heard of; a few are on file twice."""
    order = np.lexsort((day, person))
    person, day = person[order], day[order]
    first = np.r_[True, person[1:] != person[:-1]]
    person, day = person[first], day[first]
    keep = day <= context.last_day
    person, day = person[keep], day[keep]
    twice = context.streams.each("asc:twice", person) < context.faults.duplicate["asc"]
    parts = []
    for copy, rows in enumerate((np.ones(len(person), dtype=bool), twice)):
        parts.append(_files(context, person[rows], day[rows] + 90 * copy, copy))
    return pl.concat(parts)


def _files(context: Context, person: Ints, day: Ints, copy: int) -> pl.DataFrame:
    view = seen(context, "asc", person, copy)
    stale = context.streams.each("asc:stale", person) < context.faults.stale_asc
    told = np.maximum(day - np.where(stale, 700, 0), context.first_day)
    stay = stay_on(context.spells, context.world.people.household[person], told)
    home = context.spells.dwelling[np.maximum(stay, 0)]
    uprn = recorded_uprn(context, "asc", home, person, MISSING_UPRN)
    number = care_number(person + _DUPLICATE * copy)
    columns = {
        "la_person_id": number,
        "first_name": view.first,
        "last_name": view.last,
        "dob": np.where(view.has_dob, view.dob, OPEN),
        "uprn": np.where(stay < 0, -1, uprn),
        "postcode": blanked(context.world.dwellings.postcode[home], stay < 0),
        "nino_hash": view.nino,
        "phone_hash": view.phone,
    }
    context.link("asc", number.tolist(), person)
    return frame("asc_person", columns, day + lag(context, "asc:file", 4, 0.6, person))
