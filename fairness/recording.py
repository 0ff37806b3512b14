"""Whether it is known who people are: what was never recorded cannot be audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import polars as pl
from scipy import stats

from contracts.place import FairnessPolicy
from fairness.checks import RECORDING
from fairness.findings import Finding, bounds_of
from fairness.judging import wilson, with_verdict
from fairness.posteriors import Posterior
from fairness.verdicts import Verdict

RECORDED = "RECORDED"
NOT_KNOWN = frozenset({"NOT_RECORDED", "UNKNOWN"})


def recording_findings(
    households: pl.DataFrame, *, groups: Sequence[str], policy: FairnessPolicy
) -> list[Finding]:
    """For how many households each attribute is known.

    Args:
        households: One row a household with a column for each attribute.
        groups: Names of the attributes.
        policy: What the board has agreed; a floor for ``recording`` is on the share itself.
    """
    return [
        _finding(households[attribute], attribute=attribute, policy=policy) for attribute in groups
    ]


def _finding(values: pl.Series, *, attribute: str, policy: FairnessPolicy) -> Finding:
    base = len(values)
    known = int((~values.fill_null("NOT_RECORDED").is_in(list(NOT_KNOWN))).sum())
    share = known / base if base else float("nan")
    low, high = wilson(share, base, confidence=policy.confidence)
    finding = Finding(
        check=RECORDING.key,
        attribute=attribute,
        group=RECORDED,
        base=base,
        rate=share,
        low=low,
        high=high,
        everyone=share,
        ratio=share,
        ratio_low=low,
        ratio_high=high,
    )
    bounds = bounds_of(policy, RECORDING.key)
    if bounds is None:
        return finding
    if base < policy.minimum_cell:
        return replace(finding, verdict=Verdict.TOO_FEW)
    posterior: Posterior = stats.beta(known + 0.5, base - known + 0.5)
    return replace(with_verdict(finding, posterior, bounds), by_chance=float("nan"))
