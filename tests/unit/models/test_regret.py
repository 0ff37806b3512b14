"""Ways of picking a model, judged by what their picks have lost."""

from __future__ import annotations

import numpy as np
import pytest

from models.regret import weigh_regret

LISTED = 10


def _made(hits: dict[str, list[int]]) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Months in which each model's own ten rows hold so many events."""
    number = len(next(iter(hits.values())))
    rows = LISTED * len(hits)
    months = np.repeat(np.arange(number), rows)
    y, chosen = np.zeros(number * rows), {}
    for at, (name, found) in enumerate(hits.items()):
        chosen[name] = np.zeros(len(y), dtype=np.bool_)
        for month, count in enumerate(found):
            start = month * rows + at * LISTED
            chosen[name][start : start + LISTED] = True
            y[start : start + count] = 1.0
    return months, y, chosen


def test_regret_is_what_the_pick_lost_to_the_best_of_each_month() -> None:
    months, y, chosen = _made({"points": [3, 3, 3, 3], "lightgbm": [5, 5, 1, 5]})
    found = weigh_regret(months, y, chosen)
    average = next(way for way in found.ways if way.way == "average")
    # Looking back from the third month it picks the trees, which lose 0.2 there and nothing after.
    assert average.regret == pytest.approx(0.1)
    assert average.picks == "lightgbm"
    assert found.months == 4


def test_a_model_that_varies_is_passed_over_by_the_steady_way() -> None:
    months, y, chosen = _made({"logistic": [4] * 6, "lightgbm": [9, 0, 5, 1, 6, 4]})
    found = weigh_regret(months, y, chosen)
    by_way = {way.way: way for way in found.ways}
    assert by_way["steady"].picks == "logistic"
    assert by_way["average"].picks == "lightgbm"
    assert by_way["steady"].regret < by_way["average"].regret
    assert (found.way, found.picked) == ("steady", "logistic")


def test_recent_months_count_more_for_the_recent_way() -> None:
    months, y, chosen = _made({"points": [9] * 5 + [1] * 4, "ebm": [3] * 5 + [6] * 4})
    picks = {way.way: way.picks for way in weigh_regret(months, y, chosen).ways}
    assert picks["average"] == "points"
    assert picks["recent"] == "ebm"


def test_the_simpler_model_is_picked_on_a_tie_and_one_month_is_enough() -> None:
    months, y, chosen = _made({"points": [4], "lightgbm": [4]})
    found = weigh_regret(months, y, chosen)
    assert found.picked == "points"
    assert [way.regret for way in found.ways] == [0.0, 0.0, 0.0]
