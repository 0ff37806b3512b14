"""A feature too good alone stops the run and is named."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from contracts.columns import ColumnClass
from contracts.errors import DataMissing, LeakSuspected
from models.leaks import alone, refuse_too_good, weighted_auroc
from models.sampling import Sample
from models.spec import FeatureSpec, align


def _sample(events: int = 100, rows: int = 2000) -> Sample:
    chance = np.random.default_rng(5)
    y = np.zeros(rows)
    y[:events] = 1
    honest = chance.normal(size=rows) + y
    return Sample(
        x=honest[:, None].astype(np.float32),
        y=y,
        weight=np.ones(rows),
        household=np.arange(rows),
    )


def _with(sample: Sample, column: np.ndarray) -> Sample:
    x = np.column_stack([sample.x, column]).astype(np.float32)
    return Sample(x=x, y=sample.y, weight=sample.weight, household=sample.household)


def test_honest_features_pass() -> None:
    assert 0.7 < refuse_too_good(_sample(), ["honest"]) < 0.9


@pytest.mark.parametrize(
    "leak",
    [
        pytest.param(lambda y: y, id="the label itself"),
        pytest.param(lambda y: -3 * y, id="the label turned round"),
        pytest.param(lambda y: np.where(y > 0, 4.0, np.nan), id="only there where it came"),
        pytest.param(lambda y: np.where(y > 0, np.nan, 1.0), id="only gone where it came"),
    ],
)
def test_a_copy_of_the_label_is_named(leak: object) -> None:
    sample = _sample()
    with pytest.raises(LeakSuspected, match=r"planted \(1\.000\)"):
        refuse_too_good(_with(sample, leak(sample.y)), ["honest", "planted"])


def test_a_handful_of_events_proves_nothing() -> None:
    sample = _sample(events=4)
    column = np.zeros(2000)
    column[:4] = [3, 2, 1, 0]
    column[4:300] = 0.5
    area = alone(_with(sample, column), ["honest", "lucky"])["lucky"]
    assert area > 0.8
    refuse_too_good(_with(sample, column), ["honest", "lucky"], ceiling=0.8)


def test_area_is_that_of_scikit_learn() -> None:
    chance = np.random.default_rng(2)
    score = np.round(chance.normal(size=500), 1)
    y = (chance.random(500) < 0.3).astype(float)
    weight = chance.random(500) + 0.1
    expected = roc_auc_score(y, score, sample_weight=weight)
    assert weighted_auroc(score, y, weight) == pytest.approx(expected, abs=1e-12)


def test_one_kind_of_row_has_no_area() -> None:
    assert weighted_auroc(np.arange(3.0), np.zeros(3), np.ones(3)) == 0.5


@pytest.mark.parametrize("letter", ["I", "C", "P", "X"])
def test_a_class_that_no_model_may_see_is_refused(letter: str) -> None:
    barred = FeatureSpec(name="marker", theme="a", sensitivity=ColumnClass(letter))
    with pytest.raises(LeakSuspected, match="marker"):
        align([barred], ["marker"])


def test_a_column_outside_the_catalogue_is_refused() -> None:
    with pytest.raises(DataMissing, match="stranger"):
        align([FeatureSpec(name="known", theme="a")], ["known", "stranger"])
    with pytest.raises(DataMissing, match="no features"):
        align([], [])
