"""What an evaluation says: plain values, written to and read from ``evaluation.json``."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Literal

import polars as pl
from pydantic import Field

from contracts.errors import DataMissing
from models.closer_report import Closer
from models.kinds import ModelName
from models.left import Leaving
from models.measured import Difference, Measured, Plain

EVALUATION_FILE = "evaluation.json"

_FIGURES = (
    *("precision", "precision_low", "precision_high"),
    *("recall", "lift", "auroc", "average_precision"),
)


class RankingReport(Plain):
    """How one way of ranking households did on months that it had not seen.

    Attributes:
        says: The ranking in plain words.
        listed: Rows on its lists with a known outcome.
        listed_events: Those after whom the event came.
        precision: Share of the listed with an event.
        recall: Share of the events that were listed.
        lift: Precision over the share of all rows with an event.
        auroc: Chance that a row with an event outranks one without.
        average_precision: Precision averaged over the recall.
        expected_over_observed: Sum of probabilities over events, all rows.
        expected_over_observed_listed: The same on its lists.
        expected_over_observed_top: The same in the most probable hundredth of the rows.
        calibration_slope: Slope of the event on calibrated log-odds; 1 is right.
        calibration_gap: Mean distance of probability and share of events over 20 equal bands.
    """

    says: str
    listed: int
    listed_events: int
    precision: Measured
    recall: Measured
    lift: Measured
    auroc: Measured
    average_precision: Measured
    expected_over_observed: Measured | None = None
    expected_over_observed_listed: Measured | None = None
    expected_over_observed_top: Measured | None = None
    calibration_slope: Measured | None = None
    calibration_gap: float | None = None


class WayReport(Plain):
    """One way of picking a model by the months before.

    Attributes:
        way: Short key.
        says: The way in plain words.
        regret: Mean share of a list by which the best model of a month did better than its pick.
        picks: The model that it names after all tested months.
    """

    way: str
    says: str
    regret: float | None
    picks: ModelName


class RegretReport(Plain):
    """Ways of picking a model, what each has cost, and which was followed.

    A month's outcomes are taken as known when the next month's model is picked, which is sooner
    than they are.
    """

    months: int
    ways: list[WayReport]
    way: str
    picked: ModelName


class Steadiness(Plain):
    """How much of a list stays from month to month, beside lists made anew each month.

    Attributes:
        overlap: Mean Jaccard overlap of neighbouring months' lists, tested months only.
        overlap_anew: The same of lists made anew from the highest scores.
        precision_gained: Precision of the lists less that of lists made anew.
        precision_health_practice: Share with an event of those who took the health route.
        leaving: Why households left a list from one month to the next.
    """

    overlap: float | None
    overlap_anew: float | None
    precision_gained: Measured
    precision_health_practice: Measured
    leaving: Leaving


class LeadTime(Plain):
    """Days from the list's date to the event, for listed households to whom it came."""

    events: int
    median_days: float | None
    lower_quartile_days: float | None
    upper_quartile_days: float | None
    share_60_days_or_more: Measured
    by_30_days: dict[str, int] = Field(default_factory=dict)


class MonthReport(Plain):
    """One month tested, by the model that ships."""

    month: date
    rows: int
    events: int
    listed: int
    listed_events: int
    auroc: float | None
    average_precision: float | None
    learnt_until: date


class NeighbourhoodReport(Plain):
    """One neighbourhood's lists, by the model that ships."""

    neighbourhood_code: str
    list_size: int
    listed: int
    listed_events: int
    precision: Measured
    recall: Measured


class CalibrationBand(Plain):
    """Rows of like probability."""

    rows: int
    expected: float
    observed: float


class DecisionPoint(Plain):
    """Net benefit for each row where an offer is worth making from a probability on."""

    threshold: float
    model: float
    rule: float | None
    everyone: float


