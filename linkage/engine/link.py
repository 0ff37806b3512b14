"""A whole linkage: exact keys, then probability on what they left open, then clusters."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from linkage.engine.clusters import Ints, cluster, components
from linkage.engine.exact import EDGE_SCHEMA, exact_edges, no_edges
from linkage.engine.probability import fit, score
from linkage.engine.settings import RECORD, FittedModel, LinkSettings

logger = logging.getLogger(__name__)
Progress = Callable[[str], None]
ALONE = "ALONE"


@dataclass(frozen=True, kw_only=True)
class Linkage:
    """What a linkage found.

    Attributes:
        links: One row a record: record_id, cluster (the smallest record of it), confidence and
            rule_id of the surest link that holds the record there.
        edges: Every link that was accepted: a, b, confidence, weight, rule_id.
        apart: Pairs inside one component that were kept apart: a, b.
        model: Agreement probabilities as used.
        pairs_scored: Pairs that were weighed.
    """

    links: pl.DataFrame
    edges: pl.DataFrame
    apart: pl.DataFrame
    model: FittedModel
    pairs_scored: int


def link_records(
    records: pl.DataFrame,
    settings: LinkSettings,
    *,
    seed: int,
    threads: int = 2,
    progress: Progress | None = None,
) -> Linkage:
    """Which records are the same person.

    The result depends on the records, the settings and the seed only, not on the number of threads.

    Args:
        records: ``record_id`` (0 to n-1, each once) and the columns that the settings name.
        settings: What is compared, and how.
        seed: Of the sampling in the estimation.
        threads: Threads for finding and scoring pairs.
        progress: Told of each stage.
    """
    tell = progress or _silent
    with _holding(records, threads) as con:
        tell("Linking records by exact keys")
        known = exact_edges(con, "records", settings.keys, never=settings.never)
        tell("Learning how records of one person agree")
        model = _fit_single_threaded(con, settings, seed=seed, threads=threads)
        tell("Weighing pairs of records")
        found, weighed = _scored(con, records.height, known, settings, model)
        edges = pl.concat([known, found])
        return _resolve(con, records.height, edges, settings, model=model, weighed=weighed)


def with_more_links(
    linkage: Linkage,
    more: pl.DataFrame,
    records: pl.DataFrame,
    settings: LinkSettings,
    *,
    threads: int = 2,
) -> Linkage:
    """The linkage again, with links that the caller found by rules of its own.

    Args:
        linkage: From :func:`link_records`.
        more: Columns a, b, confidence, weight, rule_id.
        records: The same records.
        settings: The same settings.
        threads: Threads for looking at pairs.
    """
    if more.is_empty():
        return linkage
    edges = pl.concat([linkage.edges, more.select(list(EDGE_SCHEMA))])
    with _holding(records, threads) as con:
        return _resolve(
            con,
            records.height,
            edges,
            settings,
            model=linkage.model,
            weighed=linkage.pairs_scored,
        )


@contextmanager
def _holding(records: pl.DataFrame, threads: int) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(config={"threads": threads})
    try:
        con.register("given", records.sort(RECORD).to_arrow())
        con.execute("CREATE TABLE records AS SELECT * FROM given")
        yield con
    finally:
        con.close()


def _silent(_: str) -> None:
    return


def _fit_single_threaded(
    con: duckdb.DuckDBPyConnection, settings: LinkSettings, *, seed: int, threads: int
) -> FittedModel:
    # Sums over threads come in any order, and a seeded sample is drawn per thread.
    con.execute("SET threads = 1")
    try:
        return fit(con, "records", settings, seed=seed)
    finally:
        con.execute(f"SET threads = {threads}")


def _scored(
    con: duckdb.DuckDBPyConnection,
    count: int,
    known: pl.DataFrame,
    settings: LinkSettings,
    model: FittedModel,
) -> tuple[pl.DataFrame, int]:
    """Links among the groups that exact keys made; one record stands for its equal copies."""
    groups = pl.DataFrame({RECORD: np.arange(count), "grp": components(count, known)})
    con.register("known_groups", groups.to_arrow())
    kept_out = (RECORD, *settings.handles)
    columns = [c for c in con.sql("SELECT * FROM records").columns if c not in kept_out]
    listed = ", ".join(columns)
    con.execute(
        f"""CREATE TABLE standing AS
            SELECT min({RECORD}) AS {RECORD}, grp, {listed}
            FROM records JOIN known_groups USING ({RECORD}) GROUP BY grp, {listed}
            ORDER BY {RECORD}"""
    )
    con.execute(f"CREATE TABLE pairs AS {_pairs_sql(settings)}")
    weighed = con.execute("SELECT count(*) FROM pairs").fetchall()[0][0]
    if not weighed:
        return no_edges(), 0
    found = score(con, "standing", "pairs", model, threshold=settings.threshold)
    found = found.with_columns(pl.lit(settings.rule_id).alias("rule_id"))
    return found.select(list(EDGE_SCHEMA)), weighed


def _pairs_sql(settings: LinkSettings) -> str:
    refused = "false" if settings.never is None else f"coalesce({settings.never}, false)"
    worth = "true" if settings.weigh is None else f"coalesce({settings.weigh}, false)"
    parts = [
        f"""SELECT l.{RECORD} AS join_key_l, r.{RECORD} AS join_key_r
            FROM standing l JOIN standing r ON {" AND ".join(f"l.{c} = r.{c}" for c in block)}
            WHERE l.{RECORD} < r.{RECORD} AND l.grp <> r.grp AND {worth} AND NOT {refused}"""
        for block in settings.blocks
    ]
    return f"""SELECT '0' AS match_key, join_key_l, join_key_r
        FROM ({" UNION ".join(parts)}) ORDER BY join_key_l, join_key_r"""


def _resolve(
    con: duckdb.DuckDBPyConnection,
    count: int,
    edges: pl.DataFrame,
    settings: LinkSettings,
    *,
    model: FittedModel,
    weighed: int,
) -> Linkage:
    apart = _kept_apart(con, count, edges, settings)
    labels = cluster(count, edges, apart)
    inside = edges.filter(pl.Series(labels[edges["a"].to_numpy()] == labels[edges["b"].to_numpy()]))
    links = _with_confidence(labels, inside)
    logger.info(
        "Linkage: %d records, %d links, %d pairs weighed, %d people.",
        count,
        inside.height,
        weighed,
        links["cluster"].n_unique(),
    )
    return Linkage(links=links, edges=inside, apart=apart, model=model, pairs_scored=weighed)


def _kept_apart(
    con: duckdb.DuckDBPyConnection, count: int, edges: pl.DataFrame, settings: LinkSettings
) -> pl.DataFrame:
    """Pairs inside one component that may not be one person."""
    conditions = [f"({one})" for one in (settings.apart, settings.never) if one is not None]
    if not conditions:
        return pl.DataFrame(schema={"a": pl.Int64(), "b": pl.Int64()})
    joined = pl.DataFrame({RECORD: np.arange(count), "part": components(count, edges)})
    con.register("tentative", joined.to_arrow())
    together: pl.DataFrame = con.sql(
        f"""WITH placed AS (
                SELECT * FROM records JOIN tentative USING ({RECORD})
                QUALIFY count(*) OVER (PARTITION BY part) > 1)
            SELECT l.{RECORD} AS a, r.{RECORD} AS b
            FROM placed l JOIN placed r USING (part)
            WHERE l.{RECORD} < r.{RECORD} AND coalesce({" OR ".join(conditions)}, false)
            ORDER BY a, b"""
    ).pl()
    return together


def _with_confidence(labels: Ints, edges: pl.DataFrame) -> pl.DataFrame:
    best = (
        pl.concat(
            [
                edges.select(pl.col(side).alias(RECORD), "confidence", "weight", "rule_id")
                for side in ("a", "b")
            ]
        )
        .sort(RECORD, "confidence", "weight", "rule_id", descending=[False, True, True, False])
        .unique(RECORD, keep="first", maintain_order=True)
    )
    return (
        pl.DataFrame({RECORD: np.arange(len(labels)), "cluster": labels})
        .join(best, on=RECORD, how="left")
        .select(
            RECORD,
            "cluster",
            pl.col("confidence").fill_null(1.0),
            pl.col("rule_id").fill_null(ALONE),
        )
        .sort(RECORD)
    )
