"""What each ranking would have listed in months that it had not seen.

Lists are made from every household that could have been listed, also from those of whom it is not
known what came (they moved away, say); measures are then taken on those of whom it is known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from contracts.place import Place
from models.calibration import fit_sigmoid
from models.evaluate import Judged, Ranking
from models.fitting import Fits, fit_models
from models.kinds import SAYINGS
from models.lists import pick_lists
from models.panel import Labels, Panel, take_sample
from models.room import list_numbers, listable
from models.rules import FittedRules, Rule, choose_best, fit_rules, spread_out
from models.sampling import Flags, Floats, Ints, Matrix, Sample, keyed_uniform
from models.splits import Fit

YEAR = 12
"""Months over which every season counts once."""
Tell = Callable[[str], None]
"""Told what is being done, in a few words."""


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Every row that could have been listed in the tested months, and what each ranking made of it.

    Attributes:
        rows: Positions in the panel.
        plan: Which of the plans tested the row.
        plans: The plans.
        fits: The models of each plan.
        known: Rows whose outcome is known.
        luck: Settles equal scores.
        scores: Every ranking's score.
        logits: Calibrated log-odds of the rankings that have them.
        chosen: Rows on every ranking's lists.
        rules: The plain rules, and which of them is best.
    """

    rows: Ints
    plan: Ints
    plans: tuple[Fit, ...]
    fits: tuple[Fits, ...]
    known: Flags
    luck: Floats
    scores: dict[str, Floats]
    logits: dict[str, Floats]
    chosen: dict[str, Flags]
    rules: FittedRules

    def origins(self) -> list[date]:
        """Last month that each row's model learnt from."""
        return [self.plans[at].whole[-1] for at in self.plan]


def sample_of(panel: Panel, labels: Labels, months: Sequence[date], place: Place) -> Sample | None:
    """Rows of some months, thinned as the place allows; None of no months."""
    if not months:
        return None
    training = place.training
    return take_sample(panel, labels, months, most=training.negatives_kept, seed=training.seed)


def fit_plan(panel: Panel, labels: Labels, plan: Fit, place: Place) -> Fits:
    """Every model of one plan."""
    first, later, whole = (
        sample_of(panel, labels, months, place) for months in (plan.first, plan.later, plan.whole)
    )
    if whole is None:
        raise ValueError("a plan learns from at least one month")
    return fit_models(
        first,
        later,
        whole,
        panel.specs,
        place.training,
        ahead=ahead_of(panel, labels, plan),
        year=newest_year(panel, labels, plan, place),
    )


def ahead_of(panel: Panel, labels: Labels, plan: Fit) -> Matrix:
    """What is recorded of those whom a plan's models score first."""
    rows = panel.rows(plan.tests[:1])
    return panel.x[rows[labels.open[rows]]]


def newest_year(panel: Panel, labels: Labels, plan: Fit, place: Place) -> Sample | None:
    """Rows of the newest twelve months that a plan learns from."""
    return sample_of(panel, labels, plan.whole[-YEAR:], place)


