"""Fitting one outcome: every kind of model beside the others, each as probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit

from contracts.place import Training
from models.booster import UNSEEN_TREES, Booster, grow, grow_until
from models.calibration import Sigmoid, fit_steadiest, level_off
from models.ebm import fit_ebm
from models.kinds import Model, ModelName
from models.logistic import STRENGTHS, Linear, fit_linear, fit_linears
from models.points import CardLine, fit_points
from models.sampling import Floats, Matrix, Sample
from models.spec import FeatureSpec

LEAST_EVENTS = 10
"""Fewest different households with an event that a model is fitted on."""
LEAST_EVENTS_LATER = 5
"""Fewest different households with an event from which a later block can say anything."""
_LEAST_TREES = 20


@dataclass(frozen=True, kw_only=True)
class Fits:
    """One plan's models, each with its calibration.

    Attributes:
        models: Every kind's model.
        sigmoids: Their raw scores to probabilities.
        booster: The trees, as themselves.
        card: Lines of the points score.
        calibrated: False where no later block could be had: raw scores are taken as they are.
    """

    models: dict[ModelName, Model]
    sigmoids: dict[ModelName, Sigmoid]
    booster: Booster
    card: tuple[CardLine, ...]
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


def fit_models(
    first: Sample | None,
    later: Sample | None,
    whole: Sample,
    specs: Sequence[FeatureSpec],
    training: Training,
    *,
    ahead: Matrix,
    year: Sample | None = None,
) -> Fits:
    """Every kind of model, fitted twice: to meet the later block unseen, then on everything.

    The first fit stops growing where the later block no longer improves, and its scores there make
    the calibration. The second grows on all rows, with more trees by as much as it has more to
    learn from, and is handed that calibration on: it has met the later block, and is too sure of
    it.

    Args:
        first: Rows of the first fit.
        later: Rows of the later block.
        whole: All rows to learn from.
        specs: Their features.
        training: The place's settings.
        ahead: Rows that the models will score, which neither fit has met; calibration is
            handed on by them.
        year: Rows of the newest whole year that is known; the level is taken from them.
    """
    with _one_thread():
        if first is None or later is None or not enough_later(first, later):
            trees = min(UNSEEN_TREES, training.trees)
            return _all(whole, specs, training, trees=trees, strength=STRENGTHS[0])
        trial = grow_until(first, later, specs, training)
        strength, plain = _try_linear(first, later, specs)
        trials: dict[ModelName, Model] = {
            "points": fit_points(first, specs)[0],
            "logistic": plain,
            "ebm": fit_ebm(first, specs, training, gains=trial.gains()),
            "lightgbm": trial,
        }
        trees = _trees_for_all(trial.trees, first, whole)
        fits = _all(whole, specs, training, trees=trees, strength=strength)
        sigmoids = {
            name: _calibrate(model, fits.models[name], later, ahead=ahead, year=year)
            for name, model in trials.items()
        }
        return replace(fits, sigmoids=sigmoids, calibrated=True)


def _trees_for_all(trees: int, first: Sample, whole: Sample) -> int:
    """Trees for all rows, where so many were right for the first fit.

    With more households to learn from more trees are worth growing: as many more as the root of
    how many more had an event.
    """
    more = whole.households_with_event / first.households_with_event
    return max(round(trees * float(np.sqrt(more))), _LEAST_TREES)


def _calibrate(
    trial: Model, final: Model, later: Sample, *, ahead: Matrix, year: Sample | None
) -> Sigmoid:
    """The final model's calibration, from what the trial made of the later block."""
    found = fit_steadiest(trial.raw(later.x), later.y, later.weight, later.household)
    found = found.handed_on(trial.raw(ahead), final.raw(ahead))
    return found if year is None else level_by_year(final, found, later, year)


def level_by_year(model: Model, sigmoid: Sigmoid, block: Sample, year: Sample) -> Sigmoid:
    """A calibration moved from the level of the months it was fitted on to that of a year.

    The model has learnt from both, and flatters itself alike in both: only the difference counts.

    Args:
        model: The model that is used.
        sigmoid: Its calibration.
        block: Rows of the months behind it.
        year: Rows of a whole year.
    """
    off = [
        level_off(sigmoid.logit(model.raw(rows.x)), rows.y, rows.weight) for rows in (year, block)
    ]
    return sigmoid.moved(off[0] - off[1])


def _all(
    whole: Sample,
    specs: Sequence[FeatureSpec],
    training: Training,
    *,
    trees: int,
    strength: float,
) -> Fits:
    """Every kind fitted on all rows, with raw scores taken as they are."""
    booster = grow(whole, specs, training, trees=trees)
    points, card = fit_points(whole, specs)
    models: dict[ModelName, Model] = {
        "points": points,
        "logistic": fit_linear(whole, specs, strength=strength),
        "ebm": fit_ebm(whole, specs, training, gains=booster.gains()),
        "lightgbm": booster,
    }
    return Fits(
        models=models,
        sigmoids=dict.fromkeys(models, Sigmoid()),
        booster=booster,
        card=card,
        calibrated=False,
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
