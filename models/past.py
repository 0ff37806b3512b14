"""Scores averaged over months: what a household's records say once counts less than what lasts.

A score from one month's records wavers with every reminder and visit. The score that lists are made
from is the weighted mean of the log-odds at this and the month ends before, all by the same model;
each month end further back counts less, and one at which a household was not there does not count.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.kinds import Model
from models.panel import Panel
from models.sampling import Floats, Ints

MONTHS_AVERAGED = 6
"""Month ends that a score is averaged over, with its own."""


@dataclass(frozen=True, kw_only=True)
class Past:
    """Where some rows' households stand at the month ends before.

    Attributes:
        at: Positions in the panel, month ends by rows; -1 where a household was not there.
        weight: How much each counts, alike; each row's add up to 1.
    """

    at: Ints
    weight: Floats

    @classmethod
    def of(cls, panel: Panel, rows: Ints, *, fade: float) -> Past:
        """The past of some rows.

        Args:
            panel: Rows in order of month, then household.
            rows: Positions.
            fade: How much a month end counts beside the one after it; 0 for the last one alone.
        """
        ids, household = np.unique(panel.household, return_inverse=True)
        key = np.unique(panel.day, return_inverse=True)[1] * len(ids) + household
        months = MONTHS_AVERAGED if fade > 0 else 1
        at = np.full((months, len(rows)), -1, dtype=np.int64)
        for back in range(months):
            wanted = key[rows] - back * len(ids)
            found = np.minimum(np.searchsorted(key, wanted), len(key) - 1)
            at[back] = np.where(key[found] == wanted, found, -1)
        weight = np.where(at >= 0, fade ** np.arange(months)[:, None], 0.0)
        return cls(at=at, weight=weight / weight.sum(axis=0))

    def some(self, columns: NDArray[np.intp]) -> Past:
        """The same of some of the rows."""
        return Past(at=self.at[:, columns], weight=self.weight[:, columns])

    def met(self) -> Ints:
        """Every position in the panel that counts, once, in order."""
        return np.unique(self.at[self.at >= 0])

    def mean(self, met: Ints, values: Floats) -> Floats:
        """Weighted means of what was found at each position of :meth:`met`."""
        place = np.searchsorted(met, np.maximum(self.at, met[0] if len(met) else 0))
        total = np.zeros((self.at.shape[1], *values.shape[1:]))
        for back, weight in enumerate(self.weight):
            grown = weight.reshape(-1, *[1] * (values.ndim - 1))
            total += np.where(grown > 0, values[place[back]], 0.0) * grown
        return total


def averaged(panel: Panel, past: Past, model: Model) -> Floats:
    """Log-odds of the rows of a past, averaged."""
    met = past.met()
    return past.mean(met, _raw_by_month(panel, met, model))


def _raw_by_month(panel: Panel, rows: Ints, model: Model) -> Floats:
    """Log-odds of some rows, a month at a time so that no more than a month is copied."""
    starts = np.flatnonzero(np.diff(panel.day[rows].astype(np.int64), prepend=-1))
    parts = [model.raw(panel.x[some]) for some in np.split(rows, starts[1:])] if len(rows) else []
    return np.concatenate(parts) if parts else np.zeros(0)
