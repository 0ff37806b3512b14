"""Units that follow each other: the episodes that are named, and what goes on from one to the next.

An episode is a range of month ends in which nobody of a unit comes, goes or moves. It goes by the
number of its first unit.
"""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl

from linkage.households.carrying import carried, release_before, renamed
from linkage.households.identity import EVENTS, Known, name_households
from linkage.households.timeline import Snapshots, least_yet, temp
from linkage.households.weights import WEIGHTS

_UNITS = """
    SELECT unit, kind, name, uprn, k_from::INTEGER AS k_from, k_to::INTEGER AS k_to, placed,
           members, since FROM unit"""
# Of who stood on a unit together in the first of an episode.
_MEMBERS = """
    SELECT m.unit AS episode, m.person_id, m.adult, m.confidence
    FROM unit_member m SEMI JOIN begun b ON b.episode = m.unit ORDER BY episode, m.person_id"""


def name_units(
    con: duckdb.DuckDBPyConnection, snaps: Snapshots, month: date, id_key: bytes
) -> pl.DataFrame:
    """Make ``named``: the household of each unit, and since when it has lived where it does.

    Args:
        con: Warehouse with ``unit``, ``unit_member``, ``succeeded``, ``restricted_person`` and
            ``dead_person``.
        snaps: The month ends.
        month: Release month.
        id_key: Secret under which numbers of new households are made.

    Returns:
        Rows of ``household_event``.
    """
    units = with_episodes(con.sql(_UNITS).pl())
    episodes = (
        units.group_by("episode")
        .agg(
            pl.col("uprn").first(),
            pl.col("placed").first(),
            pl.col("k_from").min(),
            pl.col("k_to").max(),
        )
        .sort("episode")
    )
    con.register("begun", episodes.select("episode").to_arrow())
    members: pl.DataFrame = con.sql(_MEMBERS).pl()
    con.unregister("begun")
    ids, events = name_households(episodes, members, list(snaps.days), _known(con), id_key=id_key)
    earlier = release_before(con, month)
    if earlier is not None:
        carry = carried(con, earlier, ids, episodes, members)
        ids, events = renamed(ids, carry), renamed(events, carry)
    named = with_stays(units.join(ids, on="episode"))
    con.register("units_named", named.select("unit", "household_id", "resident_since").to_arrow())
    temp(con, "named", "SELECT * FROM units_named")
    con.unregister("units_named")
    return pl.concat([events, temporary_stays(named, snaps)]).sort(list(EVENTS), nulls_last=True)


def with_episodes(units: pl.DataFrame) -> pl.DataFrame:
    """The units with the ``episode`` of each, in the order of their kind, name and time.

    Args:
        units: unit, kind, name, uprn, k_from, k_to, placed and members, which tells who they are.
    """
    alike = pl.all_horizontal(
        pl.col(name).eq_missing(pl.col(name).shift(1))
        for name in ("kind", "name", "members", "uprn", "placed")
    )
    follows = pl.col("k_from") == pl.col("k_to").shift(1) + 1
    goes_on = (alike & follows).fill_null(value=False)
    return units.sort("kind", "name", "k_from").with_columns(
        pl.when(~goes_on).then("unit").forward_fill().alias("episode")
    )


def with_stays(units: pl.DataFrame) -> pl.DataFrame:
    """The units of each household in order of time, with ``resident_since`` and ``was_placed``.

    Nobody has lived longer at a home than was told of it by then.

    Args:
        units: household_id, uprn, k_from, placed and since.
    """
    moved = pl.col("uprn").ne_missing(pl.col("uprn").shift(1))
    other = pl.col("household_id").ne_missing(pl.col("household_id").shift(1))
    return units.sort("household_id", "k_from").with_columns(
        least_yet("since", (moved | other).cum_sum()).alias("resident_since"),
        pl.when(~other).then(pl.col("placed").shift(1)).alias("was_placed"),
    )


def temporary_stays(named: pl.DataFrame, snaps: Snapshots) -> pl.DataFrame:
    """Events of households that enter and leave temporary accommodation.

    Args:
        named: As :func:`with_stays` gives it.
        snaps: The month ends.
    """
    home = pl.col("household_id")
    changed = pl.col("placed") != pl.col("was_placed").fill_null(value=False)
    days = pl.Series("event_date", snaps.days, dtype=pl.Date())
    found = named.filter((pl.col("k_from") > 0) & changed)
    return found.select(
        home,
        pl.when("placed").then(pl.lit("ENTERED_TA")).otherwise(pl.lit("LEFT_TA")).alias("event"),
        days.gather(found["k_from"]),
        home.alias("from_household_id"),
        home.alias("to_household_id"),
        pl.lit(WEIGHTS["placement"].strength).alias("confidence"),
    ).select(list(EVENTS))


def _known(con: duckdb.DuckDBPyConnection) -> Known:
    return Known(
        succeeded=con.sql(
            "SELECT uprn, successor, k_from::BIGINT AS k_from FROM succeeded ORDER BY ALL"
        ).pl(),
        marked=con.sql(
            "SELECT person_id, min(k_from)::BIGINT AS k_from FROM restricted_person WHERE abuse "
            "GROUP BY person_id ORDER BY person_id"
        ).pl(),
        dead=con.sql(
            "SELECT person_id, k_from::BIGINT AS k_from FROM dead_person ORDER BY person_id"
        ).pl(),
    )
