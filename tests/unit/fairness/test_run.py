from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from contracts.errors import DataMissing, SettingsError
from contracts.place import Check
from contracts.warehouse import month_schema
from fairness import input_fingerprints, read_audit, run_audit
from fairness.verdicts import Verdict
from tests.unit.fairness.invented import GROUPS, MONTH, households, month_warehouse, northmere

SCHEMA = month_schema(MONTH)


@pytest.fixture(scope="module")
def place():
    made = northmere()
    return made.model_copy(
        update={"training": made.training.model_copy(update={"replicates": 200})}
    )


@pytest.fixture(scope="module")
def rows():
    return households(count=3000, dates=3)


@pytest.fixture(scope="module")
def warehouse(rows):
    with month_warehouse(rows) as con:
        yield con


@pytest.fixture(scope="module")
def audit(warehouse, place, tmp_path_factory):
    return run_audit(warehouse, place=place, month=MONTH, folder=tmp_path_factory.mktemp("month"))


def test_what_is_returned_is_what_is_written(warehouse, place, tmp_path):
    made = run_audit(warehouse, place=place, month=MONTH, folder=tmp_path / "2026-10")
    assert read_audit(tmp_path / "2026-10") == made


def test_the_same_tables_give_the_same_bytes(warehouse, place, audit, tmp_path):
    run_audit(warehouse, place=place, month=MONTH, folder=tmp_path)
    assert (tmp_path / "audit.json").read_bytes() == audit.to_bytes()


def test_rows_in_another_order_give_the_same_audit(rows, place, audit, tmp_path):
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=8)
    with month_warehouse(shuffled) as con:
        again = run_audit(con, place=place, month=MONTH, folder=tmp_path)
    assert again.rows == audit.rows
    assert again.inputs["backtest"] == audit.inputs["backtest"]


def test_every_group_of_every_attribute_is_there(audit, rows):
    for attribute in GROUPS:
        assert {row.group for row in audit.of("reach", attribute)} == set(rows[attribute].unique())


def test_a_fair_month_passes(audit):
    assert audit.problems == ()
    assert audit.overall == "passed"
    assert audit.count(Verdict.PASSED) > 40


def test_a_group_joined_less_often_stops_the_release(rows, place, tmp_path):
    unjoined = {("ethnic_group", "ASIAN"): 0.6}
    with month_warehouse(rows, linked=unjoined) as con:
        audit = run_audit(con, place=place, month=MONTH, folder=tmp_path)
    (asian,) = [row for row in audit.of("link_rate", "ethnic_group") if row.group == "ASIAN"]
    assert asian.verdict is Verdict.NOT_PASSED
    assert audit.overall == "failed"


def test_a_group_that_the_list_misses_calls_for_a_reason(place, tmp_path):
    with month_warehouse(households(count=3000, dates=3, harmed=("age_band", "65+"))) as con:
        audit = run_audit(con, place=place, month=MONTH, folder=tmp_path)
    assert audit.overall == "needs_reason"


def test_no_exact_small_count_and_no_household_leaves(audit):
    content = json.loads(audit.to_bytes())
    for row in content["rows"]:
        assert row["base"] is None or (row["base"] >= 20 and row["base"] % 5 == 0)
        if row["base"] is None:
            assert row["rate"] is None
            assert row["needed"] is None
    assert "household_id" not in audit.to_bytes().decode()
    for count in (*content["routes"].values(), *content["homes"].values()):
        assert count is None or count % 5 == 0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("DELETE FROM {s}.backtest", "There are no test dates to audit."),
        ("UPDATE {s}.backtest SET selected = false", "Nobody was on a list on any test date."),
        ("UPDATE {s}.backtest SET event = false", "Nobody is known to have needed help"),
        ("UPDATE {s}.backtest SET selected = NOT event", "The lists reached nobody"),
    ],
)
def test_an_audit_of_nothing_fails(rows, place, tmp_path, change, problem):
    with month_warehouse(rows) as con:
        con.execute(change.format(s=SCHEMA))
        audit = run_audit(con, place=place, month=MONTH, folder=tmp_path)
    assert audit.overall == "failed"
    assert any(problem in told for told in audit.problems)


