"""Protected attributes of each household's lead person, for the fairness audit and nothing else."""

from __future__ import annotations

from datetime import date

import duckdb

from contracts.asof import versions_sql
from linkage.households.timeline import Snapshots, span_sql, temp, unfolded_sql

# Census categories of the general practice record to the audit's five groups.
_GROUP_OF_16 = {
    "WHITE": "ABC",
    "MIXED": "DEFG",
    "ASIAN": "HJKLR",
    "BLACK": "MNP",
    "OTHER": "S",
}
_AGE_BANDS = (
    ("16-24", 16, 24),
    ("25-34", 25, 34),
    ("35-49", 35, 49),
    ("50-64", 50, 64),
    ("65+", 65, 200),
)


def make_audit(
    con: duckdb.DuckDBPyConnection, schema: str, snaps: Snapshots, there: frozenset[str]
) -> None:
    """Make the temporary table ``home_group`` that :func:`audit_spans_sql` reads.

    Args:
        con: Warehouse with ``described`` and ``dwelling_now``.
        schema: The month's schema, with ``person_protected``.
        snaps: The month ends.
        there: Tables that the warehouse holds.
    """
    temp(con, "home_group", _group_at_home_sql(schema, snaps, there))


def audit_spans_sql(schema: str, snaps: Snapshots) -> str:
    """A ``SELECT`` of ``household_audit_span``, sorted: the groups of each span of month ends.

    ``lead_born`` is the lead person's month of birth, in months since year 0.
    """
    return f"""
        SELECT {span_sql(snaps)}, * EXCLUDE (k_from, k_to)
        FROM (
            SELECT greatest(d.k_from, coalesce(g.k_from, d.k_from))::INTEGER AS k_from,
                   least(d.k_to, coalesce(g.k_to, d.k_to))::INTEGER AS k_to, d.household_id,
                   coalesce(p.ethnic_group, g.ethnic_group, 'NOT_RECORDED') AS ethnic_group,
                   d.lead_birth AS lead_born, coalesce(p.sex, 'NOT_RECORDED') AS sex,
                   coalesce(p.disability, 'NOT_RECORDED') AS disability, d.tenure,
                   CASE WHEN d.imd_decile BETWEEN 1 AND 10
                        THEN ((d.imd_decile - 1) // 2 * 2 + 1) || '-'
                             || ((d.imd_decile + 1) // 2 * 2)
                        ELSE 'NOT_RECORDED' END AS deprivation
            FROM described d
            LEFT JOIN {schema}.person_protected p ON p.person_id = d.lead_person_id
            LEFT JOIN home_group g
              ON g.uprn = d.uprn AND g.k_from <= d.k_to AND g.k_to >= d.k_from
             AND p.ethnic_group IS NULL)
        ORDER BY household_id, k_from"""


def audit_view_sql(schema: str, snaps: Snapshots) -> str:
    """The ``SELECT`` of the view ``household_audit``: one row for each month end."""
    rows = unfolded_sql(f"{schema}.household_audit_span", snaps)
    return f"SELECT snapshot_date, {_groups()} FROM ({rows})"


def audit_on_sql(schema: str, day: date) -> str:
    """A ``SELECT`` of the rows of ``household_audit`` of one month end, without its date."""
    on = f"DATE '{day}'"
    return f"""
        SELECT {_groups()} FROM (
            SELECT *, {on} AS snapshot_date FROM {schema}.household_audit_span
            WHERE first_date <= {on} AND last_date >= {on})"""


def _groups() -> str:
    age = "(year(snapshot_date) * 12 + month(snapshot_date) - 1 - lead_born) // 12"
    bands = " ".join(
        f"WHEN {age} BETWEEN {low} AND {high} THEN '{band}'" for band, low, high in _AGE_BANDS
    )
    return (
        f"household_id, ethnic_group, CASE {bands} ELSE 'NOT_RECORDED' END AS age_band, sex, "
        "disability, tenure, deprivation"
    )


def _group_at_home_sql(schema: str, snaps: Snapshots, there: frozenset[str]) -> str:
    """The ethnic group of most registrations at a home, which are joined to no person.

    It stands in where no council source recorded the lead person's own. Every range of a home is
    there, so that a household's ranges can be cut by it.
    """
    if "gp_patient" not in there:
        return "SELECT 0 AS uprn, 0 AS k_from, 0 AS k_to, 'x' AS ethnic_group WHERE false"
    groups = " ".join(
        f"WHEN p.ethnic16 IN ({', '.join(repr(letter) for letter in letters)}) THEN '{group}'"
        for group, letters in _GROUP_OF_16.items()
    )
    began, far = "greatest(p.known_from, p.reg_start)", "DATE '9999-12-30'"
    ended = f"least(coalesce(p.known_to, {far}), coalesce(p.reg_end, {far}))"
    return f"""
        WITH asked AS (
            SELECT DISTINCT d.uprn, w.puprn
            FROM described d JOIN dwelling_now w USING (uprn)
            LEFT JOIN {schema}.person_protected p ON p.person_id = d.lead_person_id
            WHERE w.puprn IS NOT NULL AND p.ethnic_group IS NULL),
        registered AS (
            SELECT a.uprn, CASE {groups} END AS ethnic_group,
                   {snaps.first_from(began)} AS k_from, {snaps.last_until(f"({ended} - 1)")} AS k_to
            FROM asked a JOIN ({versions_sql("gp_patient")}) p ON p.puprn = a.puprn
            WHERE p.practice_dsa_in_place AND {began} <= DATE '{snaps.days[-1]}'),
        told AS (SELECT * FROM registered WHERE ethnic_group IS NOT NULL AND k_from <= k_to),
        cut AS (
            SELECT uprn, k_from AS k FROM told UNION SELECT uprn, k_to + 1 FROM told
            UNION SELECT DISTINCT uprn, 0 FROM told
            UNION SELECT DISTINCT uprn, {snaps.last + 1} FROM told),
        part AS (
            SELECT uprn, k AS k_from, lead(k) OVER (PARTITION BY uprn ORDER BY k) - 1 AS k_to
            FROM cut),
        counted AS (
            SELECT p.uprn, p.k_from, p.k_to, t.ethnic_group, count(t.uprn) AS n
            FROM part p LEFT JOIN told t
              ON t.uprn = p.uprn AND t.k_from <= p.k_from AND t.k_to >= p.k_from
            WHERE p.k_to IS NOT NULL GROUP BY ALL)
        SELECT uprn, k_from, k_to, ethnic_group FROM counted
        QUALIFY row_number() OVER (PARTITION BY uprn, k_from ORDER BY n DESC, ethnic_group) = 1"""
