"""Records that share a value, brought side by side by one sort of whole numbers.

A hash of the value and the place of the record are packed into one number: the bits that the place
does not need are the hash's. Sorting such numbers takes a fifth of grouping or joining them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]
Bools = NDArray[np.bool_]
_STEP = 2_000_000


@dataclass(frozen=True, kw_only=True)
class Runs:
    """Values that at least two records share.

    Two values may have one hash: a record too many is then among those of a value.

    Attributes:
        held: Places of the records, those of one value side by side.
        sizes: How many records share each value, in the order of ``held``.
    """

    held: Ints
    sizes: Ints

    @classmethod
    def of(cls, hashes: Hashes, at: Ints, count: int, *, first: Bools | None = None) -> Runs:
        """Records that share a hash.

        Args:
            hashes: One for each place that is looked at.
            at: These places, each under ``count``.
            count: How many places there are.
            first: Whether the record at each place comes before others of its value; among
                themselves, records of a value are in order.
        """
        bits = _bits(count)
        low = at.astype(np.uint64)
        if first is not None:
            low |= (~first[at]).astype(np.uint64) << np.uint64(bits)
            bits += 1
        rest = np.uint64(bits)
        return cls._sorted(hashes >> rest << rest | low, bits, count)

    @classmethod
    def labelled(cls, labels: Ints) -> Runs:
        """Places that share a label, a whole number under 2³²; in each label in order."""
        bits = _bits(len(labels))
        low = np.arange(len(labels), dtype=np.uint64)
        return cls._sorted(labels.astype(np.uint64) << np.uint64(bits) | low, bits, len(labels))

    @classmethod
    def _sorted(cls, packed: Hashes, bits: int, count: int) -> Runs:
        packed.sort()
        value = packed >> np.uint64(bits)
        same = value[1:] == value[:-1]
        shared = np.zeros(len(packed), dtype=bool)
        shared[1:] |= same
        shared[:-1] |= same
        head = shared.copy()
        head[1:] &= ~same
        mask = np.uint64((1 << _bits(count)) - 1)
        held = (packed[shared] & mask).astype(np.int64)
        starts = np.flatnonzero(head[shared])
        return cls(held=held, sizes=np.diff(starts, append=len(held)))

    @property
    def starts(self) -> Ints:
        """Where each value begins in ``held``."""
        return np.cumsum(self.sizes) - self.sizes

    def kept(self, which: Bools) -> Runs:
        """Some of the values."""
        return Runs(held=self.held[np.repeat(which, self.sizes)], sizes=self.sizes[which])

    def having(self, marked: Bools) -> Bools:
        """For each value whether one of its records is at a marked place."""
        if not len(self.sizes):
            return np.zeros(0, dtype=bool)
        found: Bools = np.logical_or.reduceat(marked[self.held], self.starts)
        return found

    def mixed(self, labels: Ints) -> Bools:
        """For each value whether its records have several labels, of which each place has one."""
        if not len(self.sizes):
            return np.zeros(0, dtype=bool)
        held, starts = labels[self.held], self.starts
        found: Bools = np.minimum.reduceat(held, starts) != np.maximum.reduceat(held, starts)
        return found

    def pairs(self, *, leading: Bools | None = None) -> Iterator[tuple[Ints, Ints, Ints]]:
        """Every two records of a value, a bounded number at a time.

        Args:
            leading: Whether the record at each place may be the first of a pair; None where all
                may.

        Yields:
            The number of the value, and the places of the two in the order of ``held``.
        """
        ends = np.repeat(np.cumsum(self.sizes), self.sizes)
        behind = ends - np.arange(len(self.held)) - 1
        if leading is not None:
            behind = np.where(leading[self.held], behind, 0)
        value = np.repeat(np.arange(len(self.sizes)), self.sizes)
        made = np.cumsum(behind)
        total = int(made[-1]) if len(made) else 0
        cuts = np.searchsorted(made, np.arange(_STEP, total, _STEP), side="right")
        for low, high in zip([0, *cuts], [*cuts, len(made)], strict=True):
            some = behind[low:high]
            one = np.repeat(np.arange(low, high), some)
            step = np.arange(len(one)) - np.repeat(np.cumsum(some) - some, some)
            yield value[one], self.held[one], self.held[one + 1 + step]

    def all_pairs(self) -> tuple[Ints, Ints, Ints]:
        """As :meth:`pairs`, all at once."""
        parts = list(self.pairs())
        value, one, other = (np.concatenate(column) for column in zip(*parts, strict=True))
        return value, one, other


def mixed(numbers: Ints) -> Hashes:
    """A hash of each number: splitmix64 (Steele, Lea and Flood 2014)."""
    found = numbers.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return found ^ (found >> np.uint64(31))


def _bits(count: int) -> int:
    """Bits that hold every number under ``count``."""
    return max(count - 1, 1).bit_length()
