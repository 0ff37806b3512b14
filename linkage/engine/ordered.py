"""Tables in the order of a column: rows of some numbers, and some rows for others.

A month changes few rows of tables of millions. Rows are looked up by few numbers, not numbers by
many rows, and every column is copied once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkage.engine.records import Ints, places
from linkage.engine.settings import RECORD

_TOP = 1 << 12


def rows_of(frame: pl.DataFrame, nodes: Ints) -> pl.DataFrame:
    """The rows of those of the nodes that a frame in the order of its records has."""
    at = places(nodes, frame[RECORD].to_numpy())
    return frame[at[at >= 0]]


def rows_among(frame: pl.DataFrame, column: str, numbers: Ints) -> NDArray[np.bool_]:
    """Which rows of a frame in the order of ``column`` have one of the numbers, each given once."""
    held = frame[column].to_numpy()
    starts = np.searchsorted(held, numbers)
    there = starts < len(held)
    there[there] = held[starts[there]] == numbers[there]
    steps = np.zeros(len(held) + 1, dtype=np.int8)
    steps[starts[there]] += 1
    steps[np.searchsorted(held, numbers[there], "right")] -= 1
    np.cumsum(steps, out=steps)
    return steps[:-1].view(np.bool_)


def renewed(
    frame: pl.DataFrame, now: pl.DataFrame, by: Sequence[str], *, stale: Ints
) -> pl.DataFrame:
    """The frame with some rows gone and others put in, in order.

    Args:
        frame: In the order of ``by``.
        now: Rows to put in, with at least its columns.
        by: Columns of the order; no number of the first is both in what stays and in ``now``.
        stale: Numbers whose rows go, by the first of the columns; each once.
    """
    now = now.sort(by).select(frame.columns)
    kept = np.flatnonzero(~rows_among(frame, by[0], stale))
    if not len(kept):
        return now
    at = np.searchsorted(frame[by[0]].to_numpy()[kept], now[by[0]].to_numpy())
    put = at + np.arange(now.height)
    order = np.empty(len(kept) + now.height, dtype=np.int64)
    stays = np.ones(len(order), dtype=bool)
    stays[put] = False
    order[stays] = kept
    order[put] = frame.height + np.arange(now.height)
    return pl.DataFrame([_picked(frame[name], now[name], order, put) for name in frame.columns])


def _picked(before: pl.Series, now: pl.Series, order: Ints, put: Ints) -> pl.Series:
    """Values of two columns, laid end to end, in an order that puts those of the second so.

    To lay the two end to end would copy the longer one once more, so it is not done where the
    second can be written over, or where all that it says is said at the top of the first.
    """
    if before.dtype.is_numeric() and not before.null_count() and not now.null_count():
        values = before.to_numpy().take(order, mode="clip")
        values[put] = now.to_numpy()
        return pl.Series(before.name, values)
    top = before.head(_TOP).to_frame("said").with_row_index("at").unique("said", keep="first")
    told = now.to_frame("said").join(top, on="said", how="left", maintain_order="left")["at"]
    if not told.null_count():
        order = order.copy()
        order[put] = told.to_numpy()
    else:
        before = pl.concat([before, now], rechunk=True)
    return before.gather(pl.Series(order, dtype=pl.get_index_type()))
