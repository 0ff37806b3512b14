"""The ceiling that sealed truth sets on any model, beside what a model did."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from tests.evaluation.measures import true_households
from tests.evaluation.truth import Truth


@dataclass(frozen=True, kw_only=True)
class OracleScores:
    """The ceiling beside the model, on the same rows.

    Attributes:
        rows: Backtest rows that the truth can speak of.
        asked: Backtest rows.
        events: Events among the rows.
        oracle: Area under the curve of one who sees need itself.
        model: Area under the curve of the model's own score.
        standard_error: Of the model's area (Hanley and McNeil).
    """

    rows: int
    asked: int
    events: int
    oracle: float
    model: float
    standard_error: float


def oracle_auroc(
    backtest: pl.DataFrame,
    household_member: pl.DataFrame,
    person_link: pl.DataFrame,
    truth: Truth,
    *,
    outcome: str = "edge_of_crisis",
    score: str = "raw_score",
) -> OracleScores:
    """The best that any model could do on a backtest's own labels, and what the model did.

    Args:
        backtest: outcome, snapshot_date, household_id, event and the score's column.
        household_member: Who was put in which household at each snapshot.
        person_link: Which records were held to be one person.
        truth: The truth.
        outcome: ``edge_of_crisis`` or ``O1``.
        score: Column that ranks households in the backtest.
    """
    asked = backtest.filter(pl.col("outcome") == outcome).drop_nulls("event")
    column = {"edge_of_crisis": "edge", "O1": "O1"}[outcome]
    parts = []
    for (snapshot,), rows in asked.group_by("snapshot_date", maintain_order=True):
        matched = true_households(household_member, person_link, truth, snapshot)
        chances = truth.oracle.filter(pl.col("month") == snapshot).select(
            pl.col("household").cast(pl.Int64), pl.col(column).alias("chance")
        )
        parts.append(
            rows.select("household_id", "event", pl.col(score).alias("score"))
            .join(matched.cast({"household": pl.Int64}), on="household_id")
            .join(chances, on="household")
        )
    rows = pl.concat(parts) if parts else asked.clear().select("event")
    events = int(rows["event"].sum())
    if not events or events == rows.height:
        raise ValueError(f"{rows.height} rows with {events} events can't be ranked")
    model = _auroc(rows["event"], rows["score"])
    return OracleScores(
        rows=rows.height,
        asked=asked.height,
        events=events,
        oracle=_auroc(rows["event"], rows["chance"]),
        model=model,
        standard_error=_standard_error(model, events, rows.height - events),
    )


def _auroc(event: pl.Series, score: pl.Series) -> float:
    """P(an event's score is above a non-event's), ties counting half."""
    ranks = score.rank("average")
    positives = int(event.sum())
    negatives = len(event) - positives
    total = float(ranks.filter(event).sum())
    return (total - positives * (positives + 1) / 2) / (positives * negatives)


def _standard_error(area: float, positives: int, negatives: int) -> float:
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (positives - 1) * (q1 - area**2)
    variance += (negatives - 1) * (q2 - area**2)
    return float((variance / (positives * negatives)) ** 0.5)
