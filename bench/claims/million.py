"""One million people in three registers, linked whole, beside plain Splink, and a month later."""

from __future__ import annotations

from collections.abc import Iterator

from bench.claim import Claim, Stopwatch
from bench.million.mapping import STATED_ERROR, settings
from bench.million.run import PEOPLE, measured


def measure(people: int = PEOPLE) -> Iterator[Claim]:
    """Time, memory and quality of the whole, and time and sameness of the month after.

    Args:
        people: How many people.
    """
    watch = Stopwatch()
    found = measured(people)
    engine, plain = found["engine"], found["plain"]
    month, again = found["month"], found["again"]
    size = f"{people:,} people, {engine['records']:,} records"
    # fmt: off
    yield watch.claim(
        "million-cpu", f"Linking {size}: processor seconds of the whole process", engine["cpu_s"],
        unit="s", bar=("<=", 60),
    )
    yield watch.claim(
        "million-memory", f"Linking {size}: largest memory", engine["peak_gib"],
        unit="GiB", bar=("<=", 4),
    )
    yield watch.claim(
        "million-times", "Processor time of a plain Splink run on the same records, over ours",
        plain["cpu_s"] / engine["cpu_s"], unit="times", bar=(">=", 1.8),
        note=f"{plain['cpu_s']:.0f} s and {plain['peak_gib']:.1f} GiB",
    )
    yield watch.claim(
        "million-f1", "Pairwise F1 of the clusters, above that of the plain run at its best cut",
        engine["f1"] - plain["f1"], unit="F1", bar=(">", 0),
        note=f"{_said(engine)}; plain at {plain['cut']}: {_said(plain)}",
    )
    yield watch.claim(
        "million-pairs", "Pairs that blocks make, by record",
        engine["blocked_pairs"] / engine["records"], unit="pairs",
        bar=("<=", settings().pairs_per_record),
        note=f"{engine['pairs']:,} weighed; {engine['dropped_pairs']:,} dropped for the budget",
    )
    yield watch.claim(
        "million-error", "False links among those that probability made",
        1 - engine["found_precision"], unit="share", bar=("<=", STATED_ERROR),
        note=f"expected {1 - engine['expected_precision']:.4f}, stated {STATED_ERROR}",
    )
    yield watch.claim(
        "month-share", "A month with 2% of the records new, gone or changed, over a full run: time",
        month["link_s"] / again["link_s"], unit="share", bar=("<=", 0.1),
        note=f"{_times(month)}, against {_times(again)}; {month['pairs']:,} pairs weighed",
    )
    yield watch.claim(
        "month-same", "Records that the month leaves with the same others as a full run would",
        again["same"], unit="share", bar=(">=", 0.999),
        note=f"{again['different']:,} differ; {_said(month)} against {_said(again)}",
    )
    # fmt: on


def _said(found: dict[str, float]) -> str:
    return (
        f"F1 {found['f1']:.4f} (precision {found['precision']:.4f}, recall {found['recall']:.4f})"
    )


def _times(found: dict[str, float]) -> str:
    return f"{found['link_s']:.1f} s ({found['cpu_s']:.1f} s with starting, reading and numbering)"
