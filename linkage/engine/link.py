"""A whole linkage: exact keys, then probability on what they left open, then clusters."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl

from linkage.engine.clusters import Ints, components
from linkage.engine.exact import EDGE_SCHEMA, ExactLinks, exact_links, surest
from linkage.engine.model import FittedModel
from linkage.engine.ordered import renewed
from linkage.engine.records import both, connected, in_order, numbers_of, places
from linkage.engine.resolve import Resolved, held_by, resolve
from linkage.engine.result import ALONE, CLERICAL, DECIDED_SCHEMA, Linkage
from linkage.engine.runs import Bools
from linkage.engine.settings import RECORD, LinkSettings
from linkage.engine.sharing import Sharing
from linkage.engine.thresholds import quality
from linkage.engine.training import fit
from linkage.engine.weighing import Open, stand, standing_of, weigh

__all__ = ["ALONE", "Linkage", "link_records", "with_more_links"]

logger = logging.getLogger(__name__)
Progress = Callable[[str], None]
_CERTAIN_BITS = 2000.0


def link_records(
    records: pl.DataFrame,
    settings: LinkSettings,
    *,
    seed: int,
    threads: int = 2,
    progress: Progress | None = None,
    model: FittedModel | None = None,
    decided: pl.DataFrame | None = None,
    memory: str = "2GB",
) -> Linkage:
    """Which records are the same person.

    The result depends on the records, the settings, the seed, the model and the decisions only,
    not on the number of threads.

    Args:
        records: ``record_id`` (any whole number, each once) and the columns that the settings name.
        settings: What is compared, and how.
        seed: Of the sampling in the estimation.
        threads: Threads for finding and scoring pairs.
        progress: Told of each stage.
        model: Agreement to go by, of an earlier run; None to learn it from these records.
        decided: What people decided of pairs: a, b (record ids) and same.
        memory: The most that the queries may hold, such as ``2GB``; the rest goes to disk.

    Raises:
        ValueError: If a record has no number of its own.
    """
    tell = progress or silent
    ordered, numbers = numbers_of(records)
    every = np.arange(len(numbers), dtype=np.int64)
    told = _in_order(decided, numbers)
    shared = Sharing(ordered, every)
    with connected(threads, memory) as con:
        tell("Linking records by exact keys")
        exact = exact_links(con, shared, settings.keys, never=settings.never)
        known = with_decided(exact.edges, told)
        groups = resolve(con, shared, every, known, settings, decided=told).heads
        tell("Learning how records of one person agree")
        learnt = model or fit(shared, settings, seed=seed, memory=memory)
        tell("Weighing pairs of records")
        stands = stand(shared, every, groups, settings)
        standing = standing_of(len(numbers), (every[stands], groups[stands]))
        frozen = model is not None
        found = weigh(con, shared, standing, settings, learnt, frozen=frozen, decided=told)
        tell("Putting linked records together")
        offered = pl.concat([known, found.edges])
        resolved = resolve(con, shared, every, offered, settings, decided=told, groups=groups)
    return _made(
        resolved,
        offered,
        exact=ExactLinks(edges=known, doubted=exact.doubted),
        found=found,
        standing=_standing(resolved, groups, stands),
        told=told,
        settings=settings,
        numbers=numbers,
    )


def with_more_links(
    linkage: Linkage,
    more: pl.DataFrame,
    records: pl.DataFrame,
    settings: LinkSettings,
    *,
    threads: int = 2,
    memory: str = "2GB",
) -> Linkage:
    """The linkage again, with links that the caller found by rules of its own.

    Only components that one of the links touches are worked out again.

    Args:
        linkage: From :func:`link_records`.
        more: Columns a, b, confidence, weight, rule_id.
        records: The same records.
        settings: The same settings.
        threads: Threads for looking at pairs.
        memory: As in :func:`link_records`.
    """
    if more.is_empty():
        return linkage
    offered = pl.concat([linkage.offered, more.select(list(EDGE_SCHEMA))])
    numbers = linkage.links[RECORD].to_numpy().astype(np.int64)
    ends = np.concatenate([more["a"].to_numpy(), more["b"].to_numpy()])
    within = scope_of(numbers, offered, ends)
    scope = numbers[within]
    held = records.filter(pl.col(RECORD).is_in(pl.Series(scope).implode()))
    inner = inside(offered, scope)
    standing = linkage.standing.filter(pl.Series(within)).drop("part")
    groups = standing["grp"].to_numpy()
    decided = linkage.decided
    with connected(threads, memory) as con:
        shared = Sharing(*in_order(held))
        every = np.arange(len(scope))
        resolved = resolve(con, shared, every, inner, settings, decided=decided, groups=groups)
    return merged(linkage, resolved, inner, standing=standing)


def scope_of(numbers: Ints, edges: pl.DataFrame, touched: Ints) -> Bools:
    """Which records are of a component that holds one of the touched records.

    Args:
        numbers: All record numbers, in order.
        edges: Columns a, b.
        touched: Record numbers; those that are no longer there are passed over.
    """
    inner = edges.select(pl.Series(side, places(edges[side], numbers)) for side in ("a", "b"))
    parts = components(len(numbers), inner)
    at = places(touched, numbers)
    wanted = np.zeros(len(numbers), dtype=bool)
    wanted[parts[at[at >= 0]]] = True
    found: Bools = wanted[parts]
    return found


def inside(edges: pl.DataFrame, nodes: Ints) -> pl.DataFrame:
    """Edges with an end among the nodes."""
    return edges.filter(pl.Series(places(edges["a"], nodes) >= 0))


def merged(
    linkage: Linkage,
    resolved: Resolved,
    inner: pl.DataFrame,
    *,
    standing: pl.DataFrame,
    gone: Ints | None = None,
) -> Linkage:
    """The linkage with some components worked out anew.

    Args:
        linkage: Before; it may lack records that the resolved have.
        resolved: Whole components.
        inner: All links that are good enough among the resolved records.
        standing: record_id, grp and stands of the resolved records, in order.
        gone: Records of these components that are no longer there.
    """
    stale = resolved.nodes if gone is None else both(resolved.nodes, gone)
    kept = pl.Series(resolved.kept)
    # Both tables hold every record, in order.
    standing = standing.with_columns(pl.Series("part", resolved.parts)).drop(RECORD)
    links = held_by(resolved, inner)
    before = pl.concat([linkage.links, linkage.standing.drop(RECORD)], how="horizontal")
    now = pl.concat([links, standing], how="horizontal")
    records = renewed(before, now, [RECORD], stale=stale)
    order = ["a", "b", "rule_id"]
    return replace(
        linkage,
        links=records.select(links.columns),
        edges=renewed(linkage.edges, inner.filter(kept), order, stale=stale),
        refused=renewed(linkage.refused, inner.filter(~kept), order, stale=stale),
        apart=renewed(linkage.apart, resolved.apart, ["a", "b"], stale=stale),
        standing=records.select(RECORD, *standing.columns),
        touched=pl.Series(RECORD, resolved.nodes),
    )


def with_decided(known: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Exact links, and what people held to be one person before them."""
    same = told.filter("same").select(
        "a",
        "b",
        pl.lit(1.0).alias("confidence"),
        pl.lit(_CERTAIN_BITS).alias("weight"),
        pl.lit(CLERICAL).alias("rule_id"),
    )
    return surest(pl.concat([known, same])) if same.height else known


