"""What was known when: every read of a loaded table goes through here.

A row of ``raw.<table>`` is a version of its key. A version is known from its ``recorded_date``
until the next version of that key was recorded. Rows recorded later can only end a version, never
change what an earlier date sees, so a past month reads the same after any number of deliveries.

Loading notes what a version alone cannot say (``linkage.ingest.history``): that it came late or was
changed without a new date, so that it was known only from ``known_since``; that it says nothing new
or was out of date when it came (``stands`` is false); and that a full extract no longer held a key,
which is a row numbered 0 that ends the version before it.
"""

from __future__ import annotations

from datetime import date

from contracts.tables import TABLES

RAW = "raw"


def versions_sql(table: str, where: str = "true") -> str:
    """A ``SELECT`` of every version with ``known_from`` and ``known_to`` (exclusive, NULL if open).

    Two versions of one key known from the same day: the one extracted later stands, then the one
    recorded later, then the one further down its file.

    Args:
        table: A declared table.
        where: Condition on rows, ``version``, that takes all rows of a key or none.
    """
    every = every_version_sql(table, where)
    return f"SELECT * FROM ({every}) WHERE known_to IS DISTINCT FROM known_from"


def known_days_sql(table: str) -> str:
    """A ``SELECT`` of the days, ``known_from``, on which anything of the table became known."""
    return f"""
        SELECT DISTINCT coalesce(known_since, recorded_date) AS known_from
        FROM {RAW}.{table} WHERE stands IS NOT FALSE AND row_number > 0"""


def standing_sql(table: str) -> str:
    """A ``SELECT`` of the rows that stand; ``recorded_date`` is when each became known."""
    return f"""
        SELECT * EXCLUDE (known_since, stands)
               REPLACE (coalesce(known_since, recorded_date) AS recorded_date)
        FROM {RAW}.{table} WHERE stands IS NOT FALSE AND row_number > 0"""


def every_version_sql(table: str, where: str = "true") -> str:
    """As :func:`versions_sql`, with those too that were replaced on the day they were recorded.

    These were known for no time: their ``known_to`` is their ``known_from``.
    """
    key = ", ".join(TABLES[table].key)
    # One order gives both: what was replaced on its day is followed by a version of the same day.
    return f"""
        SELECT * FROM (
            SELECT * EXCLUDE (recorded_date, known_since, stands),
                   coalesce(known_since, recorded_date) AS known_from,
                   lead(coalesce(known_since, recorded_date)) OVER (
                       PARTITION BY {key}
                       ORDER BY coalesce(known_since, recorded_date), extract_date NULLS FIRST,
                                recorded_date, row_number, delivery_id) AS known_to
            FROM {RAW}.{table} AS version WHERE stands IS NOT FALSE AND {where})
        WHERE row_number > 0"""


def known_at(cutoff: str) -> str:
    """Condition on a row of :func:`versions_sql` that it was the known version at ``cutoff``.

    Args:
        cutoff: SQL expression of a date, such as ``c.snapshot_date``.
    """
    return f"known_from <= {cutoff} AND (known_to IS NULL OR known_to > {cutoff})"


def as_known_sql(table: str, on: date) -> str:
    """A ``SELECT`` of the table exactly as it was known at the end of ``on``."""
    day, key = f"DATE '{on.isoformat()}'", TABLES[table].key
    same = " AND ".join(f"v.{name} IS NOT DISTINCT FROM d.{name}" for name in key)
    # The days of each key are counted out first, and only where there were several rows are those
    # of the day put in order.
    return f"""
        WITH dated AS MATERIALIZED (
            SELECT {", ".join(key)}, max(day) FILTER (WHERE day <= {day}) AS known_from,
                   min(day) FILTER (WHERE day > {day}) AS known_to,
                   count(*) FILTER (WHERE day <= {day}) AS told
            FROM (SELECT *, coalesce(known_since, recorded_date) AS day
                  FROM {RAW}.{table} WHERE stands IS NOT FALSE)
            GROUP BY {", ".join(key)})
        SELECT * FROM (
            {_of_day_sql(table, same)} AND d.told = 1
            UNION ALL
            SELECT * FROM ({_of_day_sql(table, same)} AND d.told > 1
            QUALIFY row_number() OVER (
                PARTITION BY {", ".join(f"v.{name}" for name in key)}
                ORDER BY v.extract_date DESC, v.recorded_date DESC, v.row_number DESC,
                         v.delivery_id DESC) = 1))
        WHERE row_number > 0"""


def _of_day_sql(table: str, same: str) -> str:
    """A ``SELECT`` of the rows of the day since which each key, of ``dated``, was known."""
    return f"""
            SELECT v.* EXCLUDE (recorded_date, known_since, stands), d.known_from, d.known_to
            FROM {RAW}.{table} v JOIN dated d
              ON {same} AND coalesce(v.known_since, v.recorded_date) = d.known_from
            WHERE v.stands IS NOT FALSE"""
