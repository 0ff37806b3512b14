"""Links by exact keys, before anything is estimated."""

from __future__ import annotations

import duckdb
import polars as pl

from linkage.engine.settings import RECORD, ExactKey

EDGE_SCHEMA = {
    "a": pl.Int64(),
    "b": pl.Int64(),
    "confidence": pl.Float64(),
    "weight": pl.Float64(),
    "rule_id": pl.String(),
}
# Exact links are weighed before all estimated ones of the same confidence.
_CERTAIN_BITS = 1000.0


def no_edges() -> pl.DataFrame:
    """An empty table of edges."""
    return pl.DataFrame(schema=EDGE_SCHEMA)


def exact_edges(
    con: duckdb.DuckDBPyConnection, table: str, keys: tuple[ExactKey, ...], *, never: str | None
) -> pl.DataFrame:
    """Pairs of records that share a key and pass its check.

    Args:
        con: Connection that holds ``table``.
        table: Records, one a row.
        keys: The keys; a pair found by several keeps the surest.
        never: Condition under which no pair is linked.
    """
    found: list[pl.DataFrame] = [con.sql(_key_sql(table, key, never)).pl() for key in keys]
    edges = pl.concat([no_edges(), *(frame.select(list(EDGE_SCHEMA)) for frame in found)])
    return (
        edges.sort("confidence", "rule_id", descending=[True, False])
        .unique(["a", "b"], keep="first", maintain_order=True)
        .sort("a", "b")
    )


def _key_sql(table: str, key: ExactKey, never: str | None) -> str:
    columns = ", ".join(key.columns)
    present = " AND ".join(f"{column} IS NOT NULL" for column in key.columns)
    refused = "false" if never is None else f"coalesce({never}, false)"
    return f"""
        WITH held AS (
            SELECT * FROM {table} WHERE {present}
            QUALIFY count(*) OVER (PARTITION BY {columns}) BETWEEN 2 AND {key.most})
        SELECT l.{RECORD}::BIGINT AS a, r.{RECORD}::BIGINT AS b,
               {key.confidence}::DOUBLE AS confidence,
               {_CERTAIN_BITS}::DOUBLE AS weight, '{key.rule_id}' AS rule_id
        FROM held l JOIN held r USING ({columns})
        WHERE l.{RECORD} < r.{RECORD} AND coalesce({key.agree}, false) AND NOT {refused}"""
