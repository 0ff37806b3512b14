"""Which records share a value with some of them, told by hashes of their columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from linkage.engine.records import Ints, places
from linkage.engine.runs import Bools, Hashes, Runs

# Multiplied by it, a column's hash is not undone by another's.
_ODD = np.uint64(0x9E3779B97F4A7C15)
_BITS = 22
_REST = np.uint64(64 - _BITS)


class Sharing:
    """Finds the records that share a value.

    A value is told by the hashes of its columns, each worked out once. Two values may have one
    hash: a record too many is then looked at, and no more.

    Attributes:
        ordered: All records.
        numbers: Their numbers, in order.
    """

    def __init__(self, ordered: pl.DataFrame, numbers: Ints) -> None:
        self.ordered = ordered
        self.numbers = numbers
        self._hashed: dict[str, tuple[Hashes, Bools]] = {}

    def by(self, nodes: Ints, values: Sequence[tuple[str, ...]]) -> Ints:
        """The nodes that are there, and the records that share a value with one of them, in order.

        Args:
            nodes: Record numbers.
            values: Each a tuple of columns; a record that lacks one of them shares nothing by it.
        """
        at = places(nodes, self.numbers)
        at = at[at >= 0]
        shares = np.zeros(len(self.numbers), dtype=bool)
        shares[at] = True
        for columns in values:
            value, held = self._value(columns)
            shares[_among(value, held, np.sort(value[at[held[at]]]))] = True
        return self.numbers[shares]

    def runs(
        self, columns: tuple[str, ...], at: Ints | None = None, *, first: Bools | None = None
    ) -> Runs:
        """Values that several records share.

        Args:
            columns: A record that lacks one of them shares nothing.
            at: Places that are looked at; None for all.
            first: As in :meth:`Runs.of`.
        """
        value, held = self._value(columns)
        wanted = np.flatnonzero(held) if at is None else at[held[at]]
        return Runs.of(value, wanted, first=first)

    def content(self, columns: Sequence[str], at: Ints) -> Hashes:
        """A number for all that the records at some places hold in the columns, or lack."""
        found = np.zeros(len(at), dtype=np.uint64)
        for column in columns:
            if column in self._hashed:
                hashed = self._hashed[column][0][at]
            else:
                hashed = self.ordered[column].gather(at).hash().to_numpy()
            found = found * _ODD + hashed
        return found

    def _value(self, columns: tuple[str, ...]) -> tuple[Hashes, Bools]:
        """A number for what each record has in the columns, and whether it has all of them."""
        value, held = self._hash(columns[0])
        for column in columns[1:]:
            more, there = self._hash(column)
            value, held = value * _ODD + more, held & there
        return value, held

    def _hash(self, column: str) -> tuple[Hashes, Bools]:
        if column not in self._hashed:
            said = self.ordered[column]
            self._hashed[column] = said.hash().to_numpy(), said.is_not_null().to_numpy()
        return self._hashed[column]


def _among(value: Hashes, held: Bools, wanted: Hashes) -> Ints:
    """Places of the values that are held and are among the wanted, which are in order."""
    if not len(wanted):
        return np.zeros(0, dtype=np.int64)
    # Most values are told apart by their first bits, at a tenth of the cost of looking them up.
    marked = np.zeros(1 << _BITS, dtype=bool)
    marked[wanted >> _REST] = True
    at = np.flatnonzero(marked[value >> _REST] & held)
    found = np.minimum(np.searchsorted(wanted, value[at]), len(wanted) - 1)
    right: Ints = at[wanted[found] == value[at]]
    return right
