"""A figure that the project claims, the bar it is held to, and what was found."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

_TESTS: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One row of the evidence.

    Attributes:
        id: Short stable name.
        what: What was measured, in a sentence.
        value: What was found; None where it could not be measured.
        unit: Unit of the value.
        bar: The bar in words, such as ``>= 0.99``; empty where the figure is only reported.
        holds: Whether the bar is met; a reported figure has none to miss.
        seconds: Time that the measurement took.
        note: What a reader has to know, such as an interval.
    """

    id: str
    what: str
    value: float | str | None
    unit: str
    bar: str
    holds: bool
    seconds: float
    note: str = ""


@dataclass(kw_only=True)
class Stopwatch:
    """Makes claims and gives each the time since the one before."""

    started: float = 0.0

    def __post_init__(self) -> None:
        self.started = time.monotonic()

    def claim(
        self,
        name: str,
        what: str,
        value: float | None,
        *,
        unit: str,
        bar: tuple[str, float] | None = None,
        note: str = "",
    ) -> Claim:
        """A claim whose bar, if any, is a comparison such as ``(">=", 0.99)``."""
        now = time.monotonic()
        seconds, self.started = now - self.started, now
        met = bar is None or (value is not None and _TESTS[bar[0]](value, bar[1]))
        return Claim(
            id=name,
            what=what,
            value=None if value is None else round(float(value), 6),
            unit=unit,
            bar="" if bar is None else f"{bar[0]} {bar[1]:g}",
            holds=met,
            seconds=round(seconds, 1),
            note=note,
        )


Measurement = Callable[[], Iterator[Claim]]


def as_row(claim: Claim) -> dict[str, Any]:
    """The claim as JSON."""
    return dict(vars(claim))
