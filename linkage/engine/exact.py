"""Links by exact keys, before anything is estimated, and what their checks refused."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from linkage.engine.asking import asked
from linkage.engine.clusters import components
from linkage.engine.runs import Bools, Ints, Runs
from linkage.engine.settings import RECORD, ExactKey
from linkage.engine.sharing import Sharing

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
    shared: Sharing,
    keys: tuple[ExactKey, ...],
    *,
    never: str | None,
    among: Ints | None = None,
    touching: Ints | None = None,
) -> ExactLinks:
    """Pairs of records that share a key and pass its check.

    Args:
        con: Any connection.
        shared: The records.
        keys: The keys; a pair found by several keeps the surest.
        never: Condition under which no pair is linked.
        among: Places of the records that are looked at; None for all.
        touching: Places; only key values that one of these records holds are looked at.
    """
    marked = None
    if touching is not None:
        marked = np.zeros(len(shared.numbers), dtype=bool)
        marked[touching] = True
    links, doubted = [], [pl.DataFrame(schema=DOUBT_SCHEMA)]
    # The surest first, so that it is met first of those that find a pair.
    for key in sorted(keys, key=lambda key: (-key.confidence, key.rule_id)):
        runs = shared.runs(key.columns, among)
        if marked is not None:
            runs = runs.kept(runs.having(marked))
        found = _asked(con, shared, key, runs.kept(runs.sizes <= key.most), never)
        agreed = found.filter(pl.col("why").is_null())
        refused = found.filter(pl.col("why").is_not_null())
        crowded = pl.Series(_crowded(agreed, refused, most=key.most_people))
        links.append((key, agreed.filter(~crowded)))
        fused = agreed.filter(crowded).with_columns(pl.lit(CROWDED).alias("why"))
        doubted += [
            part.select(pl.lit(key.rule_id).alias("rule_id"), *_named(part, shared.numbers), "why")
            for part in (refused, fused, _placeholders(runs.kept(runs.sizes > key.most)))
        ]
    return ExactLinks(
        edges=_surest_of(links, shared.numbers),
        doubted=pl.concat(doubted).unique().sort("rule_id", "a", "b", "why"),
    )


def _asked(
    con: duckdb.DuckDBPyConnection, shared: Sharing, key: ExactKey, runs: Runs, never: str | None
) -> pl.DataFrame:
    """key, a, b (places) and why: all pairs that share a value, and why they are not linked."""
    value, a, b = runs.all_pairs()
    same = " AND ".join(f"l.{column} = r.{column}" for column in key.columns)
    refused = "false" if never is None else f"coalesce({never}, false)"
    said = asked(
        con,
        shared.ordered,
        (a, b),
        f"""SELECT n, CASE WHEN NOT coalesce({key.agree}, false) THEN '{DISAGREES}'
                           WHEN {refused} THEN '{NEVER}' END AS why
            FROM pairs WHERE {same}""",
    )
    at = said["n"].to_numpy()
    return pl.DataFrame({"key": value[at], "a": a[at], "b": b[at], "why": said["why"]})


def _placeholders(runs: Runs) -> pl.DataFrame:
    """The first and the last record of values that too many hold."""
    last = runs.starts + runs.sizes - 1
    found = pl.DataFrame({"a": runs.held[runs.starts], "b": runs.held[last]})
    return found.with_columns(pl.lit(CROWDED).alias("why"))


def _named(pairs: pl.DataFrame, numbers: Ints) -> list[pl.Series]:
    return [pl.Series(side, numbers[pairs[side].to_numpy()]) for side in ("a", "b")]


def _surest_of(links: list[tuple[ExactKey, pl.DataFrame]], numbers: Ints) -> pl.DataFrame:
    """Edges of keys, the surest key first: each pair once, by the first that found it."""
    if not links:
        return no_edges()
    keys, count = len(links), len(numbers)
    packed = np.concatenate(
        [
            (found["a"].to_numpy() * count + found["b"].to_numpy()) * keys + rank
            for rank, (_, found) in enumerate(links)
        ]
    )
    packed.sort()
    pair, rank = np.divmod(packed, keys)
    once = np.diff(pair, prepend=-1) > 0
    a, b = np.divmod(pair[once], max(count, 1))
    said = pl.DataFrame(
        [(key.confidence, _CERTAIN_BITS, key.rule_id) for key, _ in links],
        schema={name: EDGE_SCHEMA[name] for name in ("confidence", "weight", "rule_id")},
        orient="row",
    )
    ends = pl.DataFrame({"a": numbers[a], "b": numbers[b]})
    return pl.concat([ends, said[rank[once]]], how="horizontal")


def surest(edges: pl.DataFrame) -> pl.DataFrame:
    """The surest link of each pair, ordered by pair."""
    return (
        edges.sort("a", "b", "confidence", "rule_id", descending=[False, False, True, False])
        .unique(["a", "b"], keep="first", maintain_order=True)
        .select(list(EDGE_SCHEMA))
    )


def _crowded(agreed: pl.DataFrame, refused: pl.DataFrame, *, most: int) -> Bools:
    """Which agreed pairs share a value that more people hold than one identifier could by mistake.

    One mistyped number makes a second person of it. A number that many unlike people hold is a
    stand-in, and that two of them agree on something says nothing.
    """
    keys = agreed["key"].to_numpy()
    count = 1 + max(
        [0, *(int(part["key"].to_numpy().max()) for part in (agreed, refused) if part.height)]
    )
    suspect = np.zeros(count, dtype=bool)
    suspect[refused["key"].to_numpy()] = True
    joining = agreed.filter(pl.Series(suspect[keys]))
    holders = pl.concat(
        [part.select("key", pl.col(side).alias(RECORD)) for part in (joining, refused)
         for side in ("a", "b")]
    )  # fmt: skip
    # Each holder of each value is a node of its own: a person seen through that value alone.
    nodes = holders.unique().sort("key", RECORD).with_row_index("node")
    at = nodes.select("key", pl.col(RECORD).alias("a"), pl.col("node").cast(pl.Int64()).alias("x"))
    joined = joining.join(at, on=["key", "a"]).join(
        at.rename({"a": "b", "x": "y"}), on=["key", "b"]
    )
    people = components(nodes.height, joined.select(pl.col("x").alias("a"), pl.col("y").alias("b")))
    counted = nodes.with_columns(pl.Series("person", people)).group_by("key")
    several = counted.agg(pl.col("person").n_unique().alias("people"))
    crowded = np.zeros(count, dtype=bool)
    crowded[several.filter(pl.col("people") > most)["key"].to_numpy()] = True
    found: Bools = crowded[keys]
    return found
