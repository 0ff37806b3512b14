"""Whom the data can see: told apart, located, and found in the sources that hold everybody.

Read first of all: a household that the data cannot see is on no list and in no later figure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from contracts.place import FairnessPolicy
from fairness.findings import Finding
from fairness.judging import judge_share
from fairness.recording import NOT_KNOWN
from fairness.verdicts import Evidence, Verdict
from linkage.quality.coverage import COVERED, EVERYBODY, LOCATED, RESOLVED

OTHERS = "OTHERS"
"""All small areas together that are not named because nothing is amiss there."""
_JUDGED = (RESOLVED, LOCATED, COVERED)


def seen_findings(
    coverage: pl.DataFrame, *, groups: Sequence[str], policy: FairnessPolicy, seed: int
) -> list[Finding]:
    """Findings on every group, neighbourhood and, for coverage, small area.

    Coverage is judged in sources that hold everybody. A group that is only known by having a record
    (nothing recorded) is shown and not judged: it would be low by definition.

    Args:
        coverage: The table ``coverage``.
        groups: Names of the attributes.
        policy: What the board has agreed.
        seed: Seed of the audit.
    """
    judged = coverage.filter(
        pl.col("measure").is_in([RESOLVED, LOCATED])
        | ((pl.col("measure") == COVERED) & pl.col("source").is_in(sorted(EVERYBODY)))
    )
    found = []
    for (measure, source), table in judged.partition_by(
        ["measure", "source"], as_dict=True, maintain_order=True
    ).items():
        for attribute in (*groups, "neighbourhood"):
            found += _findings(table, attribute, (measure, source), policy=policy, seed=seed)
        if measure == COVERED:
            found += _small_areas(table, source, policy=policy, seed=seed)
    return sorted(found, key=lambda finding: _JUDGED.index(finding.check))


def _findings(
    table: pl.DataFrame,
    attribute: str,
    of: tuple[str, str],
    *,
    policy: FairnessPolicy,
    seed: int,
) -> list[Finding]:
    rows = table.filter(pl.col("group_kind") == attribute).sort("group_value")
    base, reached, households = (
        int(rows[name].sum()) for name in ("base", "reached", "households")
    )
    if base == 0:
        return []
    return [
        _finding(row, (base, reached, households), attribute, of, policy=policy, seed=seed)
        for row in rows.iter_rows(named=True)
        if row["base"]
    ]


def _finding(
    row: dict[str, int | str],
    totals: tuple[int, int, int],
    attribute: str,
    of: tuple[str, str],
    *,
    policy: FairnessPolicy,
    seed: int,
) -> Finding:
    measure, source = of
    group = str(row["group_value"])
    base, reached, households = (int(row[name]) for name in ("base", "reached", "households"))
    rest = totals[0] - base
    finding = judge_share(
        Evidence(
            rate=reached / base,
            amount=float(households),
            rest_rate=(totals[1] - reached) / rest if rest else reached / base,
            rest_amount=float(totals[2] - households),
            weight=base / totals[0],
        ),
        check=measure,
        attribute=attribute,
        group=group,
        base=households,
        rest_base=totals[2] - households,
        policy=policy,
        seed=seed,
    )
    finding = replace(finding, source=source)
    if group in NOT_KNOWN and finding.verdict is not None:
        return replace(finding, verdict=None, by_chance=float("nan"), needed=None)
    return finding


def _small_areas(
    table: pl.DataFrame, source: str, *, policy: FairnessPolicy, seed: int
) -> list[Finding]:
    """Small areas that are seen too seldom, and all the others as one.

    There are many, so each has to be surer than one group alone would: by chance alone, any of them
    is named as seldom as a group is.
    """
    areas = table.filter(
        (pl.col("group_kind") == "small_area") & ~pl.col("group_value").is_in(sorted(NOT_KNOWN))
    )
    if areas.height < 2:
        return []
    surer = 1 - (1 - policy.verdict_probability) / areas.height
    strict = policy.model_copy(update={"verdict_probability": surer})
    each = _findings(areas, "small_area", (COVERED, source), policy=strict, seed=seed)
    low = {found.group for found in each if found.verdict is Verdict.NOT_PASSED}
    if not low:
        return []
    named = pl.when(pl.col("group_value").is_in(sorted(low))).then(pl.col("group_value"))
    told = (
        areas.with_columns(named.otherwise(pl.lit(OTHERS)).alias("group_value"))
        .group_by("group_kind", "group_value")
        .agg(pl.col("base", "reached", "households").sum())
    )
    rest = _findings(told, "small_area", (COVERED, source), policy=policy, seed=seed)
    return [found for found in rest if found.group == OTHERS] + [
        found for found in each if found.group in low
    ]
