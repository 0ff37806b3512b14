"""Keeping a share of the households without an event, the same ones each time.

A row's luck depends on its household, its month and the seed alone: adding a month, or reading rows
in another order, changes nothing for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Matrix = NDArray[np.float32]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """Rows that a model is fitted on.

    Attributes:
        x: Feature values; NaN where not known.
        y: 1.0 where the event came, else 0.0.
        weight: How many rows of the whole each stands for.
        household: Whose row it is.
    """

    x: Matrix
    y: Floats
    weight: Floats
    household: Ints

    @property
    def events(self) -> int:
        """Rows with an event."""
        return int(self.y.sum())

    @property
    def households_with_event(self) -> int:
        """Different households with an event."""
        return len(np.unique(self.household[self.y > 0]))


def _mixed(state: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """SplitMix64's finaliser: every bit of the input moves every bit of the output."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def keyed_uniform(household: Ints, day: Days, *, seed: int) -> Floats:
    """A number in [0, 1) for each household and month, fixed by them and the seed."""
    state = np.full(len(household), np.uint64(seed % 2**64), dtype=np.uint64)
    months = day.astype("datetime64[D]").astype(np.int64).astype(np.uint64)
    with np.errstate(over="ignore"):
        for part in (household.astype(np.uint64), months):
            state = _mixed(state + _GOLDEN * (part + np.uint64(1)))
    return (state >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def keep_share(*, events: int, others: int, most: float, per_event: float) -> float:
    """Share of rows without an event to keep.

    Args:
        events: Rows with an event.
        others: Rows without one.
        most: The share that the place's settings allow at most.
        per_event: Rows without an event that are enough for each row with one.
    """
    if events == 0 or others == 0:
        return most
    return min(most, max(per_event * events, 1.0) / others)


def thin(y: Floats, luck: Floats, *, share: float) -> tuple[NDArray[np.intp], Floats]:
    """Rows to keep and their weights: every event, and a share of the rest weighted back up."""
    kept = np.flatnonzero((y > 0) | (luck < share))
    return kept, np.where(y[kept] > 0, 1.0, 1.0 / share)
