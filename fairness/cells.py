"""Counts behind every figure of the audit: who was on the list, who went on to need help.

A household is looked at on several test dates, so its rows are not independent: it, and never a
row, is what is resampled. Households whose rows fall into the same cells are interchangeable, so
one multinomial draw over the distinct patterns is the same resampling and takes no time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

Counts = NDArray[np.float64]

CELLS: Final = ("tn", "fp", "fn", "tp", "open_off", "open_on")
"""By what happened (no event, event, not known yet) and whether the row was on the list."""
_OUTCOME_OPEN = 2
_CHUNK = 100


@dataclass(frozen=True, kw_only=True)
class GroupCells:
    """The cells of one attribute's groups, with the households behind them.

    Attributes:
        groups: Values of the attribute, sorted.
        patterns: Rows of one household by pattern, group and cell.
        households: How many households have each pattern.
    """

    groups: tuple[str, ...]
    patterns: Counts
    households: NDArray[np.int64]

    @property
    def counts(self) -> Counts:
        """Rows by group and cell."""
        total: Counts = np.tensordot(self.households.astype(float), self.patterns, axes=1)
        return total

    def resampled(self, *, replicates: int, seed: int) -> Counts:
        """Rows by replicate, group and cell, of as many households drawn with replacement."""
        rng = np.random.default_rng(seed)
        size = int(self.households.sum())
        share = self.households / size
        flat = self.patterns.reshape(len(self.patterns), -1)
        parts = [
            rng.multinomial(size, share, size=min(_CHUNK, replicates - start)) @ flat
            for start in range(0, replicates, _CHUNK)
        ]
        return np.concatenate(parts).reshape(replicates, len(self.groups), len(CELLS))


def recorded(attribute: str) -> pl.Expr:
    """An attribute's groups; what is not recorded is a group too, so nobody is left out."""
    return pl.col(attribute).cast(pl.String).fill_null("NOT_RECORDED")


def group_cells(frame: pl.DataFrame, group: str) -> GroupCells:
    """Count the cells of an attribute.

    Args:
        frame: One row a household and test date: ``household_id``, ``event`` (null where not known
            yet), ``selected`` and the attribute.
        group: Name of the attribute's column; a null is a group of its own, ``NOT_RECORDED``.
    """
    coded = frame.select(
        pl.col("household_id").rank("dense").cast(pl.Int64).sub(1).alias("household"),
        recorded(group).alias("group"),
        cell=pl.col("event").cast(pl.Int64).fill_null(_OUTCOME_OPEN) * 2
        + pl.col("selected").cast(pl.Int64),
    )
    groups = tuple(sorted(coded["group"].unique().to_list()))
    place = {value: index for index, value in enumerate(groups)}
    column = coded["group"].replace_strict(place, return_dtype=pl.Int64) * len(CELLS)
    width = len(groups) * len(CELLS)
    households = coded["household"].n_unique()
    flat = np.bincount(
        (coded["household"] * width + column + coded["cell"]).to_numpy(),
        minlength=households * width,
    ).reshape(households, width)
    names = [f"c{index:03d}" for index in range(width)]
    distinct = pl.from_numpy(flat.astype(np.int32), schema=names).group_by(names).len().sort(names)
    return GroupCells(
        groups=groups,
        patterns=distinct.select(names)
        .to_numpy()
        .astype(float)
        .reshape(-1, len(groups), len(CELLS)),
        households=distinct["len"].to_numpy().astype(np.int64),
    )
