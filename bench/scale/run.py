"""One engine at one size: features, scores and explanations, with all of its processes' time.

``python -m bench.scale.run duckdb many.duckdb out`` prints one line.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from bench.apart import apart
from bench.copies import lay_known_copies
from bench.walk import LAST_MONTH, Walk
from contracts.engines import EngineSettings
from contracts.place import Outcome, Place, load_place
from contracts.warehouse import month_schema
from contracts.zones import Zone

ENGINES = ("duckdb", "spark")
MONTH_ENDS = 24
THREADS = 2
TREES = 300
_PER_PART = 10_000  # people of a part, so that memory does not grow with the place
_LEARNT_FROM = 5_000
_EVENTS = 0.05


def measured(sizes: tuple[int, ...]) -> dict[tuple[str, int], dict[str, Any]]:
    """What each engine took at each size, and where the two differ.

    Args:
        sizes: How many people.
    """
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        walk = Walk.of(size="small", today=datetime.now(tz=UTC).date(), root=home)
        walk.run("simulate", "load", "people", "households", "crossing")
        for people in sizes:
            many = home / f"{people}.duckdb"
            with walk.workspace.warehouse().read(Zone.MODELLING) as one:
                lay_known_copies(one, many, month=LAST_MONTH, month_ends=MONTH_ENDS, people=people)
            for engine in ENGINES:
                found[engine, people] = _apart(engine, many, home / f"{engine}-{people}", people)
            made = [home / f"{engine}-{people}" for engine in ENGINES]
            found["spark", people]["differ"] = _differ(*made)
            many.unlink()
    return found


def _apart(engine: str, many: Path, out: Path, people: int) -> dict[str, Any]:
    return apart("bench.scale.run", engine, str(many), str(out), str(people))


def _differ(one: Path, other: Path) -> int:
    """Household months, scores and explanations in which the engines differ by over 1e-12."""
    found = 0
    for name in ("feature", "score", "theme"):
        pair = [f"read_parquet('{made / name}.parquet')" for made in (one, other)]
        con = duckdb.connect()
        told = con.sql(f"DESCRIBE FROM {pair[0]}").fetchall()
        keys = [column for column, kind, *_ in told if kind != "DOUBLE"]
        apart = " OR ".join(
            f"NOT coalesce(abs(a.{c} - b.{c}) <= 1e-12 * greatest(1, abs(a.{c})), "
            f"a.{c} IS NULL AND b.{c} IS NULL)"
            for c, kind, *_ in told
            if kind == "DOUBLE"
        )
        ((rows,),) = con.execute(
            f"SELECT count(*) FILTER (a.{keys[0]} IS NULL OR b.{keys[0]} IS NULL OR {apart}) "
            f"FROM {pair[0]} a FULL JOIN {pair[1]} b USING ({', '.join(keys)})"
        ).fetchall()
        found += int(rows)
    return found


def _place(engine: str, people: int) -> Place:
    place = load_place("northmere")
    settings = EngineSettings(
        name="spark" if engine == "spark" else "duckdb",
        master=f"local[{THREADS}]",
        parts=max(THREADS, people // _PER_PART),
        options={
            "spark.driver.memory": "3g",
            "spark.sql.shuffle.partitions": str(max(THREADS, people // _PER_PART)),
        },
    )
    windows = place.windows.model_copy(update={"history_months": MONTH_ENDS - 1})
    return place.model_copy(update={"windows": windows, "engine": settings})


def _inside(engine: str, many: Path, out: Path, people: int) -> dict[str, Any]:
    from features.build import build_features

    place = _place(engine, people)
    out.mkdir()
    with duckdb.connect(str(many)) as con:
        con.execute(f"SET threads = {THREADS}")
        con.execute("SET memory_limit = '3GB'")
        ((sizes,),) = con.execute("FROM sizes").fetchall()
        with _warm(place, out):
            started_s = _family_s()
            features_s = _spent(lambda: build_features(con, place=place, month=LAST_MONTH))
            con.execute(f"COPY {month_schema(LAST_MONTH)}.feature TO '{out / 'feature.parquet'}'")
            spent = _scored(con, place, out)
        return {
            **json.loads(sizes),
            "started_s": started_s,
            "features_s": features_s,
            **spent,
            "lake_mb": _lake_mb(con, place, out),
        }


@contextmanager
def _warm(place: Place, out: Path) -> Iterator[None]:
    """Spark, where it is asked for, started once for all steps."""
    if place.engine.name == "duckdb":
        yield
        return
    from features.spark.session import opened

    with opened(place.engine, out):
        yield


def _scored(con: duckdb.DuckDBPyConnection, place: Place, out: Path) -> dict[str, float]:
    """Score and explain by theme every household of the month; trees are grown before."""
    import polars as pl

    from features.mapped import map_features
    from models.batches import EXPLAINED, SCORED, explainer, scorer
    from models.catalogue import catalogue_specs
    from models.panel import feature_columns
    from models.spec import align
    from models.themes import number_themes

    specs = align(catalogue_specs(), feature_columns(con, LAST_MONTH))
    names = [spec.name for spec in specs]
    model = _trees(con, place, names)
    asked = {
        "score": (scorer([model]), SCORED),
        "theme": (explainer(model, number_themes(specs)[1]), EXPLAINED),
    }
    spent = {}
    for name, (function, schema) in asked.items():
        made: list[Any] = []
        spent[f"{name}_s"] = _spent(
            lambda function=function, schema=schema, made=made: made.append(  # type: ignore[misc]  # bound on purpose
                map_features(
                    con,
                    engine=place.engine,
                    month=LAST_MONTH,
                    names=names,
                    function=function,
                    schema=schema,
                )
            )
        )
        frame = pl.DataFrame(made[0])
        if "contributions" in frame.columns:
            width = len(frame["contributions"][0])
            frame = frame.with_columns(
                pl.col("contributions").list.get(at).alias(f"c{at}") for at in range(width)
            ).drop("contributions")
        frame.write_parquet(out / f"{name}.parquet")
    return spent


def _trees(con: duckdb.DuckDBPyConnection, place: Place, names: list[str]) -> Any:
    """Trees of the place's size, on an outcome drawn by number: what they say is not the point."""
    from models.booster import grow
    from models.calibration import Sigmoid
    from models.catalogue import catalogue_specs
    from models.sampling import Sample
    from models.spec import align
    from models.store import Shipped

    columns = ", ".join(f'CAST("{name}" AS FLOAT) AS "{name}"' for name in names)
    rows = con.sql(
        f"SELECT {columns} FROM {month_schema(LAST_MONTH)}.feature "
        f"ORDER BY snapshot_date DESC, household_id LIMIT {_LEARNT_FROM}"
    ).pl()
    x = np.column_stack([rows[name].to_numpy() for name in names]).astype(np.float32)
    luck = np.random.default_rng(7).random(len(x))
    sample = Sample(
        x=x,
        y=(luck < _EVENTS).astype(np.float64),
        weight=np.ones(len(x)),
        household=np.arange(len(x)),
    )
    training = place.training.model_copy(update={"threads": 1})
    model = grow(sample, align(catalogue_specs(), names), training, trees=TREES)
    return Shipped(outcome=Outcome.O1, kind="lightgbm", model=model, sigmoid=Sigmoid())


