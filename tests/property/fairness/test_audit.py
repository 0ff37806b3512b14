"""What holds of every audit, whatever the rows."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fairness import audit_selection, group_metrics
from fairness.publish import publish
from fairness.verdicts import Bounds, Evidence, Verdict
from tests.unit.fairness.invented import policy

POLICY = policy(
    reach={"floor": 0.8},
    precision={"floor": 0.8},
    calibration={"floor": 0.8, "ceiling": 1.25},
    list_share={"floor": 0.8},
    missed={"ceiling": 1.25},
)
QUICK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ROW = st.fixed_dictionaries(
    {
        "household_id": st.integers(0, 60),
        "event": st.sampled_from([None, True, False]),
        "selected": st.booleans(),
        "probability": st.one_of(st.none(), st.floats(0, 1)),
        "sex": st.sampled_from([None, "F", "M"]),
    }
)
SCHEMA = {
    "household_id": pl.Int64,
    "event": pl.Boolean,
    "selected": pl.Boolean,
    "probability": pl.Float64,
    "sex": pl.String,
}
FRAMES = st.lists(ROW, min_size=1, max_size=120).map(lambda rows: pl.DataFrame(rows, schema=SCHEMA))


def audit(frame):
    return audit_selection(frame, groups=("sex",), policy=POLICY, seed=1, replicates=40)


@QUICK
@given(FRAMES)
def test_every_group_has_every_check_and_nobody_is_lost(frame):
    found = audit(frame)
    groups = set(frame["sex"].fill_null("NOT_RECORDED"))
    shares = [row for row in found if row.check == "list_share"]
    assert {row.group for row in shares} == groups
    assert group_metrics(frame, "sex")["rows"].sum() == frame.height
    for row in shares:
        own = frame.filter(pl.col("sex").fill_null("NOT_RECORDED") == row.group)
        assert row.base == own["household_id"].n_unique()


@QUICK
@given(FRAMES)
def test_tiny_and_undefined_never_pass(frame):
    for row in audit(frame):
        if row.verdict is Verdict.PASSED:
            assert math.isfinite(row.ratio)
            assert row.base >= POLICY.minimum_cell or row.check == "calibration"


@QUICK
@given(FRAMES)
def test_rates_lie_within_their_ranges(frame):
    for row in audit(frame):
        if row.check != "calibration" and math.isfinite(row.rate):
            assert -1e-12 <= row.low <= row.rate + 1e-12
            assert row.rate - 1e-12 <= row.high <= 1 + 1e-12


@QUICK
@given(FRAMES)
def test_reach_and_missed_add_up(frame):
    found = {(row.check, row.group): row for row in audit(frame)}
    for (check, group), row in found.items():
        if check == "reach" and math.isfinite(row.rate):
            assert found["missed", group].rate == pytest.approx(1 - row.rate)


@QUICK
@given(FRAMES)
def test_what_is_published_is_rounded_or_has_no_figure(frame):
    for row in publish(audit(frame), POLICY):
        if row.base is None:
            figures = (row.rate, row.low, row.high, row.ratio, row.needed, row.expected)
            assert figures == (None,) * 6
        else:
            assert row.base % POLICY.round_to == 0
            assert row.rate is None or round(row.rate, 2) == row.rate


@given(
    st.floats(0, 1),
    st.floats(0.01, 1),
    st.integers(1, 2000),
    st.integers(1, 5000),
    st.floats(0, 0.99),
)
@settings(max_examples=60, deadline=None)
def test_a_ratio_is_drawn_between_nought_and_what_the_group_can_weigh(
    rate, rest, amount, others, weight
):
    found = Evidence(rate=rate, amount=amount, rest_rate=rest, rest_amount=others, weight=weight)
    ratio = found.posterior()
    if ratio is None:
        assert found.reference == 0
        return
    low, high = ratio.ppf(0.025), ratio.ppf(0.975)
    assert 0 <= low <= high
    assert Bounds(floor=0.8).verdict(ratio) in Verdict
    if weight > 0.01:
        assert high <= 1 / weight + 1e-9
    drawn = ratio.drawn(seed=1)
    for edge in (0.5, 0.8, 1.0, 1.25):
        assert ratio.cdf(edge) == pytest.approx(np.mean(drawn <= edge), abs=0.02)
