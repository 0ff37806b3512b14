"""Which verdict a group gets, by what is known of it."""

from __future__ import annotations

import numpy as np
import pytest

from fairness.posteriors import Sampled, sampled
from fairness.verdicts import Bounds, Evidence, Verdict, holm, households_needed

PASSED, UNCERTAIN, NOT_PASSED, TOO_FEW = Verdict
FLOOR = Bounds(floor=0.8)


def draws(below: float, *, above: float = 0.0) -> Sampled:
    """A thousand draws, of which shares lie below 0.8 and above 1.25."""
    low, high = round(1000 * below), round(1000 * above)
    return Sampled(
        np.concatenate([np.full(low, 0.5), np.full(high, 2.0), np.full(1000 - low - high, 1.0)])
    )


@pytest.mark.parametrize(
    ("below", "verdict"),
    [
        (0.00, PASSED),
        (0.09, PASSED),
        (0.10, UNCERTAIN),
        (0.50, UNCERTAIN),
        (0.90, UNCERTAIN),
        (0.91, NOT_PASSED),
        (1.00, NOT_PASSED),
    ],
)
def test_a_floor(below, verdict):
    assert FLOOR.verdict(draws(below)) is verdict


@pytest.mark.parametrize(
    ("below", "above", "verdict"),
    [
        (0.00, 0.00, PASSED),
        (0.04, 0.04, PASSED),
        (0.06, 0.06, UNCERTAIN),
        (0.00, 0.95, NOT_PASSED),
        (0.95, 0.00, NOT_PASSED),
        (0.48, 0.48, NOT_PASSED),
    ],
)
def test_a_floor_and_a_ceiling(below, above, verdict):
    assert Bounds(floor=0.8, ceiling=1.25).verdict(draws(below, above=above)) is verdict


@pytest.mark.parametrize(
    ("above", "verdict"), [(0.0, PASSED), (0.5, UNCERTAIN), (0.95, NOT_PASSED)]
)
def test_a_ceiling(above, verdict):
    assert Bounds(floor=None, ceiling=1.25).verdict(draws(0.05, above=above)) is verdict


@pytest.mark.parametrize(
    "nothing", [np.empty(0), np.array([np.nan]), np.array([1.0, np.inf])], ids=["no", "nan", "inf"]
)
def test_what_is_undefined_never_passes(nothing):
    assert FLOOR.verdict(sampled(nothing)) is TOO_FEW


@pytest.mark.parametrize(
    ("rate", "events", "verdict"),
    [
        (0.30, 20, UNCERTAIN),
        (0.30, 60, UNCERTAIN),
        (0.30, 400, PASSED),
        (0.30, 4000, PASSED),
        (0.15, 20, UNCERTAIN),
        (0.15, 200, NOT_PASSED),
        (0.00, 60, NOT_PASSED),
        (0.24, 100_000, UNCERTAIN),
        (0.45, 60, PASSED),
    ],
)
def test_a_group_beside_everyone_at_30_in_100(rate, events, verdict):
    """Everyone else's reach is 0.30 of 5,000 households; the floor is 80% of everyone's."""
    weight = events / (events + 5000) if events < 5000 else 0.0
    found = Evidence(rate=rate, amount=events, rest_rate=0.30, rest_amount=5000, weight=weight)
    assert FLOOR.verdict(found.posterior()) is verdict


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(rate=0.0, amount=50, rest_rate=0.0, rest_amount=500, weight=0.1),
        Evidence(rate=float("nan"), amount=0, rest_rate=0.3, rest_amount=500, weight=0.0),
        Evidence(rate=0.3, amount=50, rest_rate=0.3, rest_amount=0, weight=1.0),
    ],
    ids=["nobody is reached", "nobody in the group", "nobody to be compared with"],
)
def test_no_ratio_no_pass(evidence):
    assert FLOOR.verdict(evidence.posterior()) is TOO_FEW
    assert households_needed(evidence, FLOOR) is None


def test_an_uncertain_group_would_be_settled_by_the_households_it_says():
    found = Evidence(rate=0.27, amount=60, rest_rate=0.30, rest_amount=5000, weight=0.012)
    needed = households_needed(found, FLOOR)
    assert needed is not None
    assert needed > 60

    def at(amount):
        larger = Evidence(
            rate=0.27,
            amount=amount,
            rest_rate=0.30,
            rest_amount=5000 * amount / 60,
            weight=0.012,
        )
        return FLOOR.verdict(larger.posterior())

    assert at(needed * 1.1) is PASSED
    assert at(needed * 0.8) is UNCERTAIN


def test_a_rate_at_the_floor_is_never_settled():
    found = Evidence(rate=0.24, amount=60, rest_rate=0.30, rest_amount=5000, weight=0.0)
    assert households_needed(found, FLOOR) is None


@pytest.mark.parametrize(
    ("chances", "stands"),
    [
        ([], []),
        ([0.04], [True]),
        ([0.06], [False]),
        ([0.01, 0.04, 0.03], [True, False, False]),
        ([0.001, 0.02, 0.03], [True, True, True]),
        ([0.03, 0.001, 0.9], [False, True, False]),
    ],
)
def test_holm(chances, stands):
    assert holm(chances, level=0.05) == stands
