"""Rent debts month by month: how many weeks each tenant owes, and repayment agreements."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from synthetic.causes import R
from synthetic.records.base import Context
from synthetic.streams import Flags, Floats, Ints

AGREED_MONTHS = 9


@dataclass(frozen=True, kw_only=True)
class Arrears:
    """Weeks owed at each month's end by (month + 1, household), and agreements made."""

    weeks: NDArray[np.float32]
    tenant: NDArray[np.bool_]
    agreed_household: Ints
    agreed_month: Ints
    agreed_ends: Ints
    broken: Flags


def _raises(context: Context, name: str, low: float, span: float) -> list[tuple[Ints, Floats]]:
    """Weeks that a process adds to debts, month by month."""
    events = context.world.events[name].kept()
    u = context.streams.each(f"raise:{name}", events.household, events.month)
    added = low + span * u
    bounds = np.searchsorted(events.month, np.arange(len(context.months)))
    return [(events.household[a:b], added[a:b]) for a, b in pairwise(bounds.tolist())]


def _tenants(context: Context) -> NDArray[np.bool_]:
    """Who has a rent account at each month's end: (month, household)."""
    world = context.world
    social = np.isin(world.dwellings.tenure[context.spells.dwelling], (1, 2, 4))
    spells = np.flatnonzero(social)
    out = np.zeros((len(context.months), world.households.n), dtype=bool)
    first = np.searchsorted(context.months, context.spells.starts[spells], side="right")
    last = np.searchsorted(context.months, context.spells.ends[spells], side="right")
    for month in range(len(context.months)):
        there = spells[(first <= month) & (last > month)]
        out[month, context.spells.household[there]] = True
    return out


def rent_debts(context: Context) -> Arrears:
    """Walk every tenant's debt through the months."""
    world, streams = context.world, context.streams
    n, months = world.households.n, world.latent.months
    tenant = _tenants(context)
    resources = world.households.factors[:, R]
    keeps = np.clip(0.81 - 0.13 * resources, 0.4, 0.98)
    start = np.maximum(0.0, streams.at("arrears:start").gamma(0.2, 8.0, n) - 0.3)
    weeks = np.zeros((months + 1, n), dtype=np.float32)
    weeks[0] = start * tenant[0]
    added = _raises(context, "arrears", 0.8, 3.0)
    pursued = _raises(context, "O2", 5.0, 4.0)
    until = np.full(n, -1)
    agreements: list[tuple[Ints, int, Flags]] = []
    broken_at: list[tuple[Ints, int]] = []
    for month in range(months):
        owed = weeks[month] * np.where(until >= month, keeps - 0.06, keeps)
        who, extra = added[month]
        owed[who] += extra
        broken = who[until[who] >= month]
        broken_at.append((broken, month))
        until[broken] = -1
        pursued_who, floor = pursued[month]
        owed[pursued_who] = np.maximum(owed[pursued_who], floor)
        weeks[month + 1] = np.minimum(owed, 30.0) * tenant[month + 1]
        u = streams.at("agrees", month).random(n)
        asks = np.flatnonzero((weeks[month + 1] > 2.5) & (until < month) & (u < 0.16))
        until[asks] = month + AGREED_MONTHS
        agreements.append((asks, month, np.zeros(len(asks), dtype=bool)))
    return _gathered(weeks, tenant, agreements, broken_at, months)


def _gathered(
    weeks: NDArray[np.float32],
    tenant: NDArray[np.bool_],
    agreements: list[tuple[Ints, int, Flags]],
    broken_at: list[tuple[Ints, int]],
    months: int,
) -> Arrears:
    household = np.concatenate([who for who, _, _ in agreements])
    month = np.concatenate([np.full(len(who), at) for who, at, _ in agreements])
    broke = np.concatenate([who for who, _ in broken_at])
    when = np.concatenate([np.full(len(who), at) for who, at in broken_at])
    order = np.lexsort((month, household))
    household, month = household[order], month[order]
    ends = np.minimum(month + AGREED_MONTHS, months + AGREED_MONTHS)
    broken = np.zeros(len(household), dtype=bool)
    scale = 1000
    index = np.searchsorted(household * scale + month, broke * scale + when, side="left") - 1
    broken[index], ends[index] = True, when
    return Arrears(
        weeks=weeks,
        tenant=tenant,
        agreed_household=household,
        agreed_month=month,
        agreed_ends=ends,
        broken=broken,
    )


def weekly_path(
    context: Context, arrears: Arrears, household: Ints, day: Ints, sawtooth: Floats
) -> Floats:
    """Weeks owed on each day: the debt between month ends, and the swing of when rent is paid."""
    month = np.clip(
        np.searchsorted(context.months, day, side="right") - 1, 0, len(context.months) - 2
    )
    length = context.months[month + 1] - context.months[month]
    share = (day - context.months[month]) / length
    before = arrears.weeks[month, household]
    after = arrears.weeks[month + 1, household]
    return np.asarray(before + share * (after - before) + sawtooth, dtype=np.float64)


__all__ = ["Arrears", "rent_debts", "weekly_path"]
