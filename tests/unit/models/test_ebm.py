"""The explainable boosting machine: monotone, seeded, and ours scores as interpret's own."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from contracts.place import Training
from models import ebm
from models.additive import Additive
from models.ebm import MOST_CURVES, fit_ebm
from models.sampling import Sample
from models.spec import FeatureSpec

SPECS = tuple(
    FeatureSpec(name=f"f{at}", theme="ab"[at % 2], monotone=(1, -1, 0)[at % 3])
    for at in range(MOST_CURVES + 5)
)
GAINS = {spec.name: 1.0 / (1 + at) for at, spec in enumerate(SPECS)}
TRAINING = Training(seed=5)


def _sample(rows: int = 2400) -> Sample:
    chance = np.random.default_rng(3)
    x = chance.normal(size=(rows, len(SPECS))).astype(np.float32)
    x[:, 4] = chance.integers(0, 2, rows)
    x[chance.random(x.shape) < 0.2] = np.nan
    known = np.nan_to_num(x)
    logit = known[:, 0] - known[:, 1] + 2 * np.sin(2 * known[:, 2]) + known[:, 4] - 2
    y = (chance.random(rows) < 1 / (1 + np.exp(-logit))).astype(float)
    return Sample(x=x, y=y, weight=np.ones(rows), household=np.arange(rows) // 3)


@pytest.fixture(scope="module")
def fitted() -> tuple[Sample, Additive, np.ndarray]:
    """Rows, our model of them, and what interpret's own machine scores."""
    from interpret.glassbox import ExplainableBoostingClassifier

    sample, machines = _sample(), []

    class Kept(ExplainableBoostingClassifier):
        def fit(self, *args, **more):
            machines.append(self)
            return super().fit(*args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("interpret.glassbox.ExplainableBoostingClassifier", Kept)
        model = fit_ebm(sample, SPECS, TRAINING, gains=GAINS)
    theirs = machines[0].decision_function(sample.x[:, :MOST_CURVES].astype(float))
    return sample, model, theirs


def test_raw_scores_are_interprets_own(fitted: tuple[Sample, Additive, np.ndarray]) -> None:
    sample, model, theirs = fitted
    assert np.abs(model.raw(sample.x) - theirs).max() < 1e-9
    contributions = model.contributions(sample.x)
    assert np.abs(contributions.sum(axis=1) - theirs).max() < 1e-9
    assert np.array_equal(contributions[:, MOST_CURVES:-1], np.zeros((len(sample.y), 5)))
    themes = model.by_theme(sample.x, [at % 2 for at in range(len(SPECS))])
    assert np.abs(themes.sum(axis=1) - theirs).max() < 1e-9


def test_curves_follow_the_direction_of_their_feature(
    fitted: tuple[Sample, Additive, np.ndarray],
) -> None:
    steps = {curve.feature: np.diff(curve.values) for curve in fitted[1].curves}
    assert steps[0].min() >= -1e-9
    assert steps[1].max() <= 1e-9
    assert steps[2].min() < 0 < steps[2].max()


def test_a_value_on_a_cut_and_one_never_met_are_scored_alike_everywhere(
    fitted: tuple[Sample, Additive, np.ndarray],
) -> None:
    model = fitted[1]
    again = Additive.from_json(json.loads(json.dumps(model.as_json())))
    curve = model.curves[0]
    rows = np.full((3, len(SPECS)), np.nan, dtype=np.float32)
    rows[:, curve.feature] = (curve.cuts[0] - 1e6, np.inf, np.nan)
    found = again.contributions(rows)[:, curve.feature]
    assert found.tolist() == [curve.values[0], curve.values[-1], curve.unknown]
    assert again == model


def test_the_same_rows_give_the_same_curves(fitted: tuple[Sample, Additive, np.ndarray]) -> None:
    assert fit_ebm(fitted[0], SPECS, TRAINING, gains=GAINS) == fitted[1]


def test_a_households_months_lie_on_one_side(fitted: tuple[Sample, Additive, np.ndarray]) -> None:
    sample = fitted[0]
    bags = ebm._bags(sample, seed=5)
    assert set(np.unique(bags)) == {-1, 1}
    assert np.ptp(bags.reshape(-1, 3, bags.shape[1]), axis=1).max() == 0
    lonely = Sample(
        x=sample.x[:9], y=np.eye(9)[0], weight=np.ones(9), household=sample.household[:9]
    )
    assert np.all(ebm._bags(lonely, seed=5) == 1)


def test_few_households_with_the_event_still_say_when_to_stop() -> None:
    sample = _sample(rows=120)
    few = replace(sample, y=(sample.household < 4).astype(float))
    bags = ebm._bags(few, seed=3)
    for kept_out in (bags < 0).T:
        assert 0 < few.y[kept_out].sum() < few.y.sum()


def test_a_bag_that_keeps_nobody_out_stops_too(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = _sample(rows=120)
    lonely = replace(sample, y=(sample.household == 7).astype(float))
    assert np.all(ebm._bags(lonely, seed=3) == 1)
    rounds: list[int] = []

    from interpret.glassbox import ExplainableBoostingClassifier

    class Counted(ExplainableBoostingClassifier):
        def fit(self, *args, **more):
            super().fit(*args, **more)
            rounds.append(int(np.max(self.best_iteration_)))
            return self

    monkeypatch.setattr("interpret.glassbox.ExplainableBoostingClassifier", Counted)
    fit_ebm(lonely, SPECS, TRAINING.model_copy(update={"trees": 36}), gains=GAINS)
    assert rounds == [90 * MOST_CURVES]
