"""SQL of the rows of the ``label`` table."""

from __future__ import annotations

from collections.abc import Mapping

from contracts.made.crossed import Attach
from contracts.place import Outcome, Place
from features.outcomes import ALONE, QUIET_DAYS, TOGETHER, Events, Part, parts_of
from features.timeline import Timeline

_LEAVING = "('LEFT_AREA', 'DISSOLVED')"
_LIVING = "('HOUSEHOLD', 'NO_FIXED_ABODE')"

_HAPPENED = (
    "CASE WHEN e.event_date <= coalesce(l.left_on, e.event_date) THEN TRUE "
    "WHEN l.left_on IS NULL THEN FALSE END"
)

# Of the household as a whole: a duty that one partner had opened is not new for the other.
_QUIET = f"""NOT EXISTS (
            SELECT 1 FROM reached b
            WHERE b.household_id = r.household_id AND b.k = r.k AND b.event_date < r.event_date
              AND b.last_date >= r.event_date - {QUIET_DAYS})"""


def horizon_days(place: Place) -> int:
    """Days from a snapshot to the end of the outcome window."""
    return place.windows.horizon_months * 365 // 12


def settle_days(outcome: Outcome, events: Mapping[Part, Events]) -> int:
    """Days after the window until every record of it can have come."""
    return max(events[part].settle_days for part in parts_of(outcome) if part in events)


def part_sql(events: Events, *, attach: str, place: Place, line: Timeline) -> str:
    """First event of a part in the outcome window of each household and snapshot.

    Args:
        events: Where the events come from.
        attach: Table of ``household_id, k, key``: the household's people at the snapshot.
        place: The place's windows.
        line: The snapshots.
    """
    return f"""
        WITH reached AS (
            SELECT a.household_id, a.k, e.* EXCLUDE (key)
            FROM {attach} a JOIN ({events.sql(line)}) e ON e.key = a.key)
        SELECT r.household_id, r.k, min(r.event_date) AS event_date
        FROM reached r JOIN snapshot_month c ON c.k = r.k
        WHERE r.event_date > c.snapshot_date + {place.windows.gap_days}
          AND r.event_date <= c.snapshot_date + {horizon_days(place)}
          AND {_QUIET if events.duties else "TRUE"}
        GROUP BY r.household_id, r.k"""


def label_sql(
    outcome: Outcome,
    *,
    place: Place,
    line: Timeline,
    events: Mapping[Part, Events],
    supported: str,
) -> str:
    """Rows of one outcome, for every household and snapshot.

    An event is unknown (NULL) where its window is not over and settled, where the household left
    before anything happened, and where nobody would have seen it.

    Args:
        outcome: The outcome.
        place: The place's windows.
        line: The snapshots.
        events: The parts that the place's sources allow.
        supported: ``SELECT household_id, k`` of households that were being helped.
    """
    window = horizon_days(place)
    over = f"s.snapshot_date + {window + settle_days(outcome, events)} <= DATE '{line.index_date}'"
    return f"""
        SELECT household_id, snapshot_date, '{outcome}' AS outcome, eligible, already_supported,
               event, CASE WHEN event THEN event_date END AS event_date,
               CASE WHEN event THEN date_diff('day', snapshot_date, event_date) END AS lead_days
        FROM (
            SELECT s.household_id, s.snapshot_date, e.event_date,
                   s.hh_kind IN {_LIVING} AND NOT coalesce(s.x_restricted, FALSE) AS eligible,
                   h.household_id IS NOT NULL AS already_supported,
                   CASE WHEN {over} AND {_watched(outcome)} THEN {_HAPPENED} END AS event
            FROM {line.schema}.household_snapshot s
            JOIN snapshot_month c USING (snapshot_date)
            LEFT JOIN ({_event_sql(outcome, events)}) e
              ON e.household_id = s.household_id AND e.k = c.k
            LEFT JOIN ({supported}) h ON h.household_id = s.household_id AND h.k = c.k
            LEFT JOIN ({_left_sql(line, window)}) l
              ON l.household_id = s.household_id AND l.k = c.k)
        ORDER BY snapshot_date, household_id"""


def _watched(outcome: Outcome) -> str:
    """Whether an event would be seen. Where no patient is known, silence is not safety."""
    if outcome is not Outcome.O7:
        return "TRUE"
    return (
        f"((s.household_id, c.k) IN (SELECT (household_id, k) FROM later_{Attach.PATIENT.value}))"
    )


def _event_sql(outcome: Outcome, events: Mapping[Part, Events]) -> str:
    if outcome is Outcome.EDGE:
        return _edge_sql(events)
    return f"SELECT household_id, k, event_date FROM part_{Part(outcome.value).value}"


def _edge_sql(events: Mapping[Part, Events]) -> str:
    """The day on which a household had one severe event, or a second kind of event."""
    return f"""
        SELECT household_id, k, min(event_date) AS event_date
        FROM (
            {_union([part for part in ALONE if part in events])}
            UNION ALL
            SELECT household_id, k, event_date, part
            FROM (
                SELECT *, row_number() OVER (
                    PARTITION BY household_id, k ORDER BY event_date, part) AS nth
                FROM ({_union([part for part in TOGETHER if part in events])}))
            WHERE nth = 2)
        GROUP BY household_id, k"""


def _union(parts: list[Part]) -> str:
    none = (
        "SELECT 0 AS household_id, 0 AS k, CAST(NULL AS DATE) AS event_date, '' AS part WHERE FALSE"
    )
    return (
        " UNION ALL ".join(
            f"SELECT household_id, k, event_date, '{part}' AS part FROM part_{part.value}"
            for part in parts
        )
        or none
    )


def _left_sql(line: Timeline, window: int) -> str:
    """When a household left the area or came to an end inside the outcome window."""
    return f"""
        SELECT e.household_id, c.k, min(e.event_date) AS left_on
        FROM {line.schema}.household_event e
        JOIN snapshot_month c ON e.event_date > c.snapshot_date
         AND e.event_date <= c.snapshot_date + {window}
        WHERE e.event IN {_LEAVING}
        GROUP BY e.household_id, c.k"""
