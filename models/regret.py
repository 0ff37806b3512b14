"""Which model to pick, by what picking has cost: regret over the tested months.

A way of picking looks at each model's precision in the months before and names one; its regret in a
month is how much more of that month's list the best model would have got right. The way with the
least regret so far picks from all the months.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from models.kinds import MODELS, ModelName
from models.measures import tidy
from models.report import RegretReport, WayReport
from models.sampling import Flags, Floats, Ints

_HALF_LIFE = 4.0
_PENALTY = 1.0
LEAST_BEFORE = 2
"""Months that a way of picking looks back on before its first pick is judged."""

Way = Callable[[Floats], Floats]
"""From precision by month and model to a worth of each model."""


def _recent(precision: Floats) -> Floats:
    age = np.arange(len(precision))[::-1]
    return np.asarray(np.average(precision, axis=0, weights=0.5 ** (age / _HALF_LIFE)))


def _steady(precision: Floats) -> Floats:
    return np.asarray(precision.mean(axis=0) - _PENALTY * precision.std(axis=0))


WAYS: Mapping[str, tuple[str, Way]] = {
    "average": ("the best on average", lambda precision: np.asarray(precision.mean(axis=0))),
    "recent": ("the best on average, recent months counting more", _recent),
    "steady": ("the best on average, less for those that vary from month to month", _steady),
}


def weigh_regret(months: Ints, y: Floats, chosen: Mapping[ModelName, Flags]) -> RegretReport:
    """Every way's regret, and what the best of them picks.

    Args:
        months: Number of each row's month, in order of time.
        y: 1.0 where the event came.
        chosen: Rows on each model's lists.
    """
    names = [name for name in MODELS if name in chosen]
    precision = np.column_stack([_by_month(months, y, chosen[name]) for name in names])
    later = range(min(LEAST_BEFORE, len(precision) - 1), len(precision))
    ways = []
    for key, (says, way) in WAYS.items():
        picks = [_pick(way(precision[:at])) if at else 0 for at in later]
        lost = [
            precision[at].max() - precision[at, pick] for at, pick in zip(later, picks, strict=True)
        ]
        ways.append(
            WayReport(
                way=key,
                says=says,
                regret=tidy(float(np.mean(lost))),
                picks=names[_pick(way(precision))],
            )
        )
    best = min(ways, key=lambda one: one.regret or 0.0)
    return RegretReport(months=len(precision), ways=ways, way=best.way, picked=best.picks)


def _pick(worth: Floats) -> int:
    """The best; the simpler on a tie."""
    return int(np.argmax(np.round(worth, 9)))


def _by_month(months: Ints, y: Floats, flags: Flags) -> Floats:
    hits = np.bincount(months, weights=flags * y)
    return hits / np.maximum(np.bincount(months, weights=flags.astype(np.float64)), 1.0)
