"""From which weight on pairs are linked, so that a stated share of the links is false.

A weight that was right for one place is wrong for one ten times as large: chance agreement grows
with the square of the records, true pairs do not. So the prior is learnt again from the pairs at
hand, and the threshold follows from the probabilities that come of it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from linkage.engine.model import DIGITS, FittedModel, Threshold
from linkage.engine.settings import LinkSettings

Floats = NDArray[np.float64]
QUALITY_SCHEMA = {
    "rule_id": pl.String(),
    "band": pl.String(),
    "threshold": pl.Float64(),
    "threshold_weight": pl.Float64(),
    "links": pl.Int64(),
    "expected_false": pl.Float64(),
    "expected_precision": pl.Float64(),
    "expected_recall": pl.Float64(),
}
# Weights are gathered in steps of a hundredth of a bit: counts add up in any order to the same.
_STEPS = 100
_LEAST_PRIOR = 1e-12
_ROUNDS = 200
# How firmly the model's own bits are believed beside people's decisions: as standard deviations.
_SHIFT_SD = 3.0
_SLOPE_SD = 0.3


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """Pairs by band and weight.

    Attributes:
        counts: band, weight (middle of its step), pairs; ordered.
        possible: All pairs that the prior speaks of, looked at or not.
    """

    counts: pl.DataFrame
    possible: float


def weighed(pairs: pl.DataFrame, *, records: int) -> Weighed:
    """Counts of pairs with ``weight`` and ``band``."""
    steps = np.rint(pairs["weight"].to_numpy() * _STEPS).astype(np.int64)
    counted = pairs.select("band", pl.Series("step", steps)).group_by("band", "step").len("pairs")
    counts = counted.sort("band", "step").select(
        "band", (pl.col("step") / _STEPS).alias("weight"), pl.col("pairs").cast(pl.Int64())
    )
    return Weighed(counts=counts, possible=max(1.0, records * (records - 1) / 2))


def probability(weight: Floats, model: FittedModel) -> Floats:
    """Probability that pairs of these weights are one person."""
    odds = math.log(model.prior / (1 - model.prior)) + model.slope * weight * math.log(2)
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -700, 700)))
    return found


def with_prior(model: FittedModel, found: Weighed) -> FittedModel:
    """The model with the share of matches that these pairs' own weights make likeliest."""
    weight, pairs = _arrays(found.counts)
    if not len(weight):
        return model
    prior = model.prior
    for _ in range(_ROUNDS):
        before = prior
        matches = float((pairs * probability(weight, replace(model, prior=prior))).sum())
        prior = min(max(matches / found.possible, _LEAST_PRIOR), 0.5)
        if abs(math.log(prior / before)) < 1e-6:
            break
    return replace(model, prior=float(f"{prior:.{DIGITS}g}"))


def with_decisions(model: FittedModel, decided: pl.DataFrame) -> FittedModel:
    """The model with its probabilities drawn to what people decided of pairs.

    A logistic curve over the bits, held to the model's own by a normal prior, so that a handful of
    decisions moves it little and a few hundred move it as far as they say.

    Args:
        model: With the prior of these records.
        decided: weight and same, one row a pair that people decided and that was scored.
    """
    if decided.is_empty():
        return model
    weight = decided["weight"].to_numpy().astype(np.float64) * math.log(2)
    same = decided["same"].to_numpy().astype(np.float64)
    base = math.log(model.prior / (1 - model.prior))
    shift, slope = 0.0, 1.0
    for _ in range(50):
        odds = np.clip(base + shift + slope * weight, -500, 500)
        chance = 1 / (1 + np.exp(-odds))
        spread = chance * (1 - chance)
        pull = np.array(
            [
                (same - chance).sum() - shift / _SHIFT_SD**2,
                ((same - chance) * weight).sum() - (slope - 1) / _SLOPE_SD**2,
            ]
        )
        bend = np.array(
            [
                [spread.sum() + 1 / _SHIFT_SD**2, (spread * weight).sum()],
                [(spread * weight).sum(), (spread * weight**2).sum() + 1 / _SLOPE_SD**2],
            ]
        )
        step = np.linalg.solve(bend, pull)
        shift, slope = shift + float(step[0]), max(slope + float(step[1]), 0.05)
        if float(np.abs(step).max()) < 1e-9:
            break
    prior = 1 / (1 + math.exp(-(base + shift)))
    prior = min(max(prior, _LEAST_PRIOR), 0.5)
    return replace(model, prior=float(f"{prior:.{DIGITS}g}"), slope=float(f"{slope:.{DIGITS}g}"))


