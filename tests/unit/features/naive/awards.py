"""The naive side of the terms of benefits, and of more help with housing and everyday costs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.months import month_index
from tests.unit.features.naive.benefits import _months, _open, _periods, _standing, _stood
from tests.unit.features.naive.support import _asked
from tests.unit.features.naive.view import (
    ORACLE,
    Number,
    Row,
    View,
    by_key,
    count,
    largest,
    since,
    total,
    unless,
    yes_no,
)

_STANDS: dict[str, Callable[[Row], Any]] = {
    "uc_fewer_children_paid": lambda r: (
        None not in (r["children_count"], r["children_paid_count"])
        and r["children_count"] > r["children_paid_count"]
    ),
    "uc_self_employed": lambda r: r["self_emp_flag"],
    "uc_income_floor": lambda r: r["mif_applied"],
    "uc_capped": lambda r: (r["benefit_cap_reduction_pm"] or 0) > 0,
    "uc_rent_to_landlord": lambda r: r["mp_to_landlord"],
}
for name, where in _STANDS.items():
    yes_no(
        name,
        lambda v, w=where: any(_open(r) and w(r) for r in _standing(v, "notice_type")),
        View.uc,
    )
for name, where in (
    ("uc_months_capped_12m", lambda r: _open(r) and (r["benefit_cap_reduction_pm"] or 0) > 0),
    ("uc_months_without_earnings_12m", lambda r: _open(r) and r["earnings_pm"] == 0),
    ("uc_months_in_feed_12m", _open),
):
    ORACLE[name] = unless(View.uc, lambda v, w=where: float(sum(_months(v, 12, w))))
for name, column in (
    ("uc_award_a_month", "net_award_pm"),
    ("uc_savings", "capital"),
    ("uc_other_income", "unearned_income_pm"),
):
    ORACLE[name] = unless(View.uc, lambda v, c=column: total(r[c] for r in _standing(v, c)))


def _became_single(v: View) -> bool:
    for rows in _periods(v, 16):
        then, now = _stood(rows, v, 6), _stood(rows, v, 0)
        if then is not None and now is not None and then["couple_flag"] and not now["couple_flag"]:
            return True
    return False


yes_no("uc_became_single_6m", _became_single, View.uc)
yes_no(
    "uc_spare_room",
    lambda v: any(
        v.last(r, "ap_end", 4) and (r["rsrs_pct"] or 0) > 0
        for r in v.rows("uc_element", "uc_claim_hash")
    ),
    View.uc,
)


def _repaid(v: View, reasons: tuple[str, ...]) -> float:
    rows = [
        r
        for r in v.rows("uc_deduction", "uc_claim_hash")
        if v.last(r, "ap_end", 6) and r["reason"] in reasons
    ]
    return float(sum(len({r["reason"] for r in c}) for c in by_key(rows, "uc_claim_hash")))


for name, reasons in (
    ("uc_council_tax_repaid_6m", ("COUNCIL_TAX",)),
    ("uc_rent_repaid_6m", ("RENT_OR_SERVICE_CHARGE",)),
    ("uc_fuel_or_water_repaid_6m", ("GAS_ARREARS", "ELECTRICITY_ARREARS", "WATER_ARREARS")),
    ("uc_overpayment_repaid_6m", ("OVERPAYMENT_UC", "OVERPAYMENT_TAX_CREDIT", "OVERPAYMENT_HB")),
):
    ORACLE[name] = unless(View.uc, lambda v, r=reasons: _repaid(v, r))

_CLAIMED: dict[str, Callable[[Row], bool]] = {
    "hb_rent_shortfall": lambda r: (r["lha_shortfall_pw"] or 0) > 0,
    "hb_spare_room": lambda r: (r["rsrs_reduction_pct"] or 0) > 0,
    "hb_capped": lambda r: (r["benefit_cap_reduction_pw"] or 0) > 0,
    "hb_less_for_adult": lambda r: (r["nondep_deduction_pw"] or 0) > 0,
    "hb_temporary_home": lambda r: r["tenancy_type"] in ("TEMP_ACCOM", "NON_HRA_RENT_REBATE"),
    "hb_supported_home": lambda r: r["tenancy_type"] == "SPECIFIED_ACCOM",
    "hb_extra_for_housing": lambda r: (r["dhp_pw"] or 0) > 0,
}
for name, where in _CLAIMED.items():
    yes_no(
        name,
        lambda v, w=where: any(
            v.live(r, "award_start", "award_end") and w(r) for r in v.claims_now()
        ),
        View.shbe,
    )


def _at_scan(v: View, column: str) -> Number:
    """The latest value of each claim, the largest of them."""
    rows = [
        r
        for r in v.rows("shbe_claim", "claim_ref")
        if r["scan_date"] <= v.t and r[column] is not None
    ]
    claims = by_key(rows, "claim_ref")
    return largest(max(claim, key=lambda r: r["scan_date"])[column] for claim in claims)


for name, column in (("hb_a_week", "hb_award_pw"), ("hb_overpaid", "overpayment_balance")):
    ORACLE[name] = unless(View.shbe, lambda v, c=column: _at_scan(v, c))


def _help(v: View, months: int) -> list[Row]:
    rows = v.rows("welfare_award", "person_local_id")
    return [r for r in rows if v.last(r, "decision_date", months) and _asked(r)]


ORACLE["hardship_amount_12m"] = lambda v: float(
    sum(r["amount"] or 0 for r in _help(v, 12) if r["decision"] == "AWARDED")
)
ORACLE["hardship_needs_12m"] = lambda v: float(
    sum(len({r["need"] for r in rows} - {None}) for rows in by_key(_help(v, 12), "person_local_id"))
)
since(
    "hardship_days_since_award",
    lambda r: _asked(r) and r["decision"] == "AWARDED",
    36,
    table="welfare_award",
    attach="person_local_id",
    dated="decision_date",
)
ORACLE["hardship_requests_rise_6m"] = lambda v: float(2 * len(_help(v, 6)) - len(_help(v, 12)))

_CASE: dict[str, Any] = {"attach": "case_ref"}
count(
    "housing_notices_12m",
    12,
    lambda r: r["valid_notice"] in ("S21", "S8", "NTQ"),
    table="hclic_case",
    dated="approach_date",
    **_CASE,
)
for name, table, where in (
    ("housing_without_home_36m", "hclic_duty", lambda r: r["duty"] in ("RELIEF", "MAIN")),
    ("housing_nightly_36m", "hclic_ta", lambda r: r["ta_type"] in ("BB", "NIGHTLY_PAID_SC")),
    ("housing_out_of_area_36m", "hclic_ta", lambda r: r["out_of_area"]),
):
    count(name, 36, where, table=table, dated="start_date", **_CASE)
ORACLE["housing_months_in_temporary"] = lambda v: float(
    max(
        (
            month_index(v.t) - month_index(r["start_date"])
            for r in v.rows("hclic_ta", "case_ref")
            if v.live(r, "start_date", "end_date") and v.last(r, "start_date", 36)
        ),
        default=0,
    )
)
