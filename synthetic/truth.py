"""The sealed truth: written once by this module, read by evaluation tests and by nobody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path

import numpy as np
import polars as pl

from contracts import fingerprint
from synthetic.causes import FACTORS, OUTCOMES, PROCESSES
from synthetic.counterfactual import potential
from synthetic.oracle import cutoff_months, speak
from synthetic.population import HOUSEHOLD_TYPES, TENURES
from synthetic.records.base import Context, person_stays
from synthetic.senders import Senders
from synthetic.settings import GROUPS
from synthetic.streams import Ints
from synthetic.targets import Marginal
from synthetic.world import World

FOLDER = "truth"
FINGERPRINT = "fingerprint.txt"
RUN = "run.json"
_FACTOR_MONTHS = 24


def _days(values: Ints) -> pl.Series:
    return pl.Series(values.astype(np.int32)).cast(pl.Date)


def _month_ends(world: World, months: Ints) -> pl.Series:
    return _days(world.months[months + 1] - 1)


def _households(context: Context) -> pl.DataFrame:
    h, homes = context.world.households, context.world.homes
    rows = np.flatnonzero(homes.began < homes.ended)
    return pl.DataFrame(
        {
            "household": rows,
            "ethnic_group": np.array(GROUPS, dtype=object)[h.group[rows]].astype(str),
            "contact": h.contact[rows],
            "deprivation": h.d[rows],
            "kind": np.array(HOUSEHOLD_TYPES)[h.kind[rows]],
            "first_tenure": np.array(TENURES)[h.tenure[rows]],
            "disability": h.disability[rows],
            "other_language": h.other_language[rows],
            "migrant": h.migrant[rows],
            "estate": context.world.areas.estate[h.area[rows]],
        }
    )


def _residency(context: Context) -> pl.DataFrame:
    """Household and home of every person at each month's end."""
    world, stays = context.world, person_stays(context)
    parts = []
    for month in range(world.latent.months):
        day = int(world.months[month + 1]) - 1
        here = np.flatnonzero((stays.starts <= day) & (day < stays.ends))
        parts.append(
            pl.DataFrame(
                {
                    "person": stays.person[here].astype(np.int32),
                    "household": stays.household[here].astype(np.int32),
                    "uprn": world.dwellings.uprn[stays.dwelling[here]],
                }
            ).with_columns(_month_ends(world, np.full(len(here), month)).alias("month"))
        )
    return pl.concat(parts).sort("month", "person")


def _factors(world: World) -> pl.DataFrame:
    """Latent need in the last two years."""
    parts = []
    first = max(0, world.latent.months - _FACTOR_MONTHS)
    for month in range(first, world.latent.months):
        rows = np.flatnonzero(world.at_risk[month].alive)
        columns = {name: world.latent.need[month, rows, i] for i, name in enumerate(FACTORS)}
        parts.append(
            pl.DataFrame(
                {
                    "household": rows.astype(np.int32),
                    **columns,
                    "acute": world.latent.acute[month, rows],
                }
            ).with_columns(_month_ends(world, np.full(len(rows), month)).alias("month"))
        )
    return pl.concat(parts)


def _shocks(world: World) -> pl.DataFrame:
    parts = []
    for name, happened in world.latent.shocks.items():
        month, household = np.nonzero(happened)
        parts.append(
            pl.DataFrame({"household": household, "shock": [name] * len(household)}).with_columns(
                _month_ends(world, month).alias("month")
            )
        )
    return pl.concat(parts).sort("month", "household", "shock")


def _need_events(context: Context) -> pl.DataFrame:
    """Every true event, and whether anybody wrote it down."""
    parts = [
        pl.DataFrame(
            {
                "process": [name] * len(events.household),
                "household": events.household,
                "began": _days(events.day),
                "recorded": events.recorded,
            }
        )
        for name, events in (context.world.events | context.happened).items()
    ]
    return pl.concat(parts).sort("process", "began", "household")


def _oracle(world: World, futures: int) -> pl.DataFrame:
    oracle = speak(world, futures)
    base = pl.DataFrame(
        {
            "household": oracle.household,
            "through": oracle.through,
            "edge": oracle.edge,
            "O1": oracle.homelessness,
            "edge_recorded": oracle.edge_recorded,
            "edge_true": oracle.edge_true,
            "O1_recorded": oracle.homelessness_recorded,
        }
    ).with_columns(_month_ends(world, oracle.month).alias("month"))
    return base.sort("month", "household")


def _tables(senders: Senders, futures: int) -> dict[str, Callable[[], pl.DataFrame]]:
    context = senders.context
    world = context.world
    return {
        "links": lambda: senders.links(pl.concat(context.links)),
        "faults": context.log.hits,
        "fault_rates": context.log.rates,
        "delays": context.log.delays,
        "planted": context.log.planted,
        "households": lambda: _households(context),
        "residency": lambda: _residency(context),
        "factors": lambda: _factors(world),
        "shocks": lambda: _shocks(world),
        "need_events": lambda: _need_events(context),
        "oracle": lambda: _oracle(world, futures),
        "potential": lambda: potential(world, int(cutoff_months(world.latent.months)[-2])),
    }


def seal(
    folder: Path,
    senders: Senders,
    *,
    futures: int,
    settings: Mapping[str, object],
    marginals: list[Marginal],
    progress: Callable[[str], None],
) -> str:
    """Write the truth and its fingerprint.

    Args:
        folder: Where it goes; made where missing.
        senders: The world, the links that the record builders noted, and who issued what.
        futures: Futures for each household and cutoff of the oracle.
        settings: Size, preset, seed and the like, for ``run.json``.
        marginals: What the place was meant to look like, and what it looks like.
        progress: Told what is being written.

    Returns:
        The fingerprint of all files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, table in _tables(senders, futures).items():
        progress(f"sealing {name}")
        path = folder / f"{name}.parquet"
        table().write_parquet(path, compression="zstd", statistics=False)
        paths.append(path)
    run = dict(settings) | {
        "switches": asdict(senders.context.switches),
        "rates": {name: PROCESSES[name].rate for name in OUTCOMES},
        "marginals": [marginal.to_json() for marginal in marginals],
    }
    path = folder / RUN
    path.write_text(json.dumps(run, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    mark = fingerprint.of_files(folder, [*paths, path])
    (folder / FINGERPRINT).write_text(mark + "\n", encoding="utf-8")
    return mark
