"""A closer look at rows that can be counted by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from contracts.months import month_ends
from models.bootstrap import Resamples
from models.catalogue import SERVICES, catalogue_specs
from models.closer import calibration, known_to, look, net_benefits, newcomers
from models.measures import THRESHOLDS, net_benefit
from models.panel import Labels, Panel
from models.spec import FeatureSpec
from models.splits import Fit
from tests.unit.models.conftest import MONTH

DAYS = month_ends(MONTH.replace(month=7), MONTH)
HOUSEHOLDS = 50
PLAN = Fit(first=(), later=(), whole=tuple(DAYS[:2]), tests=(DAYS[-1],))


def _panel() -> Panel:
    rows = HOUSEHOLDS * len(DAYS)
    household = np.tile(np.arange(HOUSEHOLDS), len(DAYS))
    no = np.zeros(rows, dtype=bool)
    return Panel(
        specs=(
            FeatureSpec(name="housing_duty_open", theme="housing_help"),
            FeatureSpec(name="hardship_requests_12m", theme="hardship"),
            FeatureSpec(name="other", theme="rent"),
        ),
        x=np.column_stack(
            [household < 10, np.where(household < 5, np.nan, household % 5 == 0), household]
        ).astype(np.float32),
        household=household,
        day=np.repeat(np.array(DAYS, dtype="datetime64[D]"), HOUSEHOLDS),
        area=np.zeros(rows, dtype=np.int64),
        restricted=no,
        communal=no,
    )


def _backtest() -> pl.DataFrame:
    """The last month: the lower a household's number, the more probable."""
    at = np.arange(HOUSEHOLDS)
    return pl.DataFrame(
        {
            "household_id": at,
            "snapshot_date": [DAYS[-1]] * HOUSEHOLDS,
            "event": at % 3 == 0,
            "raw_score": -at.astype(float),
            "probability": 0.45 - at * 0.008,
            "rule_probability": np.where(at % 2 == 0, 0.3, 0.02),
            "selected": at < 12,
            "lead_days": [None if here % 3 else 60 for here in at],
        }
    )


@pytest.fixture(scope="module")
def looked():
    return look(_panel(), _backtest())


@pytest.fixture(scope="module")
def resamples():
    return Resamples.draw(np.arange(HOUSEHOLDS), replicates=300, seed=2)


def test_rows_are_found_in_the_panel(looked):
    panel = _panel()
    assert (panel.household[looked.rows] == looked.judged.household).all()
    assert (panel.day[looked.rows] == np.datetime64(DAYS[-1])).all()


def test_the_decision_curve_is_net_benefit_in_every_1000(looked, resamples):
    y = looked.judged.y
    for point, at in zip(net_benefits(looked, resamples), THRESHOLDS, strict=True):
        model, rule, everyone = (
            1000 * net_benefit(y, chance, at)
            for chance in (looked.probability, looked.rule, np.ones(len(y)))
        )
        assert point.model.value == pytest.approx(model, abs=1e-4)
        assert point.rule.value == pytest.approx(rule, abs=1e-4)
        assert point.everyone.value == pytest.approx(everyone, abs=1e-4)
        assert point.gain.value == pytest.approx(model - max(rule, everyone, 0), abs=1e-4)
        assert point.gain.low <= point.gain.value <= point.gain.high
        assert point.chosen == (looked.probability >= at).sum()


def test_newcomers_are_those_from_whom_the_model_has_learnt_nothing(looked, resamples):
    panel = _panel()
    y = np.zeros(len(panel.household))
    y[panel.household >= 40] = np.nan
    no = np.zeros(len(y), dtype=bool)
    labels = Labels(eligible=~no, supported=no, y=y, lead_days=np.full(len(y), np.nan))
    found = newcomers(looked, panel, labels, [PLAN], resamples)
    assert (found.newcomers.rows, found.others.rows) == (10, 40)
    assert (found.newcomers.events, found.others.events) == (3, 14)
    assert (found.newcomers.listed, found.others.listed_events) == (0, 4)
    everybody = Labels(eligible=~no, supported=no, y=0 * y, lead_days=labels.lead_days)
    everybody.y[:] = 0.0
    assert newcomers(looked, panel, everybody, [PLAN], resamples) is None


def test_who_was_known_to_a_service_already(looked, resamples):
    found = {one.key: one for one in known_to(looked, _panel(), SERVICES, resamples)}
    assert set(found) == {"housing", "hardship", "any"}
    assert found["housing"].listed.value == pytest.approx(10 / 12, abs=1e-5)
    assert found["hardship"].listed.value == pytest.approx(2 / 12, abs=1e-5)
    assert found["any"].listed.value == pytest.approx(11 / 12, abs=1e-5)
    assert found["any"].listed_events.value == pytest.approx(1.0)
    assert found["any"].everyone.value == pytest.approx(18 / 50, abs=1e-5)
    assert found["any"].everyone.low < 18 / 50 < found["any"].everyone.high


def test_services_are_told_by_features_that_the_catalogue_has():
    names = {spec.name for spec in catalogue_specs()}
    assert all(set(features) <= names for _, features in SERVICES.values())


def test_a_curve_is_drawn_of_what_was_tested(looked, resamples):
    found = calibration(looked, resamples)
    assert found.points[0].expected < found.points[-1].expected
    assert found.index.value == pytest.approx(0.12, abs=0.06)
