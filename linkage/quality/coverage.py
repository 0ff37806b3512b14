"""Whom the data can see: households that are told apart, located, and reached by each source.

Written once for a month as ``coverage``: counts by group, by neighbourhood and by small area, which
the equity audit judges before any figure about a model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import duckdb
import polars as pl

from contracts.asof import as_known_sql
from contracts.place import Place
from contracts.tables import HEALTH_SOURCES
from contracts.warehouse import month_schema
from linkage.quality.located import located_records_sql
from linkage.store import replace_tables

RESOLVED, LOCATED, COVERED = "resolved", "located", "coverage"
GROUPS: Final = (
    "ethnic_group", "age_band", "sex", "disability", "tenure", "deprivation", "neighbourhood",
    "small_area",
)  # fmt: skip
EVERYBODY: Final = frozenset({"gp"})
"""Sources in which every household is to be found. Council tax is none of them: who shares a house
is often not liable; and the others hold those who use a service."""
_PATIENTS: Final[Mapping[str, str]] = {
    "gp": "gp_patient", "mh": "mh_referral", "ecds": "ae_attendance",
}  # fmt: skip


def write_coverage(
    con: duckdb.DuckDBPyConnection, *, place: Place, month: date, groups: str
) -> pl.DataFrame:
    """Write ``coverage`` of a month whose people and households were made.

    Columns: ``measure`` (``resolved``, ``located``, ``coverage``), ``source`` (of coverage; empty
    for the others), ``group_kind``, ``group_value``, ``base`` (households, or records of them where
    located), ``reached`` (of those), ``households``.

    Args:
        con: The identity zone, writable.
        place: The place.
        month: Index date.
        groups: ``SELECT`` of household_id and the groups of every household of the index date.
    """
    schema = month_schema(month)
    sources = sorted(source for source in place.sources if source not in ("llpg", "area"))
    con.execute(f"CREATE OR REPLACE TEMP TABLE whose AS {_whose_sql(schema, month, groups)}")
    try:
        parts = [
            *_counted(con, RESOLVED, "SELECT *, 1 AS base, resolved::INT AS reached FROM whose"),
            *_counted(con, LOCATED, _located_sql(schema, month)),
            *_counted(con, COVERED, _covered_sql(sources, schema, month), sources),
        ]
    finally:
        con.execute("DROP TABLE IF EXISTS temp.whose")
    table = pl.concat(parts).sort("measure", "source", "group_kind", "group_value")
    replace_tables(con, month, {"coverage": table})
    return table


def _on_day_sql(table: str, month: date) -> str:
    """Rows of the spans that the index date lies in; a view would say every month end again."""
    day = f"DATE '{month.isoformat()}'"
    return f"SELECT * FROM {table} WHERE first_date <= {day} AND last_date >= {day}"


def _whose_sql(schema: str, month: date, groups: str) -> str:
    """Households of the index date with their groups; communal homes are nobody's household."""
    return f"""
        SELECT s.household_id, a.* EXCLUDE (household_id),
               coalesce(s.neighbourhood_code, 'NOT_RECORDED') AS neighbourhood,
               coalesce(d.lsoa21, 'NOT_RECORDED') AS small_area, d.puprn,
               s.hh_kind <> 'MULTI_HOUSEHOLD_UNRESOLVED' AS resolved
        FROM ({_on_day_sql(f"{schema}.household_snapshot_span", month)}) s
        JOIN ({groups}) a USING (household_id)
        LEFT JOIN {schema}.dwelling d ON d.uprn_key = s.uprn_key
        WHERE s.hh_kind <> 'COMMUNAL'"""


def _counted(
    con: duckdb.DuckDBPyConnection, measure: str, rows: str, sources: Sequence[str] = ()
) -> list[pl.DataFrame]:
    """Sums by each kind of group, for each source.

    Args:
        con: The identity zone, with ``whose``.
        measure: What is counted.
        rows: ``SELECT`` of one row a household: its groups, ``base`` and ``reached``, or
            ``reached_`` with the name of each source.
        sources: Of which there is a column each; none where the measure is of no source.
    """
    reached = {source: f"reached_{source}" for source in sources} or {"": "reached"}
    sums = ", ".join(f"sum({column})::BIGINT AS {column}" for column in reached.values())
    con.execute(f"CREATE OR REPLACE TEMP TABLE counted AS {rows}")
    parts = " UNION ALL ".join(
        f"""SELECT '{kind}' AS group_kind, {kind} AS group_value, sum(base)::BIGINT AS base, {sums},
            count(*) AS households FROM counted GROUP BY {kind}"""
        for kind in GROUPS
    )
    frame: pl.DataFrame = con.sql(parts).pl()
    con.execute("DROP TABLE IF EXISTS temp.counted")
    return [
        frame.select(
            pl.lit(measure).alias("measure"),
            pl.lit(source).alias("source"),
            "group_kind",
            "group_value",
            "base",
            pl.col(column).alias("reached"),
            "households",
        )
        for source, column in reached.items()
    ]


def _located_sql(schema: str, month: date) -> str:
    """Records of a home that is held, with those whose property is known."""
    return f"""
        SELECT w.*, r.base, r.reached
        FROM (
            SELECT m.household_id, count(*) AS base, count_if(i.located) AS reached
            FROM ({located_records_sql(month)}) i
            JOIN {schema}.person_link l USING (source, local_id)
            JOIN ({_on_day_sql(f"{schema}.household_member_span", month)}) m USING (person_id)
            GROUP BY m.household_id) r
        JOIN whose w USING (household_id)"""


def _covered_sql(sources: Sequence[str], schema: str, month: date) -> str:
    """Every household that lives in a home, and whether each source holds a record of it."""
    held = ", ".join(
        [
            f"bool_or(l.source = '{source}') AS {source}"
            for source in sources
            if source not in HEALTH_SOURCES
        ]
        or ["true AS none"]
    )
    reached = ", ".join(
        f"coalesce({'p' if source in HEALTH_SOURCES else 'h'}.{source}, false)::INT"
        f" AS reached_{source}"
        for source in sources
    )
    patients = _patients_sql([source for source in sources if source in HEALTH_SOURCES], month)
    return f"""
        WITH held AS (
            SELECT m.household_id, {held}
            FROM ({_on_day_sql(f"{schema}.household_member_span", month)}) m
            JOIN {schema}.person_link l USING (person_id) GROUP BY m.household_id)
        SELECT w.*, 1 AS base, {reached}
        FROM whose w LEFT JOIN held h USING (household_id)
        LEFT JOIN ({patients}) p USING (puprn)
        WHERE w.small_area <> 'NOT_RECORDED'"""


def _patients_sql(sources: Sequence[str], month: date) -> str:
    """Homes of registered patients whose practice shares, and who has a record in each source."""
    day = f"DATE '{month.isoformat()}'"
    if not sources:
        return "SELECT NULL::VARCHAR AS puprn WHERE false"
    own = ", ".join(
        f"true AS {source}"
        if source == "gp"
        else f"bool_or(nhs_pid IN (SELECT nhs_pid FROM "
        f"({as_known_sql(_PATIENTS[source], month)}))) AS {source}"
        for source in sources
    )
    return f"""
        SELECT puprn, {own} FROM ({as_known_sql("gp_patient", month)})
        WHERE puprn IS NOT NULL AND practice_dsa_in_place AND reg_start <= {day}
          AND (reg_end IS NULL OR reg_end > {day})
        GROUP BY puprn"""
