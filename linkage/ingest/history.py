"""What a row's arrival says beyond its dates: late, changed without a date, repeated, withdrawn.

A source says when it recorded a row, and its extracts show whether it did. An extract of a day
holds all that was recorded by then; so a row that only a later one holds was known from that later
day, whatever its own date says, and a past month reads as it was seen then. The order in which
deliveries happen to be loaded plays no part: only their extracts' days do.

Extracts are taken together by table, controller and ``extract_to``; a delivery of ``history``
stands outside of this and is known as its rows are dated.
"""

from __future__ import annotations

from datetime import date, timedelta

import duckdb

from contracts.asof import RAW, versions_sql
from contracts.errors import DeliveryRefused
from contracts.holders import Holder
from contracts.manifest import Manifest
from contracts.mapping import TableMapping
from contracts.place import Place
from contracts.tables import TABLES
from linkage.ingest.staging import CHECKED

_EXTRACT, _STATED, _VERDICT = "temp.history_extract", "temp.history_stated", "temp.history_verdict"


def settle_all(con: duckdb.DuckDBPyConnection, place: Place, today: date) -> None:
    """Settle every table and controller of which something was loaded since it was last settled.

    Args:
        con: The warehouse, open for writing and outside a transaction.
        place: The place's settings.
        today: Day of loading; a controller whose last day lies before it is ended.
    """
    due = con.execute(
        f"SELECT DISTINCT table_name, holder FROM {RAW}.delivery WHERE NOT settled ORDER BY ALL"
    ).fetchall()
    ends: dict[tuple[str, str], date] = {}
    for source in place.sources.values():
        for code, holder in source.holders.items():
            if holder.until is not None and holder.until < today:
                ends |= {(table, code): holder.until for table in place.tables}
    held = con.execute(f"SELECT DISTINCT table_name, holder FROM {RAW}.delivery").fetchall()
    for table, code in sorted({*due, *(set(ends) & set(held))}):
        settle(con, table, code, until=ends.get((table, code)))


def settle(
    con: duckdb.DuckDBPyConnection, table: str, holder: str, *, until: date | None = None
) -> None:
    """Note for each row of a table and controller since when it was known, and what was withdrawn.

    Settling again changes nothing. All of it is one transaction.

    Args:
        con: The warehouse, open for writing and outside a transaction.
        table: Table name.
        holder: Code of the controller.
        until: Its last day, where another has taken over.
    """
    _stage_extracts(con, table, holder, until)
    con.begin()
    try:
        if until is not None or not _ordinary(con, table, holder):
            _stage_stated(con, table, holder)
            _stage_verdicts(con, table)
            _write(con, table, holder)
        con.execute(
            f"UPDATE {RAW}.delivery SET settled = true "
            "WHERE table_name = ? AND holder = ? AND NOT settled",
            [table, holder],
        )
    except BaseException:
        con.rollback()
        raise
    con.commit()
    for name in (_EXTRACT, _STATED, _VERDICT):
        con.execute(f"DROP TABLE IF EXISTS {name}")


def _stage_extracts(
    con: duckdb.DuckDBPyConnection, table: str, holder: str, until: date | None
) -> None:
    """One row an extract: its day, the one before it, and the next full one after it."""
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_EXTRACT} AS
        WITH day AS (
            SELECT extract_to AS day, bool_or(coverage = 'full') AS whole,
                   min(delivery_id) AS first_id, bool_and(settled) AS settled,
                   bool_or(dated_by_extract) AS dated
            FROM {RAW}.delivery
            WHERE table_name = ? AND holder = ? AND coverage <> 'history' GROUP BY ALL
            UNION ALL SELECT CAST(? AS DATE), true, ?, true, false WHERE ? IS NOT NULL)
        SELECT *, lag(day) OVER (ORDER BY day) AS before_day,
               min(day) FILTER (whole) OVER (
                   ORDER BY day ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS next_whole
        FROM day""",
        [table, holder, None if until is None else until + timedelta(1), f"{table}-ended", until],
    )


def _ordinary(con: duckdb.DuckDBPyConnection, table: str, holder: str) -> bool:
    """Whether what is new can be read by its dates alone, as nearly every delivery can."""
    odd = con.execute(
        f"""SELECT count(*) FROM {_EXTRACT}
        WHERE (whole AND before_day IS NOT NULL) OR next_whole IS NOT NULL OR dated
           OR (NOT settled AND day < (SELECT max(day) FROM {_EXTRACT} WHERE settled))"""
    ).fetchall()[0][0]
    if odd:
        return False
    late = con.execute(
        f"""SELECT count(*) FROM {RAW}.{table} AS loaded
        JOIN {RAW}.delivery AS delivery USING (delivery_id)
        JOIN {_EXTRACT} AS extract ON extract.day = delivery.extract_to
        WHERE delivery.holder = ? AND delivery.coverage <> 'history' AND NOT delivery.settled
          AND loaded.recorded_date <= extract.before_day""",
        [holder],
    ).fetchall()
    return not late[0][0]


def _stage_stated(con: duckdb.DuckDBPyConnection, table: str, holder: str) -> None:
    """Every row with the day of its extract, and which of each key is the extract's last word."""
    key = ", ".join(TABLES[table].key)
    content = ", ".join(column.name for column in TABLES[table].business)
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_STATED} AS
        SELECT {key}, delivery_id, row_number, recorded_date, day, before_day, next_whole, whole,
               delivery.dated_by_extract AS dated, hash({content}) AS content,
               row_number() OVER (PARTITION BY {key}, day ORDER BY recorded_date DESC,
                   delivery_id DESC, row_number DESC) AS nth,
               row_number() OVER (PARTITION BY {key}, day, recorded_date
                   ORDER BY delivery_id DESC, row_number DESC) AS same
        FROM {RAW}.{table} JOIN {RAW}.delivery AS delivery USING (delivery_id)
        JOIN {_EXTRACT} ON day = delivery.extract_to
        WHERE delivery.holder = ? AND delivery.coverage <> 'history' AND row_number > 0""",
        [holder],
    )


def _stage_verdicts(con: duckdb.DuckDBPyConnection, table: str) -> None:
    """Since when each row was known, whether it ever stood, and when its key was withdrawn."""
    key = ", ".join(TABLES[table].key)
    by_day = f"PARTITION BY {key} ORDER BY day"
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {_VERDICT} AS
        WITH word AS (
            SELECT *, recorded_date <= before_day AS late,
                   lag(content) OVER ({by_day}) AS content_before,
                   lag(recorded_date) OVER ({by_day}) AS recorded_before,
                   lag(day) OVER ({by_day}) IS NULL
                       OR lag(next_whole) OVER ({by_day}) < day AS fresh,
                   lead(day) OVER ({by_day}) AS next_day
            FROM {_STATED} WHERE nth = 1),
        judged AS (
            SELECT *, CASE
                WHEN fresh THEN true
                WHEN dated THEN content <> content_before
                WHEN NOT coalesce(late, false) THEN true
                WHEN recorded_date = recorded_before THEN content <> content_before
                ELSE recorded_date > recorded_before OR whole END AS stands
            FROM word)
        SELECT {key}, delivery_id, row_number, stands,
               CASE WHEN stands AND late THEN day END AS known_since,
               CASE WHEN next_whole IS NOT NULL AND (next_day IS NULL OR next_day > next_whole)
                    THEN next_whole END AS withdrawn
        FROM judged
        UNION ALL
        SELECT {key}, delivery_id, row_number,
               same = 1 AND NOT coalesce(recorded_date <= before_day, false), NULL, NULL
        FROM {_STATED} WHERE nth > 1"""
    )


