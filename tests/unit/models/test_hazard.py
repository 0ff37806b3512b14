"""The hazard on households whose chances are known, and its figures by hand."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pytest

from models.bootstrap import Resamples
from models.follow import AHEAD, END, EVENT, NEITHER, Followed
from models.hazard import STRETCHES, fit_hazard
from models.panel import Panel
from models.spec import FeatureSpec
from models.timing import horizon_report, middle_month
from tests.unit.models.conftest import small_place

SPECS = (
    FeatureSpec(name="strain", theme="rent", monotone=1),
    FeatureSpec(name="noise", theme="home"),
)
ROWS = 6000


def _panel(x: np.ndarray) -> Panel:
    no = np.zeros(len(x), dtype=bool)
    return Panel(
        specs=SPECS,
        x=x.astype(np.float32),
        household=np.arange(len(x)),
        day=np.full(len(x), np.datetime64("2025-01-31")),
        area=np.zeros(len(x), dtype=np.int64),
        restricted=no,
        communal=no,
    )


def _hazards(x: np.ndarray, *, leaving: float) -> tuple[np.ndarray, np.ndarray]:
    """Chance of the event, which grows for a quarter and then falls, and of an end, each month."""
    shape = np.array([0.02, 0.8, 1.2] + [1.0] * 3 + [0.7] * 6)
    event = np.minimum(0.02 * np.exp(0.8 * x[:, :1]) * shape, 0.6)
    return event, np.full_like(event, leaving)


def _lives(x: np.ndarray, *, leaving: float, lost: float, seed: int) -> Followed:
    chance = np.random.default_rng(seed)
    event, end = _hazards(x, leaving=leaving)
    months, status = np.full(len(x), AHEAD), np.zeros(len(x), dtype=np.int64)
    going = np.ones(len(x), dtype=bool)
    for at in range(AHEAD):
        came = going & (chance.random(len(x)) < event[:, at])
        ended = going & ~came & (chance.random(len(x)) < end[:, at])
        gone = going & ~came & ~ended & (chance.random(len(x)) < lost)
        months[came | ended | gone] = at + 1
        status[came], status[ended] = EVENT, END
        going &= ~(came | ended | gone)
    return Followed(rows=np.arange(len(x)), months=months, status=status)


def _truth(x: np.ndarray, *, leaving: float) -> np.ndarray:
    event, end = _hazards(x, leaving=leaving)
    left = np.cumprod((1 - event) * (1 - end), axis=1)
    before = np.column_stack([np.ones(len(x)), left[:, :-1]])
    return np.cumsum(before * event, axis=1)


def _fitted(kind: str, *, leaving: float = 0.02, most: int = 20_000):
    chance = np.random.default_rng(1)
    x = chance.normal(0, 1, (ROWS, 2))
    followed = _lives(x, leaving=leaving, lost=0.03, seed=2)
    hazard = fit_hazard(
        _panel(x),
        followed,
        kind=kind,
        trees=60,
        training=small_place(trees=60).training,
        most=most,
    )
    return hazard, np.random.default_rng(3).normal(0, 1, (4000, 2))


@pytest.mark.parametrize(("kind", "near"), [("points", 0.25), ("lightgbm", 0.12)])
def test_chances_are_near_the_truth_at_every_horizon(kind, near):
    hazard, x = _fitted(kind)
    said, truth = hazard.chances(x.astype(np.float32)), _truth(x, leaving=0.02)
    assert (np.diff(said, axis=1) >= 0).all()
    assert hazard.trees == (kind == "lightgbm")
    for months in (3, 6, 12):
        one, other = said[:, months - 1], truth[:, months - 1]
        assert one.mean() == pytest.approx(other.mean(), rel=0.1)
        assert np.corrcoef(one, other)[0, 1] > 0.9
    top = truth[:, -1] >= np.quantile(truth[:, -1], 0.9)
    assert said[top, -1].mean() == pytest.approx(truth[top, -1].mean(), rel=near)


def test_a_household_that_has_ended_can_have_no_event():
    """Were ends taken as losses from view, the chance would be of a world in which nobody goes."""
    few, x = _fitted("logistic", leaving=0.0)
    many, _ = _fitted("logistic", leaving=0.15)
    truth = _truth(x, leaving=0.15)[:, -1].mean()
    assert many.chances(x.astype(np.float32))[:, -1].mean() == pytest.approx(truth, rel=0.1)
    assert truth < 0.6 * few.chances(x.astype(np.float32))[:, -1].mean()
    assert few.end_model is None
    assert few.end_rate.max() == 0.0
    assert many.end_model is not None


def test_thinned_months_stand_for_all():
    whole, x = _fitted("logistic", most=1_000_000)
    few, _ = _fitted("logistic", most=6_000)
    one, other = (hazard.chances(x.astype(np.float32))[:, -1] for hazard in (whole, few))
    assert other.mean() == pytest.approx(one.mean(), rel=0.1)


def test_too_few_events_make_no_hazard():
    chance = np.random.default_rng(1)
    x = chance.normal(0, 1, (500, 2))
    still = Followed(
        rows=np.arange(500), months=np.full(500, 12), status=np.zeros(500, dtype=np.int64)
    )
    training = small_place().training
    assert (
        fit_hazard(_panel(x), still, kind="points", trees=9, training=training, most=9000) is None
    )


def test_stretches_end_at_the_horizons():
    assert [last for _, last in STRETCHES] == [3, 6, 12]


def test_the_share_to_whom_it_came_is_that_of_aalen_and_johansen():
    """Ten homes: an event in month 1, an end in 2, two lost after 1, an event in 3, five go on."""
    months = np.array([1, 2, 1, 1, 3] + [4] * 5)
    status = np.array([EVENT, END, NEITHER, NEITHER, EVENT] + [NEITHER] * 5)
    followed = Followed(rows=np.arange(10), months=months, status=status)
    by = np.repeat(np.linspace(0.05, 0.6, AHEAD)[None, :], 10, axis=0)
    by[[0, 4]] += 0.1
    resamples = Resamples.draw(np.arange(10), replicates=200, seed=1)
    found = horizon_report(3, np.arange(10), followed, by, resamples)
    expected = 1 / 10 + (9 / 10) * (6 / 7) * (1 / 6)
    assert found.observed == pytest.approx(expected, abs=1e-5)
    assert found.expected == pytest.approx(by[:, 2].mean(), abs=1e-5)
    assert (found.rows, found.events) == (8, 2)
    assert found.auroc.value == 1.0
    first = horizon_report(1, np.arange(10), followed, by, resamples)
    assert first.observed == pytest.approx(0.1)


def test_the_middle_month_is_where_half_of_the_year_has_gathered():
    by = np.zeros((3, AHEAD))
    by[0, 3:] = 0.4
    by[1] = np.linspace(0.05, 0.6, AHEAD)
    assert middle_month(by) == pytest.approx([3.5, 6.0, 0.5])


def test_a_place_that_asks_when_is_told(done_with_timing):
    report, con = done_with_timing
    timing = report.evaluation.closer.timing
    assert [horizon.months for horizon in timing.horizons] == [3, 6, 12]
    assert max(timing.tested) < date(2026, 10, 31)
    year = timing.horizons[-1]
    assert year.expected_over_observed.low < 1 < year.expected_over_observed.high
    assert year.auroc.low > 0.65
    assert timing.concordance.low is not None
    rows = con.execute(
        "SELECT count(*), min(within_3m), bool_and(within_3m <= within_6m AND within_6m <= "
        "within_12m), max(within_12m), min(middle_month), max(middle_month) FROM m2026_10.timing"
    ).fetchall()[0]
    assert rows[0] > 1300
    assert 0 < rows[1] < rows[3] < 1
    assert rows[2]
    assert 0 < rows[4] < rows[5] < 12


@pytest.fixture(scope="module")
def done_with_timing(tmp_path_factory, world, write):
    from contracts.reporting import Reporting
    from models import train_and_evaluate

    home = tmp_path_factory.mktemp("timing")
    place = small_place(replicates=200, trees=20, origins=2)
    only = {place.listed_outcome: place.outcomes[place.listed_outcome]}
    asked = Reporting(timing=True, most_rows=5000)
    place = place.model_copy(update={"reporting": asked, "outcomes": only})
    path = write(home / "w.duckdb", world)
    with duckdb.connect(str(path)) as con:
        report = train_and_evaluate(
            con, place=place, month=date(2026, 10, 31), folder=home / "2026-10"
        )
        yield report, con
