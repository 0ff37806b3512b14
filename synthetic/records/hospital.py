"""Mental health referrals and emergency attendances."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic import paths
from synthetic.records.base import Context, blanked, frame, lag, present, references
from synthetic.records.gp import HEALTH_LAG, nhs_pids, one_adult, shared
from synthetic.streams import Floats, Ints, Strings

DAY_US = 86_400_000_000
SELF_HARM_SHARE = 0.14
# Crisis teams, and for the last three a priority that makes another team's referral a crisis.
_CRISIS = ("A02", "A19", "A21", "A20", "A22", "A11", "A18", "A06")
_CRISIS_WEIGHTS = np.array([0.40, 0.22, 0.05, 0.03, 0.04, 0.10, 0.10, 0.06])
_BY_PRIORITY = 5


def _crises(context: Context) -> tuple[Ints, Ints, Floats, Ints, Ints]:
    """Person, day and a number for each crisis, with its household and month."""
    event = context.world.events["O7"].kept()
    row, person = one_adult(context, "O7", event.household, event.day)
    keep = shared(context, person)
    row, person = row[keep], person[keep]
    household, month = event.household[row], event.month[row]
    u = context.streams.each("O7:kind", household, month)
    return person, event.day[row], u, household, month


def referral_rows(context: Context) -> pl.DataFrame:
    """``mh_referral``: crises, and ordinary referrals after contact with primary care."""
    person, day, u, household, month = _crises(context)
    by_team = u >= SELF_HARM_SHARE
    person, day, household, month = (c[by_team] for c in (person, day, household, month))
    pick = context.streams.choice("O7:team", _CRISIS_WEIGHTS, household, month)
    team = np.array(_CRISIS, dtype=object)[pick]
    urgent = np.where(pick >= _BY_PRIORITY, np.where(day % 2 == 0, "1", "4"), "2")
    very = (pick < _BY_PRIORITY) & (context.streams.each("O7:priority", household, month) < 0.45)
    priority = np.where(very, "1", urgent).astype(object)
    lost = (pick < _BY_PRIORITY) & (context.streams.each("O7:lost", household, month) < 0.05)
    priority = blanked(priority, lost)
    calm = context.world.events["mental"].kept()
    routine = context.streams.each("mh:routine", calm.household, calm.month) < 0.16
    calm_household, calm_day = calm.household[routine], calm.day[routine]
    row, who = one_adult(context, "mental", calm_household, calm_day)
    row, who = row[shared(context, who)], who[shared(context, who)]
    ordinary = np.array(["A06", "A06", "A18", "A18", "D01", "A14"], dtype=object)
    kind = np.floor(6 * context.streams.each("mh:kind", who, row)).astype(int)
    all_person = np.concatenate([person, who])
    all_day = np.concatenate([day, calm_day[row] + 6])
    all_team = np.concatenate([team, ordinary[kind]])
    all_priority = np.concatenate([priority, np.full(len(who), "3", dtype=object)])
    return _referral_frame(context, all_person, all_day, all_team, all_priority)


def _referral_frame(
    context: Context, person: Ints, day: Ints, team: Strings, priority: Strings
) -> pl.DataFrame:
    order = np.lexsort((person, day))
    person, day, team, priority = person[order], day[order], team[order], priority[order]
    number = np.arange(len(person))
    base = {
        "referral_id": references("MH", number, 7),
        "nhs_pid": nhs_pids(context, person),
        "received_date": day,
        "clin_resp_priority": priority,
        "team_type": team,
    }
    known = day + lag(context, "mh", HEALTH_LAG, 0.25, number)
    stays = np.where(np.isin(team, ("A06", "D01", "A14")), 140.0, 18.0)
    closed = (
        day
        + 2
        + np.floor(-stays * np.log(context.streams.each("mh:closed", number))).astype(np.int64)
    )
    after = np.maximum(closed, day) + lag(context, "mh:end", HEALTH_LAG, 0.25, number)
    return pl.concat(
        [
            frame("mh_referral", base, known),
            frame("mh_referral", base | {"closed_date": closed}, np.maximum(after, known + 1)),
        ]
    )


_DEPARTMENTS = np.array(["01", "03", "04", "05", "02"], dtype=object)
_DEPARTMENT_WEIGHTS = np.array([0.62, 0.26, 0.05, 0.05, 0.02])
_GROUPS = np.array(["INJURY", "OTHER", "RESP", "ALCOHOL", "DRUG"], dtype=object)
_GROUP_WEIGHTS = np.array([0.33, 0.5, 0.13, 0.025, 0.015])
_FLARE_WEIGHTS = np.array([0.15, 0.5, 0.2, 0.1, 0.05])


_Visits = tuple[Ints, Ints, Strings, Strings, Strings]


def _ordinary_visits(context: Context) -> _Visits:
    usual, streams = context.world.events["emergency"].kept(), context.streams
    row, person = _visitors(context, usual.household, usual.day, usual.month)
    ids = (usual.household[row], usual.month[row])
    return (
        person,
        usual.day[row],
        _DEPARTMENTS[streams.choice("ae:dept", _DEPARTMENT_WEIGHTS, *ids)],
        _GROUPS[streams.choice("ae:group", _GROUP_WEIGHTS, *ids)],
        np.array(["1", "2", "3"])[streams.choice("ae:cat", np.array([0.92, 0.05, 0.03]), *ids)],
    )


def _spells_of_visits(context: Context) -> _Visits:
    flare = context.world.events["O8"].kept()
    event, day, _ = paths.flare(context.streams, flare.day, flare.household, flare.month)
    row, who = one_adult(context, "O8", flare.household, flare.day)
    patient = np.full(len(flare.household), -1)
    patient[row] = who
    known = patient[event] >= 0
    event, day = event[known], day[known]
    group = context.streams.choice("flare:group", _FLARE_WEIGHTS, event, day)
    return patient[event], day, _same("01", day), _GROUPS[group], _same("1", day)


def _self_harm(context: Context) -> _Visits:
    person, day, u, _, _ = _crises(context)
    harm = u < SELF_HARM_SHARE
    person, day = person[harm], day[harm]
    return person, day, _same("01", day), _same("SELF_HARM", day), _same("1", day)


def _same(code: str, rows: Ints) -> Strings:
    return np.full(len(rows), code, dtype=object)


def attendance_rows(context: Context) -> pl.DataFrame:
    """``ae_attendance``: ordinary visits, spells of many visits, and self-harm."""
    parts = [_ordinary_visits(context), _spells_of_visits(context), _self_harm(context)]
    person, day, *codes = (np.concatenate(column) for column in zip(*parts, strict=True))
    return _attendance_frame(context, person, day, codes=(codes[0], codes[1], codes[2]))


def _details(
    context: Context, person: Ints, day: Ints, dept: Strings, group: Strings
) -> dict[str, object]:
    """How they came, what with, how urgent it was, and where they went."""
    streams = context.streams
    u, v = streams.each("ae:urgent", person, day), streams.each("ae:goes", person, day)
    mind, harm = np.isin(group, ("OTHER_MH",)), group == "SELF_HARM"
    drunk = np.isin(group, ("ALCOHOL", "DRUG"))
    acuity = 1 + np.searchsorted([0.03, 0.20, 0.62, 0.92], u)
    acuity = np.where(harm, np.minimum(acuity, 3), acuity)
    complaint = np.where(mind | harm, "MENTAL_HEALTH", np.where(drunk, "INTOXICATION", "OTHER"))
    complaint = np.where(group == "INJURY", "INJURY", complaint)
    complaint = np.where(group == "RESP", "BREATHING", complaint)
    # What was done to oneself is often written down as the injury that it was.
    complaint = np.where(harm & (u < 0.3), "INJURY", complaint).astype(object)
    intent = np.where(harm, "SELF", np.where(v < 0.05, "ASSAULT", "ACCIDENT"))
    came = streams.each("ae:came", person, day)
    ambulance = np.where(acuity <= 2, 0.75, 0.2)
    major = dept == "01"
    beds = np.where(major, np.where(acuity <= 2, 0.58, 0.24), 0.02)
    gone = np.where(v > 0.96, "LEFT_BEFORE", np.where(v > 0.957, "TRANSFER", "HOME"))
    return {
        "arrival_mode": np.where(came < ambulance, "AMBULANCE", "OWN"),
        "chief_complaint_group": complaint,
        "injury_intent": blanked(intent, ~(harm | (group == "INJURY"))),
        "acuity": acuity,
        "discharge": np.where(v < beds, "ADMITTED", gone),
        "safeguarding_flag": v < 0.008,
    }


def _visitors(context: Context, household: Ints, day: Ints, month: Ints) -> tuple[Ints, Ints]:
    """Row and person of each ordinary visit: anybody in the household, a new draw each time."""
    row, member = present(context.members, household, day)
    u = context.streams.each("ae:who", context.members.person[member], month[row])
    order = np.lexsort((u, row))
    row, member = row[order], member[order]
    first = np.r_[True, row[1:] != row[:-1]] if len(row) else np.zeros(0, dtype=bool)
    return row[first], context.members.person[member[first]]


def _attendance_frame(
    context: Context, person: Ints, day: Ints, *, codes: tuple[Strings, Strings, Strings]
) -> pl.DataFrame:
    dept, group, category = codes
    keep = shared(context, person) & (day <= context.last_day)
    person, day, dept, group, category = (
        column[keep] for column in (person, day, dept, group, category)
    )
    order = np.lexsort((person, day))
    person, day, dept, group, category = (
        column[order] for column in (person, day, dept, group, category)
    )
    number = np.arange(len(person))
    second = np.floor(86_400 * context.streams.each("ae:time", person, day)).astype(np.int64)
    columns = {
        "att_id": references("AE", number, 8),
        "nhs_pid": nhs_pids(context, person),
        "arrival_ts": day * DAY_US + second * 1_000_000,
        "dept_type": dept,
        "attendance_category": category,
        "diagnosis_group": blanked(group, context.streams.each("ae:code", number) < 0.06),
    } | _details(context, person, day, dept, group)
    return frame("ae_attendance", columns, day + lag(context, "ae", HEALTH_LAG, 0.25, number))
