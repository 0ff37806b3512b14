"""Reads what is audited from a month's tables, and takes its fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import polars as pl

from contracts.errors import DataMissing
from contracts.fingerprint import of_bytes, of_value
from contracts.place import Place
from contracts.warehouse import month_schema
from models.catalogue import catalogue_specs
from models.panel import feature_columns
from models.sampling import Matrix
from models.spec import FeatureSpec, align

_BACKTEST = """
    SELECT b.household_id, b.snapshot_date, b.event, coalesce(b.selected, false) AS selected,
           b.probability, {groups}
    FROM (SELECT * FROM {schema}.backtest WHERE outcome = ?) b
    ASOF LEFT JOIN {schema}.household_audit a
      ON a.household_id = b.household_id AND a.snapshot_date <= b.snapshot_date
    ORDER BY b.household_id, b.snapshot_date"""
_AUDITED = """
    SELECT household_id, {groups} FROM {schema}.household_audit
    WHERE snapshot_date = (SELECT max(snapshot_date) FROM {schema}.household_audit
                           WHERE snapshot_date <= ?)
    ORDER BY household_id"""
_MATCH_RATE = """
    SELECT source, group_kind, group_value, records, linked, met, met_usual
    FROM {schema}.match_rate ORDER BY ALL"""
_COVERAGE = """SELECT * FROM {schema}.coverage ORDER BY ALL"""
_HOMES = """
    SELECT hh_kind, count(*) AS households FROM {schema}.household_snapshot
    WHERE snapshot_date = (SELECT max(snapshot_date) FROM {schema}.household_snapshot
                           WHERE snapshot_date <= ?)
    GROUP BY hh_kind ORDER BY hh_kind"""
_ROUTES = """
    SELECT route, count(*) AS households FROM {schema}.selection WHERE outcome = ?
    GROUP BY route ORDER BY route"""


@dataclass(frozen=True, kw_only=True)
class AuditInput:
    """What an audit looks at.

    Attributes:
        rows: One row a household and test date, with its groups as they were then.
        households: One row a household at the index date, with its groups.
        match_rate: Joined records by source and group.
        coverage: Households that the data can see, by measure, source and group.
        routes: Households by what was decided about them this month.
        homes: Households by the kind of home they were found in.
        features: What the models see of ``households``, row by row; NaN where not known.
        specs: What each column of ``features`` is.
        fingerprints: SHA-256 of each table as it was read, and of the policy.
    """

    rows: pl.DataFrame
    households: pl.DataFrame
    match_rate: pl.DataFrame
    coverage: pl.DataFrame
    routes: dict[str, int]
    homes: dict[str, int]
    features: Matrix
    specs: tuple[FeatureSpec, ...]
    fingerprints: dict[str, str]


def read_input(con: duckdb.DuckDBPyConnection, *, place: Place, month: date) -> AuditInput:
    """Everything that an audit of a month looks at.

    A household with no audit row at a test date has its groups not recorded; it is not left out.

    Raises:
        DataMissing: If a table that the audit needs was not made for this month.
    """
    schema, outcome = month_schema(month), place.listed_outcome.value
    names = place.fairness.groups
    recorded = ", ".join(f"coalesce(a.{name}, 'NOT_RECORDED') AS {name}" for name in names)
    tables = {
        "backtest": _query(con, _BACKTEST, schema, "backtest", [outcome], groups=recorded),
        "household_audit": _query(
            con, _AUDITED, schema, "household_audit", [month], groups=", ".join(names)
        ),
        "match_rate": _query(con, _MATCH_RATE, schema, "match_rate", []),
        "coverage": _query(con, _COVERAGE, schema, "coverage", []),
        "selection": _query(con, _ROUTES, schema, "selection", [outcome]),
        "household_snapshot": _query(con, _HOMES, schema, "household_snapshot", [month]),
    }
    specs = align(catalogue_specs(), feature_columns(con, month))
    features = _features(con, schema, specs, tables["household_audit"], month)
    return AuditInput(
        rows=tables["backtest"],
        households=tables["household_audit"],
        match_rate=tables["match_rate"],
        coverage=tables["coverage"],
        routes=dict(tables["selection"].iter_rows()),
        homes=dict(tables["household_snapshot"].iter_rows()),
        features=features,
        specs=specs,
        fingerprints={
            **{name: of_bytes(frame.write_csv().encode()) for name, frame in tables.items()},
            "feature": of_bytes(features.tobytes()),
            "policy": of_value(place.fairness.model_dump(mode="json")),
        },
    )


def input_fingerprints(
    con: duckdb.DuckDBPyConnection, *, place: Place, month: date
) -> dict[str, str]:
    """SHA-256 of what an audit made now would look at, to compare with ``AuditResult.inputs``."""
    return read_input(con, place=place, month=month).fingerprints


def _features(
    con: duckdb.DuckDBPyConnection,
    schema: str,
    specs: Sequence[FeatureSpec],
    households: pl.DataFrame,
    month: date,
) -> Matrix:
    columns = ", ".join(f'CAST("{spec.name}" AS FLOAT) AS "{spec.name}"' for spec in specs)
    table: pl.DataFrame = con.sql(
        f"""SELECT household_id, {columns} FROM {schema}.feature
        WHERE snapshot_date = (SELECT max(snapshot_date) FROM {schema}.feature
                               WHERE snapshot_date <= ?)""",
        params=[month],
    ).pl()
    beside = households.select("household_id").join(
        table, on="household_id", how="left", maintain_order="left"
    )
    found = np.empty((beside.height, len(specs)), dtype=np.float32)
    for at, spec in enumerate(specs):
        found[:, at] = beside[spec.name].to_numpy()
    return found


def _query(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    schema: str,
    table: str,
    parameters: list[object],
    *,
    groups: str = "",
) -> pl.DataFrame:
    try:
        found: pl.DataFrame = con.sql(
            sql.format(schema=schema, groups=groups), params=parameters
        ).pl()
    except duckdb.CatalogException as error:
        raise DataMissing(
            f"There is no table {table} for this month.",
            next_step="Run the steps before the audit first.",
        ) from error
    return found
