"""Windows over the rows of each account or person, for every snapshot in one pass.

A row counts for an atom from one month until before another: from its recording, its event and its
start, until it is replaced, grown too old or ended. So what is added up costs the same for one
snapshot and for thirty-six, and the rest as many steps as months for which a row counts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Months = NDArray[np.int32]
Floats = NDArray[np.float64]

_SUM, _MAX, _MIN, _LAST, _MEDIAN, _KINDS = 0, 1, 2, 3, 4, 5
_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiled(function: _Function) -> _Function:
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


class Rows(NamedTuple):
    """Rows of a table, in order of their key.

    Attributes:
        key: The account or person.
        seen: Month from which a row counts: of its event and its recording, the later.
        gone: Month in which it is replaced.
        event: Month of its event.
        numbers: A line for each number that is read of the rows; NaN where it does not count.
        months: A line for each start and end of theirs.
        keep: Months for which an event is kept.
    """

    key: Ints
    seen: Months
    gone: Months
    event: Months
    numbers: Floats
    months: Months
    keep: int


class Asked(NamedTuple):
    """What is asked of them.

    Attributes:
        atoms: For each atom: op, line of its number, line of its date, youngest, oldest, line of
            its start, line of its end (-1 for none), and 1 where it reads replaced rows.
        key: Key of each account or person at a snapshot, in order.
        k: Month of that snapshot.
        first_k: Month of the first snapshot.
        snapshots: How many months there are.
    """

    atoms: Months
    key: Ints
    k: Months
    first_k: int
    snapshots: int


@_compiled
def atoms_of(rows: Rows, asked: Asked, out: Floats, has: NDArray[np.bool_]) -> None:
    """Every atom of every account or person and snapshot.

    Args:
        rows: The rows.
        asked: The atoms, and the keys and snapshots.
        out: A line for each atom, a key and snapshot each: written where any row counts.
        has: Whether any row of the key counts at all then: written.
    """
    atoms = len(asked.atoms)
    value = np.empty((atoms, asked.snapshots))
    spare = np.empty((asked.snapshots, max(_longest(rows.key), asked.snapshots)))
    there = np.empty(asked.snapshots + 1, np.int64)
    row, entry = 0, 0
    while row < len(rows.key) and entry < len(asked.key):
        key = rows.key[row]
        if key > asked.key[entry]:
            entry += 1
            continue
        end = row
        while end < len(rows.key) and rows.key[end] == key:
            end += 1
        if key == asked.key[entry]:
            _rows_there(there, rows, asked, row, end)
            for a in range(atoms):
                _one(value[a], spare, rows, asked, (a, row, end))
        first = entry
        while entry < len(asked.key) and asked.key[entry] == key:
            has[entry] = there[asked.k[entry] - asked.first_k] > 0
            entry += 1
        # Line by line, as the lines are far apart in memory.
        for a in range(atoms if entry > first else 0):
            for e in range(first, entry):
                out[a, e] = value[a, asked.k[e] - asked.first_k]
        row = end


@_compiled
def _longest(key: Ints) -> int:
    """Most rows of any key."""
    longest, start = 0, 0
    for r in range(len(key)):
        if key[r] != key[start]:
            start = r
        longest = max(longest, r + 1 - start)
    return longest


@_compiled
def _rows_there(there: Ints, rows: Rows, asked: Asked, row: int, end: int) -> None:
    """How many rows count at all at each snapshot."""
    past = asked.atoms[:, 7].max() == 1
    there[:] = 0
    for r in range(row, end):
        stop = min(rows.event[r] + rows.keep, asked.first_k + asked.snapshots)
        if not past:
            stop = min(stop, rows.gone[r])
        start = max(rows.seen[r], asked.first_k)
        if start < stop:
            there[start - asked.first_k] += 1
            there[stop - asked.first_k] -= 1
    for at in range(1, asked.snapshots):
        there[at] += there[at - 1]


@_compiled
def _one(
    value: Floats, spare: Floats, rows: Rows, asked: Asked, which: tuple[int, int, int]
) -> None:
    """One atom of one key at every snapshot; ``which`` is the atom and the key's rows."""
    a, row, end = which
    op, number = asked.atoms[a, 0], rows.numbers[asked.atoms[a, 1]]
    value[:] = 0.0 if op in (_SUM, _KINDS) else np.nan
    if op == _LAST:
        spare[0, : asked.snapshots] = -np.inf
    if op == _MEDIAN:
        _middles(value, spare, rows, asked, which)
        return
    for r in range(row, end):
        if np.isnan(number[r]):
            continue
        start, stop = _span(rows, asked, a, r)
        if start < stop:
            day = rows.numbers[asked.atoms[a, 2], r] if op == _LAST else 0.0
            _take(value, spare[0], op, (number[r], day), (start, stop))
    if op == _SUM:
        for at in range(1, asked.snapshots):
            value[at] += value[at - 1]
    elif op == _KINDS:
        _kinds(value)


