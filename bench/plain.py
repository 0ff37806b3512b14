"""Every value again by plain SQL, one month end at a time: what the engine has to equal.

Slow, and generated from the same declarations: rows as they were known at the month end, joined to
the households that they reach, counted with one filter for each measure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from contracts.months import month_index
from features.blocks import AREAS, BEFORE, BLOCKS, HOUSEHOLDS, NEIGHBOURS
from features.counted import GRAIN
from features.declare import Block, Fold, Measure
from features.known import areas_sql, reach_sql, versions_sql
from features.measures import NEVER, month_of
from features.neighbours import helpers_of, totals_sql
from features.timeline import Timeline


def block_sql(block: Block, measures: Mapping[str, Measure], *, line: Timeline, day: date) -> str:
    """Values of a block's measures by household at a month end.

    Args:
        block: The block.
        measures: The measures that are counted from it, by name.
        line: The snapshots.
        day: One of them.
    """
    counted = ",\n               ".join(f"{m.sql} AS {name}" for name, m in measures.items())
    folded = ",\n               ".join(
        f"CAST({_folded(m.fold, name)} AS DOUBLE) AS {name}" for name, m in measures.items()
    )
    k = month_index(day)
    return f"""
        WITH seen AS ({_seen_sql(block, line=line, day=day)}),
        valued AS (SELECT key, {counted} FROM seen GROUP BY key),
        attached AS (
            SELECT DISTINCT household_id, key
            FROM ({reach_sql(block.attach, schema=line.schema)}) WHERE k = {k})
        SELECT a.household_id, {folded}
        FROM attached a JOIN valued v USING (key) GROUP BY a.household_id"""


def _folded(fold: Fold, name: str) -> str:
    """Sums are of whole parts, since those of floats would depend on the order of rows."""
    if fold is Fold.SUM:
        return f"sum(CAST(floor(v.{name} * {GRAIN} + 0.5) AS BIGINT)) / {GRAIN}"
    return f"{fold}(v.{name})"


def _seen_sql(block: Block, *, line: Timeline, day: date) -> str:
    """Each row that counts at a month end."""
    event = "known_month" if block.dated is None else month_of(block.dated)
    k = month_index(day)
    young = "" if block.months is None else f"AND event_month > {k - block.months}"
    standing = "" if block.past else f"AND gone > {k}"
    return f"""
            SELECT *, {k} AS k, DATE '{day}' AS snapshot_date, {k} - event_month AS lag
            FROM (
                SELECT *, {event} AS event_month
                FROM (
                    SELECT {", ".join(block.columns)}, {block.attach.number} AS key,
                           {month_of("known_from")} AS known_month,
                           coalesce({month_of("known_to")}, {NEVER}) AS gone
                    FROM ({versions_sql(block.table, line.schema)})))
            WHERE event_month <= {k} AND known_month <= {k} {young} {standing}"""


def before_sql(measures: Mapping[str, Measure], *, line: Timeline, day: date) -> str:
    """Values of a household's own earlier snapshots."""
    counted = ", ".join(f"CAST({m.sql} AS DOUBLE) AS {name}" for name, m in measures.items())
    k = month_index(day)
    return f"""
        SELECT household_id, {counted}
        FROM (SELECT s.*, {k} - c.k AS lag
              FROM {line.schema}.household_snapshot s JOIN snapshot_month c USING (snapshot_date)
              WHERE c.k <= {k})
        GROUP BY household_id"""


def plain_values_sql(measures: Mapping[str, Measure], *, line: Timeline, day: date) -> str:
    """A ``SELECT`` of the households at a month end, beside each measure's value.

    Args:
        measures: What is counted, by name.
        line: The snapshots.
        day: One of them.
    """
    blocks: dict[str, dict[str, Measure]] = {}
    for name, measure in measures.items():
        blocks.setdefault(measure.block, {})[name] = measure
    joins, columns = [], []
    for block, members in blocks.items():
        if block in (HOUSEHOLDS, AREAS):
            columns += [f"CAST({m.sql} AS DOUBLE) AS {name}" for name, m in members.items()]
            continue
        if block == NEIGHBOURS:
            continue
        sql = (
            before_sql(members, line=line, day=day)
            if block == BEFORE
            else block_sql(BLOCKS[block], members, line=line, day=day)
        )
        joins.append(f"LEFT JOIN ({sql}) b_{block} USING (household_id)")
        columns += [f"b_{block}.{name}" for name in members]
    near = totals_sql(helpers_of(measures), " OVER (PARTITION BY v.lsoa21)")
    return f"""
        SELECT v.*{near}
        FROM (
        SELECT s.household_id, s.snapshot_date, s.lsoa21, {", ".join(columns)}
        FROM (
            SELECT h.*, a.income_domain, {month_index(day)} AS k
            FROM {line.schema}.household_snapshot h
            LEFT JOIN ({areas_sql(line.schema)}) a
              ON a.lsoa21 = h.lsoa21 AND a.known_month <= {month_index(day)}
             AND a.gone > {month_index(day)}
            WHERE h.snapshot_date = DATE '{day}') s
        {" ".join(joins)}) v"""
