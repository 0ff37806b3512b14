"""Writes the ``label`` table: what happened to each household after each snapshot."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from contracts.made import MADE
from contracts.place import Outcome, Place
from features.known import attach_sql
from features.label_sql import label_sql, part_sql
from features.outcomes import Events, Part, events_of
from features.supported import attaches_of, supported_sql
from features.timeline import Progress, Timeline, prepared, replaced, timeline

_log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class OutcomeCount:
    """What was written of one outcome.

    Attributes:
        outcome: The outcome.
        eligible: Rows that may be listed.
        supported: Eligible rows that a crisis service was already helping.
        known: Eligible rows without such help whose outcome is known.
        events: Those of them with an event.
    """

    outcome: Outcome
    eligible: int
    supported: int
    known: int
    events: int

    @property
    def base_rate(self) -> float:
        """Share of known rows with an event; 0 where none is known."""
        return self.events / self.known if self.known else 0.0


@dataclass(frozen=True, kw_only=True)
class LabelReport:
    """What a run wrote.

    Attributes:
        schema: Month schema of the table.
        rows: Rows written.
        outcomes: Counts of each outcome.
        parts: Kinds of event that the place's sources allow.
    """

    schema: str
    rows: int
    outcomes: tuple[OutcomeCount, ...]
    parts: tuple[str, ...]


def build_labels(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    month: date,
    progress: Progress | None = None,
) -> LabelReport:
    """Replace ``<month schema>.label`` by what is known at the index date of every snapshot.

    Args:
        con: The modelling zone, writable.
        place: The place's settings: its outcomes, windows and sources.
        month: Any day of the release month.
        progress: Told after each kind of event and each outcome.

    Raises:
        DataMissing: If the month has not crossed to the modelling zone yet.
    """
    events = events_of(frozenset(place.sources))
    line = timeline(place, month)
    steps = len(events) + len(place.outcomes)
    with prepared(con, line):
        for done, (part, made_of) in enumerate(events.items(), start=1):
            _find_events(con, part, made_of, place=place, line=line)
            _tell(progress, f"Labels: events of {part}, step {done} of {steps}")
        with replaced(con):
            _create(con, line)
            for done, outcome in enumerate(place.outcomes, start=len(events) + 1):
                _write(con, outcome, place=place, line=line, events=events)
                _tell(progress, f"Labels: {outcome}, step {done} of {steps}")
        return _report(con, line, events)


def _find_events(
    con: duckdb.DuckDBPyConnection, part: Part, events: Events, *, place: Place, line: Timeline
) -> None:
    """First event of a part in the outcome window of each household and snapshot."""
    attach = f"later_{events.attach.value}"
    later = attach_sql(events.attach, schema=line.schema, on=line.index_date)
    con.execute(f"CREATE TEMP TABLE IF NOT EXISTS {attach} AS {later}")
    found = part_sql(events, attach=attach, place=place, line=line)
    con.execute(f"CREATE TEMP TABLE part_{part.value} AS {found}")


def _create(con: duckdb.DuckDBPyConnection, line: Timeline) -> None:
    columns = ", ".join(f"{name} {kind}" for name, kind in MADE["label"].shape.items())
    con.execute(f"CREATE OR REPLACE TABLE {line.schema}.label ({columns})")


def _write(
    con: duckdb.DuckDBPyConnection,
    outcome: Outcome,
    *,
    place: Place,
    line: Timeline,
    events: Mapping[Part, Events],
) -> None:
    rows = label_sql(
        outcome,
        place=place,
        line=line,
        events=events,
        supported=_supported(con, outcome, place=place, line=line),
    )
    con.execute(f"INSERT INTO {line.schema}.label {rows}")


def _supported(
    con: duckdb.DuckDBPyConnection, outcome: Outcome, *, place: Place, line: Timeline
) -> str:
    have = frozenset(a for a in attaches_of(outcome) if a.source in place.sources)
    for attach in sorted(have):
        then = attach_sql(attach, schema=line.schema)
        con.execute(f"CREATE TEMP TABLE IF NOT EXISTS attach_{attach.value} AS {then}")
    return supported_sql(outcome, have=have, schema=line.schema)


def _report(
    con: duckdb.DuckDBPyConnection, line: Timeline, events: Mapping[Part, Events]
) -> LabelReport:
    table = f"{line.schema}.label"
    counts = con.execute(f"""
        SELECT outcome, count(*) FILTER (WHERE eligible),
               count(*) FILTER (WHERE eligible AND already_supported),
               count(*) FILTER (WHERE eligible AND NOT already_supported AND event IS NOT NULL),
               count(*) FILTER (WHERE eligible AND NOT already_supported AND event), count(*)
        FROM {table} GROUP BY outcome ORDER BY outcome""").fetchall()
    outcomes = tuple(
        OutcomeCount(
            outcome=Outcome(name), eligible=eligible, supported=helped, known=known, events=happened
        )
        for name, eligible, helped, known, happened, _ in counts
    )
    for row in outcomes:
        _log.info(
            "labels of %s: %d eligible, %d already supported, %d known, %d events",
            row.outcome,
            row.eligible,
            row.supported,
            row.known,
            row.events,
        )
    return LabelReport(
        schema=line.schema,
        rows=sum(row[-1] for row in counts),
        outcomes=outcomes,
        parts=tuple(str(part) for part in events),
    )


def _tell(progress: Progress | None, stage: str) -> None:
    if progress is not None:
        progress(stage)
