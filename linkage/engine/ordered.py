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


def rows_among(frame: pl.DataFrame, column: str, numbers: Ints) -> Ints:
    """Places of the rows that have one of the numbers.

    Args:
        frame: In the order of ``column``.
        column: Whole numbers, which may come several times.
        numbers: In order, each once.
    """
    held = frame[column].to_numpy()
    starts = np.searchsorted(held, numbers)
    there = starts < len(held)
    there[there] = held[starts[there]] == numbers[there]
    starts = starts[there]
    sizes = np.searchsorted(held, numbers[there], "right") - starts
    steps = np.cumsum(sizes)
    found: Ints = np.repeat(starts - steps + sizes, sizes) + np.arange(int(sizes.sum()))
    return found


def renewed(
    frame: pl.DataFrame, now: pl.DataFrame, by: Sequence[str], *, stale: Ints
) -> pl.DataFrame:
    """The frame with some rows gone and others put in, in order.

    Args:
        frame: In the order of ``by``.
        now: Rows to put in, with at least its columns.
        by: Columns of the order; no number of the first is both in what stays and in ``now``.
        stale: Numbers whose rows go, by the first of the columns; in order, each once.
    """
    now = now.sort(by).select(frame.columns)
    gone = rows_among(frame, by[0], stale)
    if len(gone) == frame.height:
        return now
    # Rows are put in before the first that stays and comes after them.
    at = np.searchsorted(frame[by[0]].to_numpy(), now[by[0]].to_numpy())
    put = at - np.searchsorted(gone, at) + np.arange(now.height)
    stays = np.ones(frame.height, dtype=bool)
    stays[gone] = False
    old = np.ones(frame.height - len(gone) + now.height, dtype=bool)
    old[put] = False
    order = np.zeros(len(old), dtype=np.int64)
    order[old] = np.flatnonzero(stays)
    rows = order.astype(np.uint32)
    return pl.DataFrame(
        [
            _overlaid(before, now[before.name], order, put)
            if _plain(before) and _plain(now[before.name])
            else _picked(before, now[before.name], rows, put)
            for before in frame.get_columns()
        ]
    )


def _plain(column: pl.Series) -> bool:
    return (column.dtype.is_numeric() or column.dtype == pl.Boolean()) and not column.null_count()


def _overlaid(before: pl.Series, now: pl.Series, order: Ints, put: Ints) -> pl.Series:
    """Values of a column in an order, others written over some of them.

    To lay the two columns end to end would copy the longer one once more.
    """
    values = before.to_numpy().take(order, mode="clip")
    values[put] = now.to_numpy()
    return pl.Series(before.name, values)


def _picked(before: pl.Series, now: pl.Series, rows: NDArray[np.uint32], put: Ints) -> pl.Series:
    """Likewise of texts, which repeat: the same are looked for at the top of the column."""
    top = before.head(_TOP).to_frame("said").with_row_index("at").unique("said", keep="first")
    told = now.to_frame("said").join(top, on="said", how="left", maintain_order="left")["at"]
    if told.null_count():
        told = pl.select(pl.int_range(now.len()) + before.len()).to_series()
        before = pl.concat([before, now], rechunk=True)
    rows[put] = told.to_numpy()
    return before.gather(pl.Series(rows))
