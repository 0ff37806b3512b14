"""Every measure of a stretch of households, for all of their snapshots at once.

Rows of each table are read once, in order of account or person; ``features.kernel`` counts them for
every snapshot, and what several accounts of a household come to is folded into one value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, TypeVar

import duckdb
import numpy as np
import polars as pl
from numpy.typing import NDArray

from contracts.months import add_months
from features.aggregates import Aggregate, Atom, Values
from features.blocks import BEFORE, BLOCKS
from features.compiled import Asked, Rows
from features.declare import Fold, Measure
from features.folding import fold
from features.kernel import atoms_of
from features.known import versions_sql
from features.measures import NEVER, month_of
from features.stretches import Entries, Stretch, firsts
from features.timeline import Timeline

GRAIN = 600.0
"""Sums are kept in whole parts of this: pence, and halves and thirds of them, add up exactly."""

_Number = TypeVar("_Number", bound=np.generic)
_NO_DAY = "DATE '9999-12-31'"
_CELLS = 250_000  # of atoms and entries that are held together: 2 MB
_FOLDS = {Fold.SUM: 0, Fold.MAX: 1, Fold.MIN: 2}


def values_of(
    con: duckdb.DuckDBPyConnection,
    block: str,
    measures: Mapping[str, Measure],
    *,
    entries: Entries,
    stretch: Stretch,
    line: Timeline,
) -> dict[str, Values]:
    """Each measure of a block: a value for every line of the stretch; NaN where there is none.

    Args:
        con: The modelling zone.
        block: Name of the block.
        measures: Its measures, by name.
        entries: Which keys reach which line.
        stretch: The lines.
        line: The snapshots.
    """
    plan = _Atoms(measures)
    rows = _rows(con, block, plan, entries=entries, stretch=stretch, line=line)
    asked = Asked(
        atoms=plan.spec(),
        key=entries.key,
        k=entries.k,
        first_k=line.first_k,
        snapshots=line.last_k - line.first_k + 1,
    )
    days = stretch.rows["day"].to_numpy().astype(np.float64)
    found = {name: np.full(stretch.rows.height, np.nan) for name in measures}
    for atoms, which in _parts(rows, asked):
        row, k = entries.row[which], entries.k[which].astype(np.float64)
        day = days[row]
        for name, measure in measures.items():
            of = plan.of(measure)
            value = of.of([atoms[at] for at in plan.places(of)], k, day)
            fold(value, row, _FOLDS[measure.fold], GRAIN, found[name])
    return {
        name: value / GRAIN if measures[name].fold is Fold.SUM else value
        for name, value in found.items()
    }


def _parts(rows: Rows, asked: Asked) -> Iterator[tuple[NDArray[np.float64], NDArray[np.int64]]]:
    """Every atom of some entries at a time, so that they stay near; and which entries those are."""
    many = max(1, _CELLS // max(1, len(asked.atoms)))
    starts = np.searchsorted(asked.key, asked.key[::many], side="left")
    borders = np.append(np.unique(starts), len(asked.key))
    most = int(np.diff(borders).max(initial=0))
    out, which = np.empty((len(asked.atoms), most)), np.empty(most, dtype=np.int64)
    for first, last in pairwise(borders.tolist()):
        row = np.searchsorted(rows.key, asked.key[first], side="left")
        end = np.searchsorted(rows.key, asked.key[last - 1], side="right")
        count = atoms_of(rows, asked, (int(row), int(end), first, last), out, which)
        if count:
            yield out[:, :count], which[:count]


class _Atoms:
    """The different atoms of some measures, and what is read of a row for them."""

    def __init__(self, measures: Mapping[str, Measure]) -> None:
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
    def columns(self) -> str:
        """SQL of what is read of a row."""
        return ", ".join(
            [f"coalesce(CAST({sql} AS DOUBLE), 'nan') AS n{at}" for sql, at in self.numbers.items()]
            + [f"CAST({sql} AS INTEGER) AS m{at}" for sql, at in self.months.items()]
        )


def _start(atom: Atom) -> str | None:
    """A row whose start is not known never counts."""
    return atom.start and f"coalesce({atom.start}, {NEVER})"


def _end(atom: Atom) -> str | None:
    """Nor does one whose end is not known, as in SQL."""
    return atom.end and f"coalesce({atom.end}, 0)"


def _keeps(block: str) -> int:
    months = BLOCKS[block].months if block in BLOCKS else None
    return NEVER if months is None else months


def _rows(
    con: duckdb.DuckDBPyConnection,
    block: str,
    plan: _Atoms,
    *,
    entries: Entries,
    stretch: Stretch,
    line: Timeline,
) -> Rows:
    if block == BEFORE:
        given = stretch.rows.to_arrow()
        sql = f"""
            SELECT place AS key, {_day("snapshot_date")} AS known_day, {_day(_NO_DAY)} AS gone_day,
                   {_day("snapshot_date")} AS event_day, {plan.columns}
            FROM given ORDER BY place"""
    else:
        given = pl.DataFrame({"key": entries.key[firsts(entries.key)]}).to_arrow()
        sql = _rows_sql(block, plan, line)
    con.register("given", given)
    found = {name: np.asarray(column) for name, column in con.execute(sql).fetchnumpy().items()}
    con.unregister("given")
    key = found["key"].astype(np.int64)
    order = np.argsort(key, kind="stable") if np.any(np.diff(key) < 0) else slice(None)
    known, gone, event = (_months(found[f"{n}_day"][order]) for n in ("known", "gone", "event"))
    return Rows(
        key=key[order],
        seen=np.maximum(known, event),
        gone=gone,
        event=event,
        numbers=np.ascontiguousarray(_lines(found, "n", len(plan.numbers), np.float64)[:, order]),
        months=np.ascontiguousarray(_lines(found, "m", len(plan.months), np.int32)[:, order]),
        keep=_keeps(block),
    )


def _rows_sql(name: str, plan: _Atoms, line: Timeline) -> str:
    """Rows that count at any snapshot, of the keys that are wanted.

    Days come as they are, and are compared with days: months are worked out outside.
    """
    block = BLOCKS[name]
    event = "known_from" if block.dated is None else f"CAST({block.dated} AS DATE)"
    first, last = line.snapshots[0], line.snapshots[-1]
    oldest = add_months(first, 1 - block.months).replace(day=1) if block.months else None
    young = f"AND {event} >= DATE '{oldest}'" if oldest else ""
    standing = "" if block.past else f"AND (known_to IS NULL OR known_to > DATE '{first}')"
    until = f"coalesce(known_to, {_NO_DAY})"
    return f"""
        SELECT key, {_day("known_from")} AS known_day, {_day(until)} AS gone_day,
               {_day(event)} AS event_day, {plan.columns}
        FROM (
            SELECT {", ".join(block.columns)}, {block.attach.number} AS key, known_from, known_to,
                   {month_of("known_from")} AS known_month,
                   coalesce({month_of("known_to")}, {NEVER}) AS gone
            FROM ({versions_sql(block.table, line.schema)}))
        WHERE key IN (SELECT key FROM given) AND {event} <= DATE '{last}'
          AND known_from <= DATE '{last}' {young} {standing}"""


def _day(sql: str) -> str:
    return f"{sql} - DATE '1970-01-01'"


def _months(days: NDArray[Any]) -> NDArray[np.int32]:
    """Months since year 0 of days since 1970."""
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int32)
    made: NDArray[np.int32] = months + np.int32(1970 * 12)
    return made


def _lines(
    found: Mapping[str, NDArray[Any]], stem: str, count: int, kind: type[_Number]
) -> NDArray[_Number]:
    """Columns ``stem0``, ``stem1`` and so on, a line each."""
    made: NDArray[_Number] = np.empty((count, len(found["key"])), dtype=kind)
    for at in range(count):
        made[at] = found[f"{stem}{at}"]
    return made
