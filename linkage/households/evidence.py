"""Evidence of who was where: every stay that a source tells of, with when it was known.

``presence`` also holds what tells of a person but of no address (an open homelessness case, a claim
without a matched address), and the form (claim, tenancy, account, case) on which people stand
together. ``residency_evidence`` is the part of it that names a home.

A stay has ``seen_to`` empty while its source says that it goes on. Where ``stale_days`` is 0,
``seen_to`` is the day it ended; else it is the day on which it was last confirmed.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.asof import versions_sql


@dataclass(frozen=True, kw_only=True)
class Weight:
    """How far a kind of evidence is trusted, and for how many days without being confirmed."""

    strength: float
    stale_days: int


# Planning figures of the specification; those of welfare and of a last settled home are our own.
WEIGHTS = {
    "rent_tenant": Weight(strength=0.95, stale_days=35),
    "rent_member": Weight(strength=0.60, stale_days=400),
    "claimant": Weight(strength=0.90, stale_days=95),
    "claim_child": Weight(strength=0.85, stale_days=95),
    "claim_nondep": Weight(strength=0.60, stale_days=400),
    "ctax_liable": Weight(strength=0.85, stale_days=400),
    "ctax_named": Weight(strength=0.40, stale_days=400),
    "placement": Weight(strength=0.95, stale_days=400),
    "last_settled": Weight(strength=0.35, stale_days=200),
    "welfare": Weight(strength=0.50, stale_days=400),
    "no_address": Weight(strength=0.0, stale_days=95),
}

COLUMNS = (
    "person_id",
    "form",
    "part",
    "uprn",
    "seen_from",
    "seen_to",
    "source",
    "role",
    "strength",
    "stale_days",
    "known_from",
    "known_to",
)


def presence_sql(links: str) -> str:
    """A ``SELECT`` of every stay and every form, for each version that was ever known.

    Args:
        links: The table ``person_link``.
    """
    parts = (_ctax(), _rent(), _uc(), _shbe(), _placements(), _cases(), _welfare())
    told = " UNION ALL ".join(parts)
    weights = ", ".join(
        f"('{role}', {weight.strength}, {weight.stale_days})" for role, weight in WEIGHTS.items()
    )
    return f"""
        WITH weight(role, strength, stale) AS (VALUES {weights}), told AS ({told})
        SELECT l.person_id, t.form, t.part, t.uprn, t.seen_from, t.seen_to, t.source, t.role,
               w.strength::DOUBLE AS strength,
               CASE WHEN t.ended THEN 0 ELSE w.stale END AS stale_days,
               t.known_from, t.known_to
        FROM told t JOIN weight w USING (role)
        JOIN {links} l ON l.source = t.source AND l.local_id = t.local_id
        WHERE NOT (t.ended AND t.role <> 'placement' AND t.uprn IS NOT NULL
                   AND t.seen_to - t.seen_from < 28)"""


def _both(left: str, right: str) -> str:
    """Columns ``known_from`` and ``known_to`` of two versions that were known together."""
    return (
        f"greatest({left}.known_from, {right}.known_from) AS known_from,"
        f" CASE WHEN {left}.known_to IS NULL THEN {right}.known_to"
        f" WHEN {right}.known_to IS NULL THEN {left}.known_to"
        f" ELSE least({left}.known_to, {right}.known_to) END AS known_to"
    )


def _together(left: str, right: str) -> str:
    return (
        f"({left}.known_to IS NULL OR {left}.known_to > {right}.known_from)"
        f" AND ({right}.known_to IS NULL OR {right}.known_to > {left}.known_from)"
    )


def _ctax() -> str:
    """Parties; an account without a UPRN takes the one its property had on an earlier account."""
    return f"""
        (WITH account AS ({versions_sql("ctax_account")}),
        home AS (
            SELECT property_ref, arg_min(uprn, known_from) AS home, min(known_from) AS home_known
            FROM account WHERE uprn IS NOT NULL GROUP BY property_ref),
        placed AS (
            SELECT a.* REPLACE (
                       coalesce(a.uprn, h.home) AS uprn,
                       CASE WHEN a.uprn IS NULL AND h.home IS NOT NULL
                            THEN greatest(a.known_from, h.home_known) ELSE a.known_from END
                       AS known_from)
            FROM account a LEFT JOIN home h USING (property_ref))
        SELECT 'ctax' AS source, p.account_ref || '|' || p.party_ref AS local_id,
               'ctax|' || p.account_ref AS form,
               CASE WHEN p.position = 0 THEN 'LEAD' ELSE 'JOINT' END AS part, a.uprn,
               CASE WHEN a.uprn IS NULL THEN 'no_address'
                    WHEN p.role = 'non_liable' THEN 'ctax_named' ELSE 'ctax_liable' END AS role,
               a.liability_start AS seen_from, a.liability_end AS seen_to,
               a.liability_end IS NOT NULL AS ended, {_both("p", "a")}
        FROM ({versions_sql("ctax_party")}) p JOIN placed a
          ON a.account_ref = p.account_ref AND {_together("p", "a")}
        WHERE p.liability_type IS DISTINCT FROM '9'
          AND (a.known_to IS NULL OR a.known_to > a.known_from))"""


def _rent() -> str:
    return f"""
        SELECT 'rent', p.tenancy_ref || '|' || p.person_local_id, 'rent|' || p.tenancy_ref,
               CASE p.role WHEN 'TENANT' THEN 'LEAD' WHEN 'JOINT' THEN 'JOINT' ELSE 'MEMBER' END,
               t.uprn,
               CASE WHEN t.uprn IS NULL THEN 'no_address'
                    WHEN p.role = 'HOUSEHOLD_MEMBER' THEN 'rent_member' ELSE 'rent_tenant' END,
               t.start_date, t.end_date, t.end_date IS NOT NULL, {_both("p", "t")}
        FROM ({versions_sql("rent_person")}) p JOIN ({versions_sql("rent_tenancy")}) t
          ON t.tenancy_ref = p.tenancy_ref AND {_together("p", "t")}
        WHERE t.tenure <> 'GARAGE'"""


def _claim_state(table: str, claim: str, at: str, since: str) -> str:
    """The state of each claim at each date: its latest period known by then, and its run at a home.

    An older period that is recorded late does not bring back an older home. A missing address is
    carried forward while the postcode does not say otherwise.
    """
    return f"""
        SELECT *, lead(known_from) OVER ordered AS state_to,
               min({since}) OVER (PARTITION BY {claim}, run ORDER BY known_from, {at}
                                  ROWS UNBOUNDED PRECEDING) AS run_from
        FROM (
            SELECT *, count(*) FILTER (WHERE moved) OVER (
                PARTITION BY {claim} ORDER BY known_from, {at} ROWS UNBOUNDED PRECEDING) AS run
            FROM (
                SELECT *, home IS DISTINCT FROM lag(home) OVER ordered AS moved
                FROM (
                    SELECT *, CASE WHEN uprn IS NOT NULL THEN uprn
                                   WHEN postcode IS NULL OR postcode = last_postcode
                                   THEN last_uprn END AS home
                    FROM (
                        SELECT *, last_value(uprn IGNORE NULLS) OVER before AS last_uprn,
                               last_value(CASE WHEN uprn IS NOT NULL THEN postcode END
                                          IGNORE NULLS) OVER before AS last_postcode
                        FROM (
                            SELECT * FROM ({versions_sql(table)})
                            QUALIFY {at} >= max({at}) OVER (
                                        PARTITION BY {claim} ORDER BY known_from, {at}
                                        ROWS UNBOUNDED PRECEDING)
                                AND row_number() OVER (
                                        PARTITION BY {claim}, known_from ORDER BY {at} DESC) = 1)
                        WINDOW before AS (PARTITION BY {claim} ORDER BY known_from, {at}
                                          ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)))
                WINDOW ordered AS (PARTITION BY {claim} ORDER BY known_from, {at})))
        WINDOW ordered AS (PARTITION BY {claim} ORDER BY known_from, {at})"""


def _members(member: str, claim: str) -> str:
    return f"""
        ({versions_sql(member)}) m JOIN state c
          ON c.{claim} = m.{claim}
         AND (m.known_to IS NULL OR m.known_to > c.known_from)
         AND (c.state_to IS NULL OR c.state_to > m.known_from)"""


_CLAIM_KNOWN = """
    greatest(m.known_from, c.known_from) AS known_from,
    CASE WHEN m.known_to IS NULL THEN c.state_to WHEN c.state_to IS NULL THEN m.known_to
         ELSE least(m.known_to, c.state_to) END AS known_to"""


def _uc() -> str:
    state = _claim_state("uc_award", "uc_claim_hash", "ap_end", "ap_start")
    return f"""
        (WITH state AS ({state})
        SELECT 'uc', m.uc_claim_hash || '|' || m.member_seq, 'uc|' || m.uc_claim_hash,
               CASE m.role WHEN 'CLAIMANT' THEN 'LEAD' WHEN 'PARTNER' THEN 'PARTNER'
                    ELSE 'CHILD' END,
               c.home, CASE WHEN c.home IS NULL THEN 'no_address'
                            WHEN m.role IN ('CLAIMANT', 'PARTNER') THEN 'claimant'
                            ELSE 'claim_child' END,
               c.run_from, c.ap_end, false, {_CLAIM_KNOWN}
        FROM {_members("uc_member", "uc_claim_hash")})"""


def _shbe() -> str:
    # After a move the award's start says nothing of the new home.
    since = "CASE WHEN run <= 1 THEN award_start ELSE scan_date END"
    state = _claim_state("shbe_claim", "claim_ref", "scan_date", since)
    return f"""
        (WITH state AS ({state})
        SELECT 'shbe', m.claim_ref || '|' || m.member_seq, 'shbe|' || m.claim_ref,
               CASE m.role WHEN 'CLAIMANT' THEN 'LEAD' WHEN 'PARTNER' THEN 'PARTNER'
                    WHEN 'CHILD' THEN 'CHILD' ELSE 'MEMBER' END,
               c.home, CASE WHEN c.home IS NULL THEN 'no_address'
                            WHEN m.role IN ('CLAIMANT', 'PARTNER') THEN 'claimant'
                            WHEN m.role = 'CHILD' THEN 'claim_child' ELSE 'claim_nondep' END,
               c.run_from, c.award_end, false, {_CLAIM_KNOWN}
        FROM {_members("shbe_member", "claim_ref")})"""


_CASE_PART = """
    CASE p.relationship_to_applicant WHEN 'APPLICANT' THEN 'LEAD' WHEN 'PARTNER' THEN 'PARTNER'
         WHEN 'CHILD' THEN 'CHILD' ELSE 'MEMBER' END"""


def _placements() -> str:
    return f"""
        SELECT 'hclic', p.case_ref || '|' || p.person_seq, 'hclic|' || p.case_ref, {_CASE_PART},
               t.placement_uprn,
               CASE WHEN t.placement_uprn IS NULL THEN 'no_address' ELSE 'placement' END,
               t.start_date, t.end_date, t.end_date IS NOT NULL, {_both("p", "t")}
        FROM ({versions_sql("hclic_person")}) p JOIN ({versions_sql("hclic_ta")}) t
          ON t.case_ref = p.case_ref AND {_together("p", "t")}"""


def _cases() -> str:
    return f"""
        SELECT 'hclic', p.case_ref || '|' || p.person_seq, 'hclic|' || p.case_ref, {_CASE_PART},
               home.uprn, home.role, c.approach_date,
               CASE WHEN home.uprn IS NULL THEN c.closed_date ELSE c.approach_date END,
               home.uprn IS NULL AND c.closed_date IS NOT NULL, {_both("p", "c")}
        FROM ({versions_sql("hclic_person")}) p JOIN ({versions_sql("hclic_case")}) c
          ON c.case_ref = p.case_ref AND {_together("p", "c")}
        CROSS JOIN LATERAL (
            SELECT NULL::BIGINT AS uprn, 'no_address' AS role
            UNION ALL
            SELECT c.last_settled_uprn, 'last_settled' WHERE c.last_settled_uprn IS NOT NULL
        ) home"""


def _welfare() -> str:
    return f"""
        SELECT 'welfare', p.person_local_id, 'welfare|' || p.person_local_id, 'LEAD',
               coalesce(a.uprn, p.uprn),
               CASE WHEN coalesce(a.uprn, p.uprn) IS NULL THEN 'no_address' ELSE 'welfare' END,
               coalesce(a.application_date, a.decision_date), a.decision_date, false,
               {_both("p", "a")}
        FROM ({versions_sql("welfare_applicant")}) p JOIN ({versions_sql("welfare_award")}) a
          ON a.person_local_id = p.person_local_id AND {_together("p", "a")}"""
