"""The naive side of council tax."""

from __future__ import annotations

from itertools import pairwise
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
    since,
    unless,
    yes_no,
)

_STAGE: dict[str, Any] = {
    "table": "ctax_recovery",
    "attach": "account_ref",
    "dated": "stage_date",
    "covered": View.ctax,
}
for stem, windows, stages in (
    ("ctax_reminders", (1, 3, 6, 12), ("REM1", "REM2")),
    ("ctax_final_notices", (3, 12), ("FINAL",)),
    ("ctax_summonses", (3, 12), ("SUMMONS",)),
    ("ctax_liability_orders", (6, 12, 36), ("LO",)),
    ("ctax_agent_referrals", (6, 12), ("EA_REF",)),
    ("ctax_agent_visits", (12,), ("EA_VISIT",)),
    ("ctax_taken_at_source", (12,), ("AEO", "DFB")),
):
    for w in windows:
        count(f"{stem}_{w}m", w, lambda r, s=stages: r["stage"] in s, **_STAGE)
for name, stages in (
    ("ctax_days_since_reminder", ("REM1", "REM2")),
    ("ctax_days_since_summons", ("SUMMONS",)),
    ("ctax_days_since_liability_order", ("LO",)),
):
    since(name, lambda r, s=stages: r["stage"] in s, 36, **_STAGE)


def _ctax_debt(v: View) -> Number:
    total = 0.0
    for rows in by_key(v.rows("ctax_recovery", "account_ref"), "account_ref"):
        debts = [r["debt_at_stage"] for r in rows if v.last(r, "stage_date", 12)]
        total += max((debt for debt in debts if debt is not None), default=0.0)
    return total


ORACLE["ctax_debt_largest_12m"] = unless(View.ctax, _ctax_debt)
ORACLE["ctax_reminders_rise_6m"] = unless(
    View.ctax,
    # Both windows are known together.
    lambda v: 2 * ORACLE["ctax_reminders_6m"](v) - ORACLE["ctax_reminders_12m"](v),  # type: ignore[operator]  # never None
)


def _live_accounts(v: View) -> list[Row]:
    rows = v.rows("ctax_account", "account_ref")
    return [row for row in rows if v.live(row, "liability_start", "liability_end")]


yes_no(
    "ctax_direct_debit",
    lambda v: any(row["payment_method"] == "DD" for row in _live_accounts(v)),
    View.ctax,
)
yes_no(
    "ctax_breathing_space",
    lambda v: any(
        row["breathing_space_until"] is not None and row["breathing_space_until"] > v.t
        for row in _live_accounts(v)
    ),
    View.ctax,
)


def _debit_ended(v: View) -> bool:
    keys = v.keys("account_ref")
    for rows in by_key(v.versions("ctax_account"), "account_ref"):
        if rows[0]["account_ref"] not in keys or rows[-1]["payment_method"] == "DD":
            continue
        # Of two versions recorded on one day only the later ever stood.
        for this, following in pairwise(rows):
            if (
                this["payment_method"] == "DD"
                and this["recorded_date"] != following["recorded_date"]
                and in_last(following["recorded_date"], v.t, 12)
            ):
                return True
    return False


yes_no("ctax_direct_debit_ended_12m", _debit_ended, View.ctax)


def _support_now(v: View) -> bool:
    return any(v.live(row, "award_from", "award_to") for row in v.rows("ctax_cts", "account_ref"))


for w in (3, 12):
    yes_no(
        f"ctax_support_ended_{w}m",
        lambda v, w=w: (
            not _support_now(v)
            and any(v.last(row, "award_to", w) for row in v.rows("ctax_cts", "account_ref"))
        ),
        View.ctax,
    )
yes_no("strength_support_in_payment", _support_now, View.ctax)
for w in (6, 12):
    yes_no(
        f"single_discount_began_{w}m",
        lambda v, w=w: any(
            row["disc_code"] == "SPD25" and v.last(row, "start_date", w)
            for row in v.rows("ctax_discount", "account_ref")
        ),
        View.ctax,
    )


def _paying(v: View) -> Number:
    starts = [row["liability_start"] for row in v.rows("ctax_account", "account_ref")]
    if not starts:
        return None
    stages = [
        row
        for row in v.rows("ctax_recovery", "account_ref")
        if v.last(row, "stage_date", 12) and row["stage"] not in ("WITHDRAWN", "PAID", "INFO")
    ]
    long_enough = min(starts) <= add_months(v.t, -12)
    return float(ORACLE["ctax_direct_debit"](v) == 1 and not stages and long_enough)


ORACLE["strength_paying_council_tax"] = unless(View.ctax, _paying)


def _tax_plan(v: View) -> Number:
    best = 0
    for rows in by_key(v.rows("ctax_recovery", "account_ref"), "account_ref"):
        seen = [row for row in rows if v.last(row, "stage_date", 36)]
        plans = [row["stage_date"] for row in seen if row["stage"] == "LO_ARR"]
        other = [
            row["stage_date"]
            for row in seen
            if row["stage"] not in ("LO_ARR", "PAID", "INFO", "WITHDRAWN")
        ]
        if plans and (not other or max(plans) > max(other)):
            months = (v.t.year - max(plans).year) * 12 + v.t.month - max(plans).month
            best = max(best, months if months >= 3 else 0)
    return float(best)


ORACLE["strength_council_tax_plan"] = unless(View.ctax, _tax_plan)
