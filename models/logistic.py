"""The plain model beside the trees: a logistic regression whose contributions add up by hand.

Amounts and counts are taken on a signed log scale; a value that is not known becomes the middle
value, and that it was not known is a column of its own. Features that are unknown together share
one such column, counted with the first of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from models.kinds import summed_by_theme
from models.sampling import Flags, Floats, Matrix, Sample
from models.spec import FeatureSpec

STRENGTHS = (0.0003, 0.003, 0.03)
"""How freely the weights may follow the data: the one that does best on households kept out."""
_SEEN_MISSING = 0.002
_MOST_STEPS = 50


@dataclass(frozen=True, kw_only=True)
class Linear:
    """A fitted logistic regression over named features."""

    names: tuple[str, ...]
    middle: Floats
    centre: Floats
    spread: Floats
    value_weight: Floats
    unknown_share: Floats
    unknown_weight: Floats
    intercept: float

    def raw(self, x: Matrix) -> Floats:
        """Log-odds of each row."""
        return np.asarray(self.contributions(x).sum(axis=1), dtype=np.float64)

    def contributions(self, x: Matrix) -> Floats:
        """Contribution of each feature to each row's log-odds; the last column is the base."""
        scaled, unknown = self._scaled(x)
        parts = scaled * self.value_weight + (unknown - self.unknown_share) * self.unknown_weight
        return np.column_stack([parts, np.full(len(x), self.intercept)])

    def by_theme(self, x: Matrix, themes: Sequence[int]) -> Floats:
        """Contributions summed by theme, the base last; ``themes`` numbers each feature's."""
        return summed_by_theme(self.contributions(x), themes)

    def _scaled(self, x: Matrix) -> tuple[Floats, Floats]:
        unknown = np.isnan(x)
        logged = np.where(unknown, self.middle, signed_log(x))
        return (logged - self.centre) / self.spread, unknown.astype(np.float64)

    def gains(self) -> dict[str, float]:
        """Size of each feature's weight on a common scale, as a share of the whole."""
        size = np.abs(self.value_weight) + np.abs(self.unknown_weight) * np.sqrt(
            self.unknown_share * (1 - self.unknown_share)
        )
        total = size.sum() or 1.0
        return {name: float(s / total) for name, s in zip(self.names, size, strict=True)}

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        arrays = {key: getattr(self, key).tolist() for key in _ARRAYS}
        return {"names": list(self.names), "intercept": self.intercept, **arrays}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """The model of :meth:`as_json`."""
        arrays = {key: np.array(values[key], dtype=np.float64) for key in _ARRAYS}
        return cls(names=tuple(values["names"]), intercept=values["intercept"], **arrays)


_ARRAYS = ("middle", "centre", "spread", "value_weight", "unknown_share", "unknown_weight")


def signed_log(x: Matrix) -> Floats:
    """``log(1 + |x|)`` with the sign of ``x``."""
    return np.copysign(np.log1p(np.abs(x)), x).astype(np.float64)


@dataclass(frozen=True, kw_only=True)
class _Design:
    """Rows on a common scale, with marks for what is not known."""

    rows: Floats
    middle: Floats
    centre: Floats
    spread: Floats
    unknown_share: Floats
    marked: NDArray[np.intp]


def _design(x: Matrix) -> _Design:
    logged = signed_log(x)
    unknown = np.isnan(logged)
    middle = _middles(logged, unknown)
    logged = np.where(unknown, middle, logged)
    centre, spread = logged.mean(axis=0), logged.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    share = unknown.mean(axis=0)
    marked = _marked(unknown, share)
    return _Design(
        rows=np.column_stack([(logged - centre) / spread, unknown[:, marked] - share[marked]]),
        middle=middle,
        centre=centre,
        spread=spread,
        unknown_share=share,
        marked=marked,
    )


def fit_linears(
    sample: Sample, specs: Sequence[FeatureSpec], *, strengths: Sequence[float]
) -> list[Linear]:
    """A ridge logistic regression for each strength; the same rows give the same numbers.

    Args:
        sample: Rows to fit on.
        specs: Their features.
        strengths: How freely the weights may follow the data.
    """
    design = _design(sample.x)
    return [_fit(design, sample, specs, strength) for strength in strengths]


def fit_linear(
    sample: Sample, specs: Sequence[FeatureSpec], *, strength: float = STRENGTHS[-1]
) -> Linear:
    """The ridge logistic regression of one strength; see :func:`fit_linears`."""
    return fit_linears(sample, specs, strengths=[strength])[0]


def _fit(design: _Design, sample: Sample, specs: Sequence[FeatureSpec], strength: float) -> Linear:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=_MOST_STEPS, tol=1e-5)
    model.fit(design.rows, sample.y, sample_weight=sample.weight)
    weights = np.asarray(model.coef_[0], dtype=np.float64)
    marks = np.zeros(len(specs))
    marks[design.marked] = weights[len(specs) :]
    return Linear(
        names=tuple(spec.name for spec in specs),
        middle=design.middle,
        centre=design.centre,
        spread=design.spread,
        value_weight=weights[: len(specs)],
        unknown_share=design.unknown_share,
        unknown_weight=marks,
        intercept=float(model.intercept_[0]),
    )


def _marked(unknown: Flags, share: Floats) -> NDArray[np.intp]:
    """Columns that get a mark of their own where not known, one for each pattern of gaps."""
    first: dict[bytes, int] = {}
    for at in np.flatnonzero((share > _SEEN_MISSING) & (share < 1 - _SEEN_MISSING)):
        first.setdefault(np.packbits(unknown[:, at]).tobytes(), int(at))
    return np.array(sorted(first.values()), dtype=np.intp)


def _middles(logged: Floats, unknown: Flags) -> Floats:
    """Median of each column's known values; 0 where none is known."""
    known = ~unknown.all(axis=0)
    found = np.zeros(logged.shape[1])
    found[known] = np.nanmedian(logged[:, known], axis=0)
    return found
