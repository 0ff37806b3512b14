"""One part of the households: from Arrow tables of rows and reaches to an Arrow table of values.

What it does with them is what DuckDB's way does too (``features.counted``); this only lays Arrow
columns out as arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from contracts.made.crossed import Attach
from contracts.months import month_index
from contracts.place import Place
from features.aggregates import Values
from features.blocks import BEFORE, BLOCKS
from features.compiled import Rows
from features.counted import counted, rows_of
from features.plan import Plan
from features.reading import Reading
from features.spark.session import PartFunction
from features.stretches import Entries, reached
from features.timeline import Timeline

OWN = -1
"""In place of a kind of key: the household itself."""

_DAY_ONE = date(2000, 1, 1)
_ATTACHES = tuple(Attach)


def attach_number(attach: Attach) -> int:
    """Number of a kind of key."""
    return _ATTACHES.index(attach)


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """A part's households at their snapshots.

    Attributes:
        ids: The households, in order.
        household: Household of each line.
        k: Month of each line.
        places: Line of each household and month; -1 where it was none then.
    """

    ids: NDArray[np.int64]
    household: NDArray[np.int64]
    k: NDArray[np.int64]
    places: NDArray[np.int64]


def counted_schema(plan: Plan) -> pa.Schema:
    """Columns of a part's values."""
    values = [(name, pa.float64()) for block in plan.blocks for name in plan.measures(block)]
    return pa.schema([("household_id", pa.int64()), ("k", pa.int64()), *values])


def counter(place: Place, line: Timeline) -> PartFunction:
    """The function that counts a part, for a worker that knows nothing else."""

    def count(entries: pa.Table, rows: pa.Table) -> pa.Table:
        return count_part(entries, rows, plan=Plan(place), line=line)

    return count


def count_part(entries: pa.Table, rows: pa.Table, *, plan: Plan, line: Timeline) -> pa.Table:
    """Every measure of a part's households at their snapshots, a row each.

    Args:
        entries: ``attach``, ``key``, ``k`` and ``household_id``: which key reaches which household
            when, and of the attach :data:`OWN` the lines themselves.
        rows: ``block``, ``key``, days, and the numbers ``n`` and months ``m`` of each row.
        plan: What a place can have.
        line: The snapshots.
    """
    attach = _ints(entries, "attach")
    lines = _lines_of(entries.filter(pa.array(attach == OWN)), line)
    if not len(lines.ids):
        return counted_schema(plan).empty_table()
    days = _days(line)[lines.k - line.first_k]
    of_block = _by_block(rows, len(plan.blocks))
    ways: dict[Attach, Entries] = {}
    values: dict[str, Values] = {}
    for at, name in enumerate(plan.blocks):
        reading = Reading(name, plan.measures(name))
        if name == BEFORE:
            way = _own(lines)
        elif (key := BLOCKS[name].attach) in ways:
            way = ways[key]
        else:
            those = entries.filter(pa.array(attach == attach_number(key)))
            way = ways[key] = _reached(those, lines, line)
        read = _rows(of_block[at], reading)
        values |= counted(read, reading, entries=way, days=days, line=line)
    return _table(lines, values, counted_schema(plan))


def _table(lines: _Lines, values: Mapping[str, Values], schema: pa.Schema) -> pa.Table:
    arrays = [pa.array(lines.household), pa.array(lines.k)]
    # What is not a number there is no value in a table.
    arrays += [pa.array(value, from_pandas=True) for value in values.values()]
    return pa.Table.from_arrays(arrays, schema=schema)


def _ints(table: pa.Table, name: str) -> NDArray[np.int64]:
    return np.asarray(table.column(name).to_numpy()).astype(np.int64)


def _days(line: Timeline) -> NDArray[np.float64]:
    """Day of each month since 2000, by its place after the first."""
    found = np.full(line.last_k - line.first_k + 1, np.nan)
    for day in line.snapshots:
        found[month_index(day) - line.first_k] = (day - _DAY_ONE).days
    return found


def _lines_of(own: pa.Table, line: Timeline) -> _Lines:
    months = line.last_k - line.first_k + 1
    ids, household = np.unique(_ints(own, "household_id"), return_inverse=True)
    at = np.unique(household * months + _ints(own, "k") - line.first_k)
    places = np.full(len(ids) * months, -1, dtype=np.int64)
    places[at] = np.arange(len(at))
    return _Lines(ids=ids, household=ids[at // months], k=at % months + line.first_k, places=places)


def _own(lines: _Lines) -> Entries:
    return Entries(
        key=lines.household,
        k=lines.k.astype(np.int32),
        row=np.arange(len(lines.k), dtype=np.int64),
    )


def _reached(those: pa.Table, lines: _Lines, line: Timeline) -> Entries:
    months = line.last_k - line.first_k + 1
    household = _ints(those, "household_id")
    place = np.searchsorted(lines.ids, household)
    known = lines.ids[np.minimum(place, len(lines.ids) - 1)] == household
    code = (_ints(those, "key") * len(lines.ids) + place) * months
    return reached((code + _ints(those, "k") - line.first_k)[known], lines.places, line)


def _by_block(rows: pa.Table, blocks: int) -> list[pa.Table]:
    """The rows of each block."""
    block = _ints(rows, "block")
    order = np.argsort(block, kind="stable")
    borders = np.searchsorted(block[order], np.arange(blocks + 1))
    ordered = rows.take(pa.array(order))
    return [ordered.slice(borders[at], borders[at + 1] - borders[at]) for at in range(blocks)]


def _rows(table: pa.Table, reading: Reading) -> Rows:
    found = {name: _ints(table, name) for name in ("key", "known_day", "gone_day", "event_day")}
    return rows_of(
        found,
        _laid(table, "n", len(reading.numbers)).astype(np.float64),
        _laid(table, "m", len(reading.months)).astype(np.int32),
        keep=reading.keep,
    )


def _laid(table: pa.Table, name: str, width: int) -> NDArray[np.float64] | NDArray[np.int32]:
    """Lists of one length, a line for each place in them."""
    flat = table.column(name).combine_chunks().flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat).reshape(table.num_rows, width).T
