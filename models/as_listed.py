"""The lists of tested months as teams would have had them: steadied, health never alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contracts.place import Place
from models.backtest import Trials
from models.kinds import ModelName
from models.leaving import why_left
from models.left import Leaving
from models.lists import MONTHS_BEFORE, overlap
from models.panel import Labels, Panel
from models.sampling import Flags
from models.standing import Listed, Standing, fill, stand


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
    """Rows that teams would have had on their lists, made as a release makes them.

    Each month's list is made by the model that was current, which also tells who was on a list in
    the months before it was.
    """
    training = place.training
    line, kept = _lists(
        panel,
        labels,
        trials,
        shipped,
        place=place,
        fade=training.score_fade,
        keep=training.keep_until,
        before=MONTHS_BEFORE,
    )
    _, anew = _lists(panel, labels, trials, shipped, place=place, fade=0.0, keep=1.0, before=0)
    household = panel.household[trials.rows]
    month = np.unique(panel.day[trials.rows], return_inverse=True)[1].astype(np.int64)
    return AsListed(
        chosen=kept.chosen,
        rerouted=kept.rerouted,
        anew=anew.chosen,
        overlap=overlap(household, month, kept.chosen),
        overlap_anew=overlap(household, month, anew.chosen),
        leaving=why_left(panel, labels, line, kept, trials),
    )


def _lists(
    panel: Panel,
    labels: Labels,
    trials: Trials,
    shipped: ModelName,
    *,
    place: Place,
    fade: float,
    keep: float,
    before: int,
) -> tuple[Standing, Listed]:
    """Rows of the tested months in line, and their lists.

    Args:
        panel: Every household at every month end.
        labels: Who could be listed.
        trials: The tested months and their models.
        shipped: The kind of model that lists.
        place: Its lists.
        fade: How much a month end counts beside the one after it.
        keep: The multiple of a list's length until which a rank keeps its place.
        before: Months before a model's first tested one whose lists it makes again.
    """
    days, lines, lists = np.unique(panel.day), [], []
    for plan, fits in zip(trials.plans, trials.fits, strict=True):
        tests = np.array(plan.tests, dtype="datetime64[D]")
        first = int(np.searchsorted(days, tests.min()))
        wanted = np.append(days[max(first - before, 0) : first], tests)
        rows = np.flatnonzero(np.isin(panel.day, wanted) & labels.open)
        line = stand(panel, rows, place=place, model=fits.models[shipped], fade=fade)
        tested = np.isin(panel.day[rows], tests)
        lists.append(fill(panel, line, place, keep=keep).some(tested))
        lines.append(line.some(tested))
    return Standing.joined(lines), Listed.joined(lists)
