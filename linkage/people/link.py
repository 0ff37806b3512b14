"""People: every identity record of every source joined to the person it is about."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

import duckdb
import polars as pl

from contracts.place import Place
from linkage.engine.link import Linkage
from linkage.engine.model import compare_models
from linkage.engine.more import differences
from linkage.engine.settings import RECORD
from linkage.people import state
from linkage.people.chain import Chain, link_frame
from linkage.people.decisions import decided_records, decisions_until, error_by_band
from linkage.people.identity import numbered
from linkage.people.match_rate import match_rates
from linkage.people.monthly import link_next
from linkage.people.records import PersonRecords, person_records
from linkage.people.review import clerical_pairs
from linkage.people.rules import PERSONAL_KEYS
from linkage.people.tables import identities, people, protected
from linkage.store import replace_tables

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class LinkReport:
    """What a linkage of people came to.

    Attributes:
        records: Identity records.
        people: People.
        set_aside: Council tax parties that are no person, by kind.
        by_rule: Records by the rule of their surest link.
        pairs_scored: Pairs that were weighed.
        fitted: True where agreement was learnt from these records.
        doubted: Pairs that share an exact key and contradict each other, by key: left apart.
        full: True where all records were linked anew.
    """

    records: int
    people: int
    set_aside: dict[str, int]
    by_rule: dict[str, int]
    pairs_scored: int
    fitted: bool
    doubted: dict[str, int]
    full: bool


def link_people(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    seed: int,
    id_key: bytes,
    progress: Callable[[str], None] | None = None,
) -> LinkReport:
    """Write ``person_link`` and what goes with it into the month's schema.

    ``person``, ``person_identity``, ``person_protected``, ``person_history``, ``match_rate``,
    ``doubted_key``, ``clerical_pair``, ``clerical_error`` and the state that the next month goes on
    from (``link_state_*``). Where the month before left its state only what changed since is
    linked, until a full linkage is due; ``link_difference`` and ``link_drift`` then list what that
    one changed.

    Args:
        con: Identity zone, writable, with the ``raw`` tables.
        place: Its linkage settings and training threads are used.
        month: Index date; rows recorded later are not read.
        seed: Of the sampling in the estimation.
        id_key: Secret under which numbers of new people are made.
        progress: Told of each stage.
    """
    records = person_records(con, month)
    decisions = decisions_until(con, month)
    made = _linked(
        state.kept(con, month),
        records.frame,
        month=month,
        place=place,
        decided=decided_records(decisions, records.frame),
        seed=seed,
        progress=progress,
    )
    chain = made.chain
    clusters = _clusters(records.frame, chain.whole)
    numbers, history = numbered(con, month, clusters, id_key=id_key)
    links = _person_links(records.frame, chain.whole, numbers)
    whole = records.frame.join(links, on=["source", "local_id"])
    doubted = _doubted(records.frame, chain.engine)
    pairs = clerical_pairs(
        con,
        month,
        records.frame,
        chain.whole,
        decided=decisions,
        count=place.linkage.review_pairs,
        seed=seed,
    )
    found = {
        "person_link": links,
        "person": people(whole),
        "person_identity": identities(whole),
        "person_protected": protected(con, month, links, people(whole)),
        "person_history": history,
        "match_rate": match_rates(con, month, whole),
        "doubted_key": doubted,
        "clerical_pair": pairs,
        "clerical_error": error_by_band(decisions),
        "link_difference": made.differences,
        "link_drift": made.drift,
        **state.as_tables(chain, full_month=made.full_month),
    }
    replace_tables(con, month, found)
    return _report(records, chain, links, doubted, full=made.full_month == month)


class _How(TypedDict):
    threads: int
    progress: Callable[[str], None] | None
    decided: pl.DataFrame


@dataclass(frozen=True, kw_only=True)
class _Linked:
    """A month's linkage; what a full one changed against going on from the month before."""

    chain: Chain
    full_month: date
    differences: pl.DataFrame
    drift: pl.DataFrame


def _linked(
    kept: state.Kept | None,
    frame: pl.DataFrame,
    *,
    month: date,
    place: Place,
    decided: pl.DataFrame,
    seed: int,
    progress: Callable[[str], None] | None,
) -> _Linked:
    how: _How = {
        "threads": place.training.threads,
        "progress": progress,
        "decided": decided,
    }
    if kept is None:
        anew = link_frame(frame, seed=seed, **how)
        return _compared(frame, anew, anew, month)
    carried = link_next(kept.before, frame, **how)
    if kept.due(month, frame, full_every_months=place.linkage.full_every_months):
        return _compared(frame, carried, link_frame(frame, seed=seed, **how), month)
    return _compared(frame, carried, carried, kept.full_month)


