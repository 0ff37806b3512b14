"""Raw scores (log-odds) to probabilities by a sigmoid fitted on a later block.

Two numbers, so the order of households never changes and no ties appear at the top of a list, as
they do with isotonic steps. Where the block has few events the slope is drawn towards 1: no change.
The block is a few months of a year, and many events have their season: how high probabilities are
on the whole is taken from the newest twelve months whose outcome is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import expit

from models.sampling import Floats

_SLOPE_SPREAD = 0.5
_LEAST_SLOPE = 0.05
_FURTHEST = 12.0


@dataclass(frozen=True, kw_only=True)
class Sigmoid:
    """``probability = 1 / (1 + exp(-(intercept + slope * raw)))``; the slope is above zero."""

    intercept: float = 0.0
    slope: float = 1.0

    def apply(self, raw: Floats) -> Floats:
        """Probabilities of raw scores."""
        return np.asarray(expit(self.logit(raw)), dtype=np.float64)

    def logit(self, raw: Floats) -> Floats:
        """Calibrated log-odds of raw scores."""
        return self.intercept + self.slope * raw

    def moved(self, by: float) -> Sigmoid:
        """The same with every log-odds higher by so much."""
        return Sigmoid(intercept=self.intercept + by, slope=self.slope)

    def after(self, first: Sigmoid) -> Sigmoid:
        """The sigmoid that does the other one's line first, then this one's."""
        return Sigmoid(
            intercept=self.intercept + self.slope * first.intercept,
            slope=self.slope * first.slope,
        )

    def as_json(self) -> dict[str, float]:
        """Plain values for a file."""
        return {"intercept": self.intercept, "slope": self.slope}

    @classmethod
    def from_json(cls, values: dict[str, float]) -> Self:
        """The calibrator of :meth:`as_json`."""
        return cls(intercept=values["intercept"], slope=values["slope"])


def fit_sigmoid(raw: Floats, y: Floats, weight: Floats | None = None) -> Sigmoid:
    """The sigmoid that best fits ``y``; no change where there is nothing to learn from."""
    weight = np.ones(len(y)) if weight is None else weight
    total = float(weight.sum())
    rate = float((weight * y).sum()) / total if total else 0.0
    if not 0 < rate < 1:
        return Sigmoid()

    def loss(at: Floats) -> tuple[float, Floats]:
        score = at[0] + at[1] * raw
        drawn = (at[1] - 1) / _SLOPE_SPREAD**2
        slack = weight * (expit(score) - y)
        value = float((weight * (np.logaddexp(0.0, score) - y * score)).sum())
        value += 0.5 * float(drawn * (at[1] - 1))
        return value / total, np.array([slack.sum(), (slack * raw).sum() + drawn]) / total

    start = np.log(rate / (1 - rate)) - np.average(raw, weights=weight)
    found = minimize(
        loss,
        np.array([start, 1.0]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(None, None), (_LEAST_SLOPE, None)],
        options={"ftol": 1e-14, "gtol": 1e-9, "maxiter": 200},
    )
    return Sigmoid(intercept=float(found.x[0]), slope=float(found.x[1]))


def between_scales(start: Floats, end: Floats) -> Sigmoid:
    """The line that gives one model's scores the mean and spread of another's on the same rows.

    Take rows that neither model was fitted on: on its own rows a model spreads its scores further
    than it will on any others. No change where all scores of one are alike.

    Args:
        start: Scores of the model to come from.
        end: Scores of the model to go to.
    """
    spreads = float(start.std()), float(end.std())
    if not min(spreads) > 0:
        return Sigmoid()
    slope = spreads[1] / spreads[0]
    return Sigmoid(intercept=float(end.mean()) - slope * float(start.mean()), slope=slope)


def level_off(logit: Floats, y: Floats, weight: Floats) -> float:
    """How much higher all log-odds would have to be for as many events as came; 0 where none did.

    Args:
        logit: Calibrated log-odds.
        y: 1.0 where the event came.
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
