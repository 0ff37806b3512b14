"""More of general practice: measures, appointments, fit notes and social prescribing."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.causes import F, H, R
from synthetic.people import YEAR
from synthetic.records.base import Context, blanked, frame, lag
from synthetic.records.gp import HEALTH_LAG, nhs_pids, one_adult, shared
from synthetic.records.processes import Course, alive, drawn, month_of, need_of
from synthetic.stays import OPEN
from synthetic.streams import Flags, Floats, Ints

VISITS_YEARLY = 1.1
FRAIL_EDGES, FRAIL_SHARES = (0.12, 0.24, 0.36), np.array([0.50, 0.85, 0.97])
PRESCRIBED = Course(odds=(1.2, 1.2, 1.7, 1.2, 0.8), rate=0.0026, contact=1.4, recorded=0.9)


def practice_tables(context: Context) -> dict[str, pl.DataFrame]:
    """``gp_measure``, ``gp_encounter``, ``gp_fit_note`` and ``gp_referral_sp``."""
    trouble = _trouble(context)
    return {
        "gp_measure": _measures(context, trouble),
        "gp_encounter": _encounters(context, trouble),
        "gp_fit_note": _fit_notes(context, trouble),
        "gp_referral_sp": _social_prescribing(context),
    }


def _trouble(context: Context) -> tuple[Ints, Ints, Ints]:
    """Person, day and household of each contact about mental health that practices share."""
    event = context.world.events["mental"].kept()
    row, person = one_adult(context, "mental", event.household, event.day)
    keep = shared(context, person)
    row, person = row[keep], person[keep]
    return person, event.day[row], event.household[row]


def _late(context: Context, name: str, *ids: Ints) -> Ints:
    return lag(context, f"gp:{name}", HEALTH_LAG, 0.25, *ids)


def _adults_here(context: Context) -> tuple[Ints, Ints, Ints, Ints]:
    """Person, household, first and last day here of each adult who shares, once."""
    members = context.members
    adult = context.world.people.dob[members.person] < context.last_day - int(18.5 * YEAR)
    rows = np.flatnonzero(adult & shared(context, members.person))
    rows = rows[members.ends[rows] > context.first_day]
    person, first = np.unique(members.person[rows], return_index=True)
    rows = rows[first]
    begins = np.maximum(members.starts[rows], context.first_day)
    ends = np.minimum(members.ends[rows], context.last_day)
    return person, members.household[rows], begins, ends


# ---- measures -----------------------------------------------------------------------------------


def _measures(context: Context, trouble: tuple[Ints, Ints, Ints]) -> pl.DataFrame:
    parts = [*_scores(context, trouble), *_indices(context)]
    frames = []
    for name, person, day, value in parts:
        columns = {
            "nhs_pid": nhs_pids(context, person),
            "measure": np.full(len(person), name),
            "date": day,
            "value": value,
        }
        frames.append(frame("gp_measure", columns, day + _late(context, name, person, day)))
    return pl.concat(frames).unique(
        ["nhs_pid", "measure", "date"], keep="first", maintain_order=True
    )


_Measure = tuple[str, Ints, Ints, Floats]


def _scores(context: Context, trouble: tuple[Ints, Ints, Ints]) -> list[_Measure]:
    """Depression and anxiety scores: taken at few contacts, higher where the burden is."""
    person, day, household = trouble
    burden = need_of(context, household, month_of(context, day), H)
    out: list[_Measure] = []
    for name, share, middle, top in (("PHQ9", 0.16, 12.0, 27), ("GAD7", 0.12, 10.0, 21)):
        u = context.streams.each(f"gp:{name}:taken", person, day)
        taken = np.flatnonzero(u < share)
        noise = context.streams.normal(f"gp:{name}", person[taken], day[taken])
        value = np.clip(np.rint(middle + 2.2 * burden[taken] + 4.0 * noise), 0, top)
        out.append((name, person[taken], day[taken], value))
    return out


def _indices(context: Context) -> list[_Measure]:
    """Frailty of the old by its published shares; body mass, smoking and drinking at reviews."""
    person, household, begins, ends = _adults_here(context)
    streams = context.streams
    day = begins + np.floor((ends - begins) * streams.each("gp:review", person)).astype(np.int64)
    old = (day - context.world.people.dob[person]) / YEAR
    burden = need_of(context, household, month_of(context, day), H)
    aged = np.flatnonzero(old >= 65)
    lean = 0.5 * burden[aged] + 0.05 * (old[aged] - 75) + streams.normal("gp:EFI", person[aged])
    rank = (np.argsort(np.argsort(lean)) + 0.5) / max(len(aged), 1)
    frailty = np.interp(rank, [0, *FRAIL_SHARES, 1], [0.0, *FRAIL_EDGES, 0.55])
    seen = np.flatnonzero(streams.each("gp:bmi", person) < 0.45)
    bmi = np.clip(27 + 1.0 * burden[seen] + 5 * streams.normal("gp:BMI", person[seen]), 15, 60)
    smokes = streams.each("gp:smokes", person[seen]) < np.clip(
        0.12 * np.exp(0.35 * burden[seen]), 0, 0.6
    )
    asked = np.flatnonzero(streams.each("gp:drinks", person) < 0.2)
    drinks = np.clip(
        np.rint(4 + 0.8 * burden[asked] + 3 * streams.normal("gp:AUDITC", person[asked])), 0, 12
    )
    return [
        ("EFI", person[aged], day[aged], np.round(frailty, 2)),
        ("BMI", person[seen], day[seen], np.round(bmi, 1)),
        ("SMOKING", person[seen], day[seen], smokes.astype(np.float64)),
        ("AUDITC", person[asked], day[asked], drinks),
    ]


# ---- appointments -------------------------------------------------------------------------------


def _encounters(context: Context, trouble: tuple[Ints, Ints, Ints]) -> pl.DataFrame:
    """Appointments of adults, more where the burden is; and those about mental health."""
    person, household, begins, ends = _adults_here(context)
    streams = context.streams
    burden = need_of(context, household, month_of(context, begins), H)
    years = (ends - begins) / YEAR
    expected = VISITS_YEARLY * years * np.exp(0.4 * burden) / 1.08
    slack = streams.each("gp:visits", person) + 0.5 * streams.normal("gp:visits:more", person)
    count = np.maximum(np.floor(expected * np.maximum(1 + 0.5 * (slack - 0.5), 0.1) + slack), 0)
    row = np.repeat(np.arange(len(person)), count.astype(np.int64))
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count.astype(np.int64))
    number = number.astype(np.int64)
    at = streams.each("gp:visit", person[row], number)
    day = begins[row] + np.floor((ends - begins)[row] * at).astype(np.int64)
    who = np.concatenate([person[row], trouble[0]])
    when = np.concatenate([day, trouble[1]])
    kind = streams.each("gp:visit:kind", who, when)
    modes = np.array(["F2F", "PHONE", "ONLINE", "HOME", "ADMIN"], dtype=object)
    roles = np.array(["GP", "NURSE", "OTHER"], dtype=object)
    strain = need_of(context, context.world.people.household[who], month_of(context, when), F)
    missed = streams.each("gp:missed", who, when) < np.clip(0.045 * np.exp(0.35 * strain), 0, 0.4)
    status = np.where(missed, "DNA", np.where(kind * 991 % 1 < 0.03, "CANCELLED", "ATTENDED"))
    columns = {
        "nhs_pid": nhs_pids(context, who),
        "date": when,
        "mode": modes[np.searchsorted([0.66, 0.92, 0.97, 0.985], kind)],
        "role": roles[np.searchsorted([0.55, 0.85], kind * 97 % 1)],
        "status": status,
    }
    found = frame("gp_encounter", columns, when + _late(context, "visit", who, when))
    return found.unique(["nhs_pid", "date", "mode", "role"], keep="first", maintain_order=True)


# ---- fit notes and social prescribing -----------------------------------------------------------


def _fit_notes(context: Context, trouble: tuple[Ints, Ints, Ints]) -> pl.DataFrame:
    """Notes after an illness that weighs on a household, and after contacts about mental health."""
    world, streams = context.world, context.streams
    month, household = np.nonzero(world.latent.shocks["illness"] & alive(context))
    day = context.months[month] + np.floor(28 * streams.each("fit:day", household, month))
    row, ill = one_adult(context, "illness", household, day.astype(np.int64))
    noted = shared(context, ill) & (streams.each("fit:ill", household[row], month[row]) < 0.6)
    low = np.flatnonzero(streams.each("fit:mind", trouble[0], trouble[1]) < 0.22)
    person = np.concatenate([ill[noted], trouble[0][low]])
    start = np.concatenate([day[row][noted].astype(np.int64), trouble[1][low]])
    mind = np.r_[np.zeros(int(noted.sum()), bool), np.ones(len(low), bool)]
    old = (start - world.people.dob[person]) / YEAR
    work = (old >= 18) & (old < 66)
    return _notes(context, person[work], start[work], mind[work])


def _notes(context: Context, person: Ints, start: Ints, mind: Flags) -> pl.DataFrame:
    """One note after another until the course is over, each for some weeks."""
    streams = context.streams
    count = 1 + np.floor(-1.3 * np.log(streams.each("fit:count", person, start))).astype(np.int64)
    count = np.minimum(count, 8)
    row = np.repeat(np.arange(len(person)), count)
    number = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    issued = start[row] + 24 * number
    u = streams.each("fit:why", person[row], start[row])
    body = np.array(["MUSCULOSKELETAL", "RESPIRATORY", "INJURY", "OTHER"], dtype=object)[
        np.searchsorted([0.40, 0.52, 0.68], u)
    ]
    columns = {
        "nhs_pid": nhs_pids(context, person[row]),
        "issued": issued,
        "from_date": issued - 1,
        "to_date": issued + 23,
        "diagnosis_group": blanked(np.where(mind[row], "MENTAL", body), u * 997 % 1 < 0.2),
    }
    known = issued + _late(context, "fit", person[row], issued)
    found = frame("gp_fit_note", columns, known)
    return found.unique(["nhs_pid", "issued"], keep="first", maintain_order=True)


def _social_prescribing(context: Context) -> pl.DataFrame:
    """Offers to people in need; those with more to lean on take them up more often."""
    event = drawn(context, "social_prescribing", PRESCRIBED, alive(context)).kept()
    row, person = one_adult(context, "sp", event.household, event.day)
    keep = shared(context, person)
    row, person = row[keep], person[keep]
    day, household = event.day[row], event.household[row]
    strength = need_of(context, household, event.month[row], R)
    u = context.streams.each("sp:takes", person, day)
    accepted = u < np.clip(0.62 + 0.08 * strength, 0.2, 0.9)
    declined = ~accepted & (u < 0.95)
    referred = day + 4 + np.floor(12 * u).astype(np.int64)
    closed = (
        referred + 60 + np.floor(120 * context.streams.each("sp:ends", person, day)).astype(int)
    )
    base = {
        "nhs_pid": nhs_pids(context, person),
        "offered_date": day,
        "accepted": accepted,
        "declined": declined,
        "referral_date": np.where(accepted, referred, OPEN),
    }
    known = referred + _late(context, "sp", person, day)
    over = accepted & (closed <= context.last_day)
    ended = {name: np.asarray(values)[over] for name, values in base.items()}
    ended["closed_date"] = closed[over]
    after = np.maximum(closed + _late(context, "sp:end", person, day), known + 1)[over]
    found = [frame("gp_referral_sp", base, known), frame("gp_referral_sp", ended, after)]
    return pl.concat(found)