@_compiled
def _take(
    value: Floats, best: Floats, op: int, what: tuple[float, float], span: tuple[int, int]
) -> None:
    """One row into the snapshots at which it counts; sums are still to be run up."""
    (x, day), (start, stop) = what, span
    if op == _SUM:
        value[start] += x
        if stop < len(value):
            value[stop] -= x
        return
    for at in range(start, stop):
        if op == _KINDS:
            value[at] = float(np.int64(value[at]) | np.int64(x))
        elif op == _LAST:
            if day > best[at] or (day == best[at] and x > value[at]):
                best[at], value[at] = day, x
        elif np.isnan(value[at]) or (x > value[at] if op == _MAX else x < value[at]):
            value[at] = x


@_compiled
def _span(rows: Rows, asked: Asked, a: int, r: int) -> tuple[int, int]:
    """The snapshots at which a row counts for an atom, the last excluded."""
    atom = asked.atoms[a]
    start = max(rows.seen[r], rows.event[r] + atom[3], asked.first_k)
    stop = min(rows.event[r] + min(rows.keep, atom[4] + 1), asked.first_k + asked.snapshots)
    if atom[5] >= 0:
        start = max(start, rows.months[atom[5], r])
    if atom[6] >= 0:
        stop = min(stop, rows.months[atom[6], r])
    if atom[7] == 0:
        stop = min(stop, rows.gone[r])
    return start - asked.first_k, stop - asked.first_k


@_compiled
def _kinds(value: Floats) -> None:
    for at in range(len(value)):
        bits, count = np.int64(value[at]), 0
        while bits:
            bits &= bits - 1
            count += 1
        value[at] = count


@_compiled
def _middles(
    value: Floats, spare: Floats, rows: Rows, asked: Asked, which: tuple[int, int, int]
) -> None:
    """Medians; ``spare`` has a line for each snapshot, and room in it for every row of a key."""
    a, row, end = which
    number = rows.numbers[asked.atoms[a, 1]]
    many = np.zeros(len(value), np.int64)
    for r in range(row, end):
        if np.isnan(number[r]):
            continue
        start, stop = _span(rows, asked, a, r)
        for at in range(start, stop):
            spare[at, many[at]] = number[r]
            many[at] += 1
    for at in range(len(value)):
        n = many[at]
        if n > 0:
            found = np.sort(spare[at, :n])
            value[at] = found[(n - 1) // 2] * 0.5 + found[n // 2] * 0.5


@_compiled
def fold(values: Floats, row: Ints, how: int, grain: float, out: Floats) -> None:
    """Accounts and people into their household: 0 adds up, 1 keeps the largest, 2 the smallest.

    Sums are of whole ``1 / grain``, so that no order of rows can change them.

    Args:
        values: A value for each entry; NaN where there is none.
        row: Where each belongs in ``out``.
        how: Which fold.
        grain: Parts of a unit in which sums are kept.
        out: A value for each household and snapshot, NaN where there is none yet: changed.
    """
    for i in range(len(values)):
        x = values[i]
        if np.isnan(x):
            continue
        at = row[i]
        if how == 0:
            whole = np.floor(x * grain + 0.5)
            out[at] = whole if np.isnan(out[at]) else out[at] + whole
        elif how == 1:
            if not out[at] >= x:
                out[at] = x
        elif not out[at] <= x:
            out[at] = x
    if how == 0:
        for at in range(len(out)):
            out[at] = out[at] / grain
