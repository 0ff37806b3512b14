"""Who is reached by which account, claim, case or patient, at each snapshot.

Debts follow people, not bricks: an account reaches the household in which its people live at the
snapshot, wherever the account was. A joint account reaches a household once.
"""

from __future__ import annotations

from dataclasses import dataclass

from contracts.asof import versions_sql
from features.declare import Attach
from features.measures import month_of


@dataclass(frozen=True, kw_only=True)
class _Identity:
    """How an identity record of a source names a person and carries a key."""

    source: str
    table: str
    key: str
    local_id: str
    where: str = "TRUE"


# Only people who answer for the account make the attachment: a child of separated parents who is
# named on one parent's claim must not carry that claim into the other parent's home.
_IDENTITIES = {
    Attach.ACCOUNT: _Identity(
        source="ctax",
        table="ctax_party",
        key="account_ref",
        local_id="account_ref || '|' || party_ref",
        where="role IN ('lead', 'liable')",
    ),
    Attach.TENANCY: _Identity(
        source="rent",
        table="rent_person",
        key="tenancy_ref",
        local_id="tenancy_ref || '|' || person_local_id",
        where="role IN ('TENANT', 'JOINT')",
    ),
    Attach.UC_CLAIM: _Identity(
        source="uc",
        table="uc_member",
        key="uc_claim_hash",
        local_id="uc_claim_hash || '|' || CAST(member_seq AS VARCHAR)",
        where="role IN ('CLAIMANT', 'PARTNER')",
    ),
    Attach.HB_CLAIM: _Identity(
        source="shbe",
        table="shbe_member",
        key="claim_ref",
        local_id="claim_ref || '|' || CAST(member_seq AS VARCHAR)",
        where="role IN ('CLAIMANT', 'PARTNER')",
    ),
    Attach.CASE: _Identity(
        source="hclic",
        table="hclic_person",
        key="case_ref",
        local_id="case_ref || '|' || CAST(person_seq AS VARCHAR)",
        where="relationship_to_applicant IN ('APPLICANT', 'PARTNER')",
    ),
    Attach.APPLICANT: _Identity(
        source="welfare",
        table="welfare_applicant",
        key="person_local_id",
        local_id="person_local_id",
    ),
}


def attach_sql(attach: Attach, *, schema: str, known: int | None = None) -> str:
    """A ``SELECT DISTINCT household_id, k, key`` for every snapshot month.

    Args:
        attach: The kind of key.
        schema: The month schema that holds people and households.
        known: Month at whose end identity records are read; None reads them as of each snapshot
            (features must), a month reads them all as known then (labels may).
    """
    if attach is Attach.PATIENT:
        return _patients_sql(known=known)
    if attach is Attach.RENT_ACCOUNT:
        return _rent_accounts_sql(schema=schema, known=known)
    identity = _IDENTITIES[attach]
    return f"""
        SELECT DISTINCT m.household_id, m.k, i.key
        FROM member_month m
        JOIN (
            SELECT l.person_id, v.{identity.key} AS key, {_span("v")}
            FROM ({versions_sql(identity.table)}) v
            JOIN {schema}.person_link l
              ON l.source = '{identity.source}' AND l.local_id = {identity.local_id}
            WHERE {identity.where}) i
          ON i.person_id = m.person_id AND {_known("i", known)}"""


def _span(row: str) -> str:
    since, until = month_of(f"{row}.known_from"), month_of(f"{row}.known_to")
    return f"{since} AS known_month, {until} AS gone_month"


def _known(row: str, known: int | None) -> str:
    at = "m.k" if known is None else str(known)
    return f"{row}.known_month <= {at} AND ({row}.gone_month IS NULL OR {row}.gone_month > {at})"


def _rent_accounts_sql(*, schema: str, known: int | None) -> str:
    return f"""
        SELECT DISTINCT m.household_id, m.k, t.pay_ref AS key
        FROM ({attach_sql(Attach.TENANCY, schema=schema, known=known)}) m
        JOIN (
            SELECT v.tenancy_ref, v.pay_ref, {_span("v")}
            FROM ({versions_sql("rent_tenancy")}) v WHERE v.tenure <> 'GARAGE') t
          ON t.tenancy_ref = m.key AND {_known("t", known)}"""


def _patients_sql(*, known: int | None) -> str:
    """Patients registered at the home at the snapshot, where exactly one household lives there.

    Health reaches a home and never a person, so where two households share a home it cannot be
    said whose it is, and both stay unknown.
    """
    return f"""
        SELECT DISTINCT m.household_id, m.k, p.nhs_pid AS key
        FROM home_month m
        JOIN (
            SELECT v.puprn, v.nhs_pid, v.reg_start, v.reg_end, {_span("v")}
            FROM ({versions_sql("gp_patient")}) v
            WHERE v.puprn IS NOT NULL AND v.practice_dsa_in_place) p
          ON p.puprn = m.puprn AND p.reg_start <= m.snapshot_date
         AND (p.reg_end IS NULL OR p.reg_end > m.snapshot_date) AND {_known("p", known)}"""


def members_sql(schema: str) -> str:
    """Who lives in which household in each snapshot month."""
    return f"""
        SELECT m.household_id, c.k, m.person_id
        FROM {schema}.household_member m JOIN snapshot_month c USING (snapshot_date)
        GROUP BY m.household_id, c.k, m.person_id"""


def homes_sql(schema: str) -> str:
    """Homes of exactly one household in each snapshot month, by their pseudonym."""
    return f"""
        SELECT s.household_id, c.k, c.snapshot_date, d.puprn
        FROM (
            SELECT *, count(*) OVER (PARTITION BY snapshot_date, uprn_key) AS households
            FROM {schema}.household_snapshot WHERE uprn_key IS NOT NULL) s
        JOIN snapshot_month c USING (snapshot_date)
        JOIN {schema}.dwelling d ON d.uprn_key = s.uprn_key
        WHERE s.households = 1 AND s.hh_kind = 'HOUSEHOLD' AND d.puprn IS NOT NULL"""
