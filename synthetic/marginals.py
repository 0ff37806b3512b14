"""What the place was meant to look like, and what it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from synthetic.causes import NAMES, PROCESSES
from synthetic.dwellings import BANDS
from synthetic.people import YEAR
from synthetic.population import GROUP_SHARES, TENURES
from synthetic.records.base import Context
from synthetic.records.gp import nhs_pids, shared
from synthetic.service_marginals import measure_services
from synthetic.settings import GROUPS
from synthetic.stays import MOVED
from synthetic.streams import Flags, Ints
from synthetic.targets import Marginal, marginal

_AGES = (0, 5, 10, 15, 20, 25, 35, 50, 65, 80, 120)
_AGE_SHARES = (0.054, 0.059, 0.060, 0.057, 0.060, 0.136, 0.195, 0.194, 0.135, 0.050)
_SIZE_SHARES = (0.301, 0.340, 0.160, 0.129, 0.046, 0.024)
_TENURE_SHARES = (0.623, 0.083, 0.088, 0.206)


def measure(context: Context, frames: Mapping[str, pl.DataFrame]) -> list[Marginal]:
    """Every measure that the place's sources allow."""
    return [
        *_people(context),
        *_homes(context),
        *_outcomes(context),
        *(_council_tax(context, frames) if "ctax_recovery" in frames else ()),
        *(_rent(context, frames) if "rent_balance" in frames else ()),
        *(_benefits(context, frames) if "uc_award" in frames else ()),
        *(_health(context, frames) if {"gp_condition", "ae_attendance"} <= set(frames) else ()),
        *measure_services(context, frames),
    ]


def _household_years(context: Context) -> float:
    return float(sum(month.alive.sum() for month in context.world.at_risk)) / 12


def _present(starts: Ints, ends: Ints, day: int) -> Flags:
    return np.asarray((starts <= day) & (day < ends), dtype=bool)


def _people(context: Context) -> Iterator[Marginal]:
    world, members = context.world, context.members
    n, day = world.households.initial, context.first_day
    here = _present(members.starts, members.ends, day)
    sizes = np.bincount(members.household[here], minlength=n)[:n]
    shares = np.bincount(np.clip(sizes, 1, 6), minlength=7)[1:] / n
    for size, share in enumerate(shares, start=1):
        yield marginal(f"household size {size}", _SIZE_SHARES[size - 1], share, 0.15)
    yield marginal("people per household", 2.36, here.sum() / n, 0.05)
    age = (day - world.people.dob[members.person[here]]) / YEAR
    counts = np.histogram(age, _AGES)[0] / len(age)
    for low, target, share in zip(_AGES[:-1], _AGE_SHARES, counts, strict=True):
        yield marginal(f"age {low} and over, to the next band", target, share, 0.20)
    groups = np.bincount(world.households.group[:n], minlength=len(GROUPS)) / n
    for name, target, share in zip(GROUPS, GROUP_SHARES, groups, strict=True):
        yield marginal(f"head {name}", float(target), share, 0.15)
    yield marginal("household with a disabled person", 0.32, world.households.disability[:n].mean())
    yield marginal(
        "people who are disabled", 0.173, world.people.disabled[members.person[here]].mean()
    )


def _homes(context: Context) -> Iterator[Marginal]:
    world, spells = context.world, context.spells
    n = world.households.initial
    tenures = np.bincount(world.households.tenure[:n], minlength=4) / n
    for name, target, share in zip(TENURES[:4], _TENURE_SHARES, tenures, strict=True):
        yield marginal(f"tenure {name}", target, share)
    tenure = world.dwellings.tenure[spells.dwelling]
    began = np.maximum(spells.starts, context.first_day)
    years = (np.minimum(spells.ends, context.last_day + 1) - began) / YEAR
    moved = (spells.ended_by <= MOVED) | (spells.ended_by == 3) | (spells.ended_by == 4)
    for name, codes, target in (
        ("OWNER", (0,), 0.04),
        ("social", (1, 2), 0.06),
        ("PRS", (3,), 0.24),
    ):
        mine = np.isin(tenure, codes)
        yield marginal(f"moves a year, {name}", target, moved[mine].sum() / years[mine].sum(), 0.2)
    band = np.bincount(world.dwellings.band[world.dwellings.tenure <= 3], minlength=8)
    for letter, target, share in zip("ABCDEFGH", BANDS, band / band.sum(), strict=True):
        yield marginal(f"band {letter}", float(target), share)


def _outcomes(context: Context) -> Iterator[Marginal]:
    """Recorded rates of the causal core: six months among the eligible, or a month."""
    world = context.world
    months = world.latent.months
    for name in NAMES:
        process, events = PROCESSES[name], world.events[name].kept()
        happened = np.zeros((months, world.households.n), dtype=bool)
        happened[events.month, events.household] = True
        seen: list[tuple[int, int]] = []
        width = 6 if process.outcome else 1
        for month in range(0, months - width + 1, width):
            allowed = world.at_risk[month].eligible(process.to, world.latent.on_uc[month])
            hit = happened[month : month + width].any(axis=0) & allowed
            seen.append((int(hit.sum()), int(allowed.sum())))
        events_seen, eligible = np.array(seen).sum(axis=0)
        span = "in six months" if process.outcome else "in a month"
        yield marginal(f"{name} recorded {span}", process.rate, events_seen / eligible, 0.15)


