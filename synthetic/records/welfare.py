"""Emergency awards: crises met, other applications, and payments sent to everybody in bulk."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from synthetic.faultlog import RECORD
from synthetic.identity import seen
from synthetic.people import PARTNER, epoch_day
from synthetic.records.addresses import recorded_uprn
from synthetic.records.base import Context, blanked, frame, lag, present, references, stay_on
from synthetic.stays import OPEN
from synthetic.streams import Flags, Ints, Strings

FUND_CHANGES = epoch_day(date(2026, 4, 1))
_CRISIS_NEEDS = ("FOOD", "ENERGY", "ARREARS", "RENT_SHORTFALL_LHA", "DEPOSIT_RIA")
_HOUSING = frozenset({"ARREARS", "RENT_SHORTFALL_LHA", "DEPOSIT_RIA"})
_Rows = dict[str, Ints]


def _applicants(context: Context, household: Ints, day: Ints) -> tuple[Ints, Ints]:
    """Row and person of the adult who applies: head or partner."""
    members = context.members
    row, member = present(members, household, day)
    adult = members.role[member] <= PARTNER
    row, member = row[adult], member[adult]
    u = context.streams.each("applies", members.person[member], day[row])
    order = np.lexsort((u, row))
    row, member = row[order], member[order]
    first = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    return row[first], members.person[member[first]]


def _schemes(day: Ints, need: Strings, u: np.ndarray) -> Strings:
    """Which fund pays: the two old funds ended on 31 March 2026 and one took their place."""
    housing = np.isin(need, list(_HOUSING))
    old = np.where(housing, "DHP", np.where(u < 0.8, "HSF", "LWA"))
    new = np.where(housing, "CRF_HOUSING", np.where(u < 0.85, "CRF_CRISIS", "LWA"))
    return np.where(day >= FUND_CHANGES, new, old).astype(object)


def _crises(context: Context) -> dict[str, np.ndarray]:
    """O9: an award after asking, decided on the day of the event."""
    event = context.world.events["O9"].kept()
    ids = (event.household, event.month)
    streams = context.streams
    weights = np.array([0.30, 0.27, 0.15, 0.16, 0.12])
    need = np.array(_CRISIS_NEEDS, dtype=object)[streams.choice("O9:need", weights, *ids)]
    wait = 2 + np.floor(16 * streams.each("O9:wait", *ids)).astype(np.int64)
    return {
        "household": event.household,
        "applied": event.day - wait,
        "decided": event.day,
        "need": need,
        "route": np.where(streams.each("O9:route", *ids) < 0.8, "APPLIED", "REFERRED"),
        "decision": np.full(len(need), "AWARDED"),
        "scheme": _schemes(event.day, need, streams.each("O9:scheme", *ids)),
        "amount": 40 + 160 * -np.log(streams.each("O9:amount", *ids)),
    }


def _other_applications(context: Context) -> dict[str, np.ndarray]:
    """Applications that are no crisis award: refused, withdrawn, or for something else."""
    event = context.world.events["hardship"].kept()
    ids = (event.household, event.month)
    streams = context.streams
    u = streams.each("hardship:decision", *ids)
    refused = u < 0.50
    crisis = np.array(_CRISIS_NEEDS, dtype=object)[
        streams.choice("hardship:need", np.ones(5), *ids)
    ]
    goods = np.where(streams.each("hardship:goods", *ids) < 0.7, "WHITE_GOODS", "OTHER")
    need = np.where(u < 0.62, crisis, goods).astype(object)
    wait = 4 + np.floor(20 * streams.each("hardship:wait", *ids)).astype(np.int64)
    day = event.day + wait
    fund = np.where(day >= FUND_CHANGES, "CRF_RESILIENCE", "LWA")
    scheme = _schemes(day, need, streams.each("hardship:scheme", *ids))
    return {
        "household": event.household,
        "applied": event.day,
        "decided": day,
        "need": need,
        "route": np.where(streams.each("hardship:route", *ids) < 0.85, "APPLIED", "REFERRED"),
        "decision": np.where(refused, "REFUSED", np.where(u < 0.62, "WITHDRAWN", "AWARDED")),
        "scheme": np.where(u < 0.62, scheme, fund),
        "amount": np.where(u < 0.62, 0.0, 60 + 220 * streams.each("hardship:amount", *ids)),
    }


def _bulk(context: Context) -> dict[str, np.ndarray]:
    """Vouchers to families on benefit in school holidays: eligibility, not crisis."""
    world = context.world
    who, when = [], []
    kids = np.isin(world.households.kind, (2, 6, 9))
    for month, calendar in enumerate(world.calendar):
        if calendar in (7, 12):
            open_now = world.at_risk[month].alive & world.latent.on_uc[month] & kids
            mine = np.flatnonzero(open_now)
            who.append(mine)
            when.append(np.full(len(mine), int(context.months[month]) + 9))
    household = np.concatenate([*who, np.zeros(0, dtype=np.int64)])
    day = np.concatenate([*when, np.zeros(0, dtype=np.int64)])
    count = len(household)
    return {
        "household": household,
        "applied": np.full(count, OPEN),
        "decided": day,
        "need": np.full(count, "FOOD", dtype=object),
        "route": np.full(count, "PROACTIVE_BULK"),
        "decision": np.full(count, "AWARDED"),
        "scheme": np.where(day >= FUND_CHANGES, "CRF_RESILIENCE", "HSF").astype(object),
        "amount": np.full(count, 40.0),
    }


def welfare_tables(context: Context) -> dict[str, pl.DataFrame]:
    """Both welfare tables."""
    kinds = [_crises(context), _other_applications(context), _bulk(context)]
    joined = {name: np.concatenate([kind[name] for kind in kinds]) for name in kinds[0]}
    row, person = _applicants(context, joined["household"], joined["decided"] - 1)
    rows = {name: values[row] for name, values in joined.items()}
    order = np.lexsort((person, rows["decided"]))
    rows = {name: values[order] for name, values in rows.items()}
    person = person[order]
    streams, faults = context.streams, context.faults
    number = np.arange(len(person))
    copy = streams.each("welfare:copy", person, number) < faults.duplicate["welfare"]
    context.log.note("F16", "welfare", number, copy, what=RECORD)
    local = np.where(copy, references("WD", person, 8), references("WP", person, 8))
    stay = stay_on(context.spells, rows["household"], rows["decided"] - 1)
    home = context.spells.dwelling[np.maximum(stay, 0)]
    uprn = np.where(stay >= 0, recorded_uprn(context, "welfare", home, number, 0.10), -1)
    no_need = streams.each("welfare:need", number) < 0.03
    columns = {
        "award_id": references("WA", number, 7),
        "person_local_id": local,
        "uprn": uprn,
        "scheme": rows["scheme"],
        "route": rows["route"],
        "application_date": rows["applied"],
        "decision_date": rows["decided"],
        "decision": rows["decision"],
        "need": blanked(rows["need"], no_need & (rows["route"] == "PROACTIVE_BULK")),
        "amount": rows["amount"],
    }
    known = rows["decided"] + lag(context, "welfare", 3, 0.6, number)
    people = _applicant_rows(context, local, person, copy=copy, uprn=uprn, day=rows["decided"])
    return {"welfare_applicant": people, "welfare_award": frame("welfare_award", columns, known)}


def _applicant_rows(
    context: Context, local: Strings, person: Ints, *, copy: Flags, uprn: Ints, day: Ints
) -> pl.DataFrame:
    """A person's file at the first application, and again whenever the address has changed."""
    order = np.lexsort((day, local.astype(str)))
    name, home = local[order], uprn[order]
    fresh = np.r_[True, (name[1:] != name[:-1]) | (home[1:] != home[:-1])]
    rows = order[fresh]
    parts = []
    for second in (False, True):
        mine = rows[copy[rows] == second]
        view = seen(context, "welfare", person[mine], int(second))
        columns = {
            "person_local_id": local[mine],
            "first_name": view.first,
            "last_name": view.last,
            "dob": np.where(view.has_dob, view.dob, OPEN),
            "nino_hash": view.nino,
            "phone_hash": view.phone,
            "uprn": np.where(view.unlinkable, -1, uprn[mine]),
        }
        parts.append(frame("welfare_applicant", columns, day[mine] + 1))
        ids, first = np.unique(local[mine].astype(str), return_index=True)
        context.link("welfare", ids.tolist(), person[mine][first])
    return pl.concat(parts)
