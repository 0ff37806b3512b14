"""What an outcome is, one scenario a row and one household a scenario.

Each household is one person in the snapshot of 31 March 2025. Its outcome window runs from 29 April
to 29 September 2025, and the index date is 31 October 2026, so that every record has come.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.months import parse_month
from contracts.place import Outcome
from tests.spec.features.scenarios import (
    FIRST,
    JUNE,
    LAST,
    Row,
    Scenario,
    T,
    action,
    award,
    days,
    duty,
    labelled,
    left,
    nothing,
    referral,
    stage,
    undone,
    visits,
)
from tests.unit.features.handmade import Handmade, northmere

O1, O3, O7, O9, EDGE = Outcome.O1, Outcome.O3, Outcome.O7, Outcome.O9, Outcome.EDGE


CRISES: tuple[tuple[Outcome, tuple[Scenario, ...], date | None], ...] = (
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
    (O1, (duty("PREVENTION", JUNE - days(90)), duty("RELIEF", JUNE, case="D")), None),
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
)


@pytest.fixture(scope="module")
def crises() -> dict[tuple[int, str], Row]:
    return labelled([scenarios for _, scenarios, _ in CRISES])


@pytest.mark.parametrize("home", range(1, len(CRISES) + 1))
def test_it_counts(home: int, crises: dict[tuple[int, str], Row]) -> None:
    outcome, _, day = CRISES[home - 1]
    found = crises[home, outcome]
    assert (found.event, found.day) == (day is not None, day)


LEAVERS: tuple[tuple[tuple[Scenario, ...], bool | None], ...] = (
    ((left(JUNE),), None),
    ((left(JUNE, "DISSOLVED"),), None),
    ((left(JUNE, "MOVED"),), False),
    ((left(JUNE), award(JUNE - days(1))), True),
    ((left(JUNE), award(JUNE + days(1))), None),
    ((left(T - days(1)), award()), True),
    ((left(LAST + days(1)),), False),
)


def test_who_left_before_anything_happened_is_unknown() -> None:
    found = labelled([scenarios for scenarios, _ in LEAVERS])
    for home, (_, event) in enumerate(LEAVERS, start=1):
        assert found[home, O9].event is event, home


SETTLES = {O1: 182 + 14, O3: 182 + 104, O7: 182 + 75, O9: 182 + 14, EDGE: 182 + 104}


@pytest.mark.parametrize("month", ["2025-09", "2025-10", "2025-11", "2025-12", "2026-01"])
def test_a_window_is_known_only_when_every_record_can_have_come(month: str) -> None:
    index = parse_month(month)
    found = labelled([(award(),)], index=index)
    for outcome, settled in SETTLES.items():
        known = found[1, outcome].event is not None
        assert known == (index >= T + days(settled)), outcome


HELPED: tuple[tuple[Outcome, tuple[Scenario, ...], bool], ...] = (
    (O1, (nothing,), False),
    (O1, (duty("PREVENTION", T - days(30)),), False),  # the case is known only from June
    (O3, (stage("EA_REF", T - days(89)),), True),
    (O3, (stage("EA_REF", T - days(90)),), False),
    (O3, (stage("EA_REF", T - days(2)),), False),  # keyed two days after the snapshot
    (O7, (referral("A02", day=T - days(60)),), True),
    (O7, (referral("A06", day=T - days(60)),), False),
    (O7, (referral("A02", day=T - days(181)),), False),
    (EDGE, (referral("A02", day=T - days(60)),), True),
    (EDGE, (stage("EA_REF", T - days(89)),), False),
)


def test_help_already_given_is_what_was_known_then() -> None:
    found = labelled([scenarios for _, scenarios, _ in HELPED])
    for home, (outcome, _, supported) in enumerate(HELPED, start=1):
        assert found[home, outcome].supported is supported, home


LISTED: tuple[tuple[dict[str, Any], bool], ...] = (
    ({}, True),
    ({"hh_kind": "NO_FIXED_ABODE", "uprn_key": None}, True),
    ({"hh_kind": "COMMUNAL"}, False),
    ({"hh_kind": "MULTI_HOUSEHOLD_UNRESOLVED"}, False),
    ({"x_restricted": True}, False),
)


def changed(values: dict[str, Any]) -> Scenario:
    def change(made: Handmade, home: int) -> None:
        made.month["household_snapshot"][home - 1] |= values

    return change


def test_who_may_be_listed() -> None:
    found = labelled([(changed(values),) for values, _ in LISTED])
    for home, (_, eligible) in enumerate(LISTED, start=1):
        assert found[home, O1].eligible is eligible, home


def test_where_no_patient_is_known_silence_is_not_safety() -> None:
    def unregistered(made: Handmade, home: int) -> None:
        made.raw["gp_patient"][home - 1]["puprn"] = None

    found = labelled([(unregistered,), (unregistered, action("WARRANT"))])
    assert found[1, O7].event is None
    assert found[1, EDGE].event is False
    assert found[2, EDGE].event is True


def test_a_place_without_health_makes_the_composite_of_what_is_there() -> None:
    found = labelled(
        [(referral("A02"),), (action("WARRANT"),)],
        without=["gp", "mh", "ecds"],
        outcomes=[O1, EDGE],
    )
    assert {outcome for _, outcome in found} == {O1, EDGE}
    assert found[1, EDGE].event is False
    assert found[2, EDGE].event is True


def test_an_outcome_that_no_source_can_show_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"outcomes\.O7: none of its sources"):
        northmere(without=["gp", "mh", "ecds"], outcomes=[Outcome.O7, Outcome.EDGE])
