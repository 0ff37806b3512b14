"""How often records that should meet another source's did, overall and by group.

Read before any figure about a model: whoever is linked less often is seen less often. A grown
person's record should meet another when a second source held, at the same home over the same time,
somebody whose year of birth does not say that they are another. Its group is taken from the record
itself or from its home, never from what it was linked to, because only linked records would then
have one.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import duckdb
import polars as pl

from contracts.asof import as_known_sql
from linkage.people.tables import recorded_sql
from linkage.properties import billed_property_sql

NOT_RECORDED = "NOT_RECORDED"
_BANDS = (("16-24", 16), ("25-34", 25), ("35-49", 35), ("50-64", 50), ("65+", 65))
_GROUPS = (
    "all",
    "ethnic_group",
    "age_band",
    "sex",
    "disability",
    "tenure",
    "deprivation",
    "neighbourhood",
)
_NORMAL_95 = 1.959964
_GROWN = (
    "lead",
    "liable",
    "TENANT",
    "JOINT",
    "CLAIMANT",
    "PARTNER",
    "APPLICANT",
)


def match_rates(con: duckdb.DuckDBPyConnection, month: date, whole: pl.DataFrame) -> pl.DataFrame:
    """``match_rate``: records, joined records, their share and mean confidence by source and group.

    Shares have Wilson's interval and mean confidences the normal one, both of 95 %. ``met`` counts
    each record for the share of the sources at its home in which its person has a record too, and
    ``met_usual`` for the share that is usual between those sources in that role: what a group's
    records should come to, if they were joined as everybody's are.

    Args:
        con: Warehouse with the ``raw`` tables.
        month: Index date.
        whole: Person records with their ``person_id`` and ``link_confidence``.
    """
    grouped = with_groups(con, month, _expected(whole))
    long = pl.concat(
        [
            grouped.select(
                "source",
                pl.lit(kind).alias("group_kind"),
                pl.col(kind).alias("group_value"),
                "joined",
                "met",
                "met_usual",
                "link_confidence",
            )
            for kind in _GROUPS
        ]
    )
    joined = pl.col("joined").sum()
    sure = pl.col("link_confidence").filter("joined")
    counted = long.group_by("source", "group_kind", "group_value").agg(
        pl.len().cast(pl.Int64()).alias("records"),
        joined.cast(pl.Int64()).alias("linked"),
        pl.col("met", "met_usual").sum(),
        (joined / pl.len()).alias("share"),
        sure.mean().alias("mean_confidence"),
        (sure.std() / pl.col("joined").sum().sqrt()).fill_null(0.0).alias("error"),
    )
    return (
        counted.with_columns(*_wilson(), *_normal())
        .with_columns(pl.col(pl.Float64()).round(6))
        .drop("error")
        .sort("source", "group_kind", "group_value")
    )


def _wilson() -> tuple[pl.Expr, pl.Expr]:
    """``share_low`` and ``share_high``."""
    share, count, z = pl.col("share"), pl.col("records"), _NORMAL_95
    centre = share + z * z / (2 * count)
    spread = z * (share * (1 - share) / count + z * z / (4 * count * count)).sqrt()
    scale = 1 + z * z / count
    return (
        ((centre - spread) / scale).clip(0, 1).alias("share_low"),
        ((centre + spread) / scale).clip(0, 1).alias("share_high"),
    )


def _normal() -> tuple[pl.Expr, pl.Expr]:
    """``mean_confidence_low`` and ``mean_confidence_high``."""
    mean, spread = pl.col("mean_confidence"), _NORMAL_95 * pl.col("error")
    return (
        (mean - spread).clip(0, 1).alias("mean_confidence_low"),
        (mean + spread).clip(0, 1).alias("mean_confidence_high"),
    )


def _expected(whole: pl.DataFrame) -> pl.DataFrame:
    """Grown people's records at a home where another source may hold them too, once each."""
    spans = whole.filter(pl.col("uprn").is_not_null() & pl.col("role").is_in(_GROWN)).with_columns(
        pl.col("since").fill_null(date.min), pl.col("until").fill_null(date.max)
    )
    homes = (
        spans.join(_birth_years(whole), on="person_id", how="left")
        .select("uprn", "since", "until", "source", "person_id", "born")
        .unique()
    )
    meets = spans.join(homes, on="uprn", suffix="_other").filter(
        (pl.col("source") != pl.col("source_other"))
        & (pl.col("since") <= pl.col("until_other"))
        & (pl.col("since_other") <= pl.col("until"))
        & _may_be_one()
    )
    once = meets.sort(
        "source", "local_id", "since", "uprn", descending=[False, False, True, False]
    ).unique(["source", "local_id"], keep="first", maintain_order=True)
    sources = whole.group_by("person_id").agg((pl.col("source").n_unique() > 1).alias("joined"))
    return once.join(sources, on="person_id").join(
        _meetings(meets, whole), on=["source", "local_id"], maintain_order="left"
    )


