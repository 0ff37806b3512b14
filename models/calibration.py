"""Raw scores (log-odds) to probabilities, by a sigmoid or a bent one fitted on a later block.

Two or three numbers, so the order of households never changes and no ties appear at the top of a
list, as they do with isotonic steps. Where the block has few events the slope is drawn towards 1
and the bend towards none: no change. Whether the line is bent at all (beta calibration) is decided
by households of the block that the curve was not fitted on. The block is a few months of a year,
and many events have their season: how high probabilities are on the whole is taken from the newest
twelve months whose outcome is known.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Self

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit

from models.sampling import Floats, Ints

_SLOPE_SPREAD = 0.5
_BEND_SPREAD = 1.0
_LEAST_SLOPE = 0.05
_FURTHEST = 12.0
_PARTS = 5


@dataclass(frozen=True, kw_only=True)
class Sigmoid:
    """Calibrated log-odds are ``intercept + slope * z + bend * log(1 + exp(z))``.

    Here ``z = start + scale * raw``. Without a bend that is a sigmoid. With one it is beta
    calibration (Kull, Silva Filho and Flach, 2017) on the log-odds: the slope changes to
    ``slope + bend`` for the highest scores. Both slopes and the scale are above zero.
    """

    intercept: float = 0.0
    slope: float = 1.0
    bend: float = 0.0
    start: float = 0.0
    scale: float = 1.0

    def apply(self, raw: Floats) -> Floats:
        """Probabilities of raw scores."""
        return np.asarray(expit(self.logit(raw)), dtype=np.float64)

    def logit(self, raw: Floats) -> Floats:
        """Calibrated log-odds of raw scores."""
        z = self.start + self.scale * raw
        straight = self.intercept + self.slope * z
        return straight + self.bend * np.logaddexp(0.0, z) if self.bend else straight

    def moved(self, by: float) -> Sigmoid:
        """The same with every log-odds higher by so much."""
        return replace(self, intercept=self.intercept + by)

    def handed_on(self, ours: Floats, theirs: Floats) -> Sigmoid:
        """The same for another model, told by what both make of rows that neither has met.

        A model that has learnt from more rows spreads its scores further: in part it tells
        households further apart, in part it is too sure of itself. Half of the wider spread is
        taken back, and then the level at which both expect as many events.

        Args:
            ours: Scores of the model that this was fitted for.
            theirs: Scores of the other, for the same rows.
        """
        spreads = float(ours.std()), float(theirs.std())
        scale = float(np.sqrt(spreads[0] / spreads[1])) if min(spreads) > 0 else 1.0
        found = replace(self, start=(1 - scale) * float(theirs.mean()), scale=scale)
        return found.moved(level_off(found.logit(theirs), self.apply(ours), np.ones(len(ours))))

    def as_json(self) -> dict[str, float]:
        """Plain values for a file."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, float]) -> Self:
        """The calibrator of :meth:`as_json`."""
        return cls(**values)


def fit_sigmoid(raw: Floats, y: Floats, weight: Floats | None = None) -> Sigmoid:
    """The sigmoid that best fits ``y``; no change where there is nothing to learn from."""
    return _fit(raw, y, np.ones(len(y)) if weight is None else weight, bent=False)


def fit_beta(raw: Floats, y: Floats, weight: Floats) -> Sigmoid:
    """The bent sigmoid that best fits ``y``; no change where there is nothing to learn from."""
    return _fit(raw, y, weight, bent=True)


def fit_steadiest(raw: Floats, y: Floats, weight: Floats, household: Ints) -> Sigmoid:
    """The sigmoid, or the bent one where it fits households better that it was not fitted on.

    Args:
        raw: Scores of a model that has not met these rows.
        y: 1.0 where the event came.
        weight: How many rows each stands for.
        household: Whose row it is: a household is in one part only.
    """
    part = np.unique(household, return_inverse=True)[1] % _PARTS
    lost = dict.fromkeys((fit_sigmoid, fit_beta), 0.0)
    for number in range(_PARTS):
        out = part == number
        for fit in lost:
            logit = fit(raw[~out], y[~out], weight[~out]).logit(raw[out])
            lost[fit] += float((weight[out] * (np.logaddexp(0.0, logit) - y[out] * logit)).sum())
    return (fit_beta if lost[fit_beta] < lost[fit_sigmoid] else fit_sigmoid)(raw, y, weight)


def _fit(raw: Floats, y: Floats, weight: Floats, *, bent: bool) -> Sigmoid:
    """Fit by penalised likelihood, with slopes at both ends that are above zero."""
    total = float(weight.sum())
    rate = float((weight * y).sum()) / total if total else 0.0
    if not 0 < rate < 1:
        return Sigmoid()
    high = np.logaddexp(0.0, raw) if bent else np.zeros(len(raw))
    columns = np.column_stack([np.ones(len(raw)), raw - high, high])

    def loss(at: Floats) -> tuple[float, Floats]:
        score = columns @ at
        slope, bend = (at[1] - 1) / _SLOPE_SPREAD**2, (at[2] - at[1]) / _BEND_SPREAD**2 * bent
        value = float((weight * (np.logaddexp(0.0, score) - y * score)).sum())
        value += 0.5 * float(slope * (at[1] - 1) + bend * (at[2] - at[1]))
        drawn = np.array([0.0, slope - bend, bend])
        return value / total, (columns.T @ (weight * (expit(score) - y)) + drawn) / total

    start = np.log(rate / (1 - rate)) - np.average(raw, weights=weight)
    found = minimize(
        loss,
        np.array([start, 1.0, 1.0]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), (_LEAST_SLOPE, None), (_LEAST_SLOPE, None)],
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 200},
    )
    intercept, slope, top = (float(value) for value in found.x)
    return Sigmoid(intercept=intercept, slope=slope, bend=top - slope if bent else 0.0)


def level_off(logit: Floats, y: Floats, weight: Floats) -> float:
    """How much higher all log-odds would have to be for as many events as came; 0 where none did.

    Args:
        logit: Calibrated log-odds.
        y: 1.0 where the event came; or its probability.
        weight: How many rows each stands for.
    """
    came, most = float((weight * y).sum()), float(weight.sum())
    if not 0 < came < most:
        return 0.0

    def gap(by: float) -> float:
        return float((weight * expit(logit + by)).sum()) - came

    if gap(-_FURTHEST) > 0 or gap(_FURTHEST) < 0:
        return 0.0
    return float(brentq(gap, -_FURTHEST, _FURTHEST, xtol=1e-10))
