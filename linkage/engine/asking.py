"""Conditions of two records, asked of many pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa

from linkage.engine.records import Ints

_BATCH = 1 << 16
_BATCHES = 8


def columns_in(said: str, known: Sequence[str]) -> list[str]:
    """Columns that SQL names as ``l.<column>`` or ``<column>_l``, or likewise of ``r``."""
    named = set(re.findall(r"\b[lr]\.(\w+)", said)) | set(re.findall(r"\b(\w+)_[lr]\b", said))
    return [column for column in known if column in named]


def asked(
    con: duckdb.DuckDBPyConnection,
    records: pl.DataFrame,
    ends: tuple[Ints, Ints],
    query: str,
) -> pl.DataFrame:
    """What a query says of pairs.

    The two records of a pair are laid side by side and not joined: picking rows by their place
    takes a tenth of looking them up. It is done for some pairs at a time, so that memory is
    bounded.

    Args:
        con: Any connection.
        records: One row a record.
        ends: Places of the two records of each pair.
        query: ``SELECT n, … FROM pairs …``, one row a pair or none: ``pairs`` has ``n``, the number
            of the pair, and the records ``l`` and ``r``, whose columns are ``l.first`` and so on.

    Returns:
        The rows of all pairs, in the order of ``n``.
    """
    needed = records.select(columns_in(query, records.columns))
    parts = []
    for start in range(0, max(len(ends[0]), 1), _BATCH * _BATCHES):
        stop = min(start + _BATCH * _BATCHES, len(ends[0]))
        con.register("pairs", _beside(needed, ends, start, stop))
        parts.append(con.sql(query).pl())
        con.unregister("pairs")
    found: pl.DataFrame = pl.concat(parts)
    number = found["n"].to_numpy()
    # With several threads rows may come in any order.
    return found if (np.diff(number) > 0).all() else found.sort("n")


def _beside(records: pl.DataFrame, ends: tuple[Ints, Ints], start: int, stop: int) -> pa.Table:
    """Some of the pairs, in batches of their own that threads can share."""
    batches = []
    for low in range(start, max(stop, start + 1), _BATCH):
        rows = range(low, min(low + _BATCH, stop))
        sides = {
            name: records[end[rows.start : rows.stop]].to_struct(name)
            for name, end in zip("lr", ends, strict=True)
            if records.width
        }
        number = pl.Series("n", np.arange(rows.start, rows.stop, dtype=np.int64))
        frame = pl.DataFrame([number, *sides.values()])
        batches += frame.to_arrow(compat_level=pl.CompatLevel.newest()).to_batches()
    return pa.Table.from_batches(batches) if batches else frame.to_arrow()
