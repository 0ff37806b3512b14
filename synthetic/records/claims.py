"""Universal Credit claims as they truly are: who claims together, from when to when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.people import GROWN, OTHER
from synthetic.records.base import Context, present
from synthetic.stays import OPEN
from synthetic.streams import Ints


@dataclass(frozen=True, kw_only=True)
class Claims:
    """Claims, one row a claim, by household and start; ``pay_day`` is the day of the month."""

    number: Ints
    household: Ints
    starts: Ints
    ends: Ints
    pay_day: Ints

    def adults_and_children(self, context: Context) -> tuple[Ints, Ints]:
        """Claim and membership of everybody on each claim when it begins."""
        row, member = present(context.members, self.household, self.starts + 1)
        on_claim = ~np.isin(context.members.role[member], (GROWN, OTHER))
        return row[on_claim], member[on_claim]


def uc_claims(context: Context) -> Claims:
    """A claim for each unbroken run of months on Universal Credit with the same adults."""
    world = context.world
    alive = np.stack([month.alive for month in world.at_risk])
    on = (world.latent.on_uc & alive).T
    months = world.latent.months
    before = np.concatenate([np.zeros((len(on), 1), dtype=bool), on[:, :-1]], axis=1)
    after = np.concatenate([on[:, 1:], np.zeros((len(on), 1), dtype=bool)], axis=1)
    household, first = np.nonzero(on & ~before)
    _, last = np.nonzero(on & ~after)
    u = context.streams.each("uc:day", household, first)
    starts = context.months[first] + np.floor(27 * u).astype(np.int64)
    long_ago = np.floor(1500 * context.streams.each("uc:since", household)).astype(np.int64)
    began = np.maximum(world.homes.began[household], 0)
    starts = np.where(first == 0, np.maximum(starts - long_ago, began + 1), starts)
    starts = np.maximum(starts, began + 1)
    ended = world.homes.ended[household]
    ends = np.where(last == months - 1, OPEN, context.months[last + 1] - 2)
    ends = np.minimum(ends, ended)
    return _cut_at_changes(context, household, starts, ends)


def _cut_at_changes(context: Context, household: Ints, starts: Ints, ends: Ints) -> Claims:
    """A couple that parts, or a partner who joins, means a new claim."""
    changes = context.changes
    scale = 2**32
    key = household * scale + starts + scale // 2
    index = (
        np.searchsorted(key, changes.household * scale + changes.day + scale // 2, side="right") - 1
    )
    inside = (index >= 0) & (household[index] == changes.household)
    inside &= (changes.day > starts[index] + 20) & (changes.day < ends[index] - 20)
    claim = np.concatenate([np.arange(len(household)), index[inside]])
    begin = np.concatenate([starts, changes.day[inside] + 5])
    order = np.lexsort((begin, claim))
    claim, begin = claim[order], begin[order]
    last = np.r_[claim[1:] != claim[:-1], True]
    over = np.where(last, ends[claim], np.r_[begin[1:], 0] - 5)
    keep = over > begin + 20
    claim, begin, over = claim[keep], begin[keep], over[keep]
    mine = household[claim]
    pay = 1 + np.floor(27 * context.streams.each("uc:pay", mine, begin)).astype(np.int64)
    return Claims(
        number=np.arange(len(claim)), household=mine, starts=begin, ends=over, pay_day=pay
    )
