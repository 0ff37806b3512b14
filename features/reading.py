"""What is read of the rows of a block, and the SQL that reads it, for any engine.

The SQL keeps to what DuckDB and, by way of SQLGlot, Spark mean alike.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from contracts.months import add_months
from features.aggregates import Aggregate, Atom
from features.blocks import BLOCKS
from features.declare import Measure
from features.known import versions_sql
from features.measures import NEVER, month_of
from features.timeline import Timeline

_EPOCH = "DATE '1970-01-01'"
_NO_DAY = "DATE '9999-12-31'"


class Reading:
    """The different atoms of a block's measures, and what is read of a row for them.

    Attributes:
        block: Name of the block.
        measures: Its measures, by name.
        atoms: Each atom to its place.
        numbers: SQL of each number that is read of a row, to its place.
        months: SQL of each start and end, to its place.
    """

    def __init__(self, block: str, measures: Mapping[str, Measure]) -> None:
        self.block = block
        self.measures = measures
        self.atoms: dict[Atom, int] = {}
        self.numbers: dict[str, int] = {}
        self.months: dict[str, int] = {}
        for measure in measures.values():
            for atom in self.of(measure).atoms:
                self.atoms.setdefault(atom, len(self.atoms))
                for number in filter(None, (atom.counted, atom.by)):
                    self.numbers.setdefault(number, len(self.numbers))
                for month in filter(None, (_start(atom), _end(atom))):
                    self.months.setdefault(month, len(self.months))

    @staticmethod
    def of(measure: Measure) -> Aggregate:
        """The measure's aggregate."""
        if not isinstance(measure.value, Aggregate):
            raise TypeError(f"a measure of {measure.block} is no aggregate")
        return measure.value

    def places(self, aggregate: Aggregate) -> list[int]:
        """Where an aggregate's atoms are."""
        return [self.atoms[atom] for atom in aggregate.atoms]

    @property
    def keep(self) -> int:
        """Months for which an event is kept."""
        months = BLOCKS[self.block].months if self.block in BLOCKS else None
        return NEVER if months is None else months

    def spec(self) -> NDArray[np.int32]:
        """Each atom as the kernel reads it."""
        rows = [
            (
                int(atom.op),
                self.numbers[atom.counted],
                self.numbers[atom.by] if atom.by else -1,
                atom.youngest,
                NEVER if atom.oldest is None else atom.oldest,
                self.months.get(_start(atom) or "", -1),
                self.months.get(_end(atom) or "", -1),
                int(atom.past),
                atom.stands,
            )
            for atom in self.atoms
        ]
        return np.array(rows, dtype=np.int32).reshape(-1, 9)

    @property
    def _columns(self) -> str:
        return ", ".join(
            [
                f"coalesce(CAST({sql} AS DOUBLE), CAST('nan' AS DOUBLE)) AS n{at}"
                for sql, at in self.numbers.items()
            ]
            + [f"CAST({sql} AS INTEGER) AS m{at}" for sql, at in self.months.items()]
        )

    def own_sql(self, lines: str) -> str:
        """A ``SELECT`` of households' own lines as rows, for what is compared with their past.

        Args:
            lines: A relation of the lines, with the ``key`` by which each household is told.
        """
        return f"""
            SELECT key, {_day("snapshot_date")} AS known_day, {_day(_NO_DAY)} AS gone_day,
                   {_day("snapshot_date")} AS event_day, {self._columns}
            FROM {lines}"""

    def rows_sql(self, line: Timeline, *, where: str = "TRUE") -> str:
        """A ``SELECT`` of the rows that count at any snapshot.

        Days come as they are, and are compared with days: months are worked out outside.

        Args:
            line: The snapshots.
            where: Condition on a row's ``key``.
        """
        block = BLOCKS[self.block]
        event = "known_from" if block.dated is None else f"CAST({block.dated} AS DATE)"
        first, last = line.snapshots[0], line.snapshots[-1]
        oldest = add_months(first, 1 - block.months).replace(day=1) if block.months else None
        young = f"AND {event} >= DATE '{oldest}'" if oldest else ""
        standing = "" if block.past else f"AND (known_to IS NULL OR known_to > DATE '{first}')"
        until = f"coalesce(known_to, {_NO_DAY})"
        return f"""
            SELECT key, {_day("known_from")} AS known_day, {_day(until)} AS gone_day,
                   {_day(event)} AS event_day, {self._columns}
            FROM (
                SELECT {", ".join(block.columns)}, {block.attach.number} AS key,
                       known_from, known_to, {month_of("known_from")} AS known_month,
                       coalesce({month_of("known_to")}, {NEVER}) AS gone
                FROM ({versions_sql(block.table, line.schema)}))
            WHERE {where} AND {event} <= DATE '{last}'
              AND known_from <= DATE '{last}' {young} {standing}"""


def _start(atom: Atom) -> str | None:
    """A row whose start is not known never counts."""
    return atom.start and f"coalesce({atom.start}, {NEVER})"


def _end(atom: Atom) -> str | None:
    """Nor does one whose end is not known, as in SQL."""
    return atom.end and f"coalesce({atom.end}, 0)"


def _day(sql: str) -> str:
    return f"date_diff('day', {_EPOCH}, {sql})"
