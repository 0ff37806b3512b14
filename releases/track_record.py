"""How often lists like this one were right when they were tried on past months."""

from __future__ import annotations

from dataclasses import dataclass

from models.report import Evaluation


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
    """What the sealed evaluation says of the listed outcome; None where it could not be tried."""
    report = Evaluation.model_validate_json(content).outcomes.get(outcome)
    shipped = report.shipped if report else None
    if shipped is None or shipped.precision.value is None:
        return None
    return TrackRecord(right=round(100 * shipped.precision.value))
