"""Safeguarding concerns about adults, and the enquiries that follow some of them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from synthetic.people import PARTNER
from synthetic.records.adult_need import care_number, frailty, years_old
from synthetic.records.base import (
    Context,
    blanked,
    frame,
    lag,
    present,
    references,
)
from synthetic.records.processes import (
    Course,
    alive,
    drawn,
    exponential_days,
    picked,
)
from synthetic.stays import OPEN
from synthetic.streams import Flags, Ints

CONCERN = Course(odds=(1.2, 1.2, 1.7, 1.2, 0.6), rate=0.0023, contact=1.5, recorded=0.9)
ENQUIRY_SHARE, OWN_HOME_SHARE = 0.29, 0.47
_KINDS = ("NEGLECT", "SELF_NEGLECT", "PHYSICAL", "PSYCHOLOGICAL", "FINANCIAL", "DOMESTIC", "SEXUAL")
_KIND_WEIGHTS = np.array([0.32, 0.10, 0.19, 0.14, 0.14, 0.08, 0.03])


def concern_rows(context: Context) -> tuple[pl.DataFrame, Ints, Ints]:
    """Concerns by kind of abuse; an enquiry follows fewer than a third of them."""
    event = drawn(context, "O6", CONCERN, alive(context)).kept()
    row, member = present(context.members, event.household, event.day)
    person, role = context.members.person[member], context.members.role[member]
    old = years_old(context, person, event.day[row])
    weight = np.exp(0.5 * frailty(context, person, event.day[row])) * (old >= 18)
    one = picked(context, "O6:who", row, weight * (role <= PARTNER + 3), person, event.month[row])
    person, day = person[one], event.day[row[one]]
    ids = (person, day)
    streams = context.streams
    enquiry = streams.each("O6:enquiry", *ids) < ENQUIRY_SHARE
    where = streams.each("O6:where", *ids)
    place = np.array(["OWN_HOME", "CARE_HOME", "COMMUNITY", "HOSPITAL", "OTHER"], dtype=object)[
        np.searchsorted([OWN_HOME_SHARE, 0.79, 0.87, 0.94], where)
    ]
    provider = where > 0.6
    risk = np.where(provider, "SERVICE_PROVIDER", np.where(where < 0.40, "KNOWN", "UNKNOWN"))
    start = day + 3 + np.floor(6 * streams.each("O6:starts", *ids)).astype(np.int64)
    end = start + exponential_days(context, "O6:days", 70, *ids)
    u = streams.each("O6:outcome", *ids)
    outcome = np.array(["REDUCED", "REMOVED", "RISK_REMAINED"], dtype=object)[
        np.searchsorted([0.62, 0.90], u)
    ]
    base = {
        "concern_id": references("SG", np.arange(len(person)), 7),
        "la_person_id": care_number(person),
        "concern_date": day,
        "location": place,
        "source_of_risk": risk.astype(object),
    }
    later = {
        "s42_enquiry_start": np.where(enquiry, start, OPEN),
        "s42_enquiry_end": np.where(enquiry, end, OPEN),
        "outcome": blanked(outcome, ~enquiry),
    }
    return _by_kind(context, base, later, ids, enquiry), person, day


def _by_kind(
    context: Context,
    base: Mapping[str, object],
    later: Mapping[str, object],
    ids: tuple[Ints, Ints],
    enquiry: Flags,
) -> pl.DataFrame:
    """A row for each kind: as the concern is raised, when an enquiry begins, when it has ended."""
    names = np.array(_KINDS, dtype=object)
    first = names[context.streams.choice("O6:kind", _KIND_WEIGHTS, *ids)]
    second = names[context.streams.choice("O6:kind:also", _KIND_WEIGHTS, *ids)]
    both = (context.streams.each("O6:both", *ids) < 0.25) & (first != second)
    known = ids[1] + lag(context, "O6", 3, 0.6, *ids)
    start = np.asarray(later["s42_enquiry_start"])
    end = np.asarray(later["s42_enquiry_end"])
    opened = np.maximum(start, known) + 2
    closed = np.maximum(end, opened) + 7
    parts = []
    for kind, rows in ((first, np.ones(len(first), dtype=bool)), (second, both)):
        steps: tuple[tuple[Flags, Ints, Mapping[str, object]], ...] = (
            (rows, known, {}),
            (rows & enquiry, opened, {"s42_enquiry_start": start}),
            (rows & enquiry & (end <= context.last_day), closed, later),
        )
        for mine, day, more in steps:
            columns = {**base, "concern_type": kind, **more}
            kept = {name: np.asarray(values)[mine] for name, values in columns.items()}
            parts.append(frame("asc_safeguarding", kept, day[mine]))
    return pl.concat(parts)
