"""Homelessness: cases, people, duties and placements, and those who only came for advice."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from synthetic import paths
from synthetic.faultlog import RECORD
from synthetic.identity import seen
from synthetic.people import CHILD, HEAD, PARTNER
from synthetic.population import COUNCIL, PRS, RP, TA
from synthetic.records.base import (
    Context,
    blanked,
    frame,
    lag,
    present,
    references,
    stay_on,
    text,
)
from synthetic.records.rent import ethnicity
from synthetic.stays import OPEN, TO_TEMPORARY
from synthetic.streams import Flags, Ints, Strings


@dataclass(frozen=True, kw_only=True)
class Cases:
    """Approaches to the housing service, one row a case."""

    reference: Strings
    number: Ints
    household: Ints
    month: Ints
    approach: Ints
    course: paths.Homelessness
    duty: Flags
    closed: Ints
    known: Ints
    copy: Ints


def _joined(parts: list[tuple[Ints, Ints, Ints, Flags, Ints]]) -> list[Ints]:
    return [np.concatenate(column) for column in zip(*parts, strict=True)]


def _approaches(context: Context) -> list[tuple[Ints, Ints, Ints, Flags, Ints]]:
    """Household, month, day, whether a duty was owed, and 1 for a second file, by kind."""
    world, streams = context.world, context.streams
    event = world.events["O1"].kept()
    twice = streams.each("hclic:twice", event.household, event.month)
    again = twice < context.faults.duplicate["hclic"]
    number = np.arange(len(twice))
    context.log.note("F16", "hclic", number, again, what=RECORD)
    parts = [
        (
            event.household[rows],
            event.month[rows],
            event.day[rows],
            np.ones(int(rows.sum()), dtype=bool),
            np.full(int(rows.sum()), copy),
        )
        for copy, rows in enumerate((np.ones(len(again), dtype=bool), again))
    ]
    guests, since = _placed_before(context)
    parts.append(
        (
            guests,
            np.full(len(guests), -1),
            since - 60,
            np.ones(len(guests), dtype=bool),
            np.zeros(len(guests), dtype=np.int64),
        )
    )
    notice = world.events["notice"].kept()
    asks = streams.each("hclic:advice", notice.household, notice.month) < 0.22
    parts.append(
        (
            notice.household[asks],
            notice.month[asks],
            notice.day[asks] + 10,
            np.zeros(int(asks.sum()), dtype=bool),
            np.zeros(int(asks.sum()), dtype=np.int64),
        )
    )
    return parts


def _placed_before(context: Context) -> tuple[Ints, Ints]:
    """Households that were in a temporary home on the first day, and since when."""
    spells, homes = context.spells, context.world.dwellings
    rows = np.flatnonzero(
        (homes.tenure[spells.dwelling] == TA) & (spells.starts < context.first_day)
    )
    return spells.household[rows], spells.starts[rows]


def cases(context: Context) -> Cases:
    """Duties owed, second files on the same couple, and approaches that came to nothing."""
    household, month, day, owed, copy = _joined(_approaches(context))
    duty = owed.astype(bool)
    course = paths.homelessness(context.streams, day, household, month)
    order = np.argsort(day, kind="stable")
    number = np.empty(len(day), dtype=np.int64)
    number[order] = np.arange(len(day))
    advice_ends = course.approach + 14 + (number * 7 % 30)
    return Cases(
        reference=references("HC", number, 6),
        number=number,
        household=household,
        month=month,
        approach=course.approach + 3 * copy,
        course=course,
        duty=duty,
        closed=np.where(duty, course.ends, advice_ends),
        known=course.approach + 3 * copy + lag(context, "hclic", 3, 0.6, number),
        copy=copy,
    )


def hclic_tables(context: Context) -> dict[str, pl.DataFrame]:
    """All four homelessness tables."""
    book = cases(context)
    return {
        "hclic_case": _case_rows(context, book),
        "hclic_person": _person_rows(context, book),
        "hclic_duty": _duty_rows(context, book),
        "hclic_ta": _placement_rows(context, book),
    }


def loss_reasons(context: Context, book: Cases) -> Strings:
    """Why the home was lost or at stake, by tenure; old words for private tenancies stay in use."""
    world, streams = context.world, context.streams
    stay = stay_on(context.spells, book.household, book.approach)
    tenure = np.where(stay >= 0, world.dwellings.tenure[context.spells.dwelling[stay]], PRS)
    names = np.array(
        [
            "FAMILY_FRIENDS_UNABLE",
            "END_PRS_AST",
            "END_PRS_NOT_AST",
            "DOMESTIC_ABUSE",
            "RELATIONSHIP_NONVIOLENT",
            "END_SOCIAL_TENANCY",
            "OTHER_VIOLENCE",
            "OTHER_NOT_KNOWN",
        ],
        dtype=object,
    )
    private = np.array([0.075, 0.125, 0.02, 0.08, 0.05, 0.0, 0.02, 0.05])
    social = np.array([0.25, 0.0, 0.0, 0.20, 0.13, 0.16, 0.06, 0.20])
    owner = np.array([0.40, 0.0, 0.02, 0.22, 0.20, 0.0, 0.04, 0.12])
    ids = (book.household, book.month)
    # A notice to leave comes with eight weeks' warning: prevention, far more often than relief.
    warned = private.copy()
    warned[1] = 3.2
    pick = np.where(
        tenure == PRS,
        np.where(
            book.course.prevention != paths.NONE,
            streams.choice("reason", warned, *ids),
            streams.choice("reason", private, *ids),
        ),
        np.where(
            np.isin(tenure, (COUNCIL, RP, TA)),
            streams.choice("reason", social, *ids),
            streams.choice("reason", owner, *ids),
        ),
    )
    return names[pick]


def _case_rows(context: Context, book: Cases) -> pl.DataFrame:
    """Three versions of each case: at the approach, once assessed, and closed."""
    streams = context.streams
    assessed = (
        book.approach
        + 4
        + np.floor(9 * streams.each("assessed", book.household, book.month)).astype(np.int64)
    )
    relief_first = book.course.prevention == paths.NONE
    advice = np.where(book.number % 3 == 0, "NOT_THREATENED", "ADVICE_ONLY")
    decision = np.where(book.duty, np.where(relief_first, "RELIEF", "PREVENTION"), advice)
    reason = loss_reasons(context, book)
    stay = stay_on(context.spells, book.household, book.approach)
    uprn = np.where(stay >= 0, context.world.dwellings.uprn[context.spells.dwelling[stay]], -1)
    no_uprn = streams.each("settled", book.number) < 0.30
    no_assessment = streams.each("assessed:none", book.number) < 0.08
    base = {
        "case_ref": book.reference,
        "approach_date": book.approach,
        "last_settled_uprn": np.where(no_uprn, -1, uprn),
    }
    judged = base | {
        "assessment_date": np.where(no_assessment, OPEN, assessed),
        "assessment_decision": decision,
        "reason_loss": reason,
        "safety_marker": reason == "DOMESTIC_ABUSE",
    }
    no = np.zeros(len(book.number), dtype=bool)
    second = np.maximum(assessed, book.known) + lag(context, "hclic:assess", 3, 0.5, book.number)
    third = np.maximum(book.closed, second) + lag(context, "hclic:close", 8, 0.6, book.number)
    return pl.concat(
        [
            frame("hclic_case", base | {"safety_marker": no}, book.known),
            frame("hclic_case", judged, second),
            frame("hclic_case", judged | {"closed_date": book.closed}, third),
        ]
    )


def _person_rows(context: Context, book: Cases) -> pl.DataFrame:
    members, streams = context.members, context.streams
    row, member = present(members, book.household, book.approach)
    person, role = members.person[member], members.role[member]
    order = np.lexsort((person, role, row))
    row, person, role = row[order], person[order], role[order]
    # A second file on a couple is opened by the partner.
    swap = (book.copy[row] == 1) & (role <= PARTNER)
    place_role = np.where(swap, PARTNER - role, role)
    order = np.lexsort((person, place_role, row))
    row, person, place_role = row[order], person[order], place_role[order]
    starts = np.flatnonzero(np.r_[True, row[1:] != row[:-1]])
    sequence = 1 + np.arange(len(row)) - np.repeat(starts, np.diff(np.r_[starts, len(row)]))
    kind = np.where(place_role == CHILD, "CHILD", "OTHER")
    kind = np.where(place_role == PARTNER, "PARTNER", kind)
    kind = np.where((sequence == 1) | (place_role == HEAD), "APPLICANT", kind)
    parts = []
    for copy in (0, 1):
        mine = book.copy[row] == copy
        who, line = person[mine], row[mine]
        view = seen(context, "hclic", who, copy)
        columns = {
            "case_ref": book.reference[line],
            "person_seq": sequence[mine],
            "first_name": view.first,
            "last_name": view.last,
            "dob": np.where(view.has_dob, view.dob, OPEN),
            "sex": np.where(view.male, "M", "F"),
            "ethnicity": blanked(
                ethnicity(context, "hclic", who), streams.each("hclic:eth", who) < 0.08
            ),
            "nino_hash": view.nino,
            "phone_hash": view.phone,
            "relationship_to_applicant": kind[mine],
        }
        parts.append(frame("hclic_person", columns, book.known[line]))
        context.link("hclic", text(book.reference[line], sequence[mine]), who)
    return pl.concat(parts)


def _duty_rows(context: Context, book: Cases) -> pl.DataFrame:
    """Each duty when it begins, and again when it has ended."""
    course, parts = book.course, []
    follow = {
        "PREVENTION": (course.prevention, course.relief),
        "RELIEF": (course.relief, course.main),
        "MAIN": (course.main, np.full(len(course.main), paths.NONE)),
    }
    for name, (start, following) in follow.items():
        rows = np.flatnonzero(book.duty & (start != paths.NONE))
        begins, then = start[rows], following[rows]
        ends = np.where(then != paths.NONE, then, course.ends[rows])
        goes_on = np.where(name == "PREVENTION", "HOMELESS", "D56_ELAPSED")
        lost = np.where(book.number[rows] % 4 == 0, "CONTACT_LOST", "WITHDREW_OR_DIED")
        over = np.where(course.secured[rows], "SECURED_6M", lost)
        reason = np.where(then != paths.NONE, goes_on, over).astype(object)
        reason[context.streams.each(f"duty:{name}", book.number[rows]) < 0.07] = "NOT_KNOWN"
        base = {
            "case_ref": book.reference[rows],
            "duty": np.full(len(rows), name),
            "start_date": begins,
        }
        known = begins + lag(context, f"duty:{name}", 4, 0.6, book.number[rows])
        after = np.maximum(ends, known) + lag(
            context, f"duty:end:{name}", 7, 0.6, book.number[rows]
        )
        parts.append(frame("hclic_duty", base, known))
        parts.append(frame("hclic_duty", base | {"end_date": ends, "end_reason": reason}, after))
    return pl.concat(parts)


def _placement_rows(context: Context, book: Cases) -> pl.DataFrame:
    """Placements in temporary homes: the true stays, hung on the household's latest case."""
    spells, homes = context.spells, context.world.dwellings
    rows = np.flatnonzero(homes.tenure[spells.dwelling] == TA)
    before = spells.starts[rows] < context.first_day
    rows = rows[before | ((rows > 0) & (spells.ended_by[rows - 1] == TO_TEMPORARY))]
    main = np.flatnonzero(book.duty & (book.copy == 0))
    main = main[np.lexsort((book.approach[main], book.household[main]))]
    scale = 2**32
    key = book.household[main] * scale + book.approach[main]
    index = np.searchsorted(key, spells.household[rows] * scale + spells.starts[rows]) - 1
    found = (index >= 0) & (book.household[main[index]] == spells.household[rows])
    rows, case = rows[found], main[index[found]]
    dwelling = spells.dwelling[rows]
    hostel = homes.blpu_class[dwelling] == "RI02"
    kinds = np.array(["NIGHTLY_PAID_SC", "PSL", "LA_HA_STOCK", "BB"], dtype=object)
    kind = kinds[context.streams.choice("ta:kind", np.array([0.4, 0.3, 0.2, 0.1]), dwelling)]
    no_uprn = context.streams.each("ta:uprn", rows) < 0.27
    start, ends = spells.starts[rows], spells.ends[rows]
    base = {
        "case_ref": book.reference[case],
        "placement_seq": 1 + _place_in(case),
        "ta_type": np.where(hostel, "HOSTEL_REFUGE", kind),
        "placement_uprn": np.where(no_uprn, -1, homes.uprn[dwelling]),
        "start_date": start,
    }
    known = start + lag(context, "ta", 2, 0.5, rows)
    over = ends < OPEN
    closed = {name: values[over] for name, values in base.items()} | {"end_date": ends[over]}
    after = np.maximum(ends, known)[over] + lag(context, "ta:end", 4, 0.5, rows[over])
    return pl.concat([frame("hclic_ta", base, known), frame("hclic_ta", closed, after)])


def _place_in(case: Ints) -> Ints:
    """Number of each placement within its case, in order of rows."""
    order = np.argsort(case, kind="stable")
    sorted_case = case[order]
    starts = np.flatnonzero(np.r_[True, sorted_case[1:] != sorted_case[:-1]])
    place = np.arange(len(case)) - np.repeat(starts, np.diff(np.r_[starts, len(case)]))
    out = np.empty(len(case), dtype=np.int64)
    out[order] = place
    return out
