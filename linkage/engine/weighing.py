"""Pairs that exact keys left open: found by blocks, weighed by the model."""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb
import numpy as np
import polars as pl

from linkage.engine.blocking import block_columns_sql, keep_to_budget, pairs_sql, worth_sql
from linkage.engine.clusters import Ints
from linkage.engine.exact import EDGE_SCHEMA
from linkage.engine.model import FittedModel
from linkage.engine.records import places
from linkage.engine.result import NEAR_SCHEMA
from linkage.engine.scoring import frequencies, hold_frequencies, rarities, weights_sql
from linkage.engine.settings import RECORD, LinkSettings
from linkage.engine.thresholds import (
    Weighed,
    probability,
    weighed,
    with_decisions,
    with_prior,
    with_thresholds,
)


@dataclass(frozen=True, kw_only=True)
class Open:
    """What came of the pairs that exact keys left open.

    Attributes:
        edges: Links.
        near: Pairs under the threshold, as in :class:`Linkage`.
        counts: Pairs by band and weight.
        blocks: As in :class:`Linkage`.
        model: As used.
        pairs: Pairs weighed.
    """

    edges: pl.DataFrame
    near: pl.DataFrame
    counts: Weighed
    blocks: pl.DataFrame
    model: FittedModel
    pairs: int


def stand(
    con: duckdb.DuckDBPyConnection, nodes: Ints, groups: Ints, settings: LinkSettings
) -> Ints:
    """Make the table ``standing``: the records that stand for their equal copies in a group.

    It holds record_id, grp, fresh and the block values; what is compared stays in ``records``.

    Args:
        con: Connection that holds ``records``.
        nodes: Record numbers.
        groups: The group of each.
        settings: Names the columns that are compared.

    Returns:
        The records that stand, in order.
    """
    at = places(groups, nodes)
    alone = np.bincount(at, minlength=len(nodes))[at] == 1
    grouped = pl.DataFrame({RECORD: nodes, "grp": groups, "alone": alone})
    con.register("grouped", grouped.to_arrow())
    kept_out = (RECORD, *settings.handles)
    columns = [c for c in con.sql("SELECT * FROM records LIMIT 0").columns if c not in kept_out]
    said = ", ".join(columns)
    con.execute(
        f"""CREATE OR REPLACE TABLE standing AS
            SELECT {RECORD}, grp, true AS fresh, {block_columns_sql(settings)},
                   CASE WHEN NOT alone THEN hash({said}) END AS content
            FROM records JOIN grouped USING ({RECORD})"""
    )
    # A group of one record has no copies to look for. Of two records in one group, equal hashes
    # are taken for equal content.
    con.execute(
        f"""DELETE FROM standing WHERE content IS NOT NULL AND {RECORD} NOT IN (
                SELECT min({RECORD}) FROM standing WHERE content IS NOT NULL GROUP BY grp, content)
        """
    )
    con.execute("ALTER TABLE standing DROP content")
    con.unregister("grouped")
    standing: Ints = con.sql(f"SELECT {RECORD} FROM standing ORDER BY 1").pl()[RECORD].to_numpy()
    return standing


def also_stand(
    con: duckdb.DuckDBPyConnection, others: pl.DataFrame, settings: LinkSettings
) -> None:
    """Add records that stood before, and are not fresh, to ``standing``.

    Args:
        con: Connection that holds ``records`` and ``standing``.
        others: Columns record_id, grp.
        settings: Names the columns that are compared.
    """
    con.register("others", others.to_arrow())
    con.execute(
        f"""INSERT INTO standing BY NAME
            SELECT {RECORD}, grp, false AS fresh, {block_columns_sql(settings)}
            FROM records JOIN others USING ({RECORD})"""
    )
    con.unregister("others")