def _stage_rate(rows: pl.DataFrame, stages: tuple[str, ...], years: float) -> float:
    first = rows.filter(pl.col("stage").is_in(stages)).unique("recovery_id")
    return first.height / years


def _council_tax(context: Context, frames: Mapping[str, pl.DataFrame]) -> Iterator[Marginal]:
    rows, years = frames["ctax_recovery"], _household_years(context) * 0.985
    funnel = {
        "reminder": (("REM1", "REM2"), 0.25),
        "final notice": (("FINAL",), 0.09),
        "summons": (("SUMMONS",), 0.13),
        "liability order": (("LO",), 0.11),
        "enforcement agents": (("EA_REF",), 0.07),
    }
    for name, (stages, target) in funnel.items():
        achieved = _stage_rate(rows, stages, years)
        yield marginal(f"council tax {name} a year per account", target, achieved, 0.20)
    accounts = _current(frames["ctax_account"], ["account_ref"]).filter(
        pl.col("liability_end").is_null()
    )
    debit = (accounts["payment_method"] == "DD").mean()
    yield marginal("accounts paid by direct debit", 0.72, _number(debit))
    discount = _current(frames["ctax_discount"], ["account_ref", "disc_code", "start_date"])
    single = discount.filter((pl.col("disc_code") == "SPD25") & pl.col("end_date").is_null())
    yield marginal("single person discount", 0.33, single.height / accounts.height, 0.15)
    support = _current(frames["ctax_cts"], ["claim_ref", "award_from"])
    open_awards = support.filter(pl.col("award_to").is_null())["account_ref"].n_unique()
    yield marginal("council tax support", 0.15, open_awards / accounts.height, 0.15)


def _current(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return frame.sort("recorded_date", maintain_order=True).unique(key, keep="last")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _rent(context: Context, frames: Mapping[str, pl.DataFrame]) -> Iterator[Marginal]:
    weeks = frames["rent_balance"]["weeks_owed"]
    yield marginal("rent accounts in debit", 0.34, _number((weeks > 0).mean()), 0.15)
    yield marginal("rent accounts over 4 weeks", 0.105, _number((weeks > 4).mean()), 0.25)
    yield marginal("rent accounts over 8 weeks", 0.05, _number((weeks > 8).mean()), 0.30)
    years = frames["rent_balance"].height / 52.18
    notices = frames["rent_action"].filter(pl.col("action_group") == "NOTICE").height
    yield marginal("notices a year per tenancy", 0.09, notices / years, 0.25)
    duties = frames["hclic_duty"].unique(["case_ref", "duty"]) if "hclic_duty" in frames else None
    if duties is not None:
        first = duties.filter(pl.col("duty") != "MAIN").height
        yield marginal(
            "duties a year per household", 0.0138, first / _household_years(context), 0.25
        )


def _benefits(context: Context, frames: Mapping[str, pl.DataFrame]) -> Iterator[Marginal]:
    world = context.world
    alive = np.stack([month.alive for month in world.at_risk])
    on_uc = (world.latent.on_uc & alive).sum() / alive.sum()
    yield marginal("households on Universal Credit", 0.22, on_uc)
    award = _current(frames["uc_award"], ["uc_claim_hash", "ap_end"])
    owing = award.filter(pl.col("notice_type") != "CLOSED")
    yield marginal(
        "claims with a deduction", 0.47, _number((owing["deductions_total_pm"] > 0).mean()), 0.15
    )
    yield marginal(
        "claims under a sanction", 0.016, _number((owing["sanction_reduction_pm"] > 0).mean()), 0.6
    )


def _health(context: Context, frames: Mapping[str, pl.DataFrame]) -> Iterator[Marginal]:
    """Of those who live here and share: the day sixty days before the end is fully known."""
    world, members = context.world, context.members
    known = context.last_day - 60
    person = np.unique(members.person[_present(members.starts, members.ends, known)])
    person = person[shared(context, person)]
    adult = person[world.people.dob[person] < known - 18 * YEAR]
    adults = pl.DataFrame({"nhs_pid": nhs_pids(context, adult)}, schema={"nhs_pid": pl.String})
    depressed = frames["gp_condition"].filter(pl.col("cluster") == "DEPR")
    listed = adults.join(depressed, on="nhs_pid", how="semi").height / adults.height
    yield marginal("adults on the depression register", 0.132, listed, 0.25)
    year = frames["gp_medication"].filter(
        (pl.col("bnf_section") == "0403")
        & pl.col("month").cast(pl.Int32).is_between(known - 364, known)
    )
    treated = adults.join(year, on="nhs_pid", how="semi").height / adults.height
    yield marginal("adults on antidepressants in a year", 0.15, treated, 0.2)
    recent = frames["ae_attendance"].filter(
        pl.col("arrival_ts").dt.date().cast(pl.Int32).is_between(known - 364, known)
    )
    visits = recent.height / len(person)
    yield marginal("emergency attendances a year per person", 0.47, visits, 0.15)
    often = recent.group_by("nhs_pid").len().filter(pl.col("len") >= 5).height
    yield marginal("people with five attendances in a year", 0.0067, often / len(person), 0.4)
