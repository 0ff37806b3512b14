"""The next month: only what is new or gone is looked at, everything else is carried over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import duckdb
import numpy as np
import polars as pl

from linkage.engine.blocking import Standing
from linkage.engine.exact import CROWDED, ExactLinks, exact_links, surest
from linkage.engine.link import inside, merged, scope_of, silent, with_decided
from linkage.engine.news import News, among, ends, within, without_any
from linkage.engine.ordered import rows_of
from linkage.engine.records import Ints, both, connected, in_order, places
from linkage.engine.resolve import resolve
from linkage.engine.result import DECIDED_SCHEMA, Linkage
from linkage.engine.settings import RECORD, LinkSettings
from linkage.engine.settled import Regrouped, settled_in, standing_now, still_near
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
    news = News.of(previous, shared, told, settings)
    with connected(threads, memory) as con:
        tell("Linking new records by exact keys")
        exact = _exact(con, shared, news, settings)
        known = _known(news, exact, told)
        now = _regrouped(
            con, shared, news, settings, previous=previous, exact=exact, known=known, decided=told
        )
        tell("Weighing pairs with new records")
        standing = _standing(shared, now, settings, previous)
        model = previous.model
        found = weigh(con, shared, standing, settings, model, frozen=True, decided=told)
        tell("Putting linked records together")
        beyond = news.beyond(previous, shared, ends(found.edges))
        near = news.near.with_more(beyond.numbers, beyond.at, beyond.rows)
        kept = still_near(news.estimated, now)
        inner = pl.concat([known, kept, among(previous, beyond.numbers), found.edges])
        place = standing_now(previous.standing, near, now)
        groups = place["grp"].to_numpy()
        resolved = resolve(con, shared, near.at, inner, settings, decided=told, groups=groups)
    stale = both(now.scope.numbers, news.gone)
    looked_at = still_near(previous.near, now)
    return replace(
        merged(previous, resolved, inner, standing=place, gone=news.gone),
        decided=told,
        near=_renewed(looked_at, found.near, news.gone).sort("a", "b"),
        doubted=_renewed(previous.doubted, exact.doubted, stale).sort("rule_id", "a", "b", "why"),
        quality=quality(found.model, found.counts, settings, exact.edges),
        blocks=found.blocks,
        pairs_scored=found.pairs,
    )


def _regrouped(
    con: duckdb.DuckDBPyConnection,
    shared: Sharing,
    news: News,
    settings: LinkSettings,
    *,
    previous: Linkage,
    exact: ExactLinks,
    known: pl.DataFrame,
    decided: pl.DataFrame,
) -> Regrouped:
    """The groups of exact keys that a change touches, made anew."""
    crowded = exact.doubted.filter(pl.col("why") == CROWDED)
    touched = ends(exact.edges, crowded, news.changed)
    touched = np.concatenate([shared.numbers[news.fresh], news.bereft, touched])
    scope = news.near.some(scope_of(news.near.numbers, known, touched))
    links = inside(known, scope.numbers)
    grouped = resolve(con, shared, scope.at, links, settings, decided=decided)
    stands = stand(shared, scope.at, grouped.heads, settings)
    return Regrouped(
        scope=scope,
        groups=grouped.labels,
        stands=stands,
        settled=settled_in(previous.standing, scope.rows, grouped.labels, stands),
    )


def _standing(
    shared: Sharing, now: Regrouped, settings: LinkSettings, previous: Linkage
) -> Standing:
    """Records that do not stand as they did, and those that may share a value with one."""
    anew, settled = now.stands & ~now.settled, now.settled
    at = now.scope.at
    sharing = shared.by(at[anew], settings.blocks)
    met = np.zeros(len(shared.numbers), dtype=bool)
    for some in sharing:
        met[some] = True
    met[at] = False
    others = np.flatnonzero(met)
    standing = rows_of(previous.standing, shared.numbers[others])
    stood = standing["stands"].to_numpy()
    return standing_of(
        len(met),
        (at[anew], now.groups[anew]),
        (
            np.concatenate([others[stood], at[settled]]),
            np.concatenate([standing["grp"].to_numpy()[stood], now.groups[settled]]),
        ),
        sharing=sharing,
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


def _told(previous: Linkage, decided: pl.DataFrame | None, numbers: Ints) -> pl.DataFrame:
    """What people decided of records that are there, one row a pair."""
    told = previous.decided if decided is None else decided.select(list(DECIDED_SCHEMA))
    low, high = pl.min_horizontal("a", "b"), pl.max_horizontal("a", "b")
    told = told.select(low.alias("a"), high.alias("b"), "same")
    there = (places(told["a"], numbers) >= 0) & (places(told["b"], numbers) >= 0)
    return told.filter(pl.Series(there)).unique(["a", "b"], keep="last").sort("a", "b")


def _exact(
    con: duckdb.DuckDBPyConnection, shared: Sharing, news: News, settings: LinkSettings
) -> ExactLinks:
    """Links among the records that hold a key value of a fresh one."""
    keys, never = settings.keys, settings.never
    at, fresh = news.near.at, news.fresh
    return exact_links(con, shared, keys, never=never, among=at, touching=fresh)


def _known(news: News, exact: ExactLinks, told: pl.DataFrame) -> pl.DataFrame:
    """All links by keys and by people, the last month's where nothing touched them."""
    crowded = exact.doubted.filter(pl.col("why") == CROWDED)
    still = news.exact.join(crowded, on=["a", "b", "rule_id"], how="anti")
    again = still.join(exact.edges, on=["a", "b"], how="semi")
    others = still.join(exact.edges, on=["a", "b"], how="anti")
    edges = pl.concat([others, surest(pl.concat([again, exact.edges]))])
    return with_decided(edges, within(told, news.near.numbers))


def _renewed(before: pl.DataFrame, now: pl.DataFrame, nodes: Ints) -> pl.DataFrame:
    """Pairs as they were, but those of worked-out records as they are now."""
    return pl.concat([without_any(before, nodes), now]).unique(maintain_order=True)
