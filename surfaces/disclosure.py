"""Disclosure control for figures about people: minimum cell, rounding, secondary suppression.

One rule for every page and every file that leaves the data team:

1. a count under the minimum is hidden;
2. the counts hidden in one table are never one alone, and together reach the minimum, so that
   taking what is shown from the total gives nobody's count: the next smallest are hidden too;
3. every count that is shown, totals too, is rounded to the nearest 5.

A count hidden for the first reason looks the same as one hidden for the second.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """A place's agreed limits.

    Attributes:
        minimum: Counts under it are hidden.
        base: Counts that are shown are rounded to a multiple of it.
    """

    minimum: int
    base: int = 5

    def rounded(self, count: float) -> int:
        """The count rounded to the base; halves go up."""
        return int((count + self.base / 2) // self.base) * self.base

    def shown(self, count: int) -> int | None:
        """A count that stands alone, rounded; None where it is too small to show."""
        return None if count < self.minimum else self.rounded(count)

    def hidden(self, counts: Mapping[Key, int]) -> frozenset[Key]:
        """Which of the counts of one table must be hidden.

        The counts are parts of a total that is shown or could be known from another table.
        """
        by_size = sorted(counts, key=lambda key: counts[key])
        hide = sum(count < self.minimum for count in counts.values())
        if hide == 0:
            return frozenset()
        while hide < len(by_size) and not self._safe([counts[key] for key in by_size[:hide]]):
            hide += 1
        return frozenset(by_size[:hide])

    def published(self, counts: Mapping[Key, int]) -> dict[Key, int | None]:
        """The counts of one table as they may be shown: rounded, or None where hidden."""
        hidden = self.hidden(counts)
        return {
            key: None if key in hidden else self.rounded(count) for key, count in counts.items()
        }

    def _safe(self, hidden: list[int]) -> bool:
        return len(hidden) > 1 and sum(hidden) >= self.minimum
