"""The gate and the contract, by the tests that try to get past them."""

from __future__ import annotations

from collections.abc import Iterator

from bench.claim import Claim, Stopwatch
from bench.tested import run_tests


def measure() -> Iterator[Claim]:
    """Routes refused, bytes flipped, faults planted in deliveries."""
    watch = Stopwatch()
    for name, what, paths in (
        (
            "gate-routes",
            "Tests of every route to a list that did not refuse, or did not say why",
            ("tests/pipeline/test_gate_routes.py", "tests/spec/releases", "tests/unit/releases"),
        ),
        (
            "gate-bytes",
            "Property tests of changed bytes and quorums that found a way past the gate",
            ("tests/property/releases",),
        ),
        (
            "delivery-faults",
            "Tests of faulty deliveries that were loaded, lost or not explained",
            ("tests/spec/ingest", "tests/unit/ingest", "tests/property/ingest"),
        ),
    ):
        found = run_tests(*paths)
        yield watch.claim(
            name, what, found.other, unit="tests", bar=("=", 0), note=f"{found.passed} passed"
        )
