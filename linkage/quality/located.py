"""Which records of a home that is held name a property that is known.

These are the homes of :func:`linkage.people.sources.identity_sql`, of which nothing is needed here
but whether there is one; a test holds that both tell the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from contracts.asof import as_known_sql
from contracts.tables import TABLES
from linkage.properties import billed_property_sql

# Their records are of a home that is held; a homelessness case is of people who have none.
# Of each source: the records with the form that they stand on, and where that form has a home.
_RECORDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "ctax": ("ctax_party", "account_ref", "party_ref"),
    "rent": ("rent_person", "tenancy_ref", "person_local_id"),
    "uc": ("uc_member", "uc_claim_hash", "member_seq"),
    "shbe": ("shbe_member", "claim_ref", "member_seq"),
}
_HOMES: Final[Mapping[str, tuple[str, str]]] = {
    "rent": ("rent_tenancy", "tenancy_ref"),
    "uc": ("uc_award", "uc_claim_hash"),
    "shbe": ("shbe_claim", "claim_ref"),
}


def located_records_sql(known_on: date) -> str:
    """A ``SELECT`` of source, local_id and located of every record of a home that is held.

    Args:
        known_on: Only what was known at the end of that day.
    """
    return " UNION ALL ".join(
        f"""
        SELECT {"DISTINCT" if several else ""} '{source}' AS source,
               r.{form} || '|' || r.{member} AS local_id,
               coalesce(h.located, false) AS located
        FROM ({as_known_sql(table, known_on)}) r
        LEFT JOIN ({_homes_sql(source, known_on)}) h USING ({form})"""
        for source, (table, form, member) in _RECORDS.items()
        # A party of an account may be on it at several positions; the others are keyed by both.
        for several in [set(TABLES[table].key) > {form, member}]
    )


def _homes_sql(source: str, known_on: date) -> str:
    """A ``SELECT`` of each form and whether any home of it is known."""
    if source == "ctax":
        return _accounts_sql(known_on)
    table, form = _HOMES[source]
    return f"""
        SELECT {form}, bool_or(uprn IS NOT NULL) AS located
        FROM ({as_known_sql(table, known_on)}) GROUP BY {form}"""


def _accounts_sql(known_on: date) -> str:
    """An account is at its own property, or at the one that its property number is known to be."""
    return f"""
        WITH account AS ({as_known_sql("ctax_account", known_on)}),
        known AS (
            SELECT property_ref FROM ({billed_property_sql(known_on)})
            UNION
            SELECT property_ref FROM account WHERE uprn IS NOT NULL
            GROUP BY property_ref HAVING count(DISTINCT uprn) = 1)
        SELECT account_ref, uprn IS NOT NULL
               OR property_ref IN (SELECT property_ref FROM known WHERE property_ref IS NOT NULL)
               AS located
        FROM account"""