def _lake_mb(con: duckdb.DuckDBPyConnection, place: Place, out: Path) -> float:
    """How much Spark is given to read."""
    from features.plan import Plan
    from features.spark.lake import export
    from features.timeline import prepared, timeline

    line = timeline(place, LAST_MONTH)
    with prepared(con, line):
        files = export(con, out, plan=Plan(place), line=line, settings=place.engine)
    return round(sum(path.stat().st_size for path in files.values()) / 1e6, 1)


def _spent(step: Callable[[], object]) -> float:
    before = _family_s()
    step()
    return round(_family_s() - before, 2)


def _family_s() -> float:
    """Processor seconds of this process and of all below it: Spark's own and its workers'."""
    tick = os.sysconf("SC_CLK_TCK")
    parent, spent = {}, {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            told = stat.read_text().rpartition(")")[2].split()
            pid = int(stat.parent.name)
            # Four figures: its own and those of children that have ended.
            parent[pid], spent[pid] = int(told[1]), sum(map(int, told[11:15])) / tick
    found, below = 0.0, {os.getpid()}
    while below:
        found += sum(spent[pid] for pid in below)
        below = {pid for pid, of in parent.items() if of in below}
    return found


if __name__ == "__main__":
    of, at, to, many_people = sys.argv[1:]
    print(json.dumps(_inside(of, Path(at), Path(to), int(many_people))))
