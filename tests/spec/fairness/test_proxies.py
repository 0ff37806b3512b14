"""A feature that stands in for who people are is named; features that tell nothing name nobody."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from contracts.place import Training
from fairness.proxies import _spread, proxy_findings
from models.spec import FeatureSpec
from tests.unit.fairness.invented import policy

SPECS = tuple(FeatureSpec(name=f"f{at}", theme="t", monotone=1) for at in range(4))
TRAINING = Training(seed=2)


def people(count: int = 1500, *, proxy: float, seed: int = 1) -> tuple[np.ndarray, pl.DataFrame]:
    """Features of households; the third falls with being led by a woman, as strongly as said."""
    rng = np.random.default_rng(seed)
    sex = rng.choice(["F", "M"], count)
    x = rng.normal(size=(count, len(SPECS))).astype(np.float32)
    x[:, 2] -= (proxy * (sex == "F")).astype(np.float32)
    x[rng.random(x.shape) < 0.1] = np.nan
    frame = pl.DataFrame(
        {
            "household_id": rng.permutation(count),
            "sex": sex,
            "ethnic_group": ["WHITE"] * (count - 5) + ["ASIAN"] * 5,
            "age_band": [None] * count,
            "disability": ["NOT_RECORDED"] * count,
        }
    )
    return x, frame


def found(x, frame):
    return proxy_findings(x, frame, specs=SPECS, policy=policy(), training=TRAINING)


def test_a_feature_that_stands_in_for_a_group_is_named():
    (one,) = found(*people(proxy=2.0))
    assert (one.attribute, one.group) == ("sex", "F")
    # The chance that of two normals two apart each is in its order, with a tenth unknown.
    assert one.area == pytest.approx(0.88, abs=0.03)
    assert one.features[0] == "f2"
    assert one.low < one.area < one.high


def test_features_that_tell_nothing_are_no_better_than_a_coin():
    ones = [found(*people(proxy=0.0, seed=seed, count=600))[0] for seed in range(30)]
    assert np.mean([one.area for one in ones]) == pytest.approx(0.5, abs=0.02)
    # Of 30 ranges of which one in twenty misses, five or more miss in less than two in a hundred.
    assert sum(not one.low <= 0.5 <= one.high for one in ones) <= 4


def test_a_direction_that_was_agreed_for_need_does_not_hide_a_proxy():
    x, frame = people(proxy=2.0)
    assert found(-x, frame)[0].area == pytest.approx(found(x, frame)[0].area, abs=0.01)


def test_small_groups_and_what_is_not_recorded_are_left_out():
    assert {one.attribute for one in found(*people(proxy=1.0))} == {"sex"}


def test_the_order_of_households_changes_nothing():
    x, frame = people(proxy=1.0)
    order = np.argsort(frame["household_id"].to_numpy())
    assert found(x, frame) == found(x[order], frame[order])


def test_a_place_larger_than_the_draw_is_judged_on_all_folds(monkeypatch):
    monkeypatch.setattr("fairness.proxies.MOST_HOUSEHOLDS", 400)
    (one,) = found(*people(proxy=2.0))
    assert one.households + one.others == 400
    assert one.area == pytest.approx(0.88, abs=0.06)


def test_the_spread_is_that_of_the_area_under_the_curve():
    rng = np.random.default_rng(0)
    ours, others, areas = 60, 200, []
    for _ in range(400):
        one, two = rng.normal(1, 1, ours), rng.normal(0, 1, others)
        areas.append((one[:, None] > two[None, :]).mean())
    assert _spread(float(np.mean(areas)), ours, others) == pytest.approx(np.std(areas), rel=0.15)
