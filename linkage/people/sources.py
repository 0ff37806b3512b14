"""Identity records of every source that names people, as they were known at a date.

Each source gives the same columns; those that many a place lacks are in
:mod:`linkage.people.more_sources`. A record that was held at several addresses gives one row for
each; ``held_in`` is the form (account, tenancy, case or claim) on which a person stands once.
"""

from __future__ import annotations

from datetime import date

from contracts.asof import as_known_sql
from linkage.people.more_sources import more_identity_sql, pupil_number_sql
from linkage.properties import billed_property_sql

COLUMNS = (
    "source",
    "local_id",
    "held_in",
    "in_system",
    "role",
    "title",
    "name_raw",
    "first_raw",
    "last_raw",
    "dob",
    "sex",
    "nino",
    "phone",
    "uprn",
    "postcode",
    "since",
    "until",
)


def identity_sql(known_on: date) -> str:
    """A ``SELECT`` of every identity record known at the end of ``known_on``.

    Beside :data:`COLUMNS` it has ``upn``, the pupil's number, one row for each that a pupil had.
    """
    parts = [one(known_on) for one in (_ctax, _rent, _hclic, _welfare, _uc, _shbe)]
    parts += more_identity_sql(known_on)
    named = " UNION ALL ".join(f"SELECT {', '.join(COLUMNS)} FROM ({part})" for part in parts)
    return f"""
        SELECT r.*, n.upn FROM ({named}) r
        LEFT JOIN ({pupil_number_sql(known_on)}) n USING (source, local_id)"""


def _known(table: str, known_on: date) -> str:
    return f"({as_known_sql(table, known_on)})"


def _ctax(known_on: date) -> str:
    return f"""
        WITH account AS {_known("ctax_account", known_on)},
        billed AS ({billed_property_sql(known_on)}),
        -- Where the gazetteer does not tell, an account without a UPRN takes the one that its
        -- property has on every other account.
        home AS (
            SELECT property_ref, min(uprn) AS home FROM account WHERE uprn IS NOT NULL
            GROUP BY property_ref HAVING count(DISTINCT uprn) = 1)
        SELECT 'ctax' AS source, p.account_ref || '|' || p.party_ref AS local_id,
               'ctax|' || p.account_ref AS held_in, p.party_ref AS in_system, p.role,
               NULL AS title, p.name_raw, NULL AS first_raw, NULL AS last_raw, p.dob,
               NULL AS sex, p.nino_hash AS nino, p.phone_hash AS phone,
               coalesce(b.uprn, a.uprn, h.home) AS uprn, NULL AS postcode,
               a.liability_start AS since, a.liability_end AS until
        FROM {_known("ctax_party", known_on)} p
        LEFT JOIN account a USING (account_ref) LEFT JOIN home h USING (property_ref)
        LEFT JOIN billed b USING (property_ref)
        QUALIFY row_number() OVER (PARTITION BY p.account_ref, p.party_ref ORDER BY p.position) = 1
        """


def _rent(known_on: date) -> str:
    return f"""
        SELECT 'rent' AS source, p.tenancy_ref || '|' || p.person_local_id AS local_id,
               'rent|' || p.tenancy_ref AS held_in, p.person_local_id AS in_system, p.role,
               p.title, NULL AS name_raw, p.first_name AS first_raw, p.last_name AS last_raw,
               p.dob, p.sex, p.nino_hash AS nino, p.phone_hash AS phone, t.uprn,
               NULL AS postcode, t.start_date AS since, t.end_date AS until
        FROM {_known("rent_person", known_on)} p
        LEFT JOIN {_known("rent_tenancy", known_on)} t USING (tenancy_ref)"""


