"""Households that stay themselves from month to month, walked forward in time.

A household is the same while at least half of its adults, old and new taken together, are the same
and it is at the same home, or all of those who remain have moved together. Going into temporary
accommodation, or leaving it, never ends one. Its id is made when it is first seen and from what was
known then, so that nothing later can change it.

Only households that change are walked: an episode is a range of month ends in which nobody of a
household comes, goes or moves.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import polars as pl

from linkage.households.changing import Turn, events_of
from linkage.ids import stable_ids

LEAST_SHARED = 0.5
TOGETHER_DAYS = 60
# Month ends for which a household of which nobody is seen may only be late.
WAITS, WAITS_IN_TEMPORARY = 1, 6
_STANDING = {"household_id": pl.Int64(), "person_id": pl.Int64(), "core": pl.Boolean()}
_PLACED = {
    "household_id": pl.Int64(),
    "uprn": pl.Int64(),
    "placed": pl.Boolean(),
    "seen": pl.Int32(),
}
_KEPT = {
    "episode": pl.Int64(),
    "household_id": pl.Int64(),
    "moved": pl.Boolean(),
    "shared": pl.Float64(),
}
EVENTS = {
    "household_id": pl.Int64(),
    "event": pl.String(),
    "event_date": pl.Date(),
    "from_household_id": pl.Int64(),
    "to_household_id": pl.Int64(),
    "confidence": pl.Float64(),
}


@dataclass(frozen=True, kw_only=True)
class Known:
    """What else the walk has to know, each from a month end on.

    Attributes:
        succeeded: uprn, successor, k_from: properties that took another's place.
        marked: person_id, k_from: people with a marker of domestic abuse.
        dead: person_id, k_from: people known to have died.
    """

    succeeded: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(
            schema={"uprn": pl.Int64(), "successor": pl.Int64(), "k_from": pl.Int64()}
        )
    )
    marked: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"person_id": pl.Int64(), "k_from": pl.Int64()})
    )
    dead: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema={"person_id": pl.Int64(), "k_from": pl.Int64()})
    )


@dataclass(kw_only=True)
class _Walk:
    """What the walk remembers of households that may go on in another form."""

    known: Known
    snapshots: list[date]
    id_key: bytes
    members: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_STANDING))
    homes: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=_PLACED))
    taken: set[int] = field(default_factory=set)
    events: list[pl.DataFrame] = field(default_factory=list)


def name_households(
    episodes: pl.DataFrame,
    members: pl.DataFrame,
    snapshots: list[date],
    known: Known | None = None,
    *,
    id_key: bytes,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give every episode the id of its household.

    Args:
        episodes: Columns episode, uprn, placed, k_from, k_to.
        members: Columns episode, person_id, adult, confidence.
        snapshots: The dates, of which ``k`` is the position.
        known: What else has to be known.
        id_key: Secret under which new numbers are made.

    Returns:
        ``episode, household_id`` and the events.
    """
    walk = _Walk(known=known or Known(), snapshots=snapshots, id_key=id_key)
    people = _with_core(members).join(
        episodes.select("episode", "uprn", "placed", "k_from", "k_to"), on="episode"
    )
    begin = people.partition_by("k_from", as_dict=True)
    end = people.partition_by("k_to", as_dict=True)
    empty, named = people.clear(), [pl.DataFrame(schema={"episode": pl.Int64(), **_ID})]
    for k in range(len(snapshots)):
        if (k,) not in begin and (k - 1,) not in end and walk.members.is_empty():
            continue
        _stand(walk, end.get((k - 1,), empty), named, k)
        ids = _name_month(walk, begin.get((k,), empty), k)
        named.append(ids)
        # What has been standing since before is looked up again when it ends.
        named = [pl.concat(named)]
    events = pl.concat([pl.DataFrame(schema=EVENTS), *walk.events])
    return named[0].sort("episode"), events.sort(list(EVENTS), nulls_last=True)


_ID = {"household_id": pl.Int64()}


def _with_core(members: pl.DataFrame) -> pl.DataFrame:
    """Mark whose presence makes the household: its adults, or everybody where there is none."""
    none_grown = ~pl.col("adult").any().over("episode")
    return members.with_columns((pl.col("adult") | none_grown).alias("core"))


def _stand(walk: _Walk, ended: pl.DataFrame, named: list[pl.DataFrame], k: int) -> None:
    """Add the households whose episode has just ended to those that wait."""
    here = (
        ended.join(named[0], on="episode")
        if len(ended)
        else ended.with_columns(pl.lit(None, dtype=pl.Int64()).alias("household_id"))
    )
    homes = here.group_by("household_id").agg(
        pl.col("uprn").first(), pl.col("placed").first(), pl.lit(k - 1, pl.Int32()).alias("seen")
    )
    walk.members = pl.concat([walk.members, here.select(list(_STANDING))])
    walk.homes = pl.concat([walk.homes, homes.select(list(_PLACED))]).sort("household_id")


