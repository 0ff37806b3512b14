"""The kind of model that ships, fitted again and again on rows that are few enough for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from sklearn.metrics import log_loss

from contracts.place import Training
from models.booster import grow
from models.ebm import fit_ebm
from models.kinds import Model, ModelName
from models.logistic import STRENGTHS, fit_linear, fit_linears
from models.points import fit_points
from models.sampling import Flags, Sample, keep_share, keyed_uniform
from models.spec import FeatureSpec

OTHERS_PER_EVENT = 2.0
"""Rows without an event that are kept for each row with one, before whole households are left."""
_TREES_FOR_GAINS = 60


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a kind of model is fitted again: what was chosen for the one that ships holds for all.

    Attributes:
        kind: The kind.
        trees: Trees that the shipped fit grew.
        strength: How freely a logistic regression may follow the data.
        training: The place's settings.
    """

    kind: ModelName
    trees: int
    strength: float
    training: Training

    def fit(self, sample: Sample, specs: Sequence[FeatureSpec]) -> Model:
        """A model of some rows and features."""
        if self.kind == "points":
            return fit_points(sample, specs)[0]
        if self.kind == "logistic":
            return fit_linear(sample, specs, strength=self.strength)
        if self.kind == "ebm":
            trees = min(self.trees, _TREES_FOR_GAINS)
            gains = grow(sample, specs, self.training, trees=trees).gains()
            return fit_ebm(sample, specs, self.training, gains=gains)
        return grow(sample, specs, self.training, trees=self.trees)


def choose_strength(
    first: Sample | None, later: Sample | None, specs: Sequence[FeatureSpec]
) -> float:
    """How freely a logistic regression may follow the data, as the later months have it."""
    if first is None or later is None or not 0 < later.events < len(later.y):
        return STRENGTHS[0]
    fitted = fit_linears(first, specs, strengths=STRENGTHS)
    losses = [
        log_loss(later.y, expit(model.raw(later.x)), sample_weight=later.weight) for model in fitted
    ]
    return STRENGTHS[int(np.argmin(losses))]


def bounded(sample: Sample, *, most: int, seed: int) -> Sample:
    """About ``most`` rows at most.

    Rows without an event go first, as long as there are two for each with one; then households,
    with all their rows.

    Args:
        sample: The rows.
        most: How many, about.
        seed: Settles who stays.
    """
    if len(sample.y) <= most:
        return sample
    events, others = sample.events, len(sample.y) - sample.events
    wanted = max(OTHERS_PER_EVENT, most / max(events, 1) - 1)
    share = keep_share(events=events, others=others, most=1.0, per_event=wanted)
    luck = np.random.default_rng(seed).random(len(sample.y))
    rarer = (sample.y > 0) | (luck < share)
    weight = np.where(sample.y > 0, sample.weight, sample.weight / share)
    thinned = Sample(x=sample.x, y=sample.y, weight=weight, household=sample.household)
    return of_rows(thinned, rarer & (household_luck(sample, seed=seed) < most / rarer.sum()))


def household_luck(
    sample: Sample, *, seed: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """A number in [0, 1) for each row, the same for all rows of a household."""
    day = np.zeros(len(sample.y), dtype="datetime64[D]")
    return keyed_uniform(sample.household, day, seed=seed)


def of_rows(sample: Sample, rows: Flags) -> Sample:
    """Some of the rows."""
    return Sample(
        x=sample.x[rows],
        y=sample.y[rows],
        weight=sample.weight[rows],
        household=sample.household[rows],
    )


def of_columns(sample: Sample, columns: Sequence[int]) -> Sample:
    """Some of the columns."""
    return Sample(
        x=sample.x[:, columns], y=sample.y, weight=sample.weight, household=sample.household
    )


@contextmanager
def one_thread() -> Iterator[None]:
    """Linear algebra on one thread, so that its last digits are the same on any machine."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    with threadpool_limits(limits=1, user_api="blas"):
        yield
