"""Where each person lives at each month end, by the evidence known then.

Temporary tables on the connection, all keyed by ``k``, the number of the snapshot:

``snapshots(k, snapshot_date)``; ``home_at`` what each property was; ``presence`` every stay;
``present`` the stays that speak at a snapshot; ``resident(k, person_id, uprn, confidence, since,
follows)`` the one home of each person, with ``uprn`` NULL for those with no home known.
"""

from __future__ import annotations

from datetime import date

import duckdb

from contracts.asof import known_days_sql
from contracts.months import add_months, month_ends
from contracts.tables import SOURCES
from linkage.households.dwellings import homes_at_snapshots_sql
from linkage.households.evidence import presence_sql
from linkage.households.following import followers_sql

IDENTITY_SOURCES = ("ctax", "rent", "hclic", "welfare", "uc", "shbe")


def make_snapshots(con: duckdb.DuckDBPyConnection, month: date, history_months: int) -> None:
    """``snapshots``: the month ends from ``history_months`` before ``month`` to ``month``."""
    days = month_ends(add_months(month, -history_months), month)
    rows = ", ".join(f"({k}, DATE '{day}')" for k, day in enumerate(days))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE snapshots AS SELECT * FROM (VALUES {rows}) "
        "AS s(k, snapshot_date)"
    )


def resolve_residency(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    """Make ``home_at``, ``presence``, ``present`` and ``resident``.

    Args:
        con: Warehouse with ``snapshots``.
        schema: The month's schema, with ``person_link`` and ``person``.
    """
    _temp(con, "home_at", homes_at_snapshots_sql())
    _temp(con, "fresh", _fresh_sql())
    _temp(con, "presence", presence_sql(f"{schema}.person_link"))
    _temp(con, "present", _present_sql())
    _temp(con, "departed", _departed_sql())
    _temp(con, "chosen", _chosen_sql())
    _temp(con, "followers", followers_sql(schema))
    _temp(con, "resident", _resident_sql())


def _temp(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")


def _fresh_sql() -> str:
    """The latest day on which each source recorded anything, as far as each snapshot knows."""
    days = " UNION ALL ".join(
        f"SELECT '{source}' AS source, known_from FROM ({known_days_sql(table.name)})"
        for source in IDENTITY_SOURCES
        for table in SOURCES[source]
    )
    return f"""
        SELECT s.k, d.source, max(d.known_from) AS fresh
        FROM snapshots s JOIN ({days}) d ON d.known_from <= s.snapshot_date
        GROUP BY s.k, d.source"""


def _present_sql() -> str:
    """Stays that speak at each snapshot: known, begun, and neither ended nor stale.

    A stay that its source still holds open is confirmed by the source's latest delivery.
    """
    return """
        WITH spans AS (
            SELECT *, greatest(known_from, seen_from) AS speaks_from,
                   least(coalesce(known_to - 1, DATE '9999-12-30'),
                         coalesce(CASE WHEN stale_days = 0 THEN seen_to - 1
                                       ELSE seen_to + stale_days::INTEGER END,
                                  DATE '9999-12-30')) AS speaks_to
            FROM presence)
        SELECT s.k, s.snapshot_date, p.person_id, p.form, p.part, p.uprn, p.source, p.role,
               p.strength, p.seen_from, p.known_from
        FROM snapshots s JOIN spans p
          ON p.speaks_from <= s.snapshot_date AND p.speaks_to >= s.snapshot_date
        JOIN fresh f ON f.k = s.k AND f.source = p.source
        WHERE p.seen_to IS NOT NULL OR s.snapshot_date <= f.fresh + p.stale_days::INTEGER"""


def _departed_sql() -> str:
    """People whom council tax took off a home's account while it went on for the others there.

    A tenancy goes on naming a joint tenant who has left until somebody asks for the change; it is
    not believed against that.
    """
    return """
        WITH ended AS (
            SELECT s.k, p.person_id, p.uprn, p.form, p.seen_to
            FROM presence p JOIN snapshots s
              ON p.known_from <= s.snapshot_date AND p.seen_to <= s.snapshot_date
             AND (p.known_to IS NULL OR p.known_to > s.snapshot_date)
            WHERE p.source = 'ctax' AND p.stale_days = 0 AND p.uprn IS NOT NULL),
        live AS (
            SELECT k, uprn, form, min(seen_from) AS began, list(person_id) AS people
            FROM present WHERE source = 'ctax' AND uprn IS NOT NULL GROUP BY k, uprn, form)
        SELECT e.k, e.person_id, e.uprn, max(e.seen_to) AS left_on
        FROM ended e JOIN live l
          ON l.k = e.k AND l.uprn = e.uprn AND l.form <> e.form
         AND l.began BETWEEN e.seen_to - 1 AND e.seen_to + 31
        GROUP BY e.k, e.person_id, e.uprn
        HAVING NOT bool_or(list_contains(l.people, e.person_id))"""


def _chosen_sql() -> str:
    """The home with the highest summed strength; a flat is chosen over its building's shell."""
    return """
        WITH named AS (
            SELECT p.*, h.shell FROM present p LEFT JOIN home_at h USING (k, uprn)
            LEFT JOIN departed d USING (k, person_id, uprn)
            WHERE p.uprn IS NOT NULL
              AND (d.person_id IS NULL OR p.source <> 'rent' OR p.seen_from > d.left_on)),
        flats AS (
            SELECT DISTINCT n.k, n.person_id, h.parent_uprn AS shell_uprn,
                   min(n.uprn) OVER (PARTITION BY n.k, n.person_id, h.parent_uprn) AS flat
            FROM named n JOIN home_at h USING (k, uprn) WHERE h.parent_uprn IS NOT NULL),
        placed AS (
            SELECT n.* REPLACE (coalesce(f.flat, n.uprn) AS uprn)
            FROM named n LEFT JOIN flats f
              ON n.shell AND f.k = n.k AND f.person_id = n.person_id AND f.shell_uprn = n.uprn),
        best AS (
            SELECT k, person_id, uprn, source, role, max(strength) AS strength,
                   min(seen_from) AS seen_from, max(seen_from) AS latest
            FROM placed GROUP BY k, person_id, uprn, source, role),
        summed AS (
            SELECT k, person_id, uprn,
                   round(1 - product(1 - strength ORDER BY strength), 6) AS confidence,
                   min(seen_from) AS since, max(latest) AS latest
            FROM best GROUP BY k, person_id, uprn)
        SELECT k, person_id, uprn, confidence, since FROM summed
        QUALIFY row_number() OVER (PARTITION BY k, person_id
                                   ORDER BY confidence DESC, latest DESC, uprn) = 1"""


def _resident_sql() -> str:
    """Everybody: at home by evidence, with the people they follow, or known with no home."""
    return """
        WITH nowhere AS (
            SELECT p.k, p.person_id, min(p.seen_from) AS since
            FROM present p
            WHERE p.uprn IS NULL
              AND NOT EXISTS (SELECT 1 FROM chosen c
                              WHERE c.k = p.k AND c.person_id = p.person_id)
              AND NOT EXISTS (SELECT 1 FROM followers f
                              WHERE f.k = p.k AND f.person_id = p.person_id)
            GROUP BY p.k, p.person_id)
        SELECT k, person_id, uprn, confidence, since, NULL::BIGINT AS follows FROM chosen
        UNION ALL
        SELECT k, person_id, uprn, confidence, since, follows FROM followers
        UNION ALL
        SELECT k, person_id, NULL, 0.0, since, NULL FROM nowhere"""
