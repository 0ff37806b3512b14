"""Which pairs are looked at: those that share a block, within a budget."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from linkage.engine.runs import Bools, Ints, Runs
from linkage.engine.settings import LinkSettings
from linkage.engine.sharing import Sharing

logger = logging.getLogger(__name__)
NO_LIMIT = 2**31
BLOCK_SCHEMA = {
    "block": pl.String(),
    "values": pl.Int64(),
    "pairs": pl.Int64(),
    "dropped_values": pl.Int64(),
    "dropped_records": pl.Int64(),
    "dropped_pairs": pl.Int64(),
}


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Records that are weighed, each in the name of its equal copies.

    Attributes:
        at: Their places, in order.
        groups: For every place the group that exact keys made of its record.
        fresh: For every place whether its record is to be weighed against all others; records that
            are not fresh are not weighed among themselves.
        sharing: For each block the places of those of them that may share a value with a fresh
            record; None where all are fresh.
    """

    at: Ints
    groups: Ints
    fresh: Bools
    sharing: Sequence[Ints] | None = None

    def of(self, block: int) -> Ints:
        """Places of the records that a block is to look at."""
        return self.at if self.sharing is None else self.sharing[block]


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What the pair budget left and cost.

    Attributes:
        blocks: One row a block: block, values that two records share, the pairs that they make,
            and the values, records and pairs that were dropped. A pair that several blocks make
            is counted in each.
        fullest: Records in the fullest block value that was allowed; ``NO_LIMIT`` where none was
            dropped.
        shared: For each block the values that are left, without those of one group alone: they
            bring no pair.
    """

    blocks: pl.DataFrame
    fullest: int
    shared: tuple[Runs, ...]


def within_budget(
    shared: Sharing, standing: Standing, settings: LinkSettings, *, fullest: int = 0
) -> Budget:
    """What records share in each block, but for the fullest values that are over the budget.

    Args:
        shared: The records.
        standing: Those of them that are weighed.
        settings: Blocks and budget.
        fullest: Allowed records in a block value, where an earlier run has found it; else 0. Then
            only values that a fresh record has are looked at.
    """
    runs, sizes = [], []
    for number, columns in enumerate(settings.blocks):
        found = shared.runs(columns, standing.of(number), first=standing.fresh)
        if fullest:
            found = found.kept(found.having(standing.fresh))
        sizes.append(_sizes(number, found))
        runs.append(found.kept(found.mixed(standing.groups)))
    by_size = pl.concat(sizes)
    budget = settings.pairs_per_record * len(standing.at)
    most = fullest or _fullest_allowed(by_size, budget=budget)
    blocks = _told(by_size, settings, most=most)
    left = tuple(one.kept(one.sizes <= most) for one in runs)
    return Budget(blocks=blocks, fullest=most, shared=left)


def met(budget: Budget, standing: Standing) -> tuple[Ints, Ints]:
    """Places of the pairs of two groups that share a block, in order and each once."""
    count = len(standing.groups)
    found = [np.zeros(0, dtype=np.int64)]
    for runs in budget.shared:
        for _, one, other in runs.pairs(leading=standing.fresh):
            two = standing.groups[one] != standing.groups[other]
            ends = one[two], other[two]
            found.append(np.minimum(*ends) * count + np.maximum(*ends))
    pairs = np.concatenate(found)
    pairs.sort()
    pairs = pairs[np.diff(pairs, prepend=-1) > 0]
    low, high = np.divmod(pairs, max(count, 1))
    return low, high


def _sizes(number: int, runs: Runs) -> pl.DataFrame:
    """block, size, values, pairs: how many values of a block are shared by how many records."""
    values = np.bincount(runs.sizes)
    size = np.flatnonzero(values)
    values = values[size]
    return pl.DataFrame(
        {"size": size, "values": values, "pairs": values * (size * (size - 1) // 2)},
        schema={"size": pl.Int64(), "values": pl.Int64(), "pairs": pl.Int64()},
    ).select(pl.lit(number).alias("block"), "size", "values", "pairs")


def _told(sizes: pl.DataFrame, settings: LinkSettings, *, most: int) -> pl.DataFrame:
    rows = []
    for number, columns in enumerate(settings.blocks):
        own = sizes.filter(pl.col("block") == number)
        lost = own.filter(pl.col("size") > most)
        held = int((lost["values"] * lost["size"]).sum())
        counts = int(own["values"].sum()), int(own["pairs"].sum()), int(lost["values"].sum())
        rows.append((" and ".join(columns), *counts, held, int(lost["pairs"].sum())))
    found = pl.DataFrame(rows, schema=BLOCK_SCHEMA, orient="row")
    if dropped := int(found["dropped_pairs"].sum()):
        logger.warning(
            "Linkage: %d of %d pairs are over the budget of %g a record. The block values that make"
            " them were dropped, so some links may be missed; the linkage's blocks say which.",
            dropped,
            int(found["pairs"].sum()),
            settings.pairs_per_record,
        )
    return found


def _fullest_allowed(sizes: pl.DataFrame, *, budget: float) -> int:
    """The largest number of records in a block value that the budget allows."""
    by_size = sizes.group_by("size").agg(pl.col("pairs").sum()).sort("size")
    allowed = by_size.filter(pl.col("pairs").cum_sum() <= budget)["size"].to_list()
    return NO_LIMIT if len(allowed) == by_size.height else max(allowed, default=1)
