"""The next month's linkage from the last one's: only what changed, and what stands around it.

The engine links new and changed records. The rules that lean on home and company are then looked
at again for everybody near a change: at one building, on one form, in one postcode where a record
has no property, or moving on one day. Everybody else stays as they were. A full linkage from time
to time (``full_every_months``) takes up what this one can not see: names that have become common,
and agreement that has drifted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from linkage.engine.clusters import components
from linkage.engine.link import Linkage
from linkage.engine.more import link_more
from linkage.engine.settings import RECORD
from linkage.people.chain import Chain, compared, with_rules
from linkage.people.rules import person_settings

_EDGE_ENDS = ("a", "b")
_LETTER = pl.col("last").str.slice(0, 1).alias("letter")


@dataclass(frozen=True, kw_only=True)
class Before:
    """What the last month left.

    Attributes:
        engine: The engine's linkage.
        cluster: record_id, cluster: with the links of the rules.
        edges: Links of the rules: a, b, confidence, weight, rule_id.
    """

    engine: Linkage
    cluster: pl.DataFrame
    edges: pl.DataFrame


def link_next(
    before: Before,
    frame: pl.DataFrame,
    *,
    threads: int = 2,
    progress: Callable[[str], None] | None = None,
    decided: pl.DataFrame | None = None,
) -> Chain:
    """The month's linkage, going on from the last one.

    Args:
        before: What the last month left.
        frame: All person records of the month.
        threads: Threads.
        progress: Told of each stage.
        decided: All that reviewers decided: a, b (record ids) and same.
    """
    engine = link_more(
        before.engine,
        compared(frame),
        person_settings(),
        threads=threads,
        progress=progress,
        decided=decided,
    )
    standing = _parts(frame, engine, before)
    changed, around = _near_a_change(frame, standing, engine, before)
    if progress is not None:
        progress(f"Looking again at {len(around)} of {frame.height} records")
    some = frame.filter(pl.col(RECORD).is_in(around.implode()))
    again = with_rules(some, _among(engine, around), threads=threads)
    return Chain(engine=engine, whole=_joined(engine, again, standing, changed, before))


def _parts(frame: pl.DataFrame, engine: Linkage, before: Before) -> pl.DataFrame:
    """record_id and part: who was or is held together, by the last month or by the engine."""
    numbers = frame.select(pl.col(RECORD).sort()).with_row_index("at")
    numbers = numbers.with_columns(pl.col("at").cast(pl.Int64()))
    held = [
        table.select(RECORD, (pl.lit(kind) + pl.col("cluster").cast(pl.String())).alias("in"))
        for kind, table in (("was", before.cluster), ("is", engine.links))
    ]
    chain = (
        pl.concat(held)
        .join(numbers, on=RECORD)
        .sort("in", "at")
        .select(pl.col("at").alias("a"), pl.col("at").first().over("in").alias("b"))
    )
    labels = components(numbers.height, chain)
    return numbers.select(RECORD, pl.Series("part", labels))


def _near_a_change(
    frame: pl.DataFrame, standing: pl.DataFrame, engine: Linkage, before: Before
) -> tuple[pl.Series, pl.Series]:
    """Records whose links may change, and those with the others that they must be seen among."""
    here = frame.select(RECORD)
    gone = before.cluster.join(here, on=RECORD, how="anti")
    bereft = before.cluster.join(gone.select("cluster").unique(), on="cluster", how="semi")
    touched = pl.concat([engine.touched.rename(RECORD).to_frame(), bereft.select(RECORD)]).unique()
    records = frame.join(standing, on=RECORD)
    open_parts = (
        records.group_by("part")
        .agg(pl.col("dob").is_not_null().any() & pl.col("first").is_not_null().any())
        .filter(~pl.col("dob"))
        .select("part")
    )
    dirty = records.join(touched, on=RECORD, how="semi").select("part").unique()
    near = _reach(records, dirty).join(open_parts, on="part", how="semi")
    changed = pl.concat([dirty, near]).unique()
    around = pl.concat([changed, _reach(records, changed)]).unique()
    held = records.select(RECORD, "part").unique(RECORD)
    return tuple(  # type: ignore[return-value]  # two series, one for each of the two frames
        held.join(parts, on="part", how="semi")[RECORD].sort() for parts in (changed, around)
    )


def _reach(records: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Parts with which one of ``parts`` could be linked by a rule, and those beside them."""
    some = records.join(parts, on="part", how="semi")
    beside = _sharing(records, some, "held_in")
    homeless, housed = pl.col("uprn").is_null(), pl.col("uprn").is_not_null()
    lines = pl.col("source") == "ctax"
    council, mine = records.filter(lines), some.filter(lines)
    went = (pl.col("until").alias("day"), pl.col("last"))
    came = (pl.col("since").alias("day"), pl.col("last"))
    return pl.concat(
        [
            beside,
            _sharing(records, some, "building"),
            *_by_company(records, some),
            _sharing(records, some.filter(homeless), "postcode", _LETTER),
            _sharing(records.filter(homeless), some.filter(housed), "postcode", _LETTER),
            _sharing(records, some, "postcode", "dob"),
            _sharing(council.with_columns(went[0]), mine.with_columns(came[0]), "day", "last"),
            _sharing(council.with_columns(came[0]), mine.with_columns(went[0]), "day", "last"),
        ]
    ).unique()