def weigh(
    con: duckdb.DuckDBPyConnection,
    settings: LinkSettings,
    model: FittedModel,
    *,
    frozen: bool,
    decided: pl.DataFrame,
) -> Open:
    """Weigh the pairs of ``standing`` that have a fresh record, and link those that are enough.

    Args:
        con: Connection that holds ``records`` and ``standing``.
        settings: Blocks, comparisons and thresholds.
        model: From training, or of an earlier run.
        frozen: True to keep the model's prior, thresholds, frequencies and fullest block.
        decided: a, b, same: what people decided.
    """
    budget = keep_to_budget(con, "standing", settings, fullest=model.fullest_block if frozen else 0)
    if not frozen:
        con.execute(
            f"""CREATE TABLE compared AS SELECT {", ".join([RECORD, *rarities(settings)])}
                FROM records SEMI JOIN standing USING ({RECORD})"""
        )
        shares, floor = frequencies(con, "compared", settings)
        model = replace(model, frequencies=shares, floor=floor, fullest_block=budget.fullest)
    con.execute(f"CREATE OR REPLACE TABLE met AS {pairs_sql(settings, table='standing')}")
    con.execute(f"CREATE OR REPLACE TABLE pairs AS {worth_sql(settings, table='records')}")
    con.execute(
        f"""CREATE VIEW open AS SELECT * FROM records WHERE {RECORD} IN (
                SELECT a FROM pairs UNION ALL SELECT b FROM pairs)"""
    )
    rare = hold_frequencies(con, "open", settings, model)
    con.execute(f"CREATE OR REPLACE TABLE weighable AS {rare}")
    scores = weights_sql(con, settings, model, table="weighable")
    con.execute(f"CREATE OR REPLACE TABLE weighed AS {scores}")
    records = con.execute("SELECT count(*) FROM standing").fetchall()[0][0]
    counts = weighed(con, "weighed", records=records)
    if not frozen:
        model = _calibrated(con, model, counts, settings, decided)
    edges, near = _linked(con, settings, model)
    pairs = int(counts.counts["pairs"].sum())
    return Open(
        edges=edges, near=near, counts=counts, blocks=budget.blocks, model=model, pairs=pairs
    )


def _calibrated(
    con: duckdb.DuckDBPyConnection,
    model: FittedModel,
    counts: Weighed,
    settings: LinkSettings,
    decided: pl.DataFrame,
) -> FittedModel:
    # Without anything learnt there is nothing to learn a prior with either.
    model = with_prior(model, counts) if model.fitted else model
    if decided.height:
        con.register("told", decided.to_arrow())
        seen: pl.DataFrame = con.sql(
            "SELECT weight, same FROM weighed JOIN told USING (a, b) ORDER BY weight, same"
        ).pl()
        con.unregister("told")
        model = with_decisions(model, seen)
    return with_thresholds(model, counts, settings)


def _linked(
    con: duckdb.DuckDBPyConnection, settings: LinkSettings, model: FittedModel
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs from the threshold of their band on, and those under it that are worth a look."""
    least = {one.band: one.weight for one in model.thresholds}
    cases = " ".join(f"WHEN '{band}' THEN {weight!r}" for band, weight in least.items())
    # A band that no earlier run has seen is held to the strictest of the others.
    strictest = max(least.values(), default=1e9)
    review = _bits(model, settings.review_from)
    found: pl.DataFrame = con.sql(
        f"""SELECT a::BIGINT AS a, b::BIGINT AS b, weight, band,
                   weight >= CASE band {cases} ELSE {strictest!r} END AS enough
            FROM weighed WHERE enough OR weight >= {review!r} ORDER BY a, b"""
        if least
        else "SELECT 0::BIGINT AS a, 0::BIGINT AS b, 0.0::DOUBLE AS weight, '' AS band,"
        " false AS enough WHERE false"
    ).pl()
    chance = probability(found["weight"].to_numpy(), model)
    found = found.with_columns(
        pl.Series("confidence", np.round(chance, 6)), pl.col("weight").round(4)
    )
    links = found.filter("enough").with_columns(pl.lit(settings.rule_id).alias("rule_id"))
    near = found.filter(~pl.col("enough"))
    return links.select(list(EDGE_SCHEMA)), near.select(list(NEAR_SCHEMA))


def _bits(model: FittedModel, chance: float) -> float:
    """The weight that stands for a probability."""
    odds = np.log(chance / (1 - chance)) - np.log(model.prior / (1 - model.prior))
    return float(odds / (model.slope * np.log(2)))
