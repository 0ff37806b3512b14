"""Measures of what was recorded: each a name of :data:`synthetic.national.TARGETS` and a number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from synthetic.kinds import DECILES
from synthetic.people import YEAR
from synthetic.population import COUNCIL, RP
from synthetic.records.base import Context
from synthetic.records.gp import nhs_pids, shared
from synthetic.records.rent import tenancies
from synthetic.streams import Floats, Ints

Frames = Mapping[str, pl.DataFrame]
Found = Iterator[tuple[str, float]]


def of_records(context: Context, frames: Frames) -> Found:
    """Every measure that the place's sources allow."""
    yield from _gradients(context)
    if "ctax_recovery" in frames:
        yield from _council_tax(context, frames)
    if "rent_balance" in frames:
        yield from _rent(context, frames)
    if "hclic_duty" in frames:
        yield from _homelessness(context, frames)
    if "uc_award" in frames:
        yield from _benefits(context, frames)
    if {"gp_condition", "gp_medication", "ae_attendance"} <= set(frames):
        yield from _health(context, frames)


def _household_years(context: Context) -> float:
    return float(sum(month.alive.sum() for month in context.world.at_risk)) / 12


def _current(frame: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    return frame.sort("recorded_date", maintain_order=True).unique(key, keep="last")


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else float("nan")


def _share(part: float, whole: float) -> float:
    return part / whole if whole else float("nan")


def _council_tax(context: Context, frames: Frames) -> Found:
    rows, years = frames["ctax_recovery"], _household_years(context) * 0.985
    for name, stages in {
        "reminder": ("REM1", "REM2"),
        "final notice": ("FINAL",),
        "summons": ("SUMMONS",),
        "liability order": ("LO",),
        "enforcement agents": ("EA_REF",),
    }.items():
        found = rows.filter(pl.col("stage").is_in(stages)).unique("recovery_id").height
        yield f"council tax {name} a year per account", found / years
    accounts = _current(frames["ctax_account"], ["account_ref"]).filter(
        pl.col("liability_end").is_null()
    )
    debit = (accounts["payment_method"] == "DD").mean()
    yield "accounts paid by direct debit", _number(debit)
    discount = _current(frames["ctax_discount"], ["account_ref", "disc_code", "start_date"])
    live = discount.filter(pl.col("end_date").is_null())
    for name, code in (("single person discount", "SPD25"), ("student exemption", "N")):
        yield name, _share(live.filter(pl.col("disc_code") == code).height, accounts.height)
    support = _current(frames["ctax_cts"], ["claim_ref", "award_from"])
    awards = support.filter(pl.col("award_to").is_null())["account_ref"].n_unique()
    yield "council tax support", _share(awards, accounts.height)


def _rent(context: Context, frames: Frames) -> Found:
    weeks = frames["rent_balance"]["weeks_owed"]
    yield "rent accounts in debit", _number((weeks > 0).mean())
    yield "rent accounts over 4 weeks", _number((weeks > 4).mean())
    yield "rent accounts over 8 weeks", _number((weeks > 8).mean())
    years = frames["rent_balance"].height / 52.18
    for name, group in (
        ("notices", "NOTICE"),
        ("possession orders", "ORDER"),
        ("evictions", "EVICTED"),
    ):
        found = frames["rent_action"].filter(pl.col("action_group") == group).height
        yield f"{name} a year per tenancy", _share(found, years)
    book = tenancies(context)
    tenure = context.world.dwellings.tenure[book.dwelling]
    for name, code in (("council", COUNCIL), ("association", RP)):
        yield f"{name} rent a week", float(book.rent[tenure == code].mean())


def _homelessness(context: Context, frames: Frames) -> Found:
    duties = frames["hclic_duty"].sort("recorded_date", maintain_order=True)
    first = duties.unique(["case_ref", "duty"], keep="last", maintain_order=True)
    began = pl.col("start_date").cast(pl.Int32) >= context.first_day
    begun = first.filter((pl.col("duty") != "MAIN") & began)
    yield "duties a year per household", begun.height / _household_years(context)
    opening = begun.sort("start_date", "duty").unique("case_ref", keep="first", maintain_order=True)
    yield "relief among first duties", _number((opening["duty"] == "RELIEF").mean())
    case = _current(frames["hclic_case"], ["case_ref"]).select("case_ref", "reason_loss")
    why = opening.join(case, on="case_ref")
    for name, duty in (("prevention", "PREVENTION"), ("relief", "RELIEF")):
        mine = why.filter(pl.col("duty") == duty)["reason_loss"]
        tenancy = _number((mine == "END_PRS_AST").mean())
        yield f"end of assured shorthold among {name}", tenancy
        ended = first.filter((pl.col("duty") == duty) & pl.col("end_reason").is_not_null())
        yield f"{name} ended with a home", _number((ended["end_reason"] == "SECURED_6M").mean())
    family = _number((why["reason_loss"] == "FAMILY_FRIENDS_UNABLE").mean())
    yield "family or friends among first duties", family


def _benefits(context: Context, frames: Frames) -> Found:
    world = context.world
    alive = np.stack([month.alive for month in world.at_risk])
    yield "households on Universal Credit", _share((world.latent.on_uc & alive).sum(), alive.sum())
    award = _current(frames["uc_award"], ["uc_claim_hash", "ap_end"])
    paid = award.filter(pl.col("notice_type") != "CLOSED")
    owing = paid.filter(pl.col("deductions_total_pm") > 0)
    yield "claims with a deduction", _share(owing.height, paid.height)
    yield "mean deduction a month", _number(owing["deductions_total_pm"].mean())
    yield "claims under a sanction", _number((paid["sanction_reduction_pm"] > 0).mean())
    yield "claims with children", _number((paid["children_count"] > 0).mean())
    key = ["uc_claim_hash", "ap_end"]
    element = frames["uc_element"].join(paid.select(key), on=key, how="semi")
    for name, codes in {
        "a housing element": ("HOUSING_SOCIAL", "HOUSING_PRIVATE"),
        "limited capability for work": ("LCW", "LCWRA"),
        "help for childcare": ("CHILDCARE",),
    }.items():
        found = element.filter(pl.col("element").is_in(codes)).unique(key).height
        yield f"claims with {name}", _share(found, paid.height)
    private = element.filter(pl.col("element") == "HOUSING_PRIVATE")
    capped = _number(private["lha_capped"].mean())
    yield "private tenants on claims whose allowance is below rent", capped


def _health(context: Context, frames: Frames) -> Found:
    """Of those who live here and share: the day sixty days before the end is fully known."""
    world, members = context.world, context.members
    known = context.last_day - 60
    there = (members.starts <= known) & (known < members.ends)
    everybody = np.unique(members.person[there])
    person = everybody[shared(context, everybody)]
    yield "people opted out", 1 - len(person) / len(everybody)
    adults = _pids(context, person[world.people.dob[person] < known - 18 * YEAR])
    people = _pids(context, person)
    for name, cluster, of in (
        ("adults on the depression register", "DEPR", adults),
        ("people with severe mental illness", "SMI", people),
        ("people with COPD", "COPD", people),
        ("adults with diabetes", "DM", adults),
    ):
        listed = frames["gp_condition"].filter(pl.col("cluster") == cluster)
        yield name, _share(of.join(listed, on="nhs_pid", how="semi").height, of.height)
    year = frames["gp_medication"].filter(
        (pl.col("bnf_section") == "0403")
        & pl.col("month").cast(pl.Int32).is_between(known - 364, known)
    )
    treated = adults.join(year, on="nhs_pid", how="semi").height
    yield "adults on antidepressants in a year", _share(treated, adults.height)
    recent = frames["ae_attendance"].filter(
        pl.col("arrival_ts").dt.date().cast(pl.Int32).is_between(known - 364, known)
    )
    yield "emergency attendances a year per person", recent.height / len(person)
    often = recent.group_by("nhs_pid").len().filter(pl.col("len") >= 5).height
    yield "people with five attendances in a year", often / len(person)


def _pids(context: Context, person: Ints) -> pl.DataFrame:
    return pl.DataFrame({"nhs_pid": nhs_pids(context, person)}, schema={"nhs_pid": pl.String})


def _gradients(context: Context) -> Found:
    """How much commoner things are where areas are poorest and richest than in the whole place."""
    world = context.world
    decile = world.areas.decile[world.households.area]
    alive = np.sum([month.alive for month in world.at_risk], axis=0)
    on_uc = (world.latent.on_uc & np.stack([m.alive for m in world.at_risk])).sum(axis=0)

    def recorded(name: str) -> Floats:
        kept = world.events[name].kept().household
        return np.bincount(kept, minlength=world.households.n).astype(np.float64)

    for name, count in {
        "households on Universal Credit": on_uc,
        "recovery of council tax": recorded("O3"),
        "homelessness duties": recorded("O1"),
        "emergency attendances": recorded("emergency"),
        "mental health crises": recorded("O7"),
    }.items():
        whole = count.sum() / alive.sum()
        for edge in (1, DECILES):
            mine = decile == edge
            if alive[mine].sum():
                rate = count[mine].sum() / alive[mine].sum()
                yield f"{name}, decile {edge}", _share(float(rate), float(whole))
