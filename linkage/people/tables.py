"""What is known of each person: born when, called what, and the audit's protected attributes."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from contracts.asof import as_known_sql

# Where names are kept in parts they are trusted over a free-text field.
_NAME_ORDER = {
    source: place
    for place, source in enumerate(
        (
            *("rent", "hclic", "uc", "welfare", "hreg", "asc", "cs", "school", "bbadge"),
            *("shbe", "ctax"),
        )
    )
}


def people(whole: pl.DataFrame) -> pl.DataFrame:
    """``person``: month of birth, sex and the least sure of the links.

    Args:
        whole: Person records with their ``person_id`` and ``link_confidence``.
    """
    records = whole.unique(["source", "local_id"], keep="first", maintain_order=True)
    born = records.with_columns(
        (pl.col("dob").str.slice(0, 4) + pl.col("dob").str.slice(5, 2))
        .cast(pl.Int64())
        .alias("birth_ym"),
        # The first of January is what systems write when only the year is known.
        (~pl.col("dob").str.ends_with("01-01")).alias("full"),
    )
    return (
        records.group_by("person_id")
        .agg(pl.col("link_confidence").min().alias("link_confidence_min"))
        .join(_most_common(born, "birth_ym", first="full"), on="person_id", how="left")
        .join(_most_common(records, "sex"), on="person_id", how="left")
        .select("person_id", "birth_ym", "sex", "link_confidence_min")
        .sort("person_id")
    )


def _most_common(records: pl.DataFrame, column: str, *, first: str | None = None) -> pl.DataFrame:
    """The value that most records of a person hold; ties by value."""
    held = records.filter(pl.col(column).is_not_null())
    ranking = [pl.col(first).any().alias("rank")] if first else [pl.lit(value=True).alias("rank")]
    return (
        held.group_by("person_id", column)
        .agg(pl.len().alias("n"), *ranking)
        .sort("person_id", "rank", "n", column, descending=[False, True, True, False])
        .unique("person_id", keep="first", maintain_order=True)
        .select("person_id", column)
    )


def identities(whole: pl.DataFrame) -> pl.DataFrame:
    """``person_identity``: the name as the worker's page shows it."""
    return (
        whole.filter(pl.col("show_last").is_not_null() | pl.col("show_first").is_not_null())
        .with_columns(
            pl.col("source").replace_strict(_NAME_ORDER, return_dtype=pl.Int64()).alias("order"),
            (pl.col("show_first").is_not_null() & pl.col("show_last").is_not_null()).alias("both"),
            (pl.col("show_first").str.len_chars() > 1).fill_null(value=False).alias("spelt"),
        )
        .sort(
            ["person_id", "both", "spelt", "order", "since", "local_id"],
            descending=[False, True, True, False, True, False],
            nulls_last=True,
        )
        .group_by("person_id", maintain_order=True)
        .agg(
            pl.col("show_title").drop_nulls().first().alias("title"),
            pl.col("show_first").first().alias("first_name"),
            pl.col("show_last").first().alias("last_name"),
        )
        .sort("person_id")
    )


def protected(
    con: duckdb.DuckDBPyConnection, month: date, links: pl.DataFrame, person: pl.DataFrame
) -> pl.DataFrame:
    """``person_protected``: for the audit alone; NULL where nothing is recorded.

    Args:
        con: Warehouse with the ``raw`` tables.
        month: Index date.
        links: ``person_link``.
        person: ``person``.
    """
    said = con.sql(recorded_sql(month)).pl().join(links, on=["source", "local_id"])
    ethnic = _most_common(said, "ethnic_group")
    disabled = (
        said.filter(pl.col("disability").is_not_null())
        .group_by("person_id")
        .agg(pl.col("disability").max())
    )
    return (
        person.select("person_id", "sex")
        .join(ethnic, on="person_id", how="left")
        .join(disabled, on="person_id", how="left")
        .select("person_id", "ethnic_group", "sex", "disability")
        .sort("person_id")
    )


def recorded_sql(month: date) -> str:
    """A ``SELECT`` of source, local_id, ethnic_group and disability where a source records them."""
    return f"""
        SELECT 'rent' AS source, tenancy_ref || '|' || person_local_id AS local_id,
               nullif(ethnicity, 'NOT_STATED') AS ethnic_group,
               nullif(disability_flag, 'NOT_STATED') AS disability
        FROM ({as_known_sql("rent_person", month)})
        UNION ALL
        SELECT 'hclic', case_ref || '|' || person_seq, nullif(ethnicity, 'NOT_STATED'), NULL
        FROM ({as_known_sql("hclic_person", month)})
        UNION ALL
        SELECT 'shbe', claim_ref || '|' || member_seq, NULL,
               CASE WHEN disability_flag THEN 'Y' WHEN NOT disability_flag THEN 'N' END
        FROM ({as_known_sql("shbe_member", month)})"""
