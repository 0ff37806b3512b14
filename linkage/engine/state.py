"""A linkage as plain tables, so that a place can keep it and go on from it next month."""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl

from linkage.engine.blocking import BLOCK_SCHEMA
from linkage.engine.exact import DOUBT_SCHEMA
from linkage.engine.model import FREQUENCY_SCHEMA, FittedModel
from linkage.engine.result import NEAR_SCHEMA, PAIR_SCHEMA, Linkage
from linkage.engine.settings import RECORD
from linkage.engine.thresholds import QUALITY_SCHEMA

RECORDS = "link_state_record"
EDGES = "link_state_edge"
PAIRS = "link_state_pair"
MODEL = "link_state_model"
FREQUENCIES = "link_state_frequency"
_APART = "APART"
_SAME = "DECIDED_SAME"
_OTHER = "DECIDED_OTHER"


def as_tables(linkage: Linkage) -> dict[str, pl.DataFrame]:
    """What :func:`linkage.engine.more.link_more` needs of a linkage.

    Returns:
        ``link_state_record`` (record_id, cluster, confidence, rule_id, grp, stands,
        part),
        ``link_state_edge`` (a, b, confidence, weight, rule_id, used: false where it was refused),
        ``link_state_pair`` (a, b, kind: ``APART``, ``DECIDED_SAME`` or ``DECIDED_OTHER``),
        ``link_state_model`` (key, value as JSON) and ``link_state_frequency`` (column, value,
        share). The same linkage gives the same rows in the same order.
    """
    model: dict[str, object] = json.loads(linkage.model.to_json())
    rows = [(key, json.dumps(model[key], sort_keys=True)) for key in sorted(model)]
    said = pl.when("same").then(pl.lit(_SAME)).otherwise(pl.lit(_OTHER))
    return {
        # Both hold every record, in order.
        RECORDS: pl.concat([linkage.links, linkage.standing.drop(RECORD)], how="horizontal"),
        EDGES: pl.concat(
            [
                linkage.edges.with_columns(pl.lit(value=True).alias("used")),
                linkage.refused.with_columns(pl.lit(value=False).alias("used")),
            ]
        ).sort("a", "b", "rule_id"),
        PAIRS: pl.concat(
            [
                linkage.apart.with_columns(pl.lit(_APART).alias("kind")),
                linkage.decided.select("a", "b", said.alias("kind")),
            ]
        ).sort("a", "b", "kind"),
        MODEL: pl.DataFrame(rows, schema={"key": pl.String(), "value": pl.String()}, orient="row"),
        FREQUENCIES: linkage.model.frequencies,
    }


def from_tables(tables: Mapping[str, pl.DataFrame]) -> Linkage:
    """The linkage that :func:`as_tables` wrote, as far as the next month needs it.

    Pairs for review, doubted keys and the quality of that run are not part of the state.
    """
    record, edge = tables[RECORDS].sort(RECORD), tables[EDGES].sort("a", "b", "rule_id")
    pair = tables[PAIRS].sort("a", "b", "kind")
    model = {key: json.loads(value) for key, value in tables[MODEL].iter_rows()}
    frequencies = tables[FREQUENCIES].select(list(FREQUENCY_SCHEMA)).sort("column", "value")
    return Linkage(
        links=record.select(RECORD, "cluster", "confidence", "rule_id"),
        edges=edge.filter("used").drop("used"),
        refused=edge.filter(~pl.col("used")).drop("used"),
        apart=pair.filter(pl.col("kind") == _APART).select(list(PAIR_SCHEMA)),
        decided=pair.filter(pl.col("kind") != _APART).select(
            "a", "b", (pl.col("kind") == _SAME).alias("same")
        ),
        standing=record.select(RECORD, "grp", "stands", "part"),
        near=pl.DataFrame(schema=NEAR_SCHEMA),
        doubted=pl.DataFrame(schema=DOUBT_SCHEMA),
        quality=pl.DataFrame(schema=QUALITY_SCHEMA),
        blocks=pl.DataFrame(schema=BLOCK_SCHEMA),
        model=FittedModel.from_json(json.dumps(model), frequencies),
        pairs_scored=0,
        touched=pl.Series(RECORD, [], dtype=pl.Int64()),
    )
