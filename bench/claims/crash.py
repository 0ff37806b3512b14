"""Loading and linking killed at fifty random moments, against the same work undisturbed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.claim import Claim, Stopwatch
from bench.walk import LAST_MONTH
from contracts.asof import RAW
from contracts.place import load_place
from contracts.warehouse import month_schema
from contracts.workspace import Workspace
from synthetic import simulate
from tests.evaluation.crash import Command, disturb, fingerprints

PLACE, MONTH = "northmere", "2026-10"
ROUNDS = (("load", 4, 10), ("run", 2, 5))
"""Command, how many places it is tried on, and how often it is killed on each."""
_WORDS = {"load": ("load", PLACE), "run": ("run", PLACE, MONTH)}


def measure() -> Iterator[Claim]:
    """Tables that differ after kills and one undisturbed run."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        simulate(
            place=load_place(PLACE),
            workspace=Workspace(root=root / "made", place=PLACE),
            size="tiny",
            preset="average_unitary",
            seed=1,
        )
        differ, at_work, kills = 0, 0, 0
        for name, places, times in ROUNDS:
            found, worked = _round(root, name, places, times)
            differ, at_work, kills = differ + found, at_work + worked, kills + places * times
    yield watch.claim(
        "crash",
        "Tables that differ from an undisturbed run after loading and linking were killed",
        differ,
        unit="tables",
        bar=("=", 0),
        note=f"{kills} kills, {at_work} of them while it was at work",
    )


def _round(root: Path, name: str, places: int, times: int) -> tuple[int, int]:
    """Tables that differ, and kills that met the command at work."""
    calm = root / f"{name}-calm"
    shutil.copytree(root / "made", calm)
    span = Command(words=_WORDS[name], home=calm).finish()
    schemas = (RAW, month_schema(LAST_MONTH))
    expected = fingerprints(Workspace(root=calm, place=PLACE), schemas)
    differ = at_work = 0
    for number in range(places):
        shaken = root / f"{name}-{number}"
        shutil.copytree(root / "made", shaken)
        command = Command(words=_WORDS[name], home=shaken)
        at_work += disturb(command, kills=times, span=span, seed=number)
        command.finish()
        found = fingerprints(Workspace(root=shaken, place=PLACE), schemas)
        differ += sum(expected.get(key) != found.get(key) for key in {*expected, *found})
        shutil.rmtree(shaken)
    return differ, at_work