class OutcomeReport(Plain):
    """One outcome: what was tested, how each ranking did, and which model ships.

    Rankings are compared on lists made alike, each from the highest scores. What follows from the
    lead time on is of the lists as teams would have had them.
    """

    outcome: str
    trained: bool
    why_not: str | None = None
    events_learnt_from: int = 0
    households_with_event: int = 0
    enough_events: Literal["yes", "unknown", "no"] = "no"
    tested_rows: int = 0
    tested_events: int = 0
    base_rate: float | None = None
    listed_outcome_unknown: int = 0
    best_rule: str | None = None
    rankings: dict[str, RankingReport] = Field(default_factory=dict)
    differences: list[Difference] = Field(default_factory=list)
    regret: RegretReport | None = None
    card: list[str] = Field(default_factory=list)
    """The points score, a line for each question, as it could be printed."""
    recommended: str | None = None
    recommended_because: str | None = None
    shipped_model: ModelName | None = None
    shipped_because: str | None = None
    as_listed: RankingReport | None = None
    """The lists as teams would have had them, with the health route; for the listed outcome."""
    steadiness: Steadiness | None = None
    sent_to_health_practice: int = 0
    lead_time: LeadTime | None = None
    months: list[MonthReport] = Field(default_factory=list)
    neighbourhoods: list[NeighbourhoodReport] = Field(default_factory=list)
    calibration_bands: list[CalibrationBand] = Field(default_factory=list)
    decision_curve: list[DecisionPoint] = Field(default_factory=list)
    trees: int | None = None
    best_single_feature_auroc: float | None = None

    @property
    def shipped(self) -> RankingReport | None:
        """How the lists of the model that ships did, as teams would have had them."""
        if self.as_listed is not None:
            return self.as_listed
        return self.rankings.get(self.shipped_model) if self.shipped_model else None


class SplitRow(Plain):
    """The months behind one fitted model."""

    learnt_from: date
    learnt_until: date
    months_learnt_from: int
    first_fit_until: date | None
    later_from: date | None
    later_until: date | None
    tested_from: date
    tested_until: date


class Evaluation(Plain):
    """Every outcome of one release month."""

    place: str
    month: date
    seed: int
    replicates: int
    gap_days: int
    horizon_months: int
    features: int
    list_sizes: dict[str, int]
    splits: list[SplitRow]
    scoring: SplitRow
    outcomes: dict[str, OutcomeReport]
    closer: Closer | None = None
    """A closer look at the outcome that lists are made from."""

    def write(self, path: Path) -> None:
        """Write it with sorted keys, so that equal evaluations are equal bytes."""
        path.parent.mkdir(parents=True, exist_ok=True)
        content = self.model_dump(mode="json")
        text = json.dumps(content, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")

    def summary(self) -> pl.DataFrame:
        """One row for each outcome and ranking, for a table."""
        return pl.DataFrame(
            [
                {
                    "outcome": key,
                    "ranking": name,
                    "ships": name == outcome.shipped_model,
                    "precision": ranking.precision.value,
                    "precision_low": ranking.precision.low,
                    "precision_high": ranking.precision.high,
                    "recall": ranking.recall.value,
                    "lift": ranking.lift.value,
                    "auroc": ranking.auroc.value,
                    "average_precision": ranking.average_precision.value,
                }
                for key, outcome in self.outcomes.items()
                for name, ranking in outcome.rankings.items()
            ],
            schema={
                "outcome": pl.String,
                "ranking": pl.String,
                "ships": pl.Boolean,
                **dict.fromkeys(_FIGURES, pl.Float64),
            },
        )


def read_evaluation(folder: Path) -> Evaluation:
    """The evaluation that was written to a release month's folder.

    Raises:
        DataMissing: If none was.
    """
    path = folder / EVALUATION_FILE
    if not path.exists():
        raise DataMissing(
            f"There is no {EVALUATION_FILE} in {folder.name}.", next_step="Train the models first."
        )
    return Evaluation.model_validate_json(path.read_text(encoding="utf-8"))
