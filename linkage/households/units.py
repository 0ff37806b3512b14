"""Who of those at one home are one household.

Most homes hold one. Where a home shows signs of several, its residents are split by what they stand
on together: a claim, a tenancy, a council tax account, a homelessness case, a family in social
care, or a surname in several sources. Ids over time come later.

Temporary tables: ``lived`` where each person lived, by age; ``inside`` the same in ranges of a home
within which nobody comes, goes or comes of age, of homes that may hold several households; ``unit``
and ``unit_member`` who is together.
"""

from __future__ import annotations

import duckdb

from linkage.households.sharing import candidates_sql, split_homes
from linkage.households.timeline import Snapshots, temp
from linkage.households.told import tenure_sql

ADULT_YEARS, PENSION_YEARS = 18, 66
# Ages at which a count or the kind of a household can change.
_AGES = (5, ADULT_YEARS, 65, PENSION_YEARS)
LEAST_EDGE_CONFIDENCE = 0.6
# More than the units of any one home.
_MOST_UNITS = 1_000_000


def form_units(con: duckdb.DuckDBPyConnection, schema: str, snaps: Snapshots) -> None:
    """Make the tables above.

    Args:
        con: Warehouse with the tables of :func:`linkage.households.residency.resolve_residency`.
        schema: The month's schema, with ``person`` and ``person_identity``.
        snaps: The month ends.
    """
    temp(con, "lived", _lived_sql(schema, snaps))
    temp(con, "home_part", _home_parts_sql())
    temp(con, "candidate", candidates_sql())
    temp(con, "inside", f"{_INSIDE} WHERE l.place IN (SELECT uprn FROM candidate)")
    split_homes(con, schema)
    temp(con, "unit_member", _members_sql())
    temp(con, "unit", _units_sql())


def _lived_sql(schema: str, snaps: Snapshots) -> str:
    """Residents, parted where they come of an age; people with no home by the form they share.

    Without a date of birth, who is nothing but a child on every form is a child.
    """
    ages = ", ".join(f"birth + {12 * years} - {snaps.base}" for years in _AGES)
    return f"""
        WITH dated AS (
            SELECT r.*, coalesce(r.uprn, -f.place) AS place,
                   n.birth_ym // 100 * 12 + n.birth_ym % 100 - 1 AS birth
            FROM resident r JOIN {schema}.person n USING (person_id)
            LEFT JOIN (
                SELECT form, dense_rank() OVER (ORDER BY form) AS place
                FROM (SELECT DISTINCT form FROM resident WHERE uprn IS NULL)) f
              ON r.uprn IS NULL AND f.form IS NOT DISTINCT FROM r.form),
        parted AS (
            SELECT *, list_filter([{ages}], lambda k: k > k_from AND k <= k_to) AS cuts FROM dated)
        SELECT * EXCLUDE (cuts, only_child),
               CASE WHEN birth IS NULL THEN NOT only_child
                    ELSE {snaps.base} + k_from - birth >= {12 * ADULT_YEARS} END AS adult
        FROM (
            SELECT * REPLACE (
                       unnest(list_prepend(k_from, cuts))::INTEGER AS k_from,
                       unnest(list_append(list_transform(cuts, lambda k: k - 1), k_to))::INTEGER
                       AS k_to)
            FROM parted)"""


def _home_parts_sql() -> str:
    """Ranges of each home within which its residents and what is known of it stay the same."""
    return """
        WITH cut AS (
            SELECT place, k_from AS k FROM lived UNION SELECT place, k_to + 1 FROM lived
            UNION
            SELECT h.uprn, h.k_from FROM home_span h
            WHERE h.k_from > 0 AND h.uprn IN (SELECT place FROM lived))
        SELECT row_number() OVER (ORDER BY place, k) AS part, place, k AS k_from,
               (next_k - 1)::INTEGER AS k_to
        FROM (SELECT *, lead(k) OVER (PARTITION BY place ORDER BY k) AS next_k FROM cut)
        WHERE next_k IS NOT NULL"""


_INSIDE = """
        SELECT p.part, p.k_from, p.k_to, l.* EXCLUDE (k_from, k_to)
        FROM home_part p JOIN lived l
          ON l.place = p.place AND l.k_from <= p.k_from AND l.k_to >= p.k_from"""


def _members_sql() -> str:
    """Everybody with their unit: kind 0 a home, 1 a part of one, 2 people with no home."""
    return f"""
        SELECT i.*, CASE WHEN i.uprn IS NULL THEN 2 WHEN s.person_id IS NULL THEN 0 ELSE 1 END
               AS kind,
               CASE WHEN i.uprn IS NULL THEN n.first_id ELSE coalesce(s.together, i.uprn) END
               AS name,
               s.sure
        FROM ({_INSIDE}) i LEFT JOIN split s ON s.part = i.part AND s.person_id = i.person_id
        LEFT JOIN (
            SELECT part, min(person_id) AS first_id FROM ({_INSIDE} WHERE l.uprn IS NULL)
            GROUP BY part) n
          ON n.part = i.part"""


def _units_sql() -> str:
    """Each unit with what kind it is, and the episode in which nobody of it comes or goes.

    An episode goes by the number of its first range.
    """
    return f"""
        WITH counted AS (
            SELECT kind, name, part, any_value(uprn) AS uprn, any_value(k_from) AS k_from,
                   any_value(k_to) AS k_to, min(sure) AS sure,
                   bool_or(placed OR coalesce({tenure_sql("told")} = 'TA', false)) AS placed,
                   sum(hash(person_id, adult)::HUGEINT) AS members
            FROM unit_member GROUP BY kind, name, part),
        unit AS (
            SELECT *, part * {_MOST_UNITS}
                   + row_number() OVER (PARTITION BY part ORDER BY name) AS number
            FROM counted),
        changed AS (
            SELECT *, row_number() OVER one = 1 OR lag(k_to) OVER one + 1 <> k_from
                   OR lag(members) OVER one <> members
                   OR lag(uprn) OVER one IS DISTINCT FROM uprn
                   OR lag(placed) OVER one <> placed AS new
            FROM unit WINDOW one AS (PARTITION BY kind, name ORDER BY k_from)),
        begun AS (
            SELECT *, last_value(CASE WHEN new THEN number END IGNORE NULLS) OVER (
                PARTITION BY kind, name ORDER BY k_from ROWS UNBOUNDED PRECEDING) AS episode
            FROM changed)
        SELECT u.* EXCLUDE (members, new, sure, number),
               h.communal_type, h.neighbourhood_code, h.lsoa21, h.imd_decile,
               CASE WHEN u.uprn IS NULL THEN 'NO_FIXED_ABODE'
                    WHEN h.communal_type IS NOT NULL THEN 'COMMUNAL'
                    WHEN u.sure < {LEAST_EDGE_CONFIDENCE} THEN 'MULTI_HOUSEHOLD_UNRESOLVED'
                    ELSE 'HOUSEHOLD' END AS hh_kind
        FROM begun u LEFT JOIN home_span h
          ON h.uprn = u.uprn AND h.k_from <= u.k_from AND h.k_to >= u.k_from"""
