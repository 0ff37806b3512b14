"""How often lists like this one were right when they were tried on past months.

Only that part of the sealed evaluation is read, whatever else it says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Measured(_Part):
    value: float | None = None


class _Ranking(_Part):
    precision: _Measured


class _Outcome(_Part):
    shipped_model: str | None = None
    rankings: Mapping[str, _Ranking] = Field(default_factory=dict)


class _Evaluation(_Part):
    outcomes: Mapping[str, _Outcome]


@dataclass(frozen=True, kw_only=True)
class TrackRecord:
    """Of every 100 households on such lists.

    Attributes:
        right: How many later had the event.
    """

    right: int

    @property
    def wrong(self) -> int:
        """How many did not."""
        return 100 - self.right


def track_record(content: bytes, outcome: str) -> TrackRecord | None:
    """What the evaluation says of the listed outcome; None where it could not be tried."""
    report = _Evaluation.model_validate_json(content).outcomes.get(outcome)
    if report is None or report.shipped_model is None:
        return None
    shipped = report.rankings.get(report.shipped_model)
    if shipped is None or shipped.precision.value is None:
        return None
    return TrackRecord(right=round(100 * shipped.precision.value))