def with_thresholds(model: FittedModel, found: Weighed, settings: LinkSettings) -> FittedModel:
    """The model with a threshold for each band."""
    bands = found.counts["band"].unique().sort().to_list() or ["all"]
    chosen = tuple(
        _threshold(model, found.counts.filter(pl.col("band") == band), band, settings)
        for band in bands
    )
    return replace(model, thresholds=chosen)


def _threshold(
    model: FittedModel, counts: pl.DataFrame, band: str, settings: LinkSettings
) -> Threshold:
    least = settings.threshold
    # Among pairs that nothing was learnt from no share of false ones can be told.
    if settings.error is not None and model.fitted:
        least = _least_probability(model, counts, settings.error, floor=settings.floor)
    base = math.log(model.prior / (1 - model.prior))
    bits = (math.log(least / (1 - least)) - base) / (model.slope * math.log(2))
    return Threshold(band=band, weight=round(bits, 6), probability=round(least, 9))


def _least_probability(
    model: FittedModel, counts: pl.DataFrame, error: float, *, floor: float
) -> float:
    """The lowest probability from which on the expected share of false links is the error."""
    weight, pairs = _arrays(counts.sort("weight", descending=True))
    chance = probability(weight, model)
    false = np.cumsum(pairs * (1 - chance))
    share = false / np.maximum(np.cumsum(pairs), 1)
    allowed = np.flatnonzero((share <= error) & (chance >= floor))
    if not len(allowed):
        return 1 - error
    # Half a step under the last one allowed, so that all the pairs of that step are in.
    last = float(weight[allowed[-1]]) - 0.5 / _STEPS
    return float(max(probability(np.array([last]), model)[0], floor))


def quality(
    model: FittedModel, found: Weighed, settings: LinkSettings, exact: pl.DataFrame
) -> pl.DataFrame:
    """What is expected of the links, by rule and band; exact rules by their stated confidence.

    ``expected_recall`` of a band is the share of its expected matches among the pairs looked at
    that are linked; what no block brings together is not in it.
    """
    rows: list[tuple[object, ...]] = []
    by_rule = exact.group_by("rule_id").agg(pl.col("confidence").first(), pl.len().alias("links"))
    for rule, confidence, links in by_rule.sort("rule_id").iter_rows():
        false = links * (1 - confidence)
        rows.append((rule, "all", confidence, None, links, round(false, 3), confidence, None))
    for one in model.thresholds:
        weight, pairs = _arrays(found.counts.filter(pl.col("band") == one.band))
        chance = probability(weight, model)
        taken = weight >= one.weight
        links = int(pairs[taken].sum())
        right, all_right = float((pairs * chance)[taken].sum()), float((pairs * chance).sum())
        rows.append(
            (
                settings.rule_id,
                one.band,
                one.probability,
                one.weight,
                links,
                round(links - right, 3),
                round(right / links, 6) if links else None,
                round(right / all_right, 6) if all_right else None,
            )
        )
    return pl.DataFrame(rows, schema=QUALITY_SCHEMA, orient="row")


def _arrays(counts: pl.DataFrame) -> tuple[Floats, Floats]:
    return (
        counts["weight"].to_numpy().astype(np.float64),
        counts["pairs"].to_numpy().astype(np.float64),
    )
