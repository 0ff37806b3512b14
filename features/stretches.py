"""Households some at a time, at every snapshot, and which account or person reaches which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from contracts.asof import known_at
from contracts.made.crossed import Attach
from features.aggregates import FIRST_DAY
from features.measures import month_of
from features.timeline import Timeline

SAID = (
    "size",
    "adults",
    "children_0_4",
    "children_5_17",
    "tenure",
    "hh_kind",
    "resident_since",
    "imd_decile",
    "lsoa21",
)
"""What a snapshot says of a household, of which features are made."""


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Some households at every snapshot.

    Attributes:
        rows: A line for each, in order of household and month: what the snapshot says of it.
        first: Place of the first household in the order of all.
        places: Line of each household and month; -1 where it was none then.
        ids: Numbers of the first and the last household.
    """

    rows: pl.DataFrame
    first: int
    places: NDArray[np.int64]
    ids: tuple[int, int]


@dataclass(frozen=True, kw_only=True)
class Entries:
    """Which key reaches which line.

    Attributes:
        key: The keys, in order.
        k: Month of the line's snapshot.
        row: The line.
    """

    key: NDArray[np.int64]
    k: NDArray[np.int32]
    row: NDArray[np.int64]


def number_households(con: duckdb.DuckDBPyConnection, line: Timeline) -> int:
    """A temporary table of every household's place in their order; how many there are."""
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE household_place AS
        SELECT household_id, row_number() OVER (ORDER BY household_id) - 1 AS place
        FROM (SELECT DISTINCT household_id FROM {line.schema}.household_snapshot
              JOIN snapshot_month USING (snapshot_date))""")
    ((found,),) = con.execute("SELECT count(*) FROM household_place").fetchall()
    return int(found)


def stretches(
    con: duckdb.DuckDBPyConnection, line: Timeline, *, households: int, at_once: int
) -> Iterator[Stretch]:
    """All households, some at a time, in their order."""
    months = line.last_k - line.first_k + 1
    columns = ", ".join(f"s.{name}" for name in SAID)
    for first in range(0, households, at_once):
        ((least, most),) = con.execute(f"""
            SELECT min(household_id), max(household_id) FROM household_place
            WHERE place >= {first} AND place < {first + at_once}""").fetchall()
        rows = con.sql(f"""
            SELECT s.household_id, s.snapshot_date, c.k, p.place,
                   date_diff('day', {FIRST_DAY}, s.snapshot_date) AS day, {columns}
            FROM {line.schema}.household_snapshot s
            JOIN snapshot_month c USING (snapshot_date) JOIN household_place p USING (household_id)
            WHERE {_within("s", (least, most), line)}
            ORDER BY p.place, c.k""").pl()
        places = np.full(min(at_once, households - first) * months, -1, dtype=np.int64)
        at = (rows["place"].to_numpy() - first) * months + rows["k"].to_numpy() - line.first_k
        places[at] = np.arange(rows.height)
        yield Stretch(rows=rows, first=first, places=places, ids=(least, most))


def entries_of(
    con: duckdb.DuckDBPyConnection, attach: Attach, stretch: Stretch, line: Timeline
) -> Entries:
    """Which keys reach a stretch's lines, as known at each snapshot."""
    months = line.last_k - line.first_k + 1
    last = stretch.first + len(stretch.places) // months
    households = last - stretch.first
    # Bounds in plain numbers let whole blocks of rows be passed over.
    found = con.execute(f"""
        SELECT (r.key * {households} + p.place - {stretch.first}) * {months}
               + {month_of("r.snapshot_date")} - {line.first_k} AS code
        FROM {line.schema}.{attach.table} r
        JOIN (FROM household_place WHERE place >= {stretch.first} AND place < {last}) p
          USING (household_id)
        WHERE {_within("r", stretch.ids, line)} AND {known_at("r.snapshot_date")}""").fetchnumpy()
    return reached(np.asarray(found["code"]).astype(np.int64), stretch.places, line)


def reached(code: NDArray[np.int64], places: NDArray[np.int64], line: Timeline) -> Entries:
    """Entries from one number each, in which key, household and month are put together.

    Args:
        code: ``(key * households + household) * months + month``, in any order and any number of
            times; household and month count from the first of them.
        places: Line of each household and month; -1 where it was none then.
        line: The snapshots.
    """
    months = line.last_k - line.first_k + 1
    # A plain sort is the fastest way to have each once.
    code = np.sort(code)
    code = code[firsts(code)]
    row = places[code % len(places)]
    there = row >= 0
    code, row = code[there], row[there]
    return Entries(
        key=code // len(places),
        k=(code % months + line.first_k).astype(np.int32),
        row=row,
    )


def _within(rows: str, ids: tuple[int, int], line: Timeline) -> str:
    """Condition on rows of households between two, at the snapshots."""
    return (
        f"{rows}.household_id BETWEEN {ids[0]} AND {ids[1]} AND {rows}.snapshot_date "
        f"BETWEEN DATE '{line.snapshots[0]}' AND DATE '{line.snapshots[-1]}'"
    )


def firsts(ordered: NDArray[np.int64]) -> NDArray[np.bool_]:
    """The first of each run of equal numbers."""
    return np.append(np.ones(min(1, len(ordered)), dtype=np.bool_), np.diff(ordered) != 0)


def own_entries(stretch: Stretch) -> Entries:
    """A household's own lines, for what is compared with its past."""
    return Entries(
        key=stretch.rows["place"].to_numpy().astype(np.int64),
        k=stretch.rows["k"].to_numpy().astype(np.int32),
        row=np.arange(stretch.rows.height, dtype=np.int64),
    )
