"""A discrete-time hazard: the chance of the event in each month ahead, for those not yet ended.

Every household at a month end becomes one row for each month that it was followed, up to and with
the month of the event, of its end (it left, or came to an end) or of its loss from view. One model
of all these household-months gives the chance of the event in a month, another that of an end;
together they give the chance of the event by any month, where a household that has ended can have
none.

Households are split into two halves. Each half's model is calibrated on what it says of the other
half, by a line on the log-odds for each stretch of months, so that no household is promised what a
model only remembers of it; the line's level is that of the newest year that is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import expit

from contracts.place import Training
from models.calibration import Sigmoid, fit_sigmoid, level_off
from models.follow import AHEAD, END, EVENT, Followed
from models.kinds import Model, ModelName
from models.panel import Panel
from models.refit import Recipe, of_rows, one_thread
from models.sampling import Flags, Floats, Ints, Matrix, Sample, keyed_uniform
from models.spec import FeatureSpec

STRETCHES: Final = ((1, 3), (4, 6), (7, AHEAD))
"""Months ahead, first and last, that are calibrated together: what lies up to each horizon."""
LEAST = 10
"""Fewest different households with an event, or an end, that a model of it is fitted on."""
_HALF, _THEME = 0.5, "months_ahead"
_YEAR = np.timedelta64(365, "D")


@dataclass(frozen=True, kw_only=True)
class Periods:
    """Household-months: positions in the panel and months ahead, with what each stands for."""

    rows: Ints
    ahead: Ints
    happened: Floats
    weight: Floats


@dataclass(frozen=True, kw_only=True)
class _Half:
    """One half's model and its calibration for each stretch of months."""

    model: Model
    lines: tuple[Sigmoid, ...]


@dataclass(frozen=True, kw_only=True)
class Hazard:
    """A fitted hazard of the event, and of the end.

    Attributes:
        halves: Models of the event.
        end_model: Model of the end; None where too few households ended.
        end_rate: Chance of an end in each month ahead, whoever it is, for where there is no model.
        trees: Whether the event's models are trees.
        periods: Household-months learnt from.
        seen: Events and ends among them.
    """

    halves: tuple[_Half, ...]
    end_model: Model | None
    end_rate: Floats
    trees: bool
    periods: int
    seen: tuple[int, int]

    def chances(self, x: Matrix) -> Floats:
        """Chance of the event by the end of each month ahead; rows by months."""
        by, left = np.zeros((len(x), AHEAD)), np.ones(len(x))
        total = np.zeros(len(x))
        for ahead in range(1, AHEAD + 1):
            event, end = self._in_month(x, ahead)
            total = total + left * event
            left = left * (1 - event) * (1 - end)
            by[:, ahead - 1] = total
        return by

    def _in_month(self, x: Matrix, ahead: int) -> tuple[Floats, Floats]:
        wide = _with_ahead(x, np.full(len(x), ahead), trees=self.trees)
        stretch = _stretch(np.array([ahead]))[0]
        logits = [half.lines[stretch].logit(half.model.raw(wide)) for half in self.halves]
        event = np.asarray(expit(np.mean(logits, axis=0)))
        if self.end_model is None:
            return event, np.full(len(x), self.end_rate[ahead - 1])
        ends = _with_ahead(x, np.full(len(x), ahead), trees=False)
        return event, np.asarray(expit(self.end_model.raw(ends)))


def fit_hazard(
    panel: Panel,
    followed: Followed,
    *,
    kind: ModelName,
    trees: int,
    training: Training,
    most: int,
) -> Hazard | None:
    """Fit both hazards; None where too few households had an event.

    Args:
        panel: Every household at every month end.
        followed: Its rows to learn from.
        kind: What ships: trees and curves become trees here, anything else a logistic regression.
        trees: How many it grew.
        training: The place's settings.
        most: Most household-months, about, that a model is fitted on.
    """
    grown = kind in ("ebm", "lightgbm")
    recipe = Recipe(
        kind="lightgbm" if grown else "logistic", trees=trees, strength=0.003, training=training
    )
    events = _periods(followed, EVENT, most=most, seed=training.seed)
    sample = _sample(panel, events, trees=grown)
    if sample.households_with_event < 2 * LEAST:
        return None
    specs = _wider(panel.specs, trees=grown)
    with one_thread():
        year = panel.day[events.rows] > panel.day[followed.rows].max() - _YEAR
        halves = _halves(sample, events.ahead, year, recipe, specs)
        ends = _periods(followed, END, most=most, seed=training.seed)
        end_sample = _sample(panel, ends, trees=False)
        end_model = None
        if end_sample.households_with_event >= LEAST:
            plain = Recipe(kind="logistic", trees=1, strength=0.003, training=training)
            end_model = plain.fit(end_sample, _wider(panel.specs, trees=False))
    return Hazard(
        halves=halves,
        end_model=end_model,
        end_rate=_rates(ends),
        trees=grown,
        periods=int(followed.months.sum()),
        seen=(int((followed.status == EVENT).sum()), int((followed.status == END).sum())),
    )


