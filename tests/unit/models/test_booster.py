"""Trees: the same bytes each time, monotone, exact in what they explain."""

from __future__ import annotations

import numpy as np
import pytest

from contracts.place import Training
from models.booster import grow, grow_until
from models.sampling import Sample
from models.spec import FeatureSpec

TRAINING = Training(trees=60, threads=1, learning_rate=0.1)
SPECS = (
    FeatureSpec(name="up", theme="a", monotone=1),
    FeatureSpec(name="down", theme="a", monotone=-1),
    FeatureSpec(name="free", theme="b"),
    FeatureSpec(name="gaps", theme="b"),
)


def _sample(rows: int, seed: int) -> Sample:
    chance = np.random.default_rng(seed)
    x = chance.normal(size=(rows, 4)).astype(np.float32)
    x[chance.random(rows) < 0.4, 3] = np.nan
    logit = x[:, 0] - x[:, 1] + np.sin(2 * x[:, 2]) + np.where(np.isnan(x[:, 3]), 1.0, 0.0) - 3
    y = (chance.random(rows) < 1 / (1 + np.exp(-logit))).astype(float)
    return Sample(x=x, y=y, weight=np.ones(rows), household=np.arange(rows))


@pytest.fixture(scope="module")
def sample() -> Sample:
    return _sample(6000, 1)


def test_the_same_rows_give_the_same_bytes(sample: Sample) -> None:
    assert grow(sample, SPECS, TRAINING, trees=20) == grow(sample, SPECS, TRAINING, trees=20)
    other = TRAINING.model_copy(update={"seed": 5})
    assert grow(sample, SPECS, other, trees=20).text != grow(sample, SPECS, TRAINING, trees=20).text


def test_growing_stops_where_the_later_block_no_longer_improves(sample: Sample) -> None:
    patient = Training(trees=400, threads=1, learning_rate=0.3)
    grown = grow_until(sample, _sample(2000, 2), SPECS, patient)
    assert 5 < grown.trees < 400


def test_more_of_a_bad_thing_never_lowers_the_score(sample: Sample) -> None:
    booster = grow(sample, SPECS, TRAINING, trees=60)
    for at, direction in ((0, 1), (1, -1)):
        line = np.repeat(sample.x[:50], 30, axis=0)
        line[:, at] = np.tile(np.linspace(-3, 3, 30), 50)
        steps = np.diff(booster.raw(line).reshape(50, 30), axis=1)
        assert (direction * steps).min() >= -1e-12
        assert (direction * steps).max() > 0


def test_contributions_and_base_add_up_to_the_raw_score(sample: Sample) -> None:
    booster = grow(sample, SPECS, TRAINING, trees=60)
    contributions = booster.contributions(sample.x[:500])
    assert np.abs(contributions.sum(axis=1) - booster.raw(sample.x[:500])).max() < 1e-10
    assert len(np.unique(contributions[:, -1])) == 1


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PendingDeprecationWarning")
def test_contributions_are_those_of_shap(sample: Sample) -> None:
    import lightgbm
    import shap

    booster = grow(sample, SPECS, TRAINING, trees=60)
    explainer = shap.TreeExplainer(
        lightgbm.Booster(model_str=booster.text), feature_perturbation="tree_path_dependent"
    )
    oracle = np.asarray(explainer.shap_values(sample.x[:200].astype(np.float64)))
    ours = booster.contributions(sample.x[:200])
    assert np.abs(ours[:, :-1] - oracle).max() < 1e-9


def test_weights_of_thinned_rows_bring_back_the_share_of_events() -> None:
    many, fresh = _sample(30_000, 4), _sample(30_000, 5)
    kept = (many.y > 0) | (np.random.default_rng(3).random(len(many.y)) < 0.25)
    weight = np.where(many.y[kept] > 0, 1.0, 4.0)
    thinned = Sample(
        x=many.x[kept],
        y=many.y[kept],
        weight=weight,
        household=many.household[kept],
    )
    raw = grow(thinned, SPECS, TRAINING, trees=30).raw(fresh.x)
    assert (1 / (1 + np.exp(-raw))).mean() == pytest.approx(fresh.y.mean(), rel=0.05)
    unweighted = Sample(
        x=thinned.x,
        y=thinned.y,
        weight=np.ones(len(weight)),
        household=thinned.household,
    )
    wrong = grow(unweighted, SPECS, TRAINING, trees=30).raw(fresh.x)
    assert (1 / (1 + np.exp(-wrong))).mean() > 1.5 * fresh.y.mean()


def test_no_tree_is_deeper_than_the_place_allows(sample: Sample) -> None:
    shallow = Training(trees=30, threads=1, depth=2, leaves=15)
    booster = grow(sample, SPECS, shallow, trees=30)
    counts = [
        int(line.split("=")[1])
        for line in booster.text.splitlines()
        if line.startswith("num_leaves=")
    ]
    assert max(counts) <= 4


def test_gains_are_shares(sample: Sample) -> None:
    gains = grow(sample, SPECS, TRAINING, trees=30).gains()
    assert set(gains) == {"up", "down", "free", "gaps"}
    assert sum(gains.values()) == pytest.approx(1)
