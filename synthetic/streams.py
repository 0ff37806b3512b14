"""Random numbers by name: one stream for each (seed, name, month), and one number for each thing.

Nothing ever draws two things from one running generator, so adding a column cannot change another
column, and two worlds of one seed differ only where something was changed on purpose.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

Floats: TypeAlias = NDArray[np.float64]
Ints: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Strings: TypeAlias = NDArray[Any]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_TO_UNIT = 2.0**-53


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "little")


def _mix(value: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The splitmix64 finaliser: every bit of the input moves every bit of the output."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@dataclass(frozen=True)
class Streams:
    """Every random number of one invented place.

    Attributes:
        seed: The place's seed.
    """

    seed: int

    def at(self, name: str, month: int = 0) -> np.random.Generator:
        """The generator of one named quantity in one month, drawn in fixed household order."""
        return np.random.Generator(np.random.Philox(key=_key(f"{self.seed}:{name}:{month}")))

    def each(self, name: str, *ids: Any) -> Floats:
        """A uniform number in (0, 1) for each combination of ids, whatever their order or number.

        Args:
            name: What the number is for.
            ids: Integer arrays (or single integers) that name the thing, such as household, month.
        """
        state = np.uint64(_key(f"{self.seed}:{name}") & 0xFFFFFFFFFFFFFFFF)
        with np.errstate(over="ignore"):
            mixed: NDArray[np.uint64] = np.asarray(state)
            for part in ids:
                term = np.asarray(part, dtype=np.int64).astype(np.uint64)
                mixed = _mix(mixed + (term + np.uint64(1)) * _GOLDEN)
            bits = _mix(mixed + _GOLDEN) >> np.uint64(11)
        return np.asarray((bits.astype(np.float64) + 0.5) * _TO_UNIT)

    def normal(self, name: str, *ids: Any) -> Floats:
        """A standard normal number for each combination of ids."""
        return np.asarray(ndtri(self.each(name, *ids)))

    def lognormal_days(self, name: str, median: float, sigma: float, *ids: Any) -> Ints:
        """A delay in whole days for each combination of ids."""
        days = median * np.exp(sigma * self.normal(name, *ids))
        return np.asarray(np.rint(days), dtype=np.int64)

    def choice(self, name: str, weights: Floats, *ids: Any) -> Ints:
        """An index for each combination of ids, with the given weights."""
        edges = np.cumsum(np.asarray(weights, dtype=np.float64))
        return np.asarray(
            np.searchsorted(edges / edges[-1], self.each(name, *ids)), dtype=np.int64
        ).clip(0, len(edges) - 1)
