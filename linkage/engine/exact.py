"""Links by exact keys, before anything is estimated, and what their checks refused."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from linkage.engine.clusters import components
from linkage.engine.settings import RECORD, ExactKey

EDGE_SCHEMA = {
    "a": pl.Int64(),
    "b": pl.Int64(),
    "confidence": pl.Float64(),
    "weight": pl.Float64(),
    "rule_id": pl.String(),
}
DOUBT_SCHEMA = {
    "rule_id": pl.String(),
    "a": pl.Int64(),
    "b": pl.Int64(),
    "why": pl.String(),
}
DISAGREES = "DISAGREES"
NEVER = "NEVER"
CROWDED = "CROWDED"
# Exact links are weighed before all estimated ones of the same confidence.
_CERTAIN_BITS = 1000.0


@dataclass(frozen=True, kw_only=True)
class ExactLinks:
    """What exact keys say.

    Attributes:
        edges: a, b, confidence, weight, rule_id: the surest link of each pair; ordered.
        doubted: rule_id, a, b, why: pairs that share a key and are not linked by it. Of a value
            that too many hold, the first and the last record stand for all.
    """

    edges: pl.DataFrame
    doubted: pl.DataFrame


def no_edges() -> pl.DataFrame:
    """An empty table of edges."""
    return pl.DataFrame(schema=EDGE_SCHEMA)


def exact_links(
    con: duckdb.DuckDBPyConnection,
    table: str,
    keys: tuple[ExactKey, ...],
    *,
    never: str | None,
    touching: str | None = None,
) -> ExactLinks:
    """Pairs of records that share a key and pass its check.

    Args:
        con: Connection that holds ``table``.
        table: Records, one a row, numbered from 0.
        keys: The keys; a pair found by several keeps the surest.
        never: Condition under which no pair is linked.
        touching: Table with a ``record_id``; only key values that one of its records holds are
            looked at.
    """
    edges, doubted = [no_edges()], [pl.DataFrame(schema=DOUBT_SCHEMA)]
    for key in keys:
        con.execute(f"CREATE OR REPLACE TEMP TABLE shared AS {_shared_sql(table, key, touching)}")
        found: pl.DataFrame = con.sql(_pairs_sql(table, key, never)).pl()
        agreed = found.filter(pl.col("why").is_null())
        crowded = _crowded(agreed, found, most=key.most_people)
        sound = agreed.join(crowded, on="key", how="anti")
        fused = agreed.join(crowded, on="key").with_columns(pl.lit(CROWDED).alias("why"))
        refused = found.filter(pl.col("why").is_not_null())
        placeholder: pl.DataFrame = con.sql(
            f"""SELECT first::BIGINT AS a, last::BIGINT AS b, '{CROWDED}' AS why
                FROM shared WHERE size > {key.most}"""
        ).pl()
        edges.append(
            sound.select(
                "a",
                "b",
                pl.lit(key.confidence).alias("confidence"),
                pl.lit(_CERTAIN_BITS).alias("weight"),
                pl.lit(key.rule_id).alias("rule_id"),
            )
        )
        doubted += [
            part.select(pl.lit(key.rule_id).alias("rule_id"), "a", "b", "why")
            for part in (refused, fused, placeholder)
        ]
    return ExactLinks(
        edges=surest(pl.concat(edges)),
        doubted=pl.concat(doubted).unique().sort("rule_id", "a", "b", "why"),
    )


def surest(edges: pl.DataFrame) -> pl.DataFrame:
    """The surest link of each pair, ordered by pair."""
    return (
        edges.sort("a", "b", "confidence", "rule_id", descending=[False, False, True, False])
        .unique(["a", "b"], keep="first", maintain_order=True)
        .select(list(EDGE_SCHEMA))
    )


def _crowded(agreed: pl.DataFrame, found: pl.DataFrame, *, most: int) -> pl.DataFrame:
    """Key values whose holders fall into more people than one identifier could by mistake.

    One mistyped number makes a second person of it. A number that many unlike people hold is a
    stand-in, and that two of them agree on something says nothing.
    """
    suspects = found.filter(pl.col("why").is_not_null()).select("key").unique()
    holders = pl.concat(
        [found.select("key", pl.col(side).alias(RECORD)) for side in ("a", "b")]
    ).join(suspects, on="key", how="semi")
    # Each holder of each value is a node of its own: a person seen through that value alone.
    nodes = holders.unique().sort("key", RECORD).with_row_index("node")
    at = nodes.select("key", pl.col(RECORD).alias("a"), pl.col("node").cast(pl.Int64()).alias("x"))
    joined = agreed.join(at, on=["key", "a"]).join(at.rename({"a": "b", "x": "y"}), on=["key", "b"])
    people = components(nodes.height, joined.select(pl.col("x").alias("a"), pl.col("y").alias("b")))
    counted = nodes.with_columns(pl.Series("person", people)).group_by("key")
    several = counted.agg(pl.col("person").n_unique().alias("people"))
    return several.filter(pl.col("people") > most).select("key")


def _shared_sql(table: str, key: ExactKey, touching: str | None) -> str:
    """Values that at least two records hold, by a number of theirs, with how many hold them."""
    columns = ", ".join(key.columns)
    present = " AND ".join(f"{column} IS NOT NULL" for column in key.columns)
    value = f"hash({columns})"
    among = ""
    if touching is not None:
        among = f"""AND {value} IN (
            SELECT {value} FROM {table} JOIN {touching} USING ({RECORD}) WHERE {present})"""
    return f"""
        SELECT {value} AS key, count(*) AS size, min({RECORD}) AS first, max({RECORD}) AS last
        FROM {table} WHERE {present} {among} GROUP BY ALL HAVING count(*) > 1"""


def _pairs_sql(table: str, key: ExactKey, never: str | None) -> str:
    columns = ", ".join(key.columns)
    present = " AND ".join(f"{column} IS NOT NULL" for column in key.columns)
    same = " AND ".join(f"l.{column} = r.{column}" for column in key.columns)
    refused = "false" if never is None else f"coalesce({never}, false)"
    return f"""
        WITH held AS (
            SELECT t.*, s.key FROM (SELECT *, hash({columns}) AS key FROM {table} WHERE {present}) t
            JOIN shared s USING (key) WHERE s.size <= {key.most})
        SELECT l.key, l.{RECORD}::BIGINT AS a, r.{RECORD}::BIGINT AS b,
               CASE WHEN NOT coalesce({key.agree}, false) THEN '{DISAGREES}'
                    WHEN {refused} THEN '{NEVER}' END AS why
        FROM held l JOIN held r USING (key)
        WHERE l.{RECORD} < r.{RECORD} AND {same}"""
