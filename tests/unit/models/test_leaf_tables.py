"""Leaf tables: a tree by hand, what is refused, the same bytes on any number of threads."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pytest

from models.forest import CannotExplain
from models.leaf_tables import MOST_BITS, LeafTables

QUIET = {
    "objective": "binary",
    "verbosity": -1,
    "num_threads": 1,
    "min_data_in_leaf": 1,
    "min_data_in_bin": 1,
    "min_sum_hessian_in_leaf": 0.0,
}


def _grow(x: np.ndarray, y: np.ndarray, trees: int = 1, **more: Any) -> lightgbm.Booster:
    categorical = more.pop("categorical_feature", "auto")
    rules = QUIET | more
    data = lightgbm.Dataset(x, y, params=rules, categorical_feature=categorical)
    return lightgbm.train(rules, data, trees)


def test_a_tree_of_two_questions_by_hand() -> None:
    """x0 <= 0 gives 0; above it, x1 <= 0 gives 4 and more gives 10; half, a quarter, a quarter."""
    x = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]] * 5, dtype=np.float32)
    y = np.array([0.0, 0.0, 4.0, 10.0] * 5)
    booster = _grow(
        x,
        y,
        objective="regression",
        learning_rate=1.0,
        num_leaves=3,
        boost_from_average=False,
        lambda_l2=0.0,
    )
    found = LeafTables.of(booster).contributions(x[:4])
    assert found[:, 2] == pytest.approx([3.5] * 4)
    # Knowing x0 alone gives 0 or 7; x1 alone gives 2 or 5; their order is averaged.
    assert found[:, 0] == pytest.approx([-2.75, -4.25, 2.75, 4.25])
    assert found[:, 1] == pytest.approx([-0.75, 0.75, -2.25, 2.25])


@pytest.fixture(scope="module")
def grown() -> tuple[np.ndarray, lightgbm.Booster]:
    chance = np.random.default_rng(4)
    x = chance.normal(size=(5000, 9)).astype(np.float32)
    x[chance.random(x.shape) < 0.2] = np.nan
    y = (np.nansum(x[:, :4], axis=1) + chance.normal(size=5000) > 1).astype(float)
    return x, _grow(x, y, 40, num_leaves=31, max_depth=8, min_data_in_leaf=20)


def test_threads_and_blocks_change_no_byte(grown: tuple[np.ndarray, lightgbm.Booster]) -> None:
    x, booster = grown
    tables = LeafTables.of(booster)
    one = tables.contributions(x)
    assert one.tobytes() == tables.contributions(x, threads=2).tobytes()
    assert one[7:100].tobytes() == LeafTables.of(booster).contributions(x[7:100]).tobytes()
    assert tables.contributions(x[:0]).shape == (0, 10)


def test_themes_are_summed_inside_the_tables(grown: tuple[np.ndarray, lightgbm.Booster]) -> None:
    x, booster = grown
    themes = [0, 1, 0, 2, 1, 0, 2, 2, 2]
    found = LeafTables.of(booster, themes=themes).contributions(x[:500])
    every = LeafTables.of(booster).contributions(x[:500])
    sums = every[:, :-1] @ np.eye(3)[themes]
    assert np.abs(found[:, :-1] - sums).max() < 1e-12
    assert found[:, -1] == pytest.approx(every[:, -1])


def test_trees_that_ask_nothing_are_all_base() -> None:
    x = np.zeros((50, 2), dtype=np.float32)
    booster = _grow(x, np.array([0.0, 1.0] * 25), 3)
    found = LeafTables.of(booster).contributions(x)
    assert np.array_equal(found[:, :2], np.zeros((50, 2)))
    assert found[:, 2] == pytest.approx(booster.predict(x, raw_score=True))


def test_rows_of_another_width_are_refused(grown: tuple[np.ndarray, lightgbm.Booster]) -> None:
    x, booster = grown
    with pytest.raises(ValueError, match="know 9 features, not 8"):
        LeafTables.of(booster).contributions(x[:, :8])


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"objective": "multiclass", "num_class": 3}, "more than one score"),
        ({"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "averages its trees"),
        ({"linear_tree": True}, "leaves are linear"),
    ],
)
def test_what_cannot_be_explained_exactly_is_refused(more: dict[str, Any], why: str) -> None:
    chance = np.random.default_rng(1)
    x = chance.normal(size=(300, 3))
    y = np.digitize(x[:, 0], [-0.5, 0.5]) if "num_class" in more else (x[:, 0] > 0).astype(float)
    booster = _grow(x, y, 3, **{"min_data_in_leaf": 20, **more})
    with pytest.raises(CannotExplain, match=why):
        LeafTables.of(booster)


def test_trees_too_deep_for_tables_are_refused() -> None:
    """Every leaf but one asks of one more feature than the leaf before it."""
    depth = MOST_BITS + 1
    x = np.triu(np.ones((depth + 1, depth)), k=0)
    y = 4.0 ** np.arange(depth + 1)
    booster = _grow(
        np.tile(x, (30, 1)), np.tile(y, 30), objective="regression", num_leaves=64, max_depth=-1
    )
    with pytest.raises(CannotExplain, match="max_depth <= 12"):
        LeafTables.of(booster)
