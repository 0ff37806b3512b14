"""Short forms for the SQL of measures.

Time runs in whole months: ``k`` is the snapshot's month, ``lag`` an event's age. Snapshots are
month ends, so an event lies in the last ``n`` months exactly where ``lag < n``; no date arithmetic
that differs between engines is needed.
"""

from __future__ import annotations


def month_of(column: str) -> str:
    """Months since year 0, as ``contracts.months.month_index`` counts them."""
    return f"(year({column}) * 12 + month({column}) - 1)"


def months_since(column: str) -> str:
    """Age in whole months of a date that is not the block's own event date."""
    return f"(k - {month_of(column)})"


def count_in(months: int, where: str = "TRUE") -> str:
    """How many rows of the last ``months`` months meet a condition."""
    return f"count(*) FILTER (WHERE lag < {months} AND {where})"


def kinds_in(months: int, what: str, where: str = "TRUE") -> str:
    """How many different values a column had in the last ``months`` months."""
    return f"count(DISTINCT {what}) FILTER (WHERE lag < {months} AND {where})"


def any_row(where: str) -> str:
    """1 where any row meets a condition, 0 where none does."""
    return f"max(CASE WHEN {where} THEN 1 ELSE 0 END)"


def days_since(column: str, where: str = "TRUE") -> str:
    """Days since the latest row that meets a condition."""
    return f"min(date_diff('day', {column}, snapshot_date)) FILTER (WHERE {where})"


def latest(what: str, by: str, *, within: int) -> str:
    """The value at the latest date of the last ``within`` months."""
    return f"arg_max({what}, {by}) FILTER (WHERE lag < {within} AND {what} IS NOT NULL)"


def mean_between(what: str, youngest: int, oldest: int) -> str:
    """Mean of a money column over ages ``youngest`` to ``oldest``, both included.

    The sum is exact (decimal) and divided once, so that no order of adding can move the last bit.
    """
    span = f"FILTER (WHERE lag BETWEEN {youngest} AND {oldest})"
    return f"(CAST(sum({what}) {span} AS DOUBLE) / nullif(count({what}) {span}, 0))"
