"""Real public data through the functions that a place's own data goes through."""

from __future__ import annotations

from collections.abc import Iterator

from bench.claim import Claim, Stopwatch
from bench.tested import run_tests

_FIGURES = (
    (
        "febrl3-pair-f1",
        "FEBRL 3 without its identity number: pairwise F1 of the links",
        "F1",
        (">=", 0.985),
    ),
    (
        "historical-cluster-f1",
        "Historical people: pairwise F1 of the clusters",
        "F1",
        (">=", 0.87),
    ),
    (
        "compas-fpr-african-american",
        "COMPAS: false positive rate, African-American, off the published 44.85%",
        "points",
        ("=", 0),
    ),
    (
        "compas-fpr-caucasian",
        "COMPAS: false positive rate, Caucasian, off the published 23.45%",
        "points",
        ("=", 0),
    ),
    (
        "compas-fnr-african-american",
        "COMPAS: false negative rate, African-American, off the published 27.99%",
        "points",
        ("=", 0),
    ),
    (
        "compas-fnr-caucasian",
        "COMPAS: false negative rate, Caucasian, off the published 47.72%",
        "points",
        ("=", 0),
    ),
    (
        "credit-auroc",
        "Credit card default, Taiwan 2005: area under the curve, each client held out once",
        "AUROC",
        (">=", 0.780),
    ),
    (
        "leavers-auroc",
        "School leavers, Northern Ireland 1993-99: area under the curve, each held out once",
        "AUROC",
        (">=", 0.85),
    ),
)


def measure() -> Iterator[Claim]:
    """The published figures, recorded by the tests in ``tests/real``."""
    watch = Stopwatch()
    found = run_tests("tests/real")
    for name, what, unit, bar in _FIGURES:
        yield watch.claim(name, what, found.figures.get(name), unit=unit, bar=bar)
    yield watch.claim(
        "real-tests",
        "Tests on real public data that failed or were skipped",
        found.other,
        unit="tests",
        bar=("=", 0),
        note=f"{found.passed} passed",
    )
