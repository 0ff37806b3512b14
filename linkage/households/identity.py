"""Households that stay themselves from month to month, walked forward in time.

A household is the same while at least half of its adults, old and new taken together, are the same
and it is at the same home, or all of those who remain have moved together. Its id is made when it
is first seen and from what was known then, so that nothing later can change it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from linkage.ids import stable_ids

LEAST_SHARED = 0.5
TOGETHER_DAYS = 60
_EVENTS = {
    "household_id": pl.Int64(),
    "event": pl.String(),
    "event_date": pl.Date(),
    "from_household_id": pl.Int64(),
    "to_household_id": pl.Int64(),
    "confidence": pl.Float64(),
}
_STANDING = {"household_id": pl.Int64(), "person_id": pl.Int64(), "core": pl.Boolean()}
_PLACED = {"household_id": pl.Int64(), "uprn": pl.Int64(), "seen": pl.Date()}


@dataclass
class _Walk:
    """What the walk remembers: the households last seen, with their members and homes."""

    members: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_STANDING))
    homes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PLACED))
    taken: set[int] = field(default_factory=set)
    events: list[pl.DataFrame] = field(default_factory=list)


def name_households(
    residents: pl.DataFrame, snapshots: list[date]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every unit of every snapshot the id of its household.

    Args:
        residents: Columns k, unit, person_id, uprn, adult.
        snapshots: The dates, of which ``k`` is the position.

    Returns:
        ``k, unit, household_id`` and the events.
    """
    walk, named = _Walk(), []
    by_snapshot = residents.partition_by("k", as_dict=True)
    empty = residents.clear()
    for k, day in enumerate(snapshots):
        here = _with_core(by_snapshot.get((k,), empty))
        ids = _name_snapshot(walk, here, day)
        named.append(ids.with_columns(pl.lit(k, dtype=pl.Int64()).alias("k")))
    ids = pl.concat(named).select("k", "unit", "household_id").sort("k", "unit")
    events = pl.concat([pl.DataFrame(schema=_EVENTS), *walk.events])
    return ids, events.sort(
        "event_date", "household_id", "event", "from_household_id", "to_household_id"
    )


def _with_core(here: pl.DataFrame) -> pl.DataFrame:
    """Mark whose presence makes the household: its adults, or everybody where there is none."""
    none_grown = ~pl.col("adult").any().over("unit")
    return here.with_columns((pl.col("adult") | none_grown).alias("core"))


def _name_snapshot(walk: _Walk, here: pl.DataFrame, day: date) -> pl.DataFrame:
    units = here.group_by("unit").agg(
        pl.col("uprn").first(),
        pl.col("core").sum().alias("adults"),
        pl.col("person_id").filter("core").min().alias("eldest_id"),
    )
    kept = _continued(walk, here, units, day)
    new = units.join(kept, on="unit", how="anti")
    new = new.with_columns(
        pl.format("{}|{}|{}", pl.lit(str(day)), "eldest_id", pl.col("uprn").fill_null(0)).alias(
            "name"
        )
    )
    numbers = stable_ids(new["name"].to_list(), taken=walk.taken)
    formed = new.select(
        "unit", pl.Series("household_id", [numbers[n] for n in new["name"]], dtype=pl.Int64())
    )
    ids = pl.concat([kept.select("unit", "household_id"), formed])
    _remember(walk, here.join(ids, on="unit"), kept, formed, day)
    return ids


def _continued(walk: _Walk, here: pl.DataFrame, units: pl.DataFrame, day: date) -> pl.DataFrame:
    """Units that are households seen before: unit, household_id, moved, shared."""
    before = walk.members.filter("core")
    sizes = before.group_by("household_id").agg(pl.len().alias("adults_before"))
    core = here.filter("core").select("unit", "person_id")
    common = before.join(core, on="person_id").group_by("household_id", "unit").len("common")
    # Those of the old household who are anywhere now: all of them must have come along in a move.
    remain = (
        before.join(core.select("person_id"), on="person_id").group_by("household_id").len("remain")
    )
    candidates = (
        common.join(sizes, on="household_id")
        .join(units, on="unit")
        .join(remain, on="household_id")
        .join(walk.homes.rename({"uprn": "uprn_before"}), on="household_id")
        .with_columns(
            (
                pl.col("common") / (pl.col("adults") + pl.col("adults_before") - pl.col("common"))
            ).alias("shared"),
            pl.col("uprn").ne_missing(pl.col("uprn_before")).alias("moved"),
            ((pl.lit(day) - pl.col("seen")).dt.total_days() <= TOGETHER_DAYS).alias("lately"),
        )
        .filter(
            (pl.col("shared") >= LEAST_SHARED)
            & (~pl.col("moved") | ((pl.col("common") == pl.col("remain")) & pl.col("lately")))
        )
        .sort(
            "shared",
            "moved",
            "common",
            "household_id",
            "unit",
            descending=[True, False, True, False, False],
        )
    )
    return _one_to_one(candidates)


