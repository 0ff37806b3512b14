"""Which pairs a person should look at: few, and those from which most is learnt.

Drawn are links that rest on little, pairs that just missed a link, and pairs that share an exact
key and contradict each other. Each band gives about as many, and within a band each recorded ethnic
group about as many, because errors that fall on one group alone are the ones a plain sample would
not see. The draw is seeded, and each pair says how many it stands for.
"""

from __future__ import annotations

from datetime import date
from hashlib import blake2b
from typing import Final

import duckdb
import polars as pl

from linkage.engine.link import Linkage
from linkage.engine.settings import RECORD, Comparison
from linkage.people.decisions import Status
from linkage.people.match_rate import with_groups
from linkage.people.rules import PERSONAL_KEYS, person_settings

USABLE, SURE = 0.80, 0.95
"""Between these a link is used with a flag: the band in which review tells most."""
_SIDES: Final = ("a", "b")
PAIR_KEY: Final = ("source_a", "local_id_a", "source_b", "local_id_b")


def clerical_pairs(
    con: duckdb.DuckDBPyConnection,
    month: date,
    frame: pl.DataFrame,
    linkage: Linkage,
    *,
    decided: pl.DataFrame,
    count: int,
    seed: int,
) -> pl.DataFrame:
    """``clerical_pair``: the month's pairs for review.

    Args:
        con: Identity zone with the ``raw`` tables.
        month: Index date.
        frame: Person records.
        linkage: What was linked, and what was not.
        decided: Pairs that have been decided: ``pair_id``.
        count: How many pairs at most.
        seed: Of the draw.

    Returns:
        pair_id, band, status, rule_id, confidence, weight, group_value, stands_for, source_a,
        local_id_a, source_b, local_id_b, and the bits of each comparison as ``<name>_bits``.
    """
    pairs = _doubtful(frame, linkage)
    pairs = pairs.filter(~pl.col("pair_id").is_in(decided["pair_id"].implode()))
    if pairs.is_empty():
        nothing = pl.lit(None, dtype=pl.Float64())
        group = pl.lit(None, dtype=pl.String()).alias("group_value")
        bits = [nothing.alias(name) for name in _bit_names()]
        return pairs.with_columns(group, nothing.alias("stands_for"), *bits).select(_columns())
    grouped = with_groups(con, month, frame.unique(RECORD))
    pairs = pairs.join(
        grouped.select(pl.col(RECORD).alias("a"), pl.col("ethnic_group").alias("group_value")),
        on="a",
        how="left",
    )
    chosen = _drawn(pairs, count=count, seed=seed)
    return _with_bits(chosen, frame, linkage).select(_columns()).sort("pair_id")


def _bit_names() -> list[str]:
    return [f"{name}_bits" for name in person_settings().compared]


def _columns() -> list[str]:
    told = ("pair_id", "band", "status", "rule_id", "confidence", "weight", "group_value")
    return [*told, "stands_for", *PAIR_KEY, *_bit_names()]


def _doubtful(frame: pl.DataFrame, linkage: Linkage) -> pl.DataFrame:
    """Every pair of records about which there is some doubt, once."""
    usable = pl.col("confidence").is_between(USABLE, SURE, closed="left")
    columns = ["a", "b", "confidence", "weight"]
    bits = pl.lit(None, dtype=pl.Float64())
    offered = [
        linkage.edges.filter(usable).select(
            *columns, "rule_id", pl.col("rule_id").alias("band"), _status(Status.LINKED)
        ),
        linkage.near.select(
            *columns,
            pl.lit("PROBABILITY").alias("rule_id"),
            pl.lit("JUST_UNDER").alias("band"),
            _status(Status.NOT_LINKED),
        ),
        linkage.doubted.filter(pl.col("rule_id").is_in(PERSONAL_KEYS)).select(
            "a",
            "b",
            bits.alias("confidence"),
            bits.alias("weight"),
            "rule_id",
            (pl.lit("DOUBTED_") + pl.col("rule_id")).alias("band"),
            _status(Status.KEPT_APART),
        ),
    ]
    pairs = pl.concat(offered)
    handle = frame.select(RECORD, "source", "local_id")
    cluster = linkage.links.select(RECORD, "cluster")
    for side in _SIDES:
        pairs = pairs.join(handle, left_on=side, right_on=RECORD).rename(
            {"source": f"source_{side}", "local_id": f"local_id_{side}"}
        )
        pairs = pairs.join(cluster, left_on=side, right_on=RECORD).rename(
            {"cluster": f"cluster_{side}"}
        )
    together = pl.col("cluster_a") == pl.col("cluster_b")
    # What another route has joined all the same is not in doubt any more.
    pairs = pairs.filter(together == (pl.col("status") == Status.LINKED.value))
    pairs = pairs.filter(
        (pl.col("source_a") != pl.col("source_b")) | (pl.col("local_id_a") != pl.col("local_id_b"))
    )
    return (
        pairs.with_columns(
            pl.struct(PAIR_KEY).map_elements(_pair_id, return_dtype=pl.String()).alias("pair_id")
        )
        .sort("pair_id", "status", "band", "a", "b")
        .unique("pair_id", keep="first", maintain_order=True)
        .unique(["cluster_a", "cluster_b", "band"], keep="first", maintain_order=True)
        .drop("cluster_a", "cluster_b")
        if pairs.height
        else pairs.with_columns(pl.lit("").alias("pair_id")).drop("cluster_a", "cluster_b")
    )


