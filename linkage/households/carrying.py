"""Ids that carry on from the release before.

A release looks at one more month end than the one before, and at one fewer old one, so that its
walk begins at another date. Each household is therefore looked up, where it is first seen, in what
the release before said of that same month end, and takes the id that it had there.
"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from contracts.warehouse import month_schema
from linkage.households.identity import LEAST_SHARED


def release_before(con: duckdb.DuckDBPyConnection, month: date) -> str | None:
    """The schema of the latest release month before ``month`` with households, if there is one."""
    rows = con.execute(
        "SELECT DISTINCT table_schema FROM information_schema.tables "
        "WHERE table_name = 'household_member'"
    ).fetchall()
    earlier = sorted(
        name
        for (name,) in rows
        if name[:1] == "m" and name[1:].replace("_", "").isdigit() and name < month_schema(month)
    )
    return earlier[-1] if earlier else None


def carried(
    con: duckdb.DuckDBPyConnection,
    schema: str,
    ids: pl.DataFrame,
    episodes: pl.DataFrame,
    members: pl.DataFrame,
) -> dict[int, int]:
    """The id of each household to the id that it had in the release before.

    Args:
        con: Warehouse with ``snapshots``.
        schema: The release before.
        ids: episode, household_id.
        episodes: episode, k_from.
        members: episode, person_id, adult.
    """
    first = (
        ids.join(episodes.select("episode", pl.col("k_from").alias("k")), on="episode")
        .sort("household_id", "k")
        .unique("household_id", keep="first", maintain_order=True)
    )
    grown = pl.col("adult") | ~pl.col("adult").any().over("household_id")
    eldest = pl.col("person_id") == pl.col("person_id").min().over("household_id")
    core = (
        first.join(members, on="episode")
        .filter(grown & (pl.col("adult") | eldest))
        .select("household_id", "k", "person_id")
    )
    con.register("core_first", core.to_arrow())
    pairs: pl.DataFrame = con.sql(_shared_sql(schema)).pl()
    con.unregister("core_first")
    best = (
        pairs.filter(pl.col("shared") >= LEAST_SHARED)
        .sort("k", "shared", "was", "household_id", descending=[False, True, False, False])
        .unique("household_id", keep="first", maintain_order=True)
        .unique("was", keep="first", maintain_order=True)
    )
    return dict(best.select("household_id", "was").iter_rows())


def _shared_sql(schema: str) -> str:
    """How much each household shares with those of the release before at the same month end."""
    # The lead of a household of children is one of them, and stands for all.
    grown = f"(FROM {schema}.household_member WHERE share = 'main' AND role <> 'CHILD')"
    return f"""
        WITH dated AS (
            SELECT c.household_id, c.k, s.snapshot_date, c.person_id
            FROM core_first c JOIN snapshots s ON s.k = c.k),
        shared AS MATERIALIZED (
            SELECT d.household_id, d.k, d.snapshot_date, m.household_id AS was, count(*) AS n
            FROM dated d JOIN {grown} m
              ON m.snapshot_date = d.snapshot_date AND m.person_id = d.person_id
            GROUP BY ALL),
        new_size AS (SELECT household_id, count(*) AS n FROM dated GROUP BY household_id),
        old_size AS (
            SELECT m.snapshot_date, m.household_id AS was, count(*) AS n
            -- Of the few month ends at which anybody was met, out of all of them.
            FROM {grown} m SEMI JOIN shared s
              ON s.snapshot_date = m.snapshot_date AND s.was = m.household_id
            GROUP BY ALL)
        SELECT s.household_id, s.k, s.was, s.n / (a.n + b.n - s.n) AS shared
        FROM shared s JOIN new_size a USING (household_id)
        JOIN old_size b USING (snapshot_date, was)"""


def renamed(frame: pl.DataFrame, carry: dict[int, int]) -> pl.DataFrame:
    """The frame with every household id replaced by the one that it carries on."""
    columns = [c for c in frame.columns if c.endswith("household_id")]
    return frame.with_columns(pl.col(c).replace(carry) for c in columns)