def _name_month(walk: _Walk, here: pl.DataFrame, k: int) -> pl.DataFrame:
    day = walk.snapshots[k]
    units = here.group_by("episode").agg(
        pl.col("uprn").first(),
        pl.col("placed").first(),
        pl.col("core").sum().alias("adults"),
        pl.col("person_id").filter("core").min().alias("eldest_id"),
    )
    severed = _severed(walk, here, k)
    kept = _continued(walk, here, units, k, severed)
    new = units.join(kept, on="episode", how="anti").with_columns(
        pl.format("{}|{}|{}", pl.lit(str(day)), "eldest_id", pl.col("uprn").fill_null(0)).alias(
            "name"
        )
    )
    numbers = stable_ids(new["name"].to_list(), key=walk.id_key, taken=walk.taken)
    formed = new.select(
        "episode", pl.Series("household_id", [numbers[n] for n in new["name"]], dtype=pl.Int64())
    )
    ids = pl.concat([kept.select("episode", "household_id"), formed])
    turn = Turn(
        day=day,
        before=walk.members,
        homes=walk.homes.with_columns((k - pl.col("seen") > _patience()).alias("over")),
        now=here.join(ids, on="episode"),
        kept=kept,
        formed=formed,
        severed=severed,
        dead=walk.known.dead.filter(pl.col("k_from") <= k)["person_id"],
    )
    if k:
        walk.events.append(
            events_of(turn).select([pl.col(name).cast(kind) for name, kind in EVENTS.items()])
        )
    _wait(walk, turn)
    return ids


def _patience() -> pl.Expr:
    return pl.when("placed").then(WAITS_IN_TEMPORARY).otherwise(WAITS)


def _severed(walk: _Walk, here: pl.DataFrame, k: int) -> pl.Series:
    """Households whose adults part while one of them has a marker of domestic abuse.

    Neither side goes on as the household that it was: nobody may learn from it of the other side.
    """
    marked = walk.known.marked.filter(pl.col("k_from") <= k)
    core = walk.members.filter("core")
    touched = core.join(marked, on="person_id", how="semi")["household_id"]
    where = core.filter(pl.col("household_id").is_in(touched.unique().implode())).join(
        here.filter("core").select("person_id", "episode"), on="person_id", how="left"
    )
    return (
        where.group_by("household_id")
        .agg(pl.col("episode").n_unique().alias("sides"))
        .filter(pl.col("sides") > 1)["household_id"]
        .sort()
    )


def _continued(
    walk: _Walk, here: pl.DataFrame, units: pl.DataFrame, k: int, severed: pl.Series
) -> pl.DataFrame:
    """Units that are households seen before: episode, household_id, moved, shared."""
    before = walk.members.filter(pl.col("core") & ~pl.col("household_id").is_in(severed.implode()))
    sizes = before.group_by("household_id").agg(pl.len().alias("adults_before"))
    core = here.filter("core").select("episode", "person_id")
    common = before.join(core, on="person_id").group_by("household_id", "episode").len("common")
    # Those of the old household who are anywhere now: all of them must have come along in a move.
    remain = common.group_by("household_id").agg(pl.col("common").sum().alias("remain"))
    of_both = pl.col("adults") + pl.col("adults_before") - pl.col("common")
    homes = walk.homes.rename({"uprn": "uprn_before", "placed": "placed_before"})
    candidates = (
        common.join(sizes, on="household_id")
        .join(units, on="episode")
        .join(remain, on="household_id")
        .join(homes, on="household_id")
        .join(_same_place(walk, k), on=["uprn_before", "uprn"], how="left")
        .with_columns(
            (pl.col("common") / of_both).alias("shared"),
            (
                pl.col("uprn").ne_missing(pl.col("uprn_before")) & pl.col("same_place").is_null()
            ).alias("moved"),
        )
    )
    together = pl.col("common") == pl.col("remain")
    near = pl.col("seen") >= _within(walk, k)
    kept = (pl.col("shared") >= LEAST_SHARED) & (~pl.col("moved") | (together & near))
    temporary = together & (pl.col("placed") | pl.col("placed_before"))
    return _one_to_one(candidates.filter(kept | temporary))


def _same_place(walk: _Walk, k: int) -> pl.DataFrame:
    """Properties and those that took their place, as known by then."""
    return (
        walk.known.succeeded.filter(pl.col("k_from") <= k)
        .select(pl.col("uprn").alias("uprn_before"), pl.col("successor").alias("uprn"))
        .unique()
        .with_columns(pl.lit(value=True).alias("same_place"))
    )


def _within(walk: _Walk, k: int) -> int:
    """The first snapshot that is near enough for a move."""
    near = [at for at in range(k) if (walk.snapshots[k] - walk.snapshots[at]).days <= TOGETHER_DAYS]
    return min(near, default=k)


def _one_to_one(candidates: pl.DataFrame) -> pl.DataFrame:
    """Best first, each household and each unit once."""
    chosen = (
        candidates.sort(
            "shared",
            "moved",
            "common",
            "household_id",
            "eldest_id",
            descending=[True, False, True, False, False],
        )
        .unique("episode", keep="first", maintain_order=True)
        .unique("household_id", keep="first", maintain_order=True)
    )
    return chosen.select([pl.col(name).cast(kind) for name, kind in _KEPT.items()])


def _wait(walk: _Walk, turn: Turn) -> None:
    """A household of which nobody is seen may only be late: it waits."""
    waiting = turn.before.join(turn.now, on="household_id", how="anti").join(
        turn.ended_ids(), on="household_id", how="anti"
    )
    walk.members = waiting.sort("household_id", "person_id")
    walk.homes = walk.homes.join(waiting, on="household_id", how="semi")
