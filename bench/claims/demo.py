"""The demonstration end to end, and its models beside the ceiling of its sealed truth."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from bench.claim import Claim, Stopwatch
from bench.walk import LAST_MONTH
from contracts.warehouse import month_schema
from contracts.workspace import REPOSITORY, Workspace
from contracts.zones import Zone
from tests.evaluation import OracleScores, load_truth, oracle_auroc

MINUTES = 12
OUTCOMES = ("edge_of_crisis", "O1")


def measure() -> Iterator[Claim]:
    """Time, repeatability, ranking, calibration and additivity of the demonstration."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        yield from _runs(root)
        workspace = Workspace(root=root / "var", place="northmere")
        evaluation = json.loads((workspace.month(LAST_MONTH) / "evaluation.json").read_bytes())
        for outcome in OUTCOMES:
            yield from _ranking(outcome, evaluation["outcomes"][outcome], workspace)
        yield _additivity(workspace)


def _runs(root: Path) -> Iterator[Claim]:
    watch = Stopwatch()
    first = _afloat(root, "demo")
    releases = _releases(root)
    yield watch.claim(
        "demo-minutes",
        "The demonstration after setup, end to end, on two cores",
        first / 60,
        unit="minutes",
        bar=("<=", MINUTES),
    )
    again = _afloat(root, "run", "--anew")
    yield watch.claim(
        "demo-repeat",
        "Releases after a second run that were not there after the first",
        len(_releases(root) ^ releases),
        unit="releases",
        bar=("=", 0),
        note=f"{again / 60:.1f} minutes; release {', '.join(sorted(releases))}",
    )
    yield watch.claim(
        "demo-nothing-new",
        "A run where nothing is new, beside one that works everything out",
        _afloat(root, "run") / again,
        unit="times as long",
        bar=("<=", 0.1),
        note="deliveries are looked at and the law is applied; the release stands",
    )


def _afloat(root: Path, *words: str) -> float:
    """Run a command; returns seconds."""
    home = root / "dagster"
    home.mkdir(exist_ok=True)
    settings = (REPOSITORY / "dagster_home" / "dagster.yaml").read_bytes()
    (home / "dagster.yaml").write_bytes(settings)
    started = time.monotonic()
    subprocess.run(  # noqa: S603 - our own interpreter and commands
        [sys.executable, "-m", "afloat.cli", *words],
        cwd=REPOSITORY,
        env={**os.environ, "AFLOAT_HOME": str(root / "var"), "DAGSTER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - started


def _releases(root: Path) -> set[str]:
    return {path.name for path in (root / "var/northmere/releases").iterdir() if path.is_dir()}


def _ranking(outcome: str, report: dict[str, Any], workspace: Workspace) -> Iterator[Claim]:
    watch = Stopwatch()
    shipped = report["rankings"][report["shipped_model"]]
    rule = report["rankings"][report["best_rule"]]
    plain = report["rankings"]["logistic"]
    auroc = shipped["auroc"]["value"]
    yield watch.claim(
        f"{outcome}-auroc-over-rule",
        f"{outcome}, six months: area under the curve over that of the best simple rule",
        auroc - rule["auroc"]["value"],
        unit="AUROC",
        bar=(">", 0),
        note=f"model {_range(shipped['auroc'])}, rule {report['best_rule']} "
        f"{_range(rule['auroc'])}, logistic regression {_range(plain['auroc'])}",
    )
    oracle = _ceiling(outcome, workspace)
    yield watch.claim(
        f"{outcome}-auroc-under-ceiling",
        f"{outcome}, six months: area under the curve below the ceiling of the sealed truth",
        oracle.oracle - oracle.model,
        unit="AUROC",
        bar=(">", 0),
        note=f"ceiling {oracle.oracle:.3f}, model {oracle.model:.3f}, on the {oracle.rows:,} of "
        f"{oracle.asked:,} rows that the truth speaks of",
    )
    for figure in ("precision", "recall"):
        yield watch.claim(
            f"{outcome}-{figure}",
            f"{outcome}, six months: {figure} at the teams' capacity",
            shipped[figure]["value"],
            unit="share",
            note=f"{_range(shipped[figure])}; rule {_range(rule[figure])}; "
            f"logistic regression {_range(plain[figure])}",
        )
    expected = shipped["expected_over_observed"]
    yield watch.claim(
        f"{outcome}-calibration",
        f"{outcome}, six months: expected over observed, distance from 1",
        abs(expected["value"] - 1),
        unit="",
        bar=("<=", 0.1),
        note=_range(expected),
    )


def _ceiling(outcome: str, workspace: Workspace) -> OracleScores:
    schema = month_schema(LAST_MONTH)
    with workspace.warehouse().read(Zone.MODELLING) as con:
        tested = con.sql(
            f"SELECT outcome, household_id, snapshot_date, event, raw_score "
            f"FROM {schema}.backtest WHERE outcome = '{outcome}' AND event IS NOT NULL"
        ).pl()
    with workspace.warehouse().read(Zone.IDENTITY) as con:
        members = con.sql(
            "SELECT snapshot_date, household_id, person_id "
            f"FROM {schema}.household_member WHERE share = 'main'"
        ).pl()
        links = con.sql(f"SELECT source, local_id, person_id FROM {schema}.person_link").pl()
    return oracle_auroc(tested, members, links, load_truth(workspace), outcome=outcome)


def _additivity(workspace: Workspace) -> Claim:
    watch = Stopwatch()
    release = next(path for path in workspace.releases.iterdir() if path.is_dir())
    total = pl.col("contribution").sum().alias("total")
    gaps = (
        pl.read_parquet(release / "explanations.parquet")
        .group_by("household_id", "outcome")
        .agg(total)
        .join(pl.read_parquet(release / "base_values.parquet"), on="outcome")
        .join(pl.read_parquet(release / "scores.parquet"), on=["household_id", "outcome"])
        .select((pl.col("raw_score") - pl.col("value") - pl.col("total")).abs().max())
    )
    return watch.claim(
        "shap-additivity",
        "Contributions plus base against the raw score: largest difference over listed households",
        gaps.item(),
        unit="log-odds",
        bar=("<=", 1e-6),
    )


def _range(found: dict[str, float]) -> str:
    return f"{found['value']:.3f} ({found['low']:.3f} to {found['high']:.3f})"
