"""The next month: only what is new or gone is looked at, everything else is carried over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import polars as pl

from linkage.engine.clusters import Ints
from linkage.engine.exact import CROWDED, ExactLinks, exact_links, surest
from linkage.engine.link import inside, merged, scope_of, silent, with_decided
from linkage.engine.records import holding, in_order, places
from linkage.engine.resolve import Bools, resolve
from linkage.engine.result import CLERICAL, DECIDED_SCHEMA, Linkage
from linkage.engine.settings import RECORD, LinkSettings
from linkage.engine.thresholds import quality
from linkage.engine.weighing import also_stand, stand, weigh

Progress = Callable[[str], None]


def link_more(
    previous: Linkage,
    records: pl.DataFrame,
    settings: LinkSettings,
    *,
    threads: int = 2,
    progress: Progress | None = None,
    decided: pl.DataFrame | None = None,
    memory: str = "2GB",
) -> Linkage:
    """The linkage of the next month, from that of the last.

    Agreement, thresholds and the frequencies of names are those of ``previous``. Only pairs with a
    new record are weighed, or with a record of a group of exact keys that a new or a gone record
    belongs to, and only components that such a record touches are worked out again, under the same
    rules. Two things a full linkage sees that this one does not: a key value or a block that a gone
    record left less crowded, and agreement that has drifted; :func:`differences` lists what comes
    of it.

    Args:
        previous: From :func:`link_records` or this function, without links of the caller's own.
        records: All records of the new month. A record that has changed has a new number.
        settings: The same settings.
        threads: Threads for finding and scoring pairs.
        progress: Told of each stage.
        decided: All that people have decided of pairs: a, b, same. None keeps what was decided.
        memory: As in :func:`link_records`.

    Raises:
        ValueError: If a record has no number of its own.
    """
    tell = progress or silent
    ordered, numbers = in_order(records)
    told = _told(previous, decided, numbers)
    with holding(ordered, threads, memory) as con:
        tell("Linking new records by exact keys")
        old = _Carried.of(previous, numbers, told, settings)
        exact = _exact(con, old, settings)
        known = _known(old, exact, told)
        ends = _ends(exact.edges, exact.doubted.filter(pl.col("why") == CROWDED))
        nodes = scope_of(numbers, known, np.concatenate([old.touched, ends]))
        grouped = resolve(con, nodes, inside(known, nodes), settings, decided=told)
        tell("Weighing pairs with new records")
        standing = _standing(con, old, nodes, grouped.labels, settings)
        found = weigh(con, settings, previous.model, frozen=True, decided=told)
        tell("Putting linked records together")
        kept = old.estimated.filter(pl.Series(~_any_end(old.estimated, nodes)))
        offered = pl.concat([known, kept, found.edges])
        lost = old.estimated.filter(pl.Series(_any_end(old.estimated, nodes)))
        touched = np.concatenate([nodes, old.touched, _ends(found.edges, lost)])
        scope = scope_of(numbers, offered, touched)
        inner = inside(offered, scope)
        groups = standing["grp"].to_numpy()[places(scope, numbers)]
        resolved = resolve(con, scope, inner, settings, decided=told, groups=groups)
    carried = _without(previous, old.gone)
    return replace(
        merged(carried, resolved, inner),
        decided=told,
        standing=standing,
        near=_renewed(carried.near, found.near, nodes).sort("a", "b"),
        doubted=_renewed(carried.doubted, exact.doubted, nodes).sort("rule_id", "a", "b", "why"),
        quality=quality(found.model, found.counts, settings, exact.edges),
        blocks=found.blocks,
        pairs_scored=found.pairs,
    )


def differences(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """Records that are not with the same others in two linkages.

    Only records that both know are compared.

    Args:
        before: ``links`` of one linkage.
        after: ``links`` of the other.

    Returns:
        record_id, before and after (the clusters), mates_before, mates_after (how many others both
        linkages know there); ordered.
    """
    both = (
        before.select(RECORD, pl.col("cluster").alias("before"))
        .join(after.select(RECORD, pl.col("cluster").alias("after")), on=RECORD)
        .sort(RECORD)
    )
    size = {name: pl.len().over(key).cast(pl.Int64()) - 1 for name, key in _MATES.items()}
    counted = both.with_columns(**size)
    together = pl.col("mates_both")
    return counted.filter(
        (pl.col("mates_before") != together) | (pl.col("mates_after") != together)
    ).drop("mates_both")


_MATES = {
    "mates_before": ["before"],
    "mates_after": ["after"],
    "mates_both": ["before", "after"],
}


@dataclass(frozen=True, kw_only=True)
class _Carried:
    """What of the last month is still there.

    Attributes:
        exact: Links by keys between records that are still there.
        estimated: Likewise, links by probability.
        standing: Of records that are still there.
        fresh: Records that were not there, in order.
        gone: Records that are no longer there, in order.
        touched: Records that are fresh, lost a neighbour, or were decided on anew.
    """

    exact: pl.DataFrame
    estimated: pl.DataFrame
    standing: pl.DataFrame
    fresh: Ints
    gone: Ints
    touched: Ints

    @classmethod
    def of(
        cls, previous: Linkage, numbers: Ints, told: pl.DataFrame, settings: LinkSettings
    ) -> _Carried:
        known = previous.standing[RECORD].to_numpy()
        here = places(known, numbers) >= 0
        fresh, gone = numbers[places(numbers, known) < 0], known[~here]
        offered = pl.concat([previous.edges, previous.refused])
        alive = [places(offered[side], gone) < 0 for side in ("a", "b")]
        bereft = [
            offered.filter(pl.Series(alive[one] & ~alive[1 - one]))[side].to_numpy()
            for one, side in ((0, "a"), (1, "b"))
        ]
        changed = pl.concat([told, previous.decided]).unique(keep="none")
        survive = offered.filter(pl.Series(alive[0] & alive[1]))
        by_person = pl.col("rule_id") == CLERICAL
        by_chance = pl.col("rule_id") == settings.rule_id
        return cls(
            exact=survive.filter(~by_person & ~by_chance),
            estimated=survive.filter(by_chance),
            standing=previous.standing.filter(pl.Series(here)),
            fresh=fresh,
            gone=gone,
            touched=np.concatenate([fresh, *bereft, _ends(changed)]),
        )


def _told(previous: Linkage, decided: pl.DataFrame | None, numbers: Ints) -> pl.DataFrame:
    """What people decided of records that are there, one row a pair."""
    told = previous.decided if decided is None else decided.select(list(DECIDED_SCHEMA))
    low, high = pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b")
    told = told.select(low.alias("a"), high.alias("b"), "same")
    there = (places(told["a"], numbers) >= 0) & (places(told["b"], numbers) >= 0)
    return told.filter(pl.Series(there)).unique(["a", "b"], keep="last").sort("a", "b")


def _exact(con: duckdb.DuckDBPyConnection, old: _Carried, settings: LinkSettings) -> ExactLinks:
    """Links among the records that hold a key value of a fresh one."""
    con.register("fresh", pl.DataFrame({RECORD: old.fresh}).to_arrow())
    found = exact_links(con, "records", settings.keys, never=settings.never, touching="fresh")
    con.unregister("fresh")
    return found


def _known(old: _Carried, exact: ExactLinks, told: pl.DataFrame) -> pl.DataFrame:
    """All links by keys and by people, the last month's where nothing touched them."""
    crowded = exact.doubted.filter(pl.col("why") == CROWDED)
    still = old.exact.join(crowded, on=["a", "b", "rule_id"], how="anti")
    again = still.join(exact.edges, on=["a", "b"], how="semi")
    others = still.join(exact.edges, on=["a", "b"], how="anti")
    return with_decided(pl.concat([others, surest(pl.concat([again, exact.edges]))]), told)


