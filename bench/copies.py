"""A place laid beside itself many times, to time a step on a million people.

:func:`lay_copies` copies what the identity zone holds before households: every copy has homes,
postcodes, accounts, claims and people of its own, with the faults of the first, and shares
neighbourhoods and small areas. :func:`lay_known_copies` copies what the modelling zone holds once a
month has crossed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb

from contracts.asof import RAW
from contracts.made.crossed import CROSSED, Attach, number_of
from contracts.months import add_months
from contracts.tables import TABLES
from contracts.warehouse import month_schema
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
    for table in _tables(one, RAW):
        select = _copied_sql(table) if table in _REFERENCES else "FROM given"
        _lay(one, many, f"{RAW}.{table}", [select])
    for table in _PEOPLE:
        told = ", i || '~' || local_id AS local_id" if table == "person_link" else ""
        _lay(
            one,
            many,
            f"{schema}.{table}",
            [f"SELECT * REPLACE (person_id * 1024 + i AS person_id{told}) FROM given, copy"],
        )


def lay_known_copies(
    one: duckdb.DuckDBPyConnection, many: Path, *, month: date, month_ends: int, people: int
) -> None:
    """Write as many copies of a place as make up a number of people into a new file.

    Every copy has households, accounts and patients of its own. A table ``sizes`` says how much
    there is of it.

    Args:
        one: Modelling zone of a place that has crossed.
        many: The file.
        month: Release month.
        month_ends: How many month ends of households are kept, up to the release month.
        people: How many people the copies have at the release month, at least.
    """
    schema = month_schema(month)
    first = add_months(month, 1 - month_ends)
    ((living, households),) = one.execute(
        f"SELECT sum(size), count(*) FROM {schema}.household_snapshot WHERE snapshot_date = ?",
        [month],
    ).fetchall()
    copies = -(-people // int(living))
    numbers = {crossed.table: [*map(number_of, crossed.numbered.values())] for crossed in CROSSED}
    numbers |= {attach.table: ["household_id", "key"] for attach in Attach}
    numbers |= {"household_snapshot": ["household_id"], "household_event": ["household_id"]}
    with duckdb.connect(str(many)) as con:
        con.execute(f"CREATE SCHEMA {schema}")
        rows = {}
        for table in _tables(one, schema):
            turns = _moved(numbers.get(table), copies)
            dated = ("snapshot_date",) in one.execute(
                f"SELECT column_name FROM (DESCRIBE {schema}.{table})"
            ).fetchall()
            where = f"WHERE snapshot_date >= DATE '{first}'" if dated else ""
            rows[table] = _lay(one, con, f"{schema}.{table}", turns, where=where)
        sizes = {
            "people": int(living) * copies,
            "households": int(households) * copies,
            "rows": rows["household_snapshot"],
            "events": sum(rows[crossed.table] for crossed in CROSSED),
        }
        con.execute("CREATE TABLE sizes AS SELECT ? AS told", [json.dumps(sizes)])


def _moved(numbers: Sequence[str] | None, copies: int) -> list[str]:
    """The rows of each copy, one after another: a table stays in the order of its number.

    Tables that are only looked for, and that no feature reads, have no rows.
    """
    if numbers is None:
        return []
    if not numbers:
        return ["FROM given"]
    moves = [
        ", ".join(f"{name} + {i * _APART} AS {name}" for name in numbers) for i in range(copies)
    ]
    return [f"SELECT * REPLACE ({move}) FROM given" for move in moves]


def _tables(con: duckdb.DuckDBPyConnection, schema: str) -> list[str]:
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = ? ORDER BY table_name",
        [schema],
    ).fetchall()
    return [str(table) for (table,) in rows]


def _lay(
    one: duckdb.DuckDBPyConnection,
    many: duckdb.DuckDBPyConnection,
    table: str,
    turns: Sequence[str],
    *,
    where: str = "",
) -> int:
    """Write a table of which ``given`` is the first place's, in turns; how many rows it has."""
    many.register("given", one.sql(f"FROM {table} {where}").to_arrow_table())
    many.execute(f"CREATE TABLE {table} AS {turns[0] if turns else 'FROM given'} LIMIT 0")
    for turn in turns:
        many.execute(f"INSERT INTO {table} {turn}")
    many.unregister("given")
    ((rows,),) = many.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(rows)


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
