"""Turns a group's evidence into a finding."""

from __future__ import annotations

from dataclasses import replace
from statistics import NormalDist

import numpy as np

from contracts.place import FairnessPolicy
from fairness.findings import Finding, bounds_of, seed_of
from fairness.posteriors import Posterior, sampled
from fairness.verdicts import Bounds, Evidence, Verdict, households_needed


def judge_share(
    evidence: Evidence,
    *,
    check: str,
    attribute: str,
    group: str,
    base: int,
    rest_base: int,
    policy: FairnessPolicy,
    seed: int,
    need: Evidence | None = None,
    need_base: int | None = None,
) -> Finding:
    """A finding on a group's rate against everyone's.

    A group under the minimum cell, one with nobody to be compared with, and one whose ratio is
    undefined are too few to say: none of them ever passes.

    Args:
        evidence: The group's rate and everybody else's.
        check: Key of the check.
        attribute: Name of the attribute.
        group: Value of the attribute.
        base: Households in the group's base.
        rest_base: Households in everybody else's.
        policy: What the board has agreed.
        seed: Seed of the audit.
        need: Where given, the ratio is divided by this rate's: a part of the list is compared with
            the same part of need.
        need_base: Households in the group with that need.
    """
    least = min(base, rest_base, base if need_base is None else need_base)
    low, high = wilson(evidence.rate, evidence.amount, confidence=policy.confidence)
    finding = Finding(
        check=check,
        attribute=attribute,
        group=group,
        base=base,
        rate=evidence.rate,
        low=low,
        high=high,
        everyone=evidence.reference,
        ratio=_over(evidence.ratio, need.ratio if need else 1.0),
    )
    bounds = bounds_of(policy, check)
    if least < policy.minimum_cell:
        return finding if bounds is None else replace(finding, verdict=Verdict.TOO_FEW)
    own = seed_of(seed, check, attribute, group)
    ranged = with_range(
        finding, _ratio(evidence, need, seed=own, shrunk=False), confidence=policy.confidence
    )
    if bounds is None:
        return ranged
    judged = with_verdict(ranged, _ratio(evidence, need, seed=own, shrunk=True), bounds)
    if judged.verdict is Verdict.UNCERTAIN and need is None:
        return replace(judged, needed=households_needed(evidence, bounds))
    return judged


def with_range(finding: Finding, ratio: Posterior | None, *, confidence: float) -> Finding:
    """The finding with the range of its ratio."""
    if ratio is None:
        return finding
    tail = (1 - confidence) / 2
    low, high = (float(ratio.ppf(share)) for share in (tail, 1 - tail))
    return replace(finding, ratio_low=low, ratio_high=high)


def with_verdict(finding: Finding, ratio: Posterior | None, bounds: Bounds) -> Finding:
    """The finding with its verdict and how sure it is."""
    verdict = bounds.verdict(ratio)
    if ratio is None:
        return replace(finding, verdict=verdict)
    return replace(
        finding, verdict=verdict, outside=bounds.outside(ratio), by_chance=bounds.by_chance(ratio)
    )


def wilson(rate: float, amount: float, *, confidence: float) -> tuple[float, float]:
    """Wilson's range of a rate known from so many households; NaN where there are none."""
    if not np.isfinite(rate) or amount <= 0:
        return float("nan"), float("nan")
    normal = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = normal**2 / amount
    centre = (rate + share / 2) / (1 + share)
    half = normal * max(rate * (1 - rate) / amount + share / amount / 4, 0.0) ** 0.5 / (1 + share)
    return max(0.0, centre - half), min(1.0, centre + half)


def _ratio(
    evidence: Evidence, need: Evidence | None, *, seed: int, shrunk: bool
) -> Posterior | None:
    ratio = evidence.posterior(shrunk=shrunk)
    if need is None or ratio is None:
        return ratio
    wanted = need.posterior(shrunk=shrunk)
    if wanted is None:
        return None
    with np.errstate(divide="ignore", invalid="ignore"):
        return sampled(ratio.drawn(seed=seed) / wanted.drawn(seed=seed + 1))


def _over(top: float, base: float) -> float:
    return top / base if base > 0 else float("nan")
