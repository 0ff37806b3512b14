"""What a worker reads, for a household's values. Records go up to 31 October 2026."""

from __future__ import annotations

from datetime import date

import pytest

from features.catalogue import BY_NAME, CATALOGUE
from features.declare import Theme
from features.sentences import HEALTH_SENTENCE, NOT_SHOWN, WITHHELD_SOURCE, render, said, sayable

OCTOBER = date(2026, 10, 31)
MARCH = date(2026, 3, 31)
NONE_BEFORE = ", after none in the 9 months before."
UP_FROM_ONE = ", up from 1 in the 6 months before."


@pytest.mark.parametrize(
    ("feature", "values", "sentence"),
    [
        # how often and since when
        (
            "ctax_reminders_3m",
            {"ctax_reminders_3m": 2},
            "Two council tax reminders have been sent since August.",
        ),
        (
            "ctax_reminders_1m",
            {"ctax_reminders_1m": 2},
            "Two council tax reminders have been sent in October.",
        ),
        (
            "ctax_reminders_12m",
            {"ctax_reminders_12m": 21},
            "Twenty-one council tax reminders have been sent in the last 12 months.",
        ),
        (
            "ctax_liability_orders_36m",
            {"ctax_liability_orders_36m": 2},
            "Two court orders for unpaid council tax have been made in the last 3 years.",
        ),
        # compared with their own past
        (
            "ctax_reminders_3m",
            {"ctax_reminders_3m": 2, "ctax_reminders_12m": 2},
            "Two council tax reminders have been sent since August" + NONE_BEFORE,
        ),
        (
            "ctax_reminders_6m",
            {"ctax_reminders_6m": 3, "ctax_reminders_12m": 4},
            "Three council tax reminders have been sent since May" + UP_FROM_ONE,
        ),
        (
            "ctax_reminders_6m",
            {"ctax_reminders_6m": 2, "ctax_reminders_12m": 5},
            "Two council tax reminders have been sent since May.",
        ),
        # services other than money and homes
        (
            "school_away_share_12m",
            {"school_away_share_12m": 0.14},
            "Children at home missed more than a tenth of school in the last 12 months.",
        ),
        (
            "strength_at_school",
            {"strength_at_school": 1},
            "The children at home were at school nearly every day in the last 12 months.",
        ),
        (
            "care_requests_12m",
            {"care_requests_12m": 1, "care_days_since_request": 40},
            "The council was asked for care or support in September.",
        ),
        (
            "several_kinds_3m",
            {"several_kinds_3m": 3},
            (
                "There were letters or requests for help about 3 different things in the last 3 "
                "months."
            ),
        ),
        # a single event has its month
        (
            "ctax_reminders_6m",
            {"ctax_reminders_6m": 1, "ctax_days_since_reminder": 40},
            "One council tax reminder was sent in September.",
        ),
        (
            "ctax_reminders_6m",
            {"ctax_reminders_6m": 1},
            "One council tax reminder was sent in the last 6 months.",
        ),
        (
            "ctax_summonses_12m",
            {"ctax_summonses_12m": 1, "ctax_days_since_summons": 350},
            "A court summons for council tax was sent in November 2025.",
        ),
        (
            "ctax_days_since_liability_order",
            {"ctax_days_since_liability_order": 0},
            "The last court order for unpaid council tax was made in October.",
        ),
        # states, changes and strengths
        (
            "rent_weeks_owed",
            {"rent_weeks_owed": 6.5},
            "The rent account was behind at the end of October.",
        ),
        (
            "rent_weeks_owed_rise_3m",
            {"rent_weeks_owed_rise_3m": 2},
            "Rent arrears have grown since August.",
        ),
        (
            "uc_new_deductions_3m",
            {"uc_new_deductions_3m": 1},
            "A new deduction from Universal Credit started in the last 3 months.",
        ),
        (
            "strength_settled_years",
            {"strength_settled_years": 6.97},
            "They have lived in the same home for 6 years.",
        ),
        (
            "strength_rent_plan_months",
            {"strength_rent_plan_months": 5},
            "They have kept to an agreement to repay rent for 5 months.",
        ),
    ],
)
def test_it_says(feature: str, values: dict[str, float | None], sentence: str) -> None:
    assert sayable(BY_NAME[feature], values)
    assert render(BY_NAME[feature], values, index_date=OCTOBER) == sentence


def test_a_window_that_began_in_another_year_names_the_year() -> None:
    text = render(BY_NAME["ctax_reminders_6m"], {"ctax_reminders_6m": 2}, index_date=MARCH)
    assert text == "Two council tax reminders have been sent since October 2025."


@pytest.mark.parametrize(
    ("feature", "value", "why"),
    [
        ("school_away_share_12m", 0.08, "less than a tenth of school is not said"),
        ("several_kinds_3m", 1.0, "one thing is not several"),
        ("family_contacts_12m", 2.0, "what officers recorded of a family is not shown"),
        ("ctax_reminders_3m", 0.0, "nothing happened"),
        ("ctax_reminders_3m", None, "it is not known"),
        ("ctax_reminders_3m", float("nan"), "it is not known"),
        ("rent_weeks_owed", 0.8, "less than a week is not behind"),
        ("uc_earnings_fall_3m", -120.0, "earnings rose"),
        ("uc_earnings", 900.0, "an amount is never said"),
        ("area_deprivation_tenth", 1.0, "a tenth is never shown"),
        ("household_size", 4.0, "it has no agreed sentence"),
        ("strength_settled_years", 0.0, "it is no strength"),
    ],
)
def test_it_says_only_that_something_counted(feature: str, value: float | None, why: str) -> None:
    told = said(BY_NAME[feature], {feature: value}, index_date=OCTOBER)
    assert (told.sentence, told.source_line, told.shown) == (NOT_SHOWN, WITHHELD_SOURCE, False), why
    assert not sayable(BY_NAME[feature], {feature: value})


def test_of_health_one_sentence_at_most_and_only_where_the_place_allows_it() -> None:
    health = [feature for feature in CATALOGUE if feature.theme is Theme.HEALTH]
    assert len(health) >= 10
    for feature in health:
        values: dict[str, float | None] = {feature.name: 3.0}
        allowed = said(feature, values, index_date=OCTOBER, health_sentence=True)
        assert (allowed.sentence, allowed.shown) == (HEALTH_SENTENCE, True)
        assert allowed.source_line == WITHHELD_SOURCE
        switched_off = said(feature, values, index_date=OCTOBER, health_sentence=False)
        assert (switched_off.sentence, switched_off.shown) == (NOT_SHOWN, False)
        assert switched_off.source_line == WITHHELD_SOURCE
        assert render(feature, values, index_date=OCTOBER) == NOT_SHOWN


def test_the_source_has_a_line_of_its_own() -> None:
    told = said(BY_NAME["ctax_reminders_3m"], {"ctax_reminders_3m": 2}, index_date=OCTOBER)
    assert told.source_line == "Council tax account, to 31 October"
    assert told.shown


def test_every_sentence_is_one_sentence_for_any_value() -> None:
    for feature in CATALOGUE:
        for value in (0.0, 0.4, 1.0, 2.0, 7.5, 150.0, 900.0):
            text = render(feature, {feature.name: value}, index_date=OCTOBER)
            assert text[0].isupper()
            assert text.endswith(".")
            assert text.count(".") == 1
            assert "{" not in text
