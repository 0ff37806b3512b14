"""What the audit finds of one group by one check: exact, so never to leave the process."""

from __future__ import annotations

from dataclasses import dataclass

from contracts.fingerprint import of_value
from contracts.place import FairnessPolicy
from fairness.verdicts import Bounds, Verdict

_NAN = float("nan")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A group's figure, the same for everyone, and the verdict.

    Attributes:
        check: Key of the check.
        attribute: Such as ``age_band``.
        group: Such as ``65+``.
        base: Households (or records) that the figure is worked out from, each counted once.
        rate: The figure.
        low: Lower end of its range.
        high: Upper end of its range.
        everyone: The same figure for everyone.
        ratio: The figure that the policy's bounds hold: against everyone, or for calibration the
            figure itself.
        ratio_low: Lower end of the ratio's range.
        ratio_high: Upper end of the ratio's range.
        verdict: None where the policy has no such check.
        outside: Posterior probability that the ratio is outside the bounds.
        by_chance: Chance of so low a ratio (or so high) where there is no difference.
        needed: Size of base at which an uncertain verdict would be settled.
        expected: The figure that the model's own chances would lead to, where there is one.
        source: The source that it is about; empty where it is about none alone.
    """

    check: str
    attribute: str
    group: str
    base: int
    rate: float = _NAN
    low: float = _NAN
    high: float = _NAN
    everyone: float = _NAN
    ratio: float = _NAN
    ratio_low: float = _NAN
    ratio_high: float = _NAN
    verdict: Verdict | None = None
    outside: float = _NAN
    by_chance: float = _NAN
    needed: int | None = None
    expected: float = _NAN
    source: str = ""


def bounds_of(policy: FairnessPolicy, check: str) -> Bounds | None:
    """What the policy holds a check to; None where it has no such check or no bound for it."""
    agreed = policy.checks.get(check)
    if agreed is None or (agreed.floor is None and agreed.ceiling is None):
        return None
    return Bounds(floor=agreed.floor, ceiling=agreed.ceiling, sure=policy.verdict_probability)


def seed_of(seed: int, *names: str) -> int:
    """A seed of its own for each check, attribute and group, whatever the order they come in."""
    return int(of_value([seed, *names])[:15], 16)
