"""The questions that trees ask, put to codes: small whole numbers that compare quickly.

One column for each numeric feature, and one for each set of categories that a split tells from the
others.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models import leaf_kernel as kernel
from models.forest import CannotExplain, Forest, Split

_KINDS = {
    "None": kernel.NAN_IS_ZERO,
    "NaN": kernel.NAN_IS_MISSING,
    "Zero": kernel.ZERO_IS_MISSING,
}

_Key = tuple[int, tuple[int, ...]]
"""A column: its feature, and the categories that it tells from the others."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Whether a column's code is at least ``low`` and below ``high``, or is that of missing."""

    column: int
    low: int
    high: int
    missing: bool = False

    def and_also(self, other: Question) -> Question:
        """Yes where both are, of the same numeric column."""
        return Question(
            column=self.column,
            low=max(self.low, other.low),
            high=min(self.high, other.high),
            missing=self.missing and other.missing,
        )


@dataclass(frozen=True, kw_only=True)
class Columns:
    """What rows are turned into: codes, one column for a numeric feature or a set of categories."""

    arrays: kernel.ColumnArrays
    place: dict[_Key, int]

    @classmethod
    def of(cls, forest: Forest) -> Columns:
        """The columns that a forest's questions are asked of.

        Raises:
            CannotExplain: If one feature's missing values are taken in two ways.
        """
        edges: dict[_Key, set[float]] = {}
        kinds: dict[_Key, int] = {}
        for split in forest.every_split():
            key = (split.feature, split.categories)
            numeric = split.edge is not None
            kind = _KINDS[split.missing] if numeric else kernel.CATEGORICAL
            if kinds.setdefault(key, kind) != kind:
                raise CannotExplain(
                    f"Missing values of feature {split.feature} are taken in two ways.",
                    next_step="Train all trees on data made in one way.",
                )
            here = {split.edge} if split.edge is not None else set(map(float, split.categories))
            edges.setdefault(key, set()).update(here)
        keys = sorted(edges)
        sizes = [len(edges[key]) for key in keys]
        flat = [edge for key in keys for edge in sorted(edges[key])]
        arrays = kernel.ColumnArrays(
            feature=np.array([key[0] for key in keys], dtype=np.int64),
            kind=np.array([kinds[key] for key in keys], dtype=np.int64),
            start=np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64),
            edge=np.array(flat, dtype=np.float64),
        )
        return cls(arrays=arrays, place={key: at for at, key in enumerate(keys)})

    def encode(self, x: NDArray[Any]) -> kernel.Codes:
        """Codes of some rows, columns by rows."""
        codes = np.empty((len(self.place), len(x)), dtype=np.uint16)
        kernel.compiled(kernel.encode)(x, self.arrays, codes)
        return codes

    def answer(self, split: Split, *, left: bool) -> Question:
        """The codes that go one way at a split."""
        column = self.place[split.feature, split.categories]
        if split.edge is None:
            return Question(column=column, low=0 if left else 1, high=1 if left else 2)
        first, last = self.arrays.start[column], self.arrays.start[column + 1]
        above = int(np.searchsorted(self.arrays.edge[first:last], split.edge)) + 1
        low, high = (0, above) if left else (above, int(last - first) + 1)
        return Question(column=column, low=low, high=high, missing=split.missing_left is left)