def _one_to_one(candidates: pl.DataFrame) -> pl.DataFrame:
    """Best first, each household and each unit once."""
    chosen = candidates.unique("unit", keep="first", maintain_order=True)
    chosen = chosen.unique("household_id", keep="first", maintain_order=True)
    return chosen.select("unit", "household_id", "moved", "shared")


def _remember(
    walk: _Walk, here: pl.DataFrame, kept: pl.DataFrame, formed: pl.DataFrame, day: date
) -> None:
    first = walk.homes.is_empty()
    now = here.select("household_id", "person_id", "core", "uprn")
    if not first:
        walk.events.append(_events(walk, now, kept, formed, day))
    # A household of which nobody is seen may only be late: it waits for one month end.
    waiting = walk.members.join(now, on="household_id", how="anti").join(
        now, on="person_id", how="anti"
    )
    still = walk.homes.filter(~_over(day)).join(waiting, on="household_id", how="semi")
    waiting = waiting.join(still, on="household_id", how="semi")
    homes = (
        now.group_by("household_id")
        .agg(pl.col("uprn").first())
        .with_columns(pl.lit(day).alias("seen"))
    )
    walk.homes = pl.concat([still, homes.select(list(_PLACED))]).sort("household_id")
    walk.members = pl.concat([waiting, now.select(list(_STANDING))]).sort(
        "household_id", "person_id"
    )


def _over(day: date) -> pl.Expr:
    """Nobody of the household was seen at the last month end either."""
    return (pl.lit(day) - pl.col("seen")).dt.total_days() > TOGETHER_DAYS // 2 + 2


def _events(
    walk: _Walk, now: pl.DataFrame, kept: pl.DataFrame, formed: pl.DataFrame, day: date
) -> pl.DataFrame:
    was = walk.members.select("person_id", pl.col("household_id").alias("from_household_id"))
    is_ = now.select("person_id", pl.col("household_id").alias("to_household_id"))
    changes = was.join(is_, on="person_id", how="full", coalesce=True).filter(
        pl.col("from_household_id").ne_missing(pl.col("to_household_id"))
    )
    lasting = kept["household_id"].to_list()
    came = changes.filter(pl.col("to_household_id").is_in(lasting)).select(
        pl.col("to_household_id").alias("household_id"),
        pl.lit("MEMBER_IN").alias("event"),
        "from_household_id",
        "to_household_id",
        pl.lit(1.0).alias("confidence"),
    )
    went = changes.filter(pl.col("from_household_id").is_in(lasting)).select(
        pl.col("from_household_id").alias("household_id"),
        pl.lit("MEMBER_OUT").alias("event"),
        "from_household_id",
        "to_household_id",
        pl.lit(1.0).alias("confidence"),
    )
    parts = [came, went, _moves(kept), _formed(formed, changes), _ended(walk, now, changes, day)]
    return (
        pl.concat(parts)
        .unique()
        .with_columns(pl.lit(day).alias("event_date"))
        .select([pl.col(name).cast(kind) for name, kind in _EVENTS.items()])
    )


def _moves(kept: pl.DataFrame) -> pl.DataFrame:
    return kept.filter("moved").select(
        "household_id",
        pl.lit("MOVED").alias("event"),
        pl.col("household_id").alias("from_household_id"),
        pl.col("household_id").alias("to_household_id"),
        pl.col("shared").round(6).alias("confidence"),
    )


def _formed(formed: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    came = (
        changes.filter(pl.col("from_household_id").is_not_null())
        .group_by("to_household_id")
        .agg(pl.col("from_household_id").min())
    )
    return formed.join(came, left_on="household_id", right_on="to_household_id", how="left").select(
        "household_id",
        pl.when(pl.col("from_household_id").is_null())
        .then(pl.lit("FORMED"))
        .otherwise(pl.lit("SPLIT"))
        .alias("event"),
        "from_household_id",
        pl.col("household_id").alias("to_household_id"),
        pl.lit(1.0).alias("confidence"),
    )


def _ended(walk: _Walk, now: pl.DataFrame, changes: pl.DataFrame, day: date) -> pl.DataFrame:
    """Households not seen any more: their people are elsewhere here, or nowhere."""
    missing = walk.homes.join(now.select("household_id"), on="household_id", how="anti")
    over = missing.filter(_over(day))
    elsewhere = (
        changes.filter(pl.col("to_household_id").is_not_null())
        .group_by("from_household_id")
        .agg(pl.col("to_household_id").min())
    )
    dissolved = missing.join(
        elsewhere, left_on="household_id", right_on="from_household_id", how="inner"
    ).select(
        "household_id",
        pl.lit("DISSOLVED").alias("event"),
        pl.col("household_id").alias("from_household_id"),
        "to_household_id",
        pl.lit(1.0).alias("confidence"),
    )
    left = over.join(dissolved.select("household_id"), on="household_id", how="anti").select(
        "household_id",
        pl.lit("LEFT_AREA").alias("event"),
        pl.col("household_id").alias("from_household_id"),
        pl.lit(None, dtype=pl.Int64()).alias("to_household_id"),
        pl.lit(0.5).alias("confidence"),
    )
    return pl.concat([dissolved, left])
