"""Which pairs are looked at: those that share a block, within a budget."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import duckdb
import polars as pl

from linkage.engine.settings import RECORD, LinkSettings

logger = logging.getLogger(__name__)
NO_LIMIT = 2**31
BLOCK_SCHEMA = {
    "block": pl.String(),
    "values": pl.Int64(),
    "pairs": pl.Int64(),
    "dropped_values": pl.Int64(),
    "dropped_records": pl.Int64(),
    "dropped_pairs": pl.Int64(),
}


def block_names(settings: LinkSettings) -> list[str]:
    """Columns that hold a record's block values, one for each block."""
    return [f"block_{number}" for number in range(len(settings.blocks))]


def block_columns_sql(settings: LinkSettings) -> str:
    """SQL: a number for what a record has in each block; NULL where it lacks a part of it."""
    parts = []
    for name, columns in zip(block_names(settings), settings.blocks, strict=True):
        missing = " OR ".join(f"{column} IS NULL" for column in columns)
        parts.append(f"CASE WHEN {missing} THEN NULL ELSE hash({', '.join(columns)}) END AS {name}")
    return ", ".join(parts)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What the pair budget left and cost.

    Attributes:
        blocks: One row a block: block, values that two records share, the pairs that they make,
            and the values, records and pairs that were dropped. A pair that several blocks make
            is counted in each.
        fullest: Records in the fullest block value that was allowed; ``NO_LIMIT`` where none was
            dropped.
    """

    blocks: pl.DataFrame
    fullest: int


def keep_to_budget(
    con: duckdb.DuckDBPyConnection, table: str, settings: LinkSettings, *, fullest: int = 0
) -> Budget:
    """Drop the fullest block values until all pairs are within the budget.

    The block values of the records that held them become NULL in ``table``. A table ``shared_0``
    and so on for each block holds the values that two records share: value, size, and whether
    they are ``mixed``, of more groups than one.

    Args:
        con: Connection that holds ``table``.
        table: Records with :func:`block_columns_sql` and their group ``grp``.
        settings: Blocks and budget.
        fullest: Allowed records in a block value, where an earlier run has found it; else 0.
    """
    records = con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
    sizes = _sizes(con, table, settings, fresh=bool(fullest))
    most = fullest or _fullest_allowed(sizes, budget=settings.pairs_per_record * records)
    rows = []
    for number, name in enumerate(block_names(settings)):
        own = sizes.filter(pl.col("block") == number)
        lost = own.filter(pl.col("size") > most)
        if lost.height:
            con.execute(
                f"""UPDATE {table} SET {name} = NULL WHERE {name} IN (
                        SELECT {name} FROM {table} GROUP BY {name} HAVING count(*) > {most})"""
            )
        rows.append((" and ".join(settings.blocks[number]), *_counts(own, lost)))
    found = pl.DataFrame(rows, schema=BLOCK_SCHEMA, orient="row")
    if dropped := int(found["dropped_pairs"].sum()):
        logger.warning(
            "Linkage: %d of %d pairs are over the budget of %g a record. The block values that make"
            " them were dropped, so some links may be missed; the linkage's blocks say which.",
            dropped,
            int(found["pairs"].sum()),
            settings.pairs_per_record,
        )
    return Budget(blocks=found, fullest=most)


def _counts(own: pl.DataFrame, lost: pl.DataFrame) -> tuple[int, ...]:
    held = int((lost["values"] * lost["size"]).sum())
    return (
        int(own["values"].sum()),
        int(own["pairs"].sum()),
        int(lost["values"].sum()),
        held,
        int(lost["pairs"].sum()),
    )


def _sizes(
    con: duckdb.DuckDBPyConnection, table: str, settings: LinkSettings, *, fresh: bool
) -> pl.DataFrame:
    """block, size, values, pairs: how many values of each block are shared by how many records.

    With ``fresh`` only the values that a fresh record has are looked at.
    """
    among = f"IN (SELECT {{name}} FROM {table} WHERE fresh)" if fresh else "IS NOT NULL"
    for number, name in enumerate(block_names(settings)):
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE shared_{number} AS
                SELECT {name} AS value, count(*) AS size, min(grp) <> max(grp) AS mixed
                FROM {table} WHERE {name} {among.format(name=name)}
                GROUP BY {name} HAVING count(*) > 1"""
        )
    parts = [
        f"""SELECT {number} AS block, size, count(*) AS values,
                   (count(*) * size * (size - 1) // 2)::BIGINT AS pairs
            FROM shared_{number} GROUP BY size"""
        for number in range(len(settings.blocks))
    ]
    found: pl.DataFrame = con.sql(" UNION ALL ".join(parts)).pl()
    return found


def _fullest_allowed(sizes: pl.DataFrame, *, budget: float) -> int:
    """The largest number of records in a block value that the budget allows."""
    by_size = sizes.group_by("size").agg(pl.col("pairs").sum()).sort("size")
    allowed = by_size.filter(pl.col("pairs").cum_sum() <= budget)["size"].to_list()
    return NO_LIMIT if len(allowed) == by_size.height else max(allowed, default=1)


def pairs_sql(settings: LinkSettings, *, table: str) -> str:
    """SQL for ``a`` and ``b``: pairs that share a block, each once, with a fresh record in each.

    Most shared values are of one group alone and bring no pair, so only mixed ones are joined.

    Args:
        settings: Blocks.
        table: Records with their blocks, their group ``grp``, and whether they are ``fresh``, after
            :func:`keep_to_budget`.
    """
    names = block_names(settings)
    parts = []
    for number, name in enumerate(names):
        # A pair that an earlier block brings is not brought again.
        before = " ".join(f"AND (l.{e} = r.{e}) IS NOT TRUE" for e in names[:number])
        parts.append(
            f"""(WITH held AS (SELECT * FROM {table} WHERE {name} IN (
                     SELECT value FROM shared_{number} WHERE mixed))
                SELECT least(l.{RECORD}, r.{RECORD}) AS a, greatest(l.{RECORD}, r.{RECORD}) AS b
                FROM held l JOIN held r ON l.{name} = r.{name}
                WHERE l.fresh AND (l.{RECORD} < r.{RECORD} OR NOT r.fresh) AND l.grp <> r.grp
                      {before})"""
        )
    return " UNION ALL ".join(parts)


def worth_sql(settings: LinkSettings, *, table: str) -> str:
    """SQL for ``a`` and ``b``: the pairs of a table ``met`` that are worth weighing.

    Asked apart from the blocks, so that names are only fetched for pairs that met.
    """
    refused = "false" if settings.never is None else f"coalesce({settings.never}, false)"
    worth = "true" if settings.weigh is None else f"coalesce({settings.weigh}, false)"
    return f"""
        SELECT a, b FROM met JOIN {table} l ON l.{RECORD} = a JOIN {table} r ON r.{RECORD} = b
        WHERE CASE WHEN {worth} THEN NOT {refused} ELSE false END"""
