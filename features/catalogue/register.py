"""The housing register: who waits for a social home, since when, and with what priority."""

from __future__ import annotations

from features.catalogue.shelf import Shelf
from features.declare import Measure, Sentence, Theme, Unit
from features.measures import any_live, any_while, month_of, months_live

_REGISTER = Shelf(
    theme=Theme.HOUSING_HELP,
    block="application",
    owner="Head of Housing Options",
    source_words="Housing register",
)

_BEGAN = "registered_date"
_ENDED = "closed_date"
# A medical ground never crosses, and neither does the mark of a medical award.
_PRIORITY = "reasonable_preference IN ('HOMELESS', 'UNSATISFACTORY_OVERCROWDED', 'HARDSHIP')"

HELPERS: dict[str, Measure] = {}

FEATURES = (
    _REGISTER.yes_no(
        "register_joined_12m",
        any_while("TRUE", month_of(_BEGAN), f"{month_of(_BEGAN)} + 12"),
        says="Applied to the housing register in the last 12 months",
        direction=1,
        one="They applied for a social home {when}",
        window=12,
    ),
    _REGISTER.value(
        "register_months_waiting",
        months_live(_BEGAN, _ENDED, "TRUE"),
        says="Months on the housing register so far",
        unit=Unit.MONTHS,
        direction=0,
        sentence=Sentence(
            one="They have been waiting for a social home for a month",
            many="They have been waiting for a social home for {n} months",
        ),
        empty=0.0,
    ),
    _REGISTER.yes_no(
        "register_priority",
        any_live(_BEGAN, _ENDED, _PRIORITY),
        says="On the housing register with priority in law, but for medical grounds",
        direction=1,
        one="Their application for a social home had priority in law",
    ),
)

STRENGTHS = ()
