"""The plain model: exact contributions, missing values counted with their feature."""

from __future__ import annotations

import json

import numpy as np
import pytest

from models.logistic import Linear, fit_linear, signed_log
from models.sampling import Sample
from models.spec import FeatureSpec

SPECS = tuple(FeatureSpec(name=name, theme="a") for name in ("signal", "noise", "gaps", "never"))


@pytest.fixture(scope="module")
def sample() -> Sample:
    chance = np.random.default_rng(4)
    x = chance.normal(size=(5000, 4)).astype(np.float32)
    x[chance.random(5000) < 0.5, 2] = np.nan
    x[:, 3] = np.nan
    logit = 1.5 * signed_log(x[:, :1])[:, 0] + np.where(np.isnan(x[:, 2]), 1.0, 0.0) - 2
    y = (chance.random(5000) < 1 / (1 + np.exp(-logit))).astype(float)
    return Sample(x=x, y=y, weight=np.ones(5000), household=np.arange(5000))


@pytest.fixture(scope="module")
def model(sample: Sample) -> Linear:
    return fit_linear(sample, SPECS)


def test_contributions_and_base_are_the_raw_score(model: Linear, sample: Sample) -> None:
    parts = model.contributions(sample.x)
    assert parts.shape == (5000, 5)
    assert np.abs(parts.sum(axis=1) - model.raw(sample.x)).max() < 1e-10


def test_contributions_average_to_nothing_over_what_was_learnt_from(
    model: Linear, sample: Sample
) -> None:
    assert np.abs(model.contributions(sample.x)[:, :-1].mean(axis=0)).max() < 1e-6


def test_what_is_not_known_counts_with_its_feature(model: Linear, sample: Sample) -> None:
    gaps = model.contributions(sample.x)[:, 2]
    unknown = np.isnan(sample.x[:, 2])
    assert gaps[unknown].mean() - gaps[~unknown].mean() == pytest.approx(1.0, abs=0.25)


def test_a_column_that_nobody_has_counts_nothing(model: Linear, sample: Sample) -> None:
    assert np.abs(model.contributions(sample.x)[:, 3]).max() == 0


def test_predictions_add_up_to_the_events(model: Linear, sample: Sample) -> None:
    mean = (1 / (1 + np.exp(-model.raw(sample.x)))).mean()
    assert mean == pytest.approx(sample.y.mean(), rel=0.01)


def test_it_comes_back_from_a_file(model: Linear, sample: Sample) -> None:
    again = Linear.from_json(json.loads(json.dumps(model.as_json())))
    assert np.array_equal(again.raw(sample.x), model.raw(sample.x))


def test_the_same_rows_give_the_same_model(model: Linear, sample: Sample) -> None:
    assert fit_linear(sample, SPECS).as_json() == model.as_json()


def test_gains_are_shares_and_name_the_signal(model: Linear) -> None:
    gains = model.gains()
    assert sum(gains.values()) == pytest.approx(1)
    assert max(gains, key=gains.__getitem__) in {"signal", "gaps"}
    assert gains["never"] == 0


def test_signed_log_keeps_sign_order_and_gaps() -> None:
    found = signed_log(np.array([[-9.0, -1.0, 0.0, 1.0, np.nan]], dtype=np.float32))[0]
    assert np.all(np.diff(found[:4]) > 0)
    assert found[2] == 0
    assert np.isnan(found[4])
