"""The list beside simpler ways of making one, and by the kind of record that tells of an event."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from contracts.errors import DataMissing
from contracts.place import Outcome, Place
from models.measured import Measured
from models.report import Evaluation, OutcomeReport, RankingReport, read_evaluation
from surfaces.words import in_100

KINDS: Final = {
    Outcome.O1: "a household asked for help",
    Outcome.O9: "a household asked for help",
    Outcome.O3: "a service took action",
    Outcome.O7: "a health service was seen",
    Outcome.EDGE: "a mix of these",
}
"""Who makes the record: a model of what services do may learn where services look."""
_NOT_MEASURED: Final = "not measured"


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One line of a table of rankings or outcomes.

    Attributes:
        name: The ranking, or the event.
        kind: What the record of the event shows; empty for a ranking.
        right: Of every 100 suggested, how many went on to need help, with its range.
        reached: Of every 100 who needed help, how many were suggested, with its range.
        listed: Rows suggested, rounded; the base of ``right``.
        ships: Whether this one makes the lists.
    """

    name: str
    kind: str = ""
    right: str = _NOT_MEASURED
    reached: str = _NOT_MEASURED
    listed: int | None = None
    ships: bool = False


def evaluation_of(folder: Path) -> Evaluation | None:
    """The evaluation in a month's folder; None where there is none that can be read."""
    try:
        return read_evaluation(folder)
    except (DataMissing, ValidationError):
        return None


def rankings(evaluation: Evaluation | None, place: Place) -> list[Compared]:
    """Every way of making the list that was tried, the best first."""
    report = _outcome(evaluation, place.listed_outcome)
    if report is None:
        return []
    by_precision = sorted(
        report.rankings.items(), key=lambda item: (-(item[1].precision.value or 0.0), item[0])
    )
    return [
        _compared(ranking, name=ranking.says, ships=name == report.shipped_model, place=place)
        for name, ranking in by_precision
    ]


def by_kind(evaluation: Evaluation | None, place: Place) -> list[Compared]:
    """Each outcome of the place with the kind of record behind it."""
    lines = []
    for outcome, chosen in place.outcomes.items():
        report = _outcome(evaluation, outcome)
        shipped = report.shipped if report else None
        if shipped is None:
            lines.append(Compared(name=chosen.says, kind=KINDS[outcome]))
        else:
            lines.append(_compared(shipped, name=chosen.says, kind=KINDS[outcome], place=place))
    return lines


def why_this_one(evaluation: Evaluation | None, place: Place) -> str | None:
    """Why the model that makes the lists was chosen, as the evaluation says it."""
    report = _outcome(evaluation, place.listed_outcome)
    return report.shipped_because if report else None


def _outcome(evaluation: Evaluation | None, outcome: Outcome) -> OutcomeReport | None:
    return evaluation.outcomes.get(outcome.value) if evaluation else None


def _compared(
    ranking: RankingReport, *, name: str, place: Place, kind: str = "", ships: bool = False
) -> Compared:
    if ranking.listed < place.fairness.minimum_cell:
        return Compared(name=name, kind=kind, ships=ships)
    base = place.fairness.round_to
    return Compared(
        name=name,
        kind=kind,
        right=_ranged(ranking.precision),
        reached=_ranged(ranking.recall),
        listed=round(ranking.listed / base) * base,
        ships=ships,
    )


def _ranged(measured: Measured) -> str:
    if measured.value is None or measured.low is None or measured.high is None:
        return _NOT_MEASURED
    return f"{in_100(measured.value)} ({in_100(measured.low)} to {in_100(measured.high)})"
