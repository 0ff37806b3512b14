"""The household tables as they are stored: in spans of month ends, with a view of each month end.

Most households are this month what they were last month. A span is written once, and the view says
it again for each of its month ends, as they lie: a household's month ends follow each other.
"""

from __future__ import annotations

import duckdb

from linkage.households.safety import severed_sql
from linkage.households.timeline import Snapshots, span_sql, temp, unfolded_sql


def make_outputs(con: duckdb.DuckDBPyConnection) -> None:
    """Make the temporary tables that :func:`output_tables` reads.

    Args:
        con: Warehouse with ``described`` and what it was made from.
    """
    temp(con, "restricted_unit", _restricted_units_sql())
    temp(con, "severed_row", severed_sql())
    temp(con, "member_row", _member_rows_sql())


def _restricted_units_sql() -> str:
    """The month ends at which somebody of a unit was restricted; there are few."""
    return """
        SELECT unit, list(DISTINCT k) AS ks, list(DISTINCT k) FILTER (WHERE refuge) AS refuge_ks
        FROM (
            SELECT m.unit, r.refuge,
                   unnest(range(greatest(m.k_from, r.k_from), least(m.k_to, r.k_to) + 1)) AS k
            FROM unit_member m JOIN restricted_person r
              ON r.person_id = m.person_id AND r.k_from <= m.k_to AND r.k_to >= m.k_from)
        GROUP BY unit"""


def _snapshot_spans_sql(snaps: Snapshots, service_neighbourhood: str | None) -> str:
    """``household_snapshot`` in spans; a refuge is never keyed by its property.

    The few units that were ever restricted have a span for each month end.
    """
    service = "NULL" if service_neighbourhood is None else f"'{service_neighbourhood}'"
    return f"""
        WITH whole AS (
            SELECT d.*, false AS x_restricted, false AS refuge
            FROM described d ANTI JOIN restricted_unit x USING (unit)
            UNION ALL BY NAME
            SELECT * EXCLUDE (k, ks, refuge_ks) REPLACE (k AS k_from, k AS k_to),
                   list_contains(ks, k) AS x_restricted,
                   coalesce(list_contains(refuge_ks, k), false) AS refuge
            FROM (SELECT d.*, x.ks, x.refuge_ks,
                         unnest(range(d.k_from, d.k_to + 1))::INTEGER AS k
                  FROM described d JOIN restricted_unit x USING (unit)))
        SELECT d.household_id, {span_sql(snaps)},
               CASE WHEN NOT d.refuge THEN w.uprn_key END AS uprn_key, d.hh_kind, d.communal_type,
               d.size, d.adults, d.children_0_4, d.children_5_17, d.adults_65p, d.composition,
               d.tenure, d.tenure_source,
               CASE WHEN d.uprn IS NOT NULL THEN d.neighbourhood_code
                    ELSE coalesce(s.neighbourhood_code, {service}) END AS neighbourhood_code,
               CASE WHEN d.neighbourhood_code IS NOT NULL THEN 'HOME'
                    WHEN d.uprn IS NOT NULL THEN NULL
                    WHEN s.basis IS NOT NULL THEN s.basis
                    WHEN {service} IS NOT NULL THEN 'SERVICE' END AS neighbourhood_basis,
               d.lsoa21, d.imd_decile, d.confidence AS residency_confidence,
               d.x_restricted, d.lead_person_id, d.resident_since
        FROM whole d LEFT JOIN dwelling_now w ON w.uprn = d.uprn LEFT JOIN basis s USING (unit)
        ORDER BY d.household_id, d.k_from"""


