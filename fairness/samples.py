"""One rate of every group and of everybody else, with the households that each amounts to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fairness.cells import Counts, GroupCells
from fairness.metrics import Share
from fairness.verdicts import Evidence


@dataclass(frozen=True, kw_only=True)
class RateSample:
    """A rate in each group, or in everybody else of each group.

    Attributes:
        rates: Pooled over rows.
        rows: Rows in the base.
        households: Households in the base, each counted once.
        amounts: Households that the base amounts to, for what it says of the rate.
    """

    rates: Counts
    rows: Counts
    households: Counts
    amounts: Counts


def evidence(
    cells: GroupCells, draws: Counts, share: Share
) -> tuple[list[int], list[int], list[Evidence]]:
    """Households in each group's base and in everybody else's, and the evidence on its rate.

    Args:
        cells: Cells of one attribute.
        draws: The same cells with households resampled.
        share: The rate.
    """
    own, rest = samples(cells, draws, share)
    whole = own.rows + rest.rows
    with np.errstate(invalid="ignore"):
        weights = np.where(whole > 0, own.rows / whole, 0.0)
    found = [
        Evidence(
            rate=float(own.rates[index]),
            amount=float(own.amounts[index]),
            rest_rate=float(rest.rates[index]) if rest.rows[index] else float(own.rates[index]),
            rest_amount=float(rest.amounts[index]),
            weight=float(weights[index]),
        )
        for index in range(len(cells.groups))
    ]
    return own.households.astype(int).tolist(), rest.households.astype(int).tolist(), found


def samples(cells: GroupCells, draws: Counts, share: Share) -> tuple[RateSample, RateSample]:
    """The rate in each group, and in everybody else of each group."""
    counts, patterns = cells.counts, cells.patterns
    own = _sample(counts, patterns, draws, share, cells)
    others = (
        counts.sum(axis=0, keepdims=True) - counts,
        patterns.sum(axis=1, keepdims=True) - patterns,
        draws.sum(axis=1, keepdims=True) - draws,
    )
    return own, _sample(*others, share, cells)


def _sample(
    counts: Counts, patterns: Counts, draws: Counts, share: Share, cells: GroupCells
) -> RateSample:
    rates, rows = share.of(counts), share.bases(counts)
    weight = cells.households.astype(float)
    in_base = share.bases(patterns)
    households: Counts = weight @ (in_base > 0).astype(float)
    return RateSample(
        rates=rates,
        rows=rows,
        households=households,
        amounts=_amounts(
            rates,
            spread=_spread(share.of(draws)),
            households=households,
            kish=_kish(weight, in_base),
        ),
    )


def _amounts(rates: Counts, *, spread: Counts, households: Counts, kish: Counts) -> Counts:
    """How many independent households would know the rate as well as these do.

    Never more than there are: none counts twice. Where resampling shows no spread (a rate of 0 or
    1), the size that allows for some households being seen on more dates than others.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        known = np.where(spread > 0, rates * (1 - rates) / spread, kish)
    amounts: Counts = np.minimum(np.nan_to_num(known, posinf=np.inf), households)
    return amounts


def _spread(resampled: Counts) -> Counts:
    """Variance over replicates of each group's rate; 0 where there was never a base."""
    known = np.isfinite(resampled)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, resampled, 0.0)
    mean = filled.sum(axis=0) / count
    spread: Counts = (np.where(known, resampled - mean, 0.0) ** 2).sum(axis=0) / count
    return spread


def _kish(weight: Counts, rows: Counts) -> Counts:
    """Kish's effective size: households seen on many dates weigh more in a pooled rate."""
    squares = weight @ rows**2
    with np.errstate(invalid="ignore", divide="ignore"):
        size: Counts = np.where(squares > 0, (weight @ rows) ** 2 / squares, 0.0)
    return size
