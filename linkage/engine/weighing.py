"""Pairs that exact keys left open: found by blocks, weighed by the model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb
import numpy as np
import polars as pl

from linkage.engine.blocking import Standing, met, within_budget
from linkage.engine.exact import EDGE_SCHEMA, no_edges
from linkage.engine.model import FittedModel
from linkage.engine.records import both
from linkage.engine.result import NEAR_SCHEMA
from linkage.engine.runs import Bools, Ints, Runs, mixed
from linkage.engine.scoring import frequencies, weights, with_shares
from linkage.engine.settings import RECORD, LinkSettings
from linkage.engine.sharing import Sharing
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


def stand(shared: Sharing, at: Ints, groups: Ints, settings: LinkSettings) -> Bools:
    """Which records stand for their equal copies in a group.

    Args:
        shared: The records.
        at: Places of those that are looked at, in order.
        groups: The group of each, by the place among them of one of its records.
        settings: Names the columns that are compared.
    """
    # A group of one record has no copies to look for. Of two records in one group, equal hashes
    # are taken for equal content.
    several = np.flatnonzero(np.bincount(groups, minlength=len(at))[groups] > 1)
    kept_out = (RECORD, *settings.handles)
    columns = [column for column in shared.ordered.columns if column not in kept_out]
    content = shared.content(columns, at[several])
    copies = Runs.of(content ^ mixed(groups[several]), np.arange(len(several)), len(several))
    stands = np.ones(len(at), dtype=bool)
    stands[several[copies.held]] = False
    stands[several[copies.held[copies.starts]]] = True
    return stands


def standing_of(
    count: int,
    fresh: tuple[Ints, Ints],
    others: tuple[Ints, Ints] | None = None,
    *,
    sharing: Sequence[Ints] | None = None,
) -> Standing:
    """Records as they are weighed.

    Args:
        count: How many records there are.
        fresh: Places of the fresh records that stand, in order, and the group of each.
        others: Likewise of those that stood before and are not fresh; None where there are none.
        sharing: For each block the places that may share a value with a fresh record; None for
            all.
    """
    at = fresh[0]
    groups = np.zeros(count, dtype=np.int64)
    groups[at] = fresh[1]
    leading = np.zeros(count, dtype=bool)
    leading[at] = True
    if others is not None:
        groups[others[0]] = others[1]
        at = both(at, others[0])
    if sharing is not None:
        stands = np.zeros(count, dtype=bool)
        stands[at] = True
        sharing = tuple(some[stands[some]] for some in sharing)
    return Standing(at=at, groups=groups, fresh=leading, sharing=sharing)


def weigh(
    con: duckdb.DuckDBPyConnection,
    shared: Sharing,
    standing: Standing,
    settings: LinkSettings,
    model: FittedModel,
    *,
    frozen: bool,
    decided: pl.DataFrame,
) -> Open:
    """Weigh the pairs that have a fresh record, and link those that are enough.

    Args:
        con: Any connection.
        shared: The records.
        standing: Those of them that are weighed.
        settings: Blocks, comparisons and thresholds.
        model: From training, or of an earlier run.
        frozen: True to keep the model's prior, thresholds, frequencies and fullest block.
        decided: a, b, same: what people decided.
    """
    fullest = model.fullest_block if frozen else 0
    budget = within_budget(shared, standing, settings, fullest=fullest)
    if not frozen:
        shares, floor = frequencies(shared.ordered, standing.at, settings)
        model = replace(model, frequencies=shares, floor=floor, fullest_block=budget.fullest)
    found = _weighed(con, shared, met(budget, standing), settings, model)
    counts = weighed(found, records=len(standing.at))
    if not frozen:
        model = _calibrated(model, counts, found, settings, decided)
    edges, near = _linked(found, settings, model)
    return Open(
        edges=edges,
        near=near,
        counts=counts,
        blocks=budget.blocks,
        model=model,
        pairs=found.height,
    )


def _weighed(
    con: duckdb.DuckDBPyConnection,
    shared: Sharing,
    ends: tuple[Ints, Ints],
    settings: LinkSettings,
    model: FittedModel,
) -> pl.DataFrame:
    """a, b, weight, band of the pairs that are worth weighing, in order."""
    # How rare a name is is only looked up for records that met another.
    meeting = np.zeros(len(shared.numbers), dtype=bool)
    for end in ends:
        meeting[end] = True
    at = np.flatnonzero(meeting)
    number = np.zeros(len(meeting), dtype=np.int64)
    number[at] = np.arange(len(at))
    records = with_shares(shared.ordered[at], settings, model)
    said = weights(con, records, (number[ends[0]], number[ends[1]]), settings, model)
    a, b = (shared.numbers[end[said["n"].to_numpy()]] for end in ends)
    return pl.DataFrame({"a": a, "b": b, "weight": said["weight"], "band": said["band"]})


def _calibrated(
    model: FittedModel,
    counts: Weighed,
    found: pl.DataFrame,
    settings: LinkSettings,
    decided: pl.DataFrame,
) -> FittedModel:
    # Without anything learnt there is nothing to learn a prior with either.
    model = with_prior(model, counts) if model.fitted else model
    if decided.height:
        seen = found.join(decided, on=["a", "b"]).select("weight", "same").sort("weight", "same")
        model = with_decisions(model, seen)
    return with_thresholds(model, counts, settings)


def _linked(
    found: pl.DataFrame, settings: LinkSettings, model: FittedModel
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pairs from the threshold of their band on, and those under it that are worth a look."""
    least = {one.band: one.weight for one in model.thresholds}
    if not least:
        return no_edges(), pl.DataFrame(schema=NEAR_SCHEMA)
    # A band that no earlier run has seen is held to the strictest of the others.
    from_ = pl.col("band").replace_strict(
        least, default=max(least.values()), return_dtype=pl.Float64()
    )
    enough = pl.col("weight") >= from_
    review = pl.col("weight") >= _bits(model, settings.review_from)
    said = found.with_columns(enough.alias("enough")).filter(pl.col("enough") | review)
    chance = probability(said["weight"].to_numpy(), model)
    said = said.with_columns(
        pl.Series("confidence", np.round(chance, 6)), pl.col("weight").round(4)
    )
    links = said.filter("enough").with_columns(pl.lit(settings.rule_id).alias("rule_id"))
    near = said.filter(~pl.col("enough"))
    return links.select(list(EDGE_SCHEMA)), near.select(list(NEAR_SCHEMA))


def _bits(model: FittedModel, chance: float) -> float:
    """The weight that stands for a probability."""
    odds = np.log(chance / (1 - chance)) - np.log(model.prior / (1 - model.prior))
    return float(odds / (model.slope * np.log(2)))
