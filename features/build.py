"""Writes the ``feature`` table: one row a household and snapshot, one column a feature."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from contracts.errors import SettingsError
from contracts.made.crossed import Attach
from contracts.place import Place
from features.aggregates import Values
from features.blocks import BEFORE, BLOCKS
from features.catalogue import CATALOGUE, WINDOWS
from features.engine import values_of
from features.finished import finished_sql
from features.made import FEATURE
from features.neighbours import lay_totals
from features.plan import Plan
from features.stretches import (
    Entries,
    entries_of,
    number_households,
    own_entries,
    stretches,
)
from features.timeline import Progress, Timeline, prepared, replaced, timeline

_log = logging.getLogger(__name__)
_ROWS_AT_ONCE = 400_000


@dataclass(frozen=True, kw_only=True)
class FeatureReport:
    """What a run wrote.

    Attributes:
        schema: Month schema of the table.
        snapshots: Month ends, oldest first.
        rows: Rows written.
        households: Different households among them.
        features: Columns of features.
        unknown: Features that are unknown for everybody, because a source is absent or the place
            did not choose their window.
    """

    schema: str
    snapshots: tuple[date, ...]
    rows: int
    households: int
    features: int
    unknown: tuple[str, ...]


def build_features(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    progress: Progress | None = None,
) -> FeatureReport:
    """Replace ``<month schema>.feature`` by the features of every household and snapshot.

    Args:
        con: The modelling zone, writable.
        place: The place's settings: its sources and windows.
        month: Any day of the release month.
        progress: Told after each stretch of households.

    Raises:
        SettingsError: If the place chose a window that no feature has.
        DataMissing: If the month has not crossed to the modelling zone yet.
    """
    _check_windows(place)
    line = timeline(place, month)
    plan = Plan(place)
    with prepared(con, line):
        with replaced(con):
            columns = ", ".join(f"{name} {kind}" for name, kind in FEATURE.shape.items())
            con.execute(f"CREATE OR REPLACE TABLE {line.schema}.feature ({columns})")
            for sql in _statements(con, plan, line, place=place, progress=progress):
                con.execute(
                    f"INSERT INTO {line.schema}.feature {sql} ORDER BY snapshot_date, household_id"
                )
        report = _report(con, plan, line)
    _log.info(
        "features: %d rows, %d households, %d snapshots, %d features, %d of them unknown here",
        report.rows,
        report.households,
        len(report.snapshots),
        report.features,
        len(report.unknown),
    )
    return report


def _statements(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    line: Timeline,
    *,
    place: Place,
    progress: Progress | None,
) -> Iterator[str]:
    """Finished features, by the engine that the place chose."""
    if place.engine.name == "spark":
        from features.spark.build import computed_on_spark

        return computed_on_spark(con, plan, line, place=place, progress=progress)
    return computed(con, plan, line, progress=progress)


def _check_windows(place: Place) -> None:
    strange = sorted(set(place.windows.months) - set(WINDOWS))
    if strange:
        raise SettingsError(
            f"windows.months: no feature looks back {strange} months.",
            next_step=f"Choose from {list(WINDOWS)}.",
        )


def computed(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    line: Timeline,
    *,
    at_once: int = _ROWS_AT_ONCE,
    progress: Progress | None = None,
) -> Iterator[str]:
    """A ``SELECT`` of finished features for some households at a time, at all their snapshots.

    Each can be read until the next is asked for.

    Args:
        con: The modelling zone, prepared for the snapshots.
        plan: Which features a place can have.
        line: The snapshots.
        at_once: Rows that are held in memory together.
        progress: Told after each stretch of households.
    """
    households, done = number_households(con, line), 0
    several = max(1, at_once // len(line.snapshots))
    lay_totals(con, plan.near, line, at_once=several)
    for stretch in stretches(con, line, households=households, at_once=several):
        values: dict[str, Values] = {}
        reached: dict[Attach, Entries] = {}
        for name in plan.blocks:
            if name == BEFORE:
                entries = own_entries(stretch)
            elif (attach := BLOCKS[name].attach) in reached:
                entries = reached[attach]
            else:
                entries = reached[attach] = entries_of(con, attach, stretch, line)
            values |= values_of(
                con, name, plan.measures(name), entries=entries, stretch=stretch, line=line
            )
        series = [pl.Series(name, value, nan_to_null=True) for name, value in values.items()]
        con.register("stretch", stretch.rows.with_columns(series).to_arrow())
        yield finished_sql(plan, line)
        con.unregister("stretch")
        done = min(done + several, households)
        _tell(progress, f"Features: {done} of {households} households")


def _report(con: duckdb.DuckDBPyConnection, plan: Plan, line: Timeline) -> FeatureReport:
    rows, households = con.execute(
        f"SELECT count(*), count(DISTINCT household_id) FROM {line.schema}.feature"
    ).fetchall()[0]
    return FeatureReport(
        schema=line.schema,
        snapshots=line.snapshots,
        rows=rows,
        households=households,
        features=len(CATALOGUE),
        unknown=plan.unknown(),
    )


def _tell(progress: Progress | None, stage: str) -> None:
    if progress is not None:
        progress(stage)
