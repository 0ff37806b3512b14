"""What each ranking would have listed in months that it had not seen.

Lists are made from every household that could have been listed, also from those of whom it is not
known what came (they moved away, say); measures are then taken on those of whom it is known. Lists
of past months are made without the rule on health, which only moves a household to another route.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from contracts.place import Place
from models.calibration import Sigmoid, fit_sigmoid
from models.evaluate import Judged, Ranking
from models.fitting import Pair, fit_pair
from models.lists import pick_lists
from models.panel import Labels, Panel, take_sample
from models.report import ModelName
from models.rules import FittedRules, Rule, choose_best, fit_rules, spread_out
from models.sampling import Flags, Floats, Ints, keyed_uniform
from models.splits import Fit

Tell = Callable[[str], None]
"""Told what is being done, in a few words."""
MODELS: tuple[ModelName, ...] = ("lightgbm", "logistic")
SAYINGS = {
    "lightgbm": "many small decision trees, added up",
    "logistic": "a weighted sum of what is recorded (logistic regression)",
}


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Every row that could have been listed in the tested months, and what each ranking made of it.

    Attributes:
        rows: Positions in the panel.
        origin: Last month that the row's model learnt from.
        known: Rows whose outcome is known.
        scores: Every ranking's score.
        logits: Calibrated log-odds of the rankings that have them.
        chosen: Rows on every ranking's lists.
        rules: The plain rules, and which of them is best.
    """

    rows: Ints
    origin: tuple[date, ...]
    known: Flags
    scores: dict[str, Floats]
    logits: dict[str, Floats]
    chosen: dict[str, Flags]
    rules: FittedRules

    def unknown_listed(self, name: str) -> int:
        """Listed rows of whom it is not known what came."""
        return int((self.chosen[name] & ~self.known).sum())


def fit_plan(panel: Panel, labels: Labels, plan: Fit, place: Place) -> Pair:
    """The pair of models of one plan."""
    training = place.training
    first, later, whole = (
        take_sample(panel, labels, months, most=training.negatives_kept, seed=training.seed)
        if months
        else None
        for months in (plan.first, plan.later, plan.whole)
    )
    if whole is None:
        raise ValueError("a plan learns from at least one month")
    return fit_pair(first, later, whole, panel.specs, training)


def learn_rules(
    panel: Panel, labels: Labels, months: Sequence[date], rules: Sequence[Rule], place: Place
) -> FittedRules:
    """The rules' order and the best of them, from months before any that is tested."""
    training = place.training
    sample = take_sample(panel, labels, months, most=training.negatives_kept, seed=training.seed)
    fitted = fit_rules(rules, sample.x, sample.y, sample.weight, panel.names)
    luck = np.random.default_rng(training.seed).random(len(sample.y))
    scores = fitted.scores(sample.x, panel.names, luck)
    return FittedRules(
        rules=fitted.rules,
        order=fitted.order,
        best=choose_best(scores, sample.y, sample.weight),
    )


def run_backtest(
    panel: Panel,
    labels: Labels,
    plans: Sequence[Fit],
    *,
    rules: FittedRules,
    place: Place,
    tell: Tell,
) -> Trials:
    """Fit each plan's models and let every ranking list its tested months."""
    parts = []
    for at, plan in enumerate(plans, start=1):
        tell(f"fit {at} of {len(plans)}, tested on {len(plan.tests)} months")
        pair = fit_plan(panel, labels, plan, place)
        parts.append(_apply(panel, labels, plan, pair=pair, rules=rules, place=place))
    scores = {key: np.concatenate([part[1][key] for part in parts]) for key in parts[0][1]}
    logits = {key: np.concatenate([part[2][key] for part in parts]) for key in parts[0][2]}
    rows = np.concatenate([part[0] for part in parts])
    luck = keyed_uniform(panel.household[rows], panel.day[rows], seed=place.training.seed)
    return Trials(
        rows=rows,
        origin=tuple(
            plan.whole[-1]
            for plan, part in zip(plans, parts, strict=True)
            for _ in range(len(part[0]))
        ),
        known=labels.known[rows],
        scores=scores,
        logits=logits,
        chosen=_choose(panel, rows, scores, luck, place),
        rules=rules,
    )


_Part = tuple[Ints, dict[str, Floats], dict[str, Floats]]


