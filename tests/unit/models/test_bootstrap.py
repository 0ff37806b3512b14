"""Ranges: right where the answer is known, wider where rows share a household."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, roc_auc_score

from models.bootstrap import Resamples, calibration_slopes, rank_draws, ratio
from models.evaluate import measured


def _precision(household: np.ndarray, hit: np.ndarray, seed: int) -> np.ndarray:
    resamples = Resamples.draw(household, replicates=400, seed=seed)
    columns = np.column_stack([np.ones(len(hit)), hit]).astype(float)
    _, drawn = resamples.totals(household, columns)
    return ratio(drawn[1], drawn[0])


def test_spread_of_a_share_is_the_binomial_one() -> None:
    chance = np.random.default_rng(0)
    hit = chance.random(2000) < 0.25
    drawn = _precision(np.arange(2000), hit, seed=1)
    share = hit.mean()
    assert drawn.std() == pytest.approx(np.sqrt(share * (1 - share) / 2000), rel=0.12)
    assert drawn.mean() == pytest.approx(share, abs=0.002)


def test_rows_of_one_household_count_as_one() -> None:
    hit = np.repeat(np.random.default_rng(0).random(500) < 0.25, 4)
    household = np.repeat(np.arange(500), 4)
    clustered = _precision(household, hit, seed=1).std()
    by_rows = _precision(np.arange(2000), hit, seed=1).std()
    assert clustered / by_rows == pytest.approx(2.0, rel=0.15)


def test_95_of_100_ranges_hold_the_truth() -> None:
    chance = np.random.default_rng(11)
    truth, held = 0.3, 0
    for trial in range(200):
        hit = chance.random(400) < truth
        found = measured(float(hit.mean()), _precision(np.arange(400), hit, seed=trial))
        held += found.low <= truth <= found.high
    assert 0.90 <= held / 200 <= 0.985


@pytest.fixture(scope="module")
def rows() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(3)
    household = np.repeat(np.arange(3000), 3)
    score = np.repeat(chance.normal(-3, 1.3, 3000), 3) + chance.normal(0, 0.3, 9000)
    y = (chance.random(9000) < expit(score)).astype(float)
    return {"household": household, "score": score, "logit": score, "y": y}


def test_measures_of_a_ranking_are_centred_on_the_exact_ones(rows: dict[str, np.ndarray]) -> None:
    resamples = Resamples.draw(rows["household"], replicates=300, seed=5)
    drawn = rank_draws(resamples, **rows)
    area = roc_auc_score(rows["y"], rows["score"])
    precision = average_precision_score(rows["y"], rows["score"])
    assert drawn.auroc.mean() == pytest.approx(area, abs=0.003)
    assert drawn.average_precision.mean() == pytest.approx(precision, abs=0.02)
    assert drawn.slope.mean() == pytest.approx(1.0, abs=0.1)


def test_one_draw_of_each_household_gives_the_exact_measures(rows: dict[str, np.ndarray]) -> None:
    once = Resamples(households=np.arange(3000), counts=np.ones((3000, 1), dtype=np.uint8))
    drawn = rank_draws(once, **rows)
    assert drawn.auroc[0] == pytest.approx(roc_auc_score(rows["y"], rows["score"]), abs=2e-4)
    exact = average_precision_score(rows["y"], rows["score"])
    assert drawn.average_precision[0] == pytest.approx(exact, abs=2e-3)


def test_ties_are_exact(rows: dict[str, np.ndarray]) -> None:
    coarse = np.maximum(np.floor(rows["score"] + 3), 0)
    once = Resamples(households=np.arange(3000), counts=np.ones((3000, 1), dtype=np.uint8))
    drawn = rank_draws(once, household=rows["household"], score=coarse, logit=coarse, y=rows["y"])
    assert drawn.auroc[0] == pytest.approx(roc_auc_score(rows["y"], coarse), abs=1e-12)
    exact = average_precision_score(rows["y"], coarse)
    assert drawn.average_precision[0] == pytest.approx(exact, abs=1e-12)


def test_slopes_are_those_of_a_logistic_regression() -> None:
    chance = np.random.default_rng(8)
    probability = chance.uniform(0.02, 0.6, 400)
    at = logit(probability)
    counts = chance.integers(5, 40, 400)
    up = chance.binomial(counts, expit(0.3 + 0.7 * at)).astype(float)
    found = calibration_slopes(up[None, :], (counts - up)[None, :], at)[0]
    x = np.concatenate([at, at])[:, None]
    y = np.repeat([1, 0], 400)
    oracle = LogisticRegression(C=np.inf, solver="newton-cholesky", tol=1e-10)
    oracle.fit(x, y, sample_weight=np.concatenate([up, counts - up]))
    assert found == pytest.approx(oracle.coef_[0, 0], abs=1e-5)


def test_draws_are_the_same_for_the_same_seed() -> None:
    ids = np.array([5, 3, 3, 9])
    one = Resamples.draw(ids, replicates=250, seed=4)
    assert np.array_equal(one.counts, Resamples.draw(ids[::-1], replicates=250, seed=4).counts)
    assert one.households.tolist() == [3, 5, 9]
    assert one.counts.shape == (3, 250)
    assert abs(one.counts.mean() - 1) < 0.15


def test_too_few_replicates_with_a_value_give_no_range() -> None:
    drawn = np.full(100, np.nan)
    drawn[:50] = 0.3
    found = measured(0.3, drawn)
    assert (found.value, found.low, found.high) == (0.3, None, None)
    assert measured(float("nan"), drawn).value is None