def _birth_years(whole: pl.DataFrame) -> pl.DataFrame:
    """person_id and born: the year that most of their records hold."""
    return (
        whole.select("person_id", pl.col("birth_year").cast(pl.Int64()).alias("born"))
        .drop_nulls()
        .group_by("person_id")
        .agg(pl.col("born").mode().min())
    )


def _may_be_one() -> pl.Expr:
    """Whom another source has at the home is, or by their years of birth may be, the same person.

    A grown child's claim has nobody to meet on the council tax of parents whose ages are known.
    """
    years = pl.col("birth_year").cast(pl.Int64()) - pl.col("born")
    same = pl.col("person_id") == pl.col("person_id_other")
    return same | (years.abs() <= 1).fill_null(value=True)


def _meetings(meets: pl.DataFrame, whole: pl.DataFrame) -> pl.DataFrame:
    """source, local_id, met and met_usual: which of the sources at their home a record met.

    Being joined to any source at all hides a record that is missed where others are found.
    """
    there = whole.select("person_id", pl.col("source").alias("source_other")).unique()
    between = ["source", "source_other", "role"]
    pairs = (
        meets.select("local_id", "person_id", *between)
        .unique(["source", "local_id", "source_other"], maintain_order=True)
        .join(
            there.with_columns(pl.lit(1.0).alias("met")),
            on=["person_id", "source_other"],
            how="left",
        )
        .with_columns(pl.col("met").fill_null(0.0))
        .with_columns(pl.col("met").mean().over(between).alias("met_usual"))
    )
    return pairs.group_by("source", "local_id").agg(pl.col("met", "met_usual").mean())


def with_groups(con: duckdb.DuckDBPyConnection, month: date, records: pl.DataFrame) -> pl.DataFrame:
    """Person records with the groups that are recorded of them or of their home.

    Args:
        con: Warehouse with the ``raw`` tables.
        month: Index date.
        records: Person records with ``source``, ``local_id``, ``uprn``, ``dob`` and ``sex``.
    """
    said = con.sql(recorded_sql(month)).pl().unique(["source", "local_id"], keep="first")
    frame = records.join(said, on=["source", "local_id"], how="left")
    frame = frame.join(_at_home(frame), on="uprn", how="left")
    frame = frame.join(con.sql(_homes_sql(month)).pl(), on="uprn", how="left")
    born = pl.col("dob").str.slice(0, 4).cast(pl.Int64()) * 12
    born += pl.col("dob").str.slice(5, 2).cast(pl.Int64()) - 1
    return frame.with_columns(
        pl.lit("all").alias("all"),
        pl.coalesce("ethnic_group", "home_group").fill_null(NOT_RECORDED).alias("ethnic_group"),
        age_band(born, month).alias("age_band"),
        pl.col("sex").fill_null(NOT_RECORDED),
        pl.col("disability").fill_null(NOT_RECORDED),
        pl.col("tenure").fill_null(NOT_RECORDED),
        deprivation(pl.col("imd_decile")).alias("deprivation"),
        pl.col("neighbourhood_code").fill_null(NOT_RECORDED).alias("neighbourhood"),
    )


