"""Stays that a source still tells of, though another source knows better.

A claim is believed for months after it was last confirmed, and a roll or a register until somebody
asks for the change. What council tax or a landlord knows of the same home since then goes before
it: that the person's account or tenancy there has ended, or that people who are new to the home
have taken it.
"""

from __future__ import annotations

import duckdb

from linkage.households.timeline import Snapshots, temp

# What two sources say of the day on which somebody left, or came, may be this far apart.
_SLACK_DAYS = 31


def drop_superseded(con: duckdb.DuckDBPyConnection, snaps: Snapshots) -> None:
    """Cut the stays in ``span`` short from when it was known that they are over.

    Args:
        con: Warehouse with ``span`` and ``presence``.
        snaps: The month ends.
    """
    temp(con, "account_ended", _ended_sql(snaps))
    _cut(con, "account_ended", "o.person_id = s.person_id AND o.uprn = s.uprn")
    temp(con, "home_taken", _taken_sql())
    _cut(con, "home_taken", "o.uprn = s.uprn AND s.seen_to IS NOT NULL")


def _ended_sql(snaps: Snapshots) -> str:
    """Accounts and tenancies that ended, of people who have no other one at that home.

    ``day`` is the last day about which what others said before is not believed any more.
    """
    return f"""
        WITH ended AS (
            SELECT person_id, uprn, max(seen_to) AS day,
                   {snaps.first_from("greatest(known_from, seen_to)")} AS k_from,
                   {snaps.last_until("known_to - 1")} AS k_to
            FROM presence
            WHERE role IN ('ctax_liable', 'rent_tenant') AND stale_days = 0 AND uprn IS NOT NULL
              AND greatest(known_from, seen_to) <= DATE '{snaps.days[-1]}'
            GROUP BY ALL),
        held AS (
            SELECT person_id, uprn, k_from, k_to FROM span
            WHERE role IN ('ctax_liable', 'rent_tenant') AND uprn IS NOT NULL)
        SELECT e.person_id, e.uprn, e.day + {_SLACK_DAYS} AS day, e.k_from,
               coalesce(min(h.k_from) - 1, any_value(e.k_to))::INTEGER AS k_to
        FROM ended e LEFT JOIN held h
          ON h.person_id = e.person_id AND h.uprn = e.uprn AND h.k_to >= e.k_from
        WHERE e.k_from <= e.k_to
        GROUP BY e.person_id, e.uprn, e.day, e.k_from"""


def _taken_sql() -> str:
    """Accounts and tenancies of people none of whom was told of at that home before."""
    return f"""
        WITH came AS (
            SELECT person_id, uprn, min(seen_from) AS first FROM span
            WHERE uprn IS NOT NULL GROUP BY person_id, uprn)
        SELECT s.uprn, s.form, s.seen_from - {_SLACK_DAYS} AS day, min(s.k_from) AS k_from,
               max(s.k_to) AS k_to, list(s.person_id) AS people
        FROM span s JOIN came c USING (person_id, uprn)
        WHERE s.role IN ('ctax_liable', 'rent_tenant') AND s.uprn IS NOT NULL
        GROUP BY s.uprn, s.form, s.seen_from
        HAVING min(c.first) >= s.seen_from - {_SLACK_DAYS}"""


def _cut(con: duckdb.DuckDBPyConnection, over: str, same: str) -> None:
    """Cut short what was last confirmed before the day of a row of ``over``."""
    temp(
        con,
        "over_at",
        f"""
        SELECT s.rowid AS at, min(greatest(o.k_from, s.k_from)) AS k_from
        FROM span s JOIN {over} o
          ON {same} AND coalesce(s.seen_to, s.seen_from) <= o.day
         AND o.k_from <= s.k_to AND o.k_to >= s.k_from
        WHERE s.role NOT IN ('ctax_liable', 'rent_tenant', 'placement', 'cs_placement')
        GROUP BY s.rowid""",
    )
    con.execute(cut_short_sql("over_at", "o.at = span.rowid"))


def cut_short_sql(over: str, met: str) -> str:
    """Statements that end what is in ``span`` before ``k_from`` of the row of ``over`` that it met.

    Few rows meet one, so the rest stay where they are.

    Args:
        over: A table, ``o``, with ``k_from``.
        met: Condition on a row of it and of ``span``, which holds for one row of it at most.
    """
    return f"""
        UPDATE span SET k_to = o.k_from - 1 FROM {over} o WHERE {met} AND span.k_to >= o.k_from;
        DELETE FROM span WHERE k_to < k_from"""
