"""Labels again, one household and snapshot at a time, from their written definitions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from contracts.place import Outcome
from tests.unit.features.handmade import INDEX, Handmade
from tests.unit.features.naive.view import Row, View, whole

_CRISIS_TEAMS = ("A02", "A19", "A20", "A21", "A22")
_SCHEMES = ("DHP", "LWA", "HSF", "CRF_CRISIS", "CRF_HOUSING")
_NEEDS = ("FOOD", "ENERGY", "ARREARS", "RENT_SHORTFALL_RSRS", "RENT_SHORTFALL_LHA", "DEPOSIT_RIA")
_SETTLES = {Outcome.O1: 14, Outcome.O3: 104, Outcome.O7: 75, Outcome.O9: 14, Outcome.EDGE: 104}


@dataclass(frozen=True)
class Label:
    eligible: bool
    already_supported: bool
    event: bool | None
    event_date: date | None


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _planned(row: Row) -> bool:
    return bool(row["attendance_category"] == "2")


def _crisis(row: Row) -> bool:
    return row["team_type"] in _CRISIS_TEAMS or row["clin_resp_priority"] in ("1", "4")


def _emergency(row: Row) -> bool:
    return (
        row["decision"] == "AWARDED"
        and row["route"] in ("APPLIED", "REFERRED")
        and row["scheme"] in _SCHEMES
        and row["need"] in _NEEDS
    )


def _last_day(duty: Row) -> date:
    end: date | None = duty["end_date"]
    if end is not None:
        return end
    start: date = duty["start_date"]
    return date.max if duty["duty"] == "MAIN" else start + _days(365)


class Later:
    """The people of a household at ``t``, and what is known of them at the index date."""

    def __init__(self, made: Handmade, household: int, t: date) -> None:
        self.then = View(made, household, t)
        self.later = View(made, household, t, known=INDEX)
        self.t = t

    def inside(self, days: Iterable[date]) -> list[date]:
        return sorted(d for d in days if self.t + _days(28) < d <= self.t + _days(182))

    def duties(self, kinds: tuple[str, ...]) -> list[date]:
        rows = [r for r in self.later.rows("hclic_duty", "case_ref") if r["duty"] in kinds]
        return self.inside(
            row["start_date"]
            for row in rows
            if not any(
                other["start_date"] < row["start_date"]
                and _last_day(other) >= row["start_date"] - _days(180)
                for other in rows
            )
        )

    def actions(self, groups: tuple[str, ...]) -> list[date]:
        rows = self.later.rows("rent_action", "pay_ref")
        return self.inside(r["action_date"] for r in rows if r["action_group"] in groups)

    def enforcement(self) -> list[date]:
        rows = self.later.rows("ctax_recovery", "account_ref")
        once = {
            r["recovery_id"]
            for r in self.later.versions("ctax_recovery")
            if r["stage"] != "WITHDRAWN"
        }
        found = []
        for order in rows:
            near = [
                r
                for r in rows
                if r["account_ref"] == order["account_ref"]
                and order["stage_date"] <= r["stage_date"] <= order["stage_date"] + _days(90)
            ]
            agents = any(r["stage"] == "EA_REF" for r in near)
            undone = any(r["stage"] == "WITHDRAWN" and r["recovery_id"] not in once for r in near)
            enough = (order["debt_at_stage"] or 0) >= 250
            if order["stage"] == "LO" and agents and enough and not undone:
                found.append(order["stage_date"])
        return self.inside(found)

    def mental_health(self) -> list[date]:
        referrals = [r for r in self.later.rows("mh_referral", "nhs_pid") if _crisis(r)]
        visits = [
            r
            for r in self.later.rows("ae_attendance", "nhs_pid")
            if r["diagnosis_group"] in ("SELF_HARM", "OTHER_MH") and not _planned(r)
        ]
        days = [r["received_date"] for r in referrals] + [r["arrival_ts"].date() for r in visits]
        return self.inside(days)

    def high_use(self) -> list[date]:
        found = []
        for patient in self.later.keys("nhs_pid"):
            born = [
                r["birth_year"] * 12 + r["birth_month"] - 1
                for r in self.later.known("gp_patient")
                if r["nhs_pid"] == patient and r["birth_year"] and r["birth_month"] is not None
            ]
            visits = sorted(
                (
                    r
                    for r in self.later.known("ae_attendance")
                    if r["nhs_pid"] == patient
                    and r["dept_type"] == "01"
                    and not _planned(r)
                    and (
                        not born
                        or r["arrival_ts"].year * 12 + r["arrival_ts"].month - 1 - min(born) >= 60
                    )
                ),
                key=lambda r: (r["arrival_ts"], r["att_id"]),
            )
            counts = [
                sum(
                    v["arrival_ts"] - _days(365) <= w["arrival_ts"] <= v["arrival_ts"]
                    for w in visits
                )
                for v in visits
            ]
            for number, visit in enumerate(visits):
                before = counts[number - 1] if number else 0
                if counts[number] >= 5 > before:
                    found.append(visit["arrival_ts"].date())
        return self.inside(found)

    def awards(self) -> list[date]:
        rows = self.later.rows("welfare_award", "person_local_id")
        return self.inside(r["decision_date"] for r in rows if _emergency(r))

    def of(self, outcome: Outcome) -> date | None:
        """The day of the outcome."""
        ids = {
            "O1": self.duties(("PREVENTION", "RELIEF")),
            "O2": self.actions(("ORDER", "WARRANT", "EVICTED")),
            "O3": self.enforcement(),
            "O7": self.mental_health(),
            "O8": self.high_use(),
            "O9": self.awards(),
        }
        if outcome is not Outcome.EDGE:
            return min(ids[outcome.value], default=None)
        severe = [
            *self.duties(("RELIEF", "MAIN")),
            *self.actions(("WARRANT", "EVICTED")),
            *ids["O7"],
        ]
        firsts = sorted(min(ids[i]) for i in ("O1", "O2", "O3", "O8", "O9") if ids[i])
        return min([*severe, *firsts[1:2]], default=None)

    def helped(self, outcome: Outcome) -> bool:
        t, then = self.t, self.then
        housing = any(
            r["start_date"] <= t < _last_day(r) for r in then.rows("hclic_duty", "case_ref")
        ) or any(then.live(r, "start_date", "end_date") for r in then.rows("hclic_ta", "case_ref"))
        crisis = any(
            _crisis(r)
            and r["received_date"] <= t < (r["closed_date"] or r["received_date"] + _days(180))
            for r in then.rows("mh_referral", "nhs_pid")
        )
        agents = any(
            r["stage"] == "EA_REF" and t - _days(90) < r["stage_date"] <= t
            for r in then.rows("ctax_recovery", "account_ref")
        )
        award = any(
            _emergency(r) and t - _days(28) < r["decision_date"] <= t
            for r in then.rows("welfare_award", "person_local_id")
        )
        return {
            Outcome.O1: housing,
            Outcome.O3: agents,
            Outcome.O7: crisis,
            Outcome.O9: award,
            Outcome.EDGE: housing or crisis,
        }[outcome]


def naive_label(made: Handmade, household: int, t: date, outcome: Outcome) -> Label:
    """One row of the label table."""
    look = Later(made, household, t)
    here = look.then.here
    found = look.of(outcome)
    left = min(
        (
            row["event_date"]
            for row in made.month.get("household_event", [])
            if row["household_id"] == household
            and row["event"] in ("LEFT_AREA", "DISSOLVED")
            and t < row["event_date"] <= t + _days(182)
        ),
        default=None,
    )
    event: bool | None = found is not None
    if (left is not None and (found is None or found > left)) or (
        t + _days(182 + _SETTLES[outcome]) > INDEX
        or (outcome is Outcome.O7 and not look.later.keys("nhs_pid"))
    ):
        event = None
    return Label(
        eligible=here["hh_kind"] in ("HOUSEHOLD", "NO_FIXED_ABODE") and not here["x_restricted"],
        already_supported=look.helped(outcome),
        event=event,
        event_date=whole(found) if event else None,
    )
