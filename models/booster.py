"""Gradient-boosted trees: monotone, shallow, seeded, and the same bytes each time."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from contracts.place import Training
from models.leaf_tables import LeafTables
from models.sampling import Floats, Matrix, Sample
from models.spec import FeatureSpec

if TYPE_CHECKING:
    import lightgbm

PATIENCE = 40
"""Trees without a better later block before growing stops."""
UNSEEN_TREES = 60
"""Trees grown where there is no later block to say when to stop."""
_MOST_NEEDED_IN_LEAF = 200
_LEAST_NEEDED_IN_LEAF = 5
_ROWS_PER_LEAF = 150


def _library() -> ModuleType:
    """LightGBM, told to sleep while it waits.

    On a machine with other work, two threads that spin for each other take several times as long
    as one; what they compute is the same. Only the first load of the library reads the setting.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    return import_module("lightgbm")


@lru_cache(maxsize=2)
def _by_theme(text: str, themes: tuple[int, ...]) -> LeafTables:
    """Compiled once for all batches of rows."""
    return LeafTables.of(_library().Booster(model_str=text), themes=themes)


@dataclass(frozen=True, kw_only=True)
class Booster:
    """A fitted set of trees over named features."""

    text: str
    names: tuple[str, ...]
    threads: int = 1

    def _model(self) -> lightgbm.Booster:
        return _library().Booster(model_str=self.text)

    def raw(self, x: Matrix) -> Floats:
        """Log-odds of each row."""
        if not len(x):
            return np.zeros(0)
        found = self._model().predict(x, raw_score=True, num_threads=self.threads)
        return np.asarray(found, dtype=np.float64)

    @cached_property
    def _tables(self) -> LeafTables:
        return LeafTables.of(self._model())

    def contributions(self, x: Matrix) -> Floats:
        """Exact contribution of each feature to each row's log-odds; the base comes last."""
        return self._tables.contributions(x, threads=self.threads)

    def by_theme(self, x: Matrix, themes: Sequence[int]) -> Floats:
        """Contributions summed by theme, the base last; ``themes`` numbers each feature's."""
        return _by_theme(self.text, tuple(themes)).contributions(x, threads=self.threads)

    def gains(self) -> dict[str, float]:
        """How much each feature improved the fit, as a share of the whole."""
        gain = np.asarray(self._model().feature_importance("gain"), dtype=np.float64)
        total = gain.sum() or 1.0
        return {name: float(g / total) for name, g in zip(self.names, gain, strict=True)}

    @property
    def trees(self) -> int:
        """How many trees."""
        return int(self._model().num_trees())

    @classmethod
    def of(cls, model: lightgbm.Booster, names: Sequence[str], threads: int) -> Self:
        """A booster of LightGBM's own."""
        return cls(text=model.model_to_string(), names=tuple(names), threads=threads)


def parameters(specs: Sequence[FeatureSpec], rows: int, training: Training) -> dict[str, Any]:
    """LightGBM's parameters: two runs on the same rows give the same bytes."""
    return {
        "objective": "binary",
        "metric": "binary_logloss",
        "num_leaves": training.leaves,
        "max_depth": training.depth,
        "learning_rate": training.learning_rate,
        "feature_fraction": 0.3,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "min_data_in_leaf": int(
            np.clip(rows // _ROWS_PER_LEAF, _LEAST_NEEDED_IN_LEAF, _MOST_NEEDED_IN_LEAF)
        ),
        "lambda_l2": 5.0,
        "max_bin": 127,
        "monotone_constraints": [spec.monotone for spec in specs],
        "monotone_constraints_method": "basic",
        "num_threads": training.threads,
        "seed": training.seed,
        "deterministic": True,
        "force_col_wise": True,
        "verbosity": -1,
    }


def grow(
    sample: Sample, specs: Sequence[FeatureSpec], training: Training, *, trees: int
) -> Booster:
    """Exactly ``trees`` trees."""
    lightgbm = _library()
    rules = parameters(specs, len(sample.y), training)
    data = lightgbm.Dataset(sample.x, sample.y, weight=sample.weight, params=rules)
    model = lightgbm.train(rules, data, num_boost_round=trees)
    return Booster.of(model, [spec.name for spec in specs], training.threads)


def grow_until(
    sample: Sample, later: Sample, specs: Sequence[FeatureSpec], training: Training
) -> Booster:
    """Trees for as long as the later block's fit still improves, up to the place's most."""
    lightgbm = _library()
    rules = parameters(specs, len(sample.y), training)
    data = lightgbm.Dataset(sample.x, sample.y, weight=sample.weight, params=rules)
    watch = data.create_valid(later.x, later.y, weight=later.weight)
    model = lightgbm.train(
        rules,
        data,
        num_boost_round=training.trees,
        valid_sets=[watch],
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    best = model.best_iteration or model.num_trees()
    text = model.model_to_string(num_iteration=best)
    return Booster(text=text, names=tuple(spec.name for spec in specs), threads=training.threads)
