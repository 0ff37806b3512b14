"""How figures with ranges are written in the model report."""

from __future__ import annotations

from models.measured import Measured
from surfaces.words import in_100

NOT_MEASURED = "not measured"


def in_every_100(measured: Measured | None) -> str:
    """A share and its range in whole numbers, such as ``23 (19 to 27)``."""
    if measured is None or measured.value is None:
        return NOT_MEASURED
    if measured.low is None or measured.high is None:
        return in_100(measured.value)
    return f"{in_100(measured.value)} ({in_100(measured.low)} to {in_100(measured.high)})"


def figure(measured: Measured | None, *, digits: int = 2, times: float = 1.0) -> str:
    """A figure and its range, such as ``1.04 (0.97 to 1.12)``."""
    if measured is None or measured.value is None:
        return NOT_MEASURED
    value, low, high = (
        None if one is None else f"{round(times * one, digits) + 0.0:,.{digits}f}"
        for one in (measured.value, measured.low, measured.high)
    )
    return f"{value}" if low is None or high is None else f"{value} ({low} to {high})"


def more_or_fewer(measured: Measured | None, *, times: float = 100.0, digits: int = 1) -> str:
    """A difference in words, such as ``1.4 more (0.3 fewer to 3.1 more)``."""
    if measured is None or measured.value is None:
        return NOT_MEASURED

    def one(value: float) -> str:
        shown = f"{abs(times * value):,.{digits}f}"
        if not float(shown.replace(",", "")):
            return "no more"
        return f"{shown} {'more' if value > 0 else 'fewer'}"

    if measured.low is None or measured.high is None:
        return one(measured.value)
    return f"{one(measured.value)} ({one(measured.low)} to {one(measured.high)})"


def beyond_doubt(measured: Measured | None) -> str:
    """Whether a difference's range is wholly on one side of zero: helps, hinders or uncertain."""
    if measured is None or measured.low is None or measured.high is None:
        return "too few to say"
    if measured.low > 0:
        return "helps"
    return "hinders" if measured.high < 0 else "uncertain"
