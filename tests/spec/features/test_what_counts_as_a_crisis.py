"""What an outcome is, one scenario a row.

The household lives alone in the snapshot of 31 March 2025. Its outcome window runs from 29 April
to 29 September 2025, and the index date is 31 October 2026, so that every record has come.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from contracts.place import Outcome
from features.labels import build_labels
from tests.unit.features.handmade import INDEX, Handmade, northmere

T = date(2025, 3, 31)
FIRST, LAST = T + timedelta(days=29), T + timedelta(days=182)
JUNE = date(2025, 6, 10)
Scenario = Callable[[Handmade], None]


def days(count: int) -> timedelta:
    return timedelta(days=count)


def duty(kind: str, start: date, end: date | None = None, case: str = "C1") -> Scenario:
    def add(made: Handmade) -> None:
        made.add("hclic_duty", start + days(3), case_ref=case, duty=kind, start_date=start)
        if end is not None:
            made.add(
                "hclic_duty",
                end + days(3),
                case_ref=case,
                duty=kind,
                start_date=start,
                end_date=end,
            )

    return add


def stage(kind: str, day: date, *, debt: float = 800, key: str | None = None) -> Scenario:
    return lambda made: made.add(
        "ctax_recovery",
        day + days(4),
        recovery_id=key or f"{kind}{day}",
        account_ref="A1",
        tax_year="2025-26",
        stage=kind,
        stage_date=day,
        debt_at_stage=debt,
    )


def undone(key: str, known: date) -> Scenario:
    return lambda made: made.add(
        "ctax_recovery",
        known,
        recovery_id=key,
        account_ref="A1",
        tax_year="2025-26",
        stage="WITHDRAWN",
        stage_date=JUNE,
    )


def award(day: date = JUNE, **changes: Any) -> Scenario:
    row = {
        "award_id": f"W{day}",
        "person_local_id": "P1",
        "scheme": "LWA",
        "route": "APPLIED",
        "decision": "AWARDED",
        "need": "FOOD",
        "decision_date": day,
    }
    return lambda made: made.add("welfare_award", day + days(2), **(row | changes))


def action(group: str, day: date = JUNE) -> Scenario:
    return lambda made: made.add(
        "rent_action",
        day + days(2),
        pay_ref="Y1",
        action_seq=len(made.raw.get("rent_action", [])) + 1,
        action_group=group,
        action_date=day,
    )


def referral(team: str, priority: str | None = "3", day: date = JUNE) -> Scenario:
    return lambda made: made.add(
        "mh_referral",
        day + days(50),
        referral_id=f"M{day}",
        nhs_pid="n1",
        received_date=day,
        team_type=team,
        clin_resp_priority=priority,
    )


def visits(count: int, last: date = JUNE, diagnosis: str = "OTHER") -> Scenario:
    def add(made: Handmade) -> None:
        for number in range(count):
            day = last - days(10 * number)
            made.add(
                "ae_attendance",
                day + days(40),
                att_id=f"V{day}",
                nhs_pid="n1",
                arrival_ts=datetime(day.year, day.month, day.day, 13),
                dept_type="01",
                attendance_category="1",
                diagnosis_group=diagnosis,
            )

    return add


def left(day: date, event: str = "LEFT_AREA") -> Scenario:
    return lambda made: made.put("household_event", household_id=1, event=event, event_date=day)


def nothing(made: Handmade) -> None:
    del made


def a_household() -> Handmade:
    made = Handmade()
    made.household(1, T, [1])
    made.put("dwelling", uprn=1, uprn_key=1, puprn="p1")
    long_ago = date(2020, 1, 1)
    for source, local in (
        ("ctax", "A1|P1"),
        ("rent", "T1|P1"),
        ("hclic", "C1|1"),
        ("hclic", "C2|1"),
        ("welfare", "P1"),
    ):
        made.link(source, local, 1)
    made.add("ctax_party", long_ago, account_ref="A1", party_ref="P1", position=0, role="lead")
    made.add("rent_person", long_ago, tenancy_ref="T1", person_local_id="P1", role="TENANT")
    made.add(
        "rent_tenancy",
        long_ago,
        tenancy_ref="T1",
        pay_ref="Y1",
        tenure="SECURE",
        start_date=long_ago,
    )
    for case in ("C1", "C2"):
        made.add(
            "hclic_person",
            date(2025, 6, 1),
            case_ref=case,
            person_seq=1,
            relationship_to_applicant="APPLICANT",
        )
    made.add("welfare_applicant", date(2025, 6, 1), person_local_id="P1")
    made.add(
        "gp_patient",
        long_ago,
        nhs_pid="n1",
        reg_start=long_ago,
        puprn="p1",
        practice_dsa_in_place=True,
    )
    return made


def outcome_of(
    outcome: Outcome, scenarios: tuple[Scenario, ...], *, index: date = INDEX, **place: Any
) -> tuple[bool, bool, bool | None, date | None]:
    made = a_household()
    made.index = index
    for scenario in scenarios:
        scenario(made)
    con = made.connect()
    build_labels(con, place=northmere(history_months=36, **place), month=index)
    (row,) = con.execute(
        f"SELECT eligible, already_supported, event, event_date FROM {made.schema}.label "
        f"WHERE outcome = '{outcome}' AND snapshot_date = DATE '{T}'"
    ).fetchall()
    return row


O1, O3, O7, O9, EDGE = Outcome.O1, Outcome.O3, Outcome.O7, Outcome.O9, Outcome.EDGE


@pytest.mark.parametrize(
    ("outcome", "scenarios", "event"),
    [
        # the window
        (O9, (nothing,), None),
        (O9, (award(T + days(28)),), None),
        (O9, (award(FIRST),), FIRST),
        (O9, (award(LAST),), LAST),
        (O9, (award(LAST + days(1)),), None),
        (O9, (award(JUNE), award(date(2025, 5, 20))), date(2025, 5, 20)),
        # O1: the first duty after 180 days without one
        (O1, (duty("PREVENTION", JUNE),), JUNE),
        (O1, (duty("RELIEF", JUNE),), JUNE),
        (O1, (duty("MAIN", JUNE),), None),
        (O1, (duty("PREVENTION", JUNE - days(300), JUNE - days(181)), duty("RELIEF", JUNE)), JUNE),
        (O1, (duty("PREVENTION", JUNE - days(300), JUNE - days(180)), duty("RELIEF", JUNE)), None),
        (O1, (duty("PREVENTION", JUNE - days(90)), duty("RELIEF", JUNE)), None),
        (O1, (duty("PREVENTION", JUNE - days(90)), duty("RELIEF", JUNE, case="C2")), None),
        (O1, (duty("PREVENTION", JUNE - days(560)), duty("RELIEF", JUNE)), JUNE),
        # O3: a liability order passed to agents within 90 days, from 250 pounds
        (O3, (stage("LO", JUNE),), None),
        (O3, (stage("LO", JUNE), stage("EA_REF", JUNE + days(90))), JUNE),
        (O3, (stage("LO", JUNE), stage("EA_REF", JUNE + days(91))), None),
        (O3, (stage("LO", JUNE), stage("EA_REF", JUNE - days(1))), None),
        (O3, (stage("LO", JUNE, debt=250), stage("EA_REF", JUNE + days(9))), JUNE),
        (O3, (stage("LO", JUNE, debt=249.99), stage("EA_REF", JUNE + days(9))), None),
        (
            O3,
            (
                stage("LO", JUNE, key="k"),
                stage("EA_REF", JUNE + days(9)),
                undone("k", JUNE + days(30)),
            ),
            None,
        ),
        (
            O3,
            (
                stage("LO", JUNE),
                stage("EA_REF", JUNE + days(9)),
                stage("WITHDRAWN", JUNE + days(20)),
            ),
            None,
        ),
        (
            O3,
            (
                stage("LO", JUNE),
                stage("EA_REF", JUNE + days(9)),
                stage("INFO", JUNE, key="other"),
                undone("other", JUNE + days(30)),
            ),
            JUNE,
        ),
        # O7: a crisis team, an urgent priority, or an emergency visit for it
        (O7, (referral("A02"),), JUNE),
        (O7, (referral("A06"),), None),
        (O7, (referral("A06", "1"),), JUNE),
        (O7, (referral("A06", "2"),), None),
        (O7, (referral("A19", None),), JUNE),
        (O7, (visits(1, diagnosis="SELF_HARM"),), JUNE),
        (O7, (visits(1, diagnosis="INJURY"),), None),
        # O9: awarded after asking, by an emergency scheme, for an emergency need
        (O9, (award(decision="REFUSED"),), None),
        (O9, (award(route="PROACTIVE_BULK"),), None),
        (O9, (award(route="REFERRED"),), JUNE),
        (O9, (award(route=None),), None),
        (O9, (award(scheme="CRF_CRISIS"),), JUNE),
        (O9, (award(scheme="CRF_RESILIENCE"),), None),
        (O9, (award(scheme="EHP"),), None),
        (O9, (award(need="WHITE_GOODS"),), None),
        (O9, (award(need=None),), None),
        # edge of crisis: one severe event
        (EDGE, (duty("PREVENTION", JUNE),), None),
        (EDGE, (duty("RELIEF", JUNE),), JUNE),
        (EDGE, (duty("MAIN", JUNE),), JUNE),
        (EDGE, (action("ORDER"),), None),
        (EDGE, (action("WARRANT"),), JUNE),
        (EDGE, (action("EVICTED"),), JUNE),
        (EDGE, (referral("A02"),), JUNE),
        (EDGE, (visits(5),), None),
        (EDGE, (award(),), None),
        # or two different kinds, on the day of the second
        (EDGE, (award(), award(JUNE + days(40))), None),
        (EDGE, (award(), action("ORDER", JUNE + days(40))), JUNE + days(40)),
        (EDGE, (visits(5), action("ORDER", JUNE + days(40))), JUNE + days(40)),
        (EDGE, (visits(4), action("ORDER", JUNE + days(40))), None),
        (EDGE, (duty("PREVENTION", JUNE), award(JUNE - days(20))), JUNE),
        (EDGE, (award(T + days(20)), action("ORDER")), None),
    ],
)
def test_it_counts(outcome: Outcome, scenarios: tuple[Scenario, ...], event: date | None) -> None:
    _, _, happened, day = outcome_of(outcome, scenarios)
    assert (happened, day) == (event is not None, event)


@pytest.mark.parametrize(
    ("scenarios", "event"),
    [
        ((left(JUNE),), None),
        ((left(JUNE, "DISSOLVED"),), None),
        ((left(JUNE, "MOVED"),), False),
        ((left(JUNE), award(JUNE - days(1))), True),
        ((left(JUNE), award(JUNE + days(1))), None),
        ((left(T - days(1)), award()), True),
        ((left(LAST + days(1)),), False),
    ],
)
def test_who_left_before_anything_happened_is_unknown(
    scenarios: tuple[Scenario, ...], event: bool | None
) -> None:
    assert outcome_of(O9, scenarios)[2] is event


@pytest.mark.parametrize(
    ("outcome", "days_until_settled"),
    [(O1, 182 + 14), (O3, 182 + 104), (O7, 182 + 75), (O9, 182 + 14), (EDGE, 182 + 104)],
)
def test_a_window_is_known_only_when_every_record_can_have_come(
    outcome: Outcome, days_until_settled: int
) -> None:
    settled = T + days(days_until_settled)
    ends = [date(2025, 9, 30), date(2025, 10, 31), date(2025, 11, 30), date(2025, 12, 31), INDEX]
    for index in [*ends, date(2026, 1, 31)]:
        known = outcome_of(outcome, (award(),), index=index)[2] is not None
        assert known == (index >= settled), index


@pytest.mark.parametrize(
    ("outcome", "scenarios", "supported"),
    [
        (O1, (nothing,), False),
        (O1, (duty("PREVENTION", T - days(30)),), False),  # case known only from June
        (O3, (stage("EA_REF", T - days(89)),), True),
        (O3, (stage("EA_REF", T - days(90)),), False),
        (O3, (stage("EA_REF", T - days(2)),), False),  # keyed two days after the snapshot
        (O7, (referral("A02", day=T - days(60)),), True),
        (O7, (referral("A06", day=T - days(60)),), False),
        (O7, (referral("A02", day=T - days(181)),), False),
        (EDGE, (referral("A02", day=T - days(60)),), True),
        (EDGE, (stage("EA_REF", T - days(89)),), False),
    ],
)
def test_help_already_given_is_what_was_known_then(
    outcome: Outcome, scenarios: tuple[Scenario, ...], supported: bool
) -> None:
    assert outcome_of(outcome, scenarios)[1] is supported


@pytest.mark.parametrize(
    ("values", "eligible"),
    [
        ({}, True),
        ({"hh_kind": "NO_FIXED_ABODE", "uprn_key": None}, True),
        ({"hh_kind": "COMMUNAL"}, False),
        ({"hh_kind": "MULTI_HOUSEHOLD_UNRESOLVED"}, False),
        ({"x_restricted": True}, False),
    ],
)
def test_who_may_be_listed(values: dict[str, Any], eligible: bool) -> None:
    def changed(made: Handmade) -> None:
        made.month["household_snapshot"][0] |= values

    assert outcome_of(O1, (changed,))[0] is eligible


def test_where_no_patient_is_known_silence_is_not_safety() -> None:
    def unregistered(made: Handmade) -> None:
        made.raw["gp_patient"].clear()

    assert outcome_of(O7, (unregistered,))[2] is None
    assert outcome_of(EDGE, (unregistered,))[2] is False
    assert outcome_of(EDGE, (unregistered, action("WARRANT")))[2] is True


def test_a_place_without_health_makes_the_composite_of_what_is_there() -> None:
    lean: dict[str, Any] = {"without": ["gp", "mh", "ecds"], "outcomes": [O1, EDGE]}
    assert outcome_of(EDGE, (referral("A02"),), **lean)[2] is False
    assert outcome_of(EDGE, (action("WARRANT"),), **lean)[2] is True
