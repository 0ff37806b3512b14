"""Fitting one outcome: the trees, the plain model beside them, and both as probabilities.

How many trees to grow, how strongly to hold the plain model back, and how raw scores become
probabilities is settled once for an outcome, before the first month that is tested: a part of the
households is kept out of a fit and judged on the later block, each part in its turn. A model's own
fit then uses every household.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from contracts.place import Training
from models.booster import UNSEEN_TREES, Booster, grow, grow_until
from models.calibration import Sigmoid, fit_sigmoid
from models.logistic import STRENGTHS, Linear, fit_linear
from models.sampling import Flags, Floats, Sample, keyed_uniform
from models.spec import FeatureSpec

PARTS = 3
"""Parts of the households, each kept out once."""
LEAST_EVENTS = 20
"""Fewest different households with an event that a model is fitted on."""
LEAST_EVENTS_LATER = 10
"""Fewest different households with an event from which a later block can say anything."""
_LEAST_TREES = 20
_ANY_DAY = np.datetime64("2000-01-01")


@dataclass(frozen=True, kw_only=True)
class Tuning:
    """What was settled on households that were kept out.

    Attributes:
        trees: How many trees to grow.
        strength: How freely the logistic regression may follow the data.
        booster_sigmoid: Raw scores of the trees to probabilities.
        linear_sigmoid: Raw scores of the logistic regression to probabilities.
        calibrated: False where the later block had too few events to say anything.
    """

    trees: int
    strength: float
    booster_sigmoid: Sigmoid
    linear_sigmoid: Sigmoid
    calibrated: bool


@dataclass(frozen=True, kw_only=True)
class Pair:
    """The trees and the logistic regression, each with its calibration."""

    booster: Booster
    booster_sigmoid: Sigmoid
    linear: Linear
    linear_sigmoid: Sigmoid
    calibrated: bool

    def calibrated_by(self, booster: Sigmoid, linear: Sigmoid) -> Pair:
        """The same models with other calibrations."""
        return replace(self, booster_sigmoid=booster, linear_sigmoid=linear, calibrated=True)


def parts_of(sample: Sample, *, seed: int) -> Iterator[tuple[Flags, Flags]]:
    """Rows to fit on and rows to judge, for each part of the households kept out."""
    days = np.full(len(sample.household), _ANY_DAY)
    part = np.floor(PARTS * keyed_uniform(sample.household, days, seed=seed)).astype(np.int64)
    for kept_out in range(PARTS):
        yield part != kept_out, (part == kept_out) & sample.later


def tune(sample: Sample, specs: Sequence[FeatureSpec], training: Training) -> Tuning:
    """Trees, strength and calibrations, from households kept out in the later block."""
    judged = sample.of(sample.later)
    if (
        judged.households_with_event < LEAST_EVENTS_LATER
        or judged.events == len(judged.y)
        or not all(
            sample.of(fit).events and sample.of(judge).events
            for fit, judge in parts_of(sample, seed=training.seed)
        )
    ):
        return Tuning(
            trees=min(UNSEEN_TREES, training.trees),
            strength=STRENGTHS[0],
            booster_sigmoid=Sigmoid(),
            linear_sigmoid=Sigmoid(),
            calibrated=False,
        )
    with _one_thread():
        trees, booster_sigmoid = _tune_trees(sample, specs, training)
        strength, linear_sigmoid = _tune_linear(sample, specs, training)
    return Tuning(
        trees=trees,
        strength=strength,
        booster_sigmoid=booster_sigmoid,
        linear_sigmoid=linear_sigmoid,
        calibrated=True,
    )


def _tune_trees(
    sample: Sample, specs: Sequence[FeatureSpec], training: Training
) -> tuple[int, Sigmoid]:
    raw = np.full(len(sample.y), np.nan)
    grown = []
    for fit, judge in parts_of(sample, seed=training.seed):
        booster = grow_until(sample.of(fit), sample.of(judge), specs, training)
        raw[judge] = booster.raw(sample.x[judge])
        grown.append(booster.trees)
    return max(round(float(np.mean(grown))), _LEAST_TREES), _sigmoid(raw, sample)


def _tune_linear(
    sample: Sample, specs: Sequence[FeatureSpec], training: Training
) -> tuple[float, Sigmoid]:
    found = []
    for strength in STRENGTHS:
        raw = np.full(len(sample.y), np.nan)
        for fit, judge in parts_of(sample, seed=training.seed):
            raw[judge] = fit_linear(sample.of(fit), specs, strength=strength).raw(sample.x[judge])
        found.append((_loss(raw, sample), strength, _sigmoid(raw, sample)))
    _, strength, sigmoid = min(found, key=lambda one: one[:2])
    return strength, sigmoid


def _sigmoid(raw: Floats, sample: Sample) -> Sigmoid:
    judged = np.isfinite(raw)
    return fit_sigmoid(raw[judged], sample.y[judged], sample.weight[judged])


def _loss(raw: Floats, sample: Sample) -> float:
    """Weighted log-loss of raw scores as they are, where they were judged."""
    judged = np.isfinite(raw)
    chance = np.clip(expit(raw[judged]), 1e-9, 1 - 1e-9)
    y, weight = sample.y[judged], sample.weight[judged]
    return -float((weight * (y * np.log(chance) + (1 - y) * np.log(1 - chance))).sum())


def fit_pair(
    sample: Sample, tuning: Tuning, specs: Sequence[FeatureSpec], training: Training
) -> Pair:
    """Both models on every household, as it was settled."""
    with _one_thread():
        return Pair(
            booster=grow(sample, specs, training, trees=tuning.trees),
            booster_sigmoid=tuning.booster_sigmoid,
            linear=fit_linear(sample, specs, strength=tuning.strength),
            linear_sigmoid=tuning.linear_sigmoid,
            calibrated=tuning.calibrated,
        )


@contextmanager
def _one_thread() -> Iterator[None]:
    """Linear algebra on one thread, so that its last digits are the same on any machine."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    with threadpool_limits(limits=1, user_api="blas"):
        yield