def _status(status: Status) -> pl.Expr:
    return pl.lit(status.value).alias("status")


def _pair_id(pair: dict[str, str]) -> str:
    """A number for two records that tells nothing of them, the same whichever comes first."""
    ends = sorted((f"{pair[f'source_{s}']}\x00{pair[f'local_id_{s}']}") for s in _SIDES)
    return blake2b("\x01".join(ends).encode(), digest_size=8).hexdigest()


def _drawn(pairs: pl.DataFrame, *, count: int, seed: int) -> pl.DataFrame:
    """At most ``count`` pairs: round by round one from each band, by turns of its groups."""
    salt = str(seed).encode()
    order = [blake2b(one.encode(), key=salt, digest_size=8).hexdigest() for one in pairs["pair_id"]]
    ranked = (
        pairs.with_columns(pl.Series("draw", order, dtype=pl.String()))
        .sort("draw")
        .with_columns(pl.int_range(pl.len()).over("band", "group_value").alias("in_group"))
        .sort("in_group", "draw")
        .with_columns(pl.int_range(pl.len()).over("band").alias("in_band"))
        .sort("in_band", "draw")
        .with_columns(pl.len().over("band", "group_value").alias("all"))
        .head(count)
    )
    drawn = pl.len().over("band", "group_value")
    return ranked.with_columns((pl.col("all") / drawn).alias("stands_for")).drop(
        "draw", "in_group", "in_band", "all"
    )


def _with_bits(pairs: pl.DataFrame, frame: pl.DataFrame, linkage: Linkage) -> pl.DataFrame:
    """The pairs with ``<comparison>_bits``; NULL where the comparison says nothing."""
    settings = person_settings()
    levels = agreement(pairs, frame)
    for comparison in settings.comparisons:
        known = linkage.model.of(comparison.name)
        bits = {level.position: round(level.weight, 3) for level in known}
        levels = levels.with_columns(
            pl.col(comparison.name)
            .replace_strict(bits, default=None, return_dtype=pl.Float64())
            .alias(f"{comparison.name}_bits")
        ).drop(comparison.name)
    return pairs.join(levels, on=list(_SIDES), how="left")


def agreement(pairs: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """At which level of each comparison two records agree: a, b and a column a comparison.

    Args:
        pairs: a, b: record ids.
        frame: Person records.

    Returns:
        The position of the level, from 0, the closest; NULL where one of the two says nothing.
    """
    comparisons = person_settings().comparisons
    columns = [c for c in frame.columns if c != RECORD]
    held = pairs.select(_SIDES).unique(maintain_order=True)
    for side, suffix in zip(_SIDES, "lr", strict=True):
        one = frame.select(
            pl.col(RECORD).alias(side), *(pl.col(c).alias(f"{c}_{suffix}") for c in columns)
        )
        held = held.join(one, on=side)
    cases = ", ".join(f"{_case(one)} AS {one.name}" for one in comparisons)
    with duckdb.connect() as con:
        con.register("held", held.to_arrow())
        found: pl.DataFrame = con.sql(f"SELECT a, b, {cases} FROM held ORDER BY a, b").pl()
    return found


def _case(comparison: Comparison) -> str:
    steps = " ".join(
        f"WHEN {level.when} THEN {position}" for position, level in enumerate(comparison.levels)
    )
    last = len(comparison.levels)
    return f"CASE WHEN {comparison.missing} THEN NULL {steps} ELSE {last} END::INTEGER"