def _standing(
    con: duckdb.DuckDBPyConnection, old: _Carried, nodes: Ints, labels: Ints, settings: LinkSettings
) -> pl.DataFrame:
    """Make ``standing`` of the worked-out groups and the others; all records with their groups."""
    stands = stand(con, nodes, labels, settings)
    others = old.standing.filter(pl.Series(places(old.standing[RECORD], nodes) < 0))
    also_stand(con, others.filter("stands").select(RECORD, "grp"), settings)
    worked_out = pl.DataFrame({RECORD: nodes, "grp": labels, "stands": places(nodes, stands) >= 0})
    return pl.concat([others, worked_out]).sort(RECORD)


def _without(previous: Linkage, gone: Ints) -> Linkage:
    """The last month's tables without the records that are gone."""

    def alive(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(pl.Series(~_any_end(frame, gone)))

    links = previous.links.filter(pl.Series(places(previous.links[RECORD], gone) < 0))
    return replace(
        previous,
        links=links,
        edges=alive(previous.edges),
        refused=alive(previous.refused),
        apart=alive(previous.apart),
        near=alive(previous.near),
        doubted=alive(previous.doubted),
    )


def _renewed(before: pl.DataFrame, now: pl.DataFrame, nodes: Ints) -> pl.DataFrame:
    """Pairs as they were, but those of worked-out records as they are now."""
    kept = before.filter(pl.Series(~_any_end(before, nodes)))
    return pl.concat([kept, now]).unique(maintain_order=True)


def _any_end(edges: pl.DataFrame, nodes: Ints) -> Bools:
    found: Bools = (places(edges["a"], nodes) >= 0) | (places(edges["b"], nodes) >= 0)
    return found


def _ends(*edges: pl.DataFrame) -> Ints:
    return np.concatenate([frame[side].to_numpy() for frame in edges for side in ("a", "b")])
