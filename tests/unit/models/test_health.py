"""Nobody is listed whom only health records would put on the list."""

from __future__ import annotations

import numpy as np

from models.health import HealthShare, choose_area, health_share, settle
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


def test_the_search_looks_further_down_where_it_must() -> None:
    score = np.linspace(10, 1, 40)
    asked = []

    def shares(rows: np.ndarray) -> HealthShare:
        asked.append(len(rows))
        none = np.zeros(len(rows), dtype=bool)
        return HealthShare(on_top=rows < 20, without=np.full(len(rows), -5.0), silent=none)

    listed, left = choose_area(np.arange(40), score, 4, shares)
    assert listed.tolist() == [20, 21, 22, 23]
    assert sorted(left.tolist()) == list(range(20))
    assert asked == [9, 18, 36]


def test_nobody_leaves_a_list_that_has_room() -> None:
    share = HealthShare(
        on_top=np.ones(3, dtype=bool), without=np.full(3, -9.0), silent=np.zeros(3, dtype=bool)
    )
    listed, left = settle(np.array([3.0, 2.0, 1.0]), share, 3, everyone=True)
    assert listed.tolist() == [0, 1, 2]
    assert left.tolist() == []


def test_nobody_is_listed_of_whom_nothing_could_be_said() -> None:
    none = np.zeros(3, dtype=bool)
    share = HealthShare(on_top=none, without=np.full(3, 1.0), silent=np.array([False, True, False]))
    listed, left = settle(np.array([3.0, 2.0, 1.0]), share, 3, everyone=True)
    assert listed.tolist() == [0, 2]
    assert left.tolist() == []


def test_a_score_that_nothing_raised_is_silent() -> None:
    parts = np.array([[0.5, 0.0, 0.0, 0.0, -1.0], [0.0, 0.0, -0.5, 0.0, 2.0]])
    assert health_share(parts, SPECS).silent.tolist() == [False, True]


def test_nobody_at_all() -> None:
    share = HealthShare(
        on_top=np.zeros(0, dtype=bool), without=np.zeros(0), silent=np.zeros(0, dtype=bool)
    )
    listed, left = settle(np.zeros(0), share, 3, everyone=True)
    assert len(listed) == len(left) == 0
