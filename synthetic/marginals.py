"""What the place was meant to look like, and what it looks like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import polars as pl

from synthetic import measures
from synthetic.causes import NAMES, PROCESSES
from synthetic.hazards import here
from synthetic.kinds import Kind
from synthetic.national import AGES, TARGETS, tolerance
from synthetic.people import CHILD, YEAR
from synthetic.population import HOUSEHOLD_TYPES, TENURES
from synthetic.records.base import Context
from synthetic.service_marginals import measure_services
from synthetic.settings import GROUPS
from synthetic.stays import EVICTED, MOVED, TO_TEMPORARY
from synthetic.streams import Flags, Ints
from synthetic.targets import Marginal

_FAMILIES = dict(
    zip(
        HOUSEHOLD_TYPES,
        (
            "one person 66 and over",
            "one person under 66",
            "couple with dependent children",
            "couple without children",
            "couple with grown children",
            "couple 66 and over",
            "lone parent with dependent children",
            "lone parent with grown children",
        ),
        strict=False,
    )
)


def of_target(name: str, achieved: float, kind: Kind) -> Marginal:
    """A measure beside its target, as this kind of place should have it."""
    target = TARGETS[name]
    value = target.value * (kind.scaled(target.gradient) if target.gradient else 1.0)
    if target.against:
        value /= kind.scaled(target.against)
    if name == "in temporary homes for each 1,000":
        value = kind.temporary
    if name.startswith("social renting"):
        value *= kind.social / Kind().social
    return Marginal(
        name=name,
        target=value,
        achieved=float(achieved),
        tolerance=tolerance(value, target.slack),
        tag=target.tag,
    )


def measure(context: Context, frames: Mapping[str, pl.DataFrame]) -> list[Marginal]:
    """Every measure that the place's sources allow."""
    kind = context.world.kind
    found = [*_people(context), *_homes(context), *measures.of_records(context, frames)]
    return [
        *(of_target(name, achieved, kind) for name, achieved in found),
        *_shares(context),
        *_outcomes(context),
        *measure_services(context, frames),
    ]


def _present(starts: Ints, ends: Ints, day: int) -> Flags:
    return np.asarray((starts <= day) & (day < ends), dtype=bool)


def _people(context: Context) -> Iterator[tuple[str, float]]:
    world, members = context.world, context.members
    n, day = world.households.initial, context.first_day
    present = _present(members.starts, members.ends, day)
    sizes = np.bincount(members.household[present], minlength=n)[:n]
    shares = np.bincount(np.clip(sizes, 1, 6), minlength=7)[1:] / n
    for size, share in enumerate(shares, start=1):
        yield f"household size {size}", share
    yield "people per household", present.sum() / n
    age = (day - world.people.dob[members.person[present]]) / YEAR
    counts = np.histogram(age, AGES)[0] / len(age)
    for low, share in zip(AGES[:-1], counts, strict=True):
        yield f"age {low} and over, to the next band", share
    kinds = np.bincount(world.households.kind[:n], minlength=len(HOUSEHOLD_TYPES)) / n
    for name, share in zip(HOUSEHOLD_TYPES, kinds, strict=True):
        if name in _FAMILIES:
            yield _FAMILIES[name], share
    yield "household with a disabled person", world.households.disability[:n].mean()
    yield "people who are disabled", world.people.disabled[members.person[present]].mean()
    born = (members.role == CHILD) & (members.starts > day)
    born &= members.starts == world.people.dob[members.person]
    years = (context.last_day - day) / YEAR
    yield "births for each 1,000 people", 1000 * born.sum() / years / present.sum()


def _homes(context: Context) -> Iterator[tuple[str, float]]:
    world, spells = context.world, context.spells
    tenure = world.dwellings.tenure[spells.dwelling]
    began = np.maximum(spells.starts, context.first_day)
    years = (np.minimum(spells.ends, context.last_day + 1) - began) / YEAR
    moved = np.isin(spells.ended_by, (MOVED, EVICTED, TO_TEMPORARY))
    for name, codes in (("OWNER", (0,)), ("social", (1, 2)), ("PRS", (3,))):
        mine = np.isin(tenure, codes)
        yield f"moves a year, {name}", moved[mine].sum() / years[mine].sum()
    yield "people who move in a year", moved.sum() / years.sum()
    band = np.bincount(world.dwellings.band[world.dwellings.tenure <= 3], minlength=8)
    for letter, share in zip("ABCDEFGH", band / band.sum(), strict=True):
        yield f"band {letter}", share
    placed = tenure == 4
    homeless = years[placed].sum() / years.sum()
    yield "in temporary homes for each 1,000", 1000 * homeless
    social, group = np.isin(world.households.tenure, (1, 2)), world.households.group
    for code, name in ((2, "Black"), (0, "White")):
        yield f"social renting among {name} households", social[group == code].mean()


def _shares(context: Context) -> Iterator[Marginal]:
    """Tenures and ethnic groups, which each kind of place has shares of its own of."""
    world, kind = context.world, context.world.kind
    n = world.households.initial
    tenures = np.bincount(world.households.tenure[:n], minlength=5)[:4] / n
    groups = np.bincount(world.households.group[:n], minlength=len(GROUPS)) / n
    national = kind.tenure == Kind().tenure and kind.groups == Kind().groups
    rows = [
        *(
            ("tenure " + name, t, a, "M+")
            for name, t, a in zip(TENURES[:4], kind.tenure, tenures, strict=True)
        ),
        *(
            ("head " + name, t, a, "F")
            for name, t, a in zip(GROUPS, kind.groups, groups, strict=True)
        ),
    ]
    for name, target, share, tag in rows:
        yield Marginal(
            name=name,
            target=target,
            achieved=float(share),
            tolerance=tolerance(target),
            tag=tag if national else "A",
        )


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
        rate = here(process, world.kind)
        yield Marginal(
            name=f"{name} recorded {span}",
            target=rate,
            achieved=float(events_seen / eligible),
            tolerance=min(tolerance(rate), 0.25 * rate),
        )
