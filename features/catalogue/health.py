"""Health, counted at the home and never shown.

Nothing of this theme has a sentence of its own: the most that a card may ever say is one sentence
for the whole theme, and a place can switch that off. Names carry the real window, which ends where
the extract ends, weeks before the snapshot.
"""

from __future__ import annotations

from contracts.columns import ColumnClass
from features.aggregates import Aggregate
from features.catalogue.shelf import Shelf
from features.declare import Feature, Fold, Measure, Theme, Unit
from features.measures import any_in, any_while, count_in, days_since, month_of, one, open_end

_WORDS = "Shared with us for this purpose only"


def health_shelf(block: str) -> Shelf:
    """A health table: counted for the model, owned by public health, never shown."""
    return Shelf(
        theme=Theme.HEALTH,
        block=block,
        owner="Director of Public Health",
        source_words=_WORDS,
        cls=ColumnClass.SPECIAL,
    )


_CONDITION = health_shelf("condition")
_MEDICATION = health_shelf("medication")
_REFERRAL = health_shelf("referral")
_ATTENDANCE = health_shelf("attendance")

_UNPLANNED = "(attendance_category IS NULL OR attendance_category <> '2')"
_MENTAL = "diagnosis_group IN ('SELF_HARM', 'OTHER_MH')"
_CRISIS = "(team_type IN ('A02', 'A19', 'A20', 'A21', 'A22') OR clin_resp_priority IN ('1', '4'))"
_ANTIDEPRESSANT = "bnf_section = '0403'"

HELPERS = {
    "_health_covered": Measure(block="patient", value=any_while("TRUE"), fold=Fold.MAX),
}


def health_count(
    shelf: Shelf, stem: str, months: int, value: Aggregate, *, says: str, unit: Unit = Unit.TIMES
) -> Feature:
    """How often in the months up to the latest available; more can only raise an estimate."""
    return shelf.feature(
        f"{stem}_{months}m_to_latest",
        Measure(block=shelf.block, value=value),
        says=f"{says}, {months} months to the latest available",
        unit=unit,
        direction=1,
        sentence=None,
        window=months,
    )


FEATURES = (
    *(
        health_count(
            _CONDITION,
            stem,
            24,
            any_while(f"cluster = '{cluster}'", end=f"{month_of('latest_date')} + 24"),
            says=f"People on the {says} register with activity",
            unit=Unit.PEOPLE,
        )
        for stem, cluster, says in (
            ("health_depression", "DEPR", "depression"),
            ("health_anxiety", "ANXIETY", "anxiety"),
        )
    ),
    health_count(
        _CONDITION,
        "health_new_on_register",
        12,
        any_while("cluster IN ('DEPR', 'ANXIETY')", end=f"{month_of('first_date')} + 12"),
        says="People first on the depression or anxiety register",
        unit=Unit.PEOPLE,
    ),
    *(
        health_count(
            _MEDICATION,
            "health_antidepressant_months",
            months,
            count_in(months, f"{_ANTIDEPRESSANT} AND items > 0"),
            says="Person-months with an antidepressant",
            unit=Unit.MONTHS,
        )
        for months in (6, 12)
    ),
    health_count(
        _MEDICATION,
        "health_antidepressant_started",
        6,
        any_in(6, f"{_ANTIDEPRESSANT} AND items > 0")
        * (one() - any_in(13, f"{_ANTIDEPRESSANT} AND items > 0", youngest=6)),
        says="People with an antidepressant and none in the 7 months before",
        unit=Unit.PEOPLE,
    ),
    health_count(
        _MEDICATION,
        "health_sleep_medicine_months",
        6,
        count_in(6, "bnf_section = '0401' AND items > 0"),
        says="Person-months with a hypnotic or anxiolytic",
        unit=Unit.MONTHS,
    ),
    *(
        health_count(
            _ATTENDANCE,
            "health_emergency_visits",
            months,
            count_in(months, _UNPLANNED),
            says="Unplanned attendances at an emergency department",
        )
        for months in (6, 12)
    ),
    # From 2 months back: the newest months have not all come, and would look like a fall.
    _ATTENDANCE.feature(
        "health_emergency_visits_rise_6m_to_latest",
        Measure(
            block="attendance",
            value=count_in(8, _UNPLANNED, youngest=2) - count_in(14, _UNPLANNED, youngest=8),
        ),
        says="Attendances of 6 months, up to 2 months back, less those of the 6 months before",
        unit=Unit.TIMES,
        direction=1,
        sentence=None,
        window=6,
    ),
    *(
        health_count(
            _ATTENDANCE,
            "health_emergency_mental",
            months,
            count_in(months, _MENTAL),
            says="Attendances for self-harm or mental health",
        )
        for months in (12, 24)
    ),
    *(
        health_count(
            _REFERRAL,
            "health_mental_referrals",
            months,
            count_in(months),
            says="Referrals to a mental health team",
        )
        for months in (6, 12)
    ),
    *(
        health_count(
            _REFERRAL,
            "health_crisis_referrals",
            months,
            count_in(months, _CRISIS),
            says="Crisis referrals to a mental health team",
        )
        for months in (12, 36)
    ),
    _REFERRAL.feature(
        "health_mental_open_to_latest",
        Measure(block="referral", value=any_while("TRUE", end=open_end("closed_date"))),
        says="People with an open referral to a mental health team, latest available",
        unit=Unit.PEOPLE,
        direction=1,
        sentence=None,
    ),
    _REFERRAL.feature(
        "health_days_since_crisis_to_latest",
        Measure(
            block="referral",
            value=days_since("received_date", _CRISIS),
            fold=Fold.MIN,
            empty=None,
            never=True,
        ),
        says="Days since the last crisis referral of the last 36 months",
        unit=Unit.DAYS,
        direction=-1,
        sentence=None,
    ),
)

STRENGTHS: tuple[Feature, ...] = ()
