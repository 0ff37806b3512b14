"""Whom the data can see: a practice that does not share is found, chance is not."""

from __future__ import annotations

from math import isnan

import numpy as np
import polars as pl
import pytest

from fairness import run_audit, write_report
from fairness.seen import OTHERS, seen_findings
from fairness.verdicts import Verdict
from tests.unit.fairness.invented import MONTH, households, month_warehouse, northmere

COLUMNS = ("measure", "source", "group_kind", "group_value", "base", "reached", "households")


@pytest.fixture(scope="module")
def rows():
    return households(count=3000, dates=2)


def found(*lines: tuple[str, int, int], measure: str = "coverage", kind: str = "small_area"):
    """Findings on households and how many of them are reached, by group."""
    source = "gp" if measure == "coverage" else ""
    table = pl.DataFrame(
        [(measure, source, kind, group, base, reached, base) for group, base, reached in lines],
        schema=COLUMNS,
        orient="row",
    )
    place = northmere()
    return {
        one.group: one
        for one in seen_findings(table, groups=place.fairness.groups, policy=place.fairness, seed=1)
    }


def test_the_area_of_a_silent_practice_is_named_and_the_others_are_one():
    areas = [(f"E{n}", 160, 152) for n in range(20)]
    told = found(*areas, ("E99", 150, 25))
    assert set(told) == {"E99", OTHERS}
    assert told["E99"].verdict is Verdict.NOT_PASSED
    assert told["E99"].rate == pytest.approx(25 / 150)
    assert told[OTHERS].verdict is Verdict.PASSED
    assert told[OTHERS].base == 3200


def test_areas_that_differ_by_chance_are_not_named():
    named = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        reached = rng.binomial(150, 0.94, size=140)
        named += bool(found(*((f"E{n}", 150, int(k)) for n, k in enumerate(reached))))
    assert named == 0


def test_a_group_known_only_by_being_found_is_shown_and_not_judged():
    told = found(("WHITE", 900, 870), ("NOT_RECORDED", 100, 20), kind="ethnic_group")
    assert told["NOT_RECORDED"].verdict is None
    assert told["NOT_RECORDED"].rate == 0.2
    assert isnan(told["NOT_RECORDED"].by_chance)


@pytest.mark.parametrize("measure", ["resolved", "located"])
def test_a_group_that_cannot_be_told_apart_or_located_is_found(measure):
    lines = [("OWNER", 900, 890), ("PRS", 300, 200)]
    assert found(*lines, measure=measure, kind="tenure")["PRS"].verdict is Verdict.NOT_PASSED
    even = [("OWNER", 900, 890), ("PRS", 300, 296)]
    assert found(*even, measure=measure, kind="tenure")["PRS"].verdict is Verdict.PASSED


def test_a_handful_of_households_is_too_few_to_say():
    assert found(("OWNER", 900, 890), ("TA", 11, 5), kind="tenure")["TA"].verdict is Verdict.TOO_FEW


def test_the_report_begins_with_whom_the_data_can_see(rows, tmp_path):
    place = northmere()
    with month_warehouse(rows, unseen={("small_area", "E7"): 0.15}) as con:
        audit = run_audit(con, place=place, month=MONTH, folder=tmp_path)
        page = write_report(con, place=place, month=MONTH, folder=tmp_path).read_text()
    (low,) = [row for row in audit.of("coverage") if row.verdict is Verdict.NOT_PASSED]
    assert (low.group, low.source) == ("E7", "gp")
    assert audit.overall == "needs_reason"
    assert "too few households in small area E7 are to be found in the primary care" in page
    assert page.index("Who the data can see") < page.index("records joined up?")
    assert "Harbour East" in page, "neighbourhoods have their names"


def test_nothing_is_said_of_anybody_where_all_are_seen(rows, tmp_path):
    with month_warehouse(rows) as con:
        audit = run_audit(con, place=northmere(), month=MONTH, folder=tmp_path)
        page = write_report(con, place=northmere(), month=MONTH, folder=tmp_path).read_text()
    assert not audit.of("coverage", "small_area")
    assert "was found to be seen too seldom" in page
