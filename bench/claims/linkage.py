"""Linkage and households of invented places, against their sealed truth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl

from bench.claim import Claim, Stopwatch
from bench.walk import LAST_MONTH, Walk
from contracts.warehouse import month_schema
from contracts.zones import Zone
from fairness.findings import Finding
from fairness.links import link_findings
from fairness.verdicts import Verdict
from tests.evaluation import (
    false_links_within_households,
    household_assignment,
    load_truth,
    pairwise_linkage,
    recall_by_group,
)
from tests.evaluation.truth import Truth

_FLOOR_SIZE = "demo"


def measure() -> Iterator[Claim]:
    """A place of 5,000 households."""
    yield from _of_a_place("small", "5,000 households", prefix="")


def measure_place() -> Iterator[Claim]:
    """A place of 100,000 households: some twenty minutes."""
    yield from _of_a_place("place", "100,000 households", prefix="place-")


def measure_floor() -> Iterator[Claim]:
    """The floor of link rates, with names that link less often planted and with nothing planted."""
    watch = Stopwatch()
    for inject in ("B3", "B0"):
        with tempfile.TemporaryDirectory() as folder:
            walk = replace(_walk(_FLOOR_SIZE, folder), inject={inject: 1.0})
            walk.run("simulate", "load", "people")
            found = _judged(walk)
            groups = recall_by_group(_links(walk), load_truth(walk.workspace))
        failed = [one for one in found if one.verdict is Verdict.NOT_PASSED]
        said = ", ".join(f"{one.attribute} {one.group} {one.ratio:.3f}" for one in failed)
        yield watch.claim(
            f"link-floor-{inject}",
            f"Groups under the floor of link rates, 20,000 households, {_SAYS[inject]}",
            len(failed),
            unit="groups",
            bar=(">=", 1) if inject == "B3" else ("=", 0),
            note="; ".join(part for part in (said, f"true recall: {_told(groups)}") if part),
        )


_SAYS = {
    "B3": "where 1 in 10 records of people with transliterated names can not be linked",
    "B0": "with nothing planted",
}


def _walk(size: str, folder: str) -> Walk:
    return Walk.of(size=size, today=datetime.now(tz=UTC).date(), root=Path(folder))


def _of_a_place(size: str, words: str, *, prefix: str) -> Iterator[Claim]:
    """Precision and recall over pairs of records; people in the right household."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        walk = _walk(size, folder)
        walk.run("simulate", "load", "people", "households")
        truth = load_truth(walk.workspace)
        yield from _people(watch, _links(walk), truth, words, prefix=prefix)
        homes = household_assignment(_members(walk), _links(walk), truth, LAST_MONTH)
    yield watch.claim(
        f"{prefix}household-share",
        f"People in the right household at the release month, {words}",
        homes.share_right,
        unit="share",
        bar=(">=", 0.97),
    )


def _people(
    watch: Stopwatch, links: pl.DataFrame, truth: Truth, words: str, *, prefix: str
) -> Iterator[Claim]:
    pairs = pairwise_linkage(links, truth)
    yield watch.claim(
        f"{prefix}link-precision",
        f"Pairs of records joined that are one person, {words}",
        pairs.precision,
        unit="share",
        bar=(">=", 0.995),
    )
    groups = recall_by_group(links, truth)
    yield watch.claim(
        f"{prefix}link-recall",
        f"Pairs of records of one person that were joined, {words}",
        pairs.recall,
        unit="share",
        bar=(">=", 0.97),
        note=f"by group: {_told(groups)}",
    )
    yield watch.claim(
        f"{prefix}link-within-household",
        "Pairs of records of two members of one household taken for one person, of all links, "
        + words,
        false_links_within_households(links, truth).share,
        unit="share",
        bar=("<", 0.001),
    )


def _told(groups: pl.DataFrame) -> str:
    rows = groups.select("group", "recall", "true_pairs").iter_rows()
    return ", ".join(f"{group} {recall:.4f} of {pairs:,}" for group, recall, pairs in rows)


def _judged(walk: Walk) -> list[Finding]:
    """What the audit says of the link rate of every group."""
    with walk.workspace.warehouse().read(Zone.IDENTITY) as con:
        rates = con.sql(f"SELECT * FROM {month_schema(LAST_MONTH)}.match_rate").pl()
    policy = walk.place.fairness
    return link_findings(rates, groups=policy.groups, policy=policy)


def _links(walk: Walk) -> pl.DataFrame:
    with walk.workspace.warehouse().read(Zone.IDENTITY) as con:
        links: pl.DataFrame = con.sql(
            f"SELECT source, local_id, person_id FROM {month_schema(LAST_MONTH)}.person_link"
        ).pl()
    return links


def _members(walk: Walk) -> pl.DataFrame:
    with walk.workspace.warehouse().read(Zone.IDENTITY) as con:
        members: pl.DataFrame = con.sql(
            "SELECT snapshot_date, household_id, person_id "
            f"FROM {month_schema(LAST_MONTH)}.household_member WHERE share = 'main'"
        ).pl()
    return members
