"""Figures of a small backtest that can be checked by hand, and which model ships."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import logit

from models.bootstrap import Resamples
from models.choose import choose
from models.evaluate import Judged, Ranking, compare, evaluate
from models.listed import by_neighbourhood, lead_time
from models.measured import Difference, Measured
from models.measures import calibration_bands, calibration_gap, decision_curve, net_benefit, tidy


def _judged(repeat: int = 1) -> Judged:
    y = np.tile([1.0, 0, 1, 0, 0, 0, 0, 1, 0, 0], repeat)
    score = np.tile([9.0, 8, 7, 6, 5, 4, 3, 2, 1, 0], repeat)
    rows = len(y)
    probability = np.tile([0.8, 0.6, 0.5, 0.3, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1], repeat)
    top = np.tile([True, True, True, True, False] + [False] * 5, repeat)
    other = np.tile([True, True, False, False, True, True] + [False] * 4, repeat)
    return Judged(
        household=np.arange(rows),
        day=np.full(rows, np.datetime64("2025-01-31")),
        area=np.tile([0, 0, 1, 1, 0, 1, 0, 1, 0, -1], repeat),
        y=y,
        lead_days=np.where(y > 0, np.tile([40.0, 0, 100, 0, 0, 0, 0, 170, 0, 0], repeat), np.nan),
        rankings={
            "model": Ranking(says="model", score=score, chosen=top, logit=logit(probability)),
            "rule": Ranking(says="rule", score=np.round(score / 4), chosen=other),
        },
    )


@pytest.fixture(scope="module")
def judged() -> Judged:
    return _judged(100)


@pytest.fixture(scope="module")
def resamples(judged: Judged) -> Resamples:
    return Resamples.draw(judged.household, replicates=300, seed=1)


def test_figures_at_capacity_are_those_of_a_hand_count(
    judged: Judged, resamples: Resamples
) -> None:
    reports, _ = evaluate(judged, resamples, fully=("model",))
    model = reports["model"]
    assert (model.listed, model.listed_events) == (400, 200)
    assert model.precision.value == 0.5
    assert model.recall.value == pytest.approx(2 / 3, abs=1e-5)
    assert model.lift.value == pytest.approx(0.5 / 0.3, abs=1e-5)
    assert model.expected_over_observed.value == 1.0
    assert model.expected_over_observed_listed.value == 1.1
    assert model.expected_over_observed_top.value == 0.8
    assert model.auroc.value == pytest.approx((7 + 6 + 2) / 21, abs=1e-5)
    assert model.precision.low < 0.5 < model.precision.high
    spread = (model.precision.high - model.precision.low) / 3.92
    assert spread == pytest.approx(np.sqrt(0.25 / 400), rel=0.2)
    assert reports["rule"].expected_over_observed is None
    assert reports["rule"].auroc.low is None


def test_a_difference_is_paired(judged: Judged, resamples: Resamples) -> None:
    _, draws = evaluate(judged, resamples, fully=("model",))
    same = compare("model", "model", draws, says="needed help")
    assert (same.precision.low, same.precision.value, same.precision.high) == (0, 0, 0)
    gap = compare("model", "rule", draws, says="needed help")
    assert gap.precision.value == 0.25
    assert gap.precision.low > 0
    assert gap.says.startswith("Of every 100 listed, 25.0 more later needed help (range ")


def test_lead_time_is_of_listed_households_to_whom_it_came(
    judged: Judged, resamples: Resamples
) -> None:
    lead = lead_time(judged, judged.rankings["model"].chosen, resamples)
    assert lead.events == 200
    assert lead.median_days == 70
    assert lead.share_60_days_or_more.value == 0.5
    assert lead.by_30_days == {"30 to 59": 100, "90 to 119": 100}


def test_lead_time_of_nobody(judged: Judged, resamples: Resamples) -> None:
    lead = lead_time(judged, np.zeros(len(judged.y), dtype=bool), resamples)
    assert (lead.events, lead.median_days, lead.share_60_days_or_more.value) == (0, None, None)


def test_each_neighbourhood_is_measured_on_its_own(judged: Judged, resamples: Resamples) -> None:
    chosen = judged.rankings["model"].chosen
    one, two, none = by_neighbourhood(judged, chosen, resamples, {"N1": 2, "N2": 2, "N3": 4})
    assert (one.listed, one.listed_events, one.precision.value) == (200, 100, 0.5)
    assert two.recall.value == 0.5
    assert (none.listed, none.precision.value) == (0, None)


def test_bands_gap_and_curve() -> None:
    y, p = np.array([0.0, 0, 1, 1]), np.array([0.1, 0.3, 0.6, 0.8])
    bands = calibration_bands(y, p, bands=2)
    assert [(band.expected, band.observed) for band in bands] == [(0.2, 0.0), (0.7, 1.0)]
    assert calibration_gap(bands) == 0.25
    assert calibration_gap([]) is None
    assert net_benefit(y, p, 0.5) == 0.5
    assert net_benefit(y, p, 0.2) == pytest.approx((2 - 0.25) / 4)
    curve = decision_curve(y, p, None)
    assert curve[0].threshold == 0.05
    assert all(point.rule is None for point in curve)


@pytest.mark.parametrize(
    ("value", "written"), [(0.1234567, 0.12346), (float("nan"), None), (None, None), (-0.0, 0.0)]
)
def test_figures_as_written(value: float | None, written: float | None) -> None:
    assert tidy(value) == written


def _difference(first: str, second: str, low: float, high: float) -> Difference:
    gap = Measured(value=(low + high) / 2, low=low, high=high)
    return Difference(
        first=first,
        second=second,
        precision=gap,
        recall=gap,
        auroc=gap,
        average_precision=gap,
        says=f"{first} {second}.",
    )


def test_without_a_range_nothing_wins() -> None:
    nothing = Measured(value=0.3)

    def compared(first: str, second: str) -> Difference:
        return _difference(first, second, 0, 0).model_copy(update={"precision": nothing})

    choice = choose(compared, picked="lightgbm", rule="arrears")
    assert (choice.recommended, choice.shipped) == ("arrears", "points")
