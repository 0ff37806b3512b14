"""Whom the data can see: households that are told apart, located, and reached by each source.

Written once for a month as ``coverage``: counts by group, by neighbourhood and by small area, which
the equity audit judges before any figure about a model.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

import duckdb
import polars as pl

from contracts.asof import as_known_sql
from contracts.place import Place
from contracts.tables import HEALTH_SOURCES
from contracts.warehouse import month_schema
from linkage.people.sources import identity_sql
from linkage.store import replace_tables

RESOLVED, LOCATED, COVERED = "resolved", "located", "coverage"
GROUPS: Final = (
    "ethnic_group", "age_band", "sex", "disability", "tenure", "deprivation", "neighbourhood",
    "small_area",
)  # fmt: skip
EVERYBODY: Final = frozenset({"gp"})
"""Sources in which every household is to be found. Council tax is none of them: who shares a house
is often not liable; and the others hold those who use a service."""
# Their records are of a home that is held; a homelessness case is of people who have none.
_WITH_HOME: Final = ("ctax", "rent", "uc", "shbe")
_PATIENTS: Final[Mapping[str, str]] = {
    "gp": "gp_patient", "mh": "mh_referral", "ecds": "ae_attendance",
}  # fmt: skip


def write_coverage(con: duckdb.DuckDBPyConnection, *, place: Place, month: date) -> pl.DataFrame:
    """Write ``coverage`` of a month whose people and households were made.

    Columns: ``measure`` (``resolved``, ``located``, ``coverage``), ``source`` (of coverage; empty
    for the others), ``group_kind``, ``group_value``, ``base`` (households, or records of them where
    located), ``reached`` (of those), ``households``.

    Args:
        con: The identity zone, writable.
        place: The place.
        month: Index date.
    """
    schema = month_schema(month)
    con.execute(f"CREATE OR REPLACE TEMP TABLE whose AS {_whose_sql(schema, month)}")
    try:
        parts = [
            _counted(con, RESOLVED, "", "SELECT *, 1 AS base, resolved::INT AS reached FROM whose"),
            _counted(con, LOCATED, "", _located_sql(schema, month)),
            *(
                _counted(con, COVERED, source, _covered_sql(source, schema, month))
                for source in sorted(place.sources)
                if source not in ("llpg", "area")
            ),
        ]
    finally:
        con.execute("DROP TABLE IF EXISTS temp.whose")
    table = pl.concat(parts).sort("measure", "source", "group_kind", "group_value")
    replace_tables(con, month, {"coverage": table})
    return table


def _whose_sql(schema: str, month: date) -> str:
    """Households of the index date with their groups; communal homes are nobody's household."""
    day = f"DATE '{month.isoformat()}'"
    return f"""
        SELECT s.household_id, a.* EXCLUDE (household_id, snapshot_date),
               coalesce(s.neighbourhood_code, 'NOT_RECORDED') AS neighbourhood,
               coalesce(d.lsoa21, 'NOT_RECORDED') AS small_area, d.puprn,
               s.hh_kind <> 'MULTI_HOUSEHOLD_UNRESOLVED' AS resolved
        FROM {schema}.household_snapshot s
        JOIN {schema}.household_audit a USING (household_id, snapshot_date)
        LEFT JOIN {schema}.dwelling d ON d.uprn_key = s.uprn_key
        WHERE s.snapshot_date = {day} AND s.hh_kind <> 'COMMUNAL'"""


def _counted(con: duckdb.DuckDBPyConnection, measure: str, source: str, rows: str) -> pl.DataFrame:
    """Sums by each kind of group of ``rows``: household, its groups, ``base`` and ``reached``."""
    parts = " UNION ALL ".join(
        f"""SELECT '{kind}' AS group_kind, {kind} AS group_value, sum(base)::BIGINT AS base,
            sum(reached)::BIGINT AS reached, count(DISTINCT household_id) AS households
            FROM counted GROUP BY {kind}"""
        for kind in GROUPS
    )
    frame: pl.DataFrame = con.sql(f"WITH counted AS ({rows}) {parts}").pl()
    return frame.select(pl.lit(measure).alias("measure"), pl.lit(source).alias("source"), pl.all())


def _located_sql(schema: str, month: date) -> str:
    """Records of a home that is held, with those whose property is known."""
    sources = ", ".join(f"'{source}'" for source in _WITH_HOME)
    return f"""
        SELECT w.*, 1 AS base, r.located::INT AS reached
        FROM (
            SELECT m.household_id, i.source, i.local_id, bool_or(i.uprn IS NOT NULL) AS located
            FROM ({identity_sql(month)}) i
            JOIN {schema}.person_link l USING (source, local_id)
            JOIN {schema}.household_member m USING (person_id)
            WHERE i.source IN ({sources}) AND m.snapshot_date = DATE '{month.isoformat()}'
            GROUP BY ALL) r
        JOIN whose w USING (household_id)"""


def _covered_sql(source: str, schema: str, month: date) -> str:
    """Every household that lives in a home, with those of which the source holds a record."""
    if source in HEALTH_SOURCES:
        reached = f"w.puprn IN ({_patients_sql(source, month)})"
    else:
        reached = f"""w.household_id IN (
            SELECT m.household_id FROM {schema}.household_member m
            JOIN {schema}.person_link l USING (person_id)
            WHERE l.source = '{source}' AND m.snapshot_date = DATE '{month.isoformat()}')"""
    return f"""
        SELECT w.*, 1 AS base, coalesce({reached}, false)::INT AS reached FROM whose w
        WHERE w.small_area <> 'NOT_RECORDED'"""


def _patients_sql(source: str, month: date) -> str:
    """Homes of registered patients whose practice shares; of those with a record in the source."""
    day = f"DATE '{month.isoformat()}'"
    own = ""
    if source != "gp":
        own = f"AND nhs_pid IN (SELECT nhs_pid FROM ({as_known_sql(_PATIENTS[source], month)}))"
    return f"""
        SELECT puprn FROM ({as_known_sql("gp_patient", month)})
        WHERE puprn IS NOT NULL AND practice_dsa_in_place AND reg_start <= {day}
          AND (reg_end IS NULL OR reg_end > {day}) {own}"""
