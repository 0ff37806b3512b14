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
from numpy.typing import NDArray

PRIOR_WEIGHT: Final = 20.0
WEAK_WEIGHT: Final = 1.0
DRAWS: Final = 20_000
_SEARCH_DRAWS = 5_000
_MOST_NEEDED = 100.0
_EDGE = 1e-6

Draws = NDArray[np.float64]


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

    def verdict(self, draws: Draws) -> Verdict:
        """The verdict on a ratio known as these posterior draws.

        ``not passed`` where it is probably outside the bounds, ``passed`` where it is probably
        within them, ``uncertain`` otherwise. No draws, or draws that are not numbers, are never a
        pass.
        """
        if draws.size == 0 or not np.isfinite(draws).all():
            return Verdict.TOO_FEW
        outside = self.outside(draws)
        if outside > self.sure:
            return Verdict.NOT_PASSED
        return Verdict.PASSED if 1 - outside > self.sure else Verdict.UNCERTAIN

    def outside(self, draws: Draws) -> float:
        """Posterior probability that the ratio is outside the bounds."""
        low = draws < (-np.inf if self.floor is None else self.floor)
        high = draws > (np.inf if self.ceiling is None else self.ceiling)
        return float(np.mean(low | high))

    def by_chance(self, draws: Draws) -> float:
        """Posterior probability of no gap at all on the side that the bounds guard.

        Small where a gap is more than chance; two-sided where there is a floor and a ceiling.
        """
        above = float(np.mean(draws >= 1))
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

    def ratio_draws(self, *, seed: int, shrunk: bool = True, count: int = DRAWS) -> Draws:
        """Posterior draws of the ratio; none where it is undefined.

        Args:
            seed: Seed of the draws.
            shrunk: Whether the prior sits at everyone's rate with its full weight. Ranges are drawn
                with a weak one instead, so that they show the data.
            count: How many draws.
        """
        if not self._defined:
            return np.empty(0)
        rng = np.random.default_rng(seed)
        weight = PRIOR_WEIGHT if shrunk else WEAK_WEIGHT
        group = rng.beta(*self._posterior(self.rate, self.amount, weight), size=count)
        rest = rng.beta(*self._posterior(self.rest_rate, self.rest_amount, WEAK_WEIGHT), size=count)
        draws: Draws = group / (self.weight * group + (1 - self.weight) * rest)
        return draws

    @property
    def _defined(self) -> bool:
        rates = (self.rate, self.rest_rate)
        return all(np.isfinite(rates)) and self.reference > 0 and self.rest_amount > 0

    def _posterior(self, rate: float, amount: float, weight: float) -> tuple[float, float]:
        """Parameters of the beta posterior of a rate, with the prior at everyone's."""
        centre = min(max(self.reference, _EDGE), 1 - _EDGE)
        yes = weight * centre + rate * amount
        no = weight * (1 - centre) + (1 - rate) * amount
        return yes, no


def households_needed(evidence: Evidence, bounds: Bounds, *, seed: int) -> int | None:
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
        verdict = bounds.verdict(larger.ratio_draws(seed=seed, count=_SEARCH_DRAWS))
        return verdict in (Verdict.PASSED, Verdict.NOT_PASSED)

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
