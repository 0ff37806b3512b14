"""What the other services' records were meant to look like, and what they look like.

Homelessness and children's services, schools, adult care, badges, the register, and health beyond
the practice: targets of England, each a planning figure for an invented place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np
import polars as pl

from synthetic.people import YEAR
from synthetic.records.base import Context
from synthetic.records.gp import shared
from synthetic.streams import Flags
from synthetic.targets import Marginal, marginal

Frames = Mapping[str, pl.DataFrame]


def measure_services(context: Context, frames: Frames) -> Iterator[Marginal]:
    """Every measure whose tables the place has."""
    parts: tuple[tuple[tuple[str, ...], Callable[[Context, Frames], Iterator[Marginal]]], ...] = (
        (("hclic_support",), _support),
        (("hreg_application",), _register),
        (("cs_cin",), _children),
        (("school_pupil",), _schools),
        (("asc_cld_event",), _adults),
        (("blue_badge",), _badges),
        (("tt_referral", "gp_measure"), _therapies),
    )
    for needs, measure in parts:
        if set(needs) <= set(frames):
            yield from measure(context, frames)


def _people(context: Context, day: int, low: float, high: float) -> int:
    members = context.members
    here = (members.starts <= day) & (day < members.ends)
    old = (day - context.world.people.dob[members.person]) / YEAR
    return int((here & (old >= low) & (old < high)).sum())


def _person_years(context: Context, low: float, high: float) -> float:
    counts = [_people(context, int(day), low, high) for day in context.months[:-1:6]]
    return float(np.mean(counts)) * context.world.latent.months / 12


def _households(context: Context) -> float:
    return float(np.mean([month.alive.sum() for month in context.world.at_risk]))


def _years(context: Context) -> float:
    return context.world.latent.months / 12


def _latest(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return frame.sort("recorded_date", maintain_order=True).unique(key, keep="last")


def _stock(context: Context, rows: pl.DataFrame, start: str, end: str) -> float:
    """Mean number open, over a day in every sixth month."""
    begins = rows[start].cast(pl.Int32).to_numpy()
    ends = rows[end].cast(pl.Int32).fill_null(2**31 - 1).to_numpy()
    days = context.months[6:-1:6]
    return float(np.mean([((begins <= day) & (day < ends)).sum() for day in days]))


def _support(_: Context, frames: Frames) -> Iterator[Marginal]:
    owed = frames["hclic_duty"]["case_ref"].n_unique()
    needs = frames["hclic_support"]
    yield marginal("cases with a support need", 0.55, needs["case_ref"].n_unique() / owed, 0.15)
    for code, target in (
        ("MENTAL_HEALTH", 0.28),
        ("PHYS_ILL_DISAB", 0.20),
        ("DOMESTIC_ABUSE", 0.13),
    ):
        share = needs.filter(pl.col("need_code") == code)["case_ref"].n_unique() / owed
        yield marginal(f"cases with need {code}", target, share, 0.25)


def _register(context: Context, frames: Frames) -> Iterator[Marginal]:
    rows = _latest(frames["hreg_application"], ["app_ref"])
    stock = _stock(context, rows, "registered_date", "closed_date")
    yield marginal("households on the housing register", 0.057, stock / _households(context), 0.2)


def _children(context: Context, frames: Frames) -> Iterator[Marginal]:
    children = _person_years(context, 0, 18) / _years(context)
    need = _latest(frames["cs_cin"], ["cine_referral_id", "cine_person_id"])
    stock = _stock(context, need, "cine_referral_date", "cine_close_date")
    yield marginal("children in need", 0.033, stock / children, 0.2)
    new = need.filter(pl.col("cine_referral_date").cast(pl.Int32) >= context.first_day).height
    yield marginal("children referred in a year", 0.053, new / children / _years(context), 0.2)
    plans = _latest(frames["cs_cp_plan"], ["cppl_cp_plan_id"])
    stock = _stock(context, plans, "cppl_start_date", "cppl_end_date")
    yield marginal("children on a protection plan", 0.0041, stock / children, 0.35)
    care = _latest(frames["cs_cla"], ["clae_cla_episode_id"])
    stock = _stock(context, care, "clae_start_date", "clae_ceased_date")
    yield marginal("children looked after", 0.0067, stock / children, 0.35)
    help_ = _latest(frames["cs_early_help"], ["earl_episode_id"])
    stock = _stock(context, help_, "earl_episode_start_date", "earl_episode_end_date")
    yield marginal("children in early help", 0.042, stock / children, 0.2)


def _schools(_: Context, frames: Frames) -> Iterator[Marginal]:
    pupils, terms = frames["school_pupil"], frames["school_attendance"]
    before = pupils.filter(pl.col("fsm_rule_era") == "EARNINGS")
    yield marginal("pupils with free meals", 0.246, _share(before["fsm_eligible"]), 0.1)
    for code, target in (("E", 0.053), ("K", 0.142)):
        yield marginal(f"pupils with needs {code}", target, _share(pupils["sen_provision"] == code))
    other = pupils["language_group"].is_in(["OTH", "OTB"])
    yield marginal("pupils with another first language", 0.21, _share(other), 0.15)
    absent = pl.col("sessions_authorised") + pl.col("sessions_unauthorised")
    rate = terms.select((absent / pl.col("sessions_possible")).alias("rate"))["rate"]
    whole = terms.select(absent.sum() / pl.col("sessions_possible").sum()).item()
    yield marginal("sessions missed", 0.069, whole, 0.1)
    yield marginal("pupils persistently absent", 0.187, _share(rate >= 0.1), 0.1)
    meals = pupils.select("upn", "census_date", "fsm_eligible").with_columns(
        terms.select((absent / pl.col("sessions_possible")).alias("rate"))["rate"]
    )
    for eligible, target in ((True, 0.317), (False, 0.144)):
        mine = meals.filter(pl.col("fsm_eligible") == eligible)["rate"]
        name = "with" if eligible else "without"
        yield marginal(f"persistently absent {name} free meals", target, _share(mine >= 0.1), 0.15)
    years = pupils.height / 3
    bans = frames["school_exclusion"]
    short = bans.filter(pl.col("category") == "SUSP").height / years
    yield marginal("suspensions a year per pupil", 0.113, short, 0.2)
    gone = bans.filter(pl.col("category") == "PERM").height / years
    yield marginal("permanent exclusions a year per pupil", 0.0013, gone, 0.4)


def _share(values: pl.Series) -> float:
    mean = values.mean()
    return float(mean) if isinstance(mean, int | float) else float("nan")


def _adults(context: Context, frames: Frames) -> Iterator[Marginal]:
    events = frames["asc_cld_event"]
    key = ["la_person_id", "event_type", "event_ref", "event_start_date"]
    long = _latest(events.filter(pl.col("service_type").str.starts_with("Long")), key)
    born = long["birth_year"]
    day_year = 1970 + (context.last_day + context.first_day) / 2 / YEAR
    for name, low, high, target in (
        ("18 to 64", 18, 65, 0.0090),
        ("65 and over", 65, 130, 0.0546),
    ):
        mine = long.filter((day_year - born >= low) & (day_year - born < high))
        people = _person_years(context, low, high) / _years(context)
        stock = _stock(context, mine, "event_start_date", "event_end_date")
        yield marginal(f"long-term support, {name}", target, stock / people, 0.25)
    adults = _person_years(context, 18, 130)
    asked = events.filter(pl.col("event_type") == "Request").height
    yield marginal("requests for support a year per adult", 0.046, asked / adults, 0.15)
    concerns = _latest(frames["asc_safeguarding"], ["concern_id"])
    yield marginal("concerns a year per adult", 0.0147, concerns.height / adults, 0.2)
    enquiries = concerns.drop_nulls("s42_enquiry_start")
    yield marginal("enquiries a year per adult", 0.0042, enquiries.height / adults, 0.3)
    home = _share(enquiries["location"] == "OWN_HOME")
    yield marginal("enquiries about the own home", 0.47, home, 0.2)


def _badges(context: Context, frames: Frames) -> Iterator[Marginal]:
    rows = _latest(frames["blue_badge"], ["badge_no"])
    stock = _stock(context, rows, "start_date", "expiry_date")
    people = _person_years(context, 0, 130) / _years(context)
    yield marginal("people with a blue badge", 0.049, stock / people, 0.15)


def _sharing(context: Context) -> Flags:
    return shared(context, np.arange(context.world.people.n))


def _therapies(context: Context, frames: Frames) -> Iterator[Marginal]:
    share = float(_sharing(context).mean())
    rows = _latest(frames["tt_referral"], ["nhs_pid", "received_date"])
    yearly = rows.height / share / _households(context) / _years(context)
    yield marginal("referrals to talking therapies a year per household", 0.075, yearly, 0.15)
    over = rows.drop_nulls("end_date")
    yield marginal("talking therapies completed", 0.37, _share(over["end_code"] == "COMPLETED"))
    frail = frames["gp_measure"].filter(pl.col("measure") == "EFI")["value"]
    for name, low, high, target in (
        ("fit", -1.0, 0.12, 0.50),
        ("mild", 0.12, 0.24, 0.35),
        ("moderate", 0.24, 0.36, 0.12),
        ("severe", 0.36, 1.0, 0.03),
    ):
        yield marginal(
            f"frailty {name}, 65 and over", target, _share((frail > low) & (frail <= high))
        )
