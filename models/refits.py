"""Sources blocked out, fewer households, other households: the model fitted again for each.

All are fitted in the same way on the same rows and tested on the same months, so that a difference
between two of them is a difference of what they may know. They learn from fewer rows than the model
that ships, and are compared only among themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from contracts.place import Place
from models.backtest import Tell, sample_of, teams
from models.bootstrap import Resamples
from models.closer_report import BlockedOut, LearningPoint, OtherHouseholds, Refits
from models.evaluate import Draws, Judged, Ranking, compare, evaluate
from models.kinds import ModelName
from models.lists import pick_lists
from models.panel import Labels, Panel
from models.refit import (
    Recipe,
    bounded,
    choose_strength,
    household_luck,
    of_columns,
    of_rows,
    one_thread,
)
from models.sampling import Flags, Floats, Sample, keyed_uniform
from models.spec import FeatureSpec
from models.splits import Fit
from models.tested import tested_of

EVERYTHING, MET, UNMET = "everything", "met", "unmet"
SHARES: Final = (0.125, 0.25, 0.5)
"""Shares of the households that a learning curve is made of, before all of them."""
GROUPS: Final = {"health": ("gp", "mh", "ecds"), "dwp": ("uc", "shbe", "dwp_other")}
"""Sources that a place may have to do without together."""
_HALF: Final = 0.5
_DRAWS: Final = 400
"""Draws of households behind a range, at most: order is costly to draw for so many models."""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """What one of the models may know.

    Attributes:
        columns: Positions of its features.
        least: It learns from households whose luck is at least this,
        most: and below this.
    """

    columns: tuple[int, ...]
    least: float = 0.0
    most: float = 1.0


def blocks(specs: Sequence[FeatureSpec], have: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Groups of the place's sources, then each alone, that some but not all features need.

    A source without which its whole group is gone is left to the group: health reaches a home
    through primary care alone.
    """
    sources = sorted({source for spec in specs for source in spec.sources} & set(have))
    asked = {key: tuple(one for one in group if one in sources) for key, group in GROUPS.items()}
    asked = {key: group for key, group in asked.items() if len(group) > 1}
    taken = {without(specs, group) for group in asked.values()}
    asked |= {one: (one,) for one in sources if without(specs, (one,)) not in taken}
    return {key: group for key, group in asked.items() if without(specs, group)}


def without(specs: Sequence[FeatureSpec], sources: Sequence[str]) -> tuple[int, ...]:
    """Positions of the features that need none of some sources."""
    return tuple(at for at, spec in enumerate(specs) if not set(spec.sources) & set(sources))


def variants(specs: Sequence[FeatureSpec], place: Place) -> dict[str, Variant]:
    """Every model that the place's report asks for, by name."""
    every, asked = tuple(range(len(specs))), place.reporting
    found = {EVERYTHING: Variant(columns=every)}
    if asked.block_out:
        found |= {
            _blocked(key): Variant(columns=without(specs, group))
            for key, group in blocks(specs, place.sources).items()
        }
    if asked.learning_curve:
        found |= {_shared(share): Variant(columns=every, most=share) for share in SHARES}
    if asked.other_households:
        found |= {
            _shared(_HALF): Variant(columns=every, most=_HALF),
            UNMET: Variant(columns=every, least=_HALF),
        }
    return found


def _blocked(key: str) -> str:
    return f"without {key}"


def _shared(share: float) -> str:
    return f"share {share:g}"


@dataclass(frozen=True, kw_only=True)
class _Tested:
    """Rows of the tested months that could have been listed, and every model's score."""

    rows: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    scores: dict[str, Floats]
    learnt: dict[str, Sample]


def refit(
    panel: Panel,
    labels: Labels,
    plans: Sequence[Fit],
    *,
    kind: ModelName,
    trees: int,
    place: Place,
    resamples: Resamples,
    tell: Tell,
) -> Refits | None:
    """Fit every model that the place's report asks for, and compare them; None where it asks none.

    Args:
        panel: Every household at every month end.
        labels: The listed outcome.
        plans: Fits that were tested, in order of time; the newest are made again.
        kind: The kind of model that ships.
        trees: Trees that it grew.
        place: The place.
        resamples: Draws of households.
        tell: Told what is being done.
    """
    asked = variants(panel.specs, place)
    if len(asked) == 1:
        return None
    with one_thread():
        parts = [
            _fit_all(panel, labels, plan, asked, kind=kind, trees=trees, place=place, tell=tell)
            for plan in plans[-place.reporting.fits :]
        ]
    judged = _judge(panel, labels, parts, place)
    fewer = Resamples(households=resamples.households, counts=resamples.counts[:, :_DRAWS])
    _, draws = evaluate(judged, fewer, fully=tuple(judged.rankings))
    says = place.outcomes[place.listed_outcome].says
    last = parts[-1].learnt
    return Refits(
        kind=kind,
        months=[day.astype(date) for day in np.unique(judged.day)],
        rows=len(last[EVERYTHING].y),
        households_with_event=last[EVERYTHING].households_with_event,
        everything=tested_of(judged, EVERYTHING, draws),
        block_out=_block_out(panel.specs, place, judged, draws),
        learning_curve=_learning(asked, last, judged, draws)
        if place.reporting.learning_curve
        else [],
        other_households=_others(judged, draws, says) if MET in judged.rankings else None,
    )


