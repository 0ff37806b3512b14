"""What benefit claims tell of who was where, and on what tenure."""

from __future__ import annotations

from contracts.asof import versions_sql
from linkage.households.changes import changes_sql
from linkage.households.claims import MEMBER_KNOWN, Claim, members_sql
from linkage.households.told import Evidence
from linkage.households.weights import WEIGHTS

_STALE = WEIGHTS["claimant"].stale_days
# A housing element tells of the tenure for about as long as the claim tells of the home.
_ELEMENT_DAYS = 125

_UC = Claim(table="uc_award", key="uc_claim_hash", at="ap_end", since="ap_start", stale_days=_STALE)
_SHBE = Claim(
    table="shbe_claim",
    key="claim_ref",
    at="scan_date",
    since="award_start",
    # After a move the award's start says nothing of the new home.
    moved_since="scan_date",
    ended="award_end",
    says="tenancy_type",
    stale_days=_STALE,
)


def _uc() -> str:
    return f"""
        SELECT m.uc_claim_hash || '|' || m.member_seq AS local_id,
               'uc|' || m.uc_claim_hash AS form,
               CASE m.role WHEN 'CLAIMANT' THEN 'LEAD' WHEN 'PARTNER' THEN 'PARTNER'
                    ELSE 'CHILD' END AS part, c.home AS uprn,
               CASE WHEN c.home IS NULL THEN 'no_address'
                    WHEN m.role IN ('CLAIMANT', 'PARTNER') THEN 'claimant'
                    ELSE 'claim_child' END AS role,
               c.run_from AS seen_from, c.latest AS seen_to, false AS ended, {MEMBER_KNOWN}
        FROM {members_sql(_UC, changes_sql("uc_member", ("role",)))}"""


def _shbe() -> str:
    return f"""
        SELECT m.claim_ref || '|' || m.member_seq AS local_id, 'shbe|' || m.claim_ref AS form,
               CASE m.role WHEN 'CLAIMANT' THEN 'LEAD' WHEN 'PARTNER' THEN 'PARTNER'
                    WHEN 'CHILD' THEN 'CHILD' ELSE 'MEMBER' END AS part, c.home AS uprn,
               CASE WHEN c.home IS NULL THEN 'no_address'
                    WHEN m.role IN ('CLAIMANT', 'PARTNER') THEN 'claimant'
                    WHEN m.role = 'CHILD' THEN 'claim_child' ELSE 'claim_nondep' END AS role,
               c.run_from AS seen_from, c.ended AS seen_to, false AS ended,
               CASE c.said WHEN 'HRA_RENT_REBATE' THEN 'COUNCIL' WHEN 'RP_ALLOWANCE' THEN 'RP'
                    WHEN 'SPECIFIED_ACCOM' THEN 'SUPPORTED'
                    WHEN 'PRIVATE_DEREG_LHA' THEN 'PRS' WHEN 'PRIVATE_REGULATED' THEN 'PRS'
                    ELSE 'TA' END AS tenure,
               CASE WHEN c.said IN ('NON_HRA_RENT_REBATE', 'TEMP_ACCOM') THEN 1
                    WHEN c.said = 'SPECIFIED_ACCOM' THEN 3 ELSE 4 END AS tenure_rank,
               {MEMBER_KNOWN}
        FROM {members_sql(_SHBE, changes_sql("shbe_member", ("role",)))}"""


def element_sql() -> str:
    """A ``SELECT`` of form, tenure, tells_from, tells_to: what a claim's housing element says.

    Who is not paid one may live on any tenure.
    """
    return f"""
        WITH told AS (
            SELECT uc_claim_hash, ap_end, known_from, max(element) AS element
            FROM ({versions_sql("uc_element")})
            WHERE element IN ('HOUSING_PRIVATE', 'HOUSING_SOCIAL')
            GROUP BY uc_claim_hash, ap_end, known_from),
        latest AS (
            SELECT * FROM told
            QUALIFY ap_end >= max(ap_end) OVER (PARTITION BY uc_claim_hash ORDER BY known_from
                                                ROWS UNBOUNDED PRECEDING)),
        lasting AS (
            SELECT *, least(coalesce(lead(known_from) OVER one - 1, DATE '9999-12-30'),
                            ap_end + {_ELEMENT_DAYS - 1}) AS tells_to,
                   element IS DISTINCT FROM lag(element) OVER one
                   OR known_from > lag(ap_end) OVER one + {_ELEMENT_DAYS} AS new
            FROM latest WINDOW one AS (PARTITION BY uc_claim_hash ORDER BY known_from, ap_end)),
        numbered AS (
            SELECT *, count(*) FILTER (WHERE new) OVER (
                PARTITION BY uc_claim_hash ORDER BY known_from, ap_end ROWS UNBOUNDED PRECEDING
                ) AS run
            FROM lasting)
        SELECT 'uc|' || uc_claim_hash AS form,
               CASE any_value(element) WHEN 'HOUSING_PRIVATE' THEN 'PRS' ELSE 'RP' END AS tenure,
               min(known_from) AS tells_from, max(tells_to) AS tells_to
        FROM numbered GROUP BY uc_claim_hash, run"""


BENEFITS = (
    Evidence(source="uc", needs=("uc_award", "uc_member"), told=_uc, claim=_UC),
    Evidence(source="shbe", needs=("shbe_claim", "shbe_member"), told=_shbe, claim=_SHBE),
)
