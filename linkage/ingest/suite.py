"""Great Expectations over a one-row profile of a table.

One DuckDB scan counts the rows that break each rule; the suite, made from the same declaration,
expects each count to be 0. So Great Expectations decides, and never holds a row about anybody. It
is imported inside functions: it takes seconds that nobody else should wait for.
"""

from __future__ import annotations

import os
import warnings
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import duckdb

from contracts.asof import RAW
from contracts.tables import TABLES
from linkage.ingest.rules import Rule, rules_of

ROW_COUNT = Rule(
    name="row_count",
    column="file",
    expects="has as many rows as its manifest says",
    reason="has more or fewer rows than its manifest says",
)


class ContractNotEvaluatedError(RuntimeError):
    """Great Expectations could not evaluate an expectation; the data is neither good nor bad."""


@dataclass(frozen=True, kw_only=True)
class ContractResult:
    """One expectation on one delivery.

    Attributes:
        delivery_id: The delivery.
        table_name: Its table.
        expectation: What was expected, in words.
        column_name: The column, or columns joined by a comma.
        rule: Name of the rule.
        bad_rows: Rows that break it.
        passed: Verdict of Great Expectations.
    """

    delivery_id: str
    table_name: str
    expectation: str
    column_name: str
    rule: str
    bad_rows: int
    passed: bool


def checked_rules(table: str) -> tuple[Rule, ...]:
    """The rules that the table's suite holds, one expectation for each."""
    return (ROW_COUNT, *rules_of(table))


def suite_for(table: str) -> Any:
    """The ``ExpectationSuite`` of a table: no row breaks any of its rules."""
    gx = _great_expectations()
    return gx.ExpectationSuite(
        name=table,
        expectations=[
            gx.expectations.ExpectColumnMaxToBeBetween(
                column=rule.key,
                min_value=0,
                max_value=0,
                description=f"{rule.column} {rule.expects}.",
                meta={"column": rule.column, "rule": rule.name},
            )
            for rule in checked_rules(table)
        ],
    )


def evaluate(table: str, delivery_id: str, profile: dict[str, int]) -> tuple[ContractResult, ...]:
    """Let Great Expectations decide on a profile.

    Args:
        table: Table name.
        delivery_id: The delivery that was profiled.
        profile: Rule key to the number of rows that break it.

    Returns:
        One result for each rule, in the order of the declaration.

    Raises:
        ContractNotEvaluatedError: If an expectation could not be evaluated, or its verdict is not
            what the counts say.
    """
    import pandas as pd

    frame = pd.DataFrame([profile])
    outcome = (
        _batch_definition()
        .get_batch({"dataframe": frame})
        .validate(
            suite_for(table),
            result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
        )
    )
    by_key = {found.expectation_config.kwargs["column"]: found for found in outcome.results}
    return tuple(
        _result(table, delivery_id, rule, by_key.get(rule.key), profile)
        for rule in checked_rules(table)
    )


def _result(
    table: str, delivery_id: str, rule: Rule, found: Any, profile: dict[str, int]
) -> ContractResult:
    what = f"Table {table}: the expectation {rule.name!r} on {rule.column}"
    counted = profile.get(rule.key)
    if found is None or counted is None or _raised(found.exception_info):
        raise ContractNotEvaluatedError(f"{what} could not be evaluated.")
    if found.result.get("observed_value") != counted or bool(found.success) != (counted == 0):
        raise ContractNotEvaluatedError(f"{what} does not agree with the count of rows.")
    return ContractResult(
        delivery_id=delivery_id,
        table_name=table,
        expectation=f"{rule.column} {rule.expects}",
        column_name=rule.column,
        rule=rule.name,
        bad_rows=counted,
        passed=bool(found.success),
    )


def _raised(info: dict[str, Any] | None) -> bool:
    """Whether an expectation raised; the library nests the news by metric, or does not."""
    if not info:
        return False
    nested = [part for part in info.values() if isinstance(part, dict)]
    return bool(info.get("raised_exception")) or any(
        part.get("raised_exception", True) for part in nested
    )


@cache
def _great_expectations() -> Any:
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    with warnings.catch_warnings():
        # It imports Spark where that is installed, which warns of a pandas that neither needs.
        warnings.filterwarnings("ignore", message="PySpark does not yet fully support pandas")
        import great_expectations

    return great_expectations


@cache
def _batch_definition() -> Any:
    context = _great_expectations().get_context(mode="ephemeral")
    context.enable_analytics(enable=False)
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("profile")
    return source.add_dataframe_asset("profile").add_batch_definition_whole_dataframe("row")


def contract_results(con: duckdb.DuckDBPyConnection, table: str) -> tuple[ContractResult, ...]:
    """What the contract check found on every loaded delivery of a table.

    Args:
        con: The warehouse.
        table: Table name.

    Returns:
        Results by delivery (oldest extract first), then in the order of the declaration; none where
        nothing of the table was loaded.
    """
    rows = con.execute(
        f"""SELECT checked.* FROM {RAW}.contract_check AS checked
        JOIN {RAW}.delivery USING (delivery_id) WHERE checked.table_name = ?
        ORDER BY extract_to, delivery_id""",
        [TABLES[table].name],
    ).fetchall()
    names = [field.name for field in fields(ContractResult)]
    results = [ContractResult(**dict(zip(names, row, strict=True))) for row in rows]
    order = list(dict.fromkeys(one.delivery_id for one in results))
    place = {(rule.column, rule.name): at for at, rule in enumerate(checked_rules(table))}

    def position(one: ContractResult) -> tuple[int, int]:
        return order.index(one.delivery_id), place.get((one.column_name, one.rule), len(place))

    return tuple(sorted(results, key=position))
