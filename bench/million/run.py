"""Each step in a process of its own, so that its processor time and memory are its own.

``python -m bench.million.run`` prints what each step took; a number of people may follow.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bench.apart import apart

PEOPLE = 1_000_000
SEED = 1
STEPS = ("invent", "engine", "plain", "month", "again")
_MEMORY = "2GB"
_THREADS = 2


def measured(people: int) -> dict[str, dict[str, Any]]:
    """Run every step at a size; what each found, with cpu_s, wall_s and peak_gib."""
    with tempfile.TemporaryDirectory() as folder:
        return {step: _apart(step, Path(folder), people) for step in STEPS}


def _apart(step: str, folder: Path, people: int) -> dict[str, Any]:
    return apart("bench.million.run", "--inside", step, str(folder), str(people))


def _inside(step: str, folder: Path, people: int) -> dict[str, Any]:
    steps: dict[str, Callable[[Path], Callable[[], dict[str, Any]]]] = {
        "invent": lambda to: _invent(to, people),
        "engine": _engine,
        "plain": _plain,
        "month": _month,
        "again": _again,
    }
    judge = steps[step](folder)
    # What judging takes is not part of the step, so the meter is read before it.
    usage = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    taken = {
        "cpu_s": round(sum(one.ru_utime + one.ru_stime for one in usage), 2),
        "peak_gib": round(max(one.ru_maxrss for one in usage) / 1024**2, 3),
    }
    return {**taken, **judge()}


def _invent(folder: Path, people: int) -> Callable[[], dict[str, Any]]:
    from bench.million.months import two_months
    from bench.million.people import invented_records

    before, after = two_months(invented_records(people, seed=SEED), seed=SEED)
    before.write_parquet(folder / "before.parquet")
    after.write_parquet(folder / "after.parquet")
    return lambda: {"records": before.height, "later": after.height}


def _engine(folder: Path) -> Callable[[], dict[str, Any]]:
    return _linked(folder, "before")


def _again(folder: Path) -> Callable[[], dict[str, Any]]:
    judge = _linked(folder, "after")

    def with_month() -> dict[str, Any]:
        from linkage.engine.more import differences

        links = [pl.read_parquet(folder / f"{name}-links.parquet") for name in ("month", "after")]
        apart = differences(*links)
        return {**judge(), "different": apart.height, "same": 1 - apart.height / links[0].height}

    return with_month


def _linked(folder: Path, name: str) -> Callable[[], dict[str, Any]]:
    from bench.million.mapping import comparable, settings
    from linkage.engine.link import link_records
    from linkage.engine.state import as_tables

    records = pl.read_parquet(folder / f"{name}.parquet")
    frame = comparable(records)
    started = time.process_time()
    linkage = link_records(frame, settings(), seed=SEED, threads=_THREADS, memory=_MEMORY)
    link_s = time.process_time() - started
    for table, rows in as_tables(linkage).items():
        rows.write_parquet(folder / f"{name}-{table}.parquet")
    linkage.links.write_parquet(folder / f"{name}-links.parquet")

    def judge() -> dict[str, Any]:
        who = _people_of(records, frame)
        blocks = linkage.blocks.select(pl.col("pairs", "dropped_pairs").sum()).row(0)
        false = _false_share(linkage.edges.filter(pl.col("rule_id") == "PROBABILITY"), who)
        return {
            **_quality(linkage.links.join(who, on="record_id")),
            "records": frame.height,
            "link_s": round(link_s, 2),
            "pairs": linkage.pairs_scored,
            "blocked_pairs": blocks[0] - blocks[1],
            "dropped_pairs": blocks[1],
            "expected_precision": linkage.quality["expected_precision"][-1],
            "found_precision": 1 - false,
        }

    return judge


def _month(folder: Path) -> Callable[[], dict[str, Any]]:
    from bench.million.mapping import comparable, settings
    from linkage.engine import state
    from linkage.engine.more import link_more

    tables = (state.RECORDS, state.EDGES, state.PAIRS, state.MODEL, state.FREQUENCIES)
    kept = {name: pl.read_parquet(folder / f"before-{name}.parquet") for name in tables}
    records = pl.read_parquet(folder / "after.parquet")
    frame = comparable(records)
    before = state.from_tables(kept)
    started = time.process_time()
    linkage = link_more(before, frame, settings(), threads=_THREADS, memory=_MEMORY)
    link_s = time.process_time() - started
    linkage.links.write_parquet(folder / "month-links.parquet")
    return lambda: {
        **_quality(linkage.links.join(_people_of(records, frame), on="record_id")),
        "link_s": round(link_s, 2),
        "pairs": linkage.pairs_scored,
    }


def _plain(folder: Path) -> Callable[[], dict[str, Any]]:
    from bench.million.plain import CUTS, linked

    nodes, pairs, _ = linked(folder / "before.parquet", threads=_THREADS)

    def judge() -> dict[str, Any]:
        from linkage.engine.clusters import components

        at = nodes.with_row_index("node").with_columns(pl.col("node").cast(pl.Int64()))
        ends = pairs
        for side, name in (("l", "a"), ("r", "b")):
            ends = ends.join(
                at.select("register", "local_id", pl.col("node").alias(name)),
                left_on=[f"source_dataset_{side}", f"unique_id_{side}"],
                right_on=["register", "local_id"],
            )
        found = {}
        for cut in CUTS:
            kept = ends.filter(pl.col("match_probability") >= cut)
            labels = components(nodes.height, kept)
            found[cut] = _quality(nodes.with_columns(pl.Series("cluster", labels)))
        best = max(found, key=lambda cut: found[cut]["f1"])
        return {**found[best], "cut": best, "pairs": pairs.height}

    return judge


def _people_of(records: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    key = ["register", "local_id"]
    truth = records.select(*key, "person")
    return frame.select("record_id", *key).join(truth, on=key).select("record_id", "person")


def _quality(placed: pl.DataFrame) -> dict[str, float]:
    hits, said, true = (
        _pairs(placed, *by) for by in (("cluster", "person"), ("cluster",), ("person",))
    )
    precision, recall = hits / max(said, 1), hits / max(true, 1)
    return {"precision": precision, "recall": recall, "f1": 2 * hits / max(said + true, 1)}


def _pairs(frame: pl.DataFrame, *by: str) -> int:
    sizes = frame.group_by(by).len()["len"].cast(pl.Int64)
    return int((sizes * (sizes - 1) // 2).sum())


def _false_share(edges: pl.DataFrame, who: pl.DataFrame) -> float:
    ends = edges
    for side in ("a", "b"):
        ends = ends.join(
            who.select(pl.col("record_id").alias(side), pl.col("person").alias(f"person_{side}")),
            on=side,
        )
    wrong = ends["person_a"].to_numpy() != ends["person_b"].to_numpy()
    return float(np.mean(wrong)) if len(wrong) else 0.0


def main() -> int:
    """Every step, printed."""
    if sys.argv[1:2] == ["--inside"]:
        print(json.dumps(_inside(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))))
        return 0
    people = int(sys.argv[1]) if sys.argv[1:] else PEOPLE
    for step, found in measured(people).items():
        print(step, json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
