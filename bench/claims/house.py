"""The house itself: the check command, and functions without types."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

from bench.claim import Claim, Stopwatch
from contracts.workspace import REPOSITORY


def measure() -> Iterator[Claim]:
    """Types and rules, by the tools that hold them."""
    watch = Stopwatch()
    yield watch.claim(
        "types",
        "Errors of mypy in strict mode: a function without types is one",
        _faults([sys.executable, "-m", "mypy"]),
        unit="errors",
        bar=("=", 0),
    )
    yield watch.claim(
        "rules",
        "Findings of the linter",
        _faults([sys.executable, "-m", "ruff", "check", "--output-format", "concise", "."]),
        unit="findings",
        bar=("=", 0),
    )


def _faults(command: list[str]) -> int:
    done = subprocess.run(  # noqa: S603 - our own interpreter and fixed arguments
        command, cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if done.returncode == 0:
        return 0
    return max(1, sum("error" in line or ".py:" in line for line in done.stdout.splitlines()))
