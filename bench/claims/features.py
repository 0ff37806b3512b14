"""Features of a million people at 24 month ends: time and memory, beside plain SQL."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from bench.claim import Claim, Stopwatch
from bench.copies import lay_known_copies
from bench.walk import LAST_MONTH, Walk
from contracts.place import Place, load_place
from contracts.zones import Zone

PEOPLE = 1_000_000
MONTH_ENDS = 24
_MEMORY = "2500MB"
_SAMPLE = 1_000
_BESIDE = 2  # month ends that plain SQL is timed and compared at


def measure(people: int = PEOPLE) -> Iterator[Claim]:
    """CPU seconds and peak memory of every feature, and how often longer plain SQL takes.

    Args:
        people: How many people.
    """
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk.of(size="small", today=datetime.now(tz=UTC).date(), root=Path(folder))
        walk.run("simulate", "load", "people", "households", "crossing")
        found = measured(walk, Path(folder) / "many.duckdb", people)
    size = (
        f"{found['people']:,} people, {found['households']:,} households, {found['rows']:,} "
        f"household months, {found['events']:,} rows read, {found['features']} features"
    )
    # fmt: off
    yield watch.claim(
        "features-cpu", f"CPU seconds of every feature of a million people at {MONTH_ENDS} month "
        "ends, in one pass", found["cpu_s"], unit="s", bar=("<=", 120), note=size,
    )
    yield watch.claim(
        "features-memory", "Peak memory of that pass", found["peak_gib"], unit="GiB",
        bar=("<=", 6), note=size,
    )
    yield watch.claim(
        "features-times", "CPU time of plain SQL, one month end at a time, over that pass",
        found["plain_s"] * MONTH_ENDS / _BESIDE / found["cpu_s"], unit="times", bar=(">=", 7),
        note=f"{found['plain_s']:.0f} s for {_BESIDE} of the {MONTH_ENDS} month ends",
    )
    yield watch.claim(
        "features-differ", f"Of {found['compared']:,} household months drawn by number, those in "
        "which any feature differs from plain SQL", found["differ"], unit="household months",
        bar=("=", 0),
    )
    # fmt: on


def measured(walk: Walk, many: Path, people: int) -> dict[str, Any]:
    """Copies of a place that has crossed, and their features in another process."""
    with walk.workspace.warehouse().read(Zone.MODELLING) as one:
        lay_known_copies(one, many, month=LAST_MONTH, month_ends=MONTH_ENDS, people=people)
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bench.claims.features", str(many)],
        check=True,
        capture_output=True,
        env=os.environ,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _place() -> Place:
    place = load_place("northmere")
    windows = place.windows.model_copy(update={"history_months": MONTH_ENDS - 1})
    return place.model_copy(update={"windows": windows})


def _inside(many: Path) -> None:
    from features.catalogue import CATALOGUE
    from features.timeline import prepared, timeline

    place = _place()
    line = timeline(place, LAST_MONTH)
    with duckdb.connect(str(many)) as con:
        con.execute(f"SET memory_limit = '{_MEMORY}'")
        con.execute("SET threads = 2")
        con.execute("SET preserve_insertion_order = true")
        sizes: dict[str, Any] = json.loads(con.execute("FROM sizes").fetchall()[0][0])
        drawn = (line.snapshots[0], line.snapshots[-1])
        with prepared(con, line):
            cpu, peak = _engine(con, place, drawn)
            plain, compared, differ = _plain(con, place, drawn)
    found = {
        **sizes,
        "features": len(CATALOGUE),
        "cpu_s": round(cpu, 1),
        "peak_gib": round(peak, 2),
        "plain_s": round(plain, 1),
        "compared": compared,
        "differ": differ,
    }
    print(json.dumps(found))


def _engine(
    con: duckdb.DuckDBPyConnection, place: Place, drawn: tuple[date, ...]
) -> tuple[float, float]:
    """Every feature of every household month summed, those of a sample kept; CPU s and GiB."""
    from features.build import computed
    from features.catalogue import CATALOGUE
    from features.plan import Plan
    from features.timeline import timeline

    line, plan = timeline(place, LAST_MONTH), Plan(place)
    days = ", ".join(f"DATE '{day}'" for day in drawn)
    sums = ", ".join(f"sum({feature.name}) AS {feature.name}" for feature in CATALOGUE)
    before = time.process_time()
    for at, sql in enumerate(computed(con, plan, line)):
        con.execute(f"SELECT snapshot_date, {sums} FROM ({sql}) GROUP BY snapshot_date").fetchall()
        kept = f"FROM ({sql}) WHERE snapshot_date IN ({days}) AND hash(household_id) % 101 = 7"
        con.execute(f"INSERT INTO kept {kept}" if at else f"CREATE TEMP TABLE kept AS {kept}")
    spent = time.process_time() - before
    return spent, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _plain(
    con: duckdb.DuckDBPyConnection, place: Place, drawn: tuple[date, ...]
) -> tuple[float, int, int]:
    from bench.plain import plain_values_sql
    from features.plan import Plan
    from features.timeline import timeline

    line, plan = timeline(place, LAST_MONTH), Plan(place)
    spent, compared, differ = 0.0, 0, 0
    for day in drawn:
        before = time.process_time()
        sql = plan.select(plain_values_sql(plan.counted, line=line, day=day))
        con.execute(f"CREATE OR REPLACE TEMP TABLE plain AS {sql}")
        spent += time.process_time() - before
        con.execute(f"""
            CREATE OR REPLACE TEMP TABLE drawn AS FROM kept WHERE snapshot_date = DATE '{day}'
            ORDER BY household_id LIMIT {_SAMPLE // len(drawn)}""")
        ((rows,),) = con.execute("SELECT count(*) FROM drawn").fetchall()
        ((off,),) = con.execute(
            "SELECT count(*) FROM (FROM drawn EXCEPT ALL FROM plain)"
        ).fetchall()
        compared, differ = compared + rows, differ + off
    return spent, compared, differ


if __name__ == "__main__":
    _inside(Path(sys.argv[1]))
