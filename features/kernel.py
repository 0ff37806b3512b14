"""Windows over the rows of each account or person, for every snapshot in one pass.

A row counts for an atom from one month until before another: from its recording, its event and its
start, until it is replaced, grown too old or ended. So what is added up costs the same for one
snapshot and for thirty-six, and the rest as many steps as months for which a row counts.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Months = NDArray[np.int32]
Floats = NDArray[np.float64]

_SUM, _MAX, _MIN, _LAST, _MEDIAN, _KINDS = 0, 1, 2, 3, 4, 5
_compiled: Any = numba.njit(cache=True, nogil=True)


@_compiled
def atoms_of(
    row_key: Ints,
    seen: Months,
    gone: Months,
    event: Months,
    numbers: Floats,
    months: Months,
    spec: Months,
    keep: int,
    entry_key: Ints,
    entry_k: Months,
    first_k: int,
    snapshots: int,
    out: Floats,
    has: NDArray[np.bool_],
) -> None:
    """Every atom of every account or person and snapshot.

    Args:
        row_key: Key of each row, in order.
        seen: Month from which a row counts: of its event and its recording, the later.
        gone: Month in which it is replaced.
        event: Month of its event.
        numbers: A line for each number that is read of the rows; NaN where it does not count.
        months: A line for each start and end of theirs.
        spec: For each atom: op, line of its number, line of its date, youngest, oldest, line of its
            start, line of its end (-1 for none), and 1 where it reads replaced rows.
        keep: Months for which an event is kept.
        entry_key: Key of each account or person at a snapshot, in order.
        entry_k: Month of that snapshot.
        first_k: Month of the first snapshot.
        snapshots: How many months there are.
        out: A line for each atom, an entry each: written.
        has: Whether any row of the key counts at all then: written.
    """
    rows, entries, atoms = len(row_key), len(entry_key), len(spec)
    value = np.empty((atoms, snapshots))
    best = np.empty(snapshots)
    any_row = np.empty(snapshots + 1, np.int64)
    spare = np.empty(rows)
    row, entry = 0, 0
    while row < rows and entry < entries:
        key = row_key[row]
        if key > entry_key[entry]:
            entry += 1
            continue
        end = row
        while end < rows and row_key[end] == key:
            end += 1
        if key < entry_key[entry]:
            row = end
            continue
        _rows_there(any_row, seen, gone, event, row, end, keep, first_k, snapshots, spec)
        for a in range(atoms):
            _one(
                value[a], best, spare, seen, gone, event, numbers, months, spec[a],
                keep, row, end, first_k, snapshots,
            )
        while entry < entries and entry_key[entry] == key:
            at = entry_k[entry] - first_k
            if any_row[at] > 0:
                has[entry] = True
                for a in range(atoms):
                    out[a, entry] = value[a, at]
            entry += 1
        row = end


@_compiled
def _rows_there(
    any_row: Ints,
    seen: Months,
    gone: Months,
    event: Months,
    row: int,
    end: int,
    keep: int,
    first_k: int,
    snapshots: int,
    spec: Months,
) -> None:
    past = False
    for a in range(len(spec)):
        past = past or spec[a, 7] == 1
    any_row[:] = 0
    for r in range(row, end):
        start = max(seen[r], first_k)
        stop = min(event[r] + keep, first_k + snapshots)
        if not past:
            stop = min(stop, gone[r])
        if start < stop:
            any_row[start - first_k] += 1
            any_row[stop - first_k] -= 1
    for at in range(1, snapshots):
        any_row[at] += any_row[at - 1]


@_compiled
def _one(
    value: Floats,
    best: Floats,
    spare: Floats,
    seen: Months,
    gone: Months,
    event: Months,
    numbers: Floats,
    months: Months,
    atom: Months,
    keep: int,
    row: int,
    end: int,
    first_k: int,
    snapshots: int,
) -> None:
    op, number = atom[0], numbers[atom[1]]
    value[:] = 0.0 if op == _SUM or op == _KINDS else np.nan
    if op == _LAST:
        best[:] = -np.inf
    for r in range(row, end):
        x = number[r]
        if np.isnan(x):
            continue
        start, stop = _span(seen, gone, event, months, atom, keep, r)
        start, stop = max(start, first_k) - first_k, min(stop, first_k + snapshots) - first_k
        if start >= stop:
            continue
        if op == _SUM:
            value[start] += x
            if stop < snapshots:
                value[stop] -= x
        elif op == _MAX:
            for at in range(start, stop):
                if not value[at] >= x:
                    value[at] = x
        elif op == _MIN:
            for at in range(start, stop):
                if not value[at] <= x:
                    value[at] = x
        elif op == _LAST:
            day = numbers[atom[2], r]
            for at in range(start, stop):
                if day > best[at] or (day == best[at] and x > value[at]):
                    best[at] = day
                    value[at] = x
        elif op == _KINDS:
            for at in range(start, stop):
                value[at] = float(np.int64(value[at]) | np.int64(x))
    if op == _SUM:
        for at in range(1, snapshots):
            value[at] += value[at - 1]
    elif op == _KINDS:
        _kinds(value)
    elif op == _MEDIAN:
        _middles(
            value, spare, seen, gone, event, number, months, atom, keep, row, end, first_k
        )


@_compiled
def _span(
    seen: Months,
    gone: Months,
    event: Months,
    months: Months,
    atom: Months,
    keep: int,
    r: int,
) -> tuple[int, int]:
    start = max(seen[r], event[r] + atom[3])
    stop = event[r] + min(keep, atom[4] + 1)
    if atom[5] >= 0:
        start = max(start, months[atom[5], r])
    if atom[6] >= 0:
        stop = min(stop, months[atom[6], r])
    if atom[7] == 0:
        stop = min(stop, gone[r])
    return start, stop


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
    value: Floats,
    spare: Floats,
    seen: Months,
    gone: Months,
    event: Months,
    number: Floats,
    months: Months,
    atom: Months,
    keep: int,
    row: int,
    end: int,
    first_k: int,
) -> None:
    for at in range(len(value)):
        n = 0
        for r in range(row, end):
            x = number[r]
            if np.isnan(x):
                continue
            start, stop = _span(seen, gone, event, months, atom, keep, r)
            if start <= first_k + at < stop:
                spare[n] = x
                n += 1
        if n > 0:
            found = np.sort(spare[:n])
            low, high = found[(n - 1) // 2], found[n // 2]
            value[at] = low * 0.5 + high * 0.5


@_compiled
def fold(
    values: Floats, has: NDArray[np.bool_], row: Ints, how: int, grain: float, out: Floats
) -> None:
    """Accounts and people into their household: 0 adds up, 1 keeps the largest, 2 the smallest.

    Sums are of whole ``1 / grain``, so that no order of rows can change them.

    Args:
        values: A value for each entry; NaN where there is none.
        has: Entries that count.
        row: Where each belongs in ``out``.
        how: Which fold.
        grain: Parts of a unit in which sums are kept.
        out: A value for each household and snapshot, NaN where there is none yet: changed.
    """
    for i in range(len(values)):
        x = values[i]
        if not has[i] or np.isnan(x):
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
