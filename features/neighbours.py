"""What is known of the other households of an area, at each month end.

A helper is counted of every household, added up by area, and each household is then told the share
of the others alone: its own value is taken out again, so that nothing of a household can come back
to it through its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
import polars as pl

from contracts.made.crossed import Attach
from features.aggregates import Values
from features.blocks import BLOCKS, NEIGHBOURS
from features.catalogue import COVER_HELPERS, MEASURES
from features.declare import Cover, Measure
from features.engine import values_of
from features.reads import cover_of
from features.stretches import Entries, Stretch, entries_of, stretches
from features.timeline import Timeline

FEWEST = 20
"""Others of whom something is known, without whom nothing is said of an area."""


def known_sql(name: str, measure: Measure) -> str:
    """A value of a row ``v`` as it is known: NULL where not covered, empty where nothing is."""
    value = f"v.{name}"
    if measure.empty is not None:
        value = f"coalesce({value}, {measure.empty})"
    cover = cover_of(measure)
    if cover is Cover.EVERYONE or name in COVER_HELPERS.values():
        return value
    return f"CASE WHEN v.{COVER_HELPERS[cover]} = 1 THEN {value} END"


def helpers_of(measures: Mapping[str, Measure]) -> tuple[str, ...]:
    """The helpers whose share among neighbours is asked for."""
    return tuple(dict.fromkeys(m.sql for m in measures.values() if m.block == NEIGHBOURS))


def share_sql(helper: str) -> str:
    """The share among the others, of a row ``v`` beside its area's ``n_`` and ``s_`` columns."""
    own = known_sql(helper, MEASURES[helper])
    others = f"(v.n{helper} - CASE WHEN {own} IS NULL THEN 0 ELSE 1 END)"
    return (
        f"CASE WHEN v.lsoa21 IS NOT NULL AND {others} >= {FEWEST} "
        f"THEN CAST(v.s{helper} - coalesce({own}, 0) AS DOUBLE) / {others} END"
    )


def totals_sql(helpers: Iterable[str], over: str = "") -> str:
    """Columns of how many households are known, and how many of them have each helper."""
    return "".join(
        f", count({known}){over} AS n{helper}, coalesce(sum({known}){over}, 0) AS s{helper}"
        for helper in helpers
        for known in [known_sql(helper, MEASURES[helper])]
    )


def lay_totals(
    con: duckdb.DuckDBPyConnection, helpers: tuple[str, ...], line: Timeline, *, at_once: int
) -> None:
    """Make ``neighbour_total``: one row for each area and month end, two columns a helper.

    Args:
        con: The modelling zone, with every household numbered.
        helpers: What is counted.
        line: The snapshots.
        at_once: Households that are held in memory together.
    """
    blocks = _by_block(helpers)
    ((households,),) = con.execute("SELECT count(*) FROM household_place").fetchall()
    columns = totals_sql(helpers)
    made = "CREATE OR REPLACE TEMP TABLE neighbour_part AS"
    for stretch in stretches(con, line, households=int(households), at_once=at_once):
        con.register("near", _counted(con, blocks, stretch, line).to_arrow())
        con.execute(f"{made} SELECT lsoa21, k{columns} FROM near v GROUP BY lsoa21, k")
        con.unregister("near")
        made = "INSERT INTO neighbour_part"
    added = "".join(f", sum(n{h}) AS n{h}, sum(s{h}) AS s{h}" for h in helpers)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE neighbour_total AS "
        f"SELECT lsoa21, k{added} FROM neighbour_part GROUP BY lsoa21, k"
    )


def _by_block(helpers: tuple[str, ...]) -> dict[str, dict[str, Measure]]:
    """The helpers, and those that tell whom they can speak of, by block."""
    covers = [COVER_HELPERS[c] for h in helpers if (c := cover_of(MEASURES[h])) in COVER_HELPERS]
    found: dict[str, dict[str, Measure]] = {}
    for name in dict.fromkeys((*helpers, *covers)):
        found.setdefault(MEASURES[name].block, {})[name] = MEASURES[name]
    return found


def _counted(
    con: duckdb.DuckDBPyConnection,
    blocks: Mapping[str, dict[str, Measure]],
    stretch: Stretch,
    line: Timeline,
) -> pl.DataFrame:
    values: dict[str, Values] = {}
    reached: dict[Attach, Entries] = {}
    for block, measures in blocks.items():
        attach = BLOCKS[block].attach
        if attach not in reached:
            reached[attach] = entries_of(con, attach, stretch, line)
        values |= values_of(
            con, block, measures, entries=reached[attach], stretch=stretch, line=line
        )
    series = [pl.Series(name, value, nan_to_null=True) for name, value in values.items()]
    return stretch.rows.select("lsoa21", "k").with_columns(series)
