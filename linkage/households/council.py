"""What the council's own systems tell: council tax, rent, homelessness and welfare."""

from __future__ import annotations

from contracts.asof import versions_sql
from linkage.households.changes import both, changes_sql, together
from linkage.households.told import Evidence
from linkage.properties import billed_property_sql


def _ctax() -> str:
    """Parties, at the property that the gazetteer knows under the account's property number.

    Where it knows none, at the account's own, or at the one of an earlier account.
    """
    account = changes_sql(
        "ctax_account", ("property_ref", "uprn", "liability_start", "liability_end")
    )
    party = changes_sql("ctax_party", ("role", "liability_type"))
    return f"""
        WITH account AS ({account}),
        home AS (
            SELECT property_ref, arg_min(uprn, known_from) AS home, min(known_from) AS home_known
            FROM account WHERE uprn IS NOT NULL GROUP BY property_ref),
        billed AS ({billed_property_sql()}),
        placed AS (
            SELECT a.* REPLACE (
                       coalesce(CASE WHEN b.known_from <= a.known_from THEN b.uprn END, a.uprn,
                                b.uprn, h.home) AS uprn,
                       CASE WHEN a.uprn IS NULL
                            THEN greatest(a.known_from, coalesce(b.known_from, h.home_known,
                                                                 a.known_from))
                            ELSE a.known_from END AS known_from)
            FROM account a LEFT JOIN home h USING (property_ref)
            LEFT JOIN billed b USING (property_ref))
        SELECT p.account_ref || '|' || p.party_ref AS local_id, 'ctax|' || p.account_ref AS form,
               CASE WHEN p.position = 0 THEN 'LEAD' ELSE 'JOINT' END AS part, a.uprn,
               CASE WHEN a.uprn IS NULL THEN 'no_address'
                    WHEN p.role = 'non_liable' THEN 'ctax_named' ELSE 'ctax_liable' END AS role,
               a.liability_start AS seen_from, a.liability_end AS seen_to,
               a.liability_end IS NOT NULL AS ended,
               -- Liable as owner, or as a tenant of whom no landlord's feed tells.
               CASE WHEN p.role = 'non_liable' THEN NULL
                    WHEN p.liability_type IN ('2', '3', '7') THEN 'OWNER'
                    WHEN p.liability_type IN ('4', '5') THEN 'PRS' END AS tenure,
               6 AS tenure_rank, {both("p", "a")}
        FROM ({party}) p JOIN placed a
          ON a.account_ref = p.account_ref AND {together("p", "a")}
        WHERE p.liability_type IS DISTINCT FROM '9'
          AND (a.known_to IS NULL OR a.known_to > a.known_from)"""


def _rent() -> str:
    tenancy = changes_sql("rent_tenancy", ("uprn", "landlord", "tenure", "start_date", "end_date"))
    return f"""
        SELECT p.tenancy_ref || '|' || p.person_local_id AS local_id,
               'rent|' || p.tenancy_ref AS form,
               CASE p.role WHEN 'TENANT' THEN 'LEAD' WHEN 'JOINT' THEN 'JOINT' ELSE 'MEMBER' END
               AS part, t.uprn,
               CASE WHEN t.uprn IS NULL THEN 'no_address'
                    WHEN p.role = 'HOUSEHOLD_MEMBER' THEN 'rent_member' ELSE 'rent_tenant' END
               AS role,
               t.start_date AS seen_from, t.end_date AS seen_to, t.end_date IS NOT NULL AS ended,
               CASE WHEN t.tenure = 'TEMP_ACCOM' THEN 'TA' WHEN t.landlord = 'COUNCIL'
                    THEN 'COUNCIL' ELSE 'RP' END AS tenure,
               CASE WHEN t.tenure = 'TEMP_ACCOM' THEN 1 ELSE 2 END AS tenure_rank, {both("p", "t")}
        FROM ({changes_sql("rent_person", ("role",))}) p JOIN ({tenancy}) t
          ON t.tenancy_ref = p.tenancy_ref AND {together("p", "t")}
        WHERE t.tenure <> 'GARAGE'"""


_CASE_PART = """
    CASE p.relationship_to_applicant WHEN 'APPLICANT' THEN 'LEAD' WHEN 'PARTNER' THEN 'PARTNER'
         WHEN 'CHILD' THEN 'CHILD' ELSE 'MEMBER' END AS part"""


def _placements() -> str:
    return f"""
        SELECT p.case_ref || '|' || p.person_seq AS local_id, 'hclic|' || p.case_ref AS form,
               {_CASE_PART}, t.placement_uprn AS uprn, 'placement' AS role,
               t.start_date AS seen_from, t.end_date AS seen_to, t.end_date IS NOT NULL AS ended,
               'TA' AS tenure, 0 AS tenure_rank, {both("p", "t")}
        FROM ({versions_sql("hclic_person")}) p JOIN ({versions_sql("hclic_ta")}) t
          ON t.case_ref = p.case_ref AND {together("p", "t")}"""


def _cases() -> str:
    case = changes_sql("hclic_case", ("approach_date", "last_settled_uprn", "closed_date"))
    return f"""
        SELECT p.case_ref || '|' || p.person_seq AS local_id, 'hclic|' || p.case_ref AS form,
               {_CASE_PART}, home.uprn, home.role, c.approach_date AS seen_from,
               CASE WHEN home.uprn IS NULL THEN c.closed_date ELSE c.approach_date END AS seen_to,
               home.uprn IS NULL AND c.closed_date IS NOT NULL AS ended, {both("p", "c")}
        FROM ({versions_sql("hclic_person")}) p JOIN ({case}) c
          ON c.case_ref = p.case_ref AND {together("p", "c")}
        CROSS JOIN LATERAL (
            SELECT NULL::BIGINT AS uprn, 'no_address' AS role
            UNION ALL
            SELECT c.last_settled_uprn, 'last_settled' WHERE c.last_settled_uprn IS NOT NULL
        ) home"""


def _welfare() -> str:
    award = changes_sql(
        "welfare_award", ("person_local_id", "uprn", "application_date", "decision_date")
    )
    return f"""
        SELECT p.person_local_id AS local_id, 'welfare|' || p.person_local_id AS form,
               'LEAD' AS part, coalesce(a.uprn, p.uprn) AS uprn,
               CASE WHEN coalesce(a.uprn, p.uprn) IS NULL THEN 'no_address' ELSE 'welfare' END
               AS role,
               coalesce(a.application_date, a.decision_date) AS seen_from,
               a.decision_date AS seen_to, false AS ended, {both("p", "a")}
        FROM ({changes_sql("welfare_applicant", ("uprn",))}) p JOIN ({award}) a
          ON a.person_local_id = p.person_local_id AND {together("p", "a")}"""


COUNCIL = (
    Evidence(source="ctax", needs=("ctax_account", "ctax_party"), told=_ctax),
    Evidence(source="rent", needs=("rent_tenancy", "rent_person"), told=_rent),
    Evidence(source="hclic", needs=("hclic_person", "hclic_ta"), told=_placements),
    Evidence(source="hclic", needs=("hclic_person", "hclic_case"), told=_cases),
    Evidence(source="welfare", needs=("welfare_applicant", "welfare_award"), told=_welfare),
)
