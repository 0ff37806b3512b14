"""Children's services' papers: contacts, early help, need, factors, enquiries, plans and care."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from synthetic.causes import F, H, K
from synthetic.records.base import Context, frame, lag, references
from synthetic.records.childhood import NO_DAY, Cases
from synthetic.records.processes import month_of, need_of
from synthetic.streams import Flags, Ints, Strings

_SOURCES = ("6", "2A", "1A", "3E", "3B", "3A", "5B", "4", "9", "8")
_SOURCE_WEIGHTS = np.array([0.28, 0.21, 0.12, 0.08, 0.06, 0.05, 0.08, 0.04, 0.04, 0.04])
_CATEGORIES = ("NEG", "EMO", "PHY", "SAB", "MUL")
_CATEGORY_WEIGHTS = np.array([0.49, 0.36, 0.08, 0.04, 0.03])
_LEGAL = ("V2", "C1", "C2", "E1", "L1")
_LEGAL_WEIGHTS = np.array([0.42, 0.34, 0.16, 0.05, 0.03])
_LEFT_CARE = ("E4A", "E8", "E48", "E13", "E12", "E4B")
_LEFT_WEIGHTS = np.array([0.34, 0.22, 0.16, 0.12, 0.09, 0.07])


def person_numbers(person: Ints) -> Strings:
    """The system's number of each person."""
    return references("CP", person * 7919 % 10_000_019, 8)


def process_tables(context: Context, book: Cases) -> dict[str, pl.DataFrame]:
    """Every table of what was done, from the same courses."""
    need = book.where(np.isin(book.kind, ("need", "harm", "plan", "care")))
    return {
        "cs_contact": _contacts(context, book),
        "cs_early_help": _early_help(context, book.where(book.kind == "help")),
        "cs_cin": _need(context, need),
        "cs_assessment_factor": _factors(context, need),
        "cs_s47": _enquiries(context, need),
        "cs_cp_plan": _plans(context, need.where(need.plan != NO_DAY)),
        "cs_cla": _care(context, need.where(need.care != NO_DAY)),
    }


def _versions(
    table: str,
    base: Mapping[str, Any],
    end: Mapping[str, Any],
    *,
    known: Ints,
    done: Flags,
    after: Ints,
) -> pl.DataFrame:
    """A row when it begins, and again when it has ended."""
    closed = {name: np.asarray(values)[done] for name, values in (dict(base) | dict(end)).items()}
    later = np.maximum(after, known + 1)[done]
    return pl.concat([frame(table, base, known), frame(table, closed, later)])


def _source_codes(context: Context, name: str, book: Cases) -> Strings:
    pick = context.streams.choice(f"cs:source:{name}", _SOURCE_WEIGHTS, book.household, book.starts)
    return np.array(_SOURCES, dtype=object)[pick]


def _contacts(context: Context, book: Cases) -> pl.DataFrame:
    """A contact before each referral and each spell of help, and those that came to nothing."""
    made = book.where(np.isin(book.kind, ("contact", "need", "harm", "help")))
    made = made.where(made.starts >= context.first_day)
    u = context.streams.each("cs:contact", made.household, made.starts)
    nothing = np.where(u < 0.6, "No Further Action", "Information and Advice")
    outcome = np.where(made.kind == "help", "EH Referral", "CIN Referral")
    number = np.arange(len(made.person))
    columns = {
        "cont_contact_id": references("CC", number, 7),
        "cont_person_id": person_numbers(made.person),
        "cont_contact_date": made.starts,
        "cont_contact_source_code": _source_codes(context, "contact", made),
        "outcome": np.where(made.kind == "contact", nothing, outcome),
    }
    return frame("cs_contact", columns, made.starts + lag(context, "cs:contact", 2, 0.6, number))


