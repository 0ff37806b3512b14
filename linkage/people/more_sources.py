"""Identity records of sources that many a place lacks: register, care, children, schools, badges.

The same columns as :mod:`linkage.people.sources`, as they were known at a date. A source that a
place lacks has empty tables, and so no records. The address of a child's placement is never read.
"""

from __future__ import annotations

from datetime import date

from contracts.asof import as_known_sql

MORE_SOURCES = ("hreg", "asc", "cs", "school", "bbadge")


def more_identity_sql(known_on: date) -> list[str]:
    """A ``SELECT`` of each source's identity records known at the end of ``known_on``."""
    return [one(known_on) for one in (_hreg, _asc, _cs, _school, _bbadge)]


def pupil_number_sql(known_on: date) -> str:
    """A ``SELECT`` of ``source``, ``local_id`` and ``upn``: a strong id in two sources.

    A pupil who was given a new number has a row for each.
    """
    return f"""
        SELECT DISTINCT source, local_id, upn FROM (
            SELECT 'cs' AS source, pers_person_id AS local_id, upn
            FROM {_known("cs_person", known_on)}
            UNION ALL
            SELECT 'school', upn, upn FROM {_known("school_pupil", known_on)}
            UNION ALL
            SELECT 'school', upn, former_upn FROM {_known("school_pupil", known_on)})
        WHERE upn IS NOT NULL"""


def _known(table: str, known_on: date) -> str:
    return f"({as_known_sql(table, known_on)})"


def _hreg(known_on: date) -> str:
    return f"""
        SELECT 'hreg' AS source, m.app_ref || '|' || m.member_id AS local_id,
               'hreg|' || m.app_ref AS held_in, m.member_id AS in_system,
               m.relationship AS role, NULL AS title, NULL AS name_raw,
               m.first_name AS first_raw, m.last_name AS last_raw, m.dob, m.sex,
               m.nino_hash AS nino, m.phone_hash AS phone, a.current_uprn AS uprn,
               NULL AS postcode, a.registered_date AS since,
               coalesce(a.closed_date, a.registered_date) AS until
        FROM {_known("hreg_member", known_on)} m
        LEFT JOIN {_known("hreg_application", known_on)} a USING (app_ref)"""


def _asc(known_on: date) -> str:
    return f"""
        SELECT 'asc' AS source, la_person_id AS local_id, 'asc|' || la_person_id AS held_in,
               NULL AS in_system, 'SERVICE_USER' AS role, NULL AS title, NULL AS name_raw,
               first_name AS first_raw, last_name AS last_raw, dob, NULL AS sex,
               nino_hash AS nino, phone_hash AS phone, uprn, postcode, known_from AS since,
               NULL::DATE AS until
        FROM {_known("asc_person", known_on)}"""


def _cs(known_on: date) -> str:
    """Children, and parents, who stand where the children of their family live.

    Some families are wrong or out of date: that home is only where a name is looked for.
    """
    return f"""
        WITH own AS (
            SELECT addr_person_id AS person, uprn, postcode, addr_start, addr_end
            FROM {_known("cs_address", known_on)} WHERE addr_address_type = 'HOME'),
        family AS (
            SELECT DISTINCT fami_family_id AS family, fami_person_id AS person
            FROM {_known("cs_family", known_on)}),
        person AS (
            SELECT *, CASE WHEN pers_dob > DATE '{known_on.isoformat()}' - INTERVAL 18 YEAR
                           THEN 'CHILD' ELSE 'ADULT' END AS role
            FROM {_known("cs_person", known_on)}),
        home AS (
            SELECT * FROM own
            UNION ALL
            SELECT DISTINCT f.person, o.uprn, o.postcode, o.addr_start, o.addr_end
            FROM family f JOIN family c USING (family) JOIN own o ON o.person = c.person
            WHERE f.person IN (SELECT pers_person_id FROM person WHERE role = 'ADULT')
              AND f.person NOT IN (SELECT person FROM own))
        SELECT 'cs' AS source, p.pers_person_id AS local_id, 'cs|' || p.pers_person_id AS held_in,
               NULL AS in_system, p.role, NULL AS title, NULL AS name_raw,
               p.pers_forename AS first_raw, p.pers_surname AS last_raw, p.pers_dob AS dob,
               CASE WHEN p.pers_sex IN ('M', 'F') THEN p.pers_sex END AS sex, NULL AS nino,
               NULL AS phone, h.uprn, h.postcode, h.addr_start AS since, h.addr_end AS until
        FROM person p LEFT JOIN home h ON h.person = p.pers_person_id
        -- A child who is not yet born is nobody's record of anybody.
        WHERE p.pers_forename IS NOT NULL"""


def _school(known_on: date) -> str:
    return f"""
        WITH pupil AS {_known("school_pupil", known_on)},
        latest AS (
            SELECT upn, forename, surname, dob, sex FROM pupil
            QUALIFY row_number() OVER (PARTITION BY upn ORDER BY census_date DESC) = 1),
        home AS (
            SELECT upn, home_uprn, max(postcode) AS postcode, min(census_date) AS since,
                   max(census_date) AS until
            FROM pupil GROUP BY upn, home_uprn, CASE WHEN home_uprn IS NULL THEN postcode END)
        SELECT 'school' AS source, l.upn AS local_id, 'school|' || l.upn AS held_in,
               NULL AS in_system, 'PUPIL' AS role, NULL AS title, NULL AS name_raw,
               l.forename AS first_raw, l.surname AS last_raw, l.dob, l.sex, NULL AS nino,
               NULL AS phone, h.home_uprn AS uprn, h.postcode, h.since, h.until
        FROM latest l JOIN home h USING (upn)"""


def _bbadge(known_on: date) -> str:
    return f"""
        SELECT 'bbadge' AS source, badge_no AS local_id, 'bbadge|' || badge_no AS held_in,
               NULL AS in_system, 'HOLDER' AS role, NULL AS title, NULL AS name_raw,
               first_name AS first_raw, last_name AS last_raw, dob, sex, nino_hash AS nino,
               NULL AS phone, uprn, NULL AS postcode, start_date AS since, expiry_date AS until
        FROM {_known("blue_badge", known_on)}"""
