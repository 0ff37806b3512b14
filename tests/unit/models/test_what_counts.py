"""What counts: groups of a weighted sum whose contributions are known by hand."""

from __future__ import annotations

import numpy as np
import pytest

from models.what_counts import (
    MOST_FEATURES,
    dependence_picture,
    groups_of,
    summary_picture,
)

NAMES = ("rent", "calls", "never")
ROWS = 400


def _made(*, least: int = 20):
    chance = np.random.default_rng(3)
    x = np.column_stack(
        [chance.permutation(ROWS) / ROWS, chance.integers(0, 4, ROWS), np.zeros(ROWS)]
    ).astype(np.float32)
    x[:100, 1] = np.nan
    added = np.column_stack([2 * x[:, 0] - 1, np.nan_to_num(x[:, 1], nan=-1) * 0.1, 0 * x[:, 0]])
    return x, added.astype(np.float64), groups_of(x, added.astype(np.float64), NAMES, least=least)


def test_the_feature_that_moves_most_comes_first_and_one_that_moves_nothing_is_left_out():
    _, _, found = _made()
    assert list(dict.fromkeys(group.feature for group in found.summary)) == ["rent", "calls"]


def test_groups_are_means_and_tenths_of_their_households():
    _, _, found = _made()
    by_kind = {(group.feature, group.kind): group for group in found.summary}
    low, high = by_kind["rent", "low"], by_kind["rent", "high"]
    assert low.mean == pytest.approx(-0.5, abs=0.01)
    assert high.mean == pytest.approx(0.5, abs=0.01)
    assert (high.low, high.high) == pytest.approx((0.1, 0.9), abs=0.01)
    none = by_kind["calls", "not known"]
    assert (none.households, none.value) == (100, None)
    assert none.mean == pytest.approx(-0.1)
    assert sum(g.households for g in found.summary if g.feature == "calls") == ROWS


def test_bands_hold_like_values_together_and_rise_with_them():
    _, _, found = _made()
    calls = [group for group in found.dependence if group.feature == "calls"]
    assert [group.value for group in calls] == [0, 1, 2, 3]
    assert [group.mean for group in calls] == pytest.approx([0.0, 0.1, 0.2, 0.3])
    rent = [group.mean for group in found.dependence if group.feature == "rent"]
    assert len(rent) == 10
    assert rent == sorted(rent)


def test_no_group_under_the_minimum_is_shown():
    _, _, found = _made(least=90)
    assert min(group.households for group in (*found.summary, *found.dependence)) >= 90
    assert "rent" not in {group.feature for group in found.dependence}
    assert len(found.summary) <= 3 * MOST_FEATURES


def test_pictures_are_drawn_of_groups_alone():
    _, _, found = _made()
    one, other = summary_picture(found), dependence_picture(found)
    for drawn in (one, other):
        assert drawn.startswith("<svg")
        assert "rent" in drawn
        assert len(drawn) < 100_000
