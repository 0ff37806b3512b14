"""Thresholds for a stated error, from counts of pairs by weight."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from linkage.engine.settings import LinkSettings
from linkage.engine.thresholds import (
    Weighed,
    probability,
    quality,
    with_decisions,
    with_prior,
    with_thresholds,
)
from tests.unit.linkage.test_model import model

_NO_KEYS = pl.DataFrame(
    schema={"rule_id": pl.String, "confidence": pl.Float64, "a": pl.Int64, "b": pl.Int64}
)


def drawn(people: int, *, records: int, seed: int = 5) -> tuple[Weighed, pl.DataFrame]:
    """Pairs whose weights are bits that mean what they say: normal, N(+-v/2, v) in nats."""
    rng = np.random.default_rng(seed)
    spread = 14.0
    true = rng.normal(spread / 2, np.sqrt(spread), people)
    possible = records * (records - 1) // 2
    false = rng.normal(-spread / 2, np.sqrt(spread), min(possible - people, 2_000_000))
    weight = np.round(np.concatenate([true, false]) / np.log(2) * 100) / 100
    pairs = pl.DataFrame({"weight": weight, "same": np.arange(len(weight)) < people})
    counts = pairs.group_by("weight").len("pairs").sort("weight")
    return Weighed(counts=counts.select(pl.lit("all").alias("band"), "weight", "pairs"),
                   possible=possible), pairs  # fmt: skip


def stated(error: float) -> LinkSettings:
    return LinkSettings(comparisons=(), blocks=(), error=error)


@pytest.mark.parametrize("start", [1e-6, 0.2])
def test_the_prior_is_found_from_wherever_it_starts(start: float) -> None:
    counts, _ = drawn(3_000, records=2_000)
    found = with_prior(model(prior=start), counts).prior
    assert found == pytest.approx(3_000 / counts.possible, rel=0.1)


@pytest.mark.parametrize("error", [0.005, 0.02, 0.05])
def test_the_stated_error_is_the_error(error: float) -> None:
    counts, pairs = drawn(20_000, records=1_500)
    found = with_thresholds(with_prior(model(), counts), counts, stated(error))
    linked = pairs.filter(pl.col("weight") >= found.thresholds[0].weight)
    assert 1 - linked["same"].mean() == pytest.approx(error, rel=0.3)  # type: ignore[operator]  # a share
    row = quality(found, counts, stated(error), _NO_KEYS).row(0, named=True)
    assert row["links"] == linked.height
    assert row["expected_precision"] == pytest.approx(linked["same"].mean(), abs=error / 3)
    recall = linked["same"].sum() / pairs["same"].sum()
    assert row["expected_recall"] == pytest.approx(recall, abs=0.01)


def test_a_larger_place_needs_more_bits_for_the_same_error() -> None:
    small, _ = drawn(1_000, records=700)
    large, _ = drawn(1_000, records=2_000)
    bits = [
        with_thresholds(with_prior(model(), counts), counts, stated(0.01)).thresholds[0].weight
        for counts in (small, large)
    ]
    assert bits[1] > bits[0] + 1


def test_decisions_correct_a_model_that_claims_too_much() -> None:
    counts, pairs = drawn(4_000, records=800)
    doubled = pairs.with_columns(pl.col("weight") * 2)
    start = replace(model(), prior=4_000 / counts.possible)
    asked = doubled.filter(pl.col("weight").is_between(10, 40)).sample(400, seed=3)
    found = with_decisions(start, asked)
    claimed = probability(asked["weight"].to_numpy(), start).mean()
    said = probability(asked["weight"].to_numpy(), found).mean()
    truth = asked["same"].mean()
    assert found.slope < 0.75
    assert abs(said - truth) < abs(claimed - truth) / 2  # type: ignore[operator]  # a share


def test_a_few_decisions_move_little_and_none_move_nothing() -> None:
    none = pl.DataFrame(schema={"weight": pl.Float64, "same": pl.Boolean})
    assert with_decisions(model(), none) == model()
    one = with_decisions(model(), pl.DataFrame({"weight": [12.0], "same": [True]}))
    assert one.slope == pytest.approx(1, abs=0.1)


def test_where_no_pair_is_good_enough_the_error_still_holds() -> None:
    poor = Weighed(
        counts=pl.DataFrame({"band": ["all"], "weight": [-3.0], "pairs": [50]}), possible=100
    )
    found = with_thresholds(model(), poor, stated(0.01))
    assert found.thresholds[0].probability == pytest.approx(0.99)


def test_no_link_is_less_likely_than_the_floor_however_sure_the_others_are() -> None:
    sure = pl.DataFrame({"band": "all", "weight": [8.0, 12.0, 60.0], "pairs": [50, 50, 1_000_000]})
    counts = Weighed(counts=sure, possible=1e9)
    lowest = {
        floor: with_thresholds(
            replace(model(), prior=1e-3), counts, replace(stated(0.01), floor=floor)
        ).thresholds[0]
        for floor in (0.5, 0.8)
    }
    # Eight bits at this prior are one chance in five of being one person; twelve, four in five.
    assert lowest[0.5].weight == pytest.approx(12, abs=0.01)
    assert lowest[0.8].weight == pytest.approx(12, abs=0.01)
    strict = with_thresholds(
        replace(model(), prior=1e-3), counts, replace(stated(0.01), floor=0.85)
    ).thresholds[0]
    assert strict.weight > 12
    assert strict.probability >= 0.85
