"""Makes corrections and objections hold before anything is worked out.

A correction is a version of the row beside the delivered ones, so every reader sees it through
:mod:`contracts.asof`, from its day on, at no cost to a read. It is made again after each load:
where a later delivery repeats the wrong value it stands over that one, too, until the source sends
another value.

An objection or restriction takes the person's records out of what households are described by: no
account, tenancy, claim or case attaches through them, no health record through their home, and
their household is on no list and in no training.
"""

from __future__ import annotations

from datetime import date

import duckdb

from contracts.asof import RAW, versions_sql
from contracts.tables import TABLES
from contracts.warehouse import month_schema
from linkage.rights.requests import Kind, Request, requests

_MARK = "correction-"
# Above any row number of a file, so that a correction is the last word of its day.
_AFTER_ALL_ROWS = 1_000_000_000_000


def apply_corrections(con: duckdb.DuckDBPyConnection) -> int:
    """Make every correction that holds, in the order in which they were asked for.

    Args:
        con: The identity zone, writable and outside a transaction, with schema ``raw``.

    Returns:
        Rows that stand over delivered ones.
    """
    every = [one for one in requests(con) if one.kind is Kind.CORRECTION]
    if not every:
        return 0
    con.begin()
    try:
        for table in sorted({str(one.table) for one in every}):
            con.execute(f"DELETE FROM {RAW}.{table} WHERE starts_with(delivery_id, '{_MARK}')")
        made = sum(_correct(con, one) for one in every if one.holds)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    return made


def correction_ids(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The ``delivery_id`` of each correction's rows."""
    return [_MARK + one.request_id for one in requests(con) if one.kind is Kind.CORRECTION]


def _correct(con: duckdb.DuckDBPyConnection, request: Request) -> int:
    """Insert the corrected versions of one row: the one known on the day, and later equal ones."""
    table = TABLES[str(request.table)]
    name, kind = str(request.column), table[str(request.column)].duckdb_type
    where = " AND ".join(f"CAST({key} AS VARCHAR) = ${key}" for key in table.key)
    day = f"DATE '{request.decided_on}'"
    rows = con.execute(
        f"""
        INSERT INTO {RAW}.{table.name} BY NAME
        WITH version AS (
            SELECT * RENAME (known_from AS recorded_date)
            FROM ({versions_sql(table.name)}) WHERE {where}),
        known AS (
            SELECT * FROM version WHERE recorded_date <= {day}
            ORDER BY recorded_date DESC LIMIT 1),
        mended AS (
            SELECT min(recorded_date) AS from_day FROM version
            WHERE recorded_date > {day} AND {name} IS DISTINCT FROM (SELECT {name} FROM known)),
        wrong AS (
            SELECT * REPLACE ({day} AS recorded_date, greatest(extract_date, {day}) AS extract_date)
            FROM known WHERE known_to IS NULL OR known_to > {day}
            UNION ALL BY NAME
            SELECT * FROM version WHERE recorded_date > {day} AND EXISTS (SELECT 1 FROM known)
              AND recorded_date < coalesce((SELECT from_day FROM mended), DATE '9999-12-31'))
        SELECT * EXCLUDE (known_to) REPLACE (CAST($corrected AS {kind}) AS {name},
                          '{_MARK}{request.request_id}' AS delivery_id,
                          row_number + {_AFTER_ALL_ROWS} AS row_number)
        FROM wrong""",
        {"corrected": request.value, **{key: str(request.key[key]) for key in table.key}},
    ).fetchall()
    return int(rows[0][0])


def withhold(con: duckdb.DuckDBPyConnection, month: date) -> int:
    """Keep people who object, or whose data is restricted, out of a month whose households stand.

    Args:
        con: The identity zone, writable, with the month's people and households.
        month: Index date.

    Returns:
        How many people.
    """
    schema = month_schema(month)
    records = _records(con)
    if not records:
        return 0
    con.execute("CREATE OR REPLACE TEMP TABLE withheld_record (source VARCHAR, local_id VARCHAR)")
    con.executemany("INSERT INTO withheld_record VALUES (?, ?)", records)
    con.begin()
    try:
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE withheld AS SELECT DISTINCT person_id
            FROM {schema}.person_link JOIN withheld_record USING (source, local_id)"""
        )
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE withheld_home AS
            SELECT DISTINCT snapshot_date, household_id FROM {schema}.household_member
            WHERE person_id IN (SELECT person_id FROM withheld)"""
        )
        con.execute(
            f"""UPDATE {schema}.dwelling SET puprn = NULL WHERE uprn_key IN (
                SELECT s.uprn_key FROM {schema}.household_snapshot s
                JOIN withheld_home USING (snapshot_date, household_id))"""
        )
        _restrict(con, schema)
        con.execute(
            f"""DELETE FROM {schema}.person_link
            WHERE person_id IN (SELECT person_id FROM withheld)"""
        )
        people = con.execute("SELECT count(*) FROM withheld").fetchall()[0][0]
    except BaseException:
        con.rollback()
        raise
    con.commit()
    for name in ("withheld", "withheld_home", "withheld_record", "restricted_span"):
        con.execute(f"DROP TABLE IF EXISTS temp.{name}")
    return int(people)


def _restrict(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Restrict the month ends of ``withheld_home``: their households get a span for each."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE restricted_span AS
        SELECT * FROM {schema}.household_snapshot_span
        ANTI JOIN withheld_home USING (household_id)
        UNION ALL BY NAME
        SELECT s.* EXCLUDE (snapshot_date) REPLACE (
                   s.x_restricted OR w.household_id IS NOT NULL AS x_restricted),
               s.snapshot_date AS first_date, s.snapshot_date AS last_date
        FROM {schema}.household_snapshot s
        LEFT JOIN withheld_home w USING (snapshot_date, household_id)
        WHERE s.household_id IN (SELECT household_id FROM withheld_home)"""
    )
    con.execute(
        f"""CREATE OR REPLACE TABLE {schema}.household_snapshot_span AS
        FROM restricted_span ORDER BY household_id, first_date"""
    )


def withheld_households(con: duckdb.DuckDBPyConnection) -> dict[str, list[int]]:
    """Each request that keeps a person off lists, with that person's households in any month.

    A month that was built since leaves the person out already, and finds none.
    """
    schemas = con.execute(
        """SELECT table_schema FROM information_schema.tables
        WHERE table_catalog = current_database() AND table_name = 'household_member' ORDER BY 1"""
    ).fetchall()
    return {
        one.request_id: sorted(
            {
                int(household)
                for (schema,) in schemas
                for (household,) in con.execute(
                    f"""SELECT household_id FROM {schema}.household_member
                    JOIN {schema}.person_link USING (person_id)
                    WHERE source = ? AND local_id = ?""",
                    [one.source, one.local_id],
                ).fetchall()
            }
        )
        for one in _holding(con)
    }


def _records(con: duckdb.DuckDBPyConnection) -> list[tuple[str, str]]:
    return [(str(one.source), str(one.local_id)) for one in _holding(con)]


def _holding(con: duckdb.DuckDBPyConnection) -> list[Request]:
    return [one for one in requests(con) if one.kind is not Kind.CORRECTION and one.holds]