def _member_rows_sql() -> str:
    """Main memberships, and second ones where one household is at the second home.

    What somebody was of a household without a break is one row. Nobody has a second place with the
    side that they were severed from.
    """
    return """
        WITH main AS (
            SELECT d.household_id, m.person_id, m.k_from, m.k_to,
                   CASE WHEN m.person_id = d.lead_person_id THEN 'LEAD' WHEN m.adult THEN 'ADULT'
                        ELSE 'CHILD' END AS role, m.since
            FROM described d JOIN unit_member m USING (unit)),
        counted AS MATERIALIZED (
            SELECT household_id, person_id, role, arg_min(since, k_from) AS since,
                   min(k_from) AS k_from, max(k_to) AS k_to,
                   max(k_to) - min(k_from) + 1 = sum(k_to - k_from + 1) AS whole
            FROM main GROUP BY household_id, person_id, role),
        member AS MATERIALIZED (
            SELECT household_id, person_id, k_from, k_to, role, since FROM counted WHERE whole
            UNION ALL BY NAME
            SELECT m.* FROM main m SEMI JOIN (FROM counted WHERE NOT whole) c
              ON c.household_id = m.household_id AND c.person_id = m.person_id AND c.role = m.role),
        second AS (
            SELECT d.household_id, h.person_id, greatest(d.k_from, h.k_from)::INTEGER AS k_from,
                   least(d.k_to, h.k_to)::INTEGER AS k_to, h.since
            FROM second_home h JOIN described d
              ON d.uprn = h.uprn AND d.kind = 0 AND d.k_from <= h.k_to AND d.k_to >= h.k_from
            WHERE NOT EXISTS (SELECT 1 FROM severed_row s WHERE s.household_id = d.household_id
                              AND s.person_id = h.person_id))
        SELECT household_id, person_id, k_from, k_to, role, 'main' AS share, since FROM member
        UNION ALL
        SELECT s.household_id, s.person_id, s.k_from, s.k_to,
               CASE WHEN m.role = 'CHILD' THEN 'CHILD' ELSE 'ADULT' END, 'secondary', s.since
        FROM second s JOIN member m
          ON m.person_id = s.person_id AND m.household_id <> s.household_id
         AND s.k_from BETWEEN m.k_from AND m.k_to
        ORDER BY household_id, person_id, k_from"""


def output_tables(snaps: Snapshots, *, service_neighbourhood: str | None) -> dict[str, str]:
    """Table name to the ``SELECT`` of its rows, in the order in which they are to lie.

    Args:
        snaps: The month ends.
        service_neighbourhood: Where the service is that holds people with no home whose last home
            is not known; None leaves them without.
    """
    return {
        "household_snapshot_span": _snapshot_spans_sql(snaps, service_neighbourhood),
        "household_member_span": f"""
            SELECT {span_sql(snaps)}, household_id, person_id, role, share FROM member_row""",
        "household_spell": _household_spells_sql(snaps),
        "residency_spell": _residency_spells_sql(snaps),
        # What was learnt after the month is not the month's: a rebuild reads as it was then.
        "residency_evidence": f"""
            SELECT person_id, uprn, seen_from, seen_to, source, role, strength, stale_days,
                   known_from,
                   CASE WHEN known_to <= DATE '{snaps.days[-1]}' THEN known_to END AS known_to
            FROM presence WHERE uprn IS NOT NULL AND known_from <= DATE '{snaps.days[-1]}'
            ORDER BY person_id, known_from, source, role, uprn, seen_from, seen_to, known_to,
                     stale_days""",
        "severed": """
            SELECT r.household_id, r.person_id, s.snapshot_date AS severed_from
            FROM severed_row r JOIN snapshots s USING (k) ORDER BY ALL""",
    }


def _household_spells_sql(snaps: Snapshots) -> str:
    """Who was of a household from when to when; ``until`` is NULL for who still is."""
    days = ", ".join(f"DATE '{day}'" for day in snaps.days)
    return f"""
        WITH {_whole("member_row", "household_id, person_id", _STAY)},
        run AS (
            SELECT *, count(*) FILTER (WHERE new) OVER (
                PARTITION BY household_id, person_id, share ORDER BY k_from
                ROWS UNBOUNDED PRECEDING) AS run
            FROM (
                SELECT *, coalesce(lag(k_to) OVER one + 1 <> k_from, true) AS new
                FROM member_row ANTI JOIN whole USING (household_id, person_id)
                WINDOW one AS (PARTITION BY household_id, person_id, share ORDER BY k_from))),
        spell AS (
            SELECT household_id, person_id, share, {_STAY}
            FROM run GROUP BY household_id, person_id, share, run
            UNION ALL BY NAME SELECT *, 'main' AS share FROM whole)
        SELECT household_id, person_id, role, share,
               least(began, [{days}][k_from + 1]) AS since,
               CASE WHEN k_to < {snaps.last} THEN [{days}][k_to + 2] END AS until
        FROM spell ORDER BY household_id, person_id, since, share, k_from"""