def learn_rules(
    panel: Panel, labels: Labels, plan: Fit, rules: Sequence[Rule], place: Place
) -> FittedRules:
    """The rules' order and the best of them, from months before any that is tested."""
    sample = sample_of(panel, labels, plan.whole, place)
    if sample is None:
        raise ValueError("a plan learns from at least one month")
    fitted = fit_rules(rules, sample.x, sample.y, sample.weight, panel.names)
    luck = np.random.default_rng(place.training.seed).random(len(sample.y))
    scores = fitted.scores(sample.x, panel.names, luck)
    best = choose_best(scores, sample.y, sample.weight)
    return FittedRules(
        rules=fitted.rules,
        order=fitted.order,
        best=best,
        sigmoid=fit_sigmoid(spread_out(scores[best]), sample.y, sample.weight),
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
    fits, parts = [], []
    for at, plan in enumerate(plans, start=1):
        tell(f"fit {at} of {len(plans)}, tested on {len(plan.tests)} months")
        fits.append(fit_plan(panel, labels, plan, place))
        parts.append(_apply(panel, labels, plan, fits=fits[-1], rules=rules, place=place))
    rows = np.concatenate([part.rows for part in parts])
    scores = {key: np.concatenate([part.scores[key] for part in parts]) for key in parts[0].scores}
    luck = keyed_uniform(panel.household[rows], panel.day[rows], seed=place.training.seed)
    return Trials(
        rows=rows,
        plan=np.repeat(np.arange(len(parts)), [len(part.rows) for part in parts]),
        plans=tuple(plans),
        fits=tuple(fits),
        known=labels.known[rows],
        luck=luck,
        scores=scores,
        logits={
            key: np.concatenate([part.logits[key] for part in parts]) for key in parts[0].logits
        },
        chosen=_choose(panel, rows, scores, luck, place),
        rules=rules,
    )


@dataclass(frozen=True, kw_only=True)
class _Part:
    """Rows of one plan's tests, every ranking's scores and the calibrated log-odds."""

    rows: Ints
    scores: dict[str, Floats]
    logits: dict[str, Floats]


def _apply(
    panel: Panel, labels: Labels, plan: Fit, *, fits: Fits, rules: FittedRules, place: Place
) -> _Part:
    rows = panel.rows(plan.tests)
    rows = rows[labels.open[rows]]
    x = panel.x[rows]
    luck = keyed_uniform(panel.household[rows], panel.day[rows], seed=place.training.seed + 1)
    scores: dict[str, Floats] = {
        **{str(name): model.raw(x) for name, model in fits.models.items()},
        **rules.scores(x, panel.names, luck),
    }
    logits: dict[str, Floats] = {
        **{str(name): sigmoid.logit(scores[name]) for name, sigmoid in fits.sigmoids.items()},
        rules.best: rules.sigmoid.logit(spread_out(scores[rules.best])),
    }
    return _Part(rows=rows.astype(np.int64), scores=scores, logits=logits)


def teams(panel: Panel, rows: Ints, place: Place) -> tuple[Ints, list[int], Flags]:
    """Each row's list, how many each list holds, and who may be on one."""
    team, sizes = list_numbers(panel, rows, panel.area[rows], place)
    return team, sizes, listable(panel, rows, place)


def _choose(
    panel: Panel, rows: Ints, scores: dict[str, Floats], luck: Floats, place: Place
) -> dict[str, Flags]:
    team, sizes, may = teams(panel, rows, place)
    return {name: pick_lists(score, luck, may, team, sizes) for name, score in scores.items()}


def judged_rows(panel: Panel, labels: Labels, trials: Trials) -> Judged:
    """The rows of whom it is known what came, as measures are taken on them."""
    rows = trials.rows[trials.known]
    sayings: dict[str, str] = {
        **{str(name): says for name, says in SAYINGS.items()},
        **trials.rules.sayings,
    }
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
    judged: Judged, trials: Trials, *, outcome: str, lists: Ranking, codes: Sequence[str]
) -> pl.DataFrame:
    """The ``backtest`` table.

    Args:
        judged: The rows.
        trials: Where they came from.
        outcome: The outcome.
        lists: The model that ships, with its lists as teams would have had them.
        codes: Codes of the neighbourhoods.
    """
    best, plain = judged.rankings[trials.rules.best], judged.rankings["logistic"]
    names = np.array([*codes, None], dtype=object)
    lead = np.where(judged.y > 0, judged.lead_days, np.nan)
    return pl.DataFrame(
        {
            "outcome": [outcome] * len(judged.y),
            "origin": np.array(trials.origins(), dtype="datetime64[D]")[trials.known],
            "snapshot_date": judged.day,
            "household_id": judged.household,
            "neighbourhood_code": pl.Series(names[judged.area].tolist(), dtype=pl.String),
            "event": judged.y > 0,
            "raw_score": lists.score,
            "probability": lists.probability,
            "rule_score": best.score,
            "rule_probability": best.probability,
            "logistic_score": plain.score,
            "selected": lists.chosen,
            "rule_selected": best.chosen,
            "logistic_selected": plain.chosen,
            "lead_days": pl.Series(lead, nan_to_null=True).cast(pl.Int32),
        }
    ).sort("snapshot_date", "household_id")
