"""Intervals by resampling households, the same draws for every ranking.

A household is looked at month after month, so its rows rise and fall together: households are
drawn, never rows. Each replicate gives a household a Poisson(1) count, all measures are functions
of counted sums, and one set of draws serves every measure, so that differences are paired.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.special import expit

from models.sampling import Floats, Ints

_AT_ONCE = 100
_SINGLE_RANKS = 400
_BANDS = 500
_NEWTON_STEPS = 12

Counts = NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True)
class Resamples:
    """Poisson counts of every household in every replicate.

    Attributes:
        households: Their ids, in order.
        counts: Households by replicates.
    """

    households: Ints
    counts: Counts

    @property
    def replicates(self) -> int:
        """How many times the households were drawn."""
        return int(self.counts.shape[1])

    @classmethod
    def draw(cls, household: Ints, *, replicates: int, seed: int) -> Resamples:
        """Draws for the households of some rows."""
        households = np.unique(household)
        chance = np.random.default_rng(seed)
        shape = (len(households), replicates)
        counts = np.empty(shape, dtype=np.uint8)
        for at in range(0, replicates, _AT_ONCE):
            width = min(_AT_ONCE, replicates - at)
            counts[:, at : at + width] = chance.poisson(1.0, size=(shape[0], width))
        return cls(households=households, counts=counts)

    def place(self, household: Ints) -> NDArray[np.intp]:
        """Each row's position among the households."""
        return np.searchsorted(self.households, household)

    def totals(self, household: Ints, columns: Floats) -> tuple[Floats, Floats]:
        """Sums of the columns: as observed, and in every replicate (columns by replicates)."""
        at = self.place(household)
        size = len(self.households)
        parts = np.stack([np.bincount(at, weights=c, minlength=size) for c in columns.T])
        drawn = np.empty((len(parts), self.replicates))
        for start in range(0, self.replicates, _AT_ONCE):
            block = self.counts[:, start : start + _AT_ONCE].astype(np.float64)
            drawn[:, start : start + _AT_ONCE] = parts @ block
        return parts.sum(axis=1), drawn


@dataclass(frozen=True, kw_only=True)
class RankDraws:
    """Measures of a ranking in every replicate."""

    auroc: Floats
    average_precision: Floats
    slope: Floats


@dataclass(frozen=True, kw_only=True)
class _Bands:
    """Rows gathered into bands of rank, best first: the top ranks one by one, then wider."""

    up: sparse.csr_array
    down: sparse.csr_array
    logit: Floats


def rank_draws(
    resamples: Resamples, *, household: Ints, score: Floats, logit: Floats, y: Floats
) -> RankDraws:
    """AUROC, average precision and calibration slope in every replicate.

    Args:
        resamples: The draws.
        household: Whose row it is.
        score: What the rows are ranked by.
        logit: Calibrated log-odds; the slope is that of the event on them.
        y: 1.0 where the event came.
    """
    bands = _gather(resamples, household, score, logit, y)
    out = {name: np.empty(resamples.replicates) for name in ("auroc", "ap", "slope")}
    for start in range(0, resamples.replicates, _AT_ONCE):
        block = resamples.counts[:, start : start + _AT_ONCE].astype(np.float32)
        up = (bands.up @ block).T.astype(np.float64)
        down = (bands.down @ block).T.astype(np.float64)
        here = slice(start, start + _AT_ONCE)
        out["auroc"][here] = _auroc(up, down)
        out["ap"][here] = _average_precision(up, down)
        out["slope"][here] = calibration_slopes(up, down, bands.logit)
    return RankDraws(auroc=out["auroc"], average_precision=out["ap"], slope=out["slope"])


def _gather(
    resamples: Resamples, household: Ints, score: Floats, logit: Floats, y: Floats
) -> _Bands:
    above = np.searchsorted(np.sort(-score), -score, side="left")
    wide = np.geomspace(_SINGLE_RANKS, max(len(score), _SINGLE_RANKS + 1), _BANDS)
    edges = np.unique(np.concatenate([np.arange(_SINGLE_RANKS), np.floor(wide)]))
    band = np.searchsorted(edges, above, side="right") - 1
    at, size = resamples.place(household), (len(edges), len(resamples.households))

    def counted(value: Floats) -> sparse.csr_array:
        kept = np.flatnonzero(value)
        cells = (value[kept].astype(np.float32), (band[kept], at[kept]))
        return sparse.csr_array(cells, shape=size)

    rows = np.bincount(band, minlength=size[0])
    mean = np.bincount(band, weights=logit, minlength=size[0]) / np.maximum(rows, 1)
    return _Bands(up=counted(y), down=counted(1 - y), logit=mean)


def _auroc(up: Floats, down: Floats) -> Floats:
    below = down.sum(axis=1, keepdims=True) - np.cumsum(down, axis=1)
    pairs = up.sum(axis=1) * down.sum(axis=1)
    return ratio((up * (below + down / 2)).sum(axis=1), pairs)


def _average_precision(up: Floats, down: Floats) -> Floats:
    hits = np.cumsum(up, axis=1)
    precision = ratio(hits, hits + np.cumsum(down, axis=1))
    return ratio(np.nansum(up * precision, axis=1), up.sum(axis=1))


def calibration_slopes(up: Floats, down: Floats, logit: Floats) -> Floats:
    """Slope of the event on calibrated log-odds, one for each row of ``up`` and ``down``.

    Args:
        up: Events by band of log-odds.
        down: Rows without an event by band.
        logit: The bands' log-odds.
    """
    rows = up + down
    mid, spread = float(logit.mean()), float(logit.std()) or 1.0
    x = (logit - mid) / spread
    at = np.column_stack([np.full(len(up), mid), np.full(len(up), spread)])
    for _ in range(_NEWTON_STEPS):
        p = expit(at[:, :1] + at[:, 1:] * x)
        slack, bend = rows * p - up, rows * p * (1 - p)
        g0, g1 = slack.sum(axis=1), (slack * x).sum(axis=1)
        h00, h01 = bend.sum(axis=1), (bend * x).sum(axis=1)
        h11 = (bend * x * x).sum(axis=1)
        det = h00 * h11 - h01**2
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.column_stack([h11 * g0 - h01 * g1, h00 * g1 - h01 * g0]) / det[:, None]
        at = at - np.clip(step, -2.0, 2.0)
    settled = np.isfinite(at).all(axis=1) & (np.abs(at[:, 1]) < 20 * spread)
    return np.where(settled, at[:, 1] / spread, np.nan)


def ratio(over: Floats | float, under: Floats | float) -> Floats:
    """``over / under``; NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(under) > 0, np.divide(over, under), np.nan)
