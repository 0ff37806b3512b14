"""What people see, in Chromium: accessibility by axe-core, at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

from bench.claim import Claim, Stopwatch
from bench.tested import run_tests


def measure() -> Iterator[Claim]:
    """Violations that axe-core finds on the list and on the report at 1280 and 320 pixels."""
    watch = Stopwatch()
    found = run_tests("tests/browser")
    yield watch.claim(
        "axe",
        "Violations of axe-core on a list and a report at 1280 and 320 pixels",
        found.figures.get("axe-violations"),
        unit="violations",
        bar=("=", 0),
    )
    yield watch.claim(
        "browser-tests",
        "Browser tests that failed or were skipped",
        found.other,
        unit="tests",
        bar=("=", 0),
        note=f"{found.passed} passed",
    )
