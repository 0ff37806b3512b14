"""More of health at the home, never shown: work, appointments, calls, beds and therapies."""

from __future__ import annotations

from features.catalogue.health import health_count, health_shelf
from features.declare import Feature, Measure
from features.measures import count_in

_NOTE = health_shelf("fit_note")
_VISIT = health_shelf("encounter")
_CALL = health_shelf("call_111")
_BED = health_shelf("admission")
_THERAPY = health_shelf("therapy")

HELPERS: dict[str, Measure] = {}

FEATURES = (
    *(
        health_count(
            _NOTE,
            "health_fit_notes",
            months,
            count_in(months),
            says="Statements of fitness for work",
        )
        for months in (3, 12)
    ),
    health_count(
        _VISIT,
        "health_appointments",
        12,
        count_in(12, "status = 'ATTENDED'"),
        says="Appointments at a practice",
    ),
    health_count(
        _VISIT,
        "health_appointments_missed",
        12,
        count_in(12, "status = 'DNA'"),
        says="Appointments at a practice that nobody came to",
    ),
    health_count(_CALL, "health_calls", 12, count_in(12), says="Calls to NHS 111"),
    health_count(
        _CALL,
        "health_calls_mental",
        12,
        count_in(12, "mental_health_option"),
        says="Calls to NHS 111 that chose the mental health option",
    ),
    health_count(
        _BED, "health_admissions", 12, count_in(12), says="Emergency admissions to hospital"
    ),
    health_count(
        _THERAPY,
        "health_talking_therapies",
        12,
        count_in(12),
        says="Referrals to talking therapies",
    ),
)

STRENGTHS: tuple[Feature, ...] = ()
