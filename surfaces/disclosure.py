"""Disclosure control for figures about people: minimum cell, rounding, secondary suppression.

One rule for every page and every file that leaves the data team:

1. a count under the minimum is hidden;
2. what is shown never gives a hidden count away: where taking the rest from the total would leave
   fewer possible values for it than the rounding base, the next smallest counts are hidden too, so
   that one is never hidden alone;
3. every count that is shown, totals too, is rounded to the nearest 5.
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
        """Whether the hidden counts stay hidden from a reader who knows their sum exactly.

        The reader also knows which of them are under the minimum, and that the others are not.
        """
        total = sum(hidden)
        small = [count < self.minimum for count in hidden]
        least = [0 if under else self.minimum for under in small]
        most = [self.minimum - 1 if under else total for under in small]
        values = [
            min(high, total - (sum(least) - low)) - max(low, total - (sum(most) - high)) + 1
            for low, high, under in zip(least, most, small, strict=True)
            if under
        ]
        return min(values) >= self.base
