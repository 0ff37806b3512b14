"""An outcome's figures, gathered into its report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np

from contracts.place import Outcome, Place
from models.as_listed import AsListed
from models.backtest import Trials
from models.bootstrap import Resamples, ratio
from models.choose import Choice
from models.evaluate import Judged, Ranking, evaluate, measured
from models.listed import by_neighbourhood, lead_time
from models.measures import area, average_precision, calibration_bands, decision_curve, tidy
from models.report import MonthReport, OutcomeReport, RankingReport, RegretReport, Steadiness
from models.sampling import Floats

AS_LISTED = "the lists as teams would have had them"
_PASS, _UNSURE = 1000, 100


@dataclass(frozen=True, kw_only=True)
class Learning:
    """What the model that scores learnt from.

    Attributes:
        events: Rows with an event.
        households: Different households with one.
        best_alone: Best area that a feature reached alone.
        trees: Trees grown.
        card: The points score in plain words.
    """

    events: int
    households: int
    best_alone: float
    trees: int
    card: list[str]


@dataclass(frozen=True, kw_only=True)
class Lists:
    """The lists of the model that ships.

    Attributes:
        ranking: The model and its lists.
        rerouted: Households that took the health practice's route instead.
        real: The lists that teams would have had; None where no list is made from the outcome.
    """

    ranking: Ranking
    rerouted: int = 0
    real: AsListed | None = None


def write_up(
    outcome: Outcome,
    *,
    judged: Judged,
    trials: Trials,
    rankings: dict[str, RankingReport],
    choice: Choice,
    regret: RegretReport,
    lists: Lists,
    learning: Learning,
    resamples: Resamples,
    place: Place,
) -> OutcomeReport:
    """The report of an outcome that could be trained."""
    best, ships = judged.rankings[trials.rules.best], lists.ranking
    sizes = {code: area.list_size for code, area in place.neighbourhoods.items()}
    return OutcomeReport(
        outcome=outcome.value,
        trained=True,
        events_learnt_from=learning.events,
        households_with_event=learning.households,
        enough_events=_grade(learning.households),
        tested_rows=len(judged.y),
        tested_events=int(judged.y.sum()),
        base_rate=tidy(float(judged.y.mean())) if len(judged.y) else None,
        listed_outcome_unknown=int((trials.chosen[choice.shipped] & ~trials.known).sum()),
        best_rule=trials.rules.best,
        rankings=rankings,
        differences=list(choice.differences),
        regret=regret,
        card=learning.card,
        recommended=choice.recommended,
        recommended_because=choice.recommended_because,
        shipped_model=choice.shipped,
        shipped_because=choice.shipped_because,
        as_listed=_as_listed(judged, lists, resamples),
        steadiness=_steadiness(judged, trials, lists, resamples),
        sent_to_health_practice=lists.rerouted,
        lead_time=lead_time(judged, ships.chosen, resamples),
        months=_months(judged, trials, ships),
        neighbourhoods=by_neighbourhood(judged, ships.chosen, resamples, sizes),
        calibration_bands=calibration_bands(judged.y, _probability(ships)),
        decision_curve=decision_curve(judged.y, _probability(ships), best.probability),
        trees=learning.trees,
        best_single_feature_auroc=tidy(learning.best_alone),
    )


def _as_listed(judged: Judged, lists: Lists, resamples: Resamples) -> RankingReport | None:
    """The report of the lists as teams would have had them."""
    if lists.real is None:
        return None
    alone = replace(judged, rankings={AS_LISTED: lists.ranking})
    reports, _ = evaluate(alone, resamples, fully=(AS_LISTED,))
    return reports[AS_LISTED]


def _steadiness(
    judged: Judged, trials: Trials, lists: Lists, resamples: Resamples
) -> Steadiness | None:
    """How much of a list stays, and what that costs in precision."""
    if lists.real is None:
        return None
    kept, anew = lists.ranking.chosen, lists.real.anew[trials.known]
    health = lists.real.rerouted[trials.known]
    columns = np.column_stack(
        [
            part.astype(np.float64)
            for ours in (kept, anew, health)
            for part in (ours, ours * judged.y)
        ]
    )
    seen, drawn = resamples.totals(judged.household, columns)
    now, draws = (ratio(sums[1], sums[0]) - ratio(sums[3], sums[2]) for sums in (seen, drawn))
    return Steadiness(
        overlap=tidy(lists.real.overlap),
        overlap_anew=tidy(lists.real.overlap_anew),
        precision_gained=measured(float(now), draws),
        precision_health_practice=measured(
            float(ratio(seen[5], seen[4])), ratio(drawn[5], drawn[4])
        ),
        leaving=lists.real.leaving,
    )


def _probability(ranking: Ranking) -> Floats:
    probability = ranking.probability
    if probability is None:
        raise ValueError("a model that ships has probabilities")
    return probability


def _months(judged: Judged, trials: Trials, lists: Ranking) -> list[MonthReport]:
    origin = np.array(trials.origins(), dtype="datetime64[D]")[trials.known]
    found = []
    for day in np.unique(judged.day):
        here = judged.day == day
        y, score, chosen = judged.y[here], lists.score[here], lists.chosen[here]
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
