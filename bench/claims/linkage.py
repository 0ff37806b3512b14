"""Linkage and households of an invented place of 5,000 households, against its sealed truth."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.claim import Claim, Stopwatch
from bench.walk import LAST_MONTH, Walk
from contracts.warehouse import month_schema
from contracts.zones import Zone
from tests.evaluation import household_assignment, load_truth, pairwise_linkage


def measure() -> Iterator[Claim]:
    """Precision and recall over pairs of records; people in the right household."""
    watch = Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        walk = Walk.of(size="small", today=datetime.now(tz=UTC).date(), root=Path(folder))
        walk.run("simulate", "load", "people", "households")
        truth = load_truth(walk.workspace)
        schema = month_schema(LAST_MONTH)
        with walk.workspace.warehouse().read(Zone.IDENTITY) as con:
            links = con.sql(f"SELECT source, local_id, person_id FROM {schema}.person_link").pl()
            members = con.sql(
                f"SELECT snapshot_date, household_id, person_id FROM {schema}.household_member"
            ).pl()
        pairs = pairwise_linkage(links, truth)
        homes = household_assignment(members, links, truth, LAST_MONTH)
    yield watch.claim(
        "link-precision",
        "Pairs of records joined that are one person, 5,000 households",
        pairs.precision,
        unit="share",
        bar=(">=", 0.99),
    )
    yield watch.claim(
        "link-recall",
        "Pairs of records of one person that were joined, 5,000 households",
        pairs.recall,
        unit="share",
        bar=(">=", 0.95),
    )
    yield watch.claim(
        "household-share",
        "People in the right household at the release month, 5,000 households",
        homes.share_right,
        unit="share",
        bar=(">=", 0.95),
    )
