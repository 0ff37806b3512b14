"""The lists of tested months as teams would have had them: places kept, health never alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from contracts.place import Place
from models.backtest import Trials, teams
from models.health import choose_area, health_share
from models.kinds import Model, ModelName
from models.lists import MONTHS_BEFORE, first_held, mark_held, overlap
from models.panel import Labels, Panel
from models.sampling import Days, Flags, Floats, Ints, keyed_uniform

_NEAR = 4
"""How many times as many households as all lists hold are looked at for what health did."""


@dataclass(frozen=True, kw_only=True)
class AsListed:
    """Rows on lists, with and without places kept from the month before.

    Attributes:
        chosen: Rows on the lists.
        rerouted: How many took the health practice's route.
        anew: Rows on lists made anew each month.
        overlap: Mean overlap of neighbouring months' lists.
        overlap_anew: The same of lists made anew.
    """

    chosen: Flags
    rerouted: int
    anew: Flags
    overlap: float
    overlap_anew: float


def choose_as_listed(
    panel: Panel, labels: Labels, trials: Trials, place: Place, shipped: ModelName
) -> AsListed:
    """Rows that teams would have had on their lists."""
    month = np.unique(panel.day[trials.rows], return_inverse=True)[1].astype(np.int64)
    household = panel.household[trials.rows]
    held = _held(panel, labels, trials, place, shipped)
    chosen, rerouted = _choose(panel, trials, place, shipped, held)
    anew, _ = _choose(panel, trials, place, shipped, np.zeros_like(held))
    return AsListed(
        chosen=chosen,
        rerouted=rerouted,
        anew=anew,
        overlap=overlap(household, month, chosen),
        overlap_anew=overlap(household, month, anew),
    )


def _choose(
    panel: Panel, trials: Trials, place: Place, shipped: ModelName, held: Flags
) -> tuple[Flags, int]:
    """Rows on lists where some keep a place, and how many took the health route."""
    team, sizes, listable = teams(panel, trials.rows, place)
    score = trials.scores[shipped]
    chosen, rerouted = np.zeros(len(score), dtype=np.bool_), 0
    order = np.lexsort((trials.luck, -first_held(score, held)))
    order = order[listable[order]]
    for number, size in enumerate(sizes):
        mine = order[team[order] == number]
        if not len(mine):
            continue
        model = trials.fits[trials.plan[mine[0]]].models[shipped]
        listed, left = choose_area(
            mine,
            score,
            size,
            lambda at, model=model: health_share(  # type: ignore[misc]  # bound on purpose
                model.contributions(panel.x[trials.rows[at]]), panel.specs
            ),
        )
        chosen[listed] = True
        rerouted += len(left)
    return chosen, rerouted


def _held(panel: Panel, labels: Labels, trials: Trials, place: Place, shipped: ModelName) -> Flags:
    """Tested rows that keep a place, told by the model that was current at their month."""
    held = np.zeros(len(trials.rows), dtype=np.bool_)
    days = np.unique(panel.day)
    for plan, fits in zip(trials.plans, trials.fits, strict=True):
        for test in plan.tests:
            at = int(np.searchsorted(days, np.datetime64(test)))
            rows, marks = held_at(
                panel,
                labels.open,
                days[max(at - MONTHS_BEFORE, 0) : at + 1],
                place=place,
                model=fits.models[shipped],
            )
            found = rows[marks & (panel.day[rows] == np.datetime64(test))]
            held |= np.isin(trials.rows, found)
    return held


def _led_by_health(
    panel: Panel, rows: Ints, score: Floats, month: Ints, *, place: Place, model: Model
) -> Flags:
    """Rows near a list of whom health counted most: they are looked at anew each month.

    Most of them take the health practice's route, and lists reach as much further down.
    """
    near = _NEAR * sum(area.list_size for area in place.neighbourhoods.values())
    found = np.zeros(len(rows), dtype=np.bool_)
    for number in np.unique(month):
        here = np.flatnonzero(month == number)
        here = here[np.argsort(-score[here], kind="stable")[:near]]
        share = health_share(model.contributions(panel.x[rows[here]]), panel.specs)
        found[here] = share.on_top
    return found


def held_at(
    panel: Panel, free: Flags, days: Days, *, place: Place, model: Model
) -> tuple[Ints, Flags]:
    """Rows of some months, and which of them keep a place from the month before.

    Args:
        panel: Those months among others.
        free: Rows that could be listed.
        days: The months, in order.
        place: Its lists and its multiple.
        model: The model that lists are made with.
    """
    rows = np.flatnonzero(np.isin(panel.day, days) & free)
    if place.training.keep_until <= 1:
        return rows, np.zeros(len(rows), dtype=np.bool_)
    _, _, listable = teams(panel, rows, place)
    score, month = model.raw(panel.x[rows]), np.searchsorted(days, panel.day[rows])
    listable &= ~_led_by_health(panel, rows, score, month, place=place, model=model)
    marks = mark_held(
        panel.household[rows],
        month,
        score,
        keyed_uniform(panel.household[rows], panel.day[rows], seed=place.training.seed),
        np.where(listable, panel.area[rows], -1),
        sizes=[area.list_size for area in place.neighbourhoods.values()],
        keep=place.training.keep_until,
    )
    return rows, marks
