"""Households: who lives with whom at each month end, from evidence as it was known then."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from contracts.errors import DataMissing
from contracts.place import Place
from contracts.warehouse import month_schema
from linkage.households.audit import audit_on_sql, audit_spans_sql, audit_view_sql, make_audit
from linkage.households.changes import tables_there
from linkage.households.describe import describe
from linkage.households.dwellings import dwellings, home_spans
from linkage.households.episodes import name_units
from linkage.households.no_home import make_bases
from linkage.households.outputs import make_outputs, output_tables, output_views
from linkage.households.residency import resolve_residency
from linkage.households.safety import make_notices
from linkage.households.timeline import Snapshots, temp
from linkage.households.units import form_units
from linkage.quality.coverage import write_coverage
from linkage.rights.apply import withhold
from linkage.store import replace_tables

logger = logging.getLogger(__name__)
_NEEDS = ("person_link", "person", "person_identity", "person_protected")


@dataclass(frozen=True, kw_only=True)
class HouseholdReport:
    """What was built.

    Attributes:
        snapshots: Dates looked at.
        households: Households at the index date, by kind.
        people: People at the index date who are in a household.
        dwellings: Properties.
        events: Household events, by kind.
    """

    snapshots: int
    households: dict[str, int]
    people: int
    dwellings: int
    events: dict[str, int]


def build_households(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    pseudonym_key: bytes | None,
    id_key: bytes,
    progress: Callable[[str], None] | None = None,
) -> HouseholdReport:
    """Write the household tables of a month.

    These are ``dwelling``, ``severed``, ``residency_evidence``, ``residency_spell``, ``coverage``,
    ``household_spell`` and ``_event``, and views of every month end over spans of them,
    ``household_snapshot``, ``_member`` and ``_audit``. Ids go on from the latest release month
    before this one.

    Args:
        con: Warehouse, writable, with ``raw`` and the month's people.
        place: Its history months are looked at.
        month: Index date.
        pseudonym_key: Key under which the health extracts name homes; None leaves them unjoined.
        id_key: Secret under which numbers of new households are made.
        progress: Told of each stage.

    Raises:
        DataMissing: If the month's people were not linked yet.
    """
    schema = month_schema(month)
    _check_linked(con, schema)
    with _temporary_tables(con, dwellings(con, month, pseudonym_key=pseudonym_key)):
        snaps = Snapshots.until(month, place.windows.history_months)
        made = _made(con, place, snaps, id_key, progress or _silent)
        views = {**output_views(schema, snaps), "household_audit": audit_view_sql(schema, snaps)}
        replace_tables(con, month, made, views)
    write_coverage(con, place=place, month=month, groups=audit_on_sql(schema, month))
    withhold(con, month)
    return _report(con, schema, snaps)


def _made(
    con: duckdb.DuckDBPyConnection,
    place: Place,
    snaps: Snapshots,
    id_key: bytes,
    tell: Callable[[str], None],
) -> dict[str, pl.DataFrame | str]:
    """Every table of the step, or the ``SELECT`` of it."""
    month = snaps.days[-1]
    schema, there = month_schema(month), tables_there(con)
    tell("Households: where each person lived")
    snaps.make(con)
    home_spans(con, snaps, there)
    make_notices(con, schema, snaps, there)
    resolve_residency(con, schema, snaps, there)
    tell("Households: who lived together")
    form_units(con, schema, snaps)
    tell("Households: what each was")
    events = name_units(con, snaps, month, id_key)
    describe(con, snaps)
    make_bases(con, snaps, there)
    make_outputs(con)
    make_audit(con, schema, snaps, there)
    return {
        "dwelling": "SELECT * FROM dwelling_now",
        "household_event": events,
        "household_audit_span": audit_spans_sql(schema, snaps),
        **output_tables(snaps, service_neighbourhood=place.homeless_service_neighbourhood),
    }


@contextmanager
def _temporary_tables(con: duckdb.DuckDBPyConnection, homes: pl.DataFrame) -> Iterator[None]:
    """``dwelling_now`` while the steps work, and nothing of theirs left afterwards."""
    before = _temporary(con)
    con.register("homes_found", homes.to_arrow())
    temp(con, "dwelling_now", "SELECT * FROM homes_found")
    con.unregister("homes_found")
    try:
        yield
    finally:
        for name in sorted(_temporary(con) - before):
            con.execute(f"DROP TABLE IF EXISTS temp.{name}")


def _temporary(con: duckdb.DuckDBPyConnection) -> set[str]:
    rows = con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
    return {name for (name,) in rows}


def _silent(_: str) -> None:
    return


def _check_linked(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    have = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = ?", [schema]
    ).fetchall()
    missing = sorted(set(_NEEDS) - {name for (name,) in have})
    if missing:
        raise DataMissing(
            f"Households need {', '.join(missing)} of this month, and they are not there.",
            next_step="Link the month's people first.",
        )


def _report(con: duckdb.DuckDBPyConnection, schema: str, snaps: Snapshots) -> HouseholdReport:
    def pairs(select: str) -> dict[str, int]:
        return dict(con.execute(select).fetchall())

    last = f"DATE '{snaps.days[-1]}'"
    now = f"{schema}.household_snapshot_span WHERE first_date <= {last} AND last_date >= {last}"
    kinds = pairs(f"SELECT hh_kind, count(*) FROM {now} GROUP BY hh_kind ORDER BY hh_kind")
    ((people,),) = con.execute(f"SELECT coalesce(sum(size), 0)::BIGINT FROM {now}").fetchall()
    spans = con.execute(
        f"SELECT DISTINCT first_date, last_date FROM {schema}.household_snapshot_span"
    ).fetchall()
    ((homes,),) = con.execute(f"SELECT count(*) FROM {schema}.dwelling").fetchall()
    report = HouseholdReport(
        snapshots=sum(any(a <= day <= b for a, b in spans) for day in snaps.days),
        households=kinds,
        people=people,
        dwellings=homes,
        events=pairs(
            f"SELECT event, count(*) FROM {schema}.household_event GROUP BY event ORDER BY event"
        ),
    )
    logger.info(
        "Households: %d at the index date, %d people, %d snapshots.",
        sum(kinds.values()),
        people,
        report.snapshots,
    )
    return report
