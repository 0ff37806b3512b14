"""A place with no health feed and no benefits feed is a valid place, all the way."""

from __future__ import annotations

import json

from contracts.months import parse_month
from contracts.warehouse import month_schema
from contracts.zones import Zone
from features.catalogue import CATALOGUE
from releases import latest_release
from tests.pipeline.conftest import MONTH, Whole

DAY = parse_month(MONTH)
SCHEMA = month_schema(DAY)
ABSENT = {"gp", "mh", "ecds", "uc", "shbe"}


def test_features_of_absent_sources_are_missing_and_not_zero(lean: Whole):
    needing = [each.name for each in CATALOGUE if set(each.sources) & ABSENT]
    with lean.workspace.warehouse().read(Zone.MODELLING) as con:
        columns = set(con.sql(f"SELECT * FROM {SCHEMA}.feature LIMIT 0").columns)
        there = [name for name in needing if name in columns]
        counts = ", ".join(f"count({name})" for name in there)
        found = con.execute(f"SELECT {counts} FROM {SCHEMA}.feature").fetchall()[0]
    assert there
    filled = [name for name, count in zip(there, found, strict=True) if count]
    assert filled == []


def test_the_composite_is_made_of_what_there_is(lean: Whole):
    release = latest_release(lean.workspace, DAY)
    outcomes = json.loads((release / "evaluation.json").read_bytes())["outcomes"]
    assert "O7" not in outcomes
    assert outcomes["edge_of_crisis"]["trained"]


def test_the_report_says_which_sources_there_were(lean: Whole):
    report = (latest_release(lean.workspace, DAY) / "fairness-report.html").read_text()
    assert "Council tax" in report
    assert "Universal Credit extract" not in report
