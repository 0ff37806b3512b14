"""The naive side of school, family help, adult social care and the housing register."""

from __future__ import annotations

from contracts.months import month_index
from tests.unit.features.naive.view import (
    ORACLE,
    Number,
    Row,
    View,
    by_key,
    count,
    largest,
    since,
    unless,
    yes_no,
)


def _terms(v: View, months: int) -> list[Row]:
    return [
        row
        for row in v.rows("school_attendance", "upn")
        if v.last(row, "term_end", months)
        and row["sessions_possible"] > 0
        and None not in (row["sessions_authorised"], row["sessions_unauthorised"])
    ]


def _share(terms: list[Row], *columns: str) -> Number:
    possible = sum(row["sessions_possible"] for row in terms)
    return sum(row[c] for row in terms for c in columns) / possible if possible else None


_AWAY = ("sessions_authorised", "sessions_unauthorised")
ORACLE["school_away_share_12m"] = unless(View.school, lambda v: _share(_terms(v, 12), *_AWAY))


count(
    "school_suspensions_12m",
    12,
    lambda r: True,
    table="school_exclusion",
    attach="upn",
    dated="start_date",
    covered=View.school,
)
_STAGE = {"R": 1, "2": 1, "5": 1, "7": 2, "9": 2, "12": 2}


def _changed(v: View) -> bool:
    for rows in by_key(v.rows("school_pupil", "upn"), "upn"):
        schools: dict[int, set[str]] = {}
        for row in rows:
            if v.last(row, "census_date", 12) and row["nc_year"] is not None:
                schools.setdefault(_STAGE[row["nc_year"]], set()).add(row["urn"])
        if any(len(found) > 1 for found in schools.values()):
            return True
    return False


yes_no("school_changed_12m", _changed, View.school)


def _meals(v: View) -> Number:
    newest = []
    for rows in by_key(v.rows("school_pupil", "upn"), "upn"):
        have = [
            row
            for row in rows
            if v.last(row, "census_date", 12)
            and row["fsm_rule_era"] == "EARNINGS"
            and row["fsm_eligible"] is not None
        ]
        if have:
            newest.append(float(max(have, key=lambda row: row["census_date"])["fsm_eligible"]))
    return largest(newest)


ORACLE["school_free_meals"] = unless(View.school, _meals)


def _well(v: View) -> Number:
    share = _share(_terms(v, 12), *_AWAY)
    if share is None:
        return None
    suspended = any(v.last(row, "start_date", 12) for row in v.rows("school_exclusion", "upn"))
    return float(share < 0.05 and not suspended)


ORACLE["strength_at_school"] = unless(View.school, _well)

count(
    "family_contacts_12m",
    12,
    lambda r: r["cont_contact_source_code"] != "6",
    table="cs_contact",
    attach="pers_person_id",
    dated="cont_contact_date",
)
yes_no(
    "family_need_open",
    lambda v: any(
        v.live(r, "cine_referral_date", "cine_close_date") and not r["cine_referral_nfa"]
        for r in v.rows("cs_cin", "pers_person_id")
    ),
)


def _help(v: View) -> list[Row]:
    return v.rows("cs_early_help", "pers_person_id")


yes_no(
    "family_help_began_12m",
    lambda v: any(v.last(r, "earl_episode_start_date", 12) for r in _help(v)),
)
yes_no(
    "strength_family_help",
    lambda v: any(v.live(r, "earl_episode_start_date", "earl_episode_end_date") for r in _help(v)),
)
yes_no(
    "strength_family_help_done",
    lambda v: any(
        r["earl_episode_end_reason"] == "NEEDS_MET" and v.last(r, "earl_episode_end_date", 24)
        for r in _help(v)
    ),
)


def _asks(v: View) -> list[Row]:
    rows = v.rows("asc_cld_event", "la_person_id")
    return [r for r in rows if r["event_type"] == "Request"]


_NOTHING = (
    "NFA - Information & Advice / Signposting only",
    "NFA - No services offered: Other reason",
    "NFA - Support declined",
)
ORACLE["care_requests_12m"] = lambda v: float(
    sum(v.last(r, "event_start_date", 12) for r in _asks(v))
)
ORACLE["care_requests_without_service_24m"] = lambda v: float(
    sum(v.last(r, "event_start_date", 24) and r["event_outcome"] in _NOTHING for r in _asks(v))
)
since(
    "care_days_since_request",
    lambda r: r["event_type"] == "Request",
    36,
    table="asc_cld_event",
    attach="la_person_id",
    dated="event_start_date",
)
yes_no(
    "strength_care_in_place",
    lambda v: any(
        r["event_type"] == "Service" and v.live(r, "event_start_date", "event_end_date")
        for r in v.rows("asc_cld_event", "la_person_id")
    ),
)


def _waiting(v: View) -> list[Row]:
    rows = v.rows("hreg_application", "app_ref")
    return [r for r in rows if v.live(r, "registered_date", "closed_date")]


yes_no(
    "register_joined_12m",
    lambda v: any(v.last(r, "registered_date", 12) for r in v.rows("hreg_application", "app_ref")),
)
ORACLE["register_months_waiting"] = lambda v: float(
    max(
        (month_index(v.t) - month_index(r["registered_date"]) for r in _waiting(v)),
        default=0,
    )
)
yes_no(
    "register_priority",
    lambda v: any(
        r["reasonable_preference"] in ("HOMELESS", "UNSATISFACTORY_OVERCROWDED", "HARDSHIP")
        for r in _waiting(v)
    ),
)
