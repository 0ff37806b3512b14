"""What a linkage found, complete enough for the next month to go on from."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from linkage.engine.model import FittedModel

ALONE = "ALONE"
CLERICAL = "CLERICAL"
PAIR_SCHEMA = {"a": pl.Int64(), "b": pl.Int64()}
DECIDED_SCHEMA = {**PAIR_SCHEMA, "same": pl.Boolean()}
NEAR_SCHEMA = {
    **PAIR_SCHEMA,
    "confidence": pl.Float64(),
    "weight": pl.Float64(),
    "band": pl.String(),
}


@dataclass(frozen=True, kw_only=True)
class Linkage:
    """What a linkage found. Every table is ordered.

    Attributes:
        links: One row a record: record_id, cluster (the smallest record of it), confidence and
            rule_id of the surest link that holds the record there.
        edges: Every link inside a cluster: a, b, confidence, weight, rule_id.
        refused: Likewise, links that would have joined two records that are kept apart.
        apart: Pairs inside one component that were kept apart: a, b.
        decided: What people decided: a, b, same.
        standing: One row a record: record_id, grp (the group that exact keys made, by its smallest
            record), stands (whether it is weighed in the name of its equal copies) and part (the
            smallest record that links, kept or refused, lead to).
        near: Pairs under the threshold that a person might look at: a, b, confidence, weight, band.
        doubted: Pairs that share an exact key and failed its check: rule_id, a, b, why.
        quality: What is expected of the links by rule and band: rule_id, band, threshold (a
            probability), threshold_weight (bits), links, expected_false, expected_precision,
            expected_recall. After :func:`link_more` it speaks of the pairs of that run.
        blocks: What was looked at, and what the pair budget dropped: block, values, pairs,
            dropped_values, dropped_records, dropped_pairs.
        model: Agreement probabilities and thresholds as used.
        pairs_scored: Pairs that were weighed in this run.
        touched: Records whose clusters were worked out in this run.
    """

    links: pl.DataFrame
    edges: pl.DataFrame
    refused: pl.DataFrame
    apart: pl.DataFrame
    decided: pl.DataFrame
    standing: pl.DataFrame
    near: pl.DataFrame
    doubted: pl.DataFrame
    quality: pl.DataFrame
    blocks: pl.DataFrame
    model: FittedModel
    pairs_scored: int
    touched: pl.Series

    @property
    def offered(self) -> pl.DataFrame:
        """All links that were good enough, kept or refused."""
        return pl.concat([self.edges, self.refused]).sort("a", "b", "rule_id")
