"""What each household was: who leads it, its make-up, its tenure and its kind."""

from __future__ import annotations

import duckdb

from linkage.households.timeline import Snapshots, temp
from linkage.households.told import source_sql, tenure_sql
from linkage.households.units import PENSION_YEARS
from linkage.households.weights import WEIGHTS

GENERATION_MONTHS = 16 * 12
COUPLE_GAP_MONTHS = 16 * 12
# Who leads a unit, as one number of which the lowest leads: grown before not, then by how strongly
# somebody stands for it, then the oldest, then the lowest id.
_ID, _NO_BIRTH = 2**63 - 1, 2**24 - 1
_LEADS = (
    f"(((((NOT m.adult)::INTEGER * 16 + coalesce(m.rank, 9))::BIGINT << 24)"
    f" | coalesce(m.birth, {_NO_BIRTH}))::HUGEINT << 63) | m.person_id"
)


def describe(con: duckdb.DuckDBPyConnection, snaps: Snapshots) -> None:
    """Make the temporary table ``described``: one row for each unit of each range.

    Args:
        con: Warehouse with ``unit``, ``unit_member`` and ``named(episode, household_id)``.
        snaps: The month ends.
    """
    temp(con, "couple", _couples_sql())
    temp(con, "counted", _counted_sql(snaps))
    temp(con, "described", _described_sql(snaps))


def temporary_stays_sql() -> str:
    """A ``SELECT`` of the events of households that enter and leave temporary accommodation."""
    sure = WEIGHTS["placement"].strength
    return f"""
        SELECT d.household_id,
               CASE WHEN d.placed THEN 'ENTERED_TA' ELSE 'LEFT_TA' END AS event,
               s.snapshot_date AS event_date, d.household_id AS from_household_id,
               d.household_id AS to_household_id, {sure}::DOUBLE AS confidence
        FROM (
            SELECT *, lag(placed) OVER (PARTITION BY household_id ORDER BY k_from) AS was
            FROM described) d
        JOIN snapshots s ON s.k = d.k_from
        WHERE d.k_from > 0 AND d.placed <> coalesce(d.was, false)
        ORDER BY ALL"""


def _couples_sql() -> str:
    """Units in which a source names two adults as partners or holds them jointly."""
    return f"""
        SELECT DISTINCT m.kind, m.name, m.part
        FROM unit_member m
        JOIN lead_span l
          ON l.person_id = m.person_id AND l.k_from <= m.k_from AND l.k_to >= m.k_from
        JOIN unit_member o ON o.kind = m.kind AND o.name = m.name AND o.part = m.part
                          AND o.person_id = l.lead AND o.adult
        WHERE m.adult AND m.heard
          AND (l.part = 'PARTNER' OR m.birth IS NULL OR o.birth IS NULL
               OR abs(m.birth - o.birth) < {COUPLE_GAP_MONTHS})"""


def _counted_sql(snaps: Snapshots) -> str:
    age = f"({snaps.base} + m.k_from - m.birth)"
    return f"""
        SELECT m.kind, m.name, m.part, count(*) AS size, count(*) FILTER (WHERE m.adult) AS adults,
               count(*) FILTER (WHERE NOT m.adult) AS children,
               count(*) FILTER (WHERE NOT m.adult AND {age} < 60) AS children_0_4,
               count(*) FILTER (WHERE NOT m.adult AND coalesce({age} >= 60, true)) AS children_5_17,
               count(*) FILTER (WHERE m.adult AND {age} >= 780) AS adults_65p,
               min(m.birth) FILTER (WHERE m.adult) AS oldest,
               max(m.birth) FILTER (WHERE m.adult) AS youngest_adult,
               coalesce(bool_or(m.adult AND {age} < 780), false) AS middle,
               min({_LEADS}) AS lead,
               min(m.told) AS told, coalesce(min(m.since) FILTER (WHERE m.adult), min(m.since))
               AS since,
               round(sum(round(m.confidence * 1000000)::BIGINT) / count(*) / 1000000, 6)
               AS confidence
        FROM unit_member m GROUP BY m.kind, m.name, m.part"""


def _composition(snaps: Snapshots) -> str:
    grown_children = f"youngest_adult - oldest >= {GENERATION_MONTHS}"
    pension = f"{snaps.base} + k_from - oldest >= {12 * PENSION_YEARS}"
    return f"""
        CASE WHEN adults = 0 THEN 'UNKNOWN'
             WHEN children > 0 AND adults_65p > 0 AND adults >= 2
                  AND {grown_children} AND middle THEN 'MULTIGEN'
             WHEN children > 0 AND adults = 1 THEN 'LONE_PARENT_DEP'
             WHEN children > 0 AND adults = 2
                  AND (couple OR NOT coalesce({grown_children}, false)) THEN 'COUPLE_DEP'
             WHEN children > 0 AND adults = 2 THEN 'LONE_PARENT_DEP'
             WHEN children > 0 AND couple THEN 'COUPLE_DEP'
             WHEN children > 0 THEN 'MULTI_ADULT'
             WHEN adults = 1 AND oldest IS NULL THEN 'UNKNOWN'
             WHEN adults = 1 AND {pension} THEN 'SINGLE_PENSION'
             WHEN adults = 1 THEN 'SINGLE_WA'
             WHEN adults = 2 AND (couple OR youngest_adult - oldest < {COUPLE_GAP_MONTHS})
                  THEN 'COUPLE_NOCHILD'
             WHEN {grown_children} THEN 'ADULT_CHILD_AT_HOME'
             WHEN adults = 2 THEN 'COUPLE_NOCHILD'
             ELSE 'MULTI_ADULT' END"""


def _described_sql(snaps: Snapshots) -> str:
    """Sorted, so that the months of a household follow each other wherever ranges are unfolded."""
    return f"""
        SELECT * EXCLUDE (couple), {_composition(snaps)} AS composition
        FROM (
            SELECT n.household_id, u.kind, u.name, u.part, u.k_from, u.k_to, u.uprn, u.hh_kind,
                   u.communal_type, u.placed, u.neighbourhood_code, u.lsoa21, u.imd_decile, c.size,
                   c.adults, c.children, c.children_0_4, c.children_5_17, c.adults_65p, c.oldest,
                   c.youngest_adult, c.middle, (c.lead & {_ID})::BIGINT AS lead_person_id,
                   nullif(((c.lead >> 63) & {_NO_BIRTH})::BIGINT, {_NO_BIRTH}) AS lead_birth,
                   c.since, c.confidence,
                   coalesce({tenure_sql("c.told")}, 'UNKNOWN') AS tenure,
                   {source_sql("c.told")} AS tenure_source,
                   p.part IS NOT NULL AS couple
            FROM unit u JOIN named n USING (episode)
            JOIN counted c USING (kind, name, part)
            LEFT JOIN couple p USING (kind, name, part))
        ORDER BY household_id, k_from"""
