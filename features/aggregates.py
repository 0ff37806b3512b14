"""How a value is counted from rows: declared once, told as SQL, computed for all months at once.

An :class:`Atom` looks at rows one by one: which of them count, from which month on and until which,
and what of them is added up, kept or put in the middle. An :class:`Aggregate` is made of atoms. Its
``sql`` is what it means at one snapshot; ``of`` makes the same of the atoms that the engine has
computed for many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]
"""One value for each account or person and snapshot; NaN where there is none."""

Compute = Callable[[Sequence[Values], Values, Values], Values]
"""Atoms' values, month numbers and days of the snapshots, to a value."""

FIRST_DAY = "DATE '2000-01-01'"
"""Days are counted from here."""


class Op(IntEnum):
    """What is made of the rows that count; the kernel knows these numbers.

    ``AGES`` has a bit for each age in months of a row. ``CARRIED`` adds up, for each month between
    the youngest and the oldest, the value that stood, and ``CARRYING`` counts the months with one.
    """

    SUM = 0
    MAX = 1
    MIN = 2
    LAST = 3
    MEDIAN = 4
    KINDS = 5
    AGES = 6
    CARRIED = 7
    CARRYING = 8


@dataclass(frozen=True, kw_only=True)
class Atom:
    """One look at the rows of an account or person.

    Attributes:
        op: What is made of them.
        value: SQL of a row's value; whole numbers or pence where they are added up.
        where: Which rows count.
        youngest: Least age in months of an event that counts.
        oldest: Greatest age; None for as long as the block keeps it.
        start: SQL of the month from which the row counts; None for its recording.
        end: SQL of the month from which it no longer does; None for when it is replaced.
        by: Of ``LAST``, SQL of the date by which rows are put in order.
        codes: Of ``KINDS``, the values that are told apart.
        past: Also rows that a later version replaced.
        stands: Of ``CARRIED`` and ``CARRYING``, for how many months a row stands, its own among
            them, where no later one takes its place.
    """

    op: Op
    value: str = "1"
    where: str = "TRUE"
    youngest: int = 0
    oldest: int | None = None
    start: str | None = None
    end: str | None = None
    by: str | None = None
    codes: tuple[str, ...] = ()
    past: bool = False
    stands: int = 1

    def __format__(self, _spec: str) -> str:
        return self.sql

    @property
    def counted(self) -> str:
        """SQL of the number that the engine reads of a row; NULL where it does not count."""
        value = self.value
        if self.op is Op.KINDS:
            kinds = " ".join(f"WHEN '{code}' THEN {1 << at}" for at, code in enumerate(self.codes))
            value = f"CASE {self.value} {kinds} END"
        return value if self.where == "TRUE" else f"CASE WHEN {self.where} THEN {value} END"

    @property
    def sql(self) -> str:
        """The aggregate at one snapshot.

        Raises:
            ValueError: If SQL has no word for it; the aggregate's template then says it all.
        """
        if self.op in (Op.AGES, Op.CARRIED, Op.CARRYING):
            raise ValueError(f"SQL has no word for {self.op.name}")
        made = {
            Op.SUM: f"sum({self.value})",
            Op.MAX: f"max({self.value})",
            Op.MIN: f"min({self.value})",
            Op.LAST: f"arg_max({self.value}, ({self.by}, {self.value}))",
            Op.MEDIAN: f"median({self.value})",
            Op.KINDS: f"count(DISTINCT {self.value})",
        }[self.op]
        if self.op is Op.SUM and self.value == "1":
            made = "count(*)"
        when = " AND ".join(self._conditions())
        filtered = f"{made} FILTER (WHERE {when})" if when else made
        return f"coalesce({filtered}, 0)" if self.op is Op.SUM and made != "count(*)" else filtered

    def _conditions(self) -> list[str]:
        found = []
        if self.youngest:
            found.append(f"lag >= {self.youngest}")
        if self.oldest is not None:
            found.append(f"lag <= {self.oldest}")
        if self.start is not None:
            found.append(f"k >= {self.start}")
        if self.end is not None:
            found.append(f"k < {self.end}")
        if self.where != "TRUE":
            found.append(f"({self.where})")
        if self.op is Op.LAST:
            found.append(f"{self.value} IS NOT NULL")
        if self.op is Op.KINDS:
            found.append(f"{self.value} IN ({', '.join(repr(code) for code in self.codes)})")
        return found


@dataclass(frozen=True)
class Aggregate:
    """A value made of atoms.

    Attributes:
        atoms: What it is made of.
        template: SQL of the value, with ``{0}``, ``{1}`` and so on for the atoms' where it is
            made of theirs.
        compute: The same of arrays.
    """

    atoms: tuple[Atom, ...]
    template: str
    compute: Compute

    @property
    def sql(self) -> str:
        """The aggregate at one snapshot."""
        return self.template.format(*self.atoms)

    def of(self, values: Sequence[Values], k: Values, day: Values) -> Values:
        """The value for many accounts and snapshots.

        Args:
            values: Each atom's.
            k: Month numbers of the snapshots.
            day: Their days since :data:`FIRST_DAY`.
        """
        return self.compute(values, k, day)

    def __sub__(self, other: Aggregate) -> Aggregate:
        return self._with(other, "-", np.subtract)

    def __add__(self, other: Aggregate) -> Aggregate:
        return self._with(other, "+", np.add)

    def __mul__(self, other: Aggregate) -> Aggregate:
        return self._with(other, "*", np.multiply)

    def _with(self, other: Aggregate, sign: str, made: Callable[..., Any]) -> Aggregate:
        mine, n = self.compute, len(self.atoms)

        def compute(values: Sequence[Values], k: Values, day: Values) -> Values:
            found: Values = made(mine(values[:n], k, day), other.compute(values[n:], k, day))
            return found

        shifted = other.template.format(*(f"{{{at + n}}}" for at in range(len(other.atoms))))
        return Aggregate(
            (*self.atoms, *other.atoms), f"({self.template}) {sign} ({shifted})", compute
        )


def alone(atom: Atom) -> Aggregate:
    """An atom by itself; unknown where no row counts, but for what is added up."""
    return Aggregate((atom,), "{0}", lambda values, _k, _day: values[0])


def or_none(atom: Atom) -> Aggregate:
    """An atom by itself, and 0 where no row counts."""
    return Aggregate((atom,), "coalesce({0}, 0)", lambda values, _k, _day: np.nan_to_num(values[0]))
