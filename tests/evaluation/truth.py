"""Reads the sealed truth of an invented place, and nothing that was tampered with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from contracts import fingerprint
from contracts.workspace import Workspace
from synthetic.truth import FINGERPRINT, FOLDER, RUN


class TruthBroken(Exception):
    """The truth's files are not the ones that were sealed."""


@dataclass(frozen=True, kw_only=True)
class Truth:
    """Everything that really happened.

    Attributes:
        links: source, local_id, person: the person behind every identity record.
        households: household, ethnic_group, contact, deprivation, kind and more.
        residency: person, household, uprn, month (its last day).
        factors: household, F, S, H, K, R, acute, month (its last day), for the last two years.
        shocks: household, shock, month.
        need_events: process, household, began, recorded.
        oracle: household, month, through (there until the window's end), edge and O1 (chances that
            they will be recorded in the outcome window), edge_recorded, edge_true, O1_recorded.
        potential: household, y0, y1, theta, uptake, month.
        faults: fault, source, what (person, home or record), about: everything that was spoilt.
        fault_rates: fault, source, what, exposed, hit: how many could have been, and were.
        delays: kind, records, median_days, over_a_month: how late records were made.
        planted: injection, household, person: whom each planted difference touched.
        run: Settings, switches, and every marginal with its target.
    """

    links: pl.DataFrame
    households: pl.DataFrame
    residency: pl.DataFrame
    factors: pl.DataFrame
    shocks: pl.DataFrame
    need_events: pl.DataFrame
    oracle: pl.DataFrame
    potential: pl.DataFrame
    faults: pl.DataFrame
    fault_rates: pl.DataFrame
    delays: pl.DataFrame
    planted: pl.DataFrame
    run: dict[str, Any]


_TABLES = tuple(name for name in Truth.__dataclass_fields__ if name != "run")


def truth_folder(workspace: Workspace) -> Path:
    """Where a place's truth lies."""
    return workspace.home / FOLDER


def load_truth(workspace: Workspace) -> Truth:
    """All of the truth, checked against its seal.

    Raises:
        TruthBroken: If a file was changed, or there is no truth.
    """
    folder = truth_folder(workspace)
    paths = [*(folder / f"{name}.parquet" for name in _TABLES), folder / RUN]
    missing = [path.name for path in paths if not path.exists()]
    if missing:
        raise TruthBroken(f"{folder.name} has no {missing}")
    sealed = (folder / FINGERPRINT).read_text(encoding="utf-8").strip()
    if fingerprint.of_files(folder, paths) != sealed:
        raise TruthBroken("a file of the truth is not the one that was sealed")
    tables = {name: pl.read_parquet(folder / f"{name}.parquet") for name in _TABLES}
    return Truth(**tables, run=json.loads((folder / RUN).read_text(encoding="utf-8")))
