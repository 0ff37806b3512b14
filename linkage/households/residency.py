"""Where each person lives at each month end, by the evidence known then.

Temporary tables on the connection, all keyed by ``k``, the number of the snapshot:

``snapshots(k, snapshot_date)``; ``home_at`` what each property was; ``presence`` every stay;
``present`` the stays that speak at a snapshot; ``resident(k, person_id, uprn, confidence, since,
follows)`` the one home of each person, with ``uprn`` NULL for those with no home known.
"""

from __future__ import annotations

from datetime import date

import duckdb

from contracts.asof import RAW
from contracts.months import add_months, month_ends
from contracts.tables import SOURCES
from linkage.households.dwellings import homes_at_snapshots_sql
from linkage.households.evidence import presence_sql

IDENTITY_SOURCES = ("ctax", "rent", "hclic", "welfare", "uc", "shbe")
CHILD_YEARS = 18
# A person of whom nothing newer is heard still lives with the adult of their form for so long.
FOLLOW_DAYS = {"CHILD": 6600, "PARTNER": 400}
FOLLOW_SHARE = 0.8


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
    _temp(con, "chosen", _chosen_sql())
    _temp(con, "followers", _followers_sql(schema))
    _temp(con, "resident", _resident_sql())


def _temp(con: duckdb.DuckDBPyConnection, name: str, select: str) -> None:
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {select}")


def _fresh_sql() -> str:
    """The latest day on which each source recorded anything, as far as each snapshot knows."""
    days = " UNION ALL ".join(
        f"SELECT DISTINCT '{source}' AS source, recorded_date FROM {RAW}.{table.name}"
        for source in IDENTITY_SOURCES
        for table in SOURCES[source]
    )
    return f"""
        SELECT s.k, d.source, max(d.recorded_date) AS fresh
        FROM snapshots s JOIN ({days}) d ON d.recorded_date <= s.snapshot_date
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


def _chosen_sql() -> str:
    """The home with the highest summed strength; a flat is chosen over its building's shell."""
    return """
        WITH named AS (
            SELECT p.*, h.shell FROM present p LEFT JOIN home_at h USING (k, uprn)
            WHERE p.uprn IS NOT NULL),
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
            SELECT k, person_id, uprn, round(1 - product(1 - strength), 6) AS confidence,
                   min(seen_from) AS since, max(latest) AS latest
            FROM best GROUP BY k, person_id, uprn)
        SELECT k, person_id, uprn, confidence, since FROM summed
        QUALIFY row_number() OVER (PARTITION BY k, person_id
                                   ORDER BY confidence DESC, latest DESC, uprn) = 1"""


def _followers_sql(schema: str) -> str:
    """People without a home of their own who live with an adult of a form they stand on.

    A child goes with its parent until it is grown or has evidence of its own; a partner for about
    as long as council tax would take to notice.
    """
    days = " ".join(f"WHEN '{part}' THEN {days}" for part, days in FOLLOW_DAYS.items())
    return f"""
        WITH stood AS (
            SELECT person_id, form, part, known_from AS last_known,
                   coalesce(seen_to, known_from) AS last_seen
            FROM presence WHERE part <> 'LEAD' OR uprn IS NULL
            QUALIFY row_number() OVER (
                PARTITION BY person_id, known_from
                ORDER BY coalesce(seen_to, known_from) DESC, form) = 1),
        homeless AS (
            SELECT s.k, s.snapshot_date, p.person_id
            FROM snapshots s JOIN (
                SELECT person_id, min(last_known) AS heard FROM stood GROUP BY person_id) p
              ON p.heard <= s.snapshot_date
            ANTI JOIN chosen c ON c.k = s.k AND c.person_id = p.person_id),
        lost AS (
            SELECT h.k, h.person_id, t.form, t.part, t.last_seen, t.last_known
            FROM homeless h ASOF JOIN stood t
              ON t.person_id = h.person_id AND t.last_known <= h.snapshot_date
            JOIN {schema}.person n ON n.person_id = h.person_id
            WHERE h.snapshot_date <= t.last_seen + CASE t.part {days} ELSE 95 END
              AND (t.part <> 'CHILD' OR n.birth_ym IS NULL
                   OR (year(h.snapshot_date) * 12 + month(h.snapshot_date))
                      - (n.birth_ym // 100 * 12 + n.birth_ym % 100) < {CHILD_YEARS} * 12)),
        beside AS (
            SELECT DISTINCT form, person_id, part FROM presence WHERE part <> 'CHILD')
        SELECT l.k, l.person_id, b.person_id AS follows, c.uprn,
               round(c.confidence * {FOLLOW_SHARE}, 6) AS confidence, l.last_seen
        FROM lost l JOIN beside b ON b.form = l.form AND b.person_id <> l.person_id
        JOIN chosen c ON c.k = l.k AND c.person_id = b.person_id
        QUALIFY row_number() OVER (
            PARTITION BY l.k, l.person_id
            ORDER BY b.part = 'LEAD' DESC, c.confidence DESC, b.person_id) = 1"""


def _resident_sql() -> str:
    """Everybody: at home by evidence, with the adult they follow, or known with no home."""
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
        SELECT k, person_id, uprn, confidence, last_seen, follows FROM followers
        UNION ALL
        SELECT k, person_id, NULL, 0.0, since, NULL FROM nowhere"""
