"""Random rows for every table: any code, late records, corrections, shared accounts, moves.

They need not be plausible; they must reach every corner of the SQL.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np

from contracts.columns import Column, Kind
from contracts.months import add_months, month_ends
from contracts.tables import TABLES
from tests.unit.features.handmade import INDEX, Handmade

_PERSONS = 24
_HOMES = 9
_PRACTICE = "A00001"

# table: columns that hold a key, and how many keys of each there are
_KEYS = {
    "ctax_account": {"account_ref": 14},
    "ctax_party": {"account_ref": 14, "party_ref": 20, "position": 2},
    "ctax_discount": {"account_ref": 14},
    "ctax_recovery": {"account_ref": 14, "recovery_id": 150},
    "ctax_cts": {"account_ref": 14, "claim_ref": 8},
    "rent_tenancy": {"tenancy_ref": 10, "pay_ref": 10},
    "rent_person": {"tenancy_ref": 10, "person_local_id": 12},
    "rent_balance": {"pay_ref": 10},
    "rent_transaction": {"pay_ref": 10, "trans_id": 500},
    "rent_action": {"pay_ref": 10, "action_seq": 30},
    "rent_arrangement": {"pay_ref": 10, "agreement_id": 30},
    "uc_award": {"uc_claim_hash": 10},
    "uc_member": {"uc_claim_hash": 10, "member_seq": 3},
    "uc_element": {"uc_claim_hash": 10},
    "uc_deduction": {"uc_claim_hash": 10},
    "shbe_claim": {"claim_ref": 8},
    "shbe_member": {"claim_ref": 8, "member_seq": 3},
    "hclic_case": {"case_ref": 12},
    "hclic_person": {"case_ref": 12, "person_seq": 3},
    "hclic_duty": {"case_ref": 12},
    "hclic_ta": {"case_ref": 12, "placement_seq": 2},
    "welfare_applicant": {"person_local_id": 12},
    "welfare_award": {"award_id": 60, "person_local_id": 12},
    "gp_patient": {"nhs_pid": 16, "puprn": _HOMES},
    "gp_condition": {"nhs_pid": 16},
    "gp_medication": {"nhs_pid": 16},
    "mh_referral": {"referral_id": 60, "nhs_pid": 16},
    "ae_attendance": {"att_id": 120, "nhs_pid": 16},
    "area_lookup": {"lsoa21": 3},
    "gp_fit_note": {"nhs_pid": 16},
    "gp_encounter": {"nhs_pid": 16},
    "tt_referral": {"nhs_pid": 16},
    "nhs111_call": {"nhs_pid": 16},
    "emergency_admission": {"nhs_pid": 16},
    "school_pupil": {"upn": 12},
    "school_attendance": {"upn": 12},
    "school_exclusion": {"upn": 12},
    "cs_person": {"pers_person_id": 12},
    "cs_contact": {"cont_contact_id": 60, "cont_person_id": 12},
    "cs_early_help": {"earl_episode_id": 60, "earl_person_id": 12},
    "cs_cin": {"cine_referral_id": 60, "cine_person_id": 12},
    "asc_person": {"la_person_id": 12},
    "asc_cld_event": {"la_person_id": 12},
    "hreg_application": {"app_ref": 12},
    "hreg_member": {"app_ref": 12, "member_id": 3},
}
_ROWS = {
    "ctax_recovery": 260,
    "ctax_account": 40,
    "rent_balance": 400,
    "rent_transaction": 400,
    "rent_action": 200,
    "rent_arrangement": 70,
    "uc_award": 200,
    "uc_element": 150,
    "uc_deduction": 200,
    "shbe_claim": 60,
    "gp_medication": 200,
    "mh_referral": 120,
    "ae_attendance": 260,
    "welfare_award": 120,
    "hclic_case": 30,
    "hclic_duty": 45,
    "area_lookup": 6,
    "school_pupil": 90,
    "school_attendance": 150,
    "cs_contact": 70,
    "cs_early_help": 50,
    "cs_cin": 90,
    "asc_cld_event": 150,
}
_CHILD = ("pers_person_id", "cont_person_id", "earl_person_id", "cine_person_id")
_FREE_CODES = {
    "urn": ("140001", "140002", "150001"),
    "nc_year": ("R", "2", "5", "7", "9", "12"),
}
# A term's end is no end that lies ahead: a term is recorded once it is over.
_ENDS = ("end", "_to", "_until", "end_date", "closed_date")
_LOCAL_IDS = {
    "ctax": ("ctax_party", ("account_ref", "party_ref")),
    "rent": ("rent_person", ("tenancy_ref", "person_local_id")),
    "uc": ("uc_member", ("uc_claim_hash", "member_seq")),
    "shbe": ("shbe_member", ("claim_ref", "member_seq")),
    "hclic": ("hclic_person", ("case_ref", "person_seq")),
    "welfare": ("welfare_applicant", ("person_local_id",)),
    "school": ("school_pupil", ("upn",)),
    "cs": ("cs_person", ("pers_person_id",)),
    "asc": ("asc_person", ("la_person_id",)),
    "hreg": ("hreg_member", ("app_ref", "member_id")),
}


def invented(seed: int, *, history_months: int) -> Handmade:
    """Random raw rows, links and households up to the index date and a little beyond."""
    rng = np.random.default_rng(seed)
    made = Handmade()
    first = add_months(INDEX, -history_months - 20)
    for table in _KEYS:
        for _ in range(_ROWS.get(table, 40)):
            _add_row(made, rng, table, first)
    _enforce(made, rng, first)
    _link(made, rng)
    _settle(made, rng, history_months)
    _leave(made, rng, history_months)
    return made


def _day(rng: np.random.Generator, first: date, beyond: int = 20) -> date:
    return first + timedelta(days=int(rng.integers(0, (INDEX - first).days + beyond)))


def _add_row(made: Handmade, rng: np.random.Generator, table: str, first: date) -> None:
    day = _day(rng, first)
    values: dict[str, Any] = {}
    for column in TABLES[table].business:
        if column.name in _KEYS[table]:
            number = int(rng.integers(0, _KEYS[table][column.name]))
            text = column.kind in (Kind.TEXT, Kind.CODE)
            # A child has one key under every name.
            stem = "child" if column.name in _CHILD else column.name
            values[column.name] = f"{stem}{number}" if text else number + 1
        else:
            values[column.name] = _value(rng, table, column, day)
    recorded = day + timedelta(days=int(rng.choice([0, 1, 3, 20, 45, 80])))
    made.add(table, recorded, **values)
    if rng.random() < 0.25:
        changed = {
            column.name: _value(rng, table, column, day)
            for column in TABLES[table].business
            if column.name not in TABLES[table].key and column.name not in _KEYS[table]
        }
        made.add(table, recorded + timedelta(days=int(rng.integers(0, 90))), **values | changed)


def _value(rng: np.random.Generator, table: str, column: Column, day: date) -> Any:
    if not column.required and rng.random() < 0.12:
        return None
    if column.codes is not None:
        return str(rng.choice(sorted(column.codes)))
    return {
        Kind.DATE: lambda: _date(rng, table, column.name, day),
        Kind.TIMESTAMP: lambda: datetime.combine(day, time(int(rng.integers(0, 24)))),
        Kind.INTEGER: lambda: int(rng.integers(0, 4)),
        Kind.MONEY: lambda: _money(rng, column.name) * (-1 if table == "rent_transaction" else 1),
        Kind.NUMBER: lambda: float(rng.integers(-4, 20)) / 2,
        Kind.BOOLEAN: lambda: bool(rng.random() < 0.7),
        Kind.UPRN: lambda: int(rng.integers(1, _HOMES)),
        Kind.TEXT: lambda: f"2026-{rng.integers(25, 28)}",
        Kind.CODE: lambda: str(rng.choice(_FREE_CODES.get(column.name, (_PRACTICE,)))),
    }[column.kind]()


def _money(rng: np.random.Generator, name: str) -> float:
    if name == "balance" or rng.random() > 0.3:
        return float(rng.integers(0, 90_000)) / 100
    return 0.0


def _date(rng: np.random.Generator, table: str, name: str, day: date) -> date:
    if name == "month":
        return day.replace(day=1)
    if name in ("balance_date", "ap_end", "scan_date") and rng.random() < 0.5:
        # Days that the same account shares, so that keys meet and versions arise.
        return day.replace(day=7)
    if name.endswith(_ENDS) and "ap_" not in name and name != "term_end":
        return day + timedelta(days=int(rng.integers(0, 500)))
    return day


def _enforce(made: Handmade, rng: np.random.Generator, first: date) -> None:
    """Liability orders passed on after about 90 days, which chance alone would hardly make."""
    for number in range(40):
        day = _day(rng, first, beyond=0)
        later = day + timedelta(days=int(rng.choice([30, 89, 90, 91])))
        account = f"account_ref{rng.integers(0, 14)}"
        for stage, when in (("LO", day), ("EA_REF", later)):
            made.add(
                "ctax_recovery",
                when + timedelta(days=3),
                recovery_id=f"planted{number}{stage}",
                account_ref=account,
                tax_year="2026-27",
                stage=stage,
                stage_date=when,
                debt_at_stage=float(rng.choice([249.99, 250, 900])),
            )


def _link(made: Handmade, rng: np.random.Generator) -> None:
    for source, (table, columns) in _LOCAL_IDS.items():
        ids = {"|".join(str(row[name]) for name in columns) for row in made.raw[table]}
        for local_id in sorted(ids):
            if rng.random() < 0.9:
                made.link(source, local_id, int(rng.integers(1, _PERSONS + 1)))


def _leave(made: Handmade, rng: np.random.Generator, history_months: int) -> None:
    first = add_months(INDEX, -history_months)
    for _ in range(14):
        made.put(
            "household_event",
            household_id=int(rng.integers(1, 12)),
            event=str(rng.choice(["LEFT_AREA", "DISSOLVED", "MOVED"])),
            event_date=_day(rng, first, beyond=0),
        )


def _settle(made: Handmade, rng: np.random.Generator, history_months: int) -> None:
    for home in range(_HOMES):
        made.put(
            "dwelling",
            uprn=home + 1,
            uprn_key=home + 1,
            puprn=f"puprn{home}" if home else None,
            communal=False,
        )
    where = {person: int(rng.integers(1, _HOMES + 3)) for person in range(1, _PERSONS + 1)}
    for snapshot in month_ends(add_months(INDEX, -history_months), INDEX):
        for person in where:
            if rng.random() < 0.06:
                where[person] = int(rng.integers(1, _HOMES + 3))
        for household in sorted(set(where.values())):
            members = [person for person, home in where.items() if home == household]
            _snapshot(made, rng, household, snapshot, members)


def _snapshot(
    made: Handmade, rng: np.random.Generator, household: int, snapshot: date, members: list[int]
) -> None:
    # Households 10 and 11 share the home of household 9, or have none.
    kind = "NO_FIXED_ABODE" if household == 11 else "HOUSEHOLD"
    home = None if household == 11 else min(household, 9)
    made.household(
        household,
        snapshot,
        members,
        uprn_key=home,
        hh_kind=kind if household != 5 else "MULTI_HOUSEHOLD_UNRESOLVED",
        children_0_4=int(rng.integers(0, 3)),
        children_5_17=int(rng.integers(0, 3)),
        tenure=str(rng.choice(["OWNER", "PRS", "COUNCIL", "RP", "UNKNOWN"])),
        lsoa21=f"lsoa21{rng.choice(3, p=(0.8, 0.15, 0.05))}",
        imd_decile=int(rng.integers(1, 11)),
        x_restricted=bool(rng.random() < 0.05),
        resident_since=_day(rng, add_months(snapshot, -60), beyond=-(INDEX - snapshot).days)
        if household % 4
        else None,
    )
