"""A place without a source, nothing recorded, and not known: three things that look alike."""

from __future__ import annotations

from datetime import date

import pytest

from features.catalogue import BY_NAME, CATALOGUE
from features.missing import (
    SOURCES,
    Missing,
    State,
    reached,
    source_states,
    state_of,
    why_missing,
)
from tests.unit.features.handmade import INDEX, Handmade, features_of, northmere
from tests.unit.features.test_build import HISTORY, built, three_tenures

TERM = {"term": "2026-27 autumn", "term_end": date(2026, 7, 17), "sessions_possible": 100}


def a_pupil() -> Handmade:
    """The council tenant's child is at school; the owner's children are on no roll."""
    made = three_tenures()
    made.household(4, INDEX, [4, 5], adults=1, children_5_17=1)
    made.household(6, INDEX, [6, 7], adults=1, children_5_17=1)
    made.link("school", "U1", 5)
    pupil = {"upn": "U1", "census_date": date(2026, 5, 14), "urn": "140001", "nc_year": "4"}
    made.add("school_pupil", date(2026, 7, 1), **pupil)
    made.add(
        "school_attendance",
        date(2026, 9, 10),
        upn="U1",
        **TERM,
        sessions_authorised=3,
        sessions_unauthorised=0,
    )
    return made


def why(name: str, values: dict[str, float | None], **choices: object) -> Missing:
    place = northmere(history_months=HISTORY, **choices)  # type: ignore[arg-type] # as given
    assert values[name] is None
    windows = place.windows.months
    return why_missing(BY_NAME[name], reached(values), sources=place.sources, windows=windows)


def test_zero_never_blank_and_not_found_are_told_apart() -> None:
    con = built(a_pupil())
    child, other, tenant = (features_of(con, household) for household in (4, 6, 1))
    assert child["school_suspensions_12m"] == 0.0, "the school speaks of them: a true none"
    assert child["strength_at_school"] == 1.0
    assert other["school_suspensions_12m"] is None
    assert why("school_suspensions_12m", other) is Missing.NOT_FOUND
    assert why("school_free_meals", child) is Missing.BLANK, "no census said it"
    assert tenant["rent_notices_12m"] == 0.0
    assert why("rent_days_since_notice", tenant) is Missing.NEVER
    assert why("rent_weeks_owed", tenant) is Missing.BLANK
    assert why("hardship_days_since_request", tenant) is Missing.NEVER


def test_a_place_without_schools_says_so_of_every_household_and_no_other_feature_moves() -> None:
    made = a_pupil()
    whole, lean = built(made), built(made, without=["school"])
    for household in (4, 6):
        values = features_of(lean, household)
        gone = {f.name for f in CATALOGUE if "school" in f.sources}
        assert {why(name, values, without=["school"]) for name in gone} == {Missing.ABSENT}
        with_school = features_of(whole, household)
        assert all(values[name] == with_school[name] for name in BY_NAME if name not in gone)


def test_a_window_that_was_not_chosen_is_neither() -> None:
    values = features_of(built(a_pupil(), months=[3, 12]), 1)
    assert why("ctax_reminders_6m", values, months=[3, 12]) is Missing.NOT_CHOSEN


def test_where_one_source_is_enough_those_that_are_there_decide() -> None:
    nothing = dict.fromkeys(BY_NAME)
    assert why("several_kinds_3m", nothing, without=["rent", "hclic"]) is Missing.BLANK
    assert why("several_months_12m", nothing, without=["rent"]) is Missing.NOT_FOUND, (
        "council tax is there, and has no account of theirs"
    )


@pytest.mark.parametrize(
    ("source", "household", "state"),
    [
        ("school", 4, State.REACHED),
        ("school", 6, State.NOT_FOUND),
        ("ctax", 1, State.REACHED),
        ("ctax", 3, State.NOT_FOUND),
        ("hclic", 1, State.NOTHING),
        ("uc", 1, State.NOT_FOUND),
        ("gp", 3, State.REACHED),
        ("ecds", 1, State.NOT_FOUND),
    ],
)
def test_what_a_source_can_say_of_a_household(source: str, household: int, state: State) -> None:
    con = built(a_pupil())
    place = northmere(history_months=HISTORY)
    assert state_of(source, features_of(con, household), sources=place.sources) is state
    fewer = set(place.sources) - {source}
    assert state_of(source, features_of(con, household), sources=fewer) is State.ABSENT


def test_states_of_a_month_are_those_of_its_households() -> None:
    con = built(a_pupil(), without=["asc"])
    place = northmere(history_months=HISTORY, without=["asc"])
    households = (1, 2, 3, 4, 6)
    found = {
        (source, state): count
        for source, state, count in source_states(con, place=place, month=INDEX).iter_rows()
    }
    expected: dict[tuple[str, str], int] = {}
    for household in households:
        values = features_of(con, household)
        for source in SOURCES:
            key = source, str(state_of(source, values, sources=place.sources))
            expected[key] = expected.get(key, 0) + 1
    assert found == expected
    assert found["asc", "ABSENT"] == len(households)


def test_every_reason_and_state_has_plain_words() -> None:
    assert all(each.says for each in (*Missing, *State))
