"""Nobody is listed whom only health records would put on the list."""

from __future__ import annotations

import numpy as np

from models.health import health_share, part_numbers, share_of_parts
from models.kinds import summed_by_theme
from models.spec import FeatureSpec

SPECS = (
    FeatureSpec(name="rent", theme="rent"),
    FeatureSpec(name="visits", theme="health", health=True),
    FeatureSpec(name="crises", theme="health", health=True),
    FeatureSpec(name="tax", theme="tax"),
)


def test_health_is_added_up_before_it_is_compared() -> None:
    contributions = np.array(
        [
            [0.5, 0.3, 0.3, 0.1, -3.0],
            [0.7, 0.3, 0.3, 0.1, -3.0],
            [0.0, -0.1, -0.1, -0.5, -3.0],
        ]
    )
    share = health_share(contributions, SPECS)
    assert share.on_top.tolist() == [True, False, False]
    assert np.allclose(share.without, [-2.4, -2.2, -3.5])


def test_a_place_without_health_has_nothing_to_reroute() -> None:
    specs = (SPECS[0], SPECS[3])
    share = health_share(np.array([[0.5, 0.2, -3.0]]), specs)
    assert not share.on_top.any()
    assert np.allclose(share.without, [-2.3])


def test_with_nothing_but_health_everything_is_health() -> None:
    share = health_share(np.array([[0.5, 0.2, -3.0]]), SPECS[1:3])
    assert share.on_top.tolist() == [True]


def test_a_score_that_nothing_raised_is_silent() -> None:
    parts = np.array([[0.5, 0.0, 0.0, 0.0, -1.0], [0.0, 0.0, -0.5, 0.0, 2.0]])
    assert health_share(parts, SPECS).silent.tolist() == [False, True]


def test_parts_by_theme_tell_what_contributions_of_features_tell() -> None:
    chance = np.random.default_rng(1)
    specs = (*SPECS, FeatureSpec(name="stress", theme="rent", health=True))
    contributions = chance.normal(0, 0.1, (50, 6))
    numbers = part_numbers(specs)
    sums = summed_by_theme(contributions, numbers)
    one, two = health_share(contributions, specs), share_of_parts(sums, specs)
    assert sums.shape == (50, 5)
    assert np.array_equal(one.on_top, two.on_top)
    assert np.array_equal(one.silent, two.silent)
    assert np.allclose(one.without, contributions[:, [0, 3, 5]].sum(axis=1))
    assert 0 < two.on_top.sum() < 50
    assert two.silent.any()
