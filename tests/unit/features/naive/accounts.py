"""The naive side of what a council tax account owes and of its support."""

from __future__ import annotations

from typing import Any

from tests.unit.features.naive.view import (
    ORACLE,
    Number,
    Row,
    View,
    by_key,
    count,
    largest,
    total,
    unless,
    yes_no,
)

_STAGE: dict[str, Any] = {
    "table": "ctax_recovery",
    "attach": "account_ref",
    "dated": "stage_date",
    "covered": View.ctax,
}
for stem, months, stages in (
    ("ctax_further_court", 24, ("CHG", "INSOLV", "COMMIT")),
    ("ctax_agents_returned", 12, ("EA_RETURN",)),
    ("ctax_information_requests", 12, ("INFO",)),
    ("ctax_arrangements", 12, ("LO_ARR",)),
):
    count(f"{stem}_{months}m", months, lambda r, s=stages: r["stage"] in s, **_STAGE)


def _accounts(v: View) -> list[Row]:
    rows = v.rows("ctax_account", "account_ref")
    return [row for row in rows if v.live(row, "liability_start", "liability_end")]


for name, column in (
    ("ctax_arrears_owed", "balance_arrears"),
    ("ctax_costs_owed", "costs_outstanding"),
):
    ORACLE[name] = unless(View.ctax, lambda v, c=column: total(r[c] for r in _accounts(v)))
ORACLE["ctax_debits_returned_12m"] = unless(
    View.ctax, lambda v: largest(r["dd_rejected_12m"] for r in _accounts(v))
)
ORACLE["ctax_days_since_payment"] = unless(
    View.ctax,
    lambda v: (
        min(map(float, days))
        if (
            days := [
                v.days(r["last_payment_date"])
                for r in v.rows("ctax_account", "account_ref")
                if r["last_payment_date"] is not None
            ]
        )
        else None
    ),
)
yes_no(
    "ctax_special_plan",
    lambda v: any(r["instalment_plan"] == "SPA" for r in _accounts(v)),
    View.ctax,
)


def _share(row: Row) -> Number:
    parts = (row["balance_cy"], row["balance_arrears"], row["annual_charge_pa"])
    if None in parts or not row["annual_charge_pa"]:
        return None
    return (row["balance_cy"] + row["balance_arrears"]) / row["annual_charge_pa"]


ORACLE["ctax_owed_share"] = unless(View.ctax, lambda v: largest(map(_share, _accounts(v))))


def _debt(v: View) -> Number:
    rows = [
        r
        for r in v.rows("ctax_recovery", "account_ref")
        if v.last(r, "stage_date", 12) and r["debt_at_stage"] is not None
    ]
    newest = [
        max(account, key=lambda r: (r["stage_date"], r["debt_at_stage"]))
        for account in by_key(rows, "account_ref")
    ]
    return total(row["debt_at_stage"] for row in newest)


ORACLE["ctax_debt_latest"] = unless(View.ctax, _debt)


def _stages(v: View, months: int) -> int:
    return sum(
        v.last(r, "stage_date", months) and r["stage"] not in ("WITHDRAWN", "PAID", "INFO")
        for r in v.rows("ctax_recovery", "account_ref")
    )


ORACLE["ctax_stages_rise_6m"] = unless(
    View.ctax, lambda v: float(2 * _stages(v, 6) - _stages(v, 12))
)


def _awards(v: View) -> list[Row]:
    rows = v.rows("ctax_cts", "account_ref")
    return [row for row in rows if v.live(row, "award_from", "award_to")]


ORACLE["ctax_support_a_week"] = unless(
    View.ctax, lambda v: largest([*(r["award_pw"] for r in _awards(v)), 0.0])
)
yes_no(
    "ctax_support_ended_no_reply_12m",
    lambda v: any(
        r["end_reason"] == "NON_RESPONSE" and v.last(r, "award_to", 12)
        for r in v.rows("ctax_cts", "account_ref")
    ),
    View.ctax,
)
for name, column in (
    ("ctax_support_for_hardship", "exceptional_hardship_award"),
    ("ctax_support_less_for_adult", "nondep_deduction_pw"),
):
    yes_no(name, lambda v, c=column: any((r[c] or 0) > 0 for r in _awards(v)), View.ctax)
