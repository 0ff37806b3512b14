"""SQL of the values of each block, household and snapshot; generated from the declarations.

Every table of this module has a household, a snapshot month ``k`` and one column for each measure.
A row is used at snapshot ``k`` only where its event and its recording both lie in or before month
``k``; as snapshots are month ends, comparing months is comparing dates.
"""

from __future__ import annotations

from collections.abc import Mapping

from features.declare import Block, Measure
from features.known import versions_sql
from features.measures import month_of
from features.timeline import Timeline

_OPEN = 999_999  # a month that never comes


def block_sql(block: Block, measures: Mapping[str, Measure], *, attach: str, line: Timeline) -> str:
    """Values of a block's measures by household and snapshot.

    Args:
        block: The block.
        measures: The measures that are counted from it, by name.
        attach: Table of ``household_id, k, key``.
        line: The snapshots.
    """
    counted = ",\n               ".join(f"{m.sql} AS {name}" for name, m in measures.items())
    folded = ",\n               ".join(
        f"CAST({m.fold}(v.{name}) AS DOUBLE) AS {name}" for name, m in measures.items()
    )
    return f"""
        WITH seen AS ({_seen_sql(block, attach=attach, line=line)}),
        valued AS (
            SELECT key, k,
               {counted}
            FROM seen GROUP BY key, k)
        SELECT a.household_id, a.k,
               {folded}
        FROM {attach} a JOIN valued v ON v.key = a.key AND v.k = a.k
        GROUP BY a.household_id, a.k"""


def _seen_sql(block: Block, *, attach: str, line: Timeline) -> str:
    """Each row of a block once for every snapshot at which it counts."""
    event = "known_month" if block.dated is None else month_of(block.dated)
    oldest = "" if block.months is None else f", event_month + {block.months - 1}"
    # A version that was replaced is no longer what is known, unless the block asks for the past.
    last = f"{line.last_k}" if block.past else f"least({line.last_k}, gone - 1{oldest})"
    columns = ", ".join(block.columns)
    return f"""
            SELECT s.*, c.snapshot_date, s.k - s.event_month AS lag,
                   s.gone <= s.k AS replaced, CASE WHEN s.gone <= s.k THEN s.gone END AS gone_month
            FROM (
                SELECT {columns}, key, event_month, known_month, gone, unnest(generate_series(
                    greatest({line.first_k}, event_month, known_month), {last})) AS k
                FROM (
                    SELECT *, {event} AS event_month
                    FROM (
                        SELECT {columns}, {block.attach.number} AS key,
                               {month_of("known_from")} AS known_month,
                               coalesce({month_of("known_to")}, {_OPEN}) AS gone
                        FROM ({versions_sql(block.table, line.schema)}))
                    WHERE key IN (SELECT key FROM {attach}))
                WHERE event_month IS NOT NULL) s
            JOIN snapshot_month c ON c.k = s.k"""


def households_sql(measures: Mapping[str, Measure], *, line: Timeline) -> str:
    """Values that are read from the household itself, and from its own earlier snapshots.

    A window looks back as far as there are snapshots; where there is none before, it is unknown.
    """
    return f"""
        SELECT household_id, k, {_doubles(measures)}
        FROM (
            SELECT s.household_id, c.k, s.snapshot_date, s.size, s.adults, s.children_0_4,
                   s.children_0_4 + s.children_5_17 AS children, s.tenure, s.hh_kind,
                   s.resident_since,
                   max(s.adults) OVER half AS most_adults_6m,
                   max(s.adults) OVER year AS most_adults_12m,
                   min(s.adults) OVER year AS least_adults_12m,
                   min(s.children_0_4) OVER year AS least_young_12m
            FROM {line.schema}.household_snapshot s JOIN snapshot_month c USING (snapshot_date)
            WINDOW half AS (PARTITION BY s.household_id ORDER BY c.k
                            RANGE BETWEEN 6 PRECEDING AND 1 PRECEDING),
                   year AS (PARTITION BY s.household_id ORDER BY c.k
                            RANGE BETWEEN 12 PRECEDING AND 1 PRECEDING))"""


def areas_sql(measures: Mapping[str, Measure], *, line: Timeline) -> str:
    """Values of the area around the home, from open data as it was published by then."""
    return f"""
        SELECT household_id, k, {_doubles(measures)}
        FROM (
            SELECT s.household_id, c.k, s.imd_decile, a.income_domain
            FROM {line.schema}.household_snapshot s
            JOIN snapshot_month c USING (snapshot_date)
            LEFT JOIN (
                SELECT lsoa21, income_domain, {month_of("known_from")} AS known_month,
                       coalesce({month_of("known_to")}, {_OPEN}) AS gone
                FROM ({versions_sql("area_lookup", line.schema)})) a
              ON a.lsoa21 = s.lsoa21 AND a.known_month <= c.k AND a.gone > c.k)"""


def _doubles(measures: Mapping[str, Measure]) -> str:
    return ", ".join(f"CAST({m.sql} AS DOUBLE) AS {name}" for name, m in measures.items())