def _at_home(frame: pl.DataFrame) -> pl.DataFrame:
    """The group most often recorded at a home, by whichever source."""
    return (
        frame.filter(pl.col("ethnic_group").is_not_null())
        .group_by("uprn", "ethnic_group")
        .len()
        .sort("uprn", "len", "ethnic_group", descending=[False, True, False])
        .unique("uprn", keep="first", maintain_order=True)
        .select("uprn", pl.col("ethnic_group").alias("home_group"))
    )


def _homes_sql(month: date) -> str:
    """Deprivation, neighbourhood and tenure of each home.

    The tenure is from whichever source tells most.
    """
    known = {
        table: as_known_sql(table, month)
        for table in ("rent_tenancy", "shbe_claim", "ctax_account", "ctax_party")
    }
    return f"""
        WITH told AS (
            SELECT uprn, CASE landlord WHEN 'COUNCIL' THEN 'COUNCIL' ELSE 'RP' END AS tenure,
                   1 AS rank, start_date AS since
            FROM ({known["rent_tenancy"]}) WHERE tenure <> 'GARAGE'
            UNION ALL
            SELECT uprn, CASE tenancy_type WHEN 'HRA_RENT_REBATE' THEN 'COUNCIL'
                         WHEN 'RP_ALLOWANCE' THEN 'RP' WHEN 'SPECIFIED_ACCOM' THEN 'SUPPORTED'
                         WHEN 'PRIVATE_DEREG_LHA' THEN 'PRS' WHEN 'PRIVATE_REGULATED' THEN 'PRS'
                         ELSE 'TA' END, 2, scan_date
            FROM ({known["shbe_claim"]})
            UNION ALL
            SELECT coalesce(b.uprn, a.uprn), CASE WHEN p.liability_type IN ('2', '3', '7')
                           THEN 'OWNER' ELSE 'PRS' END, 3, a.liability_start
            FROM ({known["ctax_account"]}) a JOIN ({known["ctax_party"]}) p USING (account_ref)
            LEFT JOIN ({billed_property_sql(month)}) b USING (property_ref)
            WHERE p.liability_type IN ('2', '3', '7', '4', '5')),
        tenure AS (
            SELECT uprn, tenure FROM told WHERE uprn IS NOT NULL
            QUALIFY row_number() OVER (PARTITION BY uprn ORDER BY rank, since DESC, tenure) = 1)
        SELECT h.uprn, a.imd_decile, a.neighbourhood_code, t.tenure
        FROM ({as_known_sql("llpg_blpu", month)}) h LEFT JOIN tenure t USING (uprn)
        LEFT JOIN ({as_known_sql("area_lookup", month)}) a USING (lsoa21)"""


def age_band(born_month: pl.Expr, on: date) -> pl.Expr:
    """The audit's age band from a month index of birth; under 16 counts as not recorded."""
    age = (on.year * 12 + on.month - 1 - born_month) // 12
    band: Any = pl.when(age >= _BANDS[-1][1]).then(pl.lit(_BANDS[-1][0]))
    for (name, low), (_, above) in pairwise(_BANDS):
        band = band.when((age >= low) & (age < above)).then(pl.lit(name))
    expression: pl.Expr = band.otherwise(pl.lit(NOT_RECORDED))
    return expression


def deprivation(decile: pl.Expr) -> pl.Expr:
    """The audit's pairs of deprivation tenths: 1-2 to 9-10."""
    low = ((decile - 1) // 2) * 2 + 1
    pair = low.cast(pl.String()) + "-" + (low + 1).cast(pl.String())
    return pair.fill_null(NOT_RECORDED)
