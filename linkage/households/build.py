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
from linkage.households.audit import audit_sql
from linkage.households.describe import aged_sql, describe
from linkage.households.dwellings import dwellings
from linkage.households.identity import name_households
from linkage.households.residency import make_snapshots, resolve_residency
from linkage.households.units import form_units
from linkage.quality.coverage import write_coverage
from linkage.rights.apply import withhold
from linkage.store import replace_tables

logger = logging.getLogger(__name__)
_NEEDS = ("person_link", "person", "person_identity", "person_protected")
_TEMPORARY = """
    snapshots home_at fresh presence present departed chosen followers resident live_form several
    unit unit_kind named aged lead_rank member couple tenure_told restricted described"""


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
    progress: Callable[[str], None] | None = None,
) -> HouseholdReport:
    """Write the household tables of a month.

    These are ``dwelling``, ``residency_evidence``, ``household_snapshot``, ``household_member``,
    ``household_event``, ``household_audit`` and ``coverage``.

    Args:
        con: Warehouse, writable, with ``raw`` and the month's people.
        place: Its history months are looked at.
        month: Index date.
        pseudonym_key: Key under which the health extracts name homes; None leaves them unjoined.
        progress: Told of each stage.

    Raises:
        DataMissing: If the month's people were not linked yet.
    """
    tell = progress or _silent
    schema = month_schema(month)
    _check_linked(con, schema)
    homes = dwellings(con, month, pseudonym_key=pseudonym_key)
    with _temporary_tables(con, homes):
        tell("Households: where each person lived")
        make_snapshots(con, month, place.windows.history_months)
        resolve_residency(con, schema)
        tell("Households: who lived together")
        form_units(con, schema)
        events = _named(con, schema)
        tell("Households: what each was")
        describe(con, schema)
        found = {"dwelling": homes, "household_event": events, **_tables(con, schema, month)}
        replace_tables(con, month, found)
    write_coverage(con, place=place, month=month)
    withhold(con, month)
    return _report(found, month)


@contextmanager
def _temporary_tables(con: duckdb.DuckDBPyConnection, homes: pl.DataFrame) -> Iterator[None]:
    """``dwelling_now`` while the steps work, and nothing of theirs left afterwards."""
    con.register("dwelling_now", homes.to_arrow())
    try:
        yield
    finally:
        con.unregister("dwelling_now")
        for name in _TEMPORARY.split():
            con.execute(f"DROP TABLE IF EXISTS temp.{name}")


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


def _named(con: duckdb.DuckDBPyConnection, schema: str) -> pl.DataFrame:
    """Make ``named``, the household of each unit; give back the events."""
    residents = con.sql(
        f"""SELECT k::BIGINT AS k, unit, person_id, uprn, adult FROM ({aged_sql(schema)})
            ORDER BY k, unit, person_id"""
    ).pl()
    days = [
        day for (day,) in con.execute("SELECT snapshot_date FROM snapshots ORDER BY k").fetchall()
    ]
    ids, events = name_households(residents, days)
    con.register("ids_named", ids.to_arrow())
    con.execute("CREATE OR REPLACE TEMP TABLE named AS SELECT * FROM ids_named")
    con.unregister("ids_named")
    return events


def _tables(con: duckdb.DuckDBPyConnection, schema: str, month: date) -> dict[str, pl.DataFrame]:
    return {
        "household_snapshot": con.sql(_snapshot_sql()).pl(),
        "household_member": con.sql(
            """SELECT s.snapshot_date, m.household_id, m.person_id,
                      CASE WHEN m.leads THEN 'LEAD' WHEN m.adult THEN 'ADULT' ELSE 'CHILD' END
                      AS role, 'main' AS share
               FROM member m JOIN snapshots s USING (k)
               ORDER BY s.snapshot_date, m.household_id, m.person_id"""
        ).pl(),
        "household_audit": con.sql(audit_sql(schema)).pl(),
        # What was learnt after the month is not the month's: a rebuild reads as it was seen then.
        "residency_evidence": con.sql(
            f"""SELECT DISTINCT person_id, uprn, seen_from, seen_to, source, role, strength,
                      stale_days, known_from,
                      CASE WHEN known_to <= DATE '{month}' THEN known_to END AS known_to
               FROM presence WHERE uprn IS NOT NULL AND known_from <= DATE '{month}'
               ORDER BY ALL NULLS LAST"""
        ).pl(),
    }


def _snapshot_sql() -> str:
    """``household_snapshot``; a refuge is never keyed by its property."""
    return """
        WITH stays AS (
            SELECT *, count(*) FILTER (WHERE moved) OVER (
                PARTITION BY household_id ORDER BY k) AS stay
            FROM (
                SELECT *, uprn IS DISTINCT FROM lag(uprn) OVER (
                    PARTITION BY household_id ORDER BY k) AS moved
                FROM described))
        SELECT d.household_id, s.snapshot_date,
               CASE WHEN d.refuge THEN NULL ELSE w.uprn_key END AS uprn_key, d.hh_kind, d.size,
               d.adults, d.children_0_4, d.children_5_17, d.adults_65p, d.composition, d.tenure,
               d.tenure_source, h.neighbourhood_code, h.lsoa21, h.imd_decile,
               d.confidence AS residency_confidence, d.x_restricted, d.lead_person_id,
               min(d.since) OVER (PARTITION BY d.household_id, d.stay ORDER BY d.k)
               AS resident_since
        FROM stays d JOIN snapshots s USING (k)
        LEFT JOIN dwelling_now w ON w.uprn = d.uprn
        LEFT JOIN home_at h ON h.k = d.k AND h.uprn = d.uprn
        ORDER BY s.snapshot_date, d.household_id"""


def _report(found: dict[str, pl.DataFrame], month: date) -> HouseholdReport:
    snapshots = found["household_snapshot"]
    now = snapshots.filter(pl.col("snapshot_date") == month)
    report = HouseholdReport(
        snapshots=snapshots["snapshot_date"].n_unique(),
        households=dict(now.group_by("hh_kind").len().sort("hh_kind").iter_rows()),
        people=int(now["size"].sum()),
        dwellings=found["dwelling"].height,
        events=dict(found["household_event"].group_by("event").len().sort("event").iter_rows()),
    )
    logger.info(
        "Households: %d at the index date, %d people, %d snapshots.",
        now.height,
        report.people,
        report.snapshots,
    )
    return report
