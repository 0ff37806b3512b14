"""Planted leaks that hunters find, and what they raise where nothing was planted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from bench.claim import Claim, Stopwatch
from bench.plants import PLANTS, Plant, planted
from bench.walk import LAST_MONTH, Walk
from contracts.place import Place
from contracts.zones import Zone
from features.hunters import HUNTERS, REPLAYED, Leak, hunt
from features.replay import Replayed, replay
from features.timeline import timeline

RUNS = 10


def measure(runs: int = RUNS) -> Iterator[Claim]:
    """Plants found by their own hunter, false alarms, and features without what was known later.

    Args:
        runs: How many places without any plant.
    """
    watch = Stopwatch()
    raised: list[Leak] = []
    found: list[str] = []
    made = Replayed(compared=0, features={}, missing=0)
    for seed in range(1, runs + 1):
        with tempfile.TemporaryDirectory() as folder:
            walk = Walk.of(
                size="tiny", today=datetime.now(tz=UTC).date(), root=Path(folder), seed=seed
            )
            walk.run("simulate", "load", "people", "households", "crossing", "features", "labels")
            with walk.workspace.warehouse().write(Zone.MODELLING) as con:
                raised += hunt(con, place=walk.place, month=LAST_MONTH)
                if seed == 1:
                    found = [p.name for p in PLANTS if _found(con, p, walk.place)]
                    line = timeline(walk.place, LAST_MONTH)
                    made = replay(con, place=walk.place, line=line, cutoffs=line.snapshots)
    missed = [plant.name for plant in PLANTS if plant.name not in found]
    # fmt: off
    yield watch.claim(
        "leaks-found", f"Of {len(PLANTS)} leaks planted one at a time, those found by the hunter "
        "that is for them", len(found), unit="leaks", bar=("=", len(PLANTS)),
        note="; ".join(missed),
    )
    yield watch.claim(
        "leaks-raised", f"Leaks raised on {runs} places in which none was planted", len(raised),
        unit="leaks", bar=("=", 0), note="; ".join(leak.says for leak in raised),
    )
    yield watch.claim(
        "leaks-without-later-rows", "Household months in which any feature differs once every row "
        "that was known later is deleted", sum(made.features.values()) + made.missing,
        unit="household months", bar=("=", 0),
        note=f"{made.compared:,} compared, at every month end",
    )
    # fmt: on


def _found(con: duckdb.DuckDBPyConnection, plant: Plant, place: Place) -> bool:
    with planted(con, plant, place=place, month=LAST_MONTH):
        if plant.hunter == REPLAYED:
            return any(leak.hunter == REPLAYED for leak in hunt(con, place=place, month=LAST_MONTH))
        line = timeline(place, LAST_MONTH)
        return bool(HUNTERS[plant.hunter](con, line.schema, line.index_date))
