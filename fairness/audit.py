"""The audit's core: from rows of households on test dates to findings, with no file or database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from contracts.place import FairnessPolicy
from fairness.calibration import calibration_findings, expected_reach
from fairness.cells import Counts, GroupCells, group_cells
from fairness.checks import CALIBRATION, KEYS, SHARES
from fairness.findings import Finding, seed_of
from fairness.judging import judge_share
from fairness.metrics import NEED_SHARE, REACH
from fairness.samples import evidence

REPLICATES = 1000


def audit_selection(
    frame: pl.DataFrame,
    *,
    groups: Sequence[str],
    policy: FairnessPolicy,
    seed: int,
    replicates: int = REPLICATES,
    only: Collection[str] = KEYS,
) -> list[Finding]:
    """Every check that is worked out from test dates, for every group of every attribute.

    Args:
        frame: One row a household and test date: ``household_id``, ``event`` (null where it is not
            known yet), ``selected``, ``probability`` (null where there is none) and a column for
            each attribute. A null there is a group, ``NOT_RECORDED``: nobody is left out.
        groups: Names of the attributes.
        policy: What the board has agreed.
        seed: Seed of everything drawn.
        replicates: How many times households are resampled.
        only: Keys of the checks that are wanted.

    Returns:
        Findings in the order of the checks, then of ``groups``, then of the group's name.
    """
    if frame.is_empty():
        return []
    findings: list[Finding] = []
    for attribute in groups:
        cells = group_cells(frame, attribute)
        draws = cells.resampled(replicates=replicates, seed=seed_of(seed, attribute))
        expected = expected_reach(frame, attribute)
        found = [
            *_share_findings(cells, draws, attribute=attribute, policy=policy, seed=seed, only=only)
        ]
        if CALIBRATION.key in only:
            found += calibration_findings(frame, attribute=attribute, policy=policy)
        findings += [_with_expected(finding, expected) for finding in found]
    return sorted(findings, key=lambda finding: KEYS.index(finding.check))


def everyone(
    frame: pl.DataFrame, *, policy: FairnessPolicy, seed: int, replicates: int = REPLICATES
) -> dict[str, Finding]:
    """Each check's figure for everyone together, with its range and no verdict."""
    whole = frame.with_columns(pl.lit("everyone").alias("everyone"))
    unbound = policy.model_copy(update={"checks": {}})
    found = audit_selection(
        whole, groups=("everyone",), policy=unbound, seed=seed, replicates=replicates
    )
    return {finding.check: finding for finding in found}


def _share_findings(
    cells: GroupCells,
    draws: Counts,
    *,
    attribute: str,
    policy: FairnessPolicy,
    seed: int,
    only: Collection[str],
) -> list[Finding]:
    _, _, need = evidence(cells, draws, NEED_SHARE)
    needed_help, _, _ = evidence(cells, draws, REACH)
    findings = []
    for check in (key for key in SHARES if key in only):
        bases, rest_bases, rates = evidence(cells, draws, SHARES[check])
        findings += [
            judge_share(
                rates[index],
                check=check,
                attribute=attribute,
                group=group,
                base=bases[index],
                rest_base=rest_bases[index],
                policy=policy,
                seed=seed,
                need=need[index] if check == "list_share" else None,
                need_base=needed_help[index] if check == "list_share" else None,
            )
            for index, group in enumerate(cells.groups)
        ]
    return findings


def _with_expected(finding: Finding, expected: dict[str, float]) -> Finding:
    if finding.check != "reach" or finding.group not in expected:
        return finding
    return replace(finding, expected=expected[finding.group])