def _early_help(context: Context, book: Cases) -> pl.DataFrame:
    number = np.arange(len(book.person))
    u = context.streams.each("cs:help:end", book.household, book.starts)
    names = np.array(["NEEDS_MET", "DISENGAGED", "STEP_UP", "MOVED", "OTHER"], dtype=object)
    leads = np.array(["COUNCIL", "COUNCIL", "SCHOOL", "SCHOOL", "HEALTH", "VOLUNTARY"])
    lead = np.floor(6 * context.streams.each("cs:help:lead", book.household, book.starts))
    base = {
        "earl_episode_id": references("EH", number, 7),
        "earl_person_id": person_numbers(book.person),
        "earl_episode_start_date": book.starts,
        "earl_episode_reason": _needs(context, book),
        "earl_episode_organisation": leads[lead.astype(int)],
    }
    end = {
        "earl_episode_end_date": book.ends,
        "earl_episode_end_reason": names[np.searchsorted([0.55, 0.75, 0.87, 0.93], u)],
    }
    known = book.starts + lag(context, "cs:help", 12, 0.6, number)
    after = book.ends + lag(context, "cs:help:end", 12, 0.6, number)
    return _versions(
        "cs_early_help", base, end, known=known, done=book.ends <= context.last_day, after=after
    )


def _needs(context: Context, book: Cases) -> Strings:
    """The main need: what weighs most in the household, abuse or neglect the commonest of all."""
    month = month_of(context, book.starts)
    strain = need_of(context, book.household, month, F)
    burden = need_of(context, book.household, month, H)
    u = context.streams.each("cs:need", book.household, book.starts)
    code = np.where(u < 0.14, "N4", np.where(u < 0.19, "N2", np.where(u < 0.22, "N8", "N1")))
    code = np.where((burden > 1.0) & (u > 0.7), "N3", code)
    code = np.where((strain > 1.2) & (u > 0.92), "N7", code)
    code = np.where((u > 0.55) & (u < 0.70), "N5", np.where(u > 0.985, "N0", code))
    return code.astype(object)


def _need(context: Context, book: Cases) -> pl.DataFrame:
    u = context.streams.each("cs:closes", book.household, book.starts)
    left = np.array(["RC8", "RC7", "RC9", "RC5", "RC6"], dtype=object)
    reason = left[np.searchsorted([0.48, 0.78, 0.93, 0.98], u)]
    adopted = (book.care != NO_DAY) & (_leaves_care(context, book) == "E12")
    reason = np.where(adopted, "RC1", reason)
    nothing = book.ends - book.starts <= 12
    base = {
        "cine_referral_id": references("CR", book.family, 7),
        "cine_person_id": person_numbers(book.person),
        "cine_referral_date": book.starts,
        "cine_referral_source_code": _source_codes(context, "need", book),
        "cine_cin_primary_need_code": _needs(context, book),
        "cine_referral_nfa": nothing,
    }
    end = {"cine_close_date": book.ends, "cine_close_reason": np.where(nothing, "RC8", reason)}
    ids = (book.person, book.starts)
    known = book.starts + lag(context, "cs:need", 4, 0.6, *ids)
    after = book.ends + lag(context, "cs:need:end", 9, 0.6, *ids)
    return _versions(
        "cs_cin", base, end, known=known, done=book.ends <= context.last_day, after=after
    )


_FACTOR_SHARES = {
    "3B": 0.46,
    "4B": 0.34,
    "4A": 0.17,
    "1B": 0.16,
    "2B": 0.16,
    "17A": 0.22,
    "16A": 0.20,
    "7A": 0.05,
    "6A": 0.07,
    "15A": 0.05,
    "14A": 0.06,
    "24A": 0.02,
    "19A": 0.04,
    "13A": 0.01,
}


def _factors(context: Context, book: Cases) -> pl.DataFrame:
    """What an assessment found, once a referral was taken up."""
    taken = book.where((book.ends - book.starts > 30) & (book.starts >= context.first_day))
    month = month_of(context, taken.starts)
    burden = need_of(context, taken.household, month, H)
    load = need_of(context, taken.household, month, K)
    number = taken.family * 10 + taken.person % 10
    signed = taken.starts + 32 + (taken.family * 7) % 13
    parts = []
    for code, share in _FACTOR_SHARES.items():
        more = np.exp(0.5 * burden if code[0] == "4" else 0.25 * load)
        u = context.streams.each(f"cs:factor:{code}", taken.household, taken.starts)
        rows = np.flatnonzero(u < share * np.clip(more, 0.3, 1.8))
        columns = {
            "cina_assessment_id": references("CA", number[rows], 8),
            "cina_person_id": person_numbers(taken.person[rows]),
            "cina_assessment_auth_date": signed[rows],
            "factor": np.full(len(rows), code),
        }
        late = lag(context, "cs:factor", 4, 0.5, taken.person[rows], taken.starts[rows])
        parts.append(frame("cs_assessment_factor", columns, signed[rows] + late))
    return pl.concat(parts).unique(
        ["cina_assessment_id", "factor"], keep="first", maintain_order=True
    )