def silent(_: str) -> None:
    """Progress that nobody asked for."""


def _in_order(decided: pl.DataFrame | None, numbers: Ints) -> pl.DataFrame:
    """Decisions by place of the records; those of records that are no longer there are left out."""
    if decided is None or decided.is_empty():
        return pl.DataFrame(schema=DECIDED_SCHEMA)
    a, b = (places(decided[side], numbers) for side in ("a", "b"))
    found = pl.DataFrame({"a": np.minimum(a, b), "b": np.maximum(a, b), "same": decided["same"]})
    return found.filter(pl.col("a") >= 0).unique(["a", "b"], keep="last").sort("a", "b")


def _standing(resolved: Resolved, groups: Ints, stands: Bools) -> pl.DataFrame:
    """As in :class:`Linkage`, by place of the records."""
    found = {RECORD: resolved.nodes, "grp": groups, "stands": stands, "part": resolved.parts}
    return pl.DataFrame(found)


def _made(
    resolved: Resolved,
    offered: pl.DataFrame,
    *,
    exact: ExactLinks,
    found: Open,
    standing: pl.DataFrame,
    told: pl.DataFrame,
    settings: LinkSettings,
    numbers: Ints,
) -> Linkage:
    links = held_by(resolved, offered)
    offered = offered.with_columns(pl.Series("kept", resolved.kept)).sort("a", "b", "rule_id")
    kept, refused = (offered.filter(one).drop("kept") for one in (pl.col("kept"), ~pl.col("kept")))
    logger.info(
        "Linkage: %d records, %d links, %d pairs weighed, %d people.",
        len(numbers),
        kept.height,
        found.pairs,
        links["cluster"].n_unique(),
    )
    return Linkage(
        links=named(links, numbers, RECORD, "cluster"),
        edges=named(kept, numbers, "a", "b"),
        refused=named(refused, numbers, "a", "b"),
        apart=named(resolved.apart, numbers, "a", "b"),
        decided=named(told, numbers, "a", "b"),
        standing=named(standing, numbers, RECORD, "grp", "part"),
        near=named(found.near, numbers, "a", "b"),
        doubted=named(exact.doubted, numbers, "a", "b"),
        quality=quality(found.model, found.counts, settings, exact.edges),
        blocks=found.blocks,
        model=found.model,
        pairs_scored=found.pairs,
        touched=pl.Series(RECORD, numbers),
    )


def named(frame: pl.DataFrame, numbers: Ints, *columns: str) -> pl.DataFrame:
    """The frame with places turned into the numbers that the records have."""
    return frame.with_columns(pl.Series(column, numbers[frame[column]]) for column in columns)