def test_an_expired_policy_fails(warehouse, place, tmp_path):
    late = place.fairness.model_copy(update={"expires_on": date(2026, 10, 30)})
    audit = run_audit(
        warehouse,
        place=place.model_copy(update={"fairness": late}),
        month=MONTH,
        folder=tmp_path,
    )
    assert audit.overall == "failed"
    assert "The policy expired on 30 October 2026." in audit.problems


def test_households_without_an_audit_row_are_not_recorded(rows, place, tmp_path):
    with month_warehouse(rows) as con:
        con.execute(f"DELETE FROM {SCHEMA}.household_audit WHERE household_id % 4 = 0")
        audit = run_audit(con, place=place, month=MONTH, folder=tmp_path)
    bases = {row.group: row.base for row in audit.of("list_share", "age_band")}
    assert bases["NOT_RECORDED"] == 750
    assert sum(base or 0 for base in bases.values()) == pytest.approx(3000, abs=15)


def test_groups_are_those_of_the_test_date(rows, place, tmp_path):
    """A later change of a household's group does not reach back."""
    unknown = ", ".join(f"'NOT_RECORDED' AS {name}" for name in GROUPS)
    with month_warehouse(rows) as con:
        before = run_audit(con, place=place, month=MONTH, folder=tmp_path)
        con.execute(
            f"""INSERT INTO {SCHEMA}.household_audit
                SELECT DATE '2026-10-31', household_id, {unknown}
                FROM (SELECT DISTINCT household_id FROM {SCHEMA}.household_audit)"""
        )
        after = run_audit(con, place=place, month=MONTH, folder=tmp_path)
    assert after.of("reach") == before.of("reach")
    assert {row.rate for row in after.of("recording")} == {0.0}


def test_fingerprints_change_with_the_tables_and_the_policy(rows, place, audit):
    with month_warehouse(rows) as con:
        assert input_fingerprints(con, place=place, month=MONTH) == audit.inputs
        con.execute(
            f"""UPDATE {SCHEMA}.backtest SET selected = NOT selected WHERE household_id = 5
                AND snapshot_date = (SELECT max(snapshot_date) FROM {SCHEMA}.backtest)"""
        )
        changed = input_fingerprints(con, place=place, month=MONTH)
    assert {name for name in changed if changed[name] != audit.inputs[name]} == {"backtest"}


def test_a_check_that_there_is_not_is_refused(warehouse, place, tmp_path):
    strange = place.fairness.model_copy(update={"checks": {"kindness": Check(floor=0.8)}})
    with pytest.raises(SettingsError, match="no check \\['kindness'\\]"):
        run_audit(
            warehouse,
            place=place.model_copy(update={"fairness": strange}),
            month=MONTH,
            folder=tmp_path,
        )


def test_a_group_that_there_is_not_is_refused(warehouse, place, tmp_path):
    strange = place.fairness.model_copy(update={"groups": ("sex", "star_sign")})
    with pytest.raises(SettingsError, match="no group \\['star_sign'\\]"):
        run_audit(
            warehouse,
            place=place.model_copy(update={"fairness": strange}),
            month=MONTH,
            folder=tmp_path,
        )


def test_a_missing_table_is_named(rows, place, tmp_path):
    with month_warehouse(rows) as con:
        con.execute(f"DROP TABLE {SCHEMA}.match_rate")
        with pytest.raises(DataMissing, match="no table match_rate"):
            run_audit(con, place=place, month=MONTH, folder=tmp_path)


def test_a_missing_audit_is_named(tmp_path):
    with pytest.raises(DataMissing, match=r"no audit\.json"):
        read_audit(tmp_path)


def test_only_the_listed_outcome_is_audited(rows, place, audit, tmp_path):
    with month_warehouse(rows) as con:
        con.execute(
            f"""INSERT INTO {SCHEMA}.backtest
                SELECT 'O1', snapshot_date, household_id, true, 1.0, false
                FROM {SCHEMA}.backtest"""
        )
        again = run_audit(con, place=place, month=MONTH, folder=tmp_path)
    assert again.rows == audit.rows
    assert audit.tested.households == 3000
    assert audit.tested.needed_help == pytest.approx(
        rows.filter(pl.col("event"))["household_id"].n_unique(), abs=2.5
    )
