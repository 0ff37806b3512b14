"""The naive side of benefits."""

from __future__ import annotations

from collections.abc import Callable
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
    total,
    unless,
    yes_no,
)

_AWARD: dict[str, Any] = {
    "table": "uc_award",
    "attach": "uc_claim_hash",
    "dated": "ap_end",
    "covered": View.uc,
}


def _periods(v: View, months: int, oldest: int = 0) -> list[list[Row]]:
    until = add_months(v.t, -oldest)
    rows = [
        row
        for row in v.rows("uc_award", "uc_claim_hash")
        if in_last(row["ap_end"], until, months - oldest)
    ]
    return by_key(rows, "uc_claim_hash")


def _standing(v: View, name: str) -> list[Row]:
    """The latest period of each claim with a value, if it still stands."""
    found = []
    for rows in _periods(v, 4):
        have = [row for row in rows if row[name] is not None]
        if have:
            found.append(max(have, key=lambda row: row["ap_end"]))
    return found


yes_no(
    "uc_in_feed", lambda v: any(r["notice_type"] != "CLOSED" for r in _standing(v, "notice_type"))
)
for w in (3, 12):
    count(
        f"uc_new_claims_{w}m",
        w,
        lambda r: r["notice_type"] in ("NEW_CLAIM", "FIRST_AWARD"),
        **_AWARD,
    )


def _open(row: Row) -> bool:
    return row["notice_type"] != "CLOSED"


def _nil(row: Row) -> bool:
    return _open(row) and (row["notice_type"] == "NIL_AWARD" or row["net_award_pm"] == 0)


def _sanctioned(row: Row) -> bool:
    return _open(row) and (row["sanction_reduction_pm"] or 0) > 0


def _stood(rows: list[Row], v: View, ago: int) -> Row | None:
    """The notice that stood some months ago: the latest of the four months until then."""
    until = add_months(v.t, -ago)
    have = [row for row in rows if in_last(row["ap_end"], until, 4)]
    return max(have, key=lambda row: row["ap_end"], default=None)


def _months(v: View, months: int, where: Callable[[Row], bool]) -> list[int]:
    counts = []
    for rows in _periods(v, 16):
        stood = [_stood(rows, v, ago) for ago in range(months)]
        counts.append(sum(row is not None and where(row) for row in stood))
    return counts


for w in (3, 12):
    for stem, where in (("uc_nil_awards", _nil), ("uc_sanctions", _sanctioned)):
        ORACLE[f"{stem}_{w}m"] = unless(
            View.uc, lambda v, w=w, where=where: float(sum(_months(v, w, where)))
        )
since("uc_days_since_sanction", _sanctioned, 16, **_AWARD)
count("uc_closed_6m", 6, lambda r: r["notice_type"] == "CLOSED", **_AWARD)


for name, column in (("uc_earnings", "earnings_pm"), ("uc_deductions", "deductions_total_pm")):
    ORACLE[name] = unless(View.uc, lambda v, c=column: total(row[c] for row in _standing(v, c)))


def _mean(v: View, column: str, youngest: int, oldest: int) -> dict[str, float]:
    found = {}
    for rows in _periods(v, 16):
        told = [row for row in rows if row[column] is not None]
        stood = [_stood(told, v, ago) for ago in range(youngest, oldest + 1)]
        values = [row[column] for row in stood if row is not None]
        if values:
            found[rows[0]["uc_claim_hash"]] = sum(values) / len(values)
    return found


def _difference(first: dict[str, float], second: dict[str, float]) -> Number:
    return total(first[key] - second[key] for key in first if key in second)


for name, column in (("uc_earnings_fall_3m", "earnings_pm"), ("uc_award_fall_3m", "net_award_pm")):
    ORACLE[name] = unless(
        View.uc, lambda v, c=column: _difference(_mean(v, c, 3, 5), _mean(v, c, 0, 2))
    )
ORACLE["uc_deductions_rise_6m"] = unless(
    View.uc,
    lambda v: _difference(
        _mean(v, "deductions_total_pm", 0, 2), _mean(v, "deductions_total_pm", 6, 8)
    ),
)


def _swing(v: View) -> Number:
    swings = []
    for rows in _periods(v, 6):
        values = [row["earnings_pm"] for row in rows if row["earnings_pm"] is not None]
        if values:
            swings.append(max(values) - min(values))
    return largest(swings)


ORACLE["uc_earnings_swing_6m"] = unless(View.uc, _swing)


def _share(v: View) -> Number:
    shares = []
    for rows in _periods(v, 4):
        have = [
            row
            for row in rows
            if row["deductions_total_pm"] is not None and row["standard_allowance_pm"]
        ]
        if have:
            row = max(have, key=lambda row: row["ap_end"])
            shares.append(row["deductions_total_pm"] / row["standard_allowance_pm"])
    return largest(shares)


ORACLE["uc_deduction_share"] = unless(View.uc, _share)


def _kinds(v: View, months: int, oldest: int = 0, among: tuple[str, ...] = ()) -> int:
    until = add_months(v.t, -oldest)
    rows = [
        row
        for row in v.rows("uc_deduction", "uc_claim_hash")
        if row["reason"] != "FINES"
        and (not among or row["reason"] in among)
        and in_last(row["ap_end"], until, months - oldest)
    ]
    return len({(row["uc_claim_hash"], row["reason"]) for row in rows})


for w in (6, 12):
    ORACLE[f"uc_deduction_kinds_{w}m"] = unless(View.uc, lambda v, w=w: float(_kinds(v, w)))
for w in (3, 6):
    ORACLE[f"uc_new_deductions_{w}m"] = unless(
        View.uc, lambda v, w=w: float(_kinds(v, 12) - _kinds(v, 12, w))
    )
_OWED = ("RENT_OR_SERVICE_CHARGE", "COUNCIL_TAX", "GAS_ARREARS", "ELECTRICITY_ARREARS")
for name, w, reasons in (
    ("uc_priority_deductions_6m", 6, (*_OWED, "WATER_ARREARS")),
    ("uc_advances_6m", 6, ("ADVANCE_NEW_CLAIM", "ADVANCE_BUDGETING")),
    ("uc_hardship_payments_12m", 12, ("RECOVERABLE_HARDSHIP",)),
):
    ORACLE[name] = unless(
        View.uc, lambda v, w=w, reasons=reasons: float(_kinds(v, w, among=reasons))
    )
yes_no(
    "uc_rent_above_allowance",
    lambda v: any(
        row["lha_capped"] and v.last(row, "ap_end", 4)
        for row in v.rows("uc_element", "uc_claim_hash")
    ),
    View.uc,
)


def _claim_live(v: View, row: Row) -> bool:
    return v.live(row, "award_start", "award_end")


yes_no("hb_in_payment", lambda v: any(_claim_live(v, row) for row in v.claims_now()))
yes_no(
    "hb_ended_6m", lambda v: any(v.last(row, "award_end", 6) for row in v.claims_now()), View.shbe
)
yes_no(
    "hb_being_repaid",
    lambda v: any(
        (row["overpayment_recovery_pw"] or 0) > 0 and _claim_live(v, row) for row in v.claims_now()
    ),
    View.shbe,
)


def _months_worked(v: View) -> Number:
    worked = _months(v, 6, lambda row: _open(row) and (row["earnings_pm"] or 0) > 0)
    return largest(worked or [0])


ORACLE["strength_months_with_earnings"] = unless(View.uc, _months_worked)
