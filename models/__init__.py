"""Models of what may come, how well they did on months they had not seen, and why a home was named.

One calibrated gradient-boosted model for each outcome, always beside plain rules and a logistic
regression. Splits are by time with an embargo, lists are as long as a team's capacity, and every
listed household's raw score is the sum of its contributions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.explain import explain_selection
    from models.run import score_month, train_and_evaluate
    from models.selection import select_households

__all__ = ["explain_selection", "score_month", "select_households", "train_and_evaluate"]

_HOMES = {
    "explain_selection": "models.explain",
    "score_month": "models.run",
    "select_households": "models.selection",
    "train_and_evaluate": "models.run",
}


def __getattr__(name: str) -> Any:
    """Load a function's module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(_HOMES[name]), name)