def _by_company(records: pl.DataFrame, some: pl.DataFrame) -> list[pl.DataFrame]:
    """Those of a like name or birth on the other forms, or in the homes, of one's company."""
    known = records.select("part", "held_in", "building", "postcode")
    keys = (_LETTER, pl.col("dob"), pl.col("birth_year"))
    told = pl.concat(
        [some.select("part", "held_in", key.alias("key")) for key in keys]
    ).drop_nulls()
    company = (
        told.rename({"part": "one"})
        .join(known.select("part", "held_in").unique(), on="held_in")
        .filter(pl.col("one") != pl.col("part"))
        .select("part", "key")
        .unique()
        .join(known, on="part")
    )
    ways = []
    alike = {
        "held_in": (*keys, pl.col("first").str.slice(0, 1)),
        "building": (*keys, pl.col("first").str.slice(0, 1)),
        "postcode": (pl.col("dob"),),
    }
    for column, how in alike.items():
        wanted = company.select(column, "key").drop_nulls().unique()
        theirs = pl.concat([records.select("part", column, key.alias("key")) for key in how])
        ways.append(theirs.join(wanted, on=[column, "key"], how="semi").select("part").unique())
    return ways


def _sharing(records: pl.DataFrame, some: pl.DataFrame, *columns: str | pl.Expr) -> pl.DataFrame:
    """Parts of the records that agree with one of ``some`` on the columns."""
    values = some.select(columns).drop_nulls().unique()
    theirs = records.select("part", *columns)
    return theirs.join(values, on=values.columns, how="semi").select("part").unique()


def _among(linkage: Linkage, records: pl.Series) -> Linkage:
    """The linkage of some records, which are whole clusters of it."""
    within = records.implode()

    def both(frame: pl.DataFrame) -> pl.DataFrame:
        return frame.filter(pl.col("a").is_in(within) & pl.col("b").is_in(within))

    return replace(
        linkage,
        links=linkage.links.filter(pl.col(RECORD).is_in(within)),
        standing=linkage.standing.filter(pl.col(RECORD).is_in(within)),
        edges=both(linkage.edges),
        refused=both(linkage.refused),
        apart=both(linkage.apart),
        decided=both(linkage.decided),
    )


def _joined(
    engine: Linkage,
    again: Linkage,
    standing: pl.DataFrame,
    changed: pl.Series,
    before: Before,
) -> Linkage:
    """The month's linkage: clusters near a change as they are now, the others as they were."""
    now = again.links.select(RECORD, "cluster")
    anew = now.filter(pl.col(RECORD).is_in(changed.implode())).select("cluster").unique()
    renewed = now.join(anew, on="cluster", how="semi")
    rest = (
        standing.select(RECORD)
        .join(renewed, on=RECORD, how="anti")
        .join(before.cluster, on=RECORD, how="left")
    )
    placed = pl.concat(
        [
            renewed.with_columns(pl.lit(value=True).alias("new")),
            rest.select(RECORD, pl.col("cluster").fill_null(pl.col(RECORD))).with_columns(
                pl.lit(value=False).alias("new")
            ),
        ]
    ).with_columns(pl.col(RECORD).min().over("new", "cluster").alias("cluster"))
    placed = placed.sort(RECORD)
    edges = _within(placed, pl.concat([engine.edges, before.edges, again.edges]))
    links = placed.select(RECORD, "cluster").join(
        engine.links.drop("cluster"), on=RECORD, how="left", maintain_order="left"
    )
    return replace(engine, links=links, edges=edges)


def _within(placed: pl.DataFrame, edges: pl.DataFrame) -> pl.DataFrame:
    """Links inside a cluster, each once."""
    numbers = placed[RECORD].to_numpy()
    cluster = placed["cluster"].to_numpy()
    ends = []
    for side in _EDGE_ENDS:
        wanted = edges[side].to_numpy()
        at = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
        ends.append(np.where(numbers[at] == wanted, cluster[at], -1 - wanted))
    return (
        edges.filter(pl.Series(ends[0] == ends[1]))
        .unique(["a", "b", "rule_id"], keep="first", maintain_order=True)
        .sort("a", "b", "rule_id")
    )
