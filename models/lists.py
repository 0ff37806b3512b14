"""Lists as long as teams can offer conversations: each neighbourhood's highest raw scores.

Scores waver from month to month, and lists made from them alone would lose two in five households
each time. So a household that was on a list keeps its place until its rank has passed a multiple of
the list's length that the place sets.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from models.sampling import Flags, Floats, Ints

MONTHS_BEFORE = 6
"""Months before a list's own from which it is told who keeps a place."""


def pick_lists(
    score: Floats, luck: Floats, listable: Flags, team: Ints, sizes: Sequence[int]
) -> Flags:
    """Which rows the lists name.

    Args:
        score: Higher is named first.
        luck: Settles equal scores, without favour to old or new households; lower is first.
        listable: Rows that may be named.
        team: Each row's list, numbered over months and neighbourhoods; -1 for none.
        sizes: How many each list can hold.
    """
    may, rank = _ranks(score, luck, listable, team, len(sizes))
    chosen = np.zeros(len(score), dtype=np.bool_)
    chosen[may[rank < np.asarray(sizes, dtype=np.int64)[team[may]]]] = True
    return chosen


def _ranks(
    score: Floats, luck: Floats, listable: Flags, team: Ints, teams: int
) -> tuple[Ints, Ints]:
    """Rows that may be named, and the rank of each in its list from 0."""
    may = np.flatnonzero(listable & (team >= 0))
    order = may[np.lexsort((luck[may], -score[may], team[may]))]
    starts = np.searchsorted(team[order], np.arange(teams))
    return order, np.arange(len(order)) - starts[team[order]]


def needed(score: Floats, luck: Floats, team: Ints, sizes: Sequence[int]) -> Floats:
    """The least score on each list made anew; minus infinity where a list has room.

    Args:
        score: Higher is named first.
        luck: Settles equal scores.
        team: Each row's list; -1 for none.
        sizes: How many each list can hold.
    """
    order, rank = _ranks(score, luck, np.ones(len(score), dtype=np.bool_), team, len(sizes))
    least = np.full(len(sizes), -np.inf)
    last = order[rank + 1 == np.asarray(sizes, dtype=np.int64)[team[order]]]
    least[team[last]] = score[last]
    return least


def _best_rank(rank: Ints, score: Floats, team: Ints) -> Ints:
    """Each ordered row's rank had luck put it first among its equals."""
    new = np.ones(len(rank), dtype=np.bool_)
    new[1:] = (score[1:] != score[:-1]) | (team[1:] != team[:-1])
    return rank[np.maximum.accumulate(np.where(new, np.arange(len(rank)), 0))]


def first_held(score: Floats, held: Flags) -> Floats:
    """Scores in the order in which lists are filled: those who keep a place before all others."""
    return score + held * (float(np.ptp(score)) + 1.0 if len(score) else 0.0)


def mark_held(
    household: Ints,
    month: Ints,
    score: Floats,
    luck: Floats,
    team: Ints,
    *,
    sizes: Sequence[int],
    keep: float,
) -> Flags:
    """Rows whose household keeps the place that it had on the same list a month before.

    Lists are made month by month from the first, which holds the highest scores alone. Equal scores
    have the same rank here, the best of theirs: nobody loses a place to a lot drawn anew.

    Args:
        household: Whose row it is.
        month: Number of its month, in order of time.
        score: Higher is named first.
        luck: Settles equal scores; lower is first.
        team: Its neighbourhood's number; -1 where it may not be named.
        sizes: How many each neighbourhood's list holds.
        keep: The multiple of a list's length until which a rank keeps its place.
    """
    held = np.zeros(len(score), dtype=np.bool_)
    size = np.asarray(sizes, dtype=np.int64)
    key = household * (len(sizes) + 1) + team
    before = np.zeros(0, dtype=np.int64)
    for number in range(int(month.max(initial=-1)) + 1):
        here = month == number
        may, rank = _ranks(score, luck, here, team, len(sizes))
        stays = np.isin(key[may], before)
        stays &= _best_rank(rank, score[may], team[may]) < keep * size[team[may]]
        held[may[stays]] = True
        listed = pick_lists(first_held(score, held & here), luck, here, team, sizes)
        before = key[listed]
    return held


def overlap(household: Ints, month: Ints, chosen: Flags) -> float:
    """Mean Jaccard overlap of the lists of neighbouring months; NaN of a single month."""
    lists = [
        set(household[chosen & (month == number)].tolist())
        for number in range(int(month.max(initial=-1)) + 1)
    ]
    found = [len(one & two) / len(one | two) for one, two in pairwise(lists) if one | two]
    return float(np.mean(found)) if found else float("nan")
