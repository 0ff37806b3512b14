"""What must hold before anything is sealed, whatever the steps before it say of themselves."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
import polars as pl

from contracts.place import Place
from contracts.warehouse import month_schema
from releases.evidence import LISTED

_LOG = logging.getLogger(__name__)
ADDITIVITY = 1e-6
"""Largest difference allowed between a raw score and what its parts add up to."""
# People with no fixed home stay eligible: without them the closest to crisis would be missed.
_ONE_HOUSEHOLD = ("HOUSEHOLD", "NO_FIXED_ABODE")


def seal_problems(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, pl.DataFrame],
    contacts: pl.DataFrame,
    *,
    place: Place,
    month: date,
) -> list[str]:
    """Every reason why this month cannot be sealed; empty where it can."""
    listed = tables["selection"].filter(
        (pl.col("route") == LISTED) & (pl.col("outcome") == place.listed_outcome.value)
    )
    _LOG.info("checking %d listed households before sealing", listed.height)
    return [
        *listing_problems(listed, contacts, place),
        *additivity_problems(listed, tables),
        *reason_problems(listed, tables["reason"]),
        *restriction_problems(con, listed, month),
    ]


def listing_problems(listed: pl.DataFrame, contacts: pl.DataFrame, place: Place) -> Iterator[str]:
    """Each household once, in a neighbourhood of the place, no more than its team can see."""
    if listed["household_id"].n_unique() != listed.height:
        yield "A household is listed more than once."
    if contacts.height != listed.height:
        yield (
            f"{listed.height} households are listed, but contacts were found for {contacts.height} "
            "rows."
        )
    for code, count in listed.group_by("neighbourhood_code").len().sort(pl.all()).iter_rows():
        if code not in place.neighbourhoods:
            yield f"{count} households are listed in a neighbourhood that the place does not have."
        elif count > place.neighbourhoods[code].list_size:
            yield f"{code}: {count} households are listed, more than its team can see."


def additivity_problems(listed: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> Iterator[str]:
    """Base value plus contributions must give the raw score, for every listed household."""
    sums = (
        tables["explanation"]
        .group_by("household_id", "outcome")
        .agg(pl.col("contribution").sum().alias("parts"))
    )
    base = tables["base_value"].select("outcome", pl.col("value").alias("base"))
    compared = (
        listed.select("household_id", "outcome")
        .join(tables["score"], on=["household_id", "outcome"], how="left")
        .join(sums, on=["household_id", "outcome"], how="left")
        .join(base, on="outcome", how="left")
        .with_columns(gap=(pl.col("base") + pl.col("parts") - pl.col("raw_score")).abs())
    )
    unexplained = compared.filter(pl.col("gap").is_null()).height
    if unexplained:
        yield f"{unexplained} listed households have no explanation or no score."
    apart = compared.filter(pl.col("gap").is_nan() | (pl.col("gap") > ADDITIVITY)).height
    if apart:
        yield f"The parts of {apart} listed households do not add up to their score."


def reason_problems(listed: pl.DataFrame, reasons: pl.DataFrame) -> Iterator[str]:
    """Every listed household has at least one reason that counted most."""
    explained = reasons.filter(pl.col("kind") == "MOST").select("household_id").unique()
    silent = listed.join(explained, on="household_id", how="anti").height
    if silent:
        yield f"{silent} listed households have no reason to show."


def restriction_problems(
    con: duckdb.DuckDBPyConnection, listed: pl.DataFrame, month: date
) -> Iterator[str]:
    """Nobody whose safety asks for it is listed, and no home with unclear residents.

    The snapshot is read here again, not the route that an earlier step gave.
    """
    snapshot = con.sql(
        f"SELECT household_id, hh_kind, x_restricted FROM {month_schema(month)}.household_snapshot "
        "WHERE snapshot_date = ?",
        params=[month],
    ).pl()
    seen = listed.select("household_id").join(snapshot, on="household_id", how="left")
    restricted = seen.filter(pl.col("x_restricted").fill_null(value=True)).height
    if restricted:
        yield f"{restricted} listed households are restricted or not on record this month."
    elsewhere = seen.filter(~pl.col("hh_kind").fill_null("").is_in(_ONE_HOUSEHOLD)).height
    if elsewhere:
        yield (
            f"{elsewhere} listed households are not a single household at one home or with no "
            "fixed home."
        )
