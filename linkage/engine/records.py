"""Records as the engine holds them: numbers from their content, and a table to query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from linkage.engine.settings import RECORD

Ints = NDArray[np.int64]
_COPY_STEP = 1_000_003
_SLICE = 1 << 16


def content_ids(frame: pl.DataFrame, columns: Sequence[str]) -> pl.Series:
    """A number for each row that stays the same while what it holds stays the same.

    Args:
        frame: Rows.
        columns: What counts as content.

    Returns:
        Positive numbers, in the order of the rows. Of rows that are alike the first takes the
        number of the content, and each further one a number of its own.
    """
    said = ", ".join(f"coalesce({column}::VARCHAR, chr(1))" for column in columns)
    with duckdb.connect() as con:
        con.register("given", arrow_of(frame.select(columns)))
        # The rows come in the order in which they are given.
        con.execute("SET preserve_insertion_order = true")
        found: pl.DataFrame = con.sql(
            f"""SELECT (md5_number(concat_ws(chr(0), {said})) >> 66)::BIGINT AS number FROM given"""
        ).pl()
    numbers = found["number"].alias(RECORD)
    if (np.diff(np.sort(numbers.to_numpy())) > 0).all():
        return numbers
    copies = pl.DataFrame({"number": numbers}).with_columns(
        pl.int_range(pl.len()).over("number").alias("copy")
    )
    # A step that no two contents are likely to lie apart.
    return (copies["number"] + copies["copy"] * _COPY_STEP).alias(RECORD)


def in_order(records: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """The records in the order of their numbers, and the numbers.

    Raises:
        ValueError: If a number is missing or given twice.
    """
    column = records[RECORD]
    ordered = records if column.is_sorted() else records.sort(RECORD)
    numbers = ordered[RECORD].to_numpy().astype(np.int64, copy=False)
    if column.null_count() or (numbers[1:] <= numbers[:-1]).any():
        raise ValueError(f"each record needs a {RECORD} of its own: some are missing or repeated")
    return ordered, numbers


def numbers_of(records: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """As :func:`in_order`, but the records are numbered from 0."""
    ordered, numbers = in_order(records)
    place = pl.Series(RECORD, np.arange(len(numbers), dtype=np.int64))
    return ordered.with_columns(place), numbers


def arrow_of(frame: pl.DataFrame) -> pa.Table:
    """The frame for a connection to read, its texts as they lie in memory and not copied."""
    return frame.to_arrow(compat_level=pl.CompatLevel.newest())


@contextmanager
def connected(threads: int, memory: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own, to nothing that is kept."""
    con = duckdb.connect(config={"threads": threads, "memory_limit": memory})
    try:
        yield con
    finally:
        con.close()


@contextmanager
def holding(
    records: pl.DataFrame, threads: int, memory: str
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection of its own that holds ``records``, in their order."""
    with connected(threads, memory) as con:
        con.register("given", arrow_of(records))
        con.execute("CREATE TABLE records AS SELECT * FROM given")
        con.unregister("given")
        yield con


def places(ids: pl.Series | Ints, numbers: Ints) -> Ints:
    """Where numbers lie among ``numbers``, which are in order; -1 for one that is not there."""
    wanted = np.asarray(ids, dtype=np.int64)
    if not len(numbers):
        return np.full(len(wanted), -1, dtype=np.int64)
    first, last = numbers[0], numbers[-1]
    if last - first == len(numbers) - 1:
        # Numbers without a gap tell their places themselves.
        return np.where((wanted >= first) & (wanted <= last), wanted - first, -1)
    at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    return np.where(numbers[at] == wanted, at, -1)


def both(some: Ints, others: Ints) -> Ints:
    """The numbers of either, in order, each once."""
    runs = merged_runs(some, others)
    found: Ints = runs[np.diff(runs, prepend=runs[:1] - 1) != 0]
    return found


def merged_runs(some: Ints, others: Ints) -> Ints:
    """All numbers of two arrays in order; a stable sort merges two that are in order."""
    return np.sort(np.concatenate([some, others]), kind="stable")


def distinct(numbers: Ints) -> Ints:
    """The numbers in order, each once."""
    found = np.sort(numbers)
    once: Ints = found[np.diff(found, prepend=found[:1] - 1) != 0]
    return once


def apart(some: Ints, others: Ints) -> tuple[Ints, Ints]:
    """Places of the numbers of each that the other lacks; both are in order.

    They are laid side by side some at a time, which a processor's cache can hold.
    """
    starts = np.arange(0, max(len(some), 1), _SLICE)
    lows = np.searchsorted(others, some[starts[1:]])
    found: list[tuple[Ints, Ints]] = []
    for start, low, high in zip(starts, [0, *lows], [*lows, len(others)], strict=True):
        one, other = some[start : start + _SLICE], others[low:high]
        runs = merged_runs(one, other)
        once = np.ones(len(runs), dtype=bool)
        same = runs[1:] == runs[:-1]
        once[1:] &= ~same
        once[:-1] &= ~same
        lone = runs[once]
        at = places(lone, one)
        mine = at >= 0
        found.append((start + at[mine], low + places(lone[~mine], other)))
    lone_some, lone_others = (np.concatenate(part) for part in zip(*found, strict=True))
    return lone_some, lone_others
