"""Fitting one outcome: the trees, the plain model beside them, and both as probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from contracts.place import Training
from models.booster import UNSEEN_TREES, Booster, grow, grow_until
from models.calibration import Sigmoid, fit_sigmoid
from models.logistic import STRENGTHS, Linear, fit_linear, fit_linears
from models.sampling import Floats, Sample
from models.spec import FeatureSpec

LEAST_EVENTS = 10
"""Fewest different households with an event that a model is fitted on."""
LEAST_EVENTS_LATER = 5
"""Fewest different households with an event from which a later block can say anything."""
_LEAST_TREES = 20


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The trees and the logistic regression, each with its calibration.

    Attributes:
        booster: The trees.
        booster_sigmoid: Their raw scores to probabilities.
        linear: The logistic regression.
        linear_sigmoid: Its raw scores to probabilities.
        calibrated: False where no later block could be had: raw scores are taken as they are.
    """

    booster: Booster
    booster_sigmoid: Sigmoid
    linear: Linear
    linear_sigmoid: Sigmoid
    calibrated: bool

    def calibrated_by(self, booster: Sigmoid, linear: Sigmoid) -> Pair:
        """The same models with other calibrations."""
        return replace(self, booster_sigmoid=booster, linear_sigmoid=linear, calibrated=True)


def enough_later(first: Sample | None, later: Sample | None) -> bool:
    """Whether a later block can say when to stop and how to calibrate."""
    return (
        first is not None
        and later is not None
        and first.households_with_event >= LEAST_EVENTS_LATER
        and later.households_with_event >= LEAST_EVENTS_LATER
        and later.events < len(later.y)
    )


def fit_pair(
    first: Sample | None,
    later: Sample | None,
    whole: Sample,
    specs: Sequence[FeatureSpec],
    training: Training,
) -> Pair:
    """Both models, fitted twice: to meet the later block unseen, then on everything.

    The first fit stops growing where the later block no longer improves, and its scores there make
    the calibration. The second grows as many trees on all rows and keeps that calibration.
    """
    with _one_thread():
        if first is None or later is None or not enough_later(first, later):
            return Pair(
                booster=grow(whole, specs, training, trees=min(UNSEEN_TREES, training.trees)),
                booster_sigmoid=Sigmoid(),
                linear=fit_linear(whole, specs, strength=STRENGTHS[0]),
                linear_sigmoid=Sigmoid(),
                calibrated=False,
            )
        trial = grow_until(first, later, specs, training)
        strength, plain = _try_linear(first, later, specs)
        return Pair(
            booster=grow(whole, specs, training, trees=max(trial.trees, _LEAST_TREES)),
            booster_sigmoid=fit_sigmoid(trial.raw(later.x), later.y, later.weight),
            linear=fit_linear(whole, specs, strength=strength),
            linear_sigmoid=fit_sigmoid(plain.raw(later.x), later.y, later.weight),
            calibrated=True,
        )


def _try_linear(first: Sample, later: Sample, specs: Sequence[FeatureSpec]) -> tuple[float, Linear]:
    """How freely the logistic regression may follow the data, as the later block has it."""
    tried = zip(STRENGTHS, fit_linears(first, specs, strengths=STRENGTHS), strict=True)
    return min(tried, key=lambda one: (_loss(one[1].raw(later.x), later), one[0]))


def _loss(raw: Floats, sample: Sample) -> float:
    """Weighted log-loss of raw scores as they are."""
    chance = np.clip(expit(raw), 1e-9, 1 - 1e-9)
    fit = sample.y * np.log(chance) + (1 - sample.y) * np.log(1 - chance)
    return -float((sample.weight * fit).sum())


@contextmanager
def _one_thread() -> Iterator[None]:
    """Linear algebra on one thread, so that its last digits are the same on any machine."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    with threadpool_limits(limits=1, user_api="blas"):
        yield
