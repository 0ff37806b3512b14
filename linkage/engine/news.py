"""What is new or gone in a month, and what of the last month is near."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import polars as pl

from linkage.engine.marks import rows_with
from linkage.engine.ordered import rows_among
from linkage.engine.records import Ints, apart, distinct, places
from linkage.engine.result import CLERICAL, Linkage
from linkage.engine.runs import Bools
from linkage.engine.settings import RECORD, LinkSettings
from linkage.engine.settled import Scope
from linkage.engine.sharing import Sharing


@dataclass(frozen=True, kw_only=True)
class News:
    """What is new or gone, and what of the last month is near.

    Attributes:
        fresh: Places of records that were not there, in order.
        gone: Records that are no longer there, in order.
        parts: Components of the last month that a fresh or gone record, a key that one shares, or
            a new decision touches.
        near: All records of those, and the fresh ones.
        exact: Links by keys among them, of the last month.
        estimated: Likewise, links by probability.
        bereft: Those that a gone record was linked to.
        changed: Decisions that are new or withdrawn.
    """

    fresh: Ints
    gone: Ints
    parts: Ints
    near: Scope
    exact: pl.DataFrame
    estimated: pl.DataFrame
    bereft: Ints
    changed: pl.DataFrame

    @classmethod
    def of(
        cls, previous: Linkage, shared: Sharing, told: pl.DataFrame, settings: LinkSettings
    ) -> Self:
        """What a month brings.

        Args:
            previous: The last month.
            shared: All records of this one.
            told: All that people have decided of them.
            settings: How records are compared.
        """
        known = previous.standing[RECORD].to_numpy()
        fresh, left = apart(shared.numbers, known)
        gone = known[left]
        mates = shared.by(fresh, [key.columns for key in settings.keys])
        changed = pl.concat([told, previous.decided]).unique(keep="none")
        touched = np.concatenate([gone, *(shared.numbers[at] for at in mates), ends(changed)])
        parts = parts_of(previous, touched)
        rows = rows_with(previous.standing["part"].to_numpy(), parts)
        offered = among(previous, known[rows])
        lost = _touching(offered, gone)
        alive = offered.filter(pl.Series(~lost))
        by_chance = pl.col("rule_id") == settings.rule_id
        bereft = ends(offered.filter(pl.Series(lost)))
        stayed = np.zeros(len(known), dtype=bool)
        stayed[rows] = True
        stayed[left] = False
        rows = np.flatnonzero(stayed)
        held = Scope(numbers=known[rows], at=places(known[rows], shared.numbers), rows=rows)
        return cls(
            fresh=fresh,
            gone=gone,
            parts=parts,
            near=held.with_more(shared.numbers[fresh], fresh, np.full(len(fresh), -1)),
            exact=alive.filter(~by_chance & (pl.col("rule_id") != CLERICAL)),
            estimated=alive.filter(by_chance),
            bereft=bereft[places(bereft, gone) < 0],
            changed=changed,
        )

    def beyond(self, previous: Linkage, shared: Sharing, touched: Ints) -> Scope:
        """Records of other components of the last month that hold one of the touched."""
        parts = parts_of(previous, touched)
        parts = parts[places(parts, self.parts) < 0]
        # Those with a record that is gone are near already.
        rows = rows_with(previous.standing["part"].to_numpy(), parts)
        numbers = previous.standing[RECORD].to_numpy()[rows]
        return Scope(numbers=numbers, at=places(numbers, shared.numbers), rows=rows)


def among(previous: Linkage, nodes: Ints) -> pl.DataFrame:
    """Links, kept or refused, whose first end, and so the other too, is among whole components."""
    parts = (previous.edges, previous.refused)
    return pl.concat([part[rows_among(part, "a", nodes)] for part in parts])


def parts_of(previous: Linkage, touched: Ints) -> Ints:
    """Components of the last month that hold one of the records, in order."""
    at = places(distinct(touched), previous.standing[RECORD].to_numpy())
    return distinct(previous.standing["part"].to_numpy()[at[at >= 0]])


def ends(*edges: pl.DataFrame) -> Ints:
    """Both ends of edges."""
    return np.concatenate([frame[side].to_numpy() for frame in edges for side in ("a", "b")])


def _touching(pairs: pl.DataFrame, numbers: Ints) -> Bools:
    """Which pairs have one of the numbers, which are in order."""
    found: Bools = (places(pairs["a"], numbers) >= 0) | (places(pairs["b"], numbers) >= 0)
    return found


def without_any(pairs: pl.DataFrame, numbers: Ints) -> pl.DataFrame:
    """The pairs that have none of the numbers, which are in order."""
    return pairs.filter(pl.Series(~_touching(pairs, numbers)))


def within(pairs: pl.DataFrame, numbers: Sequence[int] | Ints) -> pl.DataFrame:
    """The pairs of two of the numbers, which are in order."""
    there = (places(pairs[side], np.asarray(numbers)) >= 0 for side in ("a", "b"))
    return pairs.filter(pl.Series(np.logical_and(*there)))
