"""Calls to NHS 111, emergency admissions, mental health contacts, detentions and therapies."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.causes import H
from synthetic.people import YEAR
from synthetic.records.base import Context, blanked, expanded, frame, lag, present
from synthetic.records.gp import HEALTH_LAG, nhs_pids, one_adult, shared
from synthetic.records.hospital import DAY_US
from synthetic.records.processes import Course, alive, drawn, month_of, need_of, picked
from synthetic.stays import OPEN
from synthetic.streams import Flags, Ints

CALLED = Course(odds=(1.1, 1.2, 1.5, 1.2, 0.9), rate=0.030, contact=1.1, recorded=0.98)
THERAPY_SHARE, COMPLETES = 0.212, 0.37
RECOVERS_POOREST, RECOVERS_RICHEST = 0.405, 0.524


def crisis_tables(
    context: Context, referrals: pl.DataFrame, attendances: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Five tables, from the referrals and attendances that there are.

    Args:
        context: The world.
        referrals: ``mh_referral``.
        attendances: ``ae_attendance``, with where each went.
    """
    first = referrals.sort("recorded_date").unique("referral_id", keep="last", maintain_order=True)
    return {
        "nhs111_call": _calls(context),
        "emergency_admission": _admissions(context, attendances),
        "mh_contact": _contacts(context, first),
        "mh_detention": _detentions(context, first),
        "tt_referral": _therapies(context),
    }


def _late(context: Context, name: str, *ids: Ints) -> Ints:
    return lag(context, name, HEALTH_LAG, 0.25, *ids)


def _calls(context: Context) -> pl.DataFrame:
    """Ordinary calls of anybody at home, and calls in a mental health crisis."""
    streams = context.streams
    event = drawn(context, "nhs111", CALLED, alive(context)).kept()
    row, member = present(context.members, event.household, event.day)
    who = context.members.person[member]
    one = picked(context, "nhs111:who", row, np.ones(len(row)), who, event.month[row])
    crisis = context.world.events["O7"].kept()
    line = streams.each("nhs111:crisis", crisis.household, crisis.month) < 0.35
    crisis = crisis.where(line)
    at, adult = one_adult(context, "O7", crisis.household, crisis.day)
    person = np.concatenate([who[one], adult])
    day = np.concatenate([event.day[row[one]], crisis.day[at] - 1])
    mind = np.r_[
        streams.each("nhs111:mind", who[one], event.day[row[one]]) < 0.03, np.ones(len(adult), bool)
    ]
    keep = shared(context, person) & (day >= context.first_day)
    person, day, mind = person[keep], day[keep], mind[keep]
    u = streams.each("nhs111:sent", person, day)
    names = np.array(["PRIMARY", "SELF_CARE", "A_AND_E", "EMERGENCY"], dtype=object)
    sent = names[np.searchsorted([0.52, 0.72, 0.88], u)]
    second = np.floor(86_400 * streams.each("nhs111:time", person, day)).astype(np.int64)
    columns = {
        "nhs_pid": nhs_pids(context, person),
        "call_ts": day * DAY_US + second * 1_000_000,
        "mental_health_option": mind,
        "disposition": np.where(mind, "CRISIS_LINE", sent).astype(object),
    }
    return frame("nhs111_call", columns, day + _late(context, "nhs111", person, day)).unique(
        ["nhs_pid", "call_ts"], keep="first", maintain_order=True
    )


