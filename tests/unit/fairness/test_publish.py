from __future__ import annotations

import pytest

from fairness.findings import Finding
from fairness.publish import FINE_FROM, publish, published_one
from fairness.result import Row
from fairness.verdicts import Verdict
from tests.unit.fairness.invented import policy

POLICY = policy()
FIGURES = tuple(
    set(Row.model_fields) - {"check", "attribute", "group", "verdict", "clear_of_chance", "source"}
)


def finding(group, base, **changed):
    figures = {
        "rate": 0.2608, "low": 0.1812, "high": 0.3567, "everyone": 0.31, "ratio": 0.8413,
        "ratio_low": 0.61, "ratio_high": 1.1, "verdict": Verdict.UNCERTAIN, "outside": 0.4123,
    }  # fmt: skip
    return Finding(
        check="reach", attribute="ethnic_group", group=group, base=base, **(figures | changed)
    )


def test_counts_are_rounded_and_rates_whole():
    (row,) = publish([finding("ASIAN", 92)], POLICY)
    assert row.base == 90
    assert (row.rate, row.low, row.high) == (0.26, 0.18, 0.36)
    assert (row.ratio, row.outside) == (0.84, 0.41)


def test_a_large_base_may_have_a_decimal_more():
    (row,) = publish([finding("ASIAN", FINE_FROM)], POLICY)
    assert row.rate == 0.261


def test_small_groups_are_hidden_two_together_and_keep_their_verdicts():
    rows = publish(
        [
            finding("ASIAN", 92),
            finding("MIXED", 12, verdict=Verdict.TOO_FEW),
            finding("WHITE", 480, verdict=Verdict.PASSED),
        ],
        POLICY,
    )
    told = {row.group: row for row in rows}
    for group in ("MIXED", "ASIAN"):
        assert all(getattr(told[group], name) is None for name in FIGURES)
    assert told["MIXED"].verdict is Verdict.TOO_FEW
    assert told["ASIAN"].verdict is Verdict.UNCERTAIN
    assert told["WHITE"].base == 480


def test_each_attribute_is_a_table_of_its_own():
    rows = publish(
        [
            finding("MIXED", 5),
            finding("WHITE", 900),
            Finding(check="reach", attribute="sex", group="F", base=400, rate=0.3),
            Finding(check="reach", attribute="sex", group="M", base=500, rate=0.3),
        ],
        POLICY,
    )
    assert [row.shown for row in rows] == [False, False, True, True]


def test_the_order_is_kept():
    found = [finding(group, 100) for group in ("WHITE", "ASIAN", "BLACK")]
    assert [row.group for row in publish(found, POLICY)] == ["WHITE", "ASIAN", "BLACK"]


@pytest.mark.parametrize(("ratio", "flips"), [(1.0, 0.8), (0.85, 0.94), (0.8, None), (0.5, None)])
def test_the_recording_rate_at_which_reach_falls_to_its_floor(ratio, flips):
    (row,) = publish([finding("ASIAN", 100, ratio=ratio)], POLICY)
    assert row.flips_below == flips


def test_what_is_not_a_number_is_not_given():
    (row,) = publish([finding("ASIAN", 100, ratio=float("nan"), expected=float("inf"))], POLICY)
    assert row.ratio is None
    assert row.expected is None


def test_a_forecast_is_given_roughly():
    (row,) = publish([finding("ASIAN", 100, needed=1337)], POLICY)
    assert row.needed == 1400


def test_what_is_not_passed_says_whether_it_is_clear_of_chance():
    rows = publish(
        [
            finding("ASIAN", 100, verdict=Verdict.NOT_PASSED, by_chance=0.0001),
            finding("BLACK", 100, verdict=Verdict.NOT_PASSED, by_chance=0.04),
            finding("WHITE", 100, verdict=Verdict.PASSED, by_chance=0.5),
        ],
        POLICY,
    )
    assert [row.clear_of_chance for row in rows] == [True, False, None]


@pytest.mark.parametrize(("base", "shown"), [(19, None), (21, 20)])
def test_a_figure_alone_is_hidden_where_small(base, shown):
    assert published_one(finding("everyone", base), POLICY).base == shown