def _fit_all(
    panel: Panel,
    labels: Labels,
    plan: Fit,
    asked: dict[str, Variant],
    *,
    kind: ModelName,
    trees: int,
    place: Place,
    tell: Tell,
) -> _Tested:
    """Every model of one plan, and what it made of the plan's tested months."""
    seed, most = place.training.seed, place.reporting.most_rows

    def rows_of(months: Sequence[date]) -> Sample | None:
        found = sample_of(panel, labels, months, place)
        return None if found is None else bounded(found, most=most, seed=seed)

    whole = rows_of(plan.whole)
    if whole is None:
        raise ValueError("a plan learns from at least one month")
    strength = 0.0
    if kind == "logistic":
        strength = choose_strength(rows_of(plan.first), rows_of(plan.later), panel.specs)
    recipe = Recipe(kind=kind, trees=trees, strength=strength, training=place.training)
    at = panel.rows(plan.tests)
    at = at[labels.open[at]]
    x, luck = panel.x[at], household_luck(whole, seed=seed)
    scores, learnt = {}, {}
    for number, (name, variant) in enumerate(asked.items(), start=1):
        tell(f"fitting again, {number} of {len(asked)}: {name}")
        mine = of_rows(whole, (luck >= variant.least) & (luck < variant.most))
        learnt[name] = mine
        specs = [panel.specs[column] for column in variant.columns]
        model = recipe.fit(of_columns(mine, variant.columns), specs)
        scores[name] = model.raw(x[:, variant.columns])
    if UNMET in scores:
        tested = keyed_uniform(panel.household[at], np.zeros(len(at), "datetime64[D]"), seed=seed)
        scores |= _crossed(scores.pop(UNMET), scores[_shared(_HALF)], tested < _HALF)
    return _Tested(rows=at.astype(np.int64), scores=scores, learnt=learnt)


def _crossed(upper: Floats, lower: Floats, in_lower: Flags) -> dict[str, Floats]:
    """Each row's score by the half that has met its household, and by the half that has not."""
    return {
        MET: np.where(in_lower, lower, upper),
        UNMET: np.where(in_lower, upper, lower),
    }


def _judge(panel: Panel, labels: Labels, parts: Sequence[_Tested], place: Place) -> Judged:
    """Lists made anew from every model's scores, on rows of whom it is known what came."""
    rows = np.concatenate([part.rows for part in parts])
    known = labels.known[rows]
    team, sizes, may = teams(panel, rows, place)
    luck = keyed_uniform(panel.household[rows], panel.day[rows], seed=place.training.seed)
    rankings = {}
    for name in parts[0].scores:
        score = np.concatenate([part.scores[name] for part in parts])
        chosen = pick_lists(score, luck, may, team, sizes)
        rankings[name] = Ranking(says=name, score=score[known], chosen=chosen[known])
    at = rows[known]
    return Judged(
        household=panel.household[at],
        day=panel.day[at],
        area=panel.area[at],
        y=labels.y[at],
        lead_days=labels.lead_days[at],
        rankings=rankings,
    )


def _block_out(
    specs: Sequence[FeatureSpec], place: Place, judged: Judged, draws: dict[str, Draws]
) -> list[BlockedOut]:
    says = place.outcomes[place.listed_outcome].says
    return [
        BlockedOut(
            key=key,
            sources=list(sources),
            features=len(specs) - len(without(specs, sources)),
            tested=tested_of(judged, _blocked(key), draws),
            difference=compare(EVERYTHING, _blocked(key), draws, says=says),
        )
        for key, sources in blocks(specs, place.sources).items()
        if _blocked(key) in judged.rankings
    ]


def _learning(
    asked: dict[str, Variant],
    learnt: dict[str, Sample],
    judged: Judged,
    draws: dict[str, Draws],
) -> list[LearningPoint]:
    names = {_shared(share): share for share in SHARES} | {EVERYTHING: 1.0}
    return [
        LearningPoint(
            share=share,
            households=len(np.unique(learnt[name].household)),
            households_with_event=learnt[name].households_with_event,
            tested=tested_of(judged, name, draws),
        )
        for name, share in names.items()
        if name in asked
    ]


def _others(judged: Judged, draws: dict[str, Draws], says: str) -> OtherHouseholds:
    return OtherHouseholds(
        met=tested_of(judged, MET, draws),
        unmet=tested_of(judged, UNMET, draws),
        difference=compare(MET, UNMET, draws, says=says),
    )
