"""People: every identity record of the six sources joined to the person it is about."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from contracts.place import Place
from linkage.engine.link import Linkage, link_records, with_more_links
from linkage.engine.settings import RECORD
from linkage.ids import stable_ids
from linkage.people.beside import child_of_claim, name_beside
from linkage.people.home_rules import (
    name_at_home,
    name_at_postcode,
    name_moved,
    new_surname,
)
from linkage.people.match_rate import match_rates
from linkage.people.records import PersonRecords, person_records
from linkage.people.rules import person_settings
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
    """

    records: int
    people: int
    set_aside: dict[str, int]
    by_rule: dict[str, int]
    pairs_scored: int
    fitted: bool


def link_people(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    seed: int,
    progress: Callable[[str], None] | None = None,
) -> LinkReport:
    """Write ``person_link``, ``person``, ``person_identity``, ``person_protected``, ``match_rate``.

    Args:
        con: Warehouse, writable, with the ``raw`` tables.
        place: Its training threads are used.
        month: Index date; rows recorded later are not read.
        seed: Of the sampling in the estimation.
        progress: Told of each stage.
    """
    threads = place.training.threads
    records = person_records(con, month)
    linkage = link_frame(records.frame, seed=seed, threads=threads, progress=progress)
    links = _person_links(records.frame, linkage)
    whole = records.frame.join(links, on=["source", "local_id"])
    found = {
        "person_link": links,
        "person": people(whole),
        "person_identity": identities(whole),
        "person_protected": protected(con, month, links, people(whole)),
        "match_rate": match_rates(con, month, whole),
    }
    replace_tables(con, month, found)
    return _report(records, linkage, links)


def _person_links(frame: pl.DataFrame, linkage: Linkage) -> pl.DataFrame:
    """One row a record: the person, and the surest link that is not to itself."""
    placed = frame.select(RECORD, "source", "local_id").join(
        linkage.links.select(RECORD, "cluster"), on=RECORD
    )
    named = placed.group_by("cluster").agg(
        (pl.col("source") + "|" + pl.col("local_id")).min().alias("name")
    )
    numbers = stable_ids(named["name"].to_list())
    given = [numbers[name] for name in named["name"]]
    person = named.select("cluster", pl.Series("person_id", given, dtype=pl.Int64()))
    return (
        placed.join(person, on="cluster")
        .unique(["source", "local_id"], keep="first", maintain_order=True)
        .join(_surest_links(placed, linkage), on=["source", "local_id"], how="left")
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


def _report(records: PersonRecords, linkage: Linkage, links: pl.DataFrame) -> LinkReport:
    by_rule = dict(links.group_by("rule_id").len().sort("rule_id").iter_rows())
    report = LinkReport(
        records=links.height,
        people=links["person_id"].n_unique(),
        set_aside=records.set_aside,
        by_rule=by_rule,
        pairs_scored=linkage.pairs_scored,
        fitted=linkage.model.fitted,
    )
    logger.info("People: %d records are %d people.", report.records, report.people)
    return report
