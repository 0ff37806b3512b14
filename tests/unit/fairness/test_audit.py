from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from fairness import audit_selection
from fairness.audit import everyone
from fairness.checks import KEYS
from fairness.verdicts import Verdict
from tests.unit.fairness.invented import GROUPS, households, policy

REPLICATES = 200


def audit(frame, *, groups=GROUPS, chosen=None, seed=1):
    return audit_selection(
        frame, groups=groups, policy=chosen or policy(), seed=seed, replicates=REPLICATES
    )


def of(findings, check, attribute=None, group=None):
    return [
        found
        for found in findings
        if found.check == check
        and attribute in (None, found.attribute)
        and group in (None, found.group)
    ]


@pytest.fixture(scope="module")
def fair():
    return audit(households())


@pytest.fixture(scope="module")
def harmed():
    return audit(households(harmed=("ethnic_group", "ASIAN")))


def test_findings_come_in_the_order_of_the_checks(fair):
    order = [KEYS.index(found.check) for found in fair]
    assert order == sorted(order)


def test_a_fair_place_is_not_accused():
    """Some hundreds of verdicts on places without a gap: false alarms stay rare."""
    alarms = []
    for seed in range(5):
        found = audit(households(count=3000, dates=2, seed=100 + seed), seed=seed)
        alarms.append(sum(row.verdict is Verdict.NOT_PASSED for row in found))
        judged = sum(row.verdict is not None for row in found)
        assert judged > 60
    assert sum(alarms) <= 3
    assert sum(count > 0 for count in alarms) <= 2


def test_planted_unfairness_is_found_where_it_is(harmed):
    (reach,) = of(harmed, "reach", "ethnic_group", "ASIAN")
    assert reach.verdict is Verdict.NOT_PASSED
    assert reach.ratio < 0.5
    assert reach.outside > 0.99
    others = [
        found
        for found in of(harmed, "reach")
        if found.attribute != "ethnic_group" and found.verdict is Verdict.NOT_PASSED
    ]
    assert not others


def test_what_the_model_expected_of_a_group_seen_too_little_is_too_little(harmed):
    (expected,) = of(harmed, "calibration", "ethnic_group", "ASIAN")
    assert expected.verdict is Verdict.NOT_PASSED
    assert expected.rate < 0.5


def test_a_group_seen_too_little_has_less_of_the_list_than_of_need(harmed):
    (share,) = of(harmed, "list_share", "ethnic_group", "ASIAN")
    assert share.ratio < 0.5
    assert share.ratio_high < 0.8
    assert share.verdict is None
    held = policy(list_share={"floor": 0.8})
    (judged,) = of(
        audit(households(harmed=("ethnic_group", "ASIAN")), chosen=held),
        "list_share",
        "ethnic_group",
        "ASIAN",
    )
    assert judged.verdict is Verdict.NOT_PASSED


def test_a_group_that_needs_more_and_is_listed_more_is_no_alarm():
    """More need, seen rightly, must not count against the list."""
    rng = np.random.default_rng(5)
    frame = households(count=6000, dates=3, seed=5)
    more = pl.col("tenure") == "PRS"
    odds = (pl.col("probability") / (1 - pl.col("probability"))) * pl.when(more).then(
        2.0
    ).otherwise(1)
    frame = frame.with_columns((odds / (1 + odds)).alias("probability")).with_columns(
        (pl.Series(rng.random(frame.height)) < pl.col("probability")).alias("event"),
        (pl.col("probability").rank(descending=True).over("snapshot_date") <= 300).alias(
            "selected"
        ),
    )
    found = audit(frame, groups=("tenure",))
    (share,) = of(found, "list_share", "tenure", "PRS")
    assert share.rate > 1.3 * share.everyone
    assert all(row.verdict is not Verdict.NOT_PASSED for row in found if row.group == "PRS")


