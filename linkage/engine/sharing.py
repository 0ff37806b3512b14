"""Which records share a value with some of them, told by hashes of their columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

import numpy as np
import polars as pl

from linkage.engine.marks import Marks
from linkage.engine.records import Ints
from linkage.engine.runs import Bools, Hashes, Runs

# Multiplied by it, a column's hash is not undone by another's.
_ODD = np.uint64(0x9E3779B97F4A7C15)
_STEP = 1 << 18


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
        self._hashed: dict[str, Hashes] = {}
        self._there: dict[str, Bools] = {}

    def by(self, at: Ints, values: Sequence[tuple[str, ...]]) -> list[Ints]:
        """Who shares a value with the records at some places.

        Args:
            at: The places.
            values: Each a tuple of columns; a record that lacks one of them shares nothing by it.

        Returns:
            For each of ``values`` the places of those who share it, in order: also the given ones
            that do not lack it, and of all others one in some hundreds by chance.
        """
        if not len(at):
            return [at] * len(values)
        self._prepare(chain.from_iterable(values))
        return [self._alike(columns, at) for columns in values]

    def _alike(self, columns: tuple[str, ...], at: Ints) -> Ints:
        """Places that share a value with some places, and some by chance."""
        wanted = self._values(columns, at)
        marks = Marks(wanted[self._held(columns, at)])
        found = marks.near(len(self.numbers), lambda some: self._values(columns, some))
        return found[self._held(columns, found)]

    def runs(
        self, columns: tuple[str, ...], at: Ints | None = None, *, first: Bools | None = None
    ) -> Runs:
        """Values that several records share.

        Args:
            columns: A record that lacks one of them shares nothing.
            at: Places that are looked at; None for all.
            first: As in :meth:`Runs.of`.
        """
        self._prepare(columns)
        every = np.arange(len(self.numbers)) if at is None else at
        wanted = every[self._held(columns, every)]
        return Runs.of(self._values(columns, wanted), wanted, len(self.numbers), first=first)

    def content(self, columns: Sequence[str], at: Ints) -> Hashes:
        """A number for all that the records at some places hold in the columns, or lack."""
        found = np.zeros(len(at), dtype=np.uint64)
        for column in columns:
            if column in self._hashed:
                hashed = self._hashed[column][at]
            else:
                hashed = self.ordered[column].gather(at).hash().to_numpy()
            found = found * _ODD + hashed
        return found

    def _values(self, columns: tuple[str, ...], at: Ints | slice) -> Hashes:
        """A number for what the records at some places have in the columns."""
        value = self._hashed[columns[0]][at]
        for column in columns[1:]:
            value = value * _ODD
            value += self._hashed[column][at]
        return value

    def _held(self, columns: tuple[str, ...], at: Ints) -> Bools:
        """Whether the records at some places have all of the columns."""
        held = np.ones(len(at), dtype=bool)
        for column in columns:
            held &= self._there[column][at]
        return held

    def _prepare(self, columns: Iterable[str]) -> None:
        """Hash columns, each once, some records at a time so that memory is used again."""
        count = len(self.numbers)
        for column in columns:
            if column in self._hashed:
                continue
            said = self.ordered[column]
            self._there[column] = said.is_not_null().to_numpy()
            hashed = self._hashed[column] = np.empty(count, dtype=np.uint64)
            for start in range(0, count, _STEP):
                hashed[start : start + _STEP] = said.slice(start, _STEP).hash().to_numpy()
