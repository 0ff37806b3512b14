"""The house's feature catalogue as a model sees it, and the plain rules over its features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from contracts.columns import ColumnClass
from features.catalogue import CATALOGUE
from features.declare import Theme
from models.rules import Rule
from models.spec import FeatureSpec


def catalogue_specs() -> tuple[FeatureSpec, ...]:
    """Every feature of the catalogue."""
    return tuple(
        FeatureSpec(
            name=feature.name,
            theme=feature.theme.value,
            monotone=feature.direction,
            strength=feature.strength,
            health=feature.theme is Theme.HEALTH or feature.cls is ColumnClass.SPECIAL,
            sources=feature.sources,
            showable=feature.showable,
            sensitivity=feature.cls,
        )
        for feature in CATALOGUE
    )


RULES: tuple[Rule, ...] = (
    Rule(
        name="deprivation",
        says="homes in the most deprived areas",
        parts=("area_deprivation_tenth",),
        sign=-1,
        at_least=-2.0,
    ),
    Rule(
        name="arrears_12m",
        says="how many letters, notices and court steps about arrears in 12 months",
        parts=(
            "ctax_reminders_12m",
            "ctax_final_notices_12m",
            "ctax_summonses_12m",
            "ctax_liability_orders_12m",
            "rent_letters_12m",
            "rent_notices_12m",
            "rent_court_steps_12m",
        ),
        at_least=2.0,
    ),
    Rule(
        name="prior_12m",
        says="how many crises were recorded in 12 months",
        parts=(
            "ctax_agent_referrals_12m",
            "rent_orders_12m",
            "rent_warrants_12m",
            "housing_duties_12m",
            "hardship_awards_12m",
            "health_crisis_referrals_12m_to_latest",
        ),
    ),
    Rule(
        name="prior_36m",
        says="how many crises were recorded in 36 months",
        parts=(
            "ctax_liability_orders_36m",
            "rent_orders_36m",
            "housing_duties_36m",
            "hardship_awards_36m",
            "health_crisis_referrals_36m_to_latest",
        ),
    ),
    Rule(
        name="asked_12m",
        says="how often help was asked for in 12 months",
        parts=("hardship_requests_12m", "housing_approaches_12m"),
    ),
    Rule(
        name="benefits_12m",
        says="how often benefits were cut, stopped or reduced for debts in 12 months",
        parts=("uc_sanctions_12m", "uc_nil_awards_12m", "uc_new_deductions_6m"),
    ),
    Rule(
        name="change_12m",
        says="whether people moved home or an adult left in 12 months",
        parts=("household_adult_left_12m", "household_moved_12m", "single_discount_began_12m"),
    ),
)

SERVICES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "housing": (
        "housing options, in the last 12 months",
        ("housing_approaches_12m", "housing_duties_12m", "housing_duty_open"),
    ),
    "hardship": ("the hardship scheme, in the last 12 months", ("hardship_requests_12m",)),
    "family": (
        "children's services or early help, now or in the last 12 months",
        (
            "family_contacts_12m",
            "family_help_began_12m",
            "family_need_open",
            "strength_family_help",
        ),
    ),
    "care": (
        "adult social care, now or in the last 12 months",
        ("care_requests_12m", "strength_care_in_place"),
    ),
    "health": (
        "mental health services, now or in the last 12 months",
        ("health_mental_open_to_latest", "health_mental_referrals_12m_to_latest"),
    ),
}
"""Services that offer help: plain words, and features any of which above zero means known to it."""
