"""Leaks planted in a modelling zone, each by the way in which it comes about, and its hunter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from contracts.made.crossed import Attach
from contracts.place import Place
from contracts.warehouse import month_schema
from features.build import computed
from features.plan import Plan
from features.timeline import prepared, timeline

_APART = 900_000_000
_SOME = "ctax_reminders_12m"


@dataclass(frozen=True, kw_only=True)
class Plant:
    """One leak.

    Attributes:
        name: What it is.
        hunter: Who has to find it.
        put: Plants it, given the connection, the place and the release month.
    """

    name: str
    hunter: str
    put: Callable[[duckdb.DuckDBPyConnection, Place, date], None]


@contextmanager
def planted(
    con: duckdb.DuckDBPyConnection, plant: Plant, *, place: Place, month: date
) -> Iterator[None]:
    """A leak in a zone with features and labels; it is gone again at the end."""
    con.execute("BEGIN TRANSACTION")
    try:
        plant.put(con, place, month)
        yield
    finally:
        con.execute("ROLLBACK")


def _sql(name: str, hunter: str, *statements: str) -> Plant:
    def put(con: duckdb.DuckDBPyConnection, _place: Place, month: date) -> None:
        for statement in statements:
            con.execute(statement.format(s=month_schema(month), month=month))

    return Plant(name=name, hunter=hunter, put=put)


def _first(table: str) -> str:
    return f"rowid = (SELECT min(rowid) FROM {{s}}.{table})"


def _feature(name: str, column: str, made: str, joined: str = "") -> Plant:
    """Values of a feature made anew, from ``f`` and what is joined to it."""
    return _sql(
        name,
        "not_as_known",
        f"""CREATE OR REPLACE TABLE {{s}}.feature AS
            SELECT f.* REPLACE (CAST({made} AS DOUBLE) AS {column}) FROM {{s}}.feature f {joined}
        """,
    )


def _later(months: int) -> str:
    return (
        "LEFT JOIN {s}.feature l ON l.household_id = f.household_id AND l.snapshot_date = "
        f"last_day(f.snapshot_date + INTERVAL {months} MONTH)"
    )


_EVENT = """LEFT JOIN (SELECT household_id, snapshot_date, max(CAST(event AS INTEGER)) AS event
    FROM {s}.label GROUP BY ALL) e USING (household_id, snapshot_date)"""


def _built(name: str, table: str, known_from: str, where: str = "TRUE") -> Plant:
    """Features that were built as if rows had been known from another day."""

    def put(con: duckdb.DuckDBPyConnection, place: Place, month: date) -> None:
        line = timeline(place, month)
        rows = f"{line.schema}.{table}"
        con.execute(f"CREATE TEMP TABLE as_recorded AS FROM {rows}")
        con.execute(f"DELETE FROM {rows} WHERE NOT ({where})")
        con.execute(f"UPDATE {rows} SET known_from = {known_from}, known_to = NULL")
        con.execute(f"DELETE FROM {line.schema}.feature")
        with prepared(con, line):
            for sql in computed(con, Plan(place), line):
                con.execute(f"INSERT INTO {line.schema}.feature {sql}")
        con.execute(f"DELETE FROM {rows}")
        con.execute(f"INSERT INTO {rows} FROM as_recorded")
        con.execute("DROP TABLE as_recorded")

    return Plant(name=name, hunter="not_as_known", put=put)


PLANTS = (
    _sql(
        "a stage of recovery that was recorded after the release month",
        "known_later",
        "INSERT INTO {s}.ctax_recovery SELECT * REPLACE (DATE '{month}' + 1 AS known_from, "
        "NULL AS known_to) FROM {s}.ctax_recovery LIMIT 1",
    ),
    _sql(
        "a household that an account is only later known to reach",
        "known_later",
        "INSERT INTO {s}.reach_account SELECT * REPLACE (DATE '{month}' + 9 AS known_from, "
        "NULL AS known_to) FROM {s}.reach_account LIMIT 1",
    ),
    _sql(
        "the end of a version, before it was known",
        "known_later",
        "UPDATE {s}.ctax_account SET known_to = DATE '{month}' + 5 WHERE " + _first("ctax_account"),
    ),
    _sql(
        "a tenancy that was replaced before it was recorded",
        "ends_before_it_begins",
        "UPDATE {s}.rent_tenancy SET known_to = known_from - 1 WHERE " + _first("rent_tenancy"),
    ),
    _sql(
        "payments known from the day they were made",
        "recorded_at_once",
        "UPDATE {s}.rent_transaction SET known_from = trans_date, known_to = NULL",
    ),
    _sql(
        "visits to hospital known from the hour of arrival",
        "recorded_at_once",
        "UPDATE {s}.ae_attendance SET known_from = CAST(arrival_ts AS DATE), known_to = NULL",
    ),
    _sql(
        "liability orders known from the day of the court",
        "recorded_at_once",
        "UPDATE {s}.ctax_recovery SET known_from = stage_date, known_to = NULL",
    ),
    _sql(
        "awards known a month before they were decided",
        "recorded_ahead",
        "UPDATE {s}.welfare_award SET known_from = decision_date - 30, known_to = NULL",
    ),
    _sql(
        "a household of the month after",
        "later_months",
        "INSERT INTO {s}.household_snapshot SELECT * REPLACE "
        "(last_day(DATE '{month}' + 10) AS snapshot_date) FROM {s}.household_snapshot LIMIT 1",
    ),
    _sql(
        "a household twice in one month",
        "twice_in_a_month",
        "INSERT INTO {s}.household_snapshot FROM {s}.household_snapshot LIMIT 1",
    ),
    _sql(
        "a household that moved in after its month end",
        "moved_in_later",
        "UPDATE {s}.household_snapshot SET resident_since = snapshot_date + 40 WHERE "
        + _first("household_snapshot"),
    ),
    _sql(
        "the same people again under other numbers",
        "same_people_twice",
        *(
            f"INSERT INTO {{s}}.{attach.table} SELECT * REPLACE "
            f"(household_id + {_APART} AS household_id) FROM {{s}}.{attach.table}"
            for attach in Attach
        ),
    ),
    _sql(
        "a closing code beside the features",
        "strange_columns",
        "CREATE OR REPLACE TABLE {s}.feature AS SELECT *, 1.0 AS closing_code FROM {s}.feature",
    ),
    _feature(
        "a window that reaches into the months that are judged",
        _SOME,
        f"coalesce(l.{_SOME}, f.{_SOME})",
        _later(3),
    ),
    _feature(
        "who lives there a month later",
        "household_size",
        "coalesce(l.household_size, f.household_size) + (hash(f.household_id) % 7 = 0)::INTEGER",
        _later(1),
    ),
    _feature(
        "what is so today, written back over every month",
        _SOME,
        f"last_value(f.{_SOME}) OVER (PARTITION BY f.household_id ORDER BY f.snapshot_date "
        "ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)",
    ),
    _feature(
        "a household's number replaced by how often it had the event, over all months",
        _SOME,
        "avg(e.event) OVER (PARTITION BY f.household_id)",
        _EVENT,
    ),
    _feature(
        "a value that is gone where the event came",
        "household_size",
        "CASE WHEN e.event = 1 THEN NULL ELSE f.household_size END",
        _EVENT,
    ),
    _built(
        "features built as if an award had been known from its period's last day",
        "uc_award",
        "ap_end",
    ),
    _built(
        "features built from accounts as they stand today",
        "ctax_account",
        "DATE '1990-01-01'",
        "known_to IS NULL",
    ),
)
"""Twenty of them."""
