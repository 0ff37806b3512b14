"""One outcome from its labels to a saved model and a report."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from contracts.errors import DataMissing
from contracts.place import Outcome, Place
from models.backtest import (
    MODELS,
    Tell,
    Trials,
    backtest_table,
    choose_as_listed,
    judged_rows,
    learn_rules,
    run_backtest,
    sample_of,
)
from models.bootstrap import Resamples
from models.calibration import Sigmoid, fit_sigmoid
from models.choose import Choice, choose
from models.evaluate import Judged, compare, evaluate
from models.fitting import LEAST_EVENTS, Pair, Tuning, fit_pair, tune
from models.leaks import refuse_too_good
from models.panel import Labels, Panel, settled_months
from models.report import ModelName, OutcomeReport, RankingReport
from models.rules import Rule
from models.sampling import Sample
from models.splits import Fit, plan_backtest, plan_final
from models.store import save
from models.write_up import AS_LISTED, Learning, Lists, write_up

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Plans:
    """The fits behind one outcome's tests and its scores."""

    tests: tuple[Fit, ...]
    scoring: Fit


@dataclass(frozen=True, kw_only=True)
class Learnt:
    """What came of one outcome; only the report where it could not be trained."""

    report: OutcomeReport
    plans: Plans | None = None
    backtest: pl.DataFrame | None = None


def learn_outcome(
    panel: Panel,
    labels: Labels,
    *,
    outcome: Outcome,
    place: Place,
    month: date,
    rules: Sequence[Rule],
    resamples: Resamples,
    folder: Path,
    tell: Tell,
) -> Learnt:
    """Test an outcome's models on unseen months, fit the one that scores, and save it.

    An outcome with too few events is reported as such and left out.

    Raises:
        LeakSuspected: If a feature is too good alone, or months overlap.
    """
    try:
        plans = _plan(panel, labels, place=place, month=month)
        everything = _enough(panel, labels, plans, place)
    except DataMissing as error:
        logger.warning("%s: not trained", outcome.value)
        report = OutcomeReport(outcome=outcome.value, trained=False, why_not=str(error))
        return Learnt(report=report)
    best_alone = refuse_too_good(everything, panel.names)
    before = sample_of(panel, labels, plans.tests[0], place)
    tell("settling trees and calibration on households kept out")
    tuning = tune(before, panel.specs, place.training)
    fitted = learn_rules(before, panel, rules, place)
    trials = run_backtest(
        panel, labels, plans.tests, rules=fitted, tuning=tuning, place=place, tell=tell
    )
    judged = judged_rows(panel, labels, trials)
    tell("measuring with ranges")
    rankings, choice = _judge(judged, fitted.best, resamples, place.outcomes[outcome].says)
    tell("fitting the model that scores")
    pair = _final(everything, tuning, judged, panel, place)
    save(
        folder,
        outcome=outcome,
        pair=pair,
        kind=choice.shipped,
        plan=plans.scoring,
        training=place.training,
    )
    lists = _lists(panel, trials, judged, choice.shipped, place, real=_is_listed(outcome, place))
    report = write_up(
        outcome,
        judged=judged,
        trials=trials,
        rankings=rankings,
        choice=choice,
        lists=lists,
        learning=Learning(
            events=everything.events,
            households=everything.households_with_event,
            best_alone=best_alone,
            trees=pair.booster.trees,
        ),
        resamples=resamples,
        place=place,
    )
    table = backtest_table(
        judged, trials, outcome=outcome.value, lists=lists.ranking, codes=list(place.neighbourhoods)
    )
    return Learnt(report=report, plans=plans, backtest=table)


def _is_listed(outcome: Outcome, place: Place) -> bool:
    return outcome is place.listed_outcome


def _judge(
    judged: Judged, best_rule: str, resamples: Resamples, says: str
) -> tuple[dict[str, RankingReport], Choice]:
    """Every ranking's figures, and which of them is worth its trouble."""
    rankings, draws = evaluate(judged, resamples, fully=(*MODELS, best_rule))
    choice = choose(lambda a, b: compare(a, b, draws, says=says), rule=best_rule)
    return rankings, choice


def _plan(panel: Panel, labels: Labels, *, place: Place, month: date) -> Plans:
    months = settled_months(panel, labels, month=month, windows=place.windows)
    return Plans(
        tests=tuple(plan_backtest(months, place.windows, origins=place.training.origins)),
        scoring=plan_final(months, month, place.windows),
    )


def _enough(panel: Panel, labels: Labels, plans: Plans, place: Place) -> Sample:
    """What the scoring model learns from, where the first fit too has events enough.

    Raises:
        DataMissing: If one has too few; the message says how many there are and are needed.
    """
    first = sample_of(panel, labels, plans.tests[0], place).households_with_event
    everything = sample_of(panel, labels, plans.scoring, place)
    fewest = min(first, everything.households_with_event)
    if fewest < LEAST_EVENTS:
        raise DataMissing(
            f"Too few events to train: {fewest} households had one before the months to test on, "
            f"and at least {LEAST_EVENTS} are needed.",
            next_step="Wait for more months, choose a longer history, or leave the outcome out.",
        )
    return everything


def _final(sample: Sample, tuning: Tuning, judged: Judged, panel: Panel, place: Place) -> Pair:
    """The models that score, calibrated on all that the tested months showed."""
    pair = fit_pair(sample, tuning, panel.specs, place.training)
    if not tuning.calibrated:
        return pair
    trees, plain = (_recalibrated(judged, name) for name in MODELS)
    return pair.calibrated_by(trees, plain)


def _recalibrated(judged: Judged, name: str) -> Sigmoid:
    return fit_sigmoid(judged.rankings[name].score, judged.y)


def _lists(
    panel: Panel, trials: Trials, judged: Judged, shipped: ModelName, place: Place, *, real: bool
) -> Lists:
    """The model that ships, with its lists as teams would have had them where they are real."""
    ranking = judged.rankings[shipped]
    if not real:
        return Lists(ranking=ranking)
    chosen, rerouted = choose_as_listed(panel, trials, place, shipped)
    listed = replace(ranking, says=AS_LISTED, chosen=np.asarray(chosen[trials.known]))
    return Lists(ranking=listed, rerouted=rerouted, real=True)