def _apply(
    panel: Panel, labels: Labels, plan: Fit, *, pair: Pair, rules: FittedRules, place: Place
) -> _Part:
    """Rows of a plan's tests, every ranking's scores and the calibrated log-odds."""
    rows = panel.rows(plan.tests)
    rows = rows[labels.open[rows]]
    x = panel.x[rows]
    luck = keyed_uniform(panel.household[rows], panel.day[rows], seed=place.training.seed + 1)
    scores: dict[str, Floats] = {
        "lightgbm": pair.booster.raw(x),
        "logistic": pair.linear.raw(x),
        **rules.scores(x, panel.names, luck),
    }
    logits = {
        "lightgbm": pair.booster_sigmoid.logit(scores["lightgbm"]),
        "logistic": pair.linear_sigmoid.logit(scores["logistic"]),
        rules.best: _rule_sigmoid(panel, labels, plan, rules, place).logit(
            spread_out(scores[rules.best])
        ),
    }
    return rows.astype(np.int64), scores, logits


def _rule_sigmoid(
    panel: Panel, labels: Labels, plan: Fit, rules: FittedRules, place: Place
) -> Sigmoid:
    """The best rule as a probability, from the months that the models learnt from."""
    training = place.training
    months = plan.later or plan.whole
    sample = take_sample(panel, labels, months, most=training.negatives_kept, seed=training.seed)
    luck = np.random.default_rng(training.seed).random(len(sample.y))
    score = rules.scores(sample.x, panel.names, luck)[rules.best]
    return fit_sigmoid(spread_out(score), sample.y, sample.weight)


def _choose(
    panel: Panel, rows: Ints, scores: dict[str, Floats], luck: Floats, place: Place
) -> dict[str, Flags]:
    months, at = np.unique(panel.day[rows], return_inverse=True)
    sizes = [area.list_size for area in place.neighbourhoods.values()]
    area = panel.area[rows]
    team = np.where(area < 0, -1, at * len(sizes) + area)
    listable = ~panel.restricted[rows]
    if place.exclusions.communal:
        listable &= ~panel.communal[rows]
    return {
        name: pick_lists(score, luck, listable, team, sizes * len(months))
        for name, score in scores.items()
    }


def tested_rows(panel: Panel, labels: Labels, trials: Trials) -> Judged:
    """The rows of whom it is known what came, as measures are taken on them."""
    rows = trials.rows[trials.known]
    sayings = SAYINGS | trials.rules.sayings
    return Judged(
        household=panel.household[rows],
        day=panel.day[rows],
        area=panel.area[rows],
        y=labels.y[rows],
        lead_days=labels.lead_days[rows],
        rankings={
            name: Ranking(
                says=sayings[name],
                score=score[trials.known],
                chosen=trials.chosen[name][trials.known],
                logit=trials.logits[name][trials.known] if name in trials.logits else None,
            )
            for name, score in trials.scores.items()
        },
    )


def backtest_table(
    tested: Judged, trials: Trials, *, outcome: str, shipped: ModelName, codes: Sequence[str]
) -> pl.DataFrame:
    """The ``backtest`` table; score, probability and selected are those of the model that ships."""
    best = tested.rankings[trials.rules.best]
    ships, plain = tested.rankings[shipped], tested.rankings["logistic"]
    origin = np.array(trials.origin, dtype="datetime64[D]")[trials.known]
    names = np.array([*codes, None], dtype=object)
    lead = np.where(tested.y > 0, tested.lead_days, np.nan)
    return pl.DataFrame(
        {
            "outcome": [outcome] * len(tested.y),
            "origin": origin,
            "snapshot_date": tested.day,
            "household_id": tested.household,
            "neighbourhood_code": pl.Series(names[tested.area].tolist(), dtype=pl.String),
            "event": tested.y > 0,
            "raw_score": ships.score,
            "probability": ships.probability,
            "rule_score": best.score,
            "rule_probability": best.probability,
            "logistic_score": plain.score,
            "selected": ships.chosen,
            "rule_selected": best.chosen,
            "logistic_selected": plain.chosen,
            "lead_days": pl.Series(lead, nan_to_null=True).cast(pl.Int32),
        }
    ).sort("snapshot_date", "household_id")
