"""Groups of two attributes at once: what no single group shows is found, and chance is not."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from fairness.audit import audit_selection
from fairness.labels import group_label, who
from fairness.pairs import pair_findings, published_pairs
from fairness.publish import publish
from fairness.result import Pairs, Row, overall_of
from fairness.verdicts import Verdict
from releases.audited import SeenAudit
from tests.unit.fairness.invented import households, policy

POLICY = policy(reach={"floor": 0.8})
NAMES = ("sex", "age")
HOW = {"groups": NAMES, "policy": POLICY, "seed": 3, "replicates": 200}


def crossed(*, harm: float, seed: int = 5) -> pl.DataFrame:
    """Everybody needs help; half of each are listed, but fewer older women and more older men."""
    rng = np.random.default_rng(seed)
    count = 6000
    sex, age = rng.choice(["F", "M"], count), rng.choice(["35-49", "65+"], count)
    same = (sex == "F") == (age == "65+")
    return pl.DataFrame(
        {
            "household_id": np.arange(count),
            "event": True,
            "selected": rng.random(count) < np.where(same, 0.5 - harm, 0.5 + harm),
            "probability": 0.5,
            "sex": sex,
            "age": age,
        }
    )


def test_harm_that_no_single_group_shows_is_found():
    frame = crossed(harm=0.2)
    alone = audit_selection(frame, **HOW, only=("reach",))
    assert {found.verdict for found in alone} == {Verdict.PASSED}
    both = pair_findings(frame, **HOW)
    said = {found.group: found.verdict for found in both}
    assert said == {
        "F & 65+": Verdict.NOT_PASSED,
        "M & 35-49": Verdict.NOT_PASSED,
        "F & 35-49": Verdict.PASSED,
        "M & 65+": Verdict.PASSED,
    }
    shown = published_pairs(both, POLICY, alone=publish(alone, POLICY))
    assert (shown.looked_at, shown.passed, shown.within, len(shown.rows)) == (4, 2, 0, 2)
    assert overall_of(publish(alone, POLICY), problems=(), policy=POLICY) == "passed"
    with_pairs = (*publish(alone, POLICY), *shown.rows)
    assert overall_of(with_pairs, problems=(), policy=POLICY) == "needs_reason"


def test_what_lies_within_a_group_that_is_not_passed_is_only_counted():
    frame = households(harmed=("sex", "F"), harm=3.0, listed=0.1).rename({"age_band": "age"})
    alone = publish(audit_selection(frame, **HOW, only=("reach",)), POLICY)
    assert [row.group for row in alone if row.verdict is Verdict.NOT_PASSED] == ["F"]
    shown = published_pairs(pair_findings(frame, **HOW), POLICY, alone=alone)
    assert shown.within > 0
    assert shown.rows == ()


def test_nobody_is_accused_where_nothing_is_wrong():
    accused = 0
    for seed in range(20):
        frame = households(seed=seed, count=3000, dates=3, listed=0.1)
        names = ("ethnic_group", "age_band", "sex", "tenure")
        found = pair_findings(frame, **{**HOW, "groups": names, "seed": seed})
        accused += any(one.verdict is Verdict.NOT_PASSED for one in found)
    # At a true rate of 5%, four or more in twenty would be seen less than twice in a hundred.
    assert accused <= 3


def test_what_is_not_recorded_is_a_part_of_a_group():
    frame = crossed(harm=0.0).with_columns(
        pl.when(pl.int_range(pl.len()) % 5 == 0).then(None).otherwise("sex").alias("sex")
    )
    assert any(found.group == "NOT_RECORDED & 65+" for found in pair_findings(frame, **HOW))


@pytest.mark.parametrize("checks", [{"link_rate": {"floor": 0.9}}, {"reach": {}}])
def test_a_policy_that_bounds_no_check_of_test_dates_has_no_pairs(checks):
    bare = policy(**checks)
    assert pair_findings(crossed(harm=0.2), **{**HOW, "policy": bare}) == []
    assert published_pairs([], bare, alone=()) == Pairs()


def sealed(**pairs: object) -> bytes:
    passed = Row(check="reach", attribute="sex", group="F", verdict=Verdict.PASSED)
    audit = {
        "place": "northmere", "month": "2026-10-31", "outcome": "edge_of_crisis",
        "policy": {"fingerprint": "x"}, "rows": [passed.model_dump(mode="json")],
        "problems": [], "overall": "needs_reason", "inputs": {}, **pairs,
    }  # fmt: skip
    return json.dumps(audit).encode()


def test_the_gate_goes_by_pairs_too():
    row = Row(check="reach", attribute="sex & age", group="F & 65+", verdict=Verdict.NOT_PASSED)
    with_pair = sealed(pairs=Pairs(rows=(row,)).model_dump(mode="json"))
    assert SeenAudit.model_validate_json(with_pair).again(POLICY) == "needs_reason"
    assert SeenAudit.model_validate_json(sealed()).again(POLICY) == "passed"


def test_a_group_of_two_is_named_in_words():
    assert group_label("sex & age_band", "F & 65+") == "Women, 65 and over"
    assert who("sex & age_band", "F & NOT_RECORDED") == (
        "households led by women and for whom “age” is not recorded"
    )
