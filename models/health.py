"""Two rules on who is listed: not for health alone, and not where nothing speaks for it.

Of somebody whom only health records would put on the list a worker could only be told nothing or
too much. Such a household goes to the health practice's route, and the next one takes its place. A
household whose score nothing raised is not listed to fill a list: there is no reason to give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.sampling import Flags, Floats, Ints
from models.spec import FeatureSpec
from models.themes import LEAST_TO_SAY, theme_sums

_ROOM = 2
"""How many lists' worth of households are looked at before looking wider."""


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


Shares = Callable[[Ints], HealthShare]


def health_share(contributions: Floats, specs: Sequence[FeatureSpec]) -> HealthShare:
    """What health did, from contributions with the base in the last column."""
    health = np.array([spec.health for spec in specs], dtype=np.bool_)
    parts = contributions[:, :-1]
    of_health = parts[:, health].sum(axis=1)
    rest = [spec for spec in specs if not spec.health]
    others = np.zeros(len(parts))
    _, every = theme_sums(parts, specs)
    if rest:
        _, sums = theme_sums(parts[:, ~health], rest)
        others = sums.max(axis=1)
    return HealthShare(
        on_top=(of_health > 0) & (of_health >= others),
        without=contributions.sum(axis=1) - of_health,
        silent=every.max(axis=1, initial=0.0) < LEAST_TO_SAY,
    )


def settle(
    score: Floats, share: HealthShare, size: int, *, everyone: bool
) -> tuple[Ints, Ints] | None:
    """Who of one neighbourhood is listed and who goes to the health practice's route.

    One household leaves at a time, the one that health carried furthest, because each that leaves
    lowers the score that the others need.

    Args:
        score: Raw scores, the highest first.
        share: What health did to each.
        size: How many the list holds.
        everyone: Whether these are all who may be listed; if not, more may be needed.

    Returns:
        Positions listed and positions rerouted; None where more households are needed to tell.
    """
    there = [at for at in range(len(score)) if not share.silent[at]]
    left: list[int] = []
    while True:
        if len(there) <= size and not everyone:
            return None
        cut = score[there[size]] if len(there) > size else -np.inf
        carried = [at for at in there[:size] if share.on_top[at] and share.without[at] < cut]
        if not carried:
            return np.array(there[:size], dtype=np.int64), np.array(left, dtype=np.int64)
        furthest = min(carried, key=lambda at: (share.without[at], -at))
        there.remove(furthest)
        left.append(furthest)


def choose_area(rows: Ints, score: Floats, size: int, shares: Shares) -> tuple[Ints, Ints]:
    """Rows listed and rerouted in one neighbourhood, looking only as far down as is needed.

    Args:
        rows: Rows that may be listed, the highest score first.
        score: Raw score of every row.
        size: How many the list holds.
        shares: What health did to some rows.
    """
    reach = _ROOM * size + 1
    while True:
        looked = rows[:reach]
        found = settle(score[looked], shares(looked), size, everyone=reach >= len(rows))
        if found is not None:
            return looked[found[0]], looked[found[1]]
        reach *= 2