def _write(con: duckdb.DuckDBPyConnection, table: str, holder: str) -> None:
    """Set what differs, and put the withdrawals in place of those that were there."""
    con.execute(
        f"""UPDATE {RAW}.{table} AS loaded
        SET known_since = verdict.known_since, stands = nullif(verdict.stands, true)
        FROM {_VERDICT} AS verdict
        WHERE loaded.delivery_id = verdict.delivery_id AND loaded.row_number = verdict.row_number
          AND (loaded.known_since IS DISTINCT FROM verdict.known_since
               OR loaded.stands IS DISTINCT FROM nullif(verdict.stands, true))"""
    )
    # An ended controller's withdrawals belong to no delivery: they go by their keys.
    key = ", ".join(TABLES[table].key)
    con.execute(
        f"""DELETE FROM {RAW}.{table} WHERE row_number = 0 AND (
            delivery_id IN (SELECT delivery_id FROM {RAW}.delivery
                            WHERE table_name = ? AND holder = ?)
            OR (delivery_id = ? AND ({key}) IN (SELECT ({key}) FROM {_VERDICT})))""",
        [table, holder, f"{table}-ended"],
    )
    con.execute(
        f"""INSERT INTO {RAW}.{table} BY NAME
        SELECT {key}, withdrawn AS recorded_date, withdrawn AS extract_date,
               first_id AS delivery_id, 0 AS row_number
        FROM {_VERDICT} JOIN {_EXTRACT} ON day = withdrawn ORDER BY ALL"""
    )


def check_withdrawals(
    con: duckdb.DuckDBPyConnection,
    manifest: Manifest,
    holder: Holder,
    mapping: TableMapping,
    *,
    where: str,
) -> None:
    """Refuse a full extract that lacks so many known keys that it is more likely to be cut short.

    Only the newest extract is judged: what an older one lacked has been said by those after it.

    Raises:
        DeliveryRefused: If it would withdraw a larger share than the place allows.
    """
    table = manifest.table
    settle(con, table, holder.code)
    newest = con.execute(
        f"SELECT max(extract_to) FROM {RAW}.delivery WHERE table_name = ? AND holder = ?",
        [table, holder.code],
    ).fetchall()[0][0]
    if newest is None or newest >= manifest.extract_to:
        return
    key = ", ".join(TABLES[table].key)
    known, missing = con.execute(
        f"""SELECT count(*), count(*) FILTER (({key}) NOT IN (
                SELECT ({key}) FROM {CHECKED} WHERE NOT broken))
        FROM ({versions_sql(table)}) JOIN {RAW}.delivery AS delivery USING (delivery_id)
        WHERE known_to IS NULL AND delivery.holder = ?""",
        [holder.code],
    ).fetchall()[0]
    if missing > known * mapping.most_withdrawn:
        raise DeliveryRefused(
            f"{where}: it is a full extract and lacks {missing:,} of {known:,} rows that are "
            f"known, more than {mapping.most_withdrawn:.0%}.",
            next_step="Where they are really gone, say so with most_withdrawn under "
            f"sources.{TABLES[table].source}.tables.{table} in place.toml; where the extract holds "
            'only what changed, the manifest should say coverage "changes". Nothing of this '
            "delivery was loaded.",
        )
