"""Which of many numbers are among some others, mostly told by a few of their bits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import numpy as np

from linkage.engine.records import Ints, places
from linkage.engine.runs import Bools, Hashes

_BITS = 20
_REST = np.uint64(64 - _BITS)
_LAST = np.uint64((1 << _BITS) - 1)
# As many as lie in a processor's cache.
_SLICE = 1 << 16


class Marks:
    """Numbers marked by their first bits and by their last.

    That tells most others from them at a tenth of what looking each of them up takes.
    """

    def __init__(self, wanted: Hashes) -> None:
        self._first, self._last = np.zeros((2, 1 << _BITS), dtype=bool)
        self._first[wanted >> _REST] = True
        self._last[wanted & _LAST] = True

    @classmethod
    def of(cls, wanted: Ints) -> Self:
        """Of numbers with a sign."""
        return cls(wanted.view(np.uint64))

    def near(self, count: int, values: Callable[[slice], Hashes]) -> Ints:
        """Places, in order, whose values are marked: those of the numbers, and some by chance.

        Args:
            count: How many places there are.
            values: The values at some places, asked for as many as are quick to go through.
        """
        found = [np.zeros(0, dtype=np.int64)]
        for start in range(0, count, _SLICE):
            value = values(slice(start, start + _SLICE))
            # A whole number with a sign is an index as it stands.
            near = np.flatnonzero(self._last[(value & _LAST).view(np.int64)])
            found.append(near[self._first[value[near] >> _REST]] + start)
        return np.concatenate(found)


def rows_with(values: Ints, wanted: Ints) -> Ints:
    """Places, in order, whose value is one of the wanted, which are in order."""
    hashed = values.view(np.uint64)
    near = Marks.of(wanted).near(len(values), lambda some: hashed[some])
    there: Bools = places(values[near], wanted) >= 0
    return near[there]
