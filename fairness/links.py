"""Whether some people's records are joined up less often than everyone's.

Read before any figure about a model: whoever is joined less often is seen less often, and every
later figure, worked out from the same records, would look fair.

Only records that should meet another source are counted: linkage says which. They are compared like
with like: a group is held to the share that its records would have if each source joined them as
often as it joins everyone's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import polars as pl
from scipy import stats

from contracts.place import FairnessPolicy
from fairness.checks import LINK_RATE
from fairness.findings import Finding, bounds_of
from fairness.judging import wilson, with_range, with_verdict
from fairness.posteriors import Posterior
from fairness.verdicts import PRIOR_WEIGHT, WEAK_WEIGHT, Verdict


@dataclass(frozen=True, kw_only=True)
class Links:
    """A group's records.

    Attributes:
        records: How many should meet another source.
        linked: How much of them met the other sources at their home: each counts for the share of
            those sources that it met.
        expected: How much would have, if sources met for them as they meet for everyone.
    """

    records: int
    linked: float
    expected: float

    def posterior(self, *, weight: float) -> Posterior | None:
        """What is known of the group's share over the share expected of it."""
        if self.expected <= 0:
            return None
        reference = self.expected / self.records
        yes = weight * reference + self.linked
        no = weight * (1 - reference) + self.records - self.linked
        found: Posterior = stats.beta(yes, max(no, 1e-6), scale=1 / reference)
        return found


def link_findings(
    rates: pl.DataFrame, *, groups: Sequence[str], policy: FairnessPolicy
) -> list[Finding]:
    """The link rate of every group.

    Args:
        rates: ``match_rate``: source, group_kind, group_value, records, met, met_usual.
        groups: Names of the attributes.
        policy: What the board has agreed.
    """
    return [
        _finding(links, attribute=attribute, group=group, policy=policy)
        for attribute in groups
        for group, links in _by_group(rates, attribute).items()
    ]


def _by_group(rates: pl.DataFrame, attribute: str) -> dict[str, Links]:
    summed = (
        rates.filter(pl.col("group_kind") == attribute)
        .group_by("group_value")
        .agg(
            pl.col("records").sum(),
            pl.col("met").sum().alias("linked"),
            pl.col("met_usual").sum().alias("expected"),
        )
        .sort("group_value")
    )
    return {
        row["group_value"]: Links(
            records=row["records"], linked=row["linked"], expected=row["expected"]
        )
        for row in summed.iter_rows(named=True)
    }


def _finding(links: Links, *, attribute: str, group: str, policy: FairnessPolicy) -> Finding:
    share = links.linked / links.records if links.records else float("nan")
    low, high = wilson(share, links.records, confidence=policy.confidence)
    reference = links.expected / links.records if links.records else float("nan")
    finding = Finding(
        check=LINK_RATE.key,
        attribute=attribute,
        group=group,
        base=links.records,
        rate=share,
        low=low,
        high=high,
        everyone=reference,
        ratio=share / reference if reference > 0 else float("nan"),
        expected=reference,
    )
    bounds = bounds_of(policy, LINK_RATE.key)
    if links.records < policy.minimum_cell:
        return finding if bounds is None else replace(finding, verdict=Verdict.TOO_FEW)
    ranged = with_range(finding, links.posterior(weight=WEAK_WEIGHT), confidence=policy.confidence)
    if bounds is None:
        return ranged
    return with_verdict(ranged, links.posterior(weight=PRIOR_WEIGHT), bounds)
