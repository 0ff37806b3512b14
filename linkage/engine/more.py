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
from linkage.engine.ordered import rows_among, rows_of
from linkage.engine.records import (
    apart,
    both,
    connected,
    in_order,
    places,
    without,
)
from linkage.engine.resolve import resolve
from linkage.engine.result import CLERICAL, DECIDED_SCHEMA, Linkage
from linkage.engine.settings import RECORD, LinkSettings
from linkage.engine.settled import settled_in, standing_now, still_near, within
from linkage.engine.sharing import Sharing
from linkage.engine.thresholds import quality
from linkage.engine.weighing import stand, standing_of, weigh

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
    shared = Sharing(ordered, numbers)
    news = _News.of(previous, shared, told, settings)
    with connected(threads, memory) as con:
        tell("Linking new records by exact keys")
        exact = _exact(con, shared, news, settings)
        known = _known(news, exact, told)
        crowded = exact.doubted.filter(pl.col("why") == CROWDED)
        ends = _ends(exact.edges, crowded, news.changed)
        nodes = scope_of(news.near, known, np.concatenate([news.fresh, news.bereft, ends]))
        grouped = resolve(con, shared, nodes, inside(known, nodes), settings, decided=told)
        tell("Weighing pairs with new records")
        stands = stand(shared, nodes, grouped.labels, settings)
        now = pl.DataFrame(
            {RECORD: nodes, "grp": grouped.labels, "stands": places(nodes, stands) >= 0}
        )
        settled = settled_in(previous, now)
        anew = without(stands, settled)
        sharing = shared.by(places(anew, numbers), settings.blocks)
        met = np.zeros(len(numbers), dtype=bool)
        for at in sharing:
            met[at] = True
        met[places(nodes, numbers)] = False
        before = rows_of(previous.standing, numbers[met]).drop("part").filter("stands")
        others = pl.concat([before, rows_of(now, settled)]).sort(RECORD)
        standing = standing_of(shared, anew, others, nodes, grouped.labels, sharing=sharing)
        model = previous.model
        found = weigh(con, shared, standing, settings, model, frozen=True, decided=told)
        tell("Putting linked records together")
        near = news.wider(previous, _ends(found.edges))
        kept = still_near(news.estimated, now, settled)
        beyond = _among(previous, without(near, news.near))
        inner = pl.concat([known, kept, beyond, found.edges])
        place = standing_now(previous, near, now)
        groups = place["grp"].to_numpy()
        resolved = resolve(con, shared, near, inner, settings, decided=told, groups=groups)
    stale = both(nodes, news.gone)
    looked_at = still_near(previous.near, now, settled)
    return replace(
        merged(previous, resolved, inner, standing=place, gone=news.gone),
        decided=told,
        near=_renewed(looked_at, found.near, news.gone).sort("a", "b"),
        doubted=_renewed(previous.doubted, exact.doubted, stale).sort("rule_id", "a", "b", "why"),
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
class _News:
    """What is new or gone, and what of the last month is near.

    Attributes:
        fresh: Records that were not there, in order.
        gone: Records that are no longer there, in order.
        parts: Components of the last month that a fresh or gone record, a key that one shares, or
            a new decision touches.
        near: All records of those, and the fresh ones, in order.
        exact: Links by keys among them, of the last month.
        estimated: Likewise, links by probability.
        bereft: Those that a gone record was linked to.
        changed: Decisions that are new or withdrawn.
    """

    fresh: Ints
    gone: Ints
    parts: Ints
    near: Ints
    exact: pl.DataFrame
    estimated: pl.DataFrame
    bereft: Ints
    changed: pl.DataFrame

    @classmethod
    def of(
        cls,
        previous: Linkage,
        shared: Sharing,
        told: pl.DataFrame,
        settings: LinkSettings,
    ) -> _News:
        known = previous.standing[RECORD].to_numpy()
        fresh, gone = apart(shared.numbers, known)
        mates = shared.by(places(fresh, shared.numbers), [key.columns for key in settings.keys])
        changed = pl.concat([told, previous.decided]).unique(keep="none")
        touched = np.concatenate([gone, *(shared.numbers[at] for at in mates), _ends(changed)])
        parts = _parts_of(previous, touched)
        held = previous.standing.filter(within("part", parts))[RECORD].to_numpy()
        offered = _among(previous, held)
        lost = offered.filter(within("a", gone) | within("b", gone))
        alive = offered.filter(~within("a", gone) & ~within("b", gone))
        by_chance = pl.col("rule_id") == settings.rule_id
        return cls(
            fresh=fresh,
            gone=gone,
            parts=parts,
            near=both(without(held, gone), fresh),
            exact=alive.filter(~by_chance & (pl.col("rule_id") != CLERICAL)),
            estimated=alive.filter(by_chance),
            bereft=without(_ends(lost), gone),
            changed=changed,
        )

    def wider(self, previous: Linkage, touched: Ints) -> Ints:
        """``near``, and every component that one of the records belongs to."""
        parts = both(self.parts, _parts_of(previous, touched))
        held = previous.standing.filter(within("part", parts))[RECORD].to_numpy()
        return both(without(held, self.gone), self.fresh)


def _among(previous: Linkage, nodes: Ints) -> pl.DataFrame:
    """Links, kept or refused, whose first end, and so the other too, is among whole components."""
    return pl.concat(
        [
            part.filter(pl.Series(rows_among(part, "a", nodes)))
            for part in (previous.edges, previous.refused)
        ]
    )


def _parts_of(previous: Linkage, touched: Ints) -> Ints:
    found = rows_of(previous.standing, np.unique(touched))["part"].unique().sort()
    return found.to_numpy()


def _told(previous: Linkage, decided: pl.DataFrame | None, numbers: Ints) -> pl.DataFrame:
    """What people decided of records that are there, one row a pair."""
    told = previous.decided if decided is None else decided.select(list(DECIDED_SCHEMA))
    low, high = pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b")
    told = told.select(low.alias("a"), high.alias("b"), "same")
    there = (places(told["a"], numbers) >= 0) & (places(told["b"], numbers) >= 0)
    return told.filter(pl.Series(there)).unique(["a", "b"], keep="last").sort("a", "b")


def _exact(
    con: duckdb.DuckDBPyConnection, shared: Sharing, news: _News, settings: LinkSettings
) -> ExactLinks:
    """Links among the records that hold a key value of a fresh one."""
    near, fresh = (places(nodes, shared.numbers) for nodes in (news.near, news.fresh))
    return exact_links(con, shared, settings.keys, never=settings.never, among=near, touching=fresh)


def _known(news: _News, exact: ExactLinks, told: pl.DataFrame) -> pl.DataFrame:
    """All links by keys and by people, the last month's where nothing touched them."""
    crowded = exact.doubted.filter(pl.col("why") == CROWDED)
    still = news.exact.join(crowded, on=["a", "b", "rule_id"], how="anti")
    again = still.join(exact.edges, on=["a", "b"], how="semi")
    others = still.join(exact.edges, on=["a", "b"], how="anti")
    nearby = told.filter(within("a", news.near) & within("b", news.near))
    return with_decided(pl.concat([others, surest(pl.concat([again, exact.edges]))]), nearby)


def _renewed(before: pl.DataFrame, now: pl.DataFrame, nodes: Ints) -> pl.DataFrame:
    """Pairs as they were, but those of worked-out records as they are now."""
    kept = before.filter(~within("a", nodes) & ~within("b", nodes))
    return pl.concat([kept, now]).unique(maintain_order=True)


def _ends(*edges: pl.DataFrame) -> Ints:
    return np.concatenate([frame[side].to_numpy() for frame in edges for side in ("a", "b")])
