"""Signs that the future reached a feature: one, or a model, that is too good to be true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from contracts.errors import LeakSuspected
from models.report import Evaluation
from models.sampling import Floats, Sample

TOO_GOOD = 0.90
"""An area under the curve that no honest single feature has reached."""
MODEL_TOO_GOOD = 0.95
"""An area under the curve that no published model of this kind has honestly reached."""
_SURE = 1.96


def alone(sample: Sample, names: Sequence[str]) -> dict[str, float]:
    """Weighted AUROC of each feature by itself, whichever way it points.

    A value that is not known counts once as less than any other, once as more, and the better of
    the two stands: that a value is there at all can give the future away.
    """
    found = {}
    for at, name in enumerate(names):
        column = sample.x[:, at].astype(np.float64)
        unknown = np.isnan(column)
        sides = [np.where(unknown, -np.inf, column)]
        if unknown.any():
            sides.append(np.where(unknown, np.inf, column))
        areas = [weighted_auroc(side, sample.y, sample.weight) for side in sides]
        found[name] = max(max(area, 1 - area) for area in areas)
    return found


def weighted_auroc(score: Floats, y: Floats, weight: Floats) -> float:
    """Chance that a row with an event outscores one without, ties counting half."""
    _, level = np.unique(score, return_inverse=True)
    up = np.bincount(level, weights=weight * y)
    down = np.bincount(level, weights=weight * (1 - y))
    if not up.sum() or not down.sum():
        return 0.5
    below = np.cumsum(down) - down
    return float((up * (below + down / 2)).sum() / (up.sum() * down.sum()))


def refuse_too_good(sample: Sample, names: Sequence[str], *, ceiling: float = TOO_GOOD) -> float:
    """Stop where a feature by itself is above the ceiling by more than chance allows.

    Returns:
        The best area that any feature reached alone.

    Raises:
        LeakSuspected: If any is too good; the message names it and its area.
    """
    areas = alone(sample, names)
    households = max(sample.households_with_event, 1)
    guilty = {
        name: area
        for name, area in areas.items()
        if area - _SURE * _standard_error(area, households) > ceiling
    }
    if guilty:
        listed = ", ".join(f"{name} ({area:.3f})" for name, area in sorted(guilty.items()))
        raise LeakSuspected(
            f"Too good alone to be honest (area under the curve above {ceiling}): {listed}.",
            next_step="Find how what happened afterwards reached it, or take it out of the "
            "catalogue.",
        )
    return max(areas.values(), default=0.5)


def _standard_error(area: float, events: int) -> float:
    """Hanley and McNeil's, where those without an event are far more than those with."""
    spread = area / (2 - area) - area**2
    return float(np.sqrt(max(area * (1 - area) + (events - 1) * spread, 0.0) / events / events))


def too_good(evaluation: Evaluation, *, ceiling: float = MODEL_TOO_GOOD) -> tuple[str, ...]:
    """A sentence for each outcome whose model is better than records can honestly be."""
    return tuple(
        f"{key}: an area under the curve of {report.shipped.auroc.value:.3f} is above {ceiling}; "
        "look for what could have told it the future."
        for key, report in evaluation.outcomes.items()
        if report.shipped is not None
        and report.shipped.auroc.low is not None
        and report.shipped.auroc.value is not None
        and report.shipped.auroc.low > ceiling
    )
