"""What 56 million people would take: coefficients measured at two sizes, and what is assumed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bench.claim import Claim, Stopwatch
from bench.scale.run import MONTH_ENDS, TREES, measured
from contracts.workspace import REPOSITORY

SIZES = (10_000, 40_000)
PEOPLE = 56_000_000
"""About as many as live in England."""
PAIRS_GROW = 1.38
"""Pairs that blocks make grow with people to this power, as was measured up to 3 million."""

_STEPS = {"features_s": "features", "score_s": "scores", "theme_s": "explanations"}
_ASSUMED = (
    f"assumed: time grows with people beyond {SIZES[1]:,} as it does below; people have as many "
    "records as in the invented place; workers wait for nobody. Not measured: a shuffle between "
    "machines"
)


def measure(sizes: tuple[int, int] = SIZES) -> Iterator[Claim]:
    """Coefficients of both engines, how they differ, and the sum for 56 million people.

    Args:
        sizes: How many people, the smaller first.
    """
    watch = Stopwatch()
    found = measured(sizes)
    at = f"{MONTH_ENDS} month ends; measured at {sizes[0]:,} and {sizes[1]:,} people"
    hours = {}
    for engine in ("duckdb", "spark"):
        few, many = (found[engine, people] for people in sizes)
        more = many["people"] - few["people"]
        slopes = {step: (many[step] - few[step]) / more for step in _STEPS}
        for step, says in _STEPS.items():
            yield watch.claim(
                f"scale-{engine}-{says}",
                f"Processor seconds of {says} by {engine}, by 1,000 people more",
                slopes[step] * 1000,
                unit="s",
                note=f"{at}; {few[step]:.1f} and {many[step]:.1f} s",
            )
        hours[engine] = sum(slopes.values()) * PEOPLE / 3600
    few, many = (found["spark", people] for people in sizes)
    yield watch.claim(
        "scale-differ",
        "Household months, scores and explanations in which Spark and DuckDB differ by over 1e-12",
        sum(found["spark", people]["differ"] for people in sizes),
        unit="rows",
        bar=("=", 0),
        note=f"{sum(found['spark', people]['rows'] for people in sizes):,} household months",
    )
    yield from _million(watch, hours, found["spark", sizes[1]])
    yield watch.claim(
        "scale-spark-start",
        "Processor seconds until Spark stands, however small the place",
        few["started_s"],
        unit="s",
        note=f"and {_fixed(few, many, 'features_s'):.0f} s for features of nobody",
    )


def _million(watch: Stopwatch, hours: dict[str, float], many: dict[str, Any]) -> Iterator[Claim]:
    for engine, found in hours.items():
        yield watch.claim(
            f"scale-56m-{engine}",
            f"Features at {MONTH_ENDS} month ends, scores and explanations ({TREES} trees) of 56 "
            f"million people by {engine}",
            found,
            unit="core-hours",
            note=_ASSUMED,
        )
    yield watch.claim(
        "scale-56m-lake",
        "What Spark would read of 56 million people, as Parquet",
        many["lake_mb"] / many["people"] * PEOPLE / 1e6,
        unit="TB",
        note="assumed: as many records of each; what it shuffles is not measured",
    )
    claims = json.loads((REPOSITORY / "evidence.json").read_text(encoding="utf-8"))
    linked = next(row["value"] for row in claims if row["id"] == "million-cpu")
    yield watch.claim(
        "scale-56m-linkage",
        "Linking 56 million people anew, by DuckDB",
        linked * (PEOPLE / 1e6) ** PAIRS_GROW / 3600,
        unit="core-hours",
        note=f"assumed: {linked:g} s for a million (million-cpu), and time as people to the power "
        f"of {PAIRS_GROW}; one machine would not hold it: it would be linked by region",
    )


def _fixed(few: dict[str, Any], many: dict[str, Any], step: str) -> float:
    slope = (many[step] - few[step]) / (many["people"] - few["people"])
    return float(max(few[step] - slope * few["people"], 0.0))
