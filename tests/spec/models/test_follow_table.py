"""What became of a household up to a year ahead, by the labels of the months that followed."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pytest

from contracts.months import add_months
from models.follow import END, EVENT, NEITHER, follow
from models.panel import Panel
from tests.unit.models.conftest import MONTH, small_place

START = date(2025, 1, 31)
FREE, CAME, UNKNOWN = False, True, None


def month(ahead: int) -> date:
    return add_months(START, ahead)


# Labels by months after the start: what the half year after that month end held; the day of the
# event, of the household's end, and what is told of the start: months followed, and how it ended.
CASES = {
    "seen for half a year": ({0: FREE}, None, None, 6, NEITHER),
    "seen for longer by later months": ({0: FREE, 1: FREE, 4: FREE}, None, None, 9, NEITHER),
    "never past a year": (dict.fromkeys(range(12), FREE), None, None, 12, NEITHER),
    "the event in the third month": ({0: CAME, 1: CAME}, date(2025, 4, 20), None, 3, EVENT),
    "the event after the first label": ({0: FREE, 3: CAME}, date(2025, 9, 20), None, 8, EVENT),
    "an event more than a year ahead": (
        {**dict.fromkeys(range(8), FREE), 9: CAME, 11: CAME}, date(2026, 3, 2), None, 12, NEITHER,
    ),
    "left in the fourth month": ({0: UNKNOWN, 2: UNKNOWN}, None, date(2025, 5, 15), 4, END),
    "an event, then left": ({0: CAME, 3: UNKNOWN}, date(2025, 4, 20), date(2025, 6, 1), 3, EVENT),
    "lost from view at once": ({0: UNKNOWN}, None, None, 0, NEITHER),
    "left after it was last looked at": ({0: FREE}, None, date(2025, 11, 20), 6, NEITHER),
    "no label at all": ({}, None, None, 0, NEITHER),
}  # fmt: skip


def _write(con: duckdb.DuckDBPyConnection, labels, event_day, end_day) -> None:
    con.execute("CREATE SCHEMA m2026_10")
    con.execute(
        "CREATE TABLE m2026_10.label (household_id BIGINT, snapshot_date DATE, outcome VARCHAR, "
        "event BOOLEAN, event_date DATE)"
    )
    con.execute(
        "CREATE TABLE m2026_10.household_event "
        "(household_id BIGINT, event VARCHAR, event_date DATE)"
    )
    for ahead, event in labels.items():
        con.execute(
            "INSERT INTO m2026_10.label VALUES (7, ?, 'edge_of_crisis', ?, ?), "
            "(7, ?, 'O1', TRUE, DATE '2025-03-15')",
            [month(ahead), event, event_day if event else None, month(ahead)],
        )
    if end_day:
        con.execute("INSERT INTO m2026_10.household_event VALUES (7, 'LEFT_AREA', ?)", [end_day])
    con.execute("INSERT INTO m2026_10.household_event VALUES (7, 'MOVED', DATE '2025-03-01')")


def _panel() -> Panel:
    one = np.array([False])
    return Panel(
        specs=(),
        x=np.zeros((1, 0), dtype=np.float32),
        household=np.array([7]),
        day=np.array([START], dtype="datetime64[D]"),
        area=np.array([0]),
        restricted=one,
        communal=one,
    )


def _follow(labels, event_day, end_day, known):
    with duckdb.connect() as con:
        _write(con, labels, event_day, end_day)
        found = follow(con, _panel(), np.array([0]), place=small_place(), month=MONTH, known=known)
    return found.months.tolist(), found.status.tolist()


@pytest.mark.parametrize("case", CASES)
def test_what_became_of_a_household(case):
    labels, event_day, end_day, months, status = CASES[case]
    known = [month(at) for at in range(12)]
    assert _follow(labels, event_day, end_day, known) == ([months], [status])


def test_labels_of_other_months_are_not_read():
    labels, event_day = {0: FREE, 3: CAME}, date(2025, 9, 20)
    assert _follow(labels, event_day, None, [month(0)]) == ([6], [NEITHER])
    assert _follow(labels, event_day, None, []) == ([0], [NEITHER])


def test_an_event_inside_the_gap_earns_no_credit():
    """A later month's label may tell of it; from the first month's end it came too soon."""
    labels = {-1: CAME, 0: FREE}
    found = _follow(labels, date(2025, 2, 20), None, [month(at) for at in range(-1, 12)])
    assert found == ([6], [NEITHER])
