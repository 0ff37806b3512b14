"""How often each source's records could be joined to another source, overall and by group.

Read before any figure about a model: whoever is linked less often is seen less often. The group of
a record is taken from the record itself or from its home, never from what it was linked to, because
only linked records would then have one.
"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from contracts.asof import as_known_sql
from linkage.people.tables import recorded_sql

NOT_RECORDED = "NOT_RECORDED"
_BANDS = (("16-24", 16), ("25-34", 25), ("35-49", 35), ("50-64", 50), ("65+", 65))
_GROUPS = ("all", "ethnic_group", "age_band", "sex", "disability", "tenure", "deprivation")


def match_rates(
    con: duckdb.DuckDBPyConnection, month: date, whole: pl.DataFrame
) -> pl.DataFrame:
    """``match_rate``: records, joined records, their share and mean confidence by source and group.

    Args:
        con: Warehouse with the ``raw`` tables.
        month: Index date.
        whole: Person records with their ``person_id`` and ``link_confidence``.
    """
    records = whole.unique(["source", "local_id"], keep="last", maintain_order=True)
    sources = records.group_by("person_id").agg(pl.col("source").n_unique().alias("sources"))
    grouped = _with_groups(con, month, records).join(sources, on="person_id")
    long = pl.concat(
        [
            grouped.select(
                "source",
                pl.lit(kind).alias("group_kind"),
                pl.col(kind).alias("group_value"),
                (pl.col("sources") > 1).alias("joined"),
                "link_confidence",
            )
            for kind in _GROUPS
        ]
    )
    joined = pl.col("joined").sum()
    return (
        long.group_by("source", "group_kind", "group_value")
        .agg(
            pl.len().cast(pl.Int64()).alias("records"),
            joined.cast(pl.Int64()).alias("linked"),
            (joined / pl.len()).alias("share"),
            pl.col("link_confidence").filter("joined").mean().round(6).alias("mean_confidence"),
        )
        .sort("source", "group_kind", "group_value")
    )


def _with_groups(
    con: duckdb.DuckDBPyConnection, month: date, records: pl.DataFrame
) -> pl.DataFrame:
    said = con.sql(recorded_sql(month)).pl().unique(["source", "local_id"], keep="first")
    frame = records.join(said, on=["source", "local_id"], how="left")
    frame = frame.join(_at_home(frame), on="uprn", how="left")
    frame = frame.join(con.sql(_homes_sql(month)).pl(), on="uprn", how="left")
    return frame.with_columns(
        pl.lit("all").alias("all"),
        pl.coalesce("ethnic_group", "home_group").fill_null(NOT_RECORDED).alias("ethnic_group"),
        age_band(pl.col("dob").str.slice(0, 4).cast(pl.Int64()) * 12
                 + pl.col("dob").str.slice(5, 2).cast(pl.Int64()) - 1, month).alias("age_band"),
        pl.col("sex").fill_null(NOT_RECORDED),
        pl.col("disability").fill_null(NOT_RECORDED),
        _tenure().alias("tenure"),
        deprivation(pl.col("imd_decile")).alias("deprivation"),
    )


def _at_home(frame: pl.DataFrame) -> pl.DataFrame:
    """The group most often recorded at a home, by whichever source."""
    return (
        frame.filter(pl.col("uprn").is_not_null() & pl.col("ethnic_group").is_not_null())
        .group_by("uprn", "ethnic_group")
        .len()
        .sort("uprn", "len", "ethnic_group", descending=[False, True, False])
        .unique("uprn", keep="first", maintain_order=True)
        .select("uprn", pl.col("ethnic_group").alias("home_group"))
    )


def _homes_sql(month: date) -> str:
    return f"""
        SELECT h.uprn, a.imd_decile
        FROM ({as_known_sql("llpg_blpu", month)}) h
        LEFT JOIN ({as_known_sql("area_lookup", month)}) a USING (lsoa21)"""


def age_band(born_month: pl.Expr, on: date) -> pl.Expr:
    """The audit's age band from a month index of birth; under 16 counts as not recorded."""
    age = (on.year * 12 + on.month - 1 - born_month) // 12
    band = pl.when(age < _BANDS[0][1]).then(pl.lit(NOT_RECORDED))
    for (name, _), (_, above) in zip(_BANDS, _BANDS[1:], strict=False):
        band = band.when(age < above).then(pl.lit(name))
    return band.when(age.is_not_null()).then(pl.lit(_BANDS[-1][0])).otherwise(pl.lit(NOT_RECORDED))


def deprivation(decile: pl.Expr) -> pl.Expr:
    """The audit's pairs of deprivation tenths: 1-2 to 9-10."""
    low = ((decile - 1) // 2) * 2 + 1
    pair = low.cast(pl.String()) + "-" + (low + 1).cast(pl.String())
    return pair.fill_null(NOT_RECORDED)


def _tenure() -> pl.Expr:
    """Tenure as far as the record's own source tells it."""
    return (
        pl.when(pl.col("source") == "rent").then(pl.lit("SOCIAL")).otherwise(pl.lit(NOT_RECORDED))
    )
