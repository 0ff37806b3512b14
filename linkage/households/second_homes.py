"""The other home of children in shared care and of students, beside their main one."""

from __future__ import annotations

from linkage.households.timeline import Snapshots

_STUDENT_MONTHS = (17 * 12, 26 * 12)


def student_homes_sql(there: frozenset[str]) -> str:
    """A ``SELECT`` of uprn, k_from, k_to: halls, and homes that council tax knows as students'."""
    halls = "SELECT uprn, k_from, k_to FROM home_span WHERE communal_type = 'EDUCATION'"
    if "ctax_discount" not in there:
        return halls
    return f"""
        {halls}
        UNION
        SELECT s.uprn, s.k_from, s.k_to FROM span s
        WHERE s.source = 'ctax' AND s.uprn IS NOT NULL AND s.form IN (
            SELECT 'ctax|' || account_ref FROM raw.ctax_discount WHERE disc_code = 'N')"""


def second_homes_sql(schema: str, snaps: Snapshots) -> str:
    """A ``SELECT`` of person_id, uprn, confidence, since, k_from, k_to.

    A child has two homes where different adults, each living in one of them, stand with the child
    on different forms. A student has a home at term and another.
    ``schema`` has ``person``.
    """
    return f"""
        WITH other AS (
            SELECT c.*, g.person_id, g.k_from, g.k_to, m.uprn AS main_uprn,
                   {snaps.base} + g.k_from - (n.birth_ym // 100 * 12 + n.birth_ym % 100 - 1) AS age
            FROM choice c JOIN choice m ON m.seg = c.seg AND m.nth = 1
            JOIN seg g ON g.seg = c.seg
            JOIN {schema}.person n ON n.person_id = g.person_id
            WHERE c.nth = 2 AND n.birth_ym IS NOT NULL),
        held AS (
            SELECT o.seg, s.uprn, b.person_id AS adult
            FROM other o JOIN said s ON s.seg = o.seg
            JOIN span b ON b.form = s.form AND b.person_id <> o.person_id AND b.part <> 'CHILD'
                       AND o.k_from BETWEEN b.k_from AND b.k_to
            JOIN person_span h ON h.person_id = b.person_id AND h.uprn = s.uprn
                              AND o.k_from BETWEEN h.k_from AND h.k_to
            WHERE o.age < 216),
        shared AS (
            SELECT o.seg FROM other o
            JOIN held a ON a.seg = o.seg AND a.uprn = o.uprn
            JOIN held b ON b.seg = o.seg AND b.uprn = o.main_uprn
            GROUP BY o.seg
            HAVING len(list_intersect(list(a.adult), list(b.adult))) = 0),
        studying AS (
            SELECT DISTINCT o.seg FROM other o JOIN student_home h
              ON h.uprn IN (o.uprn, o.main_uprn) AND o.k_from BETWEEN h.k_from AND h.k_to
            WHERE o.age BETWEEN {_STUDENT_MONTHS[0]} AND {_STUDENT_MONTHS[1]})
        SELECT o.person_id, o.uprn, o.confidence, o.since, o.k_from, o.k_to
        FROM other o SEMI JOIN (SELECT * FROM shared UNION SELECT * FROM studying) w
          USING (seg)"""
