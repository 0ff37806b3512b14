"""Rates by group, each the share of some cells in others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from fairness.cells import CELLS, Counts, group_cells


@dataclass(frozen=True)
class Share:
    """A rate: rows in ``top`` for every row in ``base`` (``base`` holds ``top``)."""

    top: tuple[str, ...]
    base: tuple[str, ...]

    def of(self, counts: Counts) -> Counts:
        """The rate of each group; NaN, never 0 or 1, where nobody is in the base."""
        with np.errstate(invalid="ignore", divide="ignore"):
            rate: Counts = _sum(counts, self.top) / _sum(counts, self.base)
        return rate

    def tops(self, counts: Counts) -> Counts:
        """Rows in the top by group."""
        return _sum(counts, self.top)

    def bases(self, counts: Counts) -> Counts:
        """Rows in the base by group."""
        return _sum(counts, self.base)


_KNOWN = ("tn", "fp", "fn", "tp")

LIST_SHARE: Final = Share(("fp", "tp", "open_on"), CELLS)
NEED_SHARE: Final = Share(("fn", "tp"), _KNOWN)
REACH: Final = Share(("tp",), ("fn", "tp"))
MISSED: Final = Share(("fn",), ("fn", "tp"))
FALSE_OMISSION: Final = Share(("fn",), ("tn", "fn"))
PRECISION: Final = Share(("tp",), ("fp", "tp"))

CLASSIC: Final = {
    "selection_rate": Share(("fp", "tp"), _KNOWN),
    "base_rate": NEED_SHARE,
    "true_positive_rate": REACH,
    "false_positive_rate": Share(("fp",), ("tn", "fp")),
    "false_negative_rate": MISSED,
    "true_negative_rate": Share(("tn",), ("tn", "fp")),
    "positive_predictive_value": PRECISION,
    "negative_predictive_value": Share(("tn",), ("tn", "fn")),
    "false_discovery_rate": Share(("fp",), ("fp", "tp")),
    "false_omission_rate": FALSE_OMISSION,
    "accuracy": Share(("tn", "tp"), _KNOWN),
}


def group_metrics(frame: pl.DataFrame, group: str) -> pl.DataFrame:
    """Every classic rate by group: one row a group, null where a rate has no base.

    Args:
        frame: As in :func:`fairness.cells.group_cells`.
        group: Name of the attribute's column.
    """
    cells = group_cells(frame, group)
    counts = cells.counts
    columns = {name: share.of(counts) for name, share in CLASSIC.items()}
    return pl.DataFrame(
        {group: cells.groups, "rows": _sum(counts, CELLS).astype(int), **columns}
    ).with_columns(pl.col(list(CLASSIC)).fill_nan(None))


def _sum(counts: Counts, names: tuple[str, ...]) -> Counts:
    total: Counts = counts[..., [CELLS.index(name) for name in names]].sum(axis=-1)
    return total
