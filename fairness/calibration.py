"""Whether what the model expected in a group is what happened in it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from scipy import stats

from contracts.place import FairnessPolicy
from fairness.cells import recorded
from fairness.findings import Finding, bounds_of
from fairness.judging import with_range, with_verdict
from fairness.posteriors import Posterior
from fairness.verdicts import PRIOR_WEIGHT, WEAK_WEIGHT, Verdict

_CHECK = "calibration"
_NOTHING = 1e-9


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """Events expected and observed in a group.

    Attributes:
        expected: Sum of the probabilities.
        observed: Events that happened.
        events: Households with an event, each counted once.
        spread: Variance of observed over expected, with the household as the unit.
    """

    expected: float
    observed: float
    events: int
    spread: float

    @property
    def ratio(self) -> float:
        """Expected over observed; infinite where nothing was observed, NaN where nothing at all."""
        if self.observed > 0:
            return self.expected / self.observed
        return float("inf") if self.expected > 0 else float("nan")

    def posterior(self, *, prior: float, shrunk: bool = True) -> Posterior | None:
        """What is known of expected over observed (a gamma posterior of its inverse).

        Args:
            prior: Expected over observed for everyone, where the prior sits.
            shrunk: Whether the prior has its full weight, as of 20 expected events.
        """
        if self.expected <= 0 or not np.isfinite(prior) or prior <= 0:
            return None
        weight = PRIOR_WEIGHT if shrunk else WEAK_WEIGHT
        scale = self._scale
        found: Posterior = stats.invgamma(
            weight / prior + scale * self.observed, scale=weight + scale * self.expected
        )
        return found

    @property
    def _scale(self) -> float:
        """From rows to households that each count once."""
        if self.observed <= 0:
            return 1.0
        rate = self.observed / self.expected
        known = rate**2 / self.spread if self.spread > 0 else float(self.events)
        return min(known, self.events) / self.observed


def calibration_findings(
    frame: pl.DataFrame, *, attribute: str, policy: FairnessPolicy
) -> list[Finding]:
    """Expected over observed in every group of an attribute.

    Rows whose event or probability is not known can't be compared and are left out of this check
    only. A group is too few to say where both what was expected and what was observed are under the
    minimum cell.
    """
    everyone = _expectations(frame.with_columns(pl.lit("all").alias("_all")), "_all").get("all")
    prior = everyone.ratio if everyone else float("nan")
    return [
        _finding(group, found, attribute=attribute, prior=prior, policy=policy)
        for group, found in _expectations(frame, attribute).items()
    ]


def expected_reach(frame: pl.DataFrame, attribute: str) -> dict[str, float]:
    """The reach by group that the model's own probabilities would lead to.

    One list for groups with different needs does not reach the same share of each, even where every
    probability is right; this is what to lay beside the reach that was seen.
    """
    known = _known(frame, attribute)
    reach: dict[str, float] = {}
    for group in sorted(known["group"].unique().to_list()):
        rows = known.filter(pl.col("group") == group)
        chance, listed = rows["probability"].to_numpy(), rows["selected"].to_numpy()
        if chance.sum() > 0:
            reach[group] = float(chance[listed].sum() / chance.sum())
    return reach


def _finding(
    group: str,
    found: Expectation,
    *,
    attribute: str,
    prior: float,
    policy: FairnessPolicy,
) -> Finding:
    finding = Finding(
        check=_CHECK,
        attribute=attribute,
        group=group,
        base=found.events,
        rate=found.ratio,
        everyone=prior,
        ratio=found.ratio,
    )
    bounds = bounds_of(policy, _CHECK)
    if max(found.events, found.expected) < policy.minimum_cell:
        return finding if bounds is None else replace(finding, verdict=Verdict.TOO_FEW)
    ranged = with_range(
        finding, found.posterior(prior=prior, shrunk=False), confidence=policy.confidence
    )
    ranged = replace(ranged, low=ranged.ratio_low, high=ranged.ratio_high)
    if bounds is None:
        return ranged
    return with_verdict(ranged, found.posterior(prior=prior), bounds)


def _expectations(frame: pl.DataFrame, attribute: str) -> dict[str, Expectation]:
    known = _known(frame, attribute)
    groups = sorted(known["group"].unique().to_list())
    return {group: _expectation(known.filter(pl.col("group") == group)) for group in groups}


def _expectation(rows: pl.DataFrame) -> Expectation:
    """Sums by household in a fixed order, so that they are the same to the last bit on repeat."""
    household = rows["household_id"].rank("dense").cast(pl.Int64).to_numpy() - 1
    observed = np.bincount(household, weights=rows["event"].to_numpy())
    expected = np.bincount(household, weights=rows["probability"].to_numpy())
    whole = float(expected.sum())
    if whole < _NOTHING:
        return Expectation(
            expected=0.0,
            observed=float(observed.sum()),
            events=int((observed > 0).sum()),
            spread=0.0,
        )
    residuals = observed - observed.sum() / whole * expected
    return Expectation(
        expected=whole,
        observed=float(observed.sum()),
        events=int((observed > 0).sum()),
        spread=float((residuals**2).sum()) / whole**2,
    )


def _known(frame: pl.DataFrame, attribute: str) -> pl.DataFrame:
    return frame.filter(pl.col("event").is_not_null() & pl.col("probability").is_not_null()).select(
        "household_id",
        recorded(attribute).alias("group"),
        pl.col("event").cast(pl.Int64),
        pl.col("probability").cast(pl.Float64),
        pl.col("selected").cast(pl.Boolean),
    )
