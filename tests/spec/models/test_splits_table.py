"""Which months each model learns from, is calibrated on and is tested on, written out.

Release month October 2026, three years of month ends, outcome windows of six months after a gap
of 28 days, labels complete until April 2026.
"""

from __future__ import annotations

from datetime import date

import pytest

from contracts.months import month_ends, month_key, parse_month
from contracts.place import Windows
from models.splits import Fit, plan_backtest, plan_final

LABELLED = month_ends(date(2023, 10, 31), date(2026, 4, 30))
PLANS = [
    *plan_backtest(LABELLED, Windows(), origins=8),
    plan_final(LABELLED, date(2026, 10, 31), Windows()),
]

TABLE = """
learnt from          | first fit            | later block          | tested or scored
2023-10 to 2025-02   | 2023-10 to 2024-04   | 2024-11 to 2025-02   | 2025-09 to 2025-12
2023-10 to 2025-06   | 2023-10 to 2024-08   | 2025-03 to 2025-06   | 2026-01 to 2026-04
2023-10 to 2026-03   | 2023-10 to 2025-05   | 2025-12 to 2026-03   | 2026-10 to 2026-10
"""


def _span(months: tuple[date, ...]) -> str:
    return f"{month_key(months[0])} to {month_key(months[-1])}"


@pytest.mark.parametrize(
    ("row", "plan"), list(zip(TABLE.strip().splitlines()[1:], PLANS, strict=True))
)
def test_months_of(row: str, plan: Fit) -> None:
    learnt, *others = (cell.strip() for cell in row.split("|"))
    assert [_span(months) for months in (plan.first, plan.later, plan.tests)] == others
    assert _span(plan.whole) == learnt
    first, last = (parse_month(key) for key in learnt.split(" to "))
    assert list(plan.whole) == month_ends(first, last)