def _compared(frame: pl.DataFrame, carried: Chain, chain: Chain, full_month: date) -> _Linked:
    return _Linked(
        chain=chain,
        full_month=full_month,
        differences=_differences(frame, carried, chain),
        drift=compare_models(carried.engine.model, chain.engine.model).levels,
    )


def _differences(frame: pl.DataFrame, carried: Chain, anew: Chain) -> pl.DataFrame:
    """``link_difference``: records that a full linkage put beside others than going on would."""
    found = differences(carried.whole.links, anew.whole.links)
    handle = frame.select(RECORD, "source", "local_id")
    return (
        found.join(handle, on=RECORD)
        .select("source", "local_id", "mates_before", "mates_after")
        .unique()
        .sort("source", "local_id", "mates_before", "mates_after")
    )


def _clusters(frame: pl.DataFrame, linkage: Linkage) -> pl.DataFrame:
    """source, local_id, cluster: one row a record."""
    return (
        frame.select(RECORD, "source", "local_id")
        .join(linkage.links.select(RECORD, "cluster"), on=RECORD)
        .sort("source", "local_id", RECORD)
        .unique(["source", "local_id"], keep="first", maintain_order=True)
        .drop(RECORD)
    )


def _doubted(frame: pl.DataFrame, engine: Linkage) -> pl.DataFrame:
    """``doubted_key``: pairs of records that share a number of one person's and contradict it."""
    handle = frame.select(RECORD, "source", "local_id")
    pairs = engine.doubted.filter(pl.col("rule_id").is_in(PERSONAL_KEYS))
    for side in ("a", "b"):
        pairs = pairs.join(handle, left_on=side, right_on=RECORD).rename(
            {"source": f"source_{side}", "local_id": f"local_id_{side}"}
        )
    columns = ["rule_id", "why", "source_a", "local_id_a", "source_b", "local_id_b"]
    return pairs.select(columns).unique().sort(columns)


def _person_links(frame: pl.DataFrame, linkage: Linkage, numbers: pl.DataFrame) -> pl.DataFrame:
    """One row a record: the person, and the surest link that is not to itself."""
    placed = frame.select(RECORD, "source", "local_id")
    return (
        numbers.join(_surest_links(placed, linkage), on=["source", "local_id"], how="left")
        .select(
            "source",
            "local_id",
            "person_id",
            pl.col("link_confidence").fill_null(1.0),
            pl.col("rule_id").fill_null("ALONE"),
        )
        .sort("source", "local_id")
    )


def _surest_links(placed: pl.DataFrame, linkage: Linkage) -> pl.DataFrame:
    left = placed.select(pl.col(RECORD).alias("a"), "source", "local_id")
    right = placed.select(
        pl.col(RECORD).alias("b"),
        pl.col("source").alias("other_source"),
        pl.col("local_id").alias("other_id"),
    )
    edges = linkage.edges.join(left, on="a").join(right, on="b")
    edges = edges.filter(
        (pl.col("source") != pl.col("other_source")) | (pl.col("local_id") != pl.col("other_id"))
    )
    both = pl.concat(
        [
            edges.select("source", "local_id", "confidence", "rule_id"),
            edges.select(
                pl.col("other_source").alias("source"),
                pl.col("other_id").alias("local_id"),
                "confidence",
                "rule_id",
            ),
        ]
    )
    return (
        both.sort(
            "source", "local_id", "confidence", "rule_id", descending=[False, False, True, False]
        )
        .unique(["source", "local_id"], keep="first", maintain_order=True)
        .rename({"confidence": "link_confidence"})
    )


def _report(
    records: PersonRecords,
    chain: Chain,
    links: pl.DataFrame,
    doubted: pl.DataFrame,
    *,
    full: bool,
) -> LinkReport:
    by_rule = dict(links.group_by("rule_id").len().sort("rule_id").iter_rows())
    report = LinkReport(
        records=links.height,
        people=links["person_id"].n_unique(),
        set_aside=records.set_aside,
        by_rule=by_rule,
        pairs_scored=chain.engine.pairs_scored,
        fitted=chain.engine.model.fitted,
        doubted=dict(doubted.group_by("rule_id").len().sort("rule_id").iter_rows()),
        full=full,
    )
    logger.info("People: %d records are %d people.", report.records, report.people)
    return report