def test_nobody_is_dropped():
    frame = households(count=1000, dates=2).with_columns(
        pl.when(pl.int_range(pl.len()) % 3 == 0).then(None).otherwise(pl.col("sex")).alias("sex"),
        pl.when(pl.int_range(pl.len()) % 5 == 0)
        .then(None)
        .otherwise(pl.col("event"))
        .alias("event"),
    )
    found = audit(frame, groups=("sex",))
    shares = of(found, "list_share", "sex")
    assert "NOT_RECORDED" in {row.group for row in shares}
    ever = frame.with_columns(pl.col("sex").fill_null("NOT_RECORDED"))
    for row in shares:
        own = ever.filter(pl.col("sex") == row.group)
        assert row.base == own["household_id"].n_unique()
        assert row.rate == pytest.approx(own["selected"].mean())


def test_an_empty_selection_is_not_fair():
    found = audit(households(count=2000, dates=2).with_columns(pl.lit(False).alias("selected")))
    judged = [row for row in found if row.check in ("reach", "precision")]
    assert judged
    assert all(row.verdict is Verdict.TOO_FEW for row in judged)


def test_no_rows_no_findings():
    assert audit(households(count=10, dates=1).head(0)) == []


def test_a_group_under_the_minimum_is_too_few_to_say(fair):
    for check in ("reach", "precision"):
        (tiny,) = of(fair, check, "ethnic_group", "OTHER")
        assert tiny.base < 20
        assert tiny.verdict is Verdict.TOO_FEW
        assert np.isnan(tiny.ratio_low)


def test_one_group_alone_has_nobody_to_be_compared_with():
    frame = households(count=2000, dates=2).with_columns(pl.lit("N").alias("disability"))
    found = audit(frame, groups=("disability",))
    assert {row.verdict for row in of(found, "reach")} == {Verdict.TOO_FEW}


def test_an_uncertain_group_is_told_how_many_households_it_would_take(fair):
    uncertain = [row for row in of(fair, "reach") if row.verdict is Verdict.UNCERTAIN]
    assert uncertain
    assert all(row.needed is None or row.needed > row.base * 0.5 for row in uncertain)


def test_bases_count_each_household_once():
    frame = households(count=1500, dates=4)
    (women,) = of(audit(frame, groups=("sex",)), "reach", "sex", "F")
    needed = frame.filter((pl.col("sex") == "F") & pl.col("event"))
    assert women.base == needed["household_id"].n_unique() < needed.height
    assert women.rate == pytest.approx(needed["selected"].mean())


def test_expected_reach_is_what_the_chances_lead_to(fair):
    frame = households()
    (women,) = of(fair, "reach", "sex", "F")
    rows = frame.filter(pl.col("sex") == "F")
    listed = rows.filter("selected")["probability"].sum()
    assert women.expected == pytest.approx(listed / rows["probability"].sum())


def test_everyone_has_each_figure_and_no_verdict(fair):
    frame = households()
    whole = everyone(frame, policy=policy(), seed=1, replicates=REPLICATES)
    assert set(whole) == {row.check for row in fair}
    assert all(row.verdict is None for row in whole.values())
    needed = frame.filter("event")
    assert whole["reach"].rate == pytest.approx(needed["selected"].mean())
    assert whole["reach"].low < whole["reach"].rate < whole["reach"].high
    assert whole["calibration"].rate == pytest.approx(
        frame["probability"].sum() / frame["event"].sum()
    )


def test_the_same_rows_in_another_order_give_the_same_findings():
    frame = households(count=1200, dates=2)
    other = frame.sample(fraction=1.0, shuffle=True, seed=3).sort(
        "household_id", maintain_order=True
    )
    told = audit(frame, groups=("sex", "tenure"))
    again = audit(other, groups=("tenure", "sex"))
    by_key = {(row.check, row.attribute, row.group): row for row in again}
    for row in told:
        twin = by_key[(row.check, row.attribute, row.group)]
        assert twin.verdict is row.verdict
        assert twin.ratio_low == pytest.approx(row.ratio_low, nan_ok=True)
