from __future__ import annotations

import numpy as np
import pytest

from synthetic.oracle import Oracle, cutoff_months, speak
from synthetic.settings import Size

SIZE = Size(households=4_000, months=24, futures=6)


@pytest.fixture(scope="module")
def oracle(make) -> Oracle:
    return speak(make(size=SIZE, preset="B0", seed=2).context.world, SIZE.futures)


def auroc(event: np.ndarray, score: np.ndarray) -> float:
    order = np.argsort(score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    positives = int(event.sum())
    return (ranks[event].sum() - positives * (positives + 1) / 2) / (
        positives * (len(event) - positives)
    )


def test_it_speaks_at_month_ends_with_a_finished_window_and_at_the_last():
    months = cutoff_months(48)
    assert months[-1] == 47
    assert months[-2] == 47 - 6
    assert len(months) == 15
    assert cutoff_months(8).tolist() == [0, 1, 7]


def test_its_chances_are_right_on_the_whole(oracle: Oracle):
    rows = oracle.through
    for chance, event in (
        (oracle.edge[rows], oracle.edge_recorded[rows]),
        (oracle.homelessness[rows], oracle.homelessness_recorded[rows]),
    ):
        # The same households stand at many cutoffs: count the spread by household.
        gap = np.bincount(oracle.household[rows], weights=event - chance)
        error = np.sqrt((gap**2).sum())
        assert abs(event.sum() - chance.sum()) < 3.5 * error


def test_its_chances_are_right_where_they_are_high(oracle: Oracle):
    rows = np.flatnonzero(oracle.through)
    top = rows[np.argsort(-oracle.edge[rows])[: len(rows) // 50]]
    expected, observed = oracle.edge[top].mean(), oracle.edge_recorded[top].mean()
    assert 0.75 < observed / expected < 1.3


def test_it_sees_far_but_not_everything(oracle: Oracle):
    rows = oracle.through
    assert 0.82 < auroc(oracle.edge_recorded[rows], oracle.edge[rows]) < 0.93


def test_chances_are_chances(oracle: Oracle):
    for chance in (oracle.edge, oracle.homelessness):
        assert np.isfinite(chance).all()
        assert chance.min() >= 0
        assert chance.max() <= 1
