"""The naive side of rent."""

from __future__ import annotations

from datetime import date
from statistics import median
from typing import Any

from contracts.months import add_months
from tests.unit.features.naive.view import (
    ORACLE,
    Number,
    Row,
    View,
    by_key,
    count,
    in_last,
    largest,
    since,
    unless,
    yes_no,
)


def _balances(v: View, months: int, oldest: int = 0) -> list[list[Row]]:
    """Balances of each account, from ``oldest`` to ``months`` months back."""
    until = add_months(v.t, -oldest)
    rows = [
        row
        for row in v.rows("rent_balance", "pay_ref")
        if row["weeks_owed"] is not None and in_last(row["balance_date"], until, months - oldest)
    ]
    return by_key(rows, "pay_ref")


def _medians(v: View, months: int, oldest: int = 0) -> dict[str, float]:
    return {
        rows[0]["pay_ref"]: median(row["weeks_owed"] for row in rows)
        for rows in _balances(v, months, oldest)
    }


ORACLE["rent_weeks_owed"] = unless(
    View.rent,
    lambda v: largest(
        max(rows, key=lambda row: row["balance_date"])["weeks_owed"] for rows in _balances(v, 2)
    ),
)
for w in (3, 12):
    ORACLE[f"rent_weeks_owed_median_{w}m"] = unless(
        View.rent, lambda v, w=w: largest(_medians(v, w).values())
    )
ORACLE["rent_weeks_owed_most_12m"] = unless(
    View.rent,
    lambda v: largest(max(r["weeks_owed"] for r in rows) for rows in _balances(v, 12)),
)


def _rise(v: View, months: int) -> Number:
    now, then = _medians(v, 1), _medians(v, months + 1, months)
    return largest(now[key] - then[key] for key in now if key in then)


for w in (3, 6):
    ORACLE[f"rent_weeks_owed_rise_{w}m"] = unless(View.rent, lambda v, w=w: _rise(v, w))
ORACLE["rent_weeks_behind_12m"] = unless(
    View.rent,
    lambda v: largest(
        [sum(r["weeks_owed"] > 4.4 for r in rows) for rows in _balances(v, 12)] or [0]
    ),
)
ORACLE["strength_rent_clear_months"] = unless(
    View.rent,
    lambda v: largest(
        [
            len({r["balance_date"].month for r in rows if r["weeks_owed"] <= 0.5})
            for rows in _balances(v, 12)
        ]
        or [0]
    ),
)


def _cleared(v: View) -> Number:
    recent = [[row["weeks_owed"] for row in rows] for rows in _balances(v, 3)]
    now = [weeks for account in recent for weeks in account]
    then = [row["weeks_owed"] for rows in _balances(v, 13, 6) for row in rows]
    if not now:
        return None
    clear = max(min(account) for account in recent) <= 0.5
    return float(bool(then) and max(then) > 4.4 and max(now) <= 4.4 and clear)


ORACLE["strength_rent_arrears_cleared"] = unless(View.rent, _cleared)

_ACTION: dict[str, Any] = {
    "table": "rent_action",
    "attach": "pay_ref",
    "dated": "action_date",
    "covered": View.rent,
}
for stem, windows, groups in (
    ("rent_contacts", (12,), ("CONTACT",)),
    ("rent_letters", (3, 12), ("PRE_NOTICE",)),
    ("rent_notices", (3, 12), ("NOTICE",)),
    ("rent_court_steps", (12,), ("PRE_COURT", "COURT")),
    ("rent_orders", (12, 36), ("ORDER", "BREACH_ORDER")),
    ("rent_warrants", (12,), ("WARRANT", "EVICTED")),
    ("rent_from_benefits", (12,), ("DWP_DIRECT",)),
):
    for w in windows:
        count(f"{stem}_{w}m", w, lambda r, g=groups: r["action_group"] in g, **_ACTION)
since("rent_days_since_notice", lambda r: r["action_group"] == "NOTICE", 36, **_ACTION)


def _agreements(v: View) -> list[Row]:
    return v.rows("rent_arrangement", "pay_ref")


def _tenancies(v: View) -> list[Row]:
    rows = v.rows("rent_tenancy", "tenancy_ref")
    return [row for row in rows if v.live(row, "start_date", "end_date")]


yes_no(
    "rent_agreement_live",
    lambda v: any(
        row["state"] == "live" and v.live(row, "start_date", "end_date") for row in _agreements(v)
    ),
    View.rent,
)


def _broken_on(v: View, row: Row) -> date:
    ended = row["end_date"] is not None and row["end_date"] <= v.t
    day: date = row["end_date"] if ended else row["recorded_date"]
    return day


for w in (6, 12):
    ORACLE[f"rent_agreements_broken_{w}m"] = unless(
        View.rent,
        lambda v, w=w: float(
            sum(
                row["state"] == "breached" and in_last(_broken_on(v, row), v.t, w)
                for row in _agreements(v)
            )
        ),
    )
yes_no(
    "rent_new_tenancy_12m",
    lambda v: any(
        row["tenure"] != "GARAGE" and v.last(row, "start_date", 12) for row in _tenancies(v)
    ),
    View.rent,
)
yes_no(
    "rent_introductory",
    lambda v: any(row["tenure"] == "INTRODUCTORY" for row in _tenancies(v)),
    View.rent,
)
yes_no(
    "rent_insecure",
    lambda v: any(
        row["tenure"] in ("NON_SECURE", "LICENCE", "TEMP_ACCOM") for row in _tenancies(v)
    ),
    View.rent,
)
yes_no(
    "rent_paid_to_landlord",
    lambda v: any(row["uc_direct_to_landlord"] for row in _tenancies(v)),
    View.rent,
)


def _rent_plan(v: View) -> Number:
    months = [
        (v.t.year - row["start_date"].year) * 12 + v.t.month - row["start_date"].month
        for row in _agreements(v)
        if row["state"] == "live" and v.live(row, "start_date", "end_date")
    ]
    return float(max((m for m in months if m >= 3), default=0))


ORACLE["strength_rent_plan_months"] = unless(View.rent, _rent_plan)
yes_no(
    "strength_rent_plan_completed",
    lambda v: any(
        row["state"] == "completed"
        and row["end_date"] is not None
        and add_months(v.t, -24) < row["end_date"] <= v.t
        for row in _agreements(v)
    ),
    View.rent,
)
