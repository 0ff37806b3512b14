"""Which links stand: clusters without two records that can not be one person."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from linkage.engine.asking import asked
from linkage.engine.clusters import Ints, Support, cluster, components
from linkage.engine.records import places
from linkage.engine.result import ALONE, PAIR_SCHEMA
from linkage.engine.runs import Bools, Runs
from linkage.engine.settings import RECORD, LinkSettings
from linkage.engine.sharing import Sharing


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """Clusters of some of the records.

    Attributes:
        nodes: The records, in order.
        heads: For each the place among them of the smallest record of its cluster.
        parts: For each the smallest record that links, kept or refused, lead to.
        apart: Pairs in one component that were kept apart: a, b.
        ends: Places among the nodes of the two ends of each link that was offered.
        kept: Whether the two ends of each are in one cluster.
    """

    nodes: Ints
    heads: Ints
    parts: Ints
    apart: pl.DataFrame
    ends: tuple[Ints, Ints]
    kept: Bools

    @property
    def labels(self) -> Ints:
        """For each record the smallest of its cluster."""
        return self.nodes[self.heads]


def resolve(
    con: duckdb.DuckDBPyConnection,
    shared: Sharing,
    at: Ints,
    edges: pl.DataFrame,
    settings: LinkSettings,
    *,
    decided: pl.DataFrame,
    groups: Ints | None = None,
) -> Resolved:
    """Join nodes along edges, surest first, never two that may not be one person.

    So where a chain of links would hold two records that are kept apart, it is parted at the
    weakest of its links.

    Args:
        con: Any connection.
        shared: The records.
        at: Places of those that are joined, in order; every edge lies among them.
        edges: Columns a, b, confidence, weight, rule_id.
        settings: Who may not be one person.
        decided: Columns a, b, same: what people decided, which goes before the settings.
        groups: The group that exact keys made of each node, where estimated links need company.
    """
    nodes = shared.numbers[at]
    ends = places(edges["a"], nodes), places(edges["b"], nodes)
    inner = edges.with_columns(pl.Series("a", ends[0]), pl.Series("b", ends[1]))
    parts = components(len(nodes), inner)
    told = decided.filter(pl.Series(_among(decided, nodes)))
    whole = _whole(inner, parts, settings)
    apart = _kept_apart(con, shared, at, parts, settings, whole=whole)
    apart = pl.concat([apart, told.filter(~pl.col("same")).select(list(PAIR_SCHEMA))])
    apart = apart.join(told.filter("same"), on=["a", "b"], how="anti").unique().sort("a", "b")
    foes = apart.with_columns(pl.Series(side, places(apart[side], nodes)) for side in ("a", "b"))
    within = parts[foes["a"].to_numpy()] == parts[foes["b"].to_numpy()]
    support = None
    if groups is not None and settings.company:
        support = Support(groups=groups, estimated=edges["rule_id"] == settings.rule_id)
    heads = cluster(len(nodes), inner, foes, support=support, parts=parts)
    return Resolved(
        nodes=nodes,
        heads=heads,
        parts=nodes[parts],
        apart=apart.filter(pl.Series(within)),
        ends=ends,
        kept=heads[ends[0]] == heads[ends[1]],
    )


def _among(pairs: pl.DataFrame, nodes: Ints) -> Bools:
    found: Bools = (places(pairs["a"], nodes) >= 0) & (places(pairs["b"], nodes) >= 0)
    return found


def _whole(edges: pl.DataFrame, parts: Ints, settings: LinkSettings) -> Bools:
    """For each node whether every two of its component are linked by keys or by probability.

    Such links were only made where ``settings.never`` did not speak, so it need not be asked again.
    """
    rules = [*(key.rule_id for key in settings.keys), settings.rule_id]
    vetted = edges.filter(pl.col("rule_id").is_in(rules))
    # One number for each pair, so that a pair of two rules is counted once.
    pairs = np.sort(vetted["a"].to_numpy() * len(parts) + vetted["b"].to_numpy())
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    links = np.bincount(parts[pairs // max(len(parts), 1)], minlength=len(parts))
    sizes = np.bincount(parts, minlength=len(parts))
    found: Bools = (links == sizes * (sizes - 1) // 2)[parts]
    return found


def _kept_apart(
    con: duckdb.DuckDBPyConnection,
    shared: Sharing,
    at: Ints,
    parts: Ints,
    settings: LinkSettings,
    *,
    whole: Bools,
) -> pl.DataFrame:
    """Pairs inside one component that may not be one person."""
    runs = Runs.labelled(parts)
    vetted = whole[runs.held[runs.starts]]
    found = [pl.DataFrame(schema=PAIR_SCHEMA)]
    never, apart = (
        f"coalesce({one or 'false'}, false)" for one in (settings.never, settings.apart)
    )
    for some, said in ((vetted, apart), (~vetted, f"{apart} OR {never}")):
        if (said == apart and settings.apart is None) or not some.any():
            continue
        _, one, other = runs.kept(some).all_pairs()
        query = f"SELECT n FROM pairs WHERE {said}"
        these = asked(con, shared.ordered, (at[one], at[other]), query)["n"].to_numpy()
        ends = (shared.numbers[at[end[these]]] for end in (one, other))
        found.append(pl.DataFrame(dict(zip(PAIR_SCHEMA, ends, strict=True))))
    return pl.concat(found).sort("a", "b")


def held_by(resolved: Resolved, edges: pl.DataFrame) -> pl.DataFrame:
    """``links`` of the resolved records: record_id, cluster, confidence, rule_id.

    Args:
        resolved: Clusters.
        edges: The links that they were made of, as they were offered.
    """
    order = ["confidence", "weight", "rule_id"]
    ranked = (
        edges.select(*order, pl.int_range(pl.len()).alias("at"))
        .filter(pl.Series(resolved.kept))
        .sort(order, descending=[True, True, False])
    )
    at = ranked["at"].to_numpy()
    best = np.full(len(resolved.nodes), ranked.height, dtype=np.int64)
    for end in resolved.ends:
        np.minimum.at(best, end[at], np.arange(ranked.height))
    # What a record without a link holds comes last.
    alone = pl.DataFrame({"confidence": [1.0], "rule_id": [ALONE]})
    held = pl.concat([ranked.select("confidence", "rule_id"), alone])[best]
    return pl.DataFrame(
        {RECORD: resolved.nodes, "cluster": resolved.labels, **held.to_dict(as_series=True)}
    )
