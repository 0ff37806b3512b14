"""The naive side of emergency help and housing."""

from __future__ import annotations

from typing import Any

from tests.unit.features.naive.view import ORACLE, Row, View, count, since, yes_no

_HELP: dict[str, Any] = {
    "table": "welfare_award",
    "attach": "person_local_id",
    "dated": "decision_date",
}


def _asked(row: Row) -> bool:
    return row["route"] in ("APPLIED", "REFERRED")


_NEED_RENT = ("RENT_SHORTFALL_RSRS", "RENT_SHORTFALL_LHA", "BENEFIT_CAP", "DEPOSIT_RIA", "ARREARS")
for stem, windows, where in (
    ("hardship_requests", (3, 12), _asked),
    ("hardship_awards", (6, 12, 36), lambda r: _asked(r) and r["decision"] == "AWARDED"),
    ("hardship_turned_down", (12,), lambda r: _asked(r) and r["decision"] == "REFUSED"),
    ("hardship_food_or_fuel", (12,), lambda r: _asked(r) and r["need"] in ("FOOD", "ENERGY")),
    ("hardship_rent_help", (12,), lambda r: _asked(r) and r["need"] in _NEED_RENT),
    ("hardship_asked_by_others", (12,), lambda r: r["route"] == "REFERRED"),
):
    for w in windows:
        count(f"{stem}_{w}m", w, where, **_HELP)
since("hardship_days_since_request", _asked, 36, **_HELP)

_CASE: dict[str, Any] = {"table": "hclic_case", "attach": "case_ref", "dated": "approach_date"}
_DUTY: dict[str, Any] = {"table": "hclic_duty", "attach": "case_ref", "dated": "start_date"}
_ADVICE = ("ADVICE_ONLY", "NOT_THREATENED")
for w in (6, 12, 36):
    count(f"housing_approaches_{w}m", w, lambda r: True, **_CASE)
since("housing_days_since_approach", lambda r: True, 36, **_CASE)
count("housing_advice_only_12m", 12, lambda r: r["assessment_decision"] in _ADVICE, **_CASE)
for w in (12, 36):
    count(f"housing_duties_{w}m", w, lambda r: True, **_DUTY)
since("housing_days_since_duty", lambda r: True, 36, **_DUTY)
count("housing_placements_36m", 36, lambda r: True, **_DUTY | {"table": "hclic_ta"})
for name, table in (("housing_duty_open", "hclic_duty"), ("housing_in_temporary", "hclic_ta")):
    yes_no(
        name,
        lambda v, table=table: any(
            v.live(row, "start_date", "end_date") and v.last(row, "start_date", 36)
            for row in v.rows(table, "case_ref")
        ),
    )


def _early(v: View) -> bool:
    applied = [
        row for row in v.rows("welfare_award", "person_local_id") if row["route"] == "APPLIED"
    ]
    asked = sum(v.last(row, "decision_date", 12) for row in applied)
    asked += ORACLE["housing_advice_only_12m"](v) or 0  # type: ignore[assignment]  # whole numbers
    if v.rent():
        asked += sum(
            v.last(row, "action_date", 12) and row["action_group"] == "SUPPORT"
            for row in v.rows("rent_action", "pay_ref")
        )
    stages = (
        "ctax_summonses_12m",
        "ctax_liability_orders_12m",
        "ctax_agent_referrals_12m",
        "rent_notices_12m",
        "rent_court_steps_12m",
        "rent_orders_12m",
    )
    return asked > 0 and not any(ORACLE[name](v) for name in stages)


yes_no("strength_asked_early", _early)
