"""Every measure of a stretch of households by DuckDB, for all of their snapshots at once.

Rows of each table are read once; ``features.kernel`` counts them for every snapshot, and what
several accounts of a household come to is folded into one value.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.aggregates import Values
from features.blocks import BEFORE
from features.counted import counted, rows_of
from features.declare import Measure
from features.reading import Reading
from features.stretches import Entries, Stretch, firsts
from features.timeline import Timeline

_Number = TypeVar("_Number", bound=np.generic)


def values_of(
    con: duckdb.DuckDBPyConnection,
    block: str,
    measures: Mapping[str, Measure],
    *,
    entries: Entries,
    stretch: Stretch,
    line: Timeline,
) -> dict[str, Values]:
    """Each measure of a block: a value for every line of the stretch; NaN where there is none.

    Args:
        con: The modelling zone.
        block: Name of the block.
        measures: Its measures, by name.
        entries: Which keys reach which line.
        stretch: The lines.
        line: The snapshots.
    """
    reading = Reading(block, measures)
    found = _read(con, reading, entries=entries, stretch=stretch, line=line)
    rows = rows_of(
        found,
        _lines(found, "n", len(reading.numbers), np.float64),
        _lines(found, "m", len(reading.months), np.int32),
        keep=reading.keep,
    )
    days = stretch.rows["day"].to_numpy().astype(np.float64)
    return counted(rows, reading, entries=entries, days=days, line=line)


def _read(
    con: duckdb.DuckDBPyConnection,
    reading: Reading,
    *,
    entries: Entries,
    stretch: Stretch,
    line: Timeline,
) -> dict[str, NDArray[Any]]:
    """The rows of the keys that are wanted."""
    if reading.block == BEFORE:
        given = stretch.rows.rename({"place": "key"}).to_arrow()
        sql = reading.own_sql("given") + " ORDER BY key"
    else:
        given = pl.DataFrame({"key": entries.key[firsts(entries.key)]}).to_arrow()
        sql = reading.rows_sql(line, where="key IN (SELECT key FROM given)")
    con.register("given", given)
    found = {name: np.asarray(column) for name, column in con.execute(sql).fetchnumpy().items()}
    con.unregister("given")
    return found


def _lines(
    found: Mapping[str, NDArray[Any]], stem: str, count: int, kind: type[_Number]
) -> NDArray[_Number]:
    """Columns ``stem0``, ``stem1`` and so on, a line each."""
    made: NDArray[_Number] = np.empty((count, len(found["key"])), dtype=kind)
    for at in range(count):
        made[at] = found[f"{stem}{at}"]
    return made