_STAY = """arg_max(role, k_from) AS role, arg_min(since, k_from) AS began,
                   min(k_from) AS k_from, max(k_to) AS k_to"""


def _whole(table: str, key: str, told: str, same: str = "true") -> str:
    """The keys with main ranges only, which follow each other without a gap: one run each.

    Most are so, and need not be put in order. Main ranges of a key do not overlap.
    """
    return f"""
        whole AS MATERIALIZED (
            SELECT {key}, {told} FROM {table} GROUP BY {key}
            HAVING bool_and(share = 'main') AND {same}
               AND max(k_to) - min(k_from) + 1 = sum(k_to - k_from + 1))"""


_HOME = """any_value(uprn) AS uprn, min(since) AS spell_from, max(k_to) AS k_to,
                   arg_max(confidence, k_from) AS residency_confidence"""


def _residency_spells_sql(snaps: Snapshots) -> str:
    """Where everybody lived from when to when.

    One that nobody ended is taken to have ended half its stale horizon after it was last confirmed.
    """
    days = ", ".join(f"DATE '{day}'" for day in snaps.days)
    return f"""
        WITH lived AS (
            SELECT person_id, uprn, 'main' AS share, k_from, k_to, since, confidence
            FROM resident WHERE uprn IS NOT NULL
            UNION ALL
            SELECT person_id, uprn, 'secondary', k_from, k_to, since, confidence FROM second_home),
        {_whole("lived", "person_id", _HOME, "min(uprn) = max(uprn)")},
        run AS (
            SELECT *, count(*) FILTER (WHERE new) OVER (
                PARTITION BY person_id, share ORDER BY k_from ROWS UNBOUNDED PRECEDING) AS run
            FROM (
                SELECT *, coalesce(lag(uprn) OVER one <> uprn OR lag(k_to) OVER one + 2 < k_from,
                                   true) AS new
                FROM lived ANTI JOIN whole USING (person_id)
                WINDOW one AS (PARTITION BY person_id, share ORDER BY k_from))),
        spell AS (
            SELECT person_id, share, run, {_HOME}
            FROM run GROUP BY person_id, share, run
            UNION ALL BY NAME SELECT *, 'main' AS share, 1 AS run FROM whole),
        ended AS (
            SELECT s.person_id, s.share, s.run,
                   max({{'day': CASE WHEN p.stale_days = 0 THEN p.seen_to
                                     WHEN p.seen_to IS NULL THEN [{days}][s.k_to + 1]
                                     ELSE p.seen_to + (p.stale_days // 2)::INTEGER END,
                         'inferred': p.stale_days <> 0}}) AS last
            FROM spell s JOIN presence p ON p.person_id = s.person_id AND p.uprn = s.uprn
            WHERE s.k_to < {snaps.last} AND p.seen_from <= [{days}][s.k_to + 1]
            GROUP BY s.person_id, s.share, s.run)
        SELECT s.person_id, s.uprn, s.spell_from,
               CASE WHEN s.k_to < {snaps.last}
                    THEN greatest(coalesce(e.last.day, [{days}][s.k_to + 1]), s.spell_from) END
               AS spell_to,
               s.k_to < {snaps.last} AND coalesce(e.last.inferred, true) AS inferred_end,
               s.share, s.residency_confidence
        FROM spell s LEFT JOIN ended e USING (person_id, share, run)
        ORDER BY s.person_id, s.spell_from, s.share, s.uprn, s.k_to"""


def output_views(schema: str, snaps: Snapshots) -> dict[str, str]:
    """View name to its ``SELECT``: one row for each month end.

    Args:
        schema: The month's schema, with the tables of spans.
        snaps: The month ends.
    """
    return {
        "household_snapshot": f"""
            SELECT household_id, snapshot_date, * EXCLUDE (household_id, snapshot_date, first_date,
                                                           last_date)
            FROM ({unfolded_sql(f"{schema}.household_snapshot_span", snaps)})""",
        "household_member": f"""
            SELECT snapshot_date, household_id, person_id, role, share
            FROM ({unfolded_sql(f"{schema}.household_member_span", snaps)})""",
    }
