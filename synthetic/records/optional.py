"""Sources that are off unless a place says why: electors, and environmental cases."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.identity import seen
from synthetic.people import YEAR
from synthetic.population import PRS
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import Context, blanked, frame, lag, person_stays, references, stay_on
from synthetic.records.processes import Course, alive, drawn
from synthetic.stays import OPEN

REGISTERED, ANONYMOUS = 0.86, 0.0008
COMPLAINTS = Course(odds=(1.1, 1.3, 1.1, 1.1, 0.9), rate=0.0035, contact=1.5, recorded=0.9)
_KINDS = ("NOISE", "NUISANCE", "ENVIRONMENTAL", "PEST", "HARASSMENT", "PERSONAL")


def elector_rows(context: Context) -> pl.DataFrame:
    """``elector``: adults at their homes; renters register late, and some not at all."""
    stays, streams, world = person_stays(context), context.streams, context.world
    adult = stays.ends > world.people.dob[stays.person] + int(17.2 * YEAR)
    private = world.dwellings.tenure[stays.dwelling] == PRS
    signs = streams.each("elector", stays.person, stays.starts) < np.where(
        private, 0.68, REGISTERED
    )
    rows = np.flatnonzero(adult & signs)
    person, home = stays.person[rows], stays.dwelling[rows]
    grown = world.people.dob[person] + int(18 * YEAR)
    slow = 30 + np.floor(300 * streams.each("elector:slow", person, rows)).astype(np.int64)
    added = np.maximum(stays.starts[rows] + slow, grown - 250)
    view = seen(context, "elect", person)
    hidden = streams.each("elector:hidden", person) < ANONYMOUS
    abroad = streams.each("elector:citizen", person) < np.where(
        world.people.pool[person] > 0, 0.1, 0
    )
    number = references("EL", np.arange(len(rows)), 7)
    base = {
        "elector_no": number,
        "first_name": blanked(view.first, hidden),
        "last_name": blanked(view.last, hidden),
        "uprn": recorded_uprn(context, "elect", home, rows, 0.02),
        "added_date": added,
        "attain_18_date": np.where(grown > added, grown, OPEN),
        "franchise": np.where(hidden, "ANONYMOUS", np.where(abroad, "LOCAL_EU", "ALL")),
        "opted_out_open": streams.each("elector:open", person) < 0.58,
    }
    context.link("elect", number.tolist(), person)
    known = added + lag(context, "elector", 12, 0.5, rows)
    ends = stays.ends[rows] + slow * 2
    over = (stays.ends[rows] < OPEN) & (ends <= context.last_day) & (ends > known)
    closed = {name: np.asarray(values)[over] for name, values in base.items()}
    closed["removed_date"] = np.maximum(ends, added)[over]
    later = np.maximum(ends, known)[over] + 9
    keep = added < np.minimum(stays.ends[rows], context.last_day)
    first = {name: np.asarray(values)[keep] for name, values in base.items()}
    gone = keep[over]
    closed = {name: np.asarray(values)[gone] for name, values in closed.items()}
    return pl.concat([frame("elector", first, known[keep]), frame("elector", closed, later[gone])])


def case_rows(context: Context) -> pl.DataFrame:
    """``env_asb_case``: complaints, and damp and mould at the premises; nobody who is accused."""
    event = drawn(context, "asb", COMPLAINTS, alive(context)).kept()
    stay = stay_on(context.spells, event.household, event.day)
    event, stay = event.where(stay >= 0), stay[stay >= 0]
    home = context.spells.dwelling[stay]
    ids = (event.household, event.month)
    u = context.streams.each("asb:kind", *ids)
    private = context.world.dwellings.tenure[home] == PRS
    damp = u < np.where(private, 0.30, 0.08)
    pick = np.floor(6 * (u * 97 % 1)).astype(int)
    category = np.where(damp, "DAMP_MOULD", np.array(_KINDS, dtype=object)[pick])
    number = np.arange(len(event.day))
    base = {
        "case_id": references("EC", number, 7),
        "role": np.where(damp, "PREMISES", "COMPLAINANT"),
        "category": category.astype(object),
        "opened": event.day,
        "uprn": recorded_uprn(context, "asb", home, number, 0.06),
    }
    known = event.day + lag(context, "asb", 3, 0.6, number)
    closed = event.day + 14 + np.floor(90 * u * 31 % 90).astype(np.int64)
    over = closed <= context.last_day
    ended = {name: np.asarray(values)[over] for name, values in base.items()}
    ended |= {"closed": closed[over], "outcome": np.full(int(over.sum()), "Advice given")}
    after = np.maximum(closed, known)[over] + 4
    return pl.concat([frame("env_asb_case", base, known), frame("env_asb_case", ended, after)])
