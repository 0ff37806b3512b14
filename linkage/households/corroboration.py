"""What other sources tell of who was where: schools, social care, registers, the electoral roll.

None of them is there in every place. A general practice's registration reaches a person only where
a linkage service has returned the practice's patients as identity records; elsewhere it reaches
homes alone and tells nothing here.
"""

from __future__ import annotations

from contracts.asof import versions_sql
from linkage.households.changes import both, changes_sql, together
from linkage.households.claims import Claim
from linkage.households.told import Evidence
from linkage.households.weights import WEIGHTS

_PUPIL = Claim(
    table="school_pupil",
    key="upn",
    at="census_date",
    since="census_date",
    uprn="home_uprn",
    stale_days=WEIGHTS["school_home"].stale_days,
)


def _school() -> str:
    return f"""
        SELECT claim AS local_id, 'school|' || claim AS form, 'CHILD' AS part, home AS uprn,
               'school_home' AS role, run_from AS seen_from, latest AS seen_to, false AS ended,
               known_from, state_to AS known_to
        FROM {_PUPIL.runs} WHERE home IS NOT NULL"""


def _cs_address() -> str:
    """Dated addresses; the family is what people stand on together.

    Nobody goes over the addresses of closed cases: one that was never ended is confirmed by no
    later delivery, only by the day on which it was written.
    """
    address = changes_sql("cs_address", ("addr_end", "uprn"))
    return f"""
        SELECT a.addr_person_id AS local_id,
               'cs|' || coalesce(f.fami_family_id, a.addr_person_id) AS form, 'MEMBER' AS part,
               a.uprn,
               CASE a.addr_address_type WHEN 'PLACEMENT' THEN 'cs_placement' ELSE 'cs_address' END
               AS role, a.addr_start AS seen_from,
               coalesce(a.addr_end, greatest(a.addr_start, a.known_from)) AS seen_to,
               a.addr_end IS NOT NULL AS ended, a.known_from, a.known_to
        FROM ({address}) a
        LEFT JOIN (
            SELECT fami_person_id, max(fami_family_id) AS fami_family_id, min(known_from) AS known
            FROM ({versions_sql("cs_family")}) GROUP BY fami_person_id) f
          ON f.fami_person_id = a.addr_person_id AND f.known <= a.known_from
        WHERE a.uprn IS NOT NULL AND a.addr_address_type IN ('HOME', 'PLACEMENT')"""


def _asc() -> str:
    """The home on file, confirmed when it was last written."""
    return f"""
        SELECT la_person_id AS local_id, 'asc|' || la_person_id AS form, 'MEMBER' AS part, uprn,
               'asc_person' AS role, known_from AS seen_from, known_from AS seen_to,
               false AS ended, known_from, known_to
        FROM ({changes_sql("asc_person", ("uprn",))}) WHERE uprn IS NOT NULL"""


def _gp() -> str:
    """Registrations, by the pseudonym of the home."""
    return f"""
        SELECT p.nhs_pid AS local_id, 'gp|' || p.nhs_pid AS form, 'MEMBER' AS part, w.uprn,
               'gp' AS role, p.reg_start AS seen_from, p.reg_end AS seen_to,
               p.reg_end IS NOT NULL AS ended, p.known_from, p.known_to
        FROM ({changes_sql("gp_patient", ("reg_end", "puprn", "practice_dsa_in_place"))}) p
        JOIN dwelling_now w ON w.puprn = p.puprn
        WHERE p.practice_dsa_in_place"""


def _elector() -> str:
    return f"""
        SELECT elector_no AS local_id, 'elect|' || elector_no AS form, 'MEMBER' AS part, uprn,
               'elector' AS role, added_date AS seen_from, removed_date AS seen_to,
               removed_date IS NOT NULL AS ended, known_from, known_to
        FROM ({changes_sql("elector", ("uprn", "added_date", "removed_date"))})
        WHERE uprn IS NOT NULL"""


def _hreg() -> str:
    """The household that people want to be: weak evidence of who lives where now."""
    application = changes_sql(
        "hreg_application", ("current_uprn", "registered_date", "last_bid_date", "closed_date")
    )
    return f"""
        SELECT m.app_ref || '|' || m.member_id AS local_id, 'hreg|' || m.app_ref AS form,
               CASE m.relationship WHEN 'APPLICANT' THEN 'LEAD' WHEN 'PARTNER' THEN 'PARTNER'
                    WHEN 'CHILD' THEN 'CHILD' ELSE 'MEMBER' END AS part,
               a.current_uprn AS uprn, 'hreg_member' AS role, a.registered_date AS seen_from,
               coalesce(a.closed_date, greatest(a.last_bid_date, a.registered_date)) AS seen_to,
               a.closed_date IS NOT NULL AS ended, {both("m", "a")}
        FROM ({changes_sql("hreg_member", ("relationship",))}) m JOIN ({application}) a
          ON a.app_ref = m.app_ref AND {together("m", "a")}
        WHERE a.current_uprn IS NOT NULL"""


CORROBORATION = (
    Evidence(source="school", needs=("school_pupil",), told=_school, claim=_PUPIL),
    Evidence(source="cs", needs=("cs_address", "cs_family"), told=_cs_address),
    Evidence(source="asc", needs=("asc_person",), told=_asc),
    Evidence(source="gp", needs=("gp_patient",), told=_gp),
    Evidence(source="elect", needs=("elector",), told=_elector),
    Evidence(source="hreg", needs=("hreg_application", "hreg_member"), told=_hreg),
)
