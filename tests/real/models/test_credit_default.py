"""Card holders in Taiwan in 2005: the same training and evaluation on real, published data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from contracts.place import Training
from models.bootstrap import Resamples
from models.choose import choose
from models.evaluate import Judged, Ranking, compare, evaluate
from models.fitting import fit_models
from models.kinds import MODELS, SAYINGS
from models.leaks import refuse_too_good
from models.lists import pick_lists
from models.regret import weigh_regret
from models.sampling import Sample
from models.spec import FeatureSpec

CLIENTS = (
    Path(__file__).resolve().parents[3].parent
    / "shared/data/risk_credit_default_taiwan/clients.parquet"
)
pytestmark = pytest.mark.skipif(
    not CLIENTS.exists(), reason="the published card data is not beside the repository"
)

FOLDS = 5
TEST_FOLD = 0
LATER_FOLD = 1
LISTED = 300
LATE = ("PAY_0", "PAY_2", "PAY_3", "PAY_4", "PAY_5", "PAY_6")
PROTECTED = ("SEX", "EDUCATION", "MARRIAGE", "AGE")
"""Left out, as in every model here; the figures of others keep them."""


def _specs(columns: list[str]) -> tuple[FeatureSpec, ...]:
    return tuple(
        FeatureSpec(name=name, theme="late" if name in LATE else "amounts", monotone=0)
        for name in columns
    )


def _sample(frame: pl.DataFrame, columns: list[str]) -> Sample:
    y = frame["default_next_month"].to_numpy().astype(float)
    return Sample(
        x=frame.select(columns).to_numpy().astype(np.float32),
        y=y,
        weight=np.ones(len(y)),
        household=frame["ID"].to_numpy().astype(np.int64),
    )


def _folds(frame: pl.DataFrame, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).permutation(frame.height) % FOLDS


@pytest.fixture(scope="module")
def clients() -> pl.DataFrame:
    return pl.read_parquet(CLIENTS)


def _training(seed: int) -> Training:
    return Training(seed=seed, learning_rate=0.06)


def _held_out(clients: pl.DataFrame, fold: int, *, seed: int) -> tuple[Judged, Resamples]:
    """Models that never met the fold, and their rankings of it."""
    columns = [c for c in clients.columns if c not in {"ID", "default_next_month", *PROTECTED}]
    specs = _specs(columns)
    folds = (_folds(clients, seed) - fold) % FOLDS
    learnt = clients.filter(pl.Series(folds != TEST_FOLD))
    kept_out = pl.Series(folds[folds != TEST_FOLD] == LATER_FOLD)
    first, later = (_sample(learnt.filter(rows), columns) for rows in (~kept_out, kept_out))
    whole = _sample(learnt, columns)
    test = _sample(clients.filter(pl.Series(folds == TEST_FOLD)), columns)
    refuse_too_good(whole, columns)
    fits = fit_models(first, later, whole, specs, _training(seed), ahead=test.x)
    late = test.x[:, [columns.index(name) for name in LATE]]
    rule = np.maximum(late, 0).sum(axis=1).astype(float)
    luck = np.random.default_rng(seed).random(len(test.y))

    def ranking(says: str, score: np.ndarray, logit: np.ndarray | None = None) -> Ranking:
        everyone = np.ones(len(score), dtype=bool)
        one_team = np.zeros(len(score), dtype=np.int64)
        chosen = pick_lists(score, luck, everyone, one_team, [LISTED])
        return Ranking(says=says, score=score, chosen=chosen, logit=logit)

    raw = {name: model.raw(test.x) for name, model in fits.models.items()}
    tested = Judged(
        household=test.household,
        day=np.full(len(test.y), np.datetime64("2005-09-30")),
        area=np.zeros(len(test.y), dtype=np.int64),
        y=test.y,
        lead_days=np.full(len(test.y), np.nan),
        rankings={
            **{
                name: ranking(SAYINGS[name], raw[name], fits.sigmoids[name].logit(raw[name]))
                for name in MODELS
            },
            "late": ranking("months of late payment, summed", rule),
        },
    )
    return tested, Resamples.draw(test.household, replicates=300, seed=seed)


def test_every_client_held_out_once_gives_the_published_area(
    clients: pl.DataFrame, record_property: Callable[[str, object], None]
) -> None:
    areas, fold_of, truths = [], [], []
    lists = {name: [] for name in MODELS}
    for fold in range(FOLDS):
        tested, resamples = _held_out(clients, fold, seed=2005)
        reports, draws = evaluate(tested, resamples, fully=tuple(tested.rankings))
        trees = reports["lightgbm"]
        areas.append(trees.auroc.value)
        assert trees.auroc.low < trees.auroc.value < trees.auroc.high
        assert trees.expected_over_observed.value == pytest.approx(1, abs=0.1)
        assert trees.calibration_slope.value == pytest.approx(1, abs=0.15)
        fold_of.append(np.full(len(tested.y), fold))
        truths.append(tested.y)
        for name in MODELS:
            lists[name].append(tested.rankings[name].chosen)
        choice = choose(
            lambda one, two, draws=draws: compare(one, two, draws, says="missed a payment"),
            picked="lightgbm",
            rule="late",
        )
        assert choice.shipped in MODELS
    regret = weigh_regret(
        np.concatenate(fold_of),
        np.concatenate(truths),
        {name: np.concatenate(found) for name, found in lists.items()},
    )
    assert regret.months == FOLDS
    assert max(way.regret for way in regret.ways) < 0.05
    record_property("credit-auroc", float(np.mean(areas)))
    assert np.mean(areas) >= 0.780, areas
