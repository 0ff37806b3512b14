"""`afloat map` on invented vendors' files of an invented place."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.claim import Claim, Stopwatch
from contracts.place import load_place
from contracts.workspace import Workspace
from synthetic import simulate
from tests.evaluation.vendor_layouts import native_files, try_vendors


def measure() -> Iterator[Claim]:
    """Share of columns that are mapped right, and wrong, without a person."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(root=Path(folder), place="northmere")
        simulate(
            place=load_place("northmere"),
            workspace=workspace,
            size="tiny",
            preset="average_unitary",
            seed=5,
        )
        tried = list(try_vendors(native_files(workspace.landing, Path(folder)), Path(folder)))
    columns = sum(one.columns for one in tried)
    vendors = len({one.vendor for one in tried})
    wrong = sum(len(one.wrong) for one in tried)
    yield watch.claim(
        "map-columns",
        "Columns of invented vendors' files that a draft maps right, before anybody looks",
        sum(one.right for one in tried) / columns,
        unit="share",
        bar=(">=", 0.95),
        note=f"{columns} columns, {len(tried)} files, {vendors} vendors; {wrong} mapped wrong",
    )
