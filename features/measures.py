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


def carried(what: str, by: str, months_ago: int, *, stands: int) -> str:
    """The value that stood ``months_ago``: that of the latest row of ``stands`` months until then.

    A feed that is silent where nothing changed says nothing of most months by itself.
    """
    return (
        f"arg_max({what}, {by}) FILTER (WHERE lag BETWEEN {months_ago} "
        f"AND {months_ago + stands - 1} AND {what} IS NOT NULL)"
    )


def months_carried(where: str, by: str, months: int, *, stands: int) -> str:
    """In how many of the last ``months`` months a condition stood."""
    holds = f"(CASE WHEN {where} THEN 1 ELSE 0 END)"
    each = (f"coalesce({carried(holds, by, ago, stands=stands)}, 0)" for ago in range(months))
    return "(" + " + ".join(each) + ")"


def mean_carried(what: str, by: str, youngest: int, oldest: int, *, stands: int) -> str:
    """Mean of the values that stood ``youngest`` to ``oldest`` months ago, both included."""
    each = [carried(what, by, ago, stands=stands) for ago in range(youngest, oldest + 1)]
    total = " + ".join(f"coalesce({value}, 0)" for value in each)
    known = " + ".join(f"CASE WHEN {value} IS NULL THEN 0 ELSE 1 END" for value in each)
    return f"(CAST({total} AS DOUBLE) / nullif({known}, 0))"
