"""The naive side of several things at once, of neighbours, and of more of health."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contracts.months import add_months, month_index
from features import neighbours
from tests.unit.features.naive.support import _asked
from tests.unit.features.naive.view import (
    ORACLE,
    Number,
    Row,
    View,
    by_key,
    count,
    in_last,
)


def _stage(row: Row) -> bool:
    return row["stage"] not in ("WITHDRAWN", "PAID", "INFO")


def _step(row: Row) -> bool:
    return row["action_group"] in (
        "PRE_NOTICE",
        "NOTICE",
        "PRE_COURT",
        "COURT",
        "ORDER",
        "BREACH_ORDER",
        "WARRANT",
        "EVICTED",
    )


_PARTS: tuple[tuple[str, str, str, Callable[[Row], bool], Callable[[View], bool] | None], ...] = (
    ("ctax_recovery", "account_ref", "stage_date", _stage, View.ctax),
    ("rent_action", "pay_ref", "action_date", _step, View.rent),
    ("welfare_award", "person_local_id", "decision_date", _asked, None),
    ("hclic_case", "case_ref", "approach_date", lambda r: True, None),
)


def _kinds(v: View, months: int, oldest: int = 0) -> set[str]:
    until = add_months(v.t, -oldest)
    return {
        table
        for table, attach, dated, where, covered in _PARTS
        if (covered is None or covered(v))
        and any(
            in_last(row[dated], until, months - oldest) and where(row)
            for row in v.rows(table, attach)
        )
    }


for w in (3, 12):
    ORACLE[f"several_kinds_{w}m"] = lambda v, w=w: float(len(_kinds(v, w)))
ORACLE["several_new_3m"] = lambda v: float(len(_kinds(v, 3) - _kinds(v, 12, 3)))


def _months(v: View) -> Number:
    found = []
    for table, attach, dated, where, covered in _PARTS[:2]:
        assert covered is not None
        if not covered(v):
            continue
        rows = [r for r in v.rows(table, attach) if v.last(r, dated, 12) and where(r)]
        accounts = by_key(rows, attach)
        found.append(max((len({month_index(r[dated]) for r in a}) for a in accounts), default=0))
    return float(max(found)) if found else None


ORACLE["several_months_12m"] = _months


def _share(
    v: View, own: Callable[[View], bool], covered: Callable[[View], bool] = lambda v: True
) -> Number:
    """Of the others in the area that are covered, how many have it."""
    known = [other for other in v.neighbours if covered(other)]
    if len(known) < neighbours.FEWEST:
        return None
    return sum(own(other) for other in known) / len(known)


def _ever(table: str, attach: str, dated: str, where: Callable[[Row], bool]) -> Any:
    return lambda v: any(v.last(r, dated, 12) and where(r) for r in v.rows(table, attach))


_COURT = _ever(
    "ctax_recovery", "account_ref", "stage_date", lambda r: r["stage"] in ("SUMMONS", "LO")
)
_EMERGENCY = _ever("welfare_award", "person_local_id", "decision_date", _asked)
ORACLE["area_court_share_12m"] = lambda v: _share(v, _COURT, View.ctax)
ORACLE["area_emergency_share_12m"] = lambda v: _share(v, _EMERGENCY)

_PATIENT: dict[str, Any] = {"attach": "nhs_pid", "covered": View.health}
for stem, windows, table, dated, where in (
    ("health_fit_notes", (3, 12), "gp_fit_note", "issued", lambda r: True),
    ("health_appointments", (12,), "gp_encounter", "date", lambda r: r["status"] == "ATTENDED"),
    ("health_appointments_missed", (12,), "gp_encounter", "date", lambda r: r["status"] == "DNA"),
    ("health_calls", (12,), "nhs111_call", "call_ts", lambda r: True),
    ("health_calls_mental", (12,), "nhs111_call", "call_ts", lambda r: r["mental_health_option"]),
    ("health_admissions", (12,), "emergency_admission", "admit_date", lambda r: True),
    ("health_talking_therapies", (12,), "tt_referral", "received_date", lambda r: True),
):
    for w in windows:
        count(f"{stem}_{w}m_to_latest", w, where, table=table, dated=dated, **_PATIENT)
