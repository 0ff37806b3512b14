"""Short forms for declaring how values are counted.

Time runs in whole months: ``k`` is the snapshot's month, ``lag`` an event's age. Snapshots are
month ends, so an event lies in the last ``n`` months exactly where ``lag < n``; no date arithmetic
that differs between engines is needed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from features.aggregates import FIRST_DAY, Aggregate, Atom, Op, Values, alone, or_none

NEVER = 999_999
"""A month that never comes."""

_YEAR = 12


def month_of(column: str) -> str:
    """Months since year 0, as ``contracts.months.month_index`` counts them."""
    return f"(year({column}) * 12 + month({column}) - 1)"


def months_since(column: str) -> str:
    """Age in whole months of a date of the household itself."""
    return f"(k - {month_of(column)})"


def day_of(column: str) -> str:
    """Days since the first day that is counted from."""
    return f"date_diff('day', {FIRST_DAY}, CAST({column} AS DATE))"


def open_end(column: str, *, months: int = 0) -> str:
    """The month of a date, some months later; one that never comes where there is no date."""
    later = f" + {months}" if months else ""
    return f"coalesce({month_of(column)}{later}, {NEVER})"


def one() -> Aggregate:
    """1, always."""
    return Aggregate((), "1", lambda _values, k, _day: np.ones(len(k)))


def count_in(months: int, where: str = "TRUE", *, youngest: int = 0) -> Aggregate:
    """How many rows meet a condition, of events ``youngest`` to ``months - 1`` months old."""
    return alone(Atom(op=Op.SUM, where=where, youngest=youngest, oldest=months - 1))


def count_while(where: str, start: str, end: str) -> Aggregate:
    """How many rows meet a condition, each from one month until before another."""
    return alone(Atom(op=Op.SUM, where=where, start=start, end=end))


def pounds_in(months: int, column: str, where: str = "TRUE", *, youngest: int = 0) -> Aggregate:
    """Sum of an amount, added up in pence."""
    pence = f"CAST(round({column} * 100) AS BIGINT)"
    atom = Atom(op=Op.SUM, value=pence, where=where, youngest=youngest, oldest=months - 1)
    return Aggregate((atom,), "{0} / 100.0", lambda values, _k, _day: values[0] / 100.0)


def kinds_in(
    months: int, what: str, codes: Sequence[str], *, where: str = "TRUE", youngest: int = 0
) -> Aggregate:
    """How many different of some codes a column had."""
    return alone(
        Atom(
            op=Op.KINDS,
            value=what,
            where=where,
            codes=tuple(codes),
            youngest=youngest,
            oldest=months - 1,
        )
    )


def months_with(months: int, where: str) -> Aggregate:
    """In how many of the last months at least one row met a condition."""
    told = " + ".join(f"({each})" for each in _months_met(months, where))
    atom = _ages_met(months, where)
    return Aggregate((atom,), told, lambda values, _k, _day: _ones(_ages(values[0], months)))


def _months_met(months: int, where: str) -> list[str]:
    """For each of the last months SQL of 1 where a row met a condition, and 0 where none did."""
    return [any_in(ago + 1, where, youngest=ago).sql for ago in range(months)]


def _ages_met(months: int, where: str) -> Atom:
    """The months as bits: of a year at least, so that windows share them."""
    return Atom(op=Op.AGES, where=where, oldest=max(months, _YEAR) - 1)


def _ages(value: Values, months: int) -> NDArray[np.int64]:
    return value.astype(np.int64) & ((1 << months) - 1)


def _ones(bits: NDArray[np.int64]) -> Values:
    return np.asarray(np.bitwise_count(bits), dtype=np.float64)


def any_in(months: int, where: str = "TRUE", *, youngest: int = 0) -> Aggregate:
    """1 where an event ``youngest`` to ``months - 1`` months old meets a condition, 0 otherwise."""
    return or_none(Atom(op=Op.MAX, where=where, youngest=youngest, oldest=months - 1))


def any_while(
    where: str, start: str | None = None, end: str | None = None, *, past: bool = False
) -> Aggregate:
    """1 where a row meets a condition between two months, the second excluded; 0 otherwise."""
    return or_none(Atom(op=Op.MAX, where=where, start=start, end=end, past=past))


def any_live(start: str, end: str, where: str = "TRUE") -> Aggregate:
    """1 where a row meets a condition between two dates; the second may be open."""
    return any_while(where, month_of(start), open_end(end))


def most(what: str, *, months: int, where: str = "TRUE", youngest: int = 0) -> Aggregate:
    """The largest value; unknown where there is none."""
    return alone(Atom(op=Op.MAX, value=what, where=where, youngest=youngest, oldest=months - 1))


def least(what: str, *, months: int, where: str = "TRUE", youngest: int = 0) -> Aggregate:
    """The smallest value; unknown where there is none."""
    return alone(Atom(op=Op.MIN, value=what, where=where, youngest=youngest, oldest=months - 1))


def middle(what: str, youngest: int, oldest: int) -> Aggregate:
    """The median; unknown where there is no value."""
    return alone(Atom(op=Op.MEDIAN, value=what, youngest=youngest, oldest=oldest))


def largest_live(what: str, start: str, end: str, where: str = "TRUE") -> Aggregate:
    """The largest value of rows that stand; unknown where none does."""
    atom = Atom(op=Op.MAX, value=what, where=where, start=month_of(start), end=open_end(end))
    return alone(atom)


def months_live(start: str, end: str, where: str, *, from_months: int = 0) -> Aggregate:
    """Months since the first of the rows that stand began; 0 where none does."""
    begins = month_of(start)
    atom = Atom(
        op=Op.MIN, value=begins, where=where, start=f"{begins} + {from_months}", end=open_end(end)
    )
    return Aggregate(
        (atom,),
        "coalesce(any_value(k) - {0}, 0)",
        lambda values, k, _day: np.nan_to_num(k - values[0]),
    )


def months_from_first(column: str) -> Aggregate:
    """Months since the earliest of some dates; negative while it lies ahead."""
    atom = Atom(op=Op.MIN, value=month_of(column))
    return Aggregate((atom,), "any_value(k) - {0}", lambda values, k, _day: k - values[0])


def days_since(column: str, where: str = "TRUE") -> Aggregate:
    """Days since the latest row that meets a condition; unknown where there is none."""
    atom = Atom(op=Op.MAX, value=day_of(column), where=where)
    return Aggregate(
        (atom,),
        f"date_diff('day', {FIRST_DAY}, any_value(snapshot_date)) - {{0}}",
        lambda values, _k, day: day - values[0],
    )


def latest(what: str, by: str, *, within: int, where: str = "TRUE", ago: int = 0) -> Aggregate:
    """The value at the latest date of ``within`` months, which end ``ago`` months back."""
    return alone(_carried(what, by, ago, stands=within, where=where))


def swing(column: str, *, months: int) -> Aggregate:
    """Largest less smallest amount, in pounds; unknown where there is none."""
    pence = f"CAST(round({column} * 100) AS BIGINT)"
    both = tuple(Atom(op=op, value=pence, oldest=months - 1) for op in (Op.MAX, Op.MIN))
    return Aggregate(
        both, "({0} - {1}) / 100.0", lambda values, _k, _day: (values[0] - values[1]) / 100.0
    )


def months_running(months: int, where: str) -> Aggregate:
    """For how many months up to now, one after another, some row of each met a condition."""
    told = "0"
    for met in reversed(_months_met(months, where)):
        told = f"{met} * (1 + {told})"

    def compute(values: Sequence[Values], _k: Values, _day: Values) -> Values:
        bits = _ages(values[0], months)
        return _ones(bits & ~(bits + 1))

    return Aggregate((_ages_met(months, where),), told, compute)


def latest_while(what: str, by: str, start: str) -> Aggregate:
    """The value at the latest date of all, of rows from ``start`` on."""
    return alone(Atom(op=Op.LAST, value=what, by=day_of(by), start=start))


def plan_months(column: str, agreed: str, since: str, *, from_months: int = 3) -> Aggregate:
    """Months since something was last agreed, where nothing worse came after it; 0 otherwise.

    Args:
        column: The event's date.
        agreed: Which rows are an agreement.
        since: Which rows end one.
        from_months: How long it must have lasted.
    """
    last, month, broke = (
        Atom(op=Op.MAX, value=value, where=where)
        for value, where in (
            (day_of(column), agreed),
            (month_of(column), agreed),
            (day_of(column), since),
        )
    )

    def compute(values: Sequence[Values], k: Values, _day: Values) -> Values:
        kept = k - values[1]
        stands = (values[0] > np.nan_to_num(values[2], nan=-np.inf)) & (kept >= from_months)
        return np.where(stands, kept, 0.0)

    template = (
        f"CASE WHEN {{0}} > coalesce({{2}}, -999999) AND any_value(k) - {{1}} >= {from_months} "
        "THEN any_value(k) - {1} ELSE 0 END"
    )
    return Aggregate((last, month, broke), template, compute)


def stands_until(start: Aggregate, end: Aggregate) -> Aggregate:
    """1 from one month until before another, 0 otherwise; unknown where the first is."""
    n = len(start.atoms)
    last = end.template.format(*(f"{{{at + n}}}" for at in range(len(end.atoms))))
    first = start.template

    def compute(values: Sequence[Values], k: Values, day: Values) -> Values:
        begun = start.compute(values[:n], k, day)
        stands = np.where((k >= begun) & (k < end.compute(values[n:], k, day)), 1.0, 0.0)
        return np.where(np.isnan(begun), np.nan, stands)

    template = (
        f"CASE WHEN ({first}) IS NULL THEN NULL "
        f"WHEN any_value(k) >= ({first}) AND any_value(k) < ({last}) THEN 1 ELSE 0 END"
    )
    return Aggregate((*start.atoms, *end.atoms), template, compute)


def months_carried(where: str, by: str, months: int, *, stands: int) -> Aggregate:
    """In how many of the last ``months`` months a condition stood.

    A feed that is silent where nothing changed says nothing of most months by itself, so each row
    stands for ``stands`` months, its own among them.
    """
    holds = f"(CASE WHEN {where} THEN 1 ELSE 0 END)"
    stood = [_carried(holds, by, ago, stands=stands).sql for ago in range(months)]
    told = "(" + " + ".join(f"coalesce({each}, 0)" for each in stood) + ")"
    atom = _over(Op.CARRIED, holds, by, (0, months - 1), stands=stands)
    return Aggregate((atom,), told, lambda values, _k, _day: values[0])


def mean_carried(what: str, by: str, youngest: int, oldest: int, *, stands: int) -> Aggregate:
    """Mean in pounds of the amounts that stood ``youngest`` to ``oldest`` months ago, both too."""
    pence = f"CAST(round({what} * 100) AS BIGINT)"
    stood = [_carried(pence, by, ago, stands=stands).sql for ago in range(youngest, oldest + 1)]
    total = " + ".join(f"coalesce({each}, 0)" for each in stood)
    known = " + ".join(f"CASE WHEN {each} IS NULL THEN 0 ELSE 1 END" for each in stood)
    atoms = tuple(
        _over(op, pence, by, (youngest, oldest), stands=stands) for op in (Op.CARRIED, Op.CARRYING)
    )

    return Aggregate(
        atoms,
        f"(CAST({total} AS DOUBLE) / nullif({known}, 0) / 100.0)",
        lambda values, _k, _day: values[0] / np.where(values[1] > 0, values[1], np.nan) / 100.0,
    )


def _over(op: Op, what: str, by: str, ages: tuple[int, int], *, stands: int) -> Atom:
    youngest, oldest = ages
    return Atom(op=op, value=what, by=day_of(by), youngest=youngest, oldest=oldest, stands=stands)


def _carried(what: str, by: str, ago: int, *, stands: int, where: str = "TRUE") -> Atom:
    return Atom(
        op=Op.LAST,
        value=what,
        by=day_of(by),
        where=where,
        youngest=ago,
        oldest=ago + stands - 1,
    )
