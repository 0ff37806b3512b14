"""Leaf tables against LightGBM's contributions, shap's, and the definition worked out in full."""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Any

import lightgbm
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.forest import Leaf, Split, read_forest
from models.leaf_tables import LeafTables

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::PendingDeprecationWarning")
WIDTH = 5

RULES = st.fixed_dictionaries(
    {
        "num_leaves": st.integers(2, 24),
        "max_depth": st.integers(1, 10),
        "min_data_in_leaf": st.integers(1, 20),
        "max_bin": st.integers(3, 60),
        "use_missing": st.booleans(),
        "zero_as_missing": st.booleans(),
        "boosting": st.sampled_from(["gbdt", "dart"]),
        "lambda_l2": st.sampled_from([0.0, 5.0]),
        "max_cat_to_onehot": st.sampled_from([1, 4]),
    }
)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[lightgbm.Booster, np.ndarray]:
    """A booster on made-up rows, and rows to explain: some unlike any that it has seen."""
    rules: dict[str, Any] = draw(RULES)
    chance = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    missing, zero = draw(st.sampled_from([0.0, 0.3])), draw(st.sampled_from([0.0, 0.4]))
    categories = draw(st.lists(st.integers(0, WIDTH - 1), max_size=2, unique=True))
    x = chance.normal(size=(300, WIDTH)).astype(np.float32)
    x[:, categories] = chance.integers(0, 7, size=(300, len(categories)))
    x[chance.random(x.shape) < zero] = 0.0
    x[chance.random(x.shape) < missing] = np.nan
    weight = chance.choice([1.0, 4.0], size=300)
    known = np.nan_to_num(x)
    signal = known[:, 0] * known[:, 1] + np.sin(3 * known[:, 2]) + (known[:, 3] % 2)
    y = (signal + chance.normal(size=300) > 0.5).astype(float)
    rules |= {
        "objective": "binary",
        "verbosity": -1,
        "num_threads": 1,
        "seed": 1,
        "min_data_per_group": 5,
        "cat_smooth": 1.0,
    }
    data = lightgbm.Dataset(x, y, weight=weight, params=rules, categorical_feature=categories)
    booster = lightgbm.train(rules, data, draw(st.integers(1, 12)))
    strange = np.array([np.nan, 0.0, -0.0, 1e-36, -1e-36, 2.7, -0.5, -3.0, 99.0, 1e9, np.inf, 6.0])
    fresh = chance.choice(strange, size=(40, WIDTH)).astype(np.float32)
    return booster, np.concatenate([x[:60], fresh])


@given(world=worlds())
@settings(max_examples=40, deadline=None)
def test_tables_equal_what_lightgbm_and_shap_compute(
    world: tuple[lightgbm.Booster, np.ndarray],
) -> None:
    import shap

    booster, x = world
    found = LeafTables.of(booster).contributions(x)
    oracle = booster.predict(x, pred_contrib=True, num_threads=1)
    assert np.abs(found - oracle).max() < 1e-10
    assert np.abs(found.sum(axis=1) - booster.predict(x, raw_score=True)).max() < 1e-10
    explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")
    assert np.abs(found[:, :-1] - np.asarray(explainer.shap_values(x))).max() < 1e-10


@given(world=worlds())
@settings(max_examples=8, deadline=None)
def test_tables_equal_the_definition_of_shapley_values(
    world: tuple[lightgbm.Booster, np.ndarray],
) -> None:
    booster, x = world
    rows = x[:2].astype(np.float64)
    found = LeafTables.of(booster).contributions(x[:2])
    forest = read_forest(booster)
    for row, ours in zip(rows, found, strict=True):
        worth = {
            known: sum(_expected(tree, row, known) for tree in forest.trees)
            for size in range(WIDTH + 1)
            for known in map(frozenset, combinations(range(WIDTH), size))
        }
        for feature in range(WIDTH):
            others = [known for known in worth if feature not in known]
            value = sum(
                factorial(len(known))
                * factorial(WIDTH - len(known) - 1)
                / factorial(WIDTH)
                * (worth[known | {feature}] - worth[known])
                for known in others
            )
            assert ours[feature] == pytest.approx(value, abs=1e-10)
        assert ours[-1] == pytest.approx(worth[frozenset()], abs=1e-10)


def _expected(node: Split | Leaf, row: np.ndarray, known: frozenset[int]) -> float:
    """A tree's value where some features are known and the rest go as the training rows went."""
    if isinstance(node, Leaf):
        return node.value
    left, right = (_expected(child, row, known) for child in (node.left, node.right))
    if node.feature in known:
        return left if _goes_left(node, row[node.feature]) else right
    return (left * node.left.rows + right * node.right.rows) / node.rows


def _goes_left(node: Split, value: float) -> bool:
    if node.edge is None:
        return bool(not np.isnan(value) and value > -1 and int(value) in node.categories)
    if np.isnan(value) and node.missing != "NaN":
        value = 0.0
    if np.isnan(value) or (node.missing == "Zero" and abs(value) <= 1e-35):
        return node.missing_left
    return bool(value <= node.edge)