def _enquiries(context: Context, book: Cases) -> pl.DataFrame:
    """An enquiry before each plan and each urgent care, and others that were not borne out."""
    new = book.where(book.starts >= context.first_day)
    u = context.streams.each("cs:s47", new.household, new.starts)
    harmed = (new.kind == "harm") | ((new.kind == "need") & (u < 0.22))
    new, u = new.where(harmed), u[harmed]
    start = new.starts + np.where(new.kind == "harm", 2, 9)
    end = start + 10 + np.floor(8 * u).astype(np.int64)
    conference = (new.kind == "harm") & (new.plan != NO_DAY)
    outcome = np.where(
        conference, "CONFERENCE", np.where(u < 0.1, "NO_CONFERENCE", "NOT_BORNE_OUT")
    )
    number = np.arange(len(start))
    base = {
        "s47e_s47_enquiry_id": references("CS", number, 7),
        "s47e_person_id": person_numbers(new.person),
        "s47e_start_date": start,
    }
    over = {
        "s47e_end_date": end,
        "s47e_nfa": outcome == "NOT_BORNE_OUT",
        "s47e_outcome": outcome.astype(object),
    }
    known = start + lag(context, "cs:s47", 3, 0.5, number)
    after = end + lag(context, "cs:s47:end", 5, 0.5, number)
    return _versions("cs_s47", base, over, known=known, done=end <= context.last_day, after=after)


def _plans(context: Context, book: Cases) -> pl.DataFrame:
    ids = (book.household, book.plan)
    pick = context.streams.choice("cs:category", _CATEGORY_WEIGHTS, *ids)
    category = np.array(_CATEGORIES, dtype=object)[pick]
    changed = context.streams.each("cs:category:new", *ids) < 0.08
    number = np.arange(len(book.plan))
    base = {
        "cppl_cp_plan_id": references("PL", number, 7),
        "cppl_person_id": person_numbers(book.person),
        "cppl_start_date": book.plan,
        "cppl_initial_category": category,
        "cppl_latest_category": category,
    }
    end = {
        "cppl_end_date": book.plan_ends,
        "cppl_latest_category": np.where(changed, "MUL", category).astype(object),
    }
    known = book.plan + lag(context, "cs:plan", 5, 0.5, number)
    after = book.plan_ends + lag(context, "cs:plan:end", 9, 0.5, number)
    keep = book.plan <= context.last_day
    kept = {name: np.asarray(values)[keep] for name, values in base.items()}
    ends = {name: np.asarray(values)[keep] for name, values in end.items()}
    over = (book.plan_ends <= context.last_day)[keep]
    return _versions("cs_cp_plan", kept, ends, known=known[keep], done=over, after=after[keep])


def _leaves_care(context: Context, book: Cases) -> Strings:
    pick = context.streams.choice("cs:left", _LEFT_WEIGHTS, book.person, book.starts)
    return np.array(_LEFT_CARE, dtype=object)[pick]


def _care(context: Context, book: Cases) -> pl.DataFrame:
    book = book.where(book.care <= context.last_day)
    pick = context.streams.choice("cs:legal", _LEGAL_WEIGHTS, book.household, book.care)
    old = (book.care_ends - context.world.people.dob[book.person]) >= int(17.9 * 365.25)
    number = np.arange(len(book.care))
    base = {
        "clae_cla_episode_id": references("CL", number, 7),
        "clae_person_id": person_numbers(book.person),
        "clae_start_date": book.care,
        "clae_start_reason": np.full(len(number), "S"),
        "clae_legal_status": np.array(_LEGAL, dtype=object)[pick],
        "clae_entered_care_date": book.care,
        "clae_uasc": np.zeros(len(number), dtype=bool),
    }
    end = {
        "clae_ceased_date": book.care_ends,
        "clae_ceased_reason": np.where(old, "E5", _leaves_care(context, book)).astype(object),
    }
    known = book.care + lag(context, "cs:care", 4, 0.5, number)
    after = book.care_ends + lag(context, "cs:care:end", 9, 0.5, number)
    return _versions(
        "cs_cla", base, end, known=known, done=book.care_ends <= context.last_day, after=after
    )
