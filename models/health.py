"""Two rules on who is listed: not for health alone, and not where nothing speaks for it.

Of somebody whom only health records would put on the list a worker could only be told nothing or
too much. So a household that health led stands in line with what it would score without health.
Where that is too little it goes to the health practice's route, and the next one is listed. A
household whose score nothing raised is not listed to fill a list: there is no reason to give.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from models.kinds import summed_by_theme
from models.sampling import Flags, Floats
from models.spec import FeatureSpec
from models.themes import LEAST_TO_SAY


@dataclass(frozen=True, kw_only=True)
class HealthShare:
    """What health did to some households' scores.

    Attributes:
        on_top: Whether no other theme added more.
        without: Raw scores without health.
        silent: Whether no theme added enough to be said.
    """

    on_top: Flags
    without: Floats
    silent: Flags


def health_share(contributions: Floats, specs: Sequence[FeatureSpec]) -> HealthShare:
    """What health did, from contributions of features with the base in the last column."""
    numbers = part_numbers(specs)
    return share_of_parts(summed_by_theme(contributions, numbers), specs)


def part_numbers(specs: Sequence[FeatureSpec]) -> list[int]:
    """Each feature's part: its theme, where health and everything else are kept apart."""
    parts = _parts(specs)
    return [parts.index((spec.theme, spec.health)) for spec in specs]


def _parts(specs: Sequence[FeatureSpec]) -> list[tuple[str, bool]]:
    return list(dict.fromkeys((spec.theme, spec.health) for spec in specs))


def share_of_parts(sums: Floats, specs: Sequence[FeatureSpec]) -> HealthShare:
    """What health did, from contributions summed by :func:`part_numbers`, the base last."""
    parts = _parts(specs)
    health = np.array([of_health for _, of_health in parts], dtype=np.bool_)
    themes = list(dict.fromkeys(theme for theme, _ in parts))
    of_health = sums[:, :-1][:, health].sum(axis=1)
    others = sums[:, :-1][:, ~health].max(axis=1) if not health.all() else np.zeros(len(sums))
    every = summed_by_theme(sums, [themes.index(theme) for theme, _ in parts])[:, :-1]
    return HealthShare(
        on_top=(of_health > 0) & (of_health >= others),
        without=sums.sum(axis=1) - of_health,
        silent=every.max(axis=1, initial=0.0) < LEAST_TO_SAY,
    )


def claims(score: Floats, share: HealthShare) -> Floats:
    """What households stand in line with: their score, or what is left of it without health.

    One that is level with the next without health stays before it.
    """
    level = np.minimum(np.nextafter(share.without, np.inf), score)
    return np.where(share.on_top, level, score)
