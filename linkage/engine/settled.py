"""What of the last month still holds: records that stand as they did, and what they weigh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from linkage.engine.records import Ints, places
from linkage.engine.runs import Bools, Runs, mixed
from linkage.engine.settings import RECORD


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Some records of this month, in order, and where they were in the last.

    Attributes:
        numbers: Their numbers.
        at: Their places among all records.
        rows: Their rows in the last month's ``standing``; -1 for one that was not there.
    """

    numbers: Ints
    at: Ints
    rows: Ints

    def some(self, which: Bools) -> Self:
        """Those that are marked."""
        return type(self)(numbers=self.numbers[which], at=self.at[which], rows=self.rows[which])

    def with_more(self, numbers: Ints, at: Ints, rows: Ints) -> Self:
        """With other records in their place."""
        all_at = np.concatenate([self.at, at])
        order = np.argsort(all_at, kind="stable")
        return type(self)(
            numbers=np.concatenate([self.numbers, numbers])[order],
            at=all_at[order],
            rows=np.concatenate([self.rows, rows])[order],
        )


@dataclass(frozen=True, kw_only=True)
class Regrouped:
    """Records as exact keys group them now.

    Attributes:
        scope: The records.
        groups: The group of each, by its smallest record.
        stands: Whether each is weighed in the name of its equal copies.
        settled: Whether each stands as it did, in a group that none of its others has left. What
            one such record weighs beside another is known from the last month.
    """

    scope: Scope
    groups: Ints
    stands: Bools
    settled: Bools


def settled_in(standing: pl.DataFrame, rows: Ints, groups: Ints, stands: Bools) -> Bools:
    """Which records are settled, as in :class:`Regrouped`.

    Args:
        standing: Of the last month.
        rows: The row there of each record, -1 for one that was not there.
        groups: The group of each now.
        stands: Whether each stands now.
    """
    old = np.flatnonzero(rows >= 0)
    was = standing["grp"].to_numpy()[rows[old]]
    stay = standing["stands"].gather(rows[old]).to_numpy() & stands[old]
    # Two groups with one hash count as one that fell apart: they are weighed once more.
    runs = Runs.of(mixed(was), np.arange(len(old)), len(old))
    stay[runs.kept(runs.mixed(groups[old])).held] = False
    found = np.zeros(len(rows), dtype=bool)
    found[old] = stay
    return found


def still_near(pairs: pl.DataFrame, now: Regrouped) -> pl.DataFrame:
    """Pairs by probability of records that stand as they did, unless keys now join the two."""
    if not len(now.groups):
        return pairs
    a, b = (places(pairs[side], now.scope.numbers) for side in ("a", "b"))
    loose = (a >= 0) & ~now.settled[a] | (b >= 0) & ~now.settled[b]
    joined = (a >= 0) & (b >= 0) & (now.groups[a] == now.groups[b])
    return pairs.filter(pl.Series(~loose & ~joined))


def standing_now(standing: pl.DataFrame, near: Scope, now: Regrouped) -> pl.DataFrame:
    """record_id, grp and stands of the near records: as now, or as in the last month.

    Args:
        standing: Of the last month.
        near: The records; all that were not there before are among those of ``now``.
        now: Some of them.
    """
    at = places(now.scope.at, near.at)
    rows = np.maximum(near.rows, 0)
    if not standing.height:
        return pl.DataFrame({RECORD: near.numbers, "grp": now.groups, "stands": now.stands})
    groups = standing["grp"].to_numpy()[rows]
    stands = standing["stands"].gather(rows).to_numpy().copy()
    groups[at], stands[at] = now.groups, now.stands
    return pl.DataFrame({RECORD: near.numbers, "grp": groups, "stands": stands})
