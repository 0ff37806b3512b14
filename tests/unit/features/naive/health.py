"""The naive side of health."""

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
    since,
    unless,
)


def _patients_with(name: str, where: Callable[[View, list[Row]], bool], table: str) -> None:
    def value(v: View) -> Number:
        groups = by_key(v.rows(table, "nhs_pid"), "nhs_pid")
        return float(sum(where(v, rows) for rows in groups))

    ORACLE[name] = unless(View.health, value)


for name, cluster in (("health_depression", "DEPR"), ("health_anxiety", "ANXIETY")):
    _patients_with(
        f"{name}_24m_to_latest",
        lambda v, rows, c=cluster: any(
            row["cluster"] == c
            and row["latest_date"] is not None
            and row["latest_date"] > add_months(v.t, -24)
            for row in rows
        ),
        "gp_condition",
    )
_patients_with(
    "health_new_on_register_12m_to_latest",
    lambda v, rows: any(
        row["cluster"] in ("DEPR", "ANXIETY") and row["first_date"] > add_months(v.t, -12)
        for row in rows
    ),
    "gp_condition",
)


def _taken(v: View, rows: list[Row], months: int, oldest: int = 0) -> bool:
    until = add_months(v.t, -oldest)
    return any(
        row["bnf_section"] == "0403"
        and (row["items"] or 0) > 0
        and in_last(row["month"], until, months - oldest)
        for row in rows
    )


_patients_with(
    "health_antidepressant_started_6m_to_latest",
    lambda v, rows: _taken(v, rows, 6) and not _taken(v, rows, 13, 6),
    "gp_medication",
)
_PATIENT: dict[str, Any] = {"attach": "nhs_pid", "covered": View.health}
_MEDICINE = _PATIENT | {"table": "gp_medication", "dated": "month"}
_VISIT = _PATIENT | {"table": "ae_attendance", "dated": "arrival_ts"}
_REFERRED = _PATIENT | {"table": "mh_referral", "dated": "received_date"}


def _crisis(row: Row) -> bool:
    return row["team_type"] in ("A02", "A19", "A20", "A21", "A22") or row["clin_resp_priority"] in (
        "1",
        "4",
    )


for stem, windows, where, how in (
    (
        "health_antidepressant_months",
        (6, 12),
        lambda r: r["bnf_section"] == "0403" and (r["items"] or 0) > 0,
        _MEDICINE,
    ),
    (
        "health_sleep_medicine_months",
        (6,),
        lambda r: r["bnf_section"] == "0401" and (r["items"] or 0) > 0,
        _MEDICINE,
    ),
    ("health_emergency_visits", (6, 12), lambda r: r["attendance_category"] != "2", _VISIT),
    (
        "health_emergency_mental",
        (12, 24),
        lambda r: r["diagnosis_group"] in ("SELF_HARM", "OTHER_MH"),
        _VISIT,
    ),
    ("health_mental_referrals", (6, 12), lambda r: True, _REFERRED),
    ("health_crisis_referrals", (12, 36), _crisis, _REFERRED),
):
    for w in windows:
        count(f"{stem}_{w}m_to_latest", w, where, **how)


def _visits(v: View, oldest: int, youngest: int) -> int:
    days = [
        row["arrival_ts"].date()
        for row in v.rows("ae_attendance", "nhs_pid")
        if row["attendance_category"] != "2"
    ]
    return sum(add_months(v.t, -oldest) < day <= add_months(v.t, -youngest) for day in days)


ORACLE["health_emergency_visits_rise_6m_to_latest"] = unless(
    View.health, lambda v: float(_visits(v, 8, 2) - _visits(v, 14, 8))
)
_patients_with(
    "health_mental_open_to_latest",
    lambda v, rows: any(
        v.last(row, "received_date", 36)
        and (row["closed_date"] is None or row["closed_date"] > v.t)
        for row in rows
    ),
    "mh_referral",
)
since("health_days_since_crisis_to_latest", _crisis, 36, **_REFERRED)
