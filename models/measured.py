"""A figure with its range, and the difference of two: what every report is made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Plain(BaseModel):
    """Plain values: no more and no less than declared, and not to be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Measured(Plain):
    """A figure and the range that it is likely to be in; None where there was too little."""

    value: float | None
    low: float | None = None
    high: float | None = None


class Difference(Plain):
    """The first ranking minus the second, on the same resampled households."""

    first: str
    second: str
    precision: Measured
    recall: Measured
    auroc: Measured
    average_precision: Measured
    says: str
