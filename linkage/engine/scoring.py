"""What a pair of records weighs: the sum of its levels' bits, rare values weighing more."""

from __future__ import annotations

from math import log2

import duckdb
import polars as pl

from linkage.engine.asking import asked, columns_in
from linkage.engine.model import FREQUENCY_SCHEMA, FittedLevel, FittedModel
from linkage.engine.records import Ints
from linkage.engine.settings import Comparison, LinkSettings


def rarities(settings: LinkSettings) -> list[str]:
    """Columns by which rarity is weighed."""
    levels = [level for comparison in settings.comparisons for level in comparison.levels]
    return sorted({level.rarity for level in levels if level.rarity is not None})


def frequencies(
    records: pl.DataFrame, at: Ints, settings: LinkSettings
) -> tuple[pl.DataFrame, float]:
    """How common the values are by which rarity is weighed, and what a lone value counts as.

    A value that one record alone holds can agree with no other, so it is not kept; where it meets
    a later record it is taken as held by two.

    Args:
        records: One row a record.
        at: Places of those that count: equal copies once.
        settings: Names the columns.

    Returns:
        column, value, share, ordered; and the share of a value held by two.
    """
    parts = [pl.DataFrame(schema=FREQUENCY_SCHEMA)]
    for column in rarities(settings):
        said = records[column].gather(at)
        held = max(len(said) - said.null_count(), 1)
        values = said.explode() if isinstance(said.dtype, pl.List) else said
        counted = values.drop_nulls().value_counts(name="held").filter(pl.col("held") > 1)
        parts.append(
            counted.select(
                pl.lit(column).alias("column"),
                pl.col(column).cast(pl.String()).alias("value"),
                (pl.col("held") / held).alias("share"),
            )
        )
    return pl.concat(parts).sort("column", "value"), 2 / max(len(at), 2)


def with_shares(records: pl.DataFrame, settings: LinkSettings, model: FittedModel) -> pl.DataFrame:
    """The records with a column ``rare_<column>`` for each by which rarity is weighed.

    It is the share of records that hold the value; for a list column a list in the same order.
    """
    found = [
        _list_shares(records[column], model) if isinstance(records[column].dtype, pl.List)
        else _shares(records[column], model)
        for column in rarities(settings)
    ]  # fmt: skip
    return records.with_columns(one.alias(f"rare_{one.name}") for one in found)


def _shares(said: pl.Series, model: FittedModel) -> pl.Series:
    known = model.frequencies.filter(pl.col("column") == said.name).select("value", "share")
    wanted = pl.DataFrame({"value": said})
    if said.dtype.is_integer():
        if len(said) < known.height:
            known = known.filter(pl.col("value").is_in(said.cast(pl.String()).implode()))
        known = known.with_columns(pl.col("value").cast(said.dtype))
    else:
        wanted = wanted.cast(pl.String())
    found = wanted.join(known, on="value", how="left", maintain_order="left")["share"]
    return found.fill_null(model.floor).alias(said.name)


def _list_shares(said: pl.Series, model: FittedModel) -> pl.Series:
    lists = pl.DataFrame({"value": said}).with_row_index("at")
    ones = lists.filter(pl.col("value").list.len() > 0).explode("value")
    shares = (
        ones.select("at", _shares(ones["value"].alias(said.name), model).alias("share"))
        .group_by("at", maintain_order=True)
        .agg("share")
    )
    found = lists.join(shares, on="at", how="left", maintain_order="left")
    return found["share"].alias(said.name)


def weights(
    con: duckdb.DuckDBPyConnection,
    records: pl.DataFrame,
    ends: tuple[Ints, Ints],
    settings: LinkSettings,
    model: FittedModel,
) -> pl.DataFrame:
    """What the pairs weigh that are worth weighing and are not kept apart.

    Args:
        con: Any connection.
        records: With their rarity, from :func:`with_shares`.
        ends: Places of the two records of each pair.
        settings: What is compared.
        model: Bits of each level.

    Returns:
        n (number of the pair), weight and band, ordered.
    """
    lists = {c for c in rarities(settings) if isinstance(records[c].dtype, pl.List)}
    parts = [_weight_sql(one, model.of(one.name), lists) for one in settings.comparisons]
    weight = " + ".join(parts) or "0.0"
    sides = "".join(
        f", {side}.{column} AS {column}_{side}"
        for column in columns_in(weight, records.columns)
        for side in "lr"
    )
    band = "'all'" if settings.band is None else f"coalesce({settings.band}, 'other')"
    refused = "false" if settings.never is None else f"coalesce({settings.never}, false)"
    worth = "true" if settings.weigh is None else f"coalesce({settings.weigh}, false)"
    return asked(
        con,
        records,
        ends,
        f"""SELECT n, round({weight}, 6)::DOUBLE AS weight, band FROM (
                SELECT n, {band} AS band{sides} FROM pairs
                WHERE CASE WHEN {worth} THEN NOT {refused} ELSE false END)""",
    )


def _weight_sql(comparison: Comparison, levels: tuple[FittedLevel, ...], lists: set[str]) -> str:
    cases = [f"WHEN {comparison.missing} THEN 0.0"]
    for written, level in zip(comparison.levels, levels, strict=False):
        cases.append(f"WHEN {written.when} THEN {_bits_sql(level, written.rarity, lists)}")
    return f"CASE {' '.join(cases)} ELSE {levels[-1].weight!r} END"


def _bits_sql(level: FittedLevel, rarity: str | None, lists: set[str]) -> str:
    """Bits of a level: agreement on a value that few have is more than on one that many have."""
    if rarity is None:
        return repr(level.weight)
    left, right = f"rare_{rarity}_l", f"rare_{rarity}_r"
    common = f"greatest({left}, {right})"
    if rarity in lists:
        # The commonest of the groups that both names belong to.
        common = f"""coalesce(list_max(list_transform(
            list_intersect({rarity}_l, {rarity}_r),
            lambda one: {left}[list_position({rarity}_l, one)])), {level.u!r})"""
    return f"({log2(level.m)!r} - log2({common}))"
