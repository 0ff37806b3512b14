"""What each household was: who leads it, its make-up, its tenure and its kind."""

from __future__ import annotations

import duckdb

from linkage.households.timeline import Snapshots, drop, temp
from linkage.households.told import source_sql, tenure_sql
from linkage.households.units import LEAD_BIRTH, LEAD_ID, PENSION_YEARS

GENERATION_MONTHS = 16 * 12
COUPLE_GAP_MONTHS = 16 * 12


def describe(con: duckdb.DuckDBPyConnection, snaps: Snapshots) -> None:
    """Make the temporary table ``described``: one row for each unit of each range.

    Args:
        con: Warehouse with ``unit``, ``unit_member`` and ``named(unit, household_id)``.
        snaps: The month ends.
    """
    temp(con, "couple", _couples_sql())
    temp(con, "described", _described_sql(snaps))
    drop(con, ("couple", "lead_span", "named", "unit"))


def _couples_sql() -> str:
    """Units in which a source names two adults as partners or holds them jointly."""
    return f"""
        SELECT DISTINCT m.unit
        FROM unit_member m
        JOIN lead_span l
          ON l.person_id = m.person_id AND l.k_from <= m.k_from AND l.k_to >= m.k_from
        JOIN unit_member o ON o.unit = m.unit AND o.person_id = l.lead AND o.adult
        WHERE m.adult AND m.heard
          AND (l.part = 'PARTNER' OR m.birth IS NULL OR o.birth IS NULL
               OR abs(m.birth - o.birth) < {COUPLE_GAP_MONTHS})"""


def _composition(snaps: Snapshots) -> str:
    grown_children = f"youngest_adult - oldest >= {GENERATION_MONTHS}"
    children = "children_0_4 + children_5_17"
    pension = f"{snaps.base} + k_from - oldest >= {12 * PENSION_YEARS}"
    return f"""
        CASE WHEN adults = 0 THEN 'UNKNOWN'
             WHEN {children} > 0 AND adults_65p > 0 AND adults >= 2
                  AND {grown_children} AND middle THEN 'MULTIGEN'
             WHEN {children} > 0 AND adults = 1 THEN 'LONE_PARENT_DEP'
             WHEN {children} > 0 AND adults = 2
                  AND (couple OR NOT coalesce({grown_children}, false)) THEN 'COUPLE_DEP'
             WHEN {children} > 0 AND adults = 2 THEN 'LONE_PARENT_DEP'
             WHEN {children} > 0 AND couple THEN 'COUPLE_DEP'
             WHEN {children} > 0 THEN 'MULTI_ADULT'
             WHEN adults = 1 AND oldest IS NULL THEN 'UNKNOWN'
             WHEN adults = 1 AND {pension} THEN 'SINGLE_PENSION'
             WHEN adults = 1 THEN 'SINGLE_WA'
             WHEN adults = 2 AND (couple OR youngest_adult - oldest < {COUPLE_GAP_MONTHS})
                  THEN 'COUPLE_NOCHILD'
             WHEN {grown_children} THEN 'ADULT_CHILD_AT_HOME'
             WHEN adults = 2 THEN 'COUPLE_NOCHILD'
             ELSE 'MULTI_ADULT' END"""


def _described_sql(snaps: Snapshots) -> str:
    return f"""
        SELECT * EXCLUDE (couple), {_composition(snaps)} AS composition
        FROM (
            SELECT n.household_id, n.resident_since, u.* EXCLUDE (lead, told, members),
                   {LEAD_ID} AS lead_person_id, {LEAD_BIRTH} AS lead_birth,
                   coalesce({tenure_sql("u.told")}, 'UNKNOWN') AS tenure,
                   {source_sql("u.told")} AS tenure_source, p.unit IS NOT NULL AS couple
            FROM unit u JOIN named n USING (unit) LEFT JOIN couple p USING (unit))"""
