"""Figures of a ranking as observed: no resampling here."""

from __future__ import annotations

import numpy as np

from models.report import CalibrationBand, DecisionPoint
from models.sampling import Floats

_BANDS = 20
THRESHOLDS = (0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40)
"""Probabilities from which on an offer may be worth making."""
_DIGITS = 5


def tidy(value: float | None) -> float | None:
    """A figure as it is written: five digits, None where it is not a number."""
    if value is None or not np.isfinite(value):
        return None
    return round(float(value), _DIGITS) + 0.0


def area(y: Floats, score: Floats) -> float | None:
    """AUROC; None where all rows are alike."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(y, score)) if 0 < y.sum() < len(y) else None


def average_precision(y: Floats, score: Floats) -> float | None:
    """Average precision; None where there is no event."""
    from sklearn.metrics import average_precision_score

    return float(average_precision_score(y, score)) if y.sum() > 0 else None


def calibration_bands(
    y: Floats, probability: Floats, *, bands: int = _BANDS
) -> list[CalibrationBand]:
    """Equal bands of rows from the least to the most probable."""
    order = np.argsort(probability, kind="stable")
    return [
        CalibrationBand(
            rows=len(part),
            expected=round(float(probability[part].mean()), _DIGITS),
            observed=round(float(y[part].mean()), _DIGITS),
        )
        for part in np.array_split(order, min(bands, len(order)))
        if len(part)
    ]


def calibration_gap(bands: list[CalibrationBand]) -> float | None:
    """Mean distance of expected and observed, weighted by rows."""
    rows = sum(band.rows for band in bands)
    if not rows:
        return None
    return tidy(sum(band.rows * abs(band.expected - band.observed) for band in bands) / rows)


def net_benefit(y: Floats, probability: Floats, threshold: float) -> float:
    """Events reached less others reached, these at the threshold's odds, for each row."""
    chosen = probability >= threshold
    hits = float((chosen * y).sum())
    odds = threshold / (1 - threshold)
    return (hits - (float(chosen.sum()) - hits) * odds) / len(y)


def decision_curve(y: Floats, model: Floats, rule: Floats | None) -> list[DecisionPoint]:
    """Net benefit of the model, the rule and of reaching everyone."""
    return [
        DecisionPoint(
            threshold=at,
            model=round(net_benefit(y, model, at), 6),
            rule=None if rule is None else round(net_benefit(y, rule, at), 6),
            everyone=round(net_benefit(y, np.ones(len(y)), at), 6),
        )
        for at in THRESHOLDS
        if len(y)
    ]
