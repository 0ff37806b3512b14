"""What was known when, in the modelling zone: every read of a table that crossed goes through here.

Its rows are versions, from the day on which each was recorded until the next one was.
"""

from __future__ import annotations

from datetime import date

from contracts.asof import known_at
from contracts.made.crossed import Attach
from features.measures import NEVER, month_of


def versions_sql(table: str, schema: str) -> str:
    """A ``SELECT`` of every version that was known for at least a day.

    Args:
        table: The table's declared name.
        schema: The month schema.
    """
    return f"SELECT * FROM {schema}.{table} WHERE known_to IS DISTINCT FROM known_from"


def as_known_sql(table: str, schema: str, on: date) -> str:
    """A ``SELECT`` of the table exactly as it was known at the end of ``on``."""
    known = known_at(f"DATE '{on}'")
    return f"SELECT * FROM ({versions_sql(table, schema)}) WHERE {known}"


def attach_sql(attach: Attach, *, schema: str, on: date | None = None) -> str:
    """A ``SELECT DISTINCT household_id, k, key`` for every snapshot month.

    Args:
        attach: The kind of key.
        schema: The month schema.
        on: Day at whose end identity records are read; None reads them as of each snapshot
            (features must), a day reads them all as known then (labels may).
    """
    cutoff = "c.snapshot_date" if on is None else f"DATE '{on}'"
    return f"""
        SELECT DISTINCT r.household_id, c.k, r.key
        FROM {schema}.{attach.table} r JOIN snapshot_month c USING (snapshot_date)
        WHERE {known_at(cutoff)}"""


def reach_sql(attach: Attach, *, schema: str) -> str:
    """A ``SELECT`` of household_id, k and key as of each snapshot; a line may come twice."""
    return f"""
        SELECT r.household_id, c.k, r.key
        FROM {schema}.{attach.table} r JOIN snapshot_month c USING (snapshot_date)
        WHERE {known_at("c.snapshot_date")}"""


def areas_sql(schema: str) -> str:
    """What open data say of each area, from one month until before another."""
    return f"""
        SELECT lsoa21, income_domain, {month_of("known_from")} AS known_month,
               coalesce({month_of("known_to")}, {NEVER}) AS gone
        FROM ({versions_sql("area_lookup", schema)})"""
