"""The snapshots of a run, and the temporary tables that every step of it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from contracts.errors import DataMissing
from contracts.made import MADE
from contracts.made.crossed import TABLES as CROSSED
from contracts.months import add_months, month_end, month_ends, month_index
from contracts.place import Place
from contracts.warehouse import month_schema
from contracts.zones import Zone

Progress = Callable[[str], None]
"""Told of each stage, in words."""

_NEEDED = frozenset(
    {*(t.name for t in MADE.values() if t.copied_to is Zone.MODELLING), *(t.name for t in CROSSED)}
)


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """The month ends at which households are looked at.

    Attributes:
        schema: Month schema of the run.
        snapshots: Month ends, oldest first; the last one is the index date.
    """

    schema: str
    snapshots: tuple[date, ...]

    @property
    def index_date(self) -> date:
        """The last snapshot."""
        return self.snapshots[-1]

    @property
    def first_k(self) -> int:
        """Month number of the oldest snapshot."""
        return month_index(self.snapshots[0])

    @property
    def last_k(self) -> int:
        """Month number of the index date."""
        return month_index(self.snapshots[-1])


def timeline(place: Place, month: date) -> Timeline:
    """The timeline of a release month.

    Args:
        place: The place's settings.
        month: Any day of the release month.
    """
    last = month_end(month)
    first = add_months(last, -place.windows.history_months)
    return Timeline(schema=month_schema(last), snapshots=tuple(month_ends(first, last)))


@contextmanager
def prepared(con: duckdb.DuckDBPyConnection, line: Timeline) -> Iterator[None]:
    """A temporary table of the snapshots; it and all others are gone again at the end.

    Raises:
        DataMissing: If the month has not crossed to the modelling zone yet.
    """
    _require(con, line.schema)
    with tidied(con):
        lay_months(con, line)
        yield


@contextmanager
def tidied(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Temporary tables that are made inside are gone again at the end."""
    before = _temporary(con)
    try:
        yield
    finally:
        for name in sorted(_temporary(con) - before):
            con.execute(f"DROP TABLE IF EXISTS temp.{name}")


def lay_months(con: duckdb.DuckDBPyConnection, line: Timeline) -> None:
    """A temporary table of the snapshots, ``snapshot_month``."""
    con.execute("CREATE OR REPLACE TEMP TABLE snapshot_month (snapshot_date DATE, k BIGINT)")
    con.executemany(
        "INSERT INTO snapshot_month VALUES (?, ?)",
        [(day, month_index(day)) for day in line.snapshots],
    )


@contextmanager
def replaced(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """One transaction, taken back whole where anything fails."""
    con.execute("BEGIN TRANSACTION")
    try:
        yield
    except BaseException:
        con.execute("ROLLBACK")
        raise
    con.execute("COMMIT")


def _temporary(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
    return {str(name) for (name,) in rows}


def _require(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    rows = con.execute(
        "SELECT table_name FROM duckdb_tables() "
        "WHERE database_name = current_database() AND schema_name = ?",
        [schema],
    ).fetchall()
    lacking = sorted(_NEEDED - {str(name) for (name,) in rows})
    if lacking:
        raise DataMissing(
            f"The modelling zone has no {', '.join(lacking)} in {schema}.",
            next_step="Build the month's households, then let the month cross.",
        )
