"""The naive side of what was paid, of spells and of the tenancy's terms."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from typing import Any

from contracts.months import add_months, month_index
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

_PAID: dict[str, Any] = {
    "table": "rent_transaction",
    "attach": "pay_ref",
    "dated": "trans_date",
    "covered": View.rent,
}


def _returned(row: Row) -> bool:
    return row["trans_code"] == "RDN"


def _own(row: Row) -> bool:
    return row["trans_code"] in ("RDD", "RSO", "RCP", "RBR", "RPY") and (row["amount"] or 0) < 0


for w in (3, 6, 12):
    count(f"rent_debits_returned_{w}m", w, _returned, **_PAID)
for w in (3, 12):
    count(f"rent_payments_{w}m", w, _own, **_PAID)
since("rent_days_since_debit_returned", _returned, 13, **_PAID)
since("rent_days_since_payment", _own, 13, **_PAID)
count("rent_court_costs_12m", 12, lambda r: r["trans_code"] == "DCC", **_PAID)
count("rent_paid_from_benefit_debts_12m", 12, lambda r: r["trans_code"] == "RDP", **_PAID)


def _paid(v: View, months: int, oldest: int = 0) -> float:
    until = add_months(v.t, -oldest)
    rows = v.rows("rent_transaction", "pay_ref")
    return -sum(
        r["amount"] for r in rows if _own(r) and in_last(r["trans_date"], until, months - oldest)
    )


ORACLE["rent_paid_fall_6m"] = unless(View.rent, lambda v: _paid(v, 12, 6) - _paid(v, 6))


def _months_with(
    v: View, table: str, dated: str, months: int, where: Callable[[Row], bool]
) -> list[set[int]]:
    """Months of each account in which some row met a condition."""
    rows = [r for r in v.rows(table, "pay_ref") if v.last(r, dated, months) and where(r)]
    return [{month_index(r[dated]) for r in account} for account in by_key(rows, "pay_ref")]


def _behind(row: Row) -> bool:
    return (row["weeks_owed"] or 0) > 4.4


def _running(v: View) -> float:
    longest = 0
    for months in _months_with(v, "rent_balance", "balance_date", 12, _behind):
        run = 0
        while run < 12 and month_index(v.t) - run in months:
            run += 1
        longest = max(longest, run)
    return float(longest)


for w in (6, 12):
    ORACLE[f"rent_months_behind_{w}m"] = unless(
        View.rent,
        lambda v, w=w: float(
            max(map(len, _months_with(v, "rent_balance", "balance_date", w, _behind)), default=0)
        ),
    )
ORACLE["rent_months_behind_running"] = unless(View.rent, _running)
ORACLE["strength_rent_months_paid"] = unless(
    View.rent,
    lambda v: float(
        max(map(len, _months_with(v, "rent_transaction", "trans_date", 12, _own)), default=0)
    ),
)


def _owed(v: View, months: int) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for row in v.rows("rent_balance", "pay_ref"):
        if row["weeks_owed"] is not None and v.last(row, "balance_date", months):
            found.setdefault(row["pay_ref"], []).append(row["weeks_owed"])
    return found


def _against_year(v: View) -> Number:
    now, year = _owed(v, 1), _owed(v, 12)
    return largest(median(now[key]) - median(year[key]) for key in now)


ORACLE["rent_weeks_owed_against_year"] = unless(View.rent, _against_year)
ORACLE["rent_weeks_owed_swing_3m"] = unless(
    View.rent, lambda v: largest(max(owed) - min(owed) for owed in _owed(v, 3).values())
)


def _balance(v: View) -> Number:
    rows = [
        r
        for r in v.rows("rent_balance", "pay_ref")
        if v.last(r, "balance_date", 2) and r["balance"] is not None
    ]
    newest = [max(account, key=lambda r: r["balance_date"]) for account in by_key(rows, "pay_ref")]
    return total(row["balance"] for row in newest)


ORACLE["rent_balance_owed"] = unless(View.rent, _balance)
count(
    "rent_help_offered_6m",
    6,
    lambda r: r["action_group"] == "SUPPORT",
    **_PAID | {"table": "rent_action", "dated": "action_date"},
)
count(
    "rent_agreements_12m",
    12,
    lambda r: True,
    **_PAID | {"table": "rent_arrangement", "dated": "start_date"},
)
yes_no(
    "rent_agreement_by_court",
    lambda v: any(
        r["state"] == "live" and r["court_ordered"] and v.live(r, "start_date", "end_date")
        for r in v.rows("rent_arrangement", "pay_ref")
    ),
    View.rent,
)


def _tenancies(v: View) -> list[Row]:
    rows = v.rows("rent_tenancy", "tenancy_ref")
    return [row for row in rows if v.live(row, "start_date", "end_date")]


ORACLE["rent_a_week"] = unless(
    View.rent,
    lambda v: largest(
        r["rent_net_pw"] + (r["service_charge_pw"] or 0)
        for r in _tenancies(v)
        if r["rent_net_pw"] is not None
    ),
)
yes_no(
    "rent_breathing_space",
    lambda v: any(
        r["breathing_space"]
        and (r["breathing_space_end"] is None or r["breathing_space_end"] > v.t)
        for r in _tenancies(v)
    ),
    View.rent,
)
yes_no(
    "home_council_landlord",
    lambda v: any(r["landlord"] == "COUNCIL" for r in _tenancies(v)),
    View.rent,
)
yes_no(
    "strength_secure_tenancy",
    lambda v: any(r["tenure"] in ("SECURE", "ASSURED", "FLEXIBLE") for r in _tenancies(v)),
    View.rent,
)
ORACLE["rent_months_in_tenancy"] = unless(
    View.rent,
    lambda v: float(
        max(
            (
                month_index(v.t) - month_index(r["start_date"])
                for r in _tenancies(v)
                if r["tenure"] != "GARAGE"
            ),
            default=0,
        )
    ),
)


def _to_a_bedroom(v: View) -> Number:
    rooms = largest(r["bedrooms"] for r in _tenancies(v) if r["tenure"] != "GARAGE")
    return v.here["size"] / rooms if rooms else None


ORACLE["home_people_a_bedroom"] = unless(View.rent, _to_a_bedroom)
