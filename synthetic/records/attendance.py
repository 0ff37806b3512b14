"""Absence from school by term, and suspensions and exclusions."""

from __future__ import annotations

import numpy as np
import polars as pl

from synthetic.causes import H
from synthetic.records.base import Context, blanked, frame, lag
from synthetic.records.processes import Course, lean, need_of
from synthetic.records.schools import Roll
from synthetic.streams import Floats, Ints

ABSENCE = Course(odds=(1.3, 1.3, 1.3, 1.6, 0.7), rate=0.069)
# Logit of the middle pupil's absence and how far pupils lie apart: a mean of 6.9 in a hundred and
# nearly a fifth above ten.
_MIDDLE, _SPREAD = -2.985, 0.87
_OF_HOME, _OF_PUPIL, _OF_TERM = 0.62, 0.62, 0.48
# Of each census: the term that it falls in, its sessions and the days until it ends.
_TERMS = {1: ("spring", 118, 75), 5: ("summer", 112, 65), 10: ("autumn", 140, 78)}
_REASONS = ("DB", "PP", "VA", "PA", "OW", "SM", "DA", "TH", "BU", "DM")
_REASON_WEIGHTS = np.array([0.50, 0.14, 0.16, 0.06, 0.02, 0.02, 0.03, 0.01, 0.03, 0.03])


def attendance_tables(context: Context, pupils: Roll) -> dict[str, pl.DataFrame]:
    """``school_attendance`` and ``school_exclusion``."""
    z = _proneness(context, pupils)
    start, category, sessions, row = _suspensions(context, pupils, z)
    lost = np.bincount(row, weights=sessions, minlength=len(pupils.person)).astype(np.int64)
    return {
        "school_attendance": _attendance(context, pupils, z, lost),
        "school_exclusion": _exclusions(
            context, pupils, start, category, sessions=sessions, row=row
        ),
    }


def _proneness(context: Context, pupils: Roll) -> Floats:
    """How prone each pupil is to absence in a term, as a standard normal number."""
    world = context.world
    home = np.zeros(len(pupils.person))
    for month in np.unique(pupils.month).tolist():
        rows = pupils.month == month
        home[rows] = lean(context, ABSENCE, month)[pupils.household[rows]]
    home = (home - home.mean()) / home.std()
    own = context.streams.normal("absence:pupil", pupils.person)
    term = context.streams.normal("absence:term", pupils.person, pupils.day)
    whole = _OF_HOME * home + _OF_PUPIL * own + _OF_TERM * term
    meals = 0.5 * world.latent.on_uc[pupils.month, pupils.household]
    older = 0.25 * (pupils.year >= 7)
    mixed = whole + meals + older
    return np.asarray((mixed - mixed.mean()) / mixed.std())


def _calendar(pupils: Roll) -> tuple[Ints, Ints, list[str]]:
    """Sessions of each row's term, its last day, and its name."""
    months = pupils.day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    year, calendar = 1970 + months // 12, months % 12 + 1
    first = np.where(calendar >= 9, year, year - 1)
    sessions = np.array([_TERMS[month][1] for month in calendar.tolist()])
    ends = pupils.day + np.array([_TERMS[month][2] for month in calendar.tolist()])
    names = [
        f"{y}-{(y + 1) % 100:02d} {_TERMS[month][0]}"
        for y, month in zip(first.tolist(), calendar.tolist(), strict=True)
    ]
    return sessions, ends, names


def _attendance(context: Context, pupils: Roll, z: Floats, lost: Ints) -> pl.DataFrame:
    streams = context.streams
    possible, ends, names = _calendar(pupils)
    absent = np.rint(possible / (1 + np.exp(-(_MIDDLE + _SPREAD * z)))).astype(np.int64)
    absent = np.minimum(np.maximum(absent, lost), possible)
    agreed = np.clip(
        0.80 - 0.12 * z + 0.08 * streams.normal("absence:agreed", pupils.person, pupils.day),
        0.1,
        0.98,
    )
    authorised = np.maximum(np.rint(absent * agreed).astype(np.int64), lost)
    burden = need_of(context, pupils.household, pupils.month, H)
    ill = np.clip(0.62 + 0.08 * burden, 0.3, 0.9)
    left = authorised - lost
    illness = np.rint(left * ill).astype(np.int64)
    medical = np.rint((left - illness) * 0.45).astype(np.int64)
    unauthorised = absent - authorised
    holiday = np.where(
        streams.each("absence:holiday", pupils.person, pupils.day) < 0.18,
        np.minimum(unauthorised, 10),
        0,
    )
    columns = {
        "upn": pupils.upn,
        "term": np.array(names, dtype=object),
        "term_end": ends,
        "sessions_possible": possible,
        "sessions_authorised": authorised,
        "sessions_unauthorised": unauthorised,
        "sessions_late_u": np.minimum(unauthorised, np.floor(unauthorised * 0.2).astype(np.int64)),
        "sessions_illness_i": illness,
        "sessions_medical_m": medical,
        "sessions_holiday_g": holiday,
        "sessions_excluded_e": lost,
    }

    late = 45 + np.floor(20 * streams.each("absence:late", pupils.day)).astype(np.int64)
    return frame("school_attendance", columns, ends + late)


def _suspensions(context: Context, pupils: Roll, z: Floats) -> tuple[Ints, Ints, Ints, Ints]:
    """Start, 1 for permanent, sessions and row of each; up to three in a term."""
    streams = context.streams
    male = context.world.people.male[pupils.person]
    old = pupils.year >= 7
    rate = 0.0051 * np.exp(0.75 * z + 0.45 * male) * np.where(old, 2.9, 0.35)
    parts = []
    for number in range(3):
        u = streams.each(f"suspended:{number}", pupils.person, pupils.day)
        hit = np.flatnonzero(u < np.minimum(rate * (1.0, 0.9, 0.9)[number], 0.4))
        day = pupils.day[hit] - 25 + 21 * number + np.floor(18 * u[hit] * 97 % 18).astype(np.int64)
        parts.append((day, hit))
    start = np.concatenate([day for day, _ in parts])
    row = np.concatenate([hit for _, hit in parts])
    u = streams.each("suspended:length", pupils.person[row], start)
    permanent = u < 0.0115
    sessions = np.where(permanent, 10, 2 + 2 * np.floor(3 * u**2).astype(np.int64))
    return start, permanent.astype(np.int64), sessions, row


def _exclusions(
    context: Context, pupils: Roll, start: Ints, category: Ints, *, sessions: Ints, row: Ints
) -> pl.DataFrame:
    ids = (pupils.person[row], start)
    names = np.array(_REASONS, dtype=object)
    first = names[context.streams.choice("suspended:why", _REASON_WEIGHTS, *ids)]
    second = names[context.streams.choice("suspended:also", _REASON_WEIGHTS, *ids)]
    only = (context.streams.each("suspended:two", *ids) < 0.75) | (first == second)
    columns = {
        "upn": pupils.upn[row],
        "start_date": start,
        "category": np.where(category == 1, "PERM", "SUSP"),
        "reason_1": first,
        "reason_2": blanked(second, only),
        "sessions": sessions,
    }
    known = start + lag(context, "suspended", 12, 0.5, *ids)
    return frame("school_exclusion", columns, known).unique(
        ["upn", "start_date"], keep="first", maintain_order=True
    )