def _admissions(context: Context, attendances: pl.DataFrame) -> pl.DataFrame:
    """The attendances that ended in a bed; one admission a person and day."""
    rows = attendances.filter(pl.col("discharge") == "ADMITTED")
    rows = rows.with_columns(pl.col("arrival_ts").dt.date().alias("admit_date"))
    rows = rows.unique(["nhs_pid", "admit_date"], keep="first", maintain_order=True)
    day = rows["admit_date"].cast(pl.Int32).to_numpy().astype(np.int64)
    number = np.arange(len(day))
    u = context.streams.each("admission", number, day)
    stay = np.floor(-5.5 * np.log(u)).astype(np.int64)
    group = rows["diagnosis_group"].fill_null("OTHER").to_numpy()
    base = {
        "nhs_pid": rows["nhs_pid"],
        "admit_date": day,
        "acsc_flag": np.isin(group, ("RESP", "OTHER")) & (u * 997 % 1 < 0.22),
        "selfharm_flag": group == "SELF_HARM",
        "discharge_date": day + stay,
    }
    known = day + stay + _late(context, "admission", number, day)
    return frame("emergency_admission", base, known)


def _contacts(context: Context, referrals: pl.DataFrame) -> pl.DataFrame:
    """Contacts while a referral is open: every few days with crisis teams, rarer with others."""
    start = referrals["received_date"].cast(pl.Int32).to_numpy().astype(np.int64)
    end = referrals["closed_date"].cast(pl.Int32).fill_null(context.last_day).to_numpy()
    end = np.minimum(end.astype(np.int64), context.last_day)
    crisis = np.isin(referrals["team_type"].to_numpy(), ("A02", "A19", "A20", "A21", "A22", "A11"))
    every = np.where(crisis, 4, 18)
    count = np.clip((end - start) // every + 1, 1, 14)
    row, number = expanded(np.zeros(len(count), dtype=np.int64), count)
    u = context.streams.each("mh:contact", row, number)
    day = start[row] + every[row] * number + np.floor(3 * u).astype(np.int64)
    inside = (day <= end[row]) | (number == 0)
    row, number, day, u = row[inside], number[inside], day[inside], u[inside]
    codes = np.array(["5", "3", "6", "2", "4", "7"], dtype=object)
    modes = np.array(["F2F", "PHONE", "VIDEO"], dtype=object)
    second = 32_400 + np.floor(28_000 * (u * 97 % 1)).astype(np.int64)
    columns = {
        "referral_id": referrals["referral_id"].gather(row),
        "contact_ts": day * DAY_US + second * 1_000_000,
        "attended": codes[np.searchsorted([0.76, 0.87, 0.91, 0.95, 0.985], u)],
        "mode": modes[np.searchsorted([0.62, 0.9], u * 991 % 1)],
    }
    return frame("mh_contact", columns, day + _late(context, "mh:contact", row, number))


def _detentions(context: Context, referrals: pl.DataFrame) -> pl.DataFrame:
    """A place of safety where the police brought somebody, and beds under section 2 or 3."""
    start = referrals["received_date"].cast(pl.Int32).to_numpy().astype(np.int64)
    team = referrals["team_type"].to_numpy()
    number = np.arange(len(start))
    u = context.streams.each("detained", number, start)
    section = np.full(len(start), None, dtype=object)
    section[(team == "A20") & (u < 0.85)] = "S136"
    section[(team == "A02") & (u < 0.035)] = "S2"
    section[(team == "A02") & (u < 0.010)] = "S3"
    rows = np.flatnonzero([one is not None for one in section])
    mean = np.where(section[rows] == "S136", 1.0, np.where(section[rows] == "S2", 21.0, 80.0))
    length = np.rint(mean * (0.4 + 1.2 * u[rows] * 97 % 1)).astype(np.int64)
    base = {
        "nhs_pid": referrals["nhs_pid"].gather(rows),
        "section": section[rows],
        "start_date": start[rows],
        "end_date": start[rows] + length,
    }
    known = start[rows] + length + _late(context, "detained", number[rows])
    return frame("mh_detention", base, known).unique(
        ["nhs_pid", "section", "start_date"], keep="first", maintain_order=True
    )


def _therapies(context: Context) -> pl.DataFrame:
    """Talking therapies after contact with a practice; fewer recover where the area is poor."""
    world, streams = context.world, context.streams
    event = world.events["mental"].kept()
    asks = streams.each("tt", event.household, event.month) < THERAPY_SHARE
    event = event.where(asks)
    row, person = one_adult(context, "mental", event.household, event.day)
    keep = shared(context, person)
    row, person = row[keep], person[keep]
    household, day = event.household[row], event.day[row] + 8
    _, once = np.unique(person * 2**20 + day, return_index=True)
    person, household, day = person[once], household[once], day[once]
    ids = (person, day)
    u = streams.each("tt:course", *ids)
    completes, drops = u < COMPLETES, (u >= COMPLETES) & (u < 0.68)
    contact = day + 14 + np.floor(30 * streams.each("tt:waits", *ids)).astype(np.int64)
    treated = contact + 10 + np.floor(50 * streams.each("tt:treated", *ids)).astype(np.int64)
    ends = np.where(completes, treated + 90, np.where(drops, treated + 35, contact + 20))
    scores, recovered = _recovery(context, person, household, day, completes)
    ended = np.where(
        completes,
        "COMPLETED",
        np.where(drops, "DROPPED_OUT", np.where(u < 0.8, "NOT_SUITABLE", "DECLINED")),
    )
    problems = np.array(["DEPRESSION", "ANXIETY", "MIXED", "PTSD", "OTHER"], dtype=object)
    base = {
        "nhs_pid": nhs_pids(context, person),
        "received_date": day,
        "problem_descriptor": problems[np.searchsorted([0.38, 0.68, 0.86, 0.93], u * 97 % 1)],
        "phq9_first": scores[0],
        "gad7_first": scores[2],
        "employment_status": _work(context, person, day),
        "sick_pay": streams.each("tt:sick", *ids) < 0.07,
    }
    met = completes | drops
    later = {
        "first_contact": contact,
        "first_treatment": np.where(met, treated, OPEN),
        "end_date": ends,
        "end_code": ended.astype(object),
        "phq9_last": np.where(met, scores[1], -2),
        "gad7_last": np.where(met, scores[3], -2),
        "reliable_recovery": recovered,
    }
    known = day + _late(context, "tt", *ids)
    over = ends <= context.last_day
    closed = {name: np.asarray(values)[over] for name, values in (base | later).items()}
    after = np.maximum(ends + _late(context, "tt:end", *ids), known + 1)[over]
    return pl.concat([frame("tt_referral", base, known), frame("tt_referral", closed, after)])


def _recovery(
    context: Context, person: Ints, household: Ints, day: Ints, completes: Flags
) -> tuple[list[Ints], Flags]:
    """Scores at first and at last, and who recovered: a straight line over the areas' deciles."""
    world, streams = context.world, context.streams
    burden = need_of(context, household, month_of(context, day), H)
    decile = world.areas.decile[world.households.area[household]]
    share = RECOVERS_POOREST + (RECOVERS_RICHEST - RECOVERS_POOREST) * (decile - 1) / 9
    recovered = completes & (streams.each("tt:recovers", person, day) < share)
    scores: list[Ints] = []
    for name, middle, top, low in (("phq", 15.0, 27, 10), ("gad", 13.0, 21, 8)):
        noise = streams.normal(f"tt:{name}", person, day)
        first = np.clip(np.rint(middle + 1.5 * burden + 3.5 * noise), low, top).astype(np.int64)
        fall = np.where(completes, 4, 1) + np.floor(
            3 * streams.each(f"tt:{name}:falls", person, day)
        )
        last = np.maximum(first - fall.astype(np.int64), low)
        scores += [first, np.where(recovered, np.minimum(last, low - 3), last)]
    return scores, recovered


def _work(context: Context, person: Ints, day: Ints) -> np.ndarray:
    old = (day - context.world.people.dob[person]) / YEAR
    u = context.streams.each("tt:work", person)
    names = np.array(["EMPLOYED", "UNEMPLOYED", "SICK", "STUDENT", "OTHER"], dtype=object)
    out = names[np.searchsorted([0.56, 0.74, 0.90, 0.95], u)]
    out[old >= 66] = "RETIRED"
    return blanked(out, u * 997 % 1 < 0.06)
