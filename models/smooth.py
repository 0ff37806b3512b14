"""A smooth calibration curve: how far probabilities are from what came, with no bands to choose.

The event is regressed on a natural cubic spline of the calibrated log-odds (Harrell's restricted
cubic spline, three or five knots); the mean distance of the curve and the probabilities is the
integrated calibration index (Austin and Steyerberg, 2019). Ranges come from the same draws of
households as everywhere else: rows are gathered into fine bands of log-odds, so that a replicate is
a few sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.special import expit

from models.bootstrap import Resamples
from models.closer_report import CurvePoint, SmoothCalibration
from models.evaluate import measured
from models.measures import tidy
from models.sampling import Floats, Ints

_KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)
_FEW_KNOTS = (0.1, 0.5, 0.9)
_EVENTS_FOR_MORE = 200
_BANDS = 200
_POINTS = 20
_STEPS, _LONGEST, _CLOSE = 60, 3.0, 1e-6
"""Most steps, the most that one may move any log-odds, and when to stop."""
_RIDGE = 1e-3
_LEAST_EVENTS = 10
_NINTH_TENTH = 0.9


@dataclass(frozen=True, kw_only=True)
class _Bands:
    """Rows in bands of log-odds: households by band, and each band's mean log-odds."""

    up: sparse.csr_array
    down: sparse.csr_array
    logit: Floats
    rows: Floats


def smooth_calibration(
    resamples: Resamples, *, household: Ints, logit: Floats, y: Floats
) -> SmoothCalibration | None:
    """The curve, its distance from the probabilities, and their ranges.

    Args:
        resamples: Draws of households.
        household: Whose row it is.
        logit: Calibrated log-odds.
        y: 1.0 where the event came.

    Returns:
        None where fewer than ten rows have an event, or the log-odds are all alike.
    """
    if not _LEAST_EVENTS <= y.sum() < len(y) or not np.ptp(logit) > 0:
        return None
    bands = _gather(resamples, household, logit, y)
    knots = _KNOTS if y.sum() >= _EVENTS_FOR_MORE else _FEW_KNOTS
    design = spline(bands.logit, np.quantile(logit, knots))
    expected, weight = expit(bands.logit), bands.rows / bands.rows.sum()
    counts = resamples.counts.astype(np.float64)
    one = np.ones((resamples.counts.shape[0], 1))
    seen = _curves(design, (bands.up @ one).T, (bands.down @ one).T)[0]
    drawn = _curves(design, (bands.up @ counts).T, (bands.down @ counts).T)
    far, far_drawn = np.abs(seen - expected), np.abs(drawn - expected)
    return SmoothCalibration(
        index=measured(float(far @ weight), far_drawn @ weight),
        ninth_tenth=measured(
            _quantile(far[None, :], weight)[0].item(), _quantile(far_drawn, weight)
        ),
        points=[
            CurvePoint(
                expected=tidy(float(expected[at])) or 0.0,
                observed=measured(float(seen[at]), drawn[:, at]),
            )
            for at in np.unique(np.linspace(0, len(expected) - 1, _POINTS).astype(np.int64))
        ],
    )


def spline(x: Floats, knots: Floats) -> Floats:
    """Columns of a natural cubic spline: one, the value, and a cubic for each inner knot.

    Linear beyond the outer knots; knots that fall together count once.
    """
    knots = np.unique(knots)
    columns = [np.ones(len(x)), x]
    if len(knots) > 2:
        last, before, wide = knots[-1], knots[-2], (knots[-1] - knots[0]) ** 2
        for knot in knots[:-2]:
            bend = np.maximum(x - knot, 0) ** 3
            bend -= np.maximum(x - before, 0) ** 3 * (last - knot) / (last - before)
            bend += np.maximum(x - last, 0) ** 3 * (before - knot) / (last - before)
            columns.append(bend / wide)
    return np.column_stack(columns)


def _gather(resamples: Resamples, household: Ints, logit: Floats, y: Floats) -> _Bands:
    """Bands of about as many rows each; rows of like probability are never parted."""
    edges = np.unique(np.quantile(logit, np.linspace(0, 1, _BANDS + 1)[1:-1], method="lower"))
    band = np.unique(np.searchsorted(edges, logit, side="left"), return_inverse=True)[1]
    bands = int(band.max()) + 1
    at, size = resamples.place(household), (bands, len(resamples.households))

    def counted(value: Floats) -> sparse.csr_array:
        kept = np.flatnonzero(value)
        return sparse.csr_array((value[kept], (band[kept], at[kept])), shape=size)

    rows = np.bincount(band, minlength=bands).astype(np.float64)
    mean = np.bincount(band, weights=logit, minlength=bands) / rows
    return _Bands(up=counted(y), down=counted(1 - y), logit=mean, rows=rows)


def _curves(design: Floats, up: Floats, down: Floats) -> Floats:
    """The fitted curve at every band, one row for each row of ``up`` and ``down``.

    The columns are made independent of each other first: cubics of a long tail hardly differ, and
    Newton's steps would be lost between them.
    """
    x, _ = np.linalg.qr(design)
    x = x * np.sqrt(len(x))
    rows = up + down
    share = np.clip(up.sum(axis=1) / np.maximum(rows.sum(axis=1), 1.0), 1e-9, 1 - 1e-9)
    at = np.log(share / (1 - share))[:, None] * (np.linalg.pinv(x) @ np.ones(len(x)))
    pairs = x[:, :, None] * x[:, None, :]
    for _ in range(_STEPS):
        p = expit(at @ x.T)
        slope = (up - rows * p) @ x - _RIDGE * at
        bend = np.tensordot(rows * p * (1 - p), pairs, axes=1) + _RIDGE * np.eye(x.shape[1])
        step = np.linalg.solve(bend, slope[:, :, None])[:, :, 0]
        longest = np.abs(step @ x.T).max(axis=1, keepdims=True)
        at = at + step * np.minimum(1.0, _LONGEST / np.maximum(longest, _LONGEST))
        if longest.max() < _CLOSE:
            break
    return np.asarray(expit(at @ x.T))


def _quantile(far: Floats, weight: Floats) -> Floats:
    """The distance that nine in ten of the weight stay below, for each row."""
    order = np.argsort(far, axis=1)
    below = np.cumsum(weight[order], axis=1)
    first = (below >= _NINTH_TENTH - 1e-12).argmax(axis=1)
    return np.asarray(np.take_along_axis(far, order, axis=1)[np.arange(len(far)), first])
