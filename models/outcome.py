"""One outcome from its labels to a saved model and a report."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import numpy as np
import polars as pl

from contracts.errors import DataMissing
from contracts.place import Outcome, Place
from models.backtest import (
    MODELS,
    Tell,
    Trials,
    backtest_table,
    fit_plan,
    learn_rules,
    run_backtest,
    tested_rows,
)
from models.bootstrap import Resamples
from models.choose import Choice, choose
from models.evaluate import Judged, by_neighbourhood, compare, evaluate, lead_time
from models.fitting import LEAST_EVENTS
from models.leaks import refuse_too_good
from models.measures import area, average_precision, calibration_bands, decision_curve, tidy
from models.panel import Labels, Panel, settled_months, take_sample
from models.report import MonthReport, OutcomeReport, RankingReport
from models.rules import Rule
from models.sampling import Sample
from models.splits import Fit, plan_backtest, plan_final
from models.store import save

logger = logging.getLogger(__name__)

_PASS, _UNSURE = 1000, 100


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
        sample = _enough(panel, labels, plans, place)
    except DataMissing as error:
        logger.warning("%s: not trained", outcome.value)
        return Learnt(
            report=OutcomeReport(outcome=outcome.value, trained=False, why_not=str(error))
        )
    best_alone = refuse_too_good(sample, panel.names)
    fitted = learn_rules(panel, labels, plans.tests[0].whole, rules, place)
    trials = run_backtest(panel, labels, plans.tests, rules=fitted, place=place, tell=tell)
    tested = tested_rows(panel, labels, trials)
    tell("measuring with ranges")
    says = place.outcomes[outcome].says
    rankings, draws = evaluate(tested, resamples, fully=(*MODELS, fitted.best))
    choice = choose(lambda a, b: compare(a, b, draws, says=says), rule=fitted.best)
    tell("fitting the model that scores")
    pair = fit_plan(panel, labels, plans.scoring, place)
    save(
        folder,
        outcome=outcome,
        pair=pair,
        kind=choice.shipped,
        plan=plans.scoring,
        training=place.training,
    )
    report = _report(
        outcome,
        tested=tested,
        trials=trials,
        rankings=rankings,
        choice=choice,
        resamples=resamples,
        place=place,
        sample=sample,
    )
    report = report.model_copy(
        update={"trees": pair.booster.trees, "best_single_feature_auroc": tidy(best_alone)}
    )
    table = backtest_table(
        tested,
        trials,
        outcome=outcome.value,
        shipped=choice.shipped,
        codes=list(place.neighbourhoods),
    )
    return Learnt(report=report, plans=plans, backtest=table)


def _plan(panel: Panel, labels: Labels, *, place: Place, month: date) -> Plans:
    months = settled_months(panel, labels, month=month, windows=place.windows)
    return Plans(
        tests=tuple(plan_backtest(months, place.windows, origins=place.training.origins)),
        scoring=plan_final(months, month, place.windows),
    )


def _enough(panel: Panel, labels: Labels, plans: Plans, place: Place) -> Sample:
    """What the scoring model learns from, where every fit has events enough.

    Raises:
        DataMissing: If one has too few; the message says how many there are and are needed.
    """
    training = place.training
    samples = [
        take_sample(panel, labels, plan.whole, most=training.negatives_kept, seed=training.seed)
        for plan in (*plans.tests, plans.scoring)
    ]
    fewest = min(sample.households_with_event for sample in samples)
    if fewest < LEAST_EVENTS:
        raise DataMissing(
            f"Too few events to train: {fewest} households with one before a month to test on, "
            f"and at least {LEAST_EVENTS} are needed.",
            next_step="Wait for more months, choose a longer history, or leave the outcome out.",
        )
    return samples[-1]


def _report(
    outcome: Outcome,
    *,
    tested: Judged,
    trials: Trials,
    rankings: dict[str, RankingReport],
    choice: Choice,
    resamples: Resamples,
    place: Place,
    sample: Sample,
) -> OutcomeReport:
    ships, best = tested.rankings[choice.shipped], tested.rankings[trials.rules.best]
    probability = ships.probability
    if probability is None:
        raise ValueError("a model that ships has probabilities")
    sizes = {code: area.list_size for code, area in place.neighbourhoods.items()}
    return OutcomeReport(
        outcome=outcome.value,
        trained=True,
        events_learnt_from=sample.events,
        households_with_event=sample.households_with_event,
        enough_events=_grade(sample.households_with_event),
        tested_rows=len(tested.y),
        tested_events=int(tested.y.sum()),
        base_rate=tidy(float(tested.y.mean())) if len(tested.y) else None,
        listed_outcome_unknown=trials.unknown_listed(choice.shipped),
        best_rule=trials.rules.best,
        rankings=rankings,
        differences=list(choice.differences),
        recommended=choice.recommended,
        recommended_because=choice.recommended_because,
        shipped_model=choice.shipped,
        shipped_because=choice.shipped_because,
        lead_time=lead_time(tested, ships.chosen, resamples),
        months=_months(tested, trials, choice),
        neighbourhoods=by_neighbourhood(tested, ships.chosen, resamples, sizes),
        calibration_bands=calibration_bands(tested.y, probability),
        decision_curve=decision_curve(tested.y, probability, best.probability),
    )


def _months(tested: Judged, trials: Trials, choice: Choice) -> list[MonthReport]:
    ships = tested.rankings[choice.shipped]
    origin = np.array(trials.origin, dtype="datetime64[D]")[trials.known]
    found = []
    for day in np.unique(tested.day):
        here = tested.day == day
        y, score, chosen = tested.y[here], ships.score[here], ships.chosen[here]
        found.append(
            MonthReport(
                month=day.astype(date),
                rows=len(y),
                events=int(y.sum()),
                listed=int(chosen.sum()),
                listed_events=int((chosen * y).sum()),
                auroc=tidy(area(y, score)),
                average_precision=tidy(average_precision(y, score)),
                learnt_until=origin[here][0].astype(date),
            )
        )
    return found


def _grade(households: int) -> Literal["yes", "unknown", "no"]:
    if households >= _PASS:
        return "yes"
    return "unknown" if households >= _UNSURE else "no"
