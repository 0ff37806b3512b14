"""Contributions added up by theme, and the few themes that are worth saying."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.sampling import Floats
from models.spec import FeatureSpec

MOST_THEMES = 3
ALL_THEMES = 4
_OF_THE_TOP_MOST = 0.5
_OF_THE_TOP_ALSO = 0.1
LEAST_TO_SAY = 0.02
"""Of the log-odds: a theme that added less is not worth a sentence."""


@dataclass(frozen=True, kw_only=True)
class ThemeReason:
    """A theme that counted towards a household's being named.

    Attributes:
        theme: The theme.
        most: True where it counted most, False where it also counted.
        features: Positions of its features that raised the score, the strongest first.
    """

    theme: str
    most: bool
    features: tuple[int, ...]


def number_themes(specs: Sequence[FeatureSpec]) -> tuple[list[str], list[int]]:
    """Names of the themes, in order of the features, and the number of each feature's."""
    themes = list(dict.fromkeys(spec.theme for spec in specs))
    return themes, [themes.index(spec.theme) for spec in specs]


def theme_sums(contributions: Floats, specs: Sequence[FeatureSpec]) -> tuple[list[str], Floats]:
    """Names of the themes, in order of the features, and each row's signed sums."""
    themes, numbers = number_themes(specs)
    return themes, contributions @ np.eye(len(themes))[numbers]


def pick_themes(contributions: Floats, specs: Sequence[FeatureSpec]) -> list[ThemeReason]:
    """The themes that raised one household's score, the strongest first, four at most.

    A theme counted most where it added at least half of what the strongest added, three at most;
    the others also counted, where they added a tenth of it.

    Args:
        contributions: One household's contributions, without the base.
        specs: The features.
    """
    themes, sums = theme_sums(contributions[None, :], specs)
    order = np.argsort(-sums[0], kind="stable")
    top = float(sums[0][order[0]]) if len(order) else 0.0
    found: list[ThemeReason] = []
    for at in order[:ALL_THEMES]:
        added = float(sums[0][at])
        if added < max(LEAST_TO_SAY, _OF_THE_TOP_ALSO * top):
            break
        inside = [
            row
            for row, spec in enumerate(specs)
            if spec.theme == themes[at] and contributions[row] > 0
        ]
        found.append(
            ThemeReason(
                theme=themes[at],
                most=added >= _OF_THE_TOP_MOST * top and len(found) < MOST_THEMES,
                features=tuple(sorted(inside, key=lambda row: (-contributions[row], row))),
            )
        )
    return found
