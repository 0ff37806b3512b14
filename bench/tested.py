"""Runs tests and takes their counts and the figures that they recorded."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from contracts.workspace import REPOSITORY


@dataclass(frozen=True, kw_only=True)
class Tested:
    """What came of some tests.

    Attributes:
        passed: How many passed.
        other: How many failed, broke or were skipped.
        figures: What the tests recorded with ``record_property``; the largest of several.
    """

    passed: int
    other: int
    figures: dict[str, float]


def run_tests(*arguments: str) -> Tested:
    """Run pytest on paths or with options, quietly."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *arguments],
            cwd=REPOSITORY,
            capture_output=True,
            check=False,
        )
        return _read(report)


def _read(report: Path) -> Tested:
    cases = list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314 - pytest's own file
    bad = {"failure", "error", "skipped"}
    other = sum(any(child.tag in bad for child in case) for case in cases)
    figures: dict[str, float] = {}
    for case in cases:
        for each in case.iter("property"):
            name, value = str(each.get("name")), float(str(each.get("value")))
            figures[name] = max(value, figures.get(name, value))
    return Tested(passed=len(cases) - other, other=other, figures=figures)
