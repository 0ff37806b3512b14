"""A place laid beside itself many times, to time a step on a million people.

Every copy has homes, postcodes, accounts, claims and people of its own, with the faults of the
first. Neighbourhoods and small areas are shared.
"""

from __future__ import annotations

import duckdb

from contracts.asof import RAW
from contracts.tables import TABLES
from linkage.households.dwellings import pseudonym

# Of each table the reference that every other reference to it begins with.
_REFERENCES = {
    "llpg_blpu": (),
    "llpg_lpi": ("lpi_key",),
    "llpg_xref": ("xref_id",),
    "uprn_succession": (),
    "ctax_account": ("account_ref", "property_ref"),
    "ctax_party": ("account_ref",),
    "ctax_discount": ("account_ref",),
    "rent_tenancy": ("tenancy_ref",),
    "rent_person": ("tenancy_ref",),
    "hclic_case": ("case_ref",),
    "hclic_person": ("case_ref",),
    "hclic_ta": ("case_ref",),
    "uc_award": ("uc_claim_hash",),
    "uc_member": ("uc_claim_hash",),
    "uc_element": ("uc_claim_hash",),
    "shbe_claim": ("claim_ref",),
    "shbe_member": ("claim_ref",),
    "welfare_applicant": ("person_local_id",),
    "welfare_award": ("person_local_id", "award_id"),
    "gp_patient": ("nhs_pid",),
    "ae_attendance": ("att_id", "nhs_pid"),
    "mh_referral": ("referral_id", "nhs_pid"),
    "hclic_support": ("case_ref",),
    "school_pupil": ("upn",),
    "cs_person": ("pers_person_id",),
    "cs_address": ("addr_person_id",),
    "cs_family": ("fami_family_id", "fami_person_id"),
    "asc_person": ("la_person_id",),
    "asc_safeguarding": ("la_person_id", "concern_id"),
    "asc_cld_event": ("la_person_id", "event_ref"),
    "elector": ("elector_no",),
    "hreg_application": ("app_ref",),
    "hreg_member": ("app_ref",),
    "blue_badge": ("badge_no",),
}
_PEOPLE = ("person_link", "person", "person_identity", "person_protected")
# Farther apart than the property numbers of one place.
_APART = 10_000_000


def lay_copies(
    one: duckdb.DuckDBPyConnection,
    many: duckdb.DuckDBPyConnection,
    *,
    schema: str,
    copies: int,
    key: bytes,
) -> None:
    """Write into an empty zone ``copies`` of the households' tables of another.

    Args:
        one: Identity zone of a place whose people were linked.
        many: Where the copies go, writable.
        schema: Month schema of the people.
        copies: How many.
        key: Key of the homes' pseudonyms.
    """
    many.execute(f"CREATE SCHEMA {RAW}")
    many.execute(f"CREATE SCHEMA {schema}")
    many.execute(f"CREATE TEMP TABLE copy AS SELECT range AS i FROM range({copies})")
    _pseudonyms(one, many, copies, key)
    held = one.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = ? ORDER BY table_name",
        [RAW],
    ).fetchall()
    for (table,) in held:
        select = _copied_sql(table) if table in _REFERENCES else "FROM given"
        _lay(one, many, f"{RAW}.{table}", select)
    for table in _PEOPLE:
        told = ", i || '~' || local_id AS local_id" if table == "person_link" else ""
        _lay(
            one,
            many,
            f"{schema}.{table}",
            f"SELECT * REPLACE (person_id * 1024 + i AS person_id{told}) FROM given, copy",
        )


def _lay(
    one: duckdb.DuckDBPyConnection, many: duckdb.DuckDBPyConnection, table: str, select: str
) -> None:
    many.register("given", one.sql(f"FROM {table}").pl().to_arrow())
    many.execute(f"CREATE TABLE {table} AS {select}")
    many.unregister("given")


def _pseudonyms(
    one: duckdb.DuckDBPyConnection, many: duckdb.DuckDBPyConnection, copies: int, key: bytes
) -> None:
    """``renamed``: the pseudonym of each home to that of its copy."""
    homes = [u for (u,) in one.execute(f"SELECT DISTINCT uprn FROM {RAW}.llpg_blpu").fetchall()]
    many.execute("CREATE TEMP TABLE renamed (i BIGINT, puprn VARCHAR, copied VARCHAR)")
    for i in range(copies):
        old = [pseudonym(uprn, key) for uprn in homes]
        new = [pseudonym(uprn + i * _APART, key) for uprn in homes]
        many.execute("INSERT INTO renamed SELECT ?, unnest(?), unnest(?)", [i, old, new])


def _copied_sql(table: str) -> str:
    changed = [f"copy.i || '~' || {column} AS {column}" for column in _REFERENCES[table]]
    changed += [
        f"t.{column.name} + copy.i * {_APART} AS {column.name}"
        for column in TABLES[table]
        if column.name.endswith("uprn") and column.name != "puprn"
    ]
    if "postcode" in TABLES[table].names:
        # No postcode of the first place is that of a copy, or one postcode would hold them all.
        changed.append("t.postcode || '~' || copy.i AS postcode")
    joined = ""
    if "puprn" in TABLES[table].names:
        changed.append("n.copied AS puprn")
        joined = "LEFT JOIN renamed n ON n.i = copy.i AND n.puprn = t.puprn"
    return f"""
        SELECT t.* REPLACE ({", ".join(changed)})
        FROM given t CROSS JOIN copy {joined}"""
