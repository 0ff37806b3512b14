from __future__ import annotations

import polars as pl
import pytest

from fairness.links import link_findings
from fairness.recording import recording_findings
from fairness.verdicts import Verdict
from tests.unit.fairness.invented import policy

FLOOR = policy(link_rate={"floor": 0.9, "if_not_passed": "stop"})


def rates(*rows):
    """Each source meets as often as its records all together do."""
    names = ("source", "group_kind", "group_value", "records", "met")
    usual = pl.col("met").sum().over("source") / pl.col("records").sum().over("source")
    frame = pl.DataFrame(rows, schema=names, orient="row")
    return frame.with_columns((pl.col("records") * usual).alias("met_usual"))


def judged(frame, chosen=FLOOR):
    found = link_findings(frame, groups=("ethnic_group",), policy=chosen)
    return {row.group: row for row in found}


def test_a_group_joined_less_often_is_not_passed():
    found = judged(
        rates(
            ("uc", "ethnic_group", "WHITE", 4000, 3800),
            ("uc", "ethnic_group", "ASIAN", 500, 375),
        )
    )
    assert found["ASIAN"].verdict is Verdict.NOT_PASSED
    assert found["ASIAN"].ratio < 0.85
    assert found["WHITE"].verdict is Verdict.PASSED


def test_a_source_that_joins_less_is_not_held_against_those_who_use_it():
    """Each source joins both groups alike; one group's records lie in the worse source."""
    found = judged(
        rates(
            ("rent", "ethnic_group", "WHITE", 4000, 3960),
            ("rent", "ethnic_group", "ASIAN", 100, 99),
            ("uc", "ethnic_group", "WHITE", 400, 280),
            ("uc", "ethnic_group", "ASIAN", 900, 630),
        )
    )
    assert found["ASIAN"].rate < 0.8 * found["WHITE"].rate
    assert found["ASIAN"].ratio == pytest.approx(1.0)
    assert {row.verdict for row in found.values()} == {Verdict.PASSED}


@pytest.mark.parametrize("records", [0, 1, 19])
def test_a_group_of_few_records_is_too_few_to_say(records):
    found = judged(
        rates(
            ("uc", "ethnic_group", "WHITE", 900, 855),
            ("uc", "ethnic_group", "OTHER", records, records),
        )
    )
    assert found["OTHER"].verdict is Verdict.TOO_FEW


def test_records_of_which_none_is_joined_have_no_ratio_and_no_pass():
    found = judged(
        rates(("uc", "ethnic_group", "WHITE", 900, 0), ("uc", "ethnic_group", "ASIAN", 300, 0))
    )
    assert {row.verdict for row in found.values()} == {Verdict.TOO_FEW}


def test_without_a_floor_there_is_a_range_and_no_verdict():
    frame = rates(
        ("uc", "ethnic_group", "WHITE", 900, 855), ("uc", "ethnic_group", "ASIAN", 300, 285)
    )
    asian = judged(frame, policy(reach={"floor": 0.8}))["ASIAN"]
    assert asian.verdict is None
    assert asian.ratio_low < 1 < asian.ratio_high


def test_recording_counts_unknown_as_not_recorded():
    households = pl.DataFrame(
        {
            "sex": ["F"] * 60 + ["M"] * 30 + ["NOT_RECORDED"] * 10,
            "tenure": ["OWNER"] * 70 + ["UNKNOWN"] * 20 + [None] * 10,
        }
    )
    found = recording_findings(households, groups=("sex", "tenure"), policy=policy())
    assert {row.attribute: row.rate for row in found} == {"sex": 0.9, "tenure": 0.7}
    assert all(row.verdict is None for row in found)


@pytest.mark.parametrize(
    ("recorded", "verdict"),
    [(95, Verdict.PASSED), (80, Verdict.UNCERTAIN), (60, Verdict.NOT_PASSED)],
)
def test_recording_can_be_held_to_a_floor(recorded, verdict):
    households = pl.DataFrame({"sex": ["F"] * recorded + [None] * (100 - recorded)})
    held = policy(recording={"floor": 0.8})
    (found,) = recording_findings(households, groups=("sex",), policy=held)
    assert found.verdict is verdict


def test_no_households_no_pass():
    held = policy(recording={"floor": 0.8})
    nobody = pl.DataFrame({"sex": []}, schema={"sex": pl.String})
    (found,) = recording_findings(nobody, groups=("sex",), policy=held)
    assert found.verdict is Verdict.TOO_FEW
