"""Adult social care in the shape of the return: requests, assessments, services, reviews."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from synthetic.population import COUNCIL, OWNER, RP, TA
from synthetic.records.adult_need import Care, care_number, years_old
from synthetic.records.base import (
    Context,
    blanked,
    expanded,
    frame,
    keyed_hashes,
    lag,
    references,
    stay_on,
)
from synthetic.stays import OPEN
from synthetic.streams import Floats, Ints, Strings

_RETIRED = "Not in Paid Employment (not actively seeking work / retired)"
_RENTS_PRIVATELY = "Tenant - private landlord"
_ETHNIC = (
    "English, Welsh, Scottish, Northern Irish or British",
    "Pakistani",
    "African",
    "White and Black Caribbean",
    "Any other ethnic group",
)


def _about(context: Context, person: Ints, day: Ints) -> dict[str, object]:
    """What every event repeats of its person."""
    world, streams = context.world, context.streams
    dob = world.people.dob[person].astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    u = streams.each("asc:eth", person)
    ethnic = np.array(_ETHNIC, dtype=object)[world.people.group[person]]
    ethnic[u < 0.08] = "No data - Undeclared or Not known"
    old = years_old(context, person, day)
    lives = _accommodation(context, person, day)
    works = np.where(
        old >= 66, "Not in Paid Employment (not actively seeking work / retired)", "Unknown"
    )
    carer = streams.each("asc:carer", person) < 0.45
    pseudonym = keyed_hashes(context.key, "nhs:asc", person)
    died = world.homes.death_day[person]
    return {
        "la_person_id": care_number(person),
        "nhs_number_pseudo": blanked(pseudonym, streams.each("asc:nhs", person) < 0.07),
        "gender": np.where(world.people.male[person], "Male", "Female"),
        "ethnicity": ethnic,
        "birth_month": dob % 12 + 1,
        "birth_year": 1970 + dob // 12,
        "date_of_death": np.where(died <= day, died, OPEN),
        "primary_support_reason": _reasons(context, person, old),
        "accommodation_status": lives,
        "employment_status": blanked(works, streams.each("asc:work", person) < 0.4),
        "has_unpaid_carer": carer,
    }


def _accommodation(context: Context, person: Ints, day: Ints) -> Strings:
    world = context.world
    stay = stay_on(
        context.spells, world.people.household[person], np.maximum(day, context.first_day)
    )
    tenure = world.dwellings.tenure[context.spells.dwelling[np.maximum(stay, 0)]]
    names = {
        OWNER: "Owner occupier or shared ownership scheme",
        COUNCIL: "Tenant",
        RP: "Tenant",
        TA: "Placed in temporary accommodation by the council",
    }
    words = np.array(
        [names.get(code, "Tenant - private landlord") for code in range(5)], dtype=object
    )
    out = np.where(stay < 0, "Unknown", words[tenure]).astype(object)
    out[context.streams.each("asc:lives", person) < 0.2] = "Unknown"
    return out


def _reasons(context: Context, person: Ints, old: Floats) -> Strings:
    u = context.streams.each("asc:reason", person)
    younger = np.array(
        [
            "Learning Disability Support",
            "Mental Health Support",
            "Physical Support: Personal care support",
            "Physical Support: Access and mobility only",
            "Social Support: Support for Social Isolation/Other",
            "Social Support: Substance misuse support",
        ],
        dtype=object,
    )[np.searchsorted([0.40, 0.62, 0.86, 0.95, 0.985], u)]
    older = np.array(
        [
            "Physical Support: Personal care support",
            "Support with Memory and Cognition",
            "Physical Support: Access and mobility only",
            "Mental Health Support",
            "Sensory Support: Support for visual impairment",
        ],
        dtype=object,
    )[np.searchsorted([0.65, 0.80, 0.93, 0.98], u)]
    out = np.where(old >= 65, older, younger).astype(object)
    out[context.streams.each("asc:reason:none", person) < 0.05] = None
    return out


def event_rows(context: Context, book: Care) -> pl.DataFrame:
    """Requests and what they led to, services when they begin and end, and a review each year."""
    keep = book.asked_on <= context.last_day
    asked, day, leads = book.asked[keep], book.asked_on[keep], book.leads_to[keep]
    taken = leads != "nothing"
    parts = [
        _event(context, "Request", asked, (day, day), _request_columns(context, asked, day, leads)),
        _event(
            context,
            "Assessment",
            asked[taken],
            (day[taken] + 20, day[taken] + 34),
            {
                "event_outcome": np.where(
                    leads[taken] == "long",
                    "Progress to Support Planning / Services",
                    "Progress to Reablement/ST-Max",
                )
            },
        ),
    ]
    short = leads == "short"
    parts.append(
        _event(
            context,
            "Service",
            asked[short],
            (day[short] + 36, day[short] + 76),
            {
                "service_type": np.full(int(short.sum()), "Short Term Support: ST-Max"),
                "event_outcome": np.full(int(short.sum()), "Service ended as planned"),
            },
        )
    )
    parts.append(_services(context, book))
    parts.append(_reviews(context, book))
    return pl.concat(parts)


def _event(
    context: Context, kind: str, person: Ints, span: tuple[Ints, Ints], more: Mapping[str, object]
) -> pl.DataFrame:
    """Events of one kind that are recorded once, when they are over."""
    start, end = span
    columns = _about(context, person, start) | {
        "client_type": np.full(len(person), "Service User"),
        "event_type": np.full(len(person), kind),
        # Two people's events often share a reference: it is not unique.
        "event_ref": references(kind[0], (person * 13 + start) % 500_009, 6),
        "event_start_date": start,
        "event_end_date": end,
    }
    known = np.maximum(start, np.where(end >= OPEN, start, end))
    known = known + lag(context, f"asc:{kind}", 10, 0.6, person, start)
    found = frame("asc_cld_event", {**columns, **more}, known)
    return found.filter(pl.Series(start <= context.last_day)).unique(
        ["la_person_id", "event_type", "event_ref", "event_start_date"],
        keep="first",
        maintain_order=True,
    )


def _request_columns(
    context: Context, person: Ints, day: Ints, leads: Strings
) -> dict[str, object]:
    u = context.streams.each("asc:route", person, day)
    route = np.where(u < 0.24, "Discharge from hospital", "Community / other route").astype(object)
    route[u > 0.985] = "Self-funder with depleted funds"
    nothing = np.array(
        [
            "NFA - Information & Advice / Signposting only",
            "NFA - No services offered: Other reason",
            "NFA - Support declined",
            "NFA - Self-funded client",
        ],
        dtype=object,
    )[np.searchsorted([0.62, 0.85, 0.94], context.streams.each("asc:nfa", person, day))]
    outcome = np.where(leads == "nothing", nothing, "Progress to Assessment").astype(object)
    return {"request_route_of_access": route, "event_outcome": outcome}


def _service_columns(context: Context, person: Ints, start: Ints) -> dict[str, object]:
    streams = context.streams
    u = streams.each("asc:paid", person, start)
    names = np.array(
        ["CASSR Managed Personal Budget", "Direct Payment", "CASSR Commissioned Support"],
        dtype=object,
    )
    hours = 4 + np.floor(16 * streams.each("asc:hours", person, start) ** 2)
    unknown = streams.each("asc:cost", person, start) < 0.3
    return {
        "service_type": np.full(len(person), "Long Term Support: Community"),
        "service_component": np.full(len(person), "Home Support"),
        "delivery_mechanism": blanked(names[np.searchsorted([0.68, 0.90], u)], u > 0.8),
        "unit_cost": np.where(unknown, np.nan, 21.0 + np.round(6 * u, 2)),
        "cost_frequency": blanked(np.full(len(person), "Hourly"), unknown),
        "planned_units_pw": np.where(unknown, np.nan, hours),
    }


def _services(context: Context, book: Care) -> pl.DataFrame:
    """Long-term services when they begin, and again when they have ended."""
    keep = book.starts <= context.last_day
    person, start, end = book.person[keep], book.starts[keep], book.ends[keep]
    columns = _service_columns(context, person, start)
    opened = _event(context, "Service", person, (start, np.full(len(person), OPEN)), columns)
    over = np.flatnonzero(end <= context.last_day)
    died = context.world.homes.death_day[person[over]] <= end[over] + 5
    ended = {name: np.asarray(values)[over] for name, values in columns.items()} | {
        "event_outcome": np.where(died, "NFA - Deceased", "NFA - Support ended: Other reason")
    }
    return pl.concat(
        [opened, _event(context, "Service", person[over], (start[over], end[over]), ended)]
    )


def _reviews(context: Context, book: Care) -> pl.DataFrame:
    first = np.maximum(book.starts, context.first_day) + 365
    last = np.minimum(book.ends, context.last_day)
    count = np.maximum((last - first) // 365 + 1, 0)
    row, year = expanded(np.zeros(len(count), dtype=np.int64), count)
    late = np.floor(150 * context.streams.each("asc:review", book.person[row], year)).astype(int)
    day = first[row] + 365 * year + late
    inside = day < last[row]
    row, day = row[inside], day[inside]
    u = context.streams.each("asc:reviewed", book.person[row], day)
    columns = {
        "review_reason": np.where(u < 0.7, "Planned", "Unplanned"),
        "review_outcomes_achieved": np.where(u < 0.6, "Fully", "Partially"),
        "event_outcome": np.where(u < 0.8, "No change in package", "Provision of service"),
    }
    return _event(context, "Review", book.person[row], (day, day), columns)
