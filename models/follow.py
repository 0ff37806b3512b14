"""What became of each household after each month end, up to a year ahead: event, end, or neither.

The ``label`` table looks one horizon ahead. Seen from one month end, the labels of that month and
of those that follow reach a year ahead together: the first event after the gap, or the day until
which it is known that none came. A household that leaves the area or comes to an end can have no
event afterwards; that is an end, not a loss from view.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import polars as pl

from contracts.place import Place
from contracts.warehouse import month_schema
from features.label_sql import horizon_days
from models.panel import Panel
from models.sampling import Ints

AHEAD = 12
"""Months that are looked ahead."""
NEITHER, EVENT, END = 0, 1, 2
_ENDS = "('LEFT_AREA', 'DISSOLVED')"


def month_ends_at(months: int) -> int:
    """Days from a month end to the end of so many months ahead."""
    return months * 365 // 12


@dataclass(frozen=True, kw_only=True)
class Followed:
    """Rows of a panel and what became of them.

    Attributes:
        rows: Positions in the panel.
        months: Months ahead for which the household was followed, the one with the event or the
            end among them; 0 to 12.
        status: 1 where the event came in the last of them, 2 where the household came to an end,
            0 where it was lost from view after it.
    """

    rows: Ints
    months: Ints
    status: Ints


def follow(
    connection: duckdb.DuckDBPyConnection,
    panel: Panel,
    rows: Ints,
    *,
    place: Place,
    month: date,
    known: Sequence[date],
) -> Followed:
    """Follow some rows, by nothing but the labels of some months.

    Args:
        connection: An open warehouse.
        panel: Every household at every month end.
        rows: Positions of the rows to follow.
        place: The place; its listed outcome is the event.
        month: Index date of the release month.
        known: Months whose labels may be read.
    """
    asked = pl.DataFrame(
        {
            "at": rows,
            "household_id": panel.household[rows],
            "day": panel.day[rows],
        }
    )
    connection.register("asked_rows", asked.to_arrow())
    try:
        found = connection.sql(_follow_sql(place, month, known)).pl()
    finally:
        connection.unregister("asked_rows")
    return _followed(found)


def _follow_sql(place: Place, month: date, known: Sequence[date]) -> str:
    """Days to the event, to the end, and for which ``asked_rows`` were seen."""
    schema, window = month_schema(month), horizon_days(place)
    days = ", ".join(f"DATE '{one}'" for one in known) or "NULL"
    return f"""
WITH ended AS (
    SELECT household_id, min(event_date) AS ended_on
    FROM {schema}.household_event WHERE event IN {_ENDS} GROUP BY ALL),
labelled AS (
    SELECT l.household_id, l.snapshot_date, l.event_date,
           CASE WHEN l.event IS NOT NULL THEN l.snapshot_date + {window}
                WHEN e.ended_on > l.snapshot_date
                 AND e.ended_on <= l.snapshot_date + {window} THEN e.ended_on
                ELSE l.snapshot_date END AS seen_until,
           CASE WHEN e.ended_on > l.snapshot_date
                 AND e.ended_on <= l.snapshot_date + {window}
                THEN e.ended_on END AS ended_on
    FROM {schema}.label l LEFT JOIN ended e USING (household_id)
    WHERE l.outcome = '{place.listed_outcome.value}'
      AND l.snapshot_date IN ({days}))
SELECT a.at,
       date_diff('day', a.day, min(l.event_date) FILTER (
           WHERE l.event_date > a.day + {place.windows.gap_days})) AS event_in,
       date_diff('day', a.day, min(l.ended_on)) AS end_in,
       date_diff('day', a.day, max(l.seen_until)) AS seen_for
FROM asked_rows a
LEFT JOIN labelled l ON l.household_id = a.household_id
 AND l.snapshot_date >= a.day AND l.snapshot_date < a.day + {month_ends_at(AHEAD)}
GROUP BY a.at, a.day ORDER BY a.at"""


def _followed(found: pl.DataFrame) -> Followed:
    never = 10 * month_ends_at(AHEAD)
    event, end, seen = (
        found[name].cast(pl.Int64).fill_null(value).to_numpy()
        for name, value in (("event_in", never), ("end_in", never), ("seen_for", 0))
    )
    last = np.minimum(event, end)
    status = np.where(event <= end, EVENT, END)
    edges = np.array([month_ends_at(at) for at in range(AHEAD + 1)])
    happened = (last <= edges[-1]) & (last <= seen)
    whole = np.searchsorted(edges, np.minimum(seen, edges[-1]), side="right") - 1
    months = np.where(happened, np.searchsorted(edges, last, side="left"), whole)
    return Followed(
        rows=found["at"].to_numpy().astype(np.int64),
        months=months.astype(np.int64),
        status=np.where(happened, status, NEITHER).astype(np.int64),
    )
