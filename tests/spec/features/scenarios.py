"""Households of one person each, and what may happen to them, one row at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from features.labels import build_labels
from tests.unit.features.handmade import INDEX, Handmade, northmere

T = date(2025, 3, 31)
FIRST, LAST = T + timedelta(days=29), T + timedelta(days=182)
JUNE = date(2025, 6, 10)
LONG_AGO = date(2020, 1, 1)
Scenario = Callable[[Handmade, int], None]
"""Adds rows about the household of a number."""


def days(count: int) -> timedelta:
    return timedelta(days=count)


def duty(kind: str, start: date, end: date | None = None, case: str = "C") -> Scenario:
    def add(made: Handmade, home: int) -> None:
        row = {"case_ref": f"{case}{home}", "duty": kind, "start_date": start}
        made.add("hclic_duty", start + days(3), **row)
        if end is not None:
            made.add("hclic_duty", end + days(3), **row, end_date=end)

    return add


def stage(kind: str, day: date, *, debt: float = 800, key: str | None = None) -> Scenario:
    return lambda made, home: made.add(
        "ctax_recovery",
        day + days(4),
        recovery_id=f"{key or f'{kind}{day}'}-{home}",
        account_ref=f"A{home}",
        tax_year="2025-26",
        stage=kind,
        stage_date=day,
        debt_at_stage=debt,
    )


def undone(key: str, known: date) -> Scenario:
    return lambda made, home: made.add(
        "ctax_recovery",
        known,
        recovery_id=f"{key}-{home}",
        account_ref=f"A{home}",
        tax_year="2025-26",
        stage="WITHDRAWN",
        stage_date=JUNE,
    )


def award(day: date = JUNE, **changes: Any) -> Scenario:
    row = {
        "scheme": "LWA",
        "route": "APPLIED",
        "decision": "AWARDED",
        "need": "FOOD",
        "decision_date": day,
    }
    return lambda made, home: made.add(
        "welfare_award",
        day + days(2),
        award_id=f"W{day}-{home}",
        person_local_id=f"P{home}",
        **(row | changes),
    )


def action(group: str, day: date = JUNE) -> Scenario:
    return lambda made, home: made.add(
        "rent_action",
        day + days(2),
        pay_ref=f"Y{home}",
        action_seq=len(made.raw.get("rent_action", [])) + 1,
        action_group=group,
        action_date=day,
    )


def referral(team: str, priority: str | None = "3", day: date = JUNE) -> Scenario:
    return lambda made, home: made.add(
        "mh_referral",
        day + days(50),
        referral_id=f"M{day}-{home}",
        nhs_pid=f"n{home}",
        received_date=day,
        team_type=team,
        clin_resp_priority=priority,
    )


def visits(count: int, last: date = JUNE, diagnosis: str = "OTHER") -> Scenario:
    def add(made: Handmade, home: int) -> None:
        for number in range(count):
            day = last - days(10 * number)
            made.add(
                "ae_attendance",
                day + days(40),
                att_id=f"V{day}-{home}",
                nhs_pid=f"n{home}",
                arrival_ts=datetime.combine(day, time(13)),
                dept_type="01",
                attendance_category="1",
                diagnosis_group=diagnosis,
            )

    return add


def left(day: date, event: str = "LEFT_AREA") -> Scenario:
    return lambda made, home: made.put(
        "household_event", household_id=home, event=event, event_date=day
    )


def nothing(made: Handmade, home: int) -> None:
    del made, home


def settle(made: Handmade, home: int) -> None:
    """A person alone in a home, known to every source for years."""
    made.household(home, T, [home])
    made.put("dwelling", uprn=home, uprn_key=home, puprn=f"p{home}")
    for source, local in (
        ("ctax", f"A{home}|P{home}"),
        ("rent", f"T{home}|P{home}"),
        ("hclic", f"C{home}|1"),
        ("hclic", f"D{home}|1"),
        ("welfare", f"P{home}"),
    ):
        made.link(source, local, home)
    person = {"party_ref": f"P{home}", "position": 0, "role": "lead"}
    made.add("ctax_party", LONG_AGO, account_ref=f"A{home}", **person)
    tenant = {"person_local_id": f"P{home}", "role": "TENANT"}
    made.add("rent_person", LONG_AGO, tenancy_ref=f"T{home}", **tenant)
    tenancy = {"pay_ref": f"Y{home}", "tenure": "SECURE", "start_date": LONG_AGO}
    made.add("rent_tenancy", LONG_AGO, tenancy_ref=f"T{home}", **tenancy)
    for case in (f"C{home}", f"D{home}"):
        applicant = {"person_seq": 1, "relationship_to_applicant": "APPLICANT"}
        made.add("hclic_person", date(2025, 6, 1), case_ref=case, **applicant)
    made.add("welfare_applicant", date(2025, 6, 1), person_local_id=f"P{home}")
    patient = {"reg_start": LONG_AGO, "puprn": f"p{home}", "practice_dsa_in_place": True}
    made.add("gp_patient", LONG_AGO, nhs_pid=f"n{home}", **patient)


@dataclass(frozen=True)
class Row:
    eligible: bool
    supported: bool
    event: bool | None
    day: date | None


def labelled(
    homes: Sequence[tuple[Scenario, ...]], *, index: date = INDEX, **place: Any
) -> dict[tuple[int, str], Row]:
    """Labels of T, by the number of the home (from 1) and the outcome."""
    made = Handmade(index=index)
    for home, scenarios in enumerate(homes, start=1):
        settle(made, home)
        for scenario in scenarios:
            scenario(made, home)
    con = made.connect()
    build_labels(con, place=northmere(history_months=36, **place), month=index)
    rows = con.execute(
        "SELECT household_id, outcome, eligible, already_supported, event, event_date "
        f"FROM {made.schema}.label WHERE snapshot_date = DATE '{T}'"
    ).fetchall()
    assert len({(home, outcome) for home, outcome, *_ in rows}) == len(rows)
    return {(home, outcome): Row(*rest) for home, outcome, *rest in rows}