def _halves(
    sample: Sample, ahead: Ints, year: Flags, recipe: Recipe, specs: tuple[FeatureSpec, ...]
) -> tuple[_Half, ...]:
    """A model of each half, calibrated on the other for each stretch of months.

    The slope is that of all rows, the level that of the newest year's.
    """
    day = np.zeros(len(sample.y), dtype="datetime64[D]")
    first = keyed_uniform(sample.household, day, seed=recipe.training.seed + 1) < _HALF
    stretch, found = _stretch(ahead), []
    for mine in (first, ~first):
        model = recipe.fit(of_rows(sample, mine), specs)
        raw = model.raw(sample.x)
        lines = []
        for number in range(len(STRETCHES)):
            here = ~mine & (stretch == number)
            line = fit_sigmoid(raw[here], sample.y[here], sample.weight[here])
            new = here & year
            off = level_off(line.logit(raw[new]), sample.y[new], sample.weight[new])
            lines.append(line.moved(off))
        found.append(_Half(model=model, lines=tuple(lines)))
    return tuple(found)


def _stretch(ahead: Ints) -> Ints:
    """Number of the stretch that each month ahead lies in."""
    return np.searchsorted([last for _, last in STRETCHES], ahead, side="left").astype(np.int64)


def _periods(followed: Followed, status: int, *, most: int, seed: int) -> Periods:
    """Household-months: all in which it happened, and a share of the others weighted back up.

    Where those in which it happened are themselves too many, a share of all is kept.
    """
    rows = np.repeat(followed.rows, followed.months)
    ends = np.cumsum(followed.months)
    ahead = np.arange(len(rows)) - np.repeat(ends - followed.months, followed.months) + 1
    happened = np.zeros(len(rows))
    happened[ends[(followed.status == status) & (followed.months > 0)] - 1] = 1.0
    luck = np.random.default_rng(seed).random(len(rows))
    events = max(float(happened.sum()), 1.0)
    of_events = min(1.0, most / 3 / events)
    of_others = min(1.0, (most - of_events * events) / max(len(rows) - events, 1.0))
    share = np.where(happened > 0, of_events, of_others)
    kept = luck < share
    return Periods(
        rows=rows[kept],
        ahead=ahead[kept].astype(np.int64),
        happened=happened[kept],
        weight=1.0 / share[kept],
    )


def _rates(periods: Periods) -> Floats:
    """Chance in each month ahead, whoever it is; 0 where nobody was followed so far."""
    at = periods.ahead - 1
    came = np.bincount(at, weights=periods.weight * periods.happened, minlength=AHEAD)
    return np.asarray(
        came / np.maximum(np.bincount(at, weights=periods.weight, minlength=AHEAD), 1)
    )


def _sample(panel: Panel, periods: Periods, *, trees: bool) -> Sample:
    return Sample(
        x=_with_ahead(panel.x[periods.rows], periods.ahead, trees=trees),
        y=periods.happened,
        weight=periods.weight,
        household=panel.household[periods.rows],
    )


def _with_ahead(x: Matrix, ahead: Ints, *, trees: bool) -> Matrix:
    """The features and the month ahead: as a number for trees, else a column for each month."""
    if trees:
        months = ahead[:, None].astype(np.float32)
    else:
        months = (ahead[:, None] == np.arange(2, AHEAD + 1)).astype(np.float32)
    return np.column_stack([x, months])


def _wider(specs: tuple[FeatureSpec, ...], *, trees: bool) -> tuple[FeatureSpec, ...]:
    names = [_THEME] if trees else [f"{_THEME}_{at}" for at in range(2, AHEAD + 1)]
    return (*specs, *(FeatureSpec(name=name, theme=_THEME) for name in names))
