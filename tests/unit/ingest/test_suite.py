"""Great Expectations decides on counts that DuckDB makes, and never guesses."""

from __future__ import annotations

import os
import socket

import duckdb
import pytest

from contracts.columns import Kind
from contracts.tables import TABLES
from linkage.ingest import (
    ContractNotEvaluatedError,
    checked_rules,
    contract_results,
    load_delivery,
    suite,
    suite_for,
)
from tests.unit.ingest.deliveries import TODAY, deliver, northmere, sound_rows


def _counts(table, **bad):
    return {rule.key: bad.get(rule.key, 0) for rule in checked_rules(table)}


@pytest.mark.parametrize("table", TABLES)
def test_every_declared_limit_has_its_rule(table):
    rules = {(rule.column, rule.name) for rule in checked_rules(table)}
    for column in TABLES[table]:
        if column.required or column.name in TABLES[table].key:
            assert (column.name, "missing") in rules
        if column.codes:
            assert (column.name, "code") in rules
        if column.low is not None or column.high is not None:
            assert (column.name, "bounds") in rules
        if column.kind is Kind.UPRN:
            assert {(column.name, "uprn_precision"), (column.name, "uprn_length")} <= rules
        elif column.kind not in (Kind.TEXT, Kind.CODE):
            assert (column.name, column.kind.value) in rules
    assert ("recorded_date, extract_date", "order") in rules
    keys = [rule.key for rule in checked_rules(table)]
    assert len(keys) == len(set(keys))


def test_the_suite_is_made_from_the_same_rules():
    made = suite_for("rent_tenancy")
    assert [one.column for one in made.expectations] == [
        rule.key for rule in checked_rules("rent_tenancy")
    ]
    assert {(one.min_value, one.max_value) for one in made.expectations} == {(0, 0)}
    assert made.expectations[1].description == "tenancy_ref has a value."


def test_the_verdict_follows_the_counts():
    counts = _counts("rent_tenancy", uprn__uprn_precision=3)
    results = suite.evaluate("rent_tenancy", "d-1", counts)
    assert [(one.column_name, one.rule, one.bad_rows) for one in results if not one.passed] == [
        ("uprn", "uprn_precision", 3)
    ]
    assert len(results) == len(checked_rules("rent_tenancy"))


def test_an_expectation_that_cannot_be_evaluated_raises():
    counts = _counts("rent_tenancy")
    del counts["tenure__code"]
    with pytest.raises(ContractNotEvaluatedError, match="'code' on tenure could not be evaluated"):
        suite.evaluate("rent_tenancy", "d-1", counts)


def test_a_count_that_is_no_number_raises():
    with pytest.raises(ContractNotEvaluatedError):
        suite.evaluate("rent_tenancy", "d-1", _counts("rent_tenancy") | {"tenure__code": "none"})


def test_a_missing_count_raises_and_is_no_pass():
    with pytest.raises(ContractNotEvaluatedError):
        suite.evaluate("rent_tenancy", "d-1", _counts("rent_tenancy") | {"tenure__code": None})


def test_nothing_is_loaded_where_the_contract_could_not_be_evaluated(tmp_path, monkeypatch):
    con, place = duckdb.connect(), northmere()
    folder = deliver(tmp_path, place, "rent_tenancy")
    real = suite.suite_for

    def lacking(table):
        made = real(table)
        made.expectations = made.expectations[:-1]
        return made

    monkeypatch.setattr(suite, "suite_for", lacking)
    with pytest.raises(ContractNotEvaluatedError):
        load_delivery(con, place=place, folder=folder, today=TODAY)
    assert con.execute("SELECT count(*) FROM raw.rent_tenancy").fetchall() == [(0,)]
    assert con.execute("SELECT count(*) FROM raw.delivery").fetchall() == [(0,)]


def test_results_are_kept_for_each_delivery(tmp_path):
    con, place = duckdb.connect(), northmere()
    rows = sound_rows("rent_tenancy", 12)
    rows[3]["tenure"] = rows[4]["tenure"] = "?"
    earlier = deliver(
        tmp_path,
        place,
        "rent_tenancy",
        folder="b",
        extract_from="2025-01-01",
        extract_to="2025-12-31",
    )
    later = deliver(tmp_path, place, "rent_tenancy", rows, folder="a")
    for folder in (later, earlier):
        load_delivery(con, place=place, folder=folder, today=TODAY)
    results = contract_results(con, "rent_tenancy")
    rules = [(rule.column, rule.name) for rule in checked_rules("rent_tenancy")]
    assert [(one.column_name, one.rule) for one in results] == rules + rules
    failed = [one for one in results if not one.passed]
    assert [(one.column_name, one.rule, one.bad_rows) for one in failed] == [("tenure", "code", 2)]
    assert failed[0].expectation == "tenure is one of 11 codes"
    assert failed[0] in results[len(rules) :], "the delivery with the later extract comes last"
    assert contract_results(con, "rent_balance") == ()


def test_great_expectations_is_quiet_and_sends_nothing(capfd, monkeypatch):
    def refuse(*_):
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    suite._batch_definition.cache_clear()

    suite.evaluate("rent_balance", "d-1", _counts("rent_balance"))

    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "")
    assert os.environ["GX_ANALYTICS_ENABLED"] == "False"
