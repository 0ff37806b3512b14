"""Person numbers that stay with a person from month to month, and what became of each.

A person is nobody's property but their records': a number stays with most of the records that had
it. Numbers are never given twice. ``person_history`` says of every month what was seen, merged,
split, moved or lost, and carries the months before it along, so that a past month can be made again
from the one before.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Final

import duckdb
import polars as pl

from contracts.warehouse import month_schema
from linkage.ids import stable_ids

_HISTORY_SCHEMA: Final = {
    "person_id": pl.Int64(),
    "event": pl.String(),
    "month": pl.Date(),
    "from_person_id": pl.Int64(),
    "to_person_id": pl.Int64(),
    "records": pl.Int64(),
}
_ORDER = ["month", "person_id", "event", "from_person_id", "to_person_id"]


class PersonEvent(StrEnum):
    """What can become of a person's number."""

    FIRST_SEEN = "FIRST_SEEN"
    MERGED = "MERGED"
    SPLIT = "SPLIT"
    RECORDS_MOVED = "RECORDS_MOVED"
    NO_RECORDS = "NO_RECORDS"


def known_before(con: duckdb.DuckDBPyConnection, month: date) -> date | None:
    """The last month before this one for which people were linked with a history."""
    tables = con.sql(
        "SELECT table_schema FROM information_schema.tables WHERE table_name = 'person_history'"
    ).fetchall()
    found = sorted(schema for (schema,) in tables if schema < month_schema(month))
    if not found:
        return None
    rows = con.sql(f"SELECT max(month) FROM {found[-1]}.person_history").fetchall()
    return rows[0][0] if rows and rows[0][0] is not None else None


def numbered(
    con: duckdb.DuckDBPyConnection, month: date, clusters: pl.DataFrame, *, id_key: bytes
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Each record's person, and the history up to this month.

    Args:
        con: Identity zone.
        month: Index date.
        clusters: source, local_id, cluster: one row a record.
        id_key: Secret under which new numbers are made.

    Returns:
        source, local_id, person_id; and ``person_history``: person_id, event, month,
        from_person_id, to_person_id, records.
    """
    before = known_before(con, month)
    if before is None:
        return carried_on(clusters, month=month, held=None, history=None, id_key=id_key)
    schema = month_schema(before)
    held = con.sql(f"SELECT source, local_id, person_id FROM {schema}.person_link").pl()
    history = con.sql(f"SELECT * FROM {schema}.person_history").pl()
    return carried_on(clusters, month=month, held=held, history=history, id_key=id_key)


def carried_on(
    clusters: pl.DataFrame,
    *,
    month: date,
    held: pl.DataFrame | None,
    history: pl.DataFrame | None,
    id_key: bytes,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """As :func:`numbered`, from the month before's ``person_link`` and ``person_history``."""
    past = pl.DataFrame(schema=_HISTORY_SCHEMA) if history is None else history
    was = (
        pl.DataFrame(
            schema={"source": pl.String(), "local_id": pl.String(), "person_id": pl.Int64()}
        )
        if held is None
        else held
    )
    shared = (
        clusters.join(was.rename({"person_id": "old"}), on=["source", "local_id"])
        .group_by("cluster", "old")
        .agg(pl.len().cast(pl.Int64()).alias("records"))
        .join(_names(clusters), on="cluster")
    )
    kept = _kept(shared)
    taken = set(past["person_id"].to_list()) | set(was["person_id"].to_list())
    fresh = _names(clusters).join(kept, on="cluster", how="anti").sort("name")
    given = stable_ids(fresh["name"].to_list(), key=id_key, taken=taken)
    new = fresh.select(
        "cluster",
        pl.Series("person_id", [given[name] for name in fresh["name"]], dtype=pl.Int64()),
    )
    numbers = pl.concat([kept, new])
    events = _events(shared, numbers, new, was, month)
    people = clusters.join(numbers, on="cluster").select("source", "local_id", "person_id")
    return people.sort("source", "local_id"), pl.concat([past, events]).sort(_ORDER)


def _names(clusters: pl.DataFrame) -> pl.DataFrame:
    """Each cluster's first record by name, which no other cluster has."""
    return clusters.group_by("cluster").agg(
        (pl.col("source") + "|" + pl.col("local_id")).min().alias("name")
    )


def _kept(shared: pl.DataFrame) -> pl.DataFrame:
    """cluster, person_id: the old number that goes on with each cluster, if one does.

    A number goes to the cluster with most of its records; of several a cluster keeps the one that
    brought most.
    """
    by_number = shared.sort(["old", "records", "name"], descending=[False, True, False]).unique(
        "old", keep="first", maintain_order=True
    )
    by_cluster = by_number.sort(
        ["cluster", "records", "old"], descending=[False, True, False]
    ).unique("cluster", keep="first", maintain_order=True)
    return by_cluster.select("cluster", pl.col("old").alias("person_id"))


def _events(
    shared: pl.DataFrame,
    numbers: pl.DataFrame,
    new: pl.DataFrame,
    was: pl.DataFrame,
    month: date,
) -> pl.DataFrame:
    """This month's events."""
    crossed = shared.join(numbers, on="cluster").filter(pl.col("old") != pl.col("person_id"))
    goes_on = pl.col("old").is_in(numbers["person_id"].implode())
    is_new = pl.col("cluster").is_in(new["cluster"].implode())
    kind = (
        pl.when(is_new)
        .then(pl.lit(PersonEvent.SPLIT.value))
        .when(goes_on)
        .then(pl.lit(PersonEvent.RECORDS_MOVED.value))
        .otherwise(pl.lit(PersonEvent.MERGED.value))
    )
    changed = crossed.select(
        pl.when(is_new).then("person_id").otherwise("old").alias("person_id"),
        kind.alias("event"),
        pl.lit(month).alias("month"),
        pl.col("old").alias("from_person_id"),
        pl.col("person_id").alias("to_person_id"),
        "records",
    )
    unseen = new.filter(~pl.col("cluster").is_in(crossed["cluster"].implode()))
    gone = was.filter(
        ~pl.col("person_id").is_in(shared["old"].implode())
        & ~pl.col("person_id").is_in(numbers["person_id"].implode())
    ).select(pl.col("person_id").unique())
    return pl.concat(
        [
            changed,
            _plain(unseen.select("person_id"), PersonEvent.FIRST_SEEN, month),
            _plain(gone, PersonEvent.NO_RECORDS, month),
        ]
    )


def _plain(people: pl.DataFrame, event: PersonEvent, month: date) -> pl.DataFrame:
    nothing = pl.lit(None, dtype=pl.Int64())
    return people.select(
        "person_id",
        pl.lit(event.value).alias("event"),
        pl.lit(month).alias("month"),
        nothing.alias("from_person_id"),
        nothing.alias("to_person_id"),
        nothing.alias("records"),
    )
