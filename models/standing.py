"""Who stands where in line for a list: averaged scores, and what health may not do to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from contracts.place import Place
from models.health import HealthShare, claims, part_numbers, share_of_parts
from models.kinds import Model
from models.lists import first_held, mark_held, needed, pick_lists
from models.panel import Panel
from models.past import Past, averaged
from models.room import lengths, list_numbers, listable
from models.sampling import Flags, Floats, Ints, keyed_uniform

_NEAR = 6
"""How many times a list's length is looked at for what health did, before looking further down."""


@dataclass(frozen=True, kw_only=True)
class _Rows:
    """Arrays of the same rows."""

    @classmethod
    def joined(cls, parts: Sequence[Self]) -> Self:
        """Some rows and then others."""
        names = [field.name for field in fields(cls)]
        return cls(
            **{name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
        )

    def some(self, rows: Flags) -> Self:
        """Some of the rows."""
        return type(self)(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@dataclass(frozen=True, kw_only=True)
class Standing(_Rows):
    """Rows of some months in line for their lists.

    Attributes:
        rows: Positions in the panel, in order.
        area: Position of the neighbourhood whose list it may be on; -1 for none.
        score: Log-odds, averaged over the months before.
        claim: What it stands in line with: the score, without health where health led it.
        led: Whether health led it; told only of those near a list.
        silent: Whether nothing could be said of it; told only of those near a list.
        luck: Settles equal claims.
    """

    rows: Ints
    area: Ints
    score: Floats
    claim: Floats
    led: Flags
    silent: Flags
    luck: Floats


@dataclass(frozen=True, kw_only=True)
class Listed(_Rows):
    """What came of rows in line.

    Attributes:
        chosen: Whether it is listed.
        rerouted: Whether it takes the health practice's route: with health it would be among the
            first of a list made anew, and without health it is not listed.
        least: The least claim on the row's list, were it made anew; minus infinity where the list
            has room, infinity where the row may be on none.
    """

    chosen: Flags
    rerouted: Flags
    least: Floats


def stand(panel: Panel, rows: Ints, *, place: Place, model: Model, fade: float) -> Standing:
    """Put rows in line.

    Args:
        panel: With the months before those rows'.
        rows: Rows that could be listed, in order.
        place: Its lists and exclusions.
        model: The model that lists are made with.
        fade: How much a month end counts beside the one after it.
    """
    past = Past.of(panel, rows, fade=fade)
    score = averaged(panel, past, model)
    area = np.where(listable(panel, rows, place), panel.area[rows], -1)
    luck = keyed_uniform(panel.household[rows], panel.day[rows], seed=place.training.seed)
    team, sizes = list_numbers(panel, rows, area, place)
    claim, led, silent = score.copy(), np.zeros_like(area, bool), np.zeros_like(area, bool)
    times = _NEAR
    while True:
        looked = [times * size for size in sizes]
        near = np.flatnonzero(pick_lists(score, luck, np.ones_like(led), team, looked))
        share = _shares(panel, past.some(near), model)
        claim[near], led[near], silent[near] = (
            claims(score[near], share),
            share.on_top,
            share.silent,
        )
        sure = np.where(silent, -np.inf, claim)[near]
        wanted = place.training.keep_until / times
        if _far_enough(score[near], sure, team[near], looked, ahead=wanted):
            break
        times *= 2
    return Standing(
        rows=rows, area=area, score=score, claim=claim, led=led, silent=silent, luck=luck
    )


def fill(panel: Panel, standing: Standing, place: Place, *, keep: float) -> Listed:
    """Make the lists of rows in line, month by month.

    Args:
        panel: Where the rows are from.
        standing: The rows.
        place: Its lists.
        keep: The multiple of a list's length until which a rank keeps its place; 1 for lists made
            anew.
    """
    area = np.where(standing.silent, -1, standing.area)
    team, sizes = list_numbers(panel, standing.rows, area, place)
    held = np.zeros(len(area), dtype=np.bool_)
    if keep > 1:
        month = np.unique(panel.day[standing.rows], return_inverse=True)[1].astype(np.int64)
        household = panel.household[standing.rows]
        held = mark_held(
            household, month, standing.claim, standing.luck, area, sizes=lengths(place), keep=keep
        )
    chosen = pick_lists(
        first_held(standing.claim, held), standing.luck, np.ones_like(held), team, sizes
    )
    least = np.append(needed(standing.claim, standing.luck, team, sizes), np.inf)[team]
    rerouted = standing.led & (standing.score >= least) & ~chosen
    return Listed(chosen=chosen, rerouted=rerouted, least=least)


def _far_enough(
    score: Floats, claim: Floats, team: Ints, looked: Sequence[int], *, ahead: float
) -> bool:
    """Whether nobody further down could be listed, or count in a rank that keeps a place.

    Of those further down a claim is at most the least score of those looked at.

    Args:
        score: Of the rows looked at.
        claim: Theirs; minus infinity where one may not be listed after all.
        team: Their lists.
        looked: How many were looked at for each list, or fewer where it has no more.
        ahead: The share of them that has to be ahead of everybody else.
    """
    most = np.asarray(looked, dtype=np.int64)
    bound = np.full(len(most), np.inf)
    np.minimum.at(bound, team, score)
    sure = np.bincount(team[claim >= bound[team]], minlength=len(most))
    return bool(((np.bincount(team, minlength=len(most)) < most) | (sure > ahead * most)).all())


def _shares(panel: Panel, past: Past, model: Model) -> HealthShare:
    """What health did over the months; what could be said is told by the last one alone."""
    met = past.met()
    sums = model.by_theme(panel.x[met], part_numbers(panel.specs))
    share = share_of_parts(past.mean(met, sums), panel.specs)
    now = share_of_parts(sums[np.searchsorted(met, past.at[0])], panel.specs)
    return HealthShare(on_top=share.on_top, without=share.without, silent=now.silent)
