"""What is believed of a ratio after the data: how probable it is to lie below any value.

Where the belief has a closed form it is worked out and not drawn, so that a verdict does not hang
on a seed. Distributions of ``scipy.stats`` are posteriors as they are.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import betainc, betaincinv

Draws = NDArray[np.float64]
DRAWS: Final = 20_000
_NODES: Final = 48
_LARGEST: Final = 1e9


class Posterior(Protocol):
    """A distribution of one number, as those of ``scipy.stats`` are."""

    def cdf(self, x: float, /) -> float:
        """Probability that it is at most ``x``."""

    def ppf(self, q: float, /) -> float:
        """What it is below with probability ``q``, between 0 and 1."""


@dataclass(frozen=True)
class Sampled:
    """A distribution known from draws."""

    draws: Draws

    def cdf(self, x: float) -> float:
        """Share of the draws that are at most ``x``."""
        return float(np.mean(self.draws <= x))

    def ppf(self, q: float) -> float:
        """Quantile of the draws."""
        return float(np.quantile(self.draws, q))


def sampled(draws: Draws) -> Sampled | None:
    """A posterior of draws; None of no draws, or of draws that are not numbers."""
    return Sampled(draws) if draws.size and np.isfinite(draws).all() else None


@dataclass(frozen=True, kw_only=True)
class Rate:
    """A beta posterior of a rate.

    Attributes:
        yes: Weight of those who had it, the prior's included; above 0.
        no: Weight of those who had it not; above 0.
    """

    yes: float
    no: float

    @property
    def mean(self) -> float:
        """Expected rate."""
        return self.yes / (self.yes + self.no)

    @property
    def spread(self) -> float:
        """Standard deviation over the mean."""
        return float(np.sqrt(self.no / (self.yes * (self.yes + self.no + 1))))

    def at(self, shares: Draws) -> Draws:
        """Quantiles."""
        found: Draws = betaincinv(self.yes, self.no, shares)
        return found

    def below(self, x: Draws) -> Draws:
        """Probability that the rate is below each."""
        found: Draws = betainc(self.yes, self.no, np.clip(x, 0.0, 1.0))
        return found

    def above(self, x: Draws) -> Draws:
        """Probability that the rate is above each."""
        found: Draws = 1 - self.below(x)
        return found


@dataclass(frozen=True, kw_only=True)
class RateRatio:
    """A group's rate over everyone's, of which the group is a part.

    Attributes:
        group: The group's rate.
        rest: Everybody else's, independent of it.
        weight: The group's part of everyone's base, from 0 to below 1.
    """

    group: Rate
    rest: Rate
    weight: float

    def cdf(self, x: float) -> float:
        """Probability that the ratio is at most ``x``.

        The ratio is below ``x`` where the group's rate is below a multiple of everybody else's. The
        surer of the two is integrated over (Gauss and Legendre, at its quantiles), so that what is
        integrated is smooth.
        """
        if x <= 0:
            return 0.0
        if self.weight * x >= 1:
            return 1.0
        times = x * (1 - self.weight) / (1 - self.weight * x)
        _, parts = _quadrature()
        if self._rest_is_surer:
            return float(parts @ self.group.below(times * self._surer))
        return float(parts @ self.rest.above(self._surer / times))

    def ppf(self, q: float) -> float:
        """The ratio's quantile, to a millionth of it; 0 where it is below a billionth."""
        most = math.log(1 / self.weight) if self.weight > 1 / _LARGEST else math.log(_LARGEST)
        least = -math.log(_LARGEST)
        middle = min(max(math.log(self._middle), least), most)
        low = high = middle
        while low > least and self.cdf(math.exp(low)) > q:
            low = max(low - (middle - low or 0.1), least)
        while high < most and self.cdf(math.exp(high)) < q:
            high = min(high + (high - middle or 0.1), most)
        if self.cdf(math.exp(low)) >= q:
            return 0.0 if low == least else math.exp(low)
        if self.cdf(math.exp(high)) <= q:
            return math.exp(high)
        return math.exp(brentq(lambda x: self.cdf(math.exp(x)) - q, low, high, xtol=1e-6))

    @property
    def _middle(self) -> float:
        group, rest = self.group.mean, self.rest.mean
        return group / (self.weight * group + (1 - self.weight) * rest)

    @cached_property
    def _rest_is_surer(self) -> bool:
        return self.rest.spread <= self.group.spread

    @cached_property
    def _surer(self) -> Draws:
        """Quantiles of the surer rate."""
        shares, _ = _quadrature()
        return (self.rest if self._rest_is_surer else self.group).at(shares)

    def drawn(self, *, seed: int, count: int = DRAWS) -> Draws:
        """Draws, for what has no closed form."""
        rng = np.random.default_rng(seed)
        group = rng.beta(self.group.yes, self.group.no, size=count)
        rest = rng.beta(self.rest.yes, self.rest.no, size=count)
        draws: Draws = group / (self.weight * group + (1 - self.weight) * rest)
        return draws


@cache
def _quadrature() -> tuple[Draws, Draws]:
    """Points between 0 and 1 and the part of the whole that each stands for."""
    points, parts = np.polynomial.legendre.leggauss(_NODES)
    return (points + 1) / 2, parts / 2
