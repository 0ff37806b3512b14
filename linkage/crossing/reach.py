"""Which account, claim, case or patient reaches which household at each month end.

Debts follow people, not bricks: an account reaches the household in which its people live at the
month end, wherever the account was. A joint account reaches a household once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contracts.asof import versions_sql
from contracts.made.crossed import Attach
from linkage.households.safety import without_severed_sql

_NEVER = "DATE '9999-12-31'"


@dataclass(frozen=True, kw_only=True)
class _Identity:
    """How an identity record of a source names a person and carries a key.

    Where ``often`` is true a key comes on many rows, a pupil's at each census: it is known from the
    first of them to the last.
    """

    source: str
    table: str
    key: str
    local_id: str
    where: str = "TRUE"
    often: bool = False

    def versions(self, month: date) -> str:
        """A ``SELECT`` of its records as known by a month, with ``known_from`` and ``known_to``."""
        known = known_by_sql(versions_sql(self.table), month)
        if not self.often:
            return known
        return f"""
            SELECT {self.key}, min(known_from) AS known_from,
                   CASE WHEN bool_and(known_to IS NOT NULL) THEN max(known_to) END AS known_to
            FROM ({known}) GROUP BY {self.key}"""


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
    Attach.PUPIL: _Identity(
        source="school", table="school_pupil", key="upn", local_id="upn", often=True
    ),
    Attach.CHILD: _Identity(
        source="cs", table="cs_person", key="pers_person_id", local_id="pers_person_id"
    ),
    Attach.CARE: _Identity(
        source="asc", table="asc_person", key="la_person_id", local_id="la_person_id"
    ),
    Attach.REGISTER: _Identity(
        source="hreg",
        table="hreg_member",
        key="app_ref",
        local_id="app_ref || '|' || member_id",
        where="relationship IN ('APPLICANT', 'PARTNER')",
    ),
}


# What two people hold together: after a separation with a marker of abuse, neither carries it.
_HELD_TOGETHER = frozenset(
    {Attach.ACCOUNT, Attach.TENANCY, Attach.UC_CLAIM, Attach.HB_CLAIM, Attach.REGISTER}
)


def known_by_sql(versions: str, on: date) -> str:
    """Versions that were known by a day, as they were known then: a later end is not yet known."""
    day = f"DATE '{on}'"
    return f"""
        SELECT * REPLACE (CASE WHEN known_to <= {day} THEN known_to END AS known_to)
        FROM ({versions}) WHERE known_from <= {day}"""


def reach_sql(attach: Attach, *, schema: str, month: date) -> str:
    """A ``SELECT`` of household_id, snapshot_date, value, known_from, known_to.

    A row says that what was known in those days attaches the key to the household as it is at the
    month end. Only rows are kept that were known at that month end or still stand.

    Args:
        attach: The kind of key; ``value`` holds it.
        schema: The month schema of the identity zone.
        month: Index date.
    """
    if attach is Attach.PATIENT:
        found = _patients_sql(schema=schema, month=month)
    elif attach is Attach.RENT_ACCOUNT:
        found = _rent_accounts_sql(schema=schema, month=month)
    else:
        found = _accounts_sql(attach, schema=schema, month=month)
    return f"""
        SELECT DISTINCT household_id, snapshot_date, value, known_from, known_to FROM ({found})
        WHERE known_to IS NULL OR (known_from <= snapshot_date AND known_to > snapshot_date)"""


def _accounts_sql(attach: Attach, *, schema: str, month: date) -> str:
    identity = _IDENTITIES[attach]
    holders = f"""
        SELECT l.person_id, v.{identity.key} AS value, v.known_from, v.known_to
        FROM ({identity.versions(month)}) v
        JOIN {schema}.person_link l
          ON l.source = '{identity.source}' AND l.local_id = {identity.local_id}
        WHERE {identity.where}"""
    reach = f"""
        SELECT m.household_id, m.snapshot_date, i.value, i.known_from, i.known_to
        FROM {schema}.household_member m
        JOIN ({holders}) i ON i.person_id = m.person_id
        WHERE m.share IS DISTINCT FROM 'secondary'"""
    if attach not in _HELD_TOGETHER:
        return reach
    return without_severed_sql(reach, holders, schema=schema)


def _rent_accounts_sql(*, schema: str, month: date) -> str:
    """Through the tenancy, and so known only while both the tenant and the tenancy were."""
    return f"""
        SELECT * FROM (
            SELECT m.household_id, m.snapshot_date, t.pay_ref AS value,
                   greatest(m.known_from, t.known_from) AS known_from,
                   nullif(least(coalesce(m.known_to, {_NEVER}), coalesce(t.known_to, {_NEVER})),
                          {_NEVER}) AS known_to
            FROM ({_accounts_sql(Attach.TENANCY, schema=schema, month=month)}) m
            JOIN ({known_by_sql(versions_sql("rent_tenancy"), month)}) t
              ON t.tenancy_ref = m.value
            WHERE t.tenure <> 'GARAGE')
        WHERE known_to IS NULL OR known_to > known_from"""


def _patients_sql(*, schema: str, month: date) -> str:
    """Patients registered at the home at the month end, where exactly one household lives there.

    Health reaches a home and never a person, so where two households share a home it cannot be
    said whose it is, and both stay unknown.
    """
    # Homes at each month end are worked out before patients meet them: mixed into the spans that
    # they come from, each registration would be compared with every month end of everybody.
    return f"""
        WITH homes AS MATERIALIZED (
            SELECT s.household_id, s.snapshot_date, d.puprn
            FROM (
                SELECT *, count(*) OVER (PARTITION BY snapshot_date, uprn_key) AS households
                FROM {schema}.household_snapshot WHERE uprn_key IS NOT NULL) s
            JOIN {schema}.dwelling d ON d.uprn_key = s.uprn_key
            WHERE s.households = 1 AND s.hh_kind = 'HOUSEHOLD' AND d.puprn IS NOT NULL)
        SELECT h.household_id, h.snapshot_date, p.nhs_pid AS value, p.known_from, p.known_to
        FROM homes h
        JOIN ({known_by_sql(versions_sql("gp_patient"), month)}) p
          ON p.puprn = h.puprn AND p.reg_start <= h.snapshot_date
         AND (p.reg_end IS NULL OR p.reg_end > h.snapshot_date)
        WHERE p.practice_dsa_in_place"""
