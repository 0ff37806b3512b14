"""Rates published by ProPublica for a criminal-justice score, through the audit's own functions.

The data are about real people and stay outside this repository.
"""

from __future__ import annotations

import polars as pl
import pytest

from contracts.workspace import REPOSITORY
from fairness import audit_selection, group_metrics
from fairness.verdicts import Verdict
from tests.unit.fairness.invented import policy

DATA = REPOSITORY.parent / "shared/data/fairness_compas/compas_two_years_no_names.parquet"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the COMPAS file is not on this machine")


@pytest.fixture(scope="module")
def frame():
    read = pl.read_parquet(DATA)
    return read.select(
        pl.int_range(pl.len()).alias("household_id"),
        (pl.col("two_year_recid") == 1).alias("event"),
        (pl.col("decile_score") >= 5).alias("selected"),
        (pl.col("decile_score") / 10).alias("probability"),
        "race",
        "sex",
    )


@pytest.mark.parametrize(
    ("race", "false_positive", "false_negative"),
    [("African-American", 44.85, 27.99), ("Caucasian", 23.45, 47.72)],
)
def test_published_error_rates_to_two_decimals(
    frame, race, false_positive, false_negative, record_property
):
    row = group_metrics(frame, "race").row(by_predicate=pl.col("race") == race, named=True)
    fpr, fnr = (100 * row[f"false_{kind}_rate"] for kind in ("positive", "negative"))
    record_property(f"compas-fpr-{race.lower()}", round(abs(round(fpr, 2) - false_positive), 2))
    record_property(f"compas-fnr-{race.lower()}", round(abs(round(fnr, 2) - false_negative), 2))
    assert round(100 * row["false_positive_rate"], 2) == false_positive
    assert round(100 * row["false_negative_rate"], 2) == false_negative


def test_published_predictive_values(frame):
    values = dict(group_metrics(frame, "race").select("race", "positive_predictive_value").rows())
    assert round(values["African-American"], 2) == 0.63
    assert round(values["Caucasian"], 2) == 0.59


def test_published_disparities(frame):
    """Ratios of African-American to Caucasian rates, as the Aequitas demonstration prints them."""
    rows = {row["race"]: row for row in group_metrics(frame, "race").iter_rows(named=True)}
    told = {
        "false_positive_rate": 1.912093,
        "false_negative_rate": 0.586416,
        "false_discovery_rate": 0.906085,
        "false_omission_rate": 1.213154,
    }
    for name, ratio in told.items():
        found = rows["African-American"][name] / rows["Caucasian"][name]
        assert found == pytest.approx(ratio, abs=1e-6)


def test_nobody_is_left_out(frame):
    assert group_metrics(frame, "race")["rows"].sum() == 7214


def test_the_audit_gives_the_same_rates_and_a_verdict_to_each_group(frame):
    found = audit_selection(frame, groups=("race",), policy=policy(), seed=1)
    reach = {row.group: row for row in found if row.check == "reach"}
    assert round(100 * (1 - reach["African-American"].rate), 2) == 27.99
    assert round(100 * (1 - reach["Caucasian"].rate), 2) == 47.72
    assert {group: row.verdict for group, row in reach.items()} == {
        "African-American": Verdict.PASSED,
        "Asian": Verdict.TOO_FEW,
        "Caucasian": Verdict.PASSED,
        "Hispanic": Verdict.NOT_PASSED,
        "Native American": Verdict.TOO_FEW,
        "Other": Verdict.NOT_PASSED,
    }
    assert sum(row.base for row in reach.values()) == 3251