def _hclic(known_on: date) -> str:
    return f"""
        WITH person AS {_known("hclic_person", known_on)},
        stood AS (
            SELECT case_ref, last_settled_uprn AS uprn, approach_date AS since,
                   approach_date AS until
            FROM {_known("hclic_case", known_on)}
            UNION ALL
            SELECT case_ref, placement_uprn, start_date, end_date
            FROM {_known("hclic_ta", known_on)} WHERE placement_uprn IS NOT NULL)
        SELECT 'hclic' AS source, p.case_ref || '|' || p.person_seq AS local_id,
               'hclic|' || p.case_ref AS held_in, NULL AS in_system,
               p.relationship_to_applicant AS role, NULL AS title, NULL AS name_raw,
               p.first_name AS first_raw, p.last_name AS last_raw, p.dob, p.sex,
               p.nino_hash AS nino, p.phone_hash AS phone, s.uprn, NULL AS postcode,
               s.since, s.until
        FROM person p LEFT JOIN stood s USING (case_ref)"""


def _welfare(known_on: date) -> str:
    return f"""
        WITH person AS {_known("welfare_applicant", known_on)},
        award AS {_known("welfare_award", known_on)},
        stood AS (
            SELECT w.person_local_id, w.uprn, min(w.decision_date) AS since,
                   max(w.decision_date) AS until
            FROM award w WHERE w.uprn IS NOT NULL GROUP BY w.person_local_id, w.uprn
            UNION ALL
            SELECT p.person_local_id, p.uprn, p.known_from, p.known_from FROM person p
            WHERE NOT EXISTS (
                SELECT 1 FROM award w WHERE w.person_local_id = p.person_local_id
                AND w.uprn IS NOT DISTINCT FROM p.uprn AND w.uprn IS NOT NULL))
        SELECT 'welfare' AS source, p.person_local_id AS local_id,
               'welfare|' || p.person_local_id AS held_in, NULL AS in_system,
               'APPLICANT' AS role, NULL AS title, NULL AS name_raw,
               p.first_name AS first_raw, p.last_name AS last_raw, p.dob, NULL AS sex,
               p.nino_hash AS nino, p.phone_hash AS phone, s.uprn, NULL AS postcode,
               s.since, s.until
        FROM person p LEFT JOIN stood s USING (person_local_id)"""


def _uc(known_on: date) -> str:
    return f"""
        WITH stood AS (
            SELECT uc_claim_hash, uprn, max(postcode) AS postcode, min(ap_start) AS since,
                   max(ap_end) AS until
            FROM {_known("uc_award", known_on)}
            GROUP BY uc_claim_hash, uprn, CASE WHEN uprn IS NULL THEN postcode END)
        SELECT 'uc' AS source, m.uc_claim_hash || '|' || m.member_seq AS local_id,
               'uc|' || m.uc_claim_hash AS held_in, NULL AS in_system, m.role, NULL AS title,
               NULL AS name_raw, m.first_name AS first_raw, m.last_name AS last_raw, m.dob,
               m.sex, m.nino_hash AS nino, NULL AS phone, s.uprn, s.postcode, s.since, s.until
        FROM {_known("uc_member", known_on)} m LEFT JOIN stood s USING (uc_claim_hash)"""


def _shbe(known_on: date) -> str:
    return f"""
        WITH stood AS (
            SELECT claim_ref, uprn, max(postcode) AS postcode, min(award_start) AS since,
                   CASE WHEN bool_or(award_end IS NULL) THEN NULL ELSE max(award_end) END AS until
            FROM {_known("shbe_claim", known_on)}
            GROUP BY claim_ref, uprn, CASE WHEN uprn IS NULL THEN postcode END)
        SELECT 'shbe' AS source, m.claim_ref || '|' || m.member_seq AS local_id,
               'shbe|' || m.claim_ref AS held_in, NULL AS in_system, m.role, NULL AS title,
               m.name_raw, NULL AS first_raw, NULL AS last_raw, m.dob,
               CASE m.sex WHEN '1' THEN 'M' WHEN '2' THEN 'F' END AS sex, m.nino_hash AS nino,
               NULL AS phone, s.uprn, s.postcode, s.since, s.until
        FROM {_known("shbe_member", known_on)} m LEFT JOIN stood s USING (claim_ref)"""
