"""Every measure of a block for many households at all their snapshots, from plain arrays.

It knows no engine: whoever has the rows of some accounts or people, and which of them reach which
household when, gets the same values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.aggregates import Values
from features.compiled import Asked, Rows
from features.declare import Fold
from features.folding import fold
from features.kernel import atoms_of
from features.reading import Reading
from features.stretches import Entries
from features.timeline import Timeline

GRAIN = 600.0
"""Sums are kept in whole parts of this: pence, and halves and thirds of them, add up exactly."""

_CELLS = 250_000  # of atoms and entries that are held together: 2 MB
_FOLDS = {Fold.SUM: 0, Fold.MAX: 1, Fold.MIN: 2}


def rows_of(
    found: Mapping[str, NDArray[Any]],
    numbers: NDArray[np.float64],
    months: NDArray[np.int32],
    *,
    keep: int,
) -> Rows:
    """Rows as the kernel reads them, in order of their key.

    Args:
        found: ``key``, ``known_day``, ``gone_day`` and ``event_day`` of each row, in days since
            1970.
        numbers: A line for each number that is read of the rows.
        months: A line for each start and end.
        keep: Months for which an event is kept.
    """
    key = found["key"].astype(np.int64)
    order = np.argsort(key, kind="stable") if np.any(np.diff(key) < 0) else slice(None)
    known, gone, event = (_months(found[f"{n}_day"][order]) for n in ("known", "gone", "event"))
    return Rows(
        key=key[order],
        seen=np.maximum(known, event),
        gone=gone,
        event=event,
        numbers=np.ascontiguousarray(numbers[:, order]),
        months=np.ascontiguousarray(months[:, order]),
        keep=keep,
    )


def counted(
    rows: Rows,
    reading: Reading,
    *,
    entries: Entries,
    days: NDArray[np.float64],
    line: Timeline,
) -> dict[str, Values]:
    """Each measure of a block: a value for every line of households; NaN where there is none.

    Args:
        rows: The block's rows.
        reading: What was read of them.
        entries: Which keys reach which line.
        days: Day of each line's snapshot, since 2000.
        line: The snapshots.
    """
    asked = Asked(
        atoms=reading.spec(),
        key=entries.key,
        k=entries.k,
        first_k=line.first_k,
        snapshots=line.last_k - line.first_k + 1,
    )
    measures = reading.measures
    found = {name: np.full(len(days), np.nan) for name in measures}
    for atoms, which in _parts(rows, asked):
        row, k = entries.row[which], entries.k[which].astype(np.float64)
        day = days[row]
        for name, measure in measures.items():
            of = reading.of(measure)
            value = of.of([atoms[at] for at in reading.places(of)], k, day)
            fold(value, row, _FOLDS[measure.fold], GRAIN, found[name])
    return {
        name: value / GRAIN if measures[name].fold is Fold.SUM else value
        for name, value in found.items()
    }


def _parts(rows: Rows, asked: Asked) -> Iterator[tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """Every atom of some entries at a time, so that they stay near; and which entries those are."""
    many = max(1, _CELLS // max(1, len(asked.atoms)))
    starts = np.searchsorted(asked.key, asked.key[::many], side="left")
    borders = np.append(np.unique(starts), len(asked.key))
    most = int(np.diff(borders).max(initial=0))
    out, which = np.empty((len(asked.atoms), most)), np.empty(most, dtype=np.int64)
    for first, last in pairwise(borders.tolist()):
        row = np.searchsorted(rows.key, asked.key[first], side="left")
        end = np.searchsorted(rows.key, asked.key[last - 1], side="right")
        count = atoms_of(rows, asked, (int(row), int(end), first, last), out, which)
        if count:
            yield out[:, :count], which[:count]


def _months(days: NDArray[Any]) -> NDArray[np.int32]:
    """Months since year 0 of days since 1970."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)
    made: NDArray[np.int32] = months + np.int32(1970 * 12)
    return made
