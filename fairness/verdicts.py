"""What may be said of one group by one check.

The share of a group that a list reaches is known only roughly, so a ratio of two such shares is not
compared with a floor as if it were exact: at ten events in a group that would cry wolf every second
time. The group's rate is a beta posterior whose prior sits at everyone's rate and weighs as much as
20 households; a verdict is given only where the posterior is sure of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from fairness.posteriors import Posterior, Rate, RateRatio

PRIOR_WEIGHT: Final = 20.0
WEAK_WEIGHT: Final = 1.0
_MOST_NEEDED = 100.0
_EDGE = 1e-6


class Verdict(StrEnum):
    """The words of the report."""

    PASSED = "passed"
    UNCERTAIN = "uncertain"
    NOT_PASSED = "not passed"
    TOO_FEW = "too few to say"


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What a policy holds a ratio to.

    Attributes:
        floor: Lowest ratio, or None.
        ceiling: Highest ratio, or None.
        sure: Posterior probability that a verdict needs.
    """

    floor: float | None
    ceiling: float | None = None
    sure: float = 0.9

    def verdict(self, ratio: Posterior | None) -> Verdict:
        """The verdict on a ratio of which this is known.

        ``not passed`` where it is probably outside the bounds, ``passed`` where it is probably
        within them, ``uncertain`` otherwise. A ratio that is undefined never passes.
        """
        if ratio is None:
            return Verdict.TOO_FEW
        outside = self.outside(ratio)
        if outside > self.sure:
            return Verdict.NOT_PASSED
        return Verdict.PASSED if 1 - outside > self.sure else Verdict.UNCERTAIN

    def outside(self, ratio: Posterior) -> float:
        """Posterior probability that the ratio is outside the bounds."""
        low = 0.0 if self.floor is None else float(ratio.cdf(self.floor))
        high = 0.0 if self.ceiling is None else 1 - float(ratio.cdf(self.ceiling))
        return min(1.0, low + high)

    def by_chance(self, ratio: Posterior) -> float:
        """Posterior probability of no gap at all on the side that the bounds guard.

        Small where a gap is more than chance; two-sided where there is a floor and a ceiling.
        """
        above = 1 - float(ratio.cdf(1.0))
        if self.floor is not None and self.ceiling is not None:
            return min(1.0, 2 * min(above, 1 - above))
        return above if self.floor is not None else 1 - above


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A group's rate and everybody else's, each with the households that it amounts to.

    Attributes:
        rate: The group's rate.
        amount: Households that the group's base amounts to, each counted once.
        rest_rate: The rate of everybody else.
        rest_amount: Households that their base amounts to.
        weight: The group's part of everyone's base, from 0 to 1.
    """

    rate: float
    amount: float
    rest_rate: float
    rest_amount: float
    weight: float

    @property
    def reference(self) -> float:
        """Everyone's rate, the group included."""
        return self.weight * self.rate + (1 - self.weight) * self.rest_rate

    @property
    def ratio(self) -> float:
        """The group's rate over everyone's; NaN where everyone's is 0."""
        return self.rate / self.reference if self.reference > 0 else float("nan")

    def posterior(self, *, shrunk: bool = True) -> RateRatio | None:
        """What is known of the ratio; None where it is undefined.

        Args:
            shrunk: Whether the prior sits at everyone's rate with its full weight. Ranges are made
                with a weak one instead, so that they show the data.
        """
        if not self._defined:
            return None
        weight = PRIOR_WEIGHT if shrunk else WEAK_WEIGHT
        return RateRatio(
            group=self._rate(self.rate, self.amount, weight),
            rest=self._rate(self.rest_rate, self.rest_amount, WEAK_WEIGHT),
            weight=self.weight,
        )

    @property
    def _defined(self) -> bool:
        rates = (self.rate, self.rest_rate)
        return all(np.isfinite(rates)) and self.reference > 0 and self.rest_amount > 0

    def _rate(self, rate: float, amount: float, weight: float) -> Rate:
        """The beta posterior of a rate, with the prior at everyone's."""
        centre = min(max(self.reference, _EDGE), 1 - _EDGE)
        return Rate(
            yes=weight * centre + rate * amount, no=weight * (1 - centre) + (1 - rate) * amount
        )


def households_needed(evidence: Evidence, bounds: Bounds) -> int | None:
    """How large the group's base would have to be for its rate, as it stands, to be judged.

    None where even a base 100 times as large would leave it uncertain: the rate is at the bound.
    """
    if not np.isfinite(evidence.ratio) or evidence.amount <= 0:
        return None

    def settled(times: float) -> bool:
        larger = Evidence(
            rate=evidence.rate,
            amount=evidence.amount * times,
            rest_rate=evidence.rest_rate,
            rest_amount=evidence.rest_amount * times,
            weight=evidence.weight,
        )
        return bounds.verdict(larger.posterior()) in (Verdict.PASSED, Verdict.NOT_PASSED)

    low, high = 1.0, 2.0
    while not settled(high):
        low, high = high, high * 2
        if high > _MOST_NEEDED:
            return None
    while high / low > 1.02:
        middle = (low * high) ** 0.5
        low, high = (low, middle) if settled(middle) else (middle, high)
    return int(np.ceil(evidence.amount * high))


def holm(chances: list[float], *, level: float) -> list[bool]:
    """Which of several findings stand when all are looked at together (Holm's step-down rule).

    Args:
        chances: For each, the chance of so strong a finding where nothing is wrong.
        level: Chance of any false finding that is accepted, such as 0.05.
    """
    order = sorted(range(len(chances)), key=chances.__getitem__)
    stands = [False] * len(chances)
    for position, index in enumerate(order):
        if chances[index] > level / (len(chances) - position):
            break
        stands[index] = True
    return stands
