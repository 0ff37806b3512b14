"""Whether it is known who people are: what was never recorded cannot be audited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from contracts.place import FairnessPolicy
from fairness.checks import RECORDING
from fairness.findings import Finding, bounds_of, seed_of
from fairness.judging import wilson, with_verdict
from fairness.verdicts import DRAWS, Verdict

RECORDED = "RECORDED"
NOT_KNOWN = frozenset({"NOT_RECORDED", "UNKNOWN"})


def recording_findings(
    households: pl.DataFrame, *, groups: Sequence[str], policy: FairnessPolicy, seed: int
) -> list[Finding]:
    """For how many households each attribute is known.

    Args:
        households: One row a household with a column for each attribute.
        groups: Names of the attributes.
        policy: What the board has agreed; a floor for ``recording`` is on the share itself.
        seed: Seed of the audit.
    """
    return [
        _finding(households[attribute], attribute=attribute, policy=policy, seed=seed)
        for attribute in groups
    ]


def _finding(values: pl.Series, *, attribute: str, policy: FairnessPolicy, seed: int) -> Finding:
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
    rng = np.random.default_rng(seed_of(seed, RECORDING.key, attribute))
    draws = rng.beta(known + 0.5, base - known + 0.5, size=DRAWS)
    return replace(with_verdict(finding, draws, bounds), by_chance=float("nan"))
