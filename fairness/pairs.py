"""Groups of two attributes at once, such as older women: unfairness that no single group shows.

There are hundreds of such groups, so one that is probably outside the policy's bounds is reported
only where it also stands by the rule of Benjamini and Hochberg over all that were looked at. What
stands counts like any other result that is not passed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

import polars as pl

from contracts.place import FairnessPolicy
from fairness.audit import audit_selection
from fairness.cells import recorded
from fairness.checks import CALIBRATION, SHARES
from fairness.findings import Finding, bounds_of
from fairness.labels import BOTH, parts
from fairness.publish import publish
from fairness.result import Pairs, Row
from fairness.verdicts import Verdict

FALSE_SHARE: Final = 0.05
"""Share of the reported groups that may be there by chance."""


def pair_findings(
    frame: pl.DataFrame,
    *,
    groups: Sequence[str],
    policy: FairnessPolicy,
    seed: int,
    replicates: int,
) -> list[Finding]:
    """Every check of test dates that the policy bounds, for every group of every two attributes.

    Args:
        frame: As in :func:`fairness.audit.audit_selection`; what is not recorded is a part too.
        groups: Names of the attributes.
        policy: What the board has agreed.
        seed: Seed of everything drawn.
        replicates: How many times households are resampled.

    Returns:
        Findings with the verdict of each alone, but "uncertain" for one that does not stand when
        all are looked at together.
    """
    only = [key for key in (*SHARES, CALIBRATION.key) if bounds_of(policy, key) is not None]
    if frame.is_empty() or not only:
        return []
    names = [BOTH.join(pair) for pair in combinations(groups, 2)]
    both = frame.with_columns(
        pl.concat_str([recorded(part) for part in name.split(BOTH)], separator=BOTH).alias(name)
        for name in names
    )
    found = audit_selection(
        both, groups=names, policy=policy, seed=seed, replicates=replicates, only=only
    )
    return _that_stand(found)


def published_pairs(
    findings: Sequence[Finding], policy: FairnessPolicy, *, alone: Sequence[Row]
) -> Pairs:
    """What of them may be shown: counts, and the groups that are not passed.

    The others are not shown one by one: so many small tables beside those of single attributes
    would let a hidden count be worked out. A group within one that is itself not passed by the same
    check says nothing new, and is only counted.

    Args:
        findings: From :func:`pair_findings`.
        policy: What the board has agreed.
        alone: Rows of single attributes.
    """
    failed = {
        (row.check, row.attribute, row.group) for row in alone if row.verdict is Verdict.NOT_PASSED
    }
    rows = [row for row in publish(findings, policy) if row.verdict is Verdict.NOT_PASSED]
    new = [
        row
        for row in rows
        if not any((row.check, *part) in failed for part in parts(row.attribute, row.group))
    ]

    def count(verdict: Verdict) -> int:
        return sum(found.verdict is verdict for found in findings)

    return Pairs(
        passed=count(Verdict.PASSED),
        uncertain=count(Verdict.UNCERTAIN),
        too_few=count(Verdict.TOO_FEW),
        within=len(rows) - len(new),
        rows=tuple(row.model_copy(update={"clear_of_chance": True}) for row in new),
    )


def _that_stand(findings: Sequence[Finding]) -> list[Finding]:
    from scipy.stats import false_discovery_control

    judged = [at for at, found in enumerate(findings) if math.isfinite(found.by_chance)]
    if not judged:
        return list(findings)
    adjusted = false_discovery_control([findings[at].by_chance for at in judged], method="bh")
    stands = dict(zip(judged, (adjusted <= FALSE_SHARE).tolist(), strict=True))
    return [
        replace(found, verdict=Verdict.UNCERTAIN, needed=None)
        if found.verdict is Verdict.NOT_PASSED and not stands.get(at, False)
        else found
        for at, found in enumerate(findings)
    ]
