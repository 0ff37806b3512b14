"""How often a group is accused or cleared, by how many of it needed help.

Everyone's reach is 0.15. A plain comparison with an 80% floor would accuse a group that is treated
alike 55 times in 100 at 10 households and 28 at 40.
"""

from __future__ import annotations

import numpy as np
import pytest

from fairness.verdicts import Bounds, Evidence, Verdict

REACH, TIMES, OTHERS = 0.15, 150, 5000
FLOOR = Bounds(floor=0.8)


def shares(events: int, *, true_ratio: float) -> tuple[float, float, float]:
    """Shares of simulated groups that are not passed, passed, and below the floor plainly."""
    rng = np.random.default_rng(events)
    accused = cleared = plain = 0
    for _ in range(TIMES):
        rate = rng.binomial(events, REACH * true_ratio) / events
        rest = rng.binomial(OTHERS, REACH) / OTHERS
        found = Evidence(
            rate=rate,
            amount=events,
            rest_rate=rest,
            rest_amount=OTHERS,
            weight=events / (events + OTHERS),
        )
        verdict = FLOOR.verdict(found.posterior())
        accused += verdict is Verdict.NOT_PASSED
        cleared += verdict is Verdict.PASSED
        plain += found.ratio < 0.8
    return accused / TIMES, cleared / TIMES, plain / TIMES


@pytest.mark.parametrize(("events", "plain_at_least"), [(20, 0.30), (40, 0.20), (160, 0.05)])
def test_a_group_treated_alike_is_hardly_ever_accused(events, plain_at_least):
    accused, _, plain = shares(events, true_ratio=1.0)
    assert accused <= 0.03
    assert plain >= plain_at_least


@pytest.mark.parametrize(
    ("events", "least", "most"), [(40, 0.05, 0.40), (160, 0.55, 0.90), (640, 0.95, 1.0)]
)
def test_a_group_reached_half_as_often_is_accused_once_enough_is_known(events, least, most):
    accused, _, _ = shares(events, true_ratio=0.5)
    assert least <= accused <= most


@pytest.mark.parametrize(("events", "least", "most"), [(20, 0.0, 0.40), (640, 0.65, 0.98)])
def test_a_group_treated_alike_is_cleared_once_enough_is_known(events, least, most):
    _, cleared, _ = shares(events, true_ratio=1.0)
    assert least <= cleared <= most
