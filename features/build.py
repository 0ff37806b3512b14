"""Writes the ``feature`` table: one row a household and snapshot, one column a feature."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from contracts.errors import SettingsError
from contracts.place import Place
from features.blocks import AREAS, BLOCKS, HOUSEHOLDS
from features.catalogue import CATALOGUE, COVER_HELPERS, MEASURES, WINDOWS
from features.declare import Cover, Derived, Feature, Measure
from features.known import attach_sql
from features.made import FEATURE
from features.reads import cover_of
from features.relations import areas_sql, block_sql, households_sql
from features.timeline import Progress, Timeline, prepared, replaced, timeline

_log = logging.getLogger(__name__)
_NULL = "CAST(NULL AS DOUBLE)"
_ROWS_A_PASS = 100_000


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
        progress: Told after each block and each snapshot.

    Raises:
        SettingsError: If the place chose a window that no feature has.
        DataMissing: If the month has not crossed to the modelling zone yet.
    """
    _check_windows(place)
    line = timeline(place, month)
    plan = _Plan(place)
    with prepared(con, line):
        for done, block in enumerate(plan.blocks, start=1):
            _value_block(con, block, plan.measures(block), line)
            _tell(progress, f"Features: values of {block}, block {done} of {len(plan.blocks)}")
        with replaced(con):
            _write(con, plan, line, progress)
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


def _check_windows(place: Place) -> None:
    strange = sorted(set(place.windows.months) - set(WINDOWS))
    if strange:
        raise SettingsError(
            f"windows.months: no feature looks back {strange} months.",
            next_step=f"Choose from {list(WINDOWS)}.",
        )


class _Plan:
    """Which measures a place's sources allow, and the SQL of every value."""

    def __init__(self, place: Place) -> None:
        self._sources = frozenset(place.sources)
        self._windows = frozenset(place.windows.months)
        self._measures = {name: m for name, m in MEASURES.items() if self._has(m.block)}

    @property
    def blocks(self) -> tuple[str, ...]:
        """Blocks that are counted, in a fixed order."""
        return tuple(dict.fromkeys(m.block for m in self._measures.values()))

    def measures(self, block: str) -> dict[str, Measure]:
        """The measures of a block, by name."""
        return {name: m for name, m in self._measures.items() if m.block == block}

    def known_columns(self) -> str:
        """Every measure as it is known of a household: NULL where not covered, empty where none."""
        return ",\n                   ".join(
            f"{self._known(name, measure)} AS {name}" for name, measure in MEASURES.items()
        )

    def feature_columns(self) -> str:
        """Every feature, in the catalogue's order."""
        return ", ".join(f"{self._final(feature)} AS {feature.name}" for feature in CATALOGUE)

    def unknown(self) -> tuple[str, ...]:
        """Features that nobody here can have."""
        return tuple(feature.name for feature in CATALOGUE if self._final(feature) == _NULL)

    def _has(self, block: str) -> bool:
        needed: tuple[str, ...] = ()
        if block in BLOCKS:
            needed = BLOCKS[block].sources
        elif block == AREAS:
            needed = ("area",)
        return self._sources.issuperset(needed)

    def _known(self, name: str, measure: Measure) -> str:
        if name not in self._measures:
            return _NULL
        value = f"b_{measure.block}.{name}"
        if measure.empty is not None:
            value = f"coalesce({value}, {measure.empty})"
        cover = cover_of(measure)
        if cover is Cover.EVERYONE or name in COVER_HELPERS.values():
            return value
        helper = COVER_HELPERS[cover]
        return f"CASE WHEN b_{MEASURES[helper].block}.{helper} = 1 THEN {value} END"

    def _final(self, feature: Feature) -> str:
        if feature.window in WINDOWS and feature.window not in self._windows:
            return _NULL
        measure = feature.measure
        if isinstance(measure, Measure):
            return feature.name if feature.name in self._measures else _NULL
        return f"CAST({measure.sql} AS DOUBLE)" if self._derivable(measure) else _NULL

    def _derivable(self, derived: Derived) -> bool:
        have = [name in self._measures for name in derived.inputs]
        return any(have) if derived.any_source else all(have)


def _value_block(
    con: duckdb.DuckDBPyConnection, name: str, measures: Mapping[str, Measure], line: Timeline
) -> None:
    if name == HOUSEHOLDS:
        sql = households_sql(measures, line=line)
    elif name == AREAS:
        sql = areas_sql(measures, line=line)
    else:
        block = BLOCKS[name]
        attach = f"attach_{block.attach.value}"
        con.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {attach} AS "
            f"{attach_sql(block.attach, schema=line.schema)}"
        )
        sql = block_sql(block, measures, attach=attach, line=line)
    # In order of month, so that the pass by month reads only its own stretch of every table.
    con.execute(f"CREATE TEMP TABLE block_{name} AS {sql} ORDER BY k, household_id")


def _write(
    con: duckdb.DuckDBPyConnection, plan: _Plan, line: Timeline, progress: Progress | None
) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in FEATURE.shape.items())
    con.execute(f"CREATE OR REPLACE TABLE {line.schema}.feature ({columns})")
    joins = "\n            ".join(
        f"LEFT JOIN block_{name} b_{name} ON b_{name}.household_id = s.household_id "
        f"AND b_{name}.k = c.k AND b_{name}.k BETWEEN $first AND $last"
        for name in plan.blocks
    )
    sql = f"""
        INSERT INTO {line.schema}.feature
        SELECT household_id, snapshot_date, {plan.feature_columns()}
        FROM (
            SELECT s.household_id, s.snapshot_date,
                   {plan.known_columns()}
            FROM {line.schema}.household_snapshot s JOIN snapshot_month c USING (snapshot_date)
            {joins}
            WHERE c.k BETWEEN $first AND $last)
        ORDER BY snapshot_date, household_id"""
    for first, last in _passes(con, line):
        con.execute(sql, {"first": first, "last": last})
        day = line.snapshots[last - line.first_k]
        done, of = last - line.first_k + 1, len(line.snapshots)
        _tell(progress, f"Features: up to {day:%Y-%m}, month {done} of {of}")


def _passes(con: duckdb.DuckDBPyConnection, line: Timeline) -> list[tuple[int, int]]:
    """Stretches of months that are written together: few passes, and rows that fit in memory."""
    (rows,) = con.execute(
        f"SELECT count(*) / {len(line.snapshots)} FROM {line.schema}.household_snapshot"
    ).fetchall()[0]
    months = max(1, int(_ROWS_A_PASS / max(rows, 1)))
    starts = range(line.first_k, line.last_k + 1, months)
    return [(first, min(first + months - 1, line.last_k)) for first in starts]


def _report(con: duckdb.DuckDBPyConnection, plan: _Plan, line: Timeline) -> FeatureReport:
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
