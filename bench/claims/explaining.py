"""Exact explanations by leaf tables, beside shap's TreeExplainer on the same trees and thread."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bench.claim import Claim, Stopwatch
from models.leaf_tables import LeafTables

if TYPE_CHECKING:
    import lightgbm

ROWS, FEATURES, THEMES = 20_000, 100, 10
SLOW_ROWS = 1_000
SIZES = (("house", 15, 5, "as a place's settings have them"), ("deep", 31, 8, "of depth 8"))
TREES = 300

Rows = NDArray[np.float32]
Found = NDArray[np.float64]


def measure() -> Iterator[Claim]:
    """Rate and equality for trees of two sizes, and by theme."""
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # it has no types

    watch = Stopwatch()
    x, y = _rows()
    for name, leaves, depth, says in SIZES:
        booster = _grow(x, y, leaves=leaves, depth=depth)
        with threadpool_limits(limits=1):
            yield from _compare(watch, booster, x, name=name, says=says)


def _compare(
    watch: Stopwatch, booster: lightgbm.Booster, x: Rows, *, name: str, says: str
) -> Iterator[Claim]:
    themes = np.arange(FEATURES) % THEMES
    shap_rate, theirs = _rate(_shap(booster), x[:SLOW_ROWS])
    tables = LeafTables.of(booster)
    by_theme = LeafTables.of(booster, themes=themes.tolist())
    tables.contributions(x[:10])
    rate, ours = _rate(tables.contributions, x)
    theme_rate, sums = _rate(by_theme.contributions, x)
    note = f"{TREES} trees {says}; {rate:,.0f} and {shap_rate:,.0f} rows a second of processor time"
    yield watch.claim(
        f"explain-rate-{name}",
        "Rows explained exactly by leaf tables, over those by shap's TreeExplainer, one thread",
        rate / shap_rate,
        unit="times",
        bar=(">=", 20),
        note=note,
    )
    yield watch.claim(
        f"explain-rate-themes-{name}",
        "The same by theme, summed inside the tables",
        theme_rate / shap_rate,
        unit="times",
        bar=(">=", 20),
        note=f"{theme_rate:,.0f} rows a second of processor time; {THEMES} themes",
    )
    by_feature = ours[:, :-1] @ np.eye(THEMES)[themes]
    raw = np.asarray(booster.predict(x, raw_score=True, num_threads=1))
    apart = (
        np.abs(ours[:SLOW_ROWS, :-1] - theirs),
        np.abs(sums[:, :-1] - by_feature),
        np.abs(ours.sum(axis=1) - raw),
    )
    gap = max(float(one.max()) for one in apart)
    yield watch.claim(
        f"explain-equal-{name}",
        "Largest difference of leaf tables from shap, of themes from their features, and of all "
        "contributions plus the base from the raw score",
        gap,
        unit="log-odds",
        bar=("<=", 1e-10),
        note=f"{gap:.1e}",
    )


def _rows() -> tuple[Rows, Found]:
    """Made-up rows, a fifth of their values not known."""
    chance = np.random.default_rng(2026)
    x = chance.normal(size=(ROWS, FEATURES)).astype(np.float32)
    x[chance.random(x.shape) < 0.2] = np.nan
    logit = np.nansum(x[:, :20] * chance.normal(size=20), axis=1) / 2 - 2
    return x, (chance.random(ROWS) < 1 / (1 + np.exp(-logit))).astype(np.float64)


def _grow(x: Rows, y: Found, *, leaves: int, depth: int) -> lightgbm.Booster:
    import lightgbm

    rules = {
        "objective": "binary",
        "num_leaves": leaves,
        "max_depth": depth,
        "feature_fraction": 0.6,
        "verbosity": -1,
        "num_threads": 1,
    }
    return lightgbm.train(rules, lightgbm.Dataset(x, y), TREES)


def _shap(booster: lightgbm.Booster) -> Callable[[Rows], Found]:
    import shap

    explainer = shap.TreeExplainer(booster, feature_perturbation="tree_path_dependent")

    def values(x: Rows) -> Found:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return np.asarray(explainer.shap_values(x))

    return values


def _rate(explain: Callable[[Rows], Found], x: Rows) -> tuple[float, Found]:
    """Rows a second of processor time, and what came of them."""
    started = time.process_time()
    found = explain(x)
    return len(x) / (time.process_time() - started), found
