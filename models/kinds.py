"""The kinds of model that stand beside each other, and what each must be able to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

from models.sampling import Floats, Matrix

ModelName = Literal["points", "logistic", "ebm", "lightgbm"]

MODELS: tuple[ModelName, ...] = ("points", "logistic", "ebm", "lightgbm")
"""From the simplest to explain to the least simple."""
SAYINGS: dict[ModelName, str] = {
    "points": "a card of at most ten lines with whole points, learnt",
    "logistic": "a weighted sum of what is recorded (logistic regression)",
    "ebm": "a curve for each of thirty features, added up (explainable boosting)",
    "lightgbm": "many small decision trees, added up",
}


class Model(Protocol):
    """A fitted model whose raw score is the sum of its contributions and their base."""

    @property
    def names(self) -> tuple[str, ...]:
        """The features that it was fitted on, in order."""

    def raw(self, x: Matrix) -> Floats:
        """Log-odds of each row."""

    def contributions(self, x: Matrix) -> Floats:
        """Contribution of each feature to each row's log-odds; the base comes last."""

    def by_theme(self, x: Matrix, themes: Sequence[int]) -> Floats:
        """Contributions summed by theme, the base last; ``themes`` numbers each feature's."""

    def gains(self) -> dict[str, float]:
        """How much each feature counts, as a share of the whole."""


def summed_by_theme(contributions: Floats, themes: Sequence[int]) -> Floats:
    """Contributions of features, the base last, as contributions of themes, the base last."""
    import numpy as np

    member = np.eye(max(themes, default=-1) + 1)[list(themes)]
    return np.column_stack([contributions[:, :-1] @ member, contributions[:, -1]])
