"""Deductions from Universal Credit: what is being repaid in each assessment period."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from synthetic.people import epoch_day
from synthetic.records.base import Context, expanded
from synthetic.records.claims import Claims
from synthetic.streams import Floats, Ints, Strings

CAP_FALLS = epoch_day(date(2025, 6, 1))
_CAP_BEFORE, _CAP_AFTER = 0.25, 0.15
_REASONS = (
    "ADVANCE_BUDGETING",
    "OVERPAYMENT_UC",
    "OVERPAYMENT_TAX_CREDIT",
    "COUNCIL_TAX",
    "RENT_OR_SERVICE_CHARGE",
    "GAS_ARREARS",
    "ELECTRICITY_ARREARS",
    "WATER_ARREARS",
    "FINES",
    "OVERPAYMENT_HB",
    "SOCIAL_FUND",
    "CHILD_MAINTENANCE",
)
_WEIGHTS = np.array([0.26, 0.14, 0.12, 0.10, 0.08, 0.05, 0.05, 0.07, 0.05, 0.04, 0.02, 0.02])
_MEAN_MONTHS = 15


@dataclass(frozen=True, kw_only=True)
class Deductions:
    """Deductions by assessment period, one row a period and reason, and the periods' totals."""

    period: Ints
    reason: Strings
    amount: Floats
    total: Floats

    def scaled(self, factor: Floats) -> Deductions:
        """The same, each period's amounts times its factor, to the penny."""
        amount = np.round(self.amount * factor[self.period], 2)
        total = np.bincount(self.period, weights=amount, minlength=len(self.total))
        return replace(self, amount=amount, total=np.round(total, 2))


def _items(context: Context, claims: Claims) -> tuple[Ints, Ints, Ints, Strings]:
    """Household, first month, months and reason of everything that is repaid."""
    streams = context.streams
    event = context.world.events["deduction"].kept()
    ids = (event.household, event.month)
    names = np.array([*_REASONS, "ADVANCE_NEW_CLAIM"], dtype=object)
    length = 4 + np.floor(-_MEAN_MONTHS * np.log(streams.each("deduct:length", *ids)))
    old = np.flatnonzero(claims.starts < context.first_day)
    rate = 0.45 * np.exp(0.45 * context.world.households.factors[claims.household[old], 0])
    has = streams.each("deduct:old", claims.household[old]) < 1 - np.exp(-rate)
    old = claims.household[old[has]]
    left = 2 + np.floor(-12 * np.log(streams.each("deduct:left", old)))
    new = np.flatnonzero(claims.starts >= context.first_day)
    new = new[streams.each("deduct:advance", claims.household[new], claims.starts[new]) < 0.55]
    first = np.searchsorted(context.months, claims.starts[new], side="right")
    return (
        np.concatenate([event.household, old, claims.household[new]]),
        np.concatenate([event.month, np.zeros(len(old), dtype=np.int64), first]),
        np.concatenate([length, left, np.full(len(new), 18)]).astype(np.int64),
        names[
            np.concatenate(
                [
                    streams.choice("deduct:reason", _WEIGHTS, *ids),
                    streams.choice("deduct:old:reason", _WEIGHTS, old),
                    np.full(len(new), len(_REASONS)),
                ]
            )
        ],
    )


def deductions(
    context: Context, claims: Claims, claim: Ints, month: Ints, allowance: Floats
) -> Deductions:
    """What each assessment period repays, held to the cap of its time.

    Args:
        context: The world and its faults.
        claims: All claims.
        claim: Claim of each period, in order.
        month: Month of each period, in order within a claim.
        allowance: Standard allowance of each period.
    """
    household, first, length, reason = _items(context, claims)
    codes, code = np.unique(reason.astype(str), return_inverse=True)
    row, at = expanded(first, np.minimum(first + length, len(context.months) - 1))
    scale = len(context.months)
    key = claims.household[claim] * scale + month
    order = np.argsort(key, kind="stable")
    wanted = household[row] * scale + at
    index = np.searchsorted(key[order], wanted)
    index = np.minimum(index, max(len(order) - 1, 0))
    hit = key[order][index] == wanted if len(order) else np.zeros(len(row), dtype=bool)
    period, kind = order[index[hit]], code[row[hit]]
    pair = np.unique(period * len(codes) + kind)
    period, kind = pair // len(codes), pair % len(codes)
    share = 0.06 + 0.115 * context.streams.each("deduct:amount", claim[period], kind)
    amount = share * allowance[period]
    total = np.bincount(period, weights=amount, minlength=len(claim)).astype(np.float64)
    later = context.months[month] >= CAP_FALLS
    cap = np.where(later, _CAP_AFTER, _CAP_BEFORE) * allowance
    plain = Deductions(period=period, reason=codes[kind].astype(object), amount=amount, total=total)
    return plain.scaled(np.minimum(1.0, cap / np.maximum(total, 0.01)))
