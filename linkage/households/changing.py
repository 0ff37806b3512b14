"""What happened to households between two month ends, as rows of ``household_event``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

_ROW = ["household_id", "event", "from_household_id", "to_household_id", "confidence"]
# Nobody said that they left; they are only not seen any more.
_LEFT_CONFIDENCE = 0.5


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One month end.

    Attributes:
        day: The month end.
        before: household_id, person_id, core of households that changed or have been waiting.
        homes: household_id, uprn, placed, seen, over: theirs, and whether they waited too long.
        now: household_id, person_id, core, adult, confidence of the units that began.
        kept: episode, household_id, moved, shared of those that go on.
        formed: episode, household_id of those that are new.
        severed: Households that parted and whose sides must not learn of each other.
        dead: People known to have died.
    """

    day: date
    before: pl.DataFrame
    homes: pl.DataFrame
    now: pl.DataFrame
    kept: pl.DataFrame
    formed: pl.DataFrame
    severed: pl.Series
    dead: pl.Series

    def missing(self) -> pl.DataFrame:
        """Households that are not seen."""
        return self.homes.join(self.now, on="household_id", how="anti")

    def ended_ids(self) -> pl.DataFrame:
        """Households that are no more: their people are elsewhere, or they waited too long."""
        elsewhere = self.before.join(self.now.select("person_id"), on="person_id", how="semi")
        missing = self.missing()
        return missing.filter(
            pl.col("over")
            | pl.col("household_id").is_in(elsewhere["household_id"].unique().implode())
        ).select("household_id")

    def changes(self) -> pl.DataFrame:
        """person_id, from_household_id, to_household_id, confidence of who changed household."""
        was = self.before.select("person_id", pl.col("household_id").alias("from_household_id"))
        is_ = self.now.select(
            "person_id", pl.col("household_id").alias("to_household_id"), "confidence"
        )
        apart = self.severed.implode()
        return (
            was.join(is_, on="person_id", how="full", coalesce=True)
            .filter(pl.col("from_household_id").ne_missing(pl.col("to_household_id")))
            .with_columns(
                pl.when(~pl.col("from_household_id").is_in(apart)).then("from_household_id")
            )
        )


def events_of(turn: Turn) -> pl.DataFrame:
    """Rows of ``household_event`` for a month end."""
    changes = turn.changes()
    parts = [
        _members(turn, changes),
        _moves(turn.kept),
        _formed(turn, changes),
        _ended(turn, changes),
        _deaths(turn),
    ]
    return pl.concat(parts).unique().with_columns(pl.lit(turn.day).alias("event_date"))


def _rows(frame: pl.DataFrame, event: str, confidence: pl.Expr) -> pl.DataFrame:
    return frame.with_columns(
        pl.lit(event).alias("event"), confidence.round(6).cast(pl.Float64()).alias("confidence")
    ).select(_ROW)


def _members(turn: Turn, changes: pl.DataFrame) -> pl.DataFrame:
    """Who came into, and went from, a household that goes on; as sure as their new home."""
    lasting = turn.kept["household_id"].implode()
    came = changes.filter(pl.col("to_household_id").is_in(lasting)).with_columns(
        pl.col("to_household_id").alias("household_id")
    )
    went = changes.filter(pl.col("from_household_id").is_in(lasting)).with_columns(
        pl.col("from_household_id").alias("household_id")
    )
    sure = pl.col("confidence").fill_null(_LEFT_CONFIDENCE)
    # Several who come together are one event, as sure as the least sure of them.
    key = ["household_id", "from_household_id", "to_household_id"]
    both = []
    for event, rows in (("MEMBER_IN", came), ("MEMBER_OUT", went)):
        grouped = rows.group_by(key).agg(sure.min().alias("confidence"))
        both.append(_rows(grouped, event, pl.col("confidence")))
    return pl.concat(both)


def _moves(kept: pl.DataFrame) -> pl.DataFrame:
    moved = kept.filter("moved").with_columns(
        pl.col("household_id").alias("from_household_id"),
        pl.col("household_id").alias("to_household_id"),
    )
    return _rows(moved, "MOVED", pl.col("shared"))


def _formed(turn: Turn, changes: pl.DataFrame) -> pl.DataFrame:
    """New households: from one that parted, or from nowhere known."""
    came = (
        changes.filter(pl.col("from_household_id").is_not_null())
        .group_by("to_household_id")
        .agg(pl.col("from_household_id").min())
    )
    sure = turn.now.group_by("household_id").agg(pl.col("confidence").mean())
    new = (
        turn.formed.join(came, left_on="household_id", right_on="to_household_id", how="left")
        .join(sure, on="household_id")
        .with_columns(pl.col("household_id").alias("to_household_id"))
    )
    alone = pl.col("from_household_id").is_null()
    return pl.concat(
        [
            _rows(new.filter(alone), "FORMED", pl.col("confidence")),
            _rows(new.filter(~alone), "SPLIT", pl.col("confidence")),
        ]
    )


def _ended(turn: Turn, changes: pl.DataFrame) -> pl.DataFrame:
    """Households that are no more: merged, dissolved, died out, or gone from the area."""
    ended = turn.missing().join(turn.ended_ids(), on="household_id", how="semi")
    whither = (
        changes.drop_nulls(["from_household_id", "to_household_id"])
        .group_by("from_household_id")
        .agg(
            pl.col("to_household_id").min(),
            pl.col("to_household_id").n_unique().alias("places"),
            pl.col("confidence").min(),
        )
    )
    found = ended.join(
        whither, left_on="household_id", right_on="from_household_id", how="left"
    ).with_columns(pl.col("household_id").alias("from_household_id"))
    gone = turn.before.join(turn.now, on="person_id", how="anti")
    last = (
        gone.filter("core")
        .group_by("household_id")
        .agg(pl.col("person_id").is_in(turn.dead.implode()).all().alias("all_dead"))
    )
    found = found.join(last, on="household_id", how="left").with_columns(
        pl.col("household_id").is_in(turn.severed.implode()).alias("apart")
    )
    left = pl.col("to_household_id").is_null() & ~pl.col("apart")
    dead = left & pl.col("all_dead").fill_null(value=False)
    lasting = pl.col("to_household_id").is_in(turn.kept["household_id"].implode())
    merged = found.filter((pl.col("places") == 1) & lasting)
    sure = pl.col("confidence").fill_null(1.0)
    return pl.concat(
        [
            _rows(merged, "MERGED", sure),
            _rows(found.filter(~left | dead), "DISSOLVED", sure),
            _rows(found.filter(left & ~dead), "LEFT_AREA", pl.lit(_LEFT_CONFIDENCE)),
        ]
    )


def _deaths(turn: Turn) -> pl.DataFrame:
    """Households one of whose people has died."""
    dead = (
        turn.before.filter(pl.col("person_id").is_in(turn.dead.implode()))
        .select("household_id")
        .unique()
        .with_columns(
            pl.col("household_id").alias("from_household_id"),
            pl.lit(None, dtype=pl.Int64()).alias("to_household_id"),
        )
    )
    seen = pl.concat([turn.now.select("household_id"), turn.ended_ids()]).unique()
    return _rows(dead.join(seen, on="household_id", how="semi"), "DIED", pl.lit(1.0))
