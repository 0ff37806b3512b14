"""In which neighbourhood people with no known home are to be offered help."""

from __future__ import annotations

import duckdb

from contracts.asof import standing_sql
from linkage.households.changes import have_all
from linkage.households.timeline import Snapshots, temp

_SPELT = "upper(replace({}, ' ', ''))"


def make_bases(con: duckdb.DuckDBPyConnection, snaps: Snapshots, there: frozenset[str]) -> None:
    """Make ``basis``: neighbourhood_code and basis of units with no home, as known then.

    The last settled home that the homelessness service asked for is believed first, then the
    postcode of a claim whose address was not matched, then the last home that a source told of.

    Args:
        con: Warehouse with ``unit_member``, ``presence`` and ``home_span``.
        snaps: The month ends.
        there: Tables that the warehouse holds.
    """
    temp(con, "postcode_told", _postcodes_sql(snaps, there))
    temp(
        con,
        "basis",
        f"""
        SELECT unit, neighbourhood_code, basis
        FROM (SELECT * FROM ({_homes_sql(snaps)}) UNION ALL SELECT * FROM postcode_told)
        QUALIFY row_number() OVER (PARTITION BY unit
                                   ORDER BY nth, seen DESC, neighbourhood_code) = 1""",
    )


def _homes_sql(snaps: Snapshots) -> str:
    return f"""
        SELECT m.unit, h.neighbourhood_code,
               CASE p.role WHEN 'last_settled' THEN 'LAST_SETTLED' ELSE 'LAST_HOME' END AS basis,
               CASE p.role WHEN 'last_settled' THEN 1 ELSE 3 END AS nth,
               coalesce(p.seen_to, p.known_from) AS seen
        FROM unit_member m JOIN presence p
          ON p.person_id = m.person_id AND p.uprn IS NOT NULL AND p.role <> 'placement'
         AND {snaps.first_from("p.known_from")} <= m.k_from
        JOIN home_span h ON h.uprn = p.uprn AND h.k_from <= m.k_from AND h.k_to >= m.k_from
        WHERE m.uprn IS NULL AND p.known_from <= DATE '{snaps.days[-1]}'
          AND h.neighbourhood_code IS NOT NULL"""


def _postcodes_sql(snaps: Snapshots, there: frozenset[str]) -> str:
    """The neighbourhood in which most homes of a claim's postcode are."""
    if not have_all(("uc_award", "llpg_lpi"), there):
        return (
            "SELECT 0::BIGINT AS unit, 'x' AS neighbourhood_code, "
            "'x' AS basis, 2 AS nth, NULL::DATE AS seen WHERE false"
        )
    return f"""
        WITH told AS (
            SELECT m.unit, m.k_from, {_SPELT.format("a.postcode")} AS postcode,
                   a.recorded_date AS seen
            FROM unit_member m JOIN ({standing_sql("uc_award")}) a
              ON m.form = 'uc|' || a.uc_claim_hash
             AND {snaps.first_from("a.recorded_date")} <= m.k_from
            WHERE m.uprn IS NULL AND a.postcode IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY m.unit
                                       ORDER BY a.recorded_date DESC, a.ap_end DESC, postcode) = 1),
        around AS (
            SELECT t.unit, t.seen, h.neighbourhood_code,
                   count(DISTINCT l.uprn) AS homes
            FROM told t JOIN ({standing_sql("llpg_lpi")}) l
              ON {_SPELT.format("l.postcode")} = t.postcode
             AND {snaps.first_from("l.recorded_date")} <= t.k_from
            JOIN home_span h ON h.uprn = l.uprn AND h.k_from <= t.k_from AND h.k_to >= t.k_from
            WHERE h.neighbourhood_code IS NOT NULL
            GROUP BY t.unit, t.seen, h.neighbourhood_code)
        SELECT unit, neighbourhood_code, 'POSTCODE' AS basis, 2 AS nth, seen
        FROM around
        QUALIFY row_number() OVER (PARTITION BY unit
                                   ORDER BY homes DESC, neighbourhood_code) = 1"""
