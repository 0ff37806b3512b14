"""Fitting one outcome: the trees, the plain model beside them, and both as probabilities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from contracts.place import Training
from models.booster import UNSEEN_TREES, Booster, grow, grow_until
from models.calibration import Sigmoid, fit_sigmoid
from models.logistic import Linear, fit_linear
from models.sampling import Sample
from models.spec import FeatureSpec

LEAST_EVENTS = 20
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
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    with threadpool_limits(limits=training.threads):
        if first is None or later is None or not enough_later(first, later):
            return Pair(
                booster=grow(whole, specs, training, trees=min(UNSEEN_TREES, training.trees)),
                booster_sigmoid=Sigmoid(),
                linear=fit_linear(whole, specs),
                linear_sigmoid=Sigmoid(),
                calibrated=False,
            )
        trial = grow_until(first, later, specs, training)
        plain = fit_linear(first, specs)
        return Pair(
            booster=grow(whole, specs, training, trees=max(trial.trees, _LEAST_TREES)),
            booster_sigmoid=fit_sigmoid(trial.raw(later.x), later.y, later.weight),
            linear=fit_linear(whole, specs),
            linear_sigmoid=fit_sigmoid(plain.raw(later.x), later.y, later.weight),
            calibrated=True,
        )
