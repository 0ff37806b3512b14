"""Models that add up one step curve for each feature: an explainable boosting machine, a card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from models.kinds import summed_by_theme
from models.sampling import Floats, Matrix


@dataclass(frozen=True, kw_only=True)
class Curve:
    """What one feature adds.

    Attributes:
        feature: Its position.
        cuts: Where the steps are, rising; a value on a cut belongs above it.
        values: What each step adds; one more than there are cuts.
        unknown: What is added where the value is not known.
    """

    feature: int
    cuts: tuple[float, ...]
    values: tuple[float, ...]
    unknown: float

    def add(self, x: Matrix) -> Floats:
        """What it adds to each row."""
        column = x[:, self.feature].astype(np.float64)
        step = np.searchsorted(np.array(self.cuts), column, side="right")
        added = np.array(self.values)[np.minimum(step, len(self.cuts))]
        return np.where(np.isnan(column), self.unknown, added)


@dataclass(frozen=True, kw_only=True)
class Additive:
    """Log-odds as a base and a sum of curves, each of which is zero on average."""

    names: tuple[str, ...]
    intercept: float
    curves: tuple[Curve, ...]

    def raw(self, x: Matrix) -> Floats:
        """Log-odds of each row."""
        total = np.full(len(x), self.intercept)
        for curve in self.curves:
            total += curve.add(x)
        return total

    def contributions(self, x: Matrix) -> Floats:
        """Contribution of each feature to each row's log-odds; the base comes last."""
        found = np.zeros((len(x), len(self.names) + 1))
        found[:, -1] = self.intercept
        for curve in self.curves:
            found[:, curve.feature] += curve.add(x)
        return found

    def by_theme(self, x: Matrix, themes: Sequence[int]) -> Floats:
        """Contributions summed by theme, the base last; ``themes`` numbers each feature's."""
        return summed_by_theme(self.contributions(x), themes)

    def gains(self) -> dict[str, float]:
        """How far each feature's curve reaches, as a share of the whole."""
        reach = dict.fromkeys(self.names, 0.0)
        for curve in self.curves:
            reach[self.names[curve.feature]] += float(np.ptp(curve.values))
        total = sum(reach.values()) or 1.0
        return {name: size / total for name, size in reach.items()}

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        return {
            "names": list(self.names),
            "intercept": self.intercept,
            "curves": [vars(curve) for curve in self.curves],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The model of :meth:`as_json`."""
        curves = (
            Curve(**{**said, "cuts": tuple(said["cuts"]), "values": tuple(said["values"])})
            for said in values["curves"]
        )
        return cls(
            names=tuple(values["names"]), intercept=values["intercept"], curves=tuple(curves)
        )
