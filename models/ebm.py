"""An explainable boosting machine (interpret-core): one curve for each feature, added up.

Boosting stops by households kept out, drawn from their numbers and the seed; a household's months
lie on one side. Only the features that the trees used most take part: two hundred curves are no
easier to read than trees.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np

from contracts.place import Training
from models.additive import Additive, Curve
from models.sampling import Floats, Sample, keyed_uniform
from models.spec import FeatureSpec

MOST_CURVES = 30
ROUNDS_PER_TREE = 2.5
"""Most rounds, for each tree that LightGBM may grow: 1,000 beside 400 trees. A bag that can keep
nobody out has nothing else to tell it when to stop."""
_BAGS = 2
_KEPT_OUT = 0.15
_DRAWS = 10


def fit_ebm(
    sample: Sample, specs: Sequence[FeatureSpec], training: Training, *, gains: dict[str, float]
) -> Additive:
    """Fit curves of the features with the highest gains; the same rows give the same numbers.

    Args:
        sample: Rows to fit on.
        specs: Their features.
        training: Seed, and the most trees, with which the most rounds go.
        gains: How much each feature counted for the trees.
    """
    from interpret.glassbox import ExplainableBoostingClassifier

    order = sorted(range(len(specs)), key=lambda at: (-gains[specs[at].name], at))
    chosen = sorted(at for at in order[:MOST_CURVES] if gains[specs[at].name] > 0) or order[:1]
    machine = ExplainableBoostingClassifier(
        feature_types=["continuous"] * len(chosen),
        monotone_constraints=[specs[at].monotone for at in chosen],
        interactions=0,
        outer_bags=_BAGS,
        max_bins=128,
        max_rounds=round(ROUNDS_PER_TREE * training.trees),
        n_jobs=1,
        random_state=training.seed % 2**31,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of missing values and of monotone settings
        machine.fit(
            sample.x[:, chosen].astype(np.float64),
            sample.y.astype(np.int64),
            sample_weight=sample.weight,
            bags=_bags(sample, seed=training.seed),
        )
    return Additive(
        names=tuple(spec.name for spec in specs),
        intercept=float(machine.intercept_[0]),
        curves=tuple(
            _curve(feature, machine.bins_[at][0], machine.term_scores_[number])
            for number, (at,) in enumerate(machine.term_features_)
            for feature in (chosen[at],)
        ),
    )


def _bags(sample: Sample, *, seed: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int8]]:
    """For each row and bag 1 where it is learnt from, -1 where it says when to stop.

    Households are drawn again where they would hold no event or every one; where ten draws do, the
    bag learns from all rows.
    """
    day = np.zeros(len(sample.y), dtype="datetime64[D]")
    bags = np.ones((len(sample.y), _BAGS), dtype=np.int8)
    for bag in range(_BAGS):
        for draw in range(_DRAWS):
            own = seed + bag + 1 + _BAGS * draw
            out = keyed_uniform(sample.household, day, seed=own) < _KEPT_OUT
            if all(0 < sample.y[rows].sum() < rows.sum() for rows in (out, ~out)):
                bags[out, bag] = -1
                break
    return bags


def _curve(feature: int, cuts: Floats, scores: Floats) -> Curve:
    """A term: its first score is of what is not known, its last of what it has never met."""
    return Curve(
        feature=feature,
        cuts=tuple(float(cut) for cut in cuts),
        values=tuple(float(score) for score in scores[1:-1]),
        unknown=float(scores[0]),
    )
