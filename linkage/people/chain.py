"""The chain of a linkage: the engine, then the rules that lean on the home and on company."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from linkage.engine.link import Linkage, link_records, with_more_links
from linkage.engine.settings import RECORD
from linkage.people.beside import CHILD_OF_CLAIM_RULE, NAME_BESIDE_RULE
from linkage.people.home_rules import (
    NAME_AT_HOME_RULE,
    NAME_AT_POSTCODE_RULE,
    NAME_MOVED_RULE,
    NEW_SURNAME_RULE,
)
from linkage.people.records import CONTENT
from linkage.people.rules import person_settings

RULES = (
    NAME_AT_HOME_RULE,
    NAME_MOVED_RULE,
    NAME_AT_HOME_RULE,
    NAME_BESIDE_RULE,
    NAME_AT_POSTCODE_RULE,
    NEW_SURNAME_RULE,
    CHILD_OF_CLAIM_RULE,
)
"""In this order: each sees people as the ones before it left them."""

RULE_IDS = tuple(dict.fromkeys(rule.rule_id for rule in RULES))


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A linkage in its two stages.

    Attributes:
        engine: Keys and probability alone; what the next month goes on from.
        whole: With the links of the rules.
    """

    engine: Linkage
    whole: Linkage


def link_frame(
    frame: pl.DataFrame,
    *,
    seed: int,
    threads: int = 2,
    progress: Callable[[str], None] | None = None,
    decided: pl.DataFrame | None = None,
) -> Chain:
    """Link comparable person records anew.

    Args:
        frame: Person records.
        seed: Of the sampling in the estimation.
        threads: Threads.
        progress: Told of each stage.
        decided: What reviewers decided: a, b (record ids) and same.
    """
    engine = link_records(
        compared(frame),
        person_settings(),
        seed=seed,
        threads=threads,
        progress=progress,
        decided=decided,
    )
    return Chain(engine=engine, whole=with_rules(frame, engine, threads=threads))


def compared(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that the engine compares, in the order of the records' numbers."""
    return frame.select(RECORD, *CONTENT).sort(RECORD)


def with_rules(frame: pl.DataFrame, engine: Linkage, *, threads: int = 2) -> Linkage:
    """The engine's linkage with the links of the rules."""
    linkage, records, settings = engine, compared(frame), person_settings()
    for rule in RULES:
        more = rule.edges(frame, linkage, threads=threads)
        linkage = with_more_links(linkage, more, records, settings, threads=threads)
    return linkage
