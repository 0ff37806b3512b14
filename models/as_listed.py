"""The lists of tested months as teams would have had them: steadied, health never alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contracts.place import Place
from models.backtest import Trials
from models.kinds import ModelName
from models.leaving import why_left
from models.lists import MONTHS_BEFORE, overlap
from models.panel import Labels, Panel
from models.report import Leaving
from models.sampling import Flags
from models.standing import Standing, fill, stand


@dataclass(frozen=True, kw_only=True)
class AsListed:
    """Rows on lists, steadied and not.

    Attributes:
        chosen: Rows on the lists.
        rerouted: Rows that took the health practice's route.
        anew: Rows on lists made anew each month from that month's scores.
        overlap: Mean overlap of neighbouring months' lists.
        overlap_anew: The same of lists made anew.
        leaving: Why households left a list from one month to the next.
    """

    chosen: Flags
    rerouted: Flags
    anew: Flags
    overlap: float
    overlap_anew: float
    leaving: Leaving


def choose_as_listed(
    panel: Panel, labels: Labels, trials: Trials, place: Place, shipped: ModelName
) -> AsListed:
    """Rows that teams would have had on their lists.

    Each month's list is made by the model that was current; who was on a list before the first
    tested month is told by the first of them.
    """
    training = place.training
    steady = _standing(panel, labels, trials, place, shipped, fade=training.score_fade)
    kept = fill(panel, steady, place, keep=training.keep_until)
    tested = np.isin(steady.rows, trials.rows)
    chosen, anew = kept.chosen[tested], _anew(panel, labels, trials, place, shipped)
    household = panel.household[trials.rows]
    month = np.unique(panel.day[trials.rows], return_inverse=True)[1].astype(np.int64)
    return AsListed(
        chosen=chosen,
        rerouted=kept.rerouted[tested],
        anew=anew,
        overlap=overlap(household, month, chosen),
        overlap_anew=overlap(household, month, anew),
        leaving=why_left(panel, labels, steady, kept, trials),
    )


def _standing(
    panel: Panel,
    labels: Labels,
    trials: Trials,
    place: Place,
    shipped: ModelName,
    *,
    fade: float,
    before: int = MONTHS_BEFORE,
) -> Standing:
    """Rows of the tested months in line, and of some months before the first of them."""
    days, parts = np.unique(panel.day), []
    for number, (plan, fits) in enumerate(zip(trials.plans, trials.fits, strict=True)):
        tests = np.array(plan.tests, dtype="datetime64[D]")
        first = int(np.searchsorted(days, tests.min()))
        earlier = days[max(first - before, 0) : first] if number == 0 else days[:0]
        rows = np.flatnonzero(np.isin(panel.day, np.append(earlier, tests)) & labels.open)
        parts.append(stand(panel, rows, place=place, model=fits.models[shipped], fade=fade))
    return Standing.joined(parts)


def _anew(panel: Panel, labels: Labels, trials: Trials, place: Place, shipped: ModelName) -> Flags:
    """Rows on lists made anew from each tested month's own scores, with the health route."""
    line = _standing(panel, labels, trials, place, shipped, fade=0.0, before=0)
    return fill(panel, line, place, keep=1.0).chosen
