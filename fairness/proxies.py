"""Whether the model's features tell who people are, and which of them do.

No feature is a protected characteristic, but together features may stand in for one. Trees try to
tell each group from all others, from the same features that the models see; they are judged on
households that they were not fitted on. The figures warn of where to look: that a feature tells of
age is no proof of harm, and the other checks say whether there is any.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Final

import numpy as np
import polars as pl

from contracts.place import FairnessPolicy, Training
from fairness.cells import recorded
from fairness.findings import seed_of
from fairness.recording import NOT_KNOWN
from models.booster import grow
from models.measures import area
from models.sampling import Flags, Floats, Ints, Matrix, Sample, keyed_uniform
from models.spec import FeatureSpec

_LOG = logging.getLogger(__name__)
PROTECTED: Final = ("ethnic_group", "age_band", "sex", "disability")
FOLDS: Final = 3
TREES: Final = 60
MOST_HOUSEHOLDS: Final = 10_000
"""Of these, a group of one in twenty has an area whose standard error is about 0.013."""
NAMED: Final = 3
FEWEST: Final = 50
"""Households on either side below which the area is chance for the most part."""
_REFITTED: Final = 1.5
"""Trees fitted to nothing, fold by fold, spread 1.2 to 1.45 times as far as one fixed score."""


@dataclass(frozen=True, kw_only=True)
class ProxyFinding:
    """How well a group is told from everybody else whose attribute is known.

    Attributes:
        attribute: Such as ``sex``.
        group: Such as ``F``.
        households: Households in the group.
        others: Households of the other groups.
        area: Area under the curve on households kept out: 0.5 is a coin, 1 is always right.
        low: Lower end of its range.
        high: Upper end of its range.
        features: The features that told most, the first the most.
    """

    attribute: str
    group: str
    households: int
    others: int
    area: float
    low: float
    high: float
    features: tuple[str, ...]


def proxy_findings(
    x: Matrix,
    households: pl.DataFrame,
    *,
    specs: Sequence[FeatureSpec],
    policy: FairnessPolicy,
    training: Training,
) -> list[ProxyFinding]:
    """Every group of every protected attribute of the policy that is large enough to say.

    Args:
        x: Features of the households; NaN where not known.
        households: One row a row of ``x``: ``household_id`` and a column for each attribute.
        specs: What each column of ``x`` is.
        policy: Its attributes, minimum cell and confidence.
        training: Seed and threads.

    Returns:
        In the order of the attributes, then of the group's name. Of an attribute with two groups
        only the first: the other's figures are the same.
    """
    keys = households["household_id"].to_numpy().astype(np.int64)
    day = np.zeros(len(keys), dtype="datetime64[D]")
    luck = keyed_uniform(keys, day, seed=training.seed)
    # Another draw than the one that chooses households: their luck there is all alike.
    fold = (keyed_uniform(keys, day, seed=training.seed + 1) * FOLDS).astype(np.int64)
    found = []
    for attribute in (name for name in policy.groups if name in PROTECTED):
        _LOG.info("audit: how well the features tell %s", attribute)
        values = households.select(recorded(attribute)).to_series()
        known = np.flatnonzero(~values.is_in(list(NOT_KNOWN)).to_numpy())
        known = known[np.argsort(luck[known], kind="stable")][:MOST_HOUSEHOLDS]
        known = known[np.argsort(keys[known])]
        group_of = values.to_numpy()[known]
        names = sorted(set(group_of.tolist()))
        for group in names[: 1 if len(names) == 2 else None]:
            y = (group_of == group).astype(np.float64)
            if min(y.sum(), (1 - y).sum()) < max(policy.minimum_cell, FEWEST):
                continue
            sample = Sample(x=x[known], y=y, weight=np.ones(len(y)), household=keys[known])
            told = _told(sample, specs, training=training, fold=fold[known])
            if told is not None:
                found.append(_finding(attribute, group, y, *told, policy=policy))
    return found


def _told(
    sample: Sample, specs: Sequence[FeatureSpec], *, training: Training, fold: Ints
) -> tuple[float, tuple[str, ...]] | None:
    """The area under the curve over all folds together, and the features with the most gain."""
    free = [replace(spec, monotone=0) for spec in specs]
    score, gains = np.full(len(sample.y), np.nan), np.zeros(len(specs))
    for out in range(FOLDS):
        inside: Flags = fold != out
        if len(np.unique(sample.y[inside])) < 2 or len(np.unique(sample.y[~inside])) < 2:
            return None
        fitted = grow(
            Sample(
                x=sample.x[inside],
                y=sample.y[inside],
                weight=sample.weight[inside],
                household=sample.household[inside],
            ),
            free,
            training.model_copy(update={"seed": seed_of(training.seed, str(out)) % 2**31}),
            trees=TREES,
        )
        raw = fitted.raw(sample.x[~inside])
        # Folds have scales of their own: what counts is the order within each, and a tie is a tie.
        ordered = np.sort(raw)
        below, upto = (np.searchsorted(ordered, raw, side=side) for side in ("left", "right"))
        score[~inside] = (below + upto) / (2 * len(raw))
        by_name = fitted.gains()
        gains += np.array([by_name[spec.name] for spec in free])
    whole = area(sample.y, score)
    if whole is None:
        return None
    order = sorted(range(len(specs)), key=lambda at: (-gains[at], specs[at].name))
    return whole, tuple(specs[at].name for at in order[:NAMED] if gains[at] > 0)


def _finding(
    attribute: str,
    group: str,
    y: Floats,
    whole: float,
    features: tuple[str, ...],
    *,
    policy: FairnessPolicy,
) -> ProxyFinding:
    ours, others = int(y.sum()), int((1 - y).sum())
    sure = NormalDist().inv_cdf(0.5 + policy.confidence / 2)
    half = sure * _REFITTED * _spread(whole, ours, others)
    return ProxyFinding(
        attribute=attribute,
        group=group,
        households=ours,
        others=others,
        area=whole,
        low=max(0.0, whole - half),
        high=min(1.0, whole + half),
        features=features,
    )


def _spread(whole: float, ours: int, others: int) -> float:
    """Standard error of the area of one fixed score (Hanley and McNeil, 1982)."""
    one = whole / (2 - whole) - whole**2
    two = 2 * whole**2 / (1 + whole) - whole**2
    spread = whole * (1 - whole) + (ours - 1) * one + (others - 1) * two
    return float(np.sqrt(max(spread, 0.0) / (ours * others)))
