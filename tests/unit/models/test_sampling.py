"""The same households are kept each time, and their weights bring the whole back."""

from __future__ import annotations

import numpy as np
import pytest

from models.sampling import keep_share, keyed_uniform, thin

DAY = np.full(20_000, np.datetime64("2025-01-31"))


def test_luck_is_even_and_fixed_by_household_month_and_seed() -> None:
    ids = np.arange(20_000)
    luck = keyed_uniform(ids, DAY, seed=1)
    assert np.array_equal(luck, keyed_uniform(ids, DAY, seed=1))
    assert not np.any(luck == keyed_uniform(ids, DAY, seed=2))
    assert not np.any(luck == keyed_uniform(ids, DAY + np.timedelta64(31), seed=1))
    counts = np.histogram(luck, bins=20, range=(0, 1))[0]
    assert np.abs(counts - 1000).max() < 150
    other = keyed_uniform(ids, DAY, seed=2)
    assert abs(np.corrcoef(luck, other)[0, 1]) < 0.02
    assert abs(np.corrcoef(luck[1:], luck[:-1])[0, 1]) < 0.02


def test_every_event_is_kept_and_weights_bring_the_rest_back() -> None:
    chance = np.random.default_rng(0)
    y = (chance.random(20_000) < 0.02).astype(float)
    kept, weight = thin(y, keyed_uniform(np.arange(20_000), DAY, seed=1), share=0.2)
    assert y[kept].sum() == y.sum()
    assert weight[y[kept] > 0].max() == 1
    assert weight.sum() == pytest.approx(len(y), rel=0.03)


@pytest.mark.parametrize(
    ("events", "others", "most", "per_event", "share"),
    [
        (10, 1000, 0.3, 15, 0.15),
        (100, 1000, 0.3, 15, 0.3),
        (0, 1000, 0.3, 15, 0.3),
        (10, 0, 0.3, 15, 0.3),
    ],
)
def test_share_of_those_without_an_event(
    events: int, others: int, most: float, per_event: float, share: float
) -> None:
    found = keep_share(events=events, others=others, most=most, per_event=per_event)
    assert found == pytest.approx(share)
