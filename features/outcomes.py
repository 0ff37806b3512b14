"""What counts as a crisis: SQL of every event from which the labels are made.

Labels look ahead, so these read rows as they are known at the index date, not at the snapshot, and
they may read what an extract only holds after an outcome. No feature is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from contracts.asof import RAW, as_known_sql
from contracts.place import Outcome
from features.declare import Attach

QUIET_DAYS = 180
"""A duty is a new event only after this long without one."""

OPEN_DUTY_DAYS = 365
"""A prevention or relief duty lasts 56 days. One that was never closed is taken to have ended after
a year, or a lapse of keying would hide every later approach of the household."""

CRISIS_REFERRAL = (
    "(team_type IN ('A02', 'A19', 'A20', 'A21', 'A22') OR clin_resp_priority IN ('1', '4'))"
)
EMERGENCY_AWARD = (
    "decision = 'AWARDED' AND route IN ('APPLIED', 'REFERRED') "
    "AND scheme IN ('DHP', 'LWA', 'HSF', 'CRF_CRISIS', 'CRF_HOUSING') "
    "AND need IN ('FOOD', 'ENERGY', 'ARREARS', 'RENT_SHORTFALL_RSRS', 'RENT_SHORTFALL_LHA', "
    "'DEPOSIT_RIA')"
)
_MENTAL_ATTENDANCE = (
    "diagnosis_group IN ('SELF_HARM', 'OTHER_MH') "
    "AND (attendance_category IS NULL OR attendance_category <> '2')"
)
_ENFORCED_FROM = 250
_ENFORCED_WITHIN = 90
_HIGH_USE = 5
_YOUNGEST_MONTHS = 60


class Part(StrEnum):
    """A kind of event. The composite is made of these; some are outcomes of their own."""

    O1 = "O1"
    O1_SEVERE = "O1r"
    O2 = "O2"
    O2_SEVERE = "O2s"
    O3 = "O3"
    O7 = "O7"
    O8 = "O8"
    O9 = "O9"


ALONE = (Part.O1_SEVERE, Part.O2_SEVERE, Part.O7)
"""One of these is an edge of crisis."""

TOGETHER = (Part.O1, Part.O2, Part.O3, Part.O8, Part.O9)
"""Two different ones of these are an edge of crisis."""


@dataclass(frozen=True, kw_only=True)
class Events:
    """Where the events of a part come from.

    Attributes:
        attach: How they reach a household.
        sources: Each inner tuple is enough: the part exists where all sources of one are present.
        sql: ``SELECT key, event_date`` as known on a day.
        settle_days: How long after an event's date its record, and all it needs, may still come.
        duties: Duties that count; None for every part that is not a duty.
    """

    attach: Attach
    sources: tuple[tuple[str, ...], ...]
    sql: Callable[[date], str]
    settle_days: int
    duties: tuple[str, ...] | None = None


def duties_sql(on: date, duties: tuple[str, ...]) -> str:
    """Duties of some kinds with a last day: of those never closed, the one they are given."""
    kinds = ", ".join(f"'{duty}'" for duty in duties)
    return f"""
        SELECT case_ref AS key, start_date AS event_date, coalesce(end_date, CASE duty
                   WHEN 'MAIN' THEN DATE '9999-12-31'
                   ELSE start_date + {OPEN_DUTY_DAYS} END) AS last_date
        FROM ({as_known_sql("hclic_duty", on)}) WHERE duty IN ({kinds})"""


def _actions_sql(on: date, groups: str) -> str:
    return f"""
        SELECT pay_ref AS key, action_date AS event_date
        FROM ({as_known_sql("rent_action", on)}) WHERE action_group IN ({groups})"""


def _enforcement_sql(on: date) -> str:
    """Liability orders passed to enforcement agents within 90 days, unless withdrawn meanwhile.

    A stage that became ``WITHDRAWN`` is gone by itself, as its latest version no longer is what it
    was. A row that was never anything else withdraws the order before it.
    """
    near = f"BETWEEN lo.stage_date AND lo.stage_date + {_ENFORCED_WITHIN}"
    return f"""
        WITH stage AS ({as_known_sql("ctax_recovery", on)}),
        was AS (
            SELECT DISTINCT recovery_id FROM {RAW}.ctax_recovery
            WHERE recorded_date <= DATE '{on}' AND stage <> 'WITHDRAWN')
        SELECT lo.account_ref AS key, lo.stage_date AS event_date
        FROM stage lo
        WHERE lo.stage = 'LO' AND lo.debt_at_stage >= {_ENFORCED_FROM}
          AND EXISTS (SELECT 1 FROM stage o WHERE o.account_ref = lo.account_ref
                      AND o.stage = 'EA_REF' AND o.stage_date {near})
          AND NOT EXISTS (SELECT 1 FROM stage o WHERE o.account_ref = lo.account_ref
                          AND o.stage = 'WITHDRAWN' AND o.stage_date {near}
                          AND o.recovery_id NOT IN (SELECT recovery_id FROM was))"""


def _crisis_sql(on: date, *, referrals: bool, attendances: bool) -> str:
    parts = []
    if referrals:
        parts.append(
            "SELECT nhs_pid AS key, received_date AS event_date "
            f"FROM ({as_known_sql('mh_referral', on)}) WHERE {CRISIS_REFERRAL}"
        )
    if attendances:
        parts.append(
            "SELECT nhs_pid AS key, CAST(arrival_ts AS DATE) AS event_date "
            f"FROM ({as_known_sql('ae_attendance', on)}) WHERE {_MENTAL_ATTENDANCE}"
        )
    return " UNION ALL ".join(parts)


def _high_use_sql(on: date) -> str:
    """The attendance that made five at a major department within 365 days."""
    return f"""
        SELECT key, event_date
        FROM (
            SELECT *, lag(visits) OVER (PARTITION BY key ORDER BY arrival_ts, att_id) AS before
            FROM (
                SELECT a.nhs_pid AS key, a.att_id, a.arrival_ts,
                       CAST(a.arrival_ts AS DATE) AS event_date,
                       count(*) OVER (PARTITION BY a.nhs_pid ORDER BY a.arrival_ts
                           RANGE BETWEEN INTERVAL 365 DAY PRECEDING AND CURRENT ROW) AS visits
                FROM ({as_known_sql("ae_attendance", on)}) a
                LEFT JOIN (
                    SELECT nhs_pid, min(birth_year * 12 + birth_month - 1) AS born
                    FROM ({as_known_sql("gp_patient", on)}) GROUP BY nhs_pid) p
                  ON p.nhs_pid = a.nhs_pid
                WHERE a.dept_type = '01'
                  AND (a.attendance_category IS NULL OR a.attendance_category <> '2')
                  AND (p.born IS NULL OR year(a.arrival_ts) * 12 + month(a.arrival_ts) - 1 - p.born
                       >= {_YOUNGEST_MONTHS})))
        WHERE visits >= {_HIGH_USE} AND coalesce(before, 0) < {_HIGH_USE}"""


def _awards_sql(on: date) -> str:
    return f"""
        SELECT person_local_id AS key, decision_date AS event_date
        FROM ({as_known_sql("welfare_award", on)}) WHERE {EMERGENCY_AWARD}"""


def events_of(sources: frozenset[str]) -> Mapping[Part, Events]:
    """The parts that a place's sources allow, and where their events come from."""
    crisis = {"referrals": "mh" in sources, "attendances": "ecds" in sources}
    every = {
        Part.O1: _duty_events("PREVENTION", "RELIEF"),
        Part.O1_SEVERE: _duty_events("RELIEF", "MAIN"),
        Part.O2: _action_events("'ORDER', 'WARRANT', 'EVICTED'"),
        Part.O2_SEVERE: _action_events("'WARRANT', 'EVICTED'"),
        Part.O3: Events(
            attach=Attach.ACCOUNT,
            sources=(("ctax",),),
            sql=_enforcement_sql,
            settle_days=_ENFORCED_WITHIN + 14,
        ),
        Part.O7: Events(
            attach=Attach.PATIENT,
            sources=(("gp", "mh"), ("gp", "ecds")),
            sql=lambda on: _crisis_sql(on, **crisis),
            settle_days=75,
        ),
        Part.O8: Events(
            attach=Attach.PATIENT, sources=(("gp", "ecds"),), sql=_high_use_sql, settle_days=75
        ),
        Part.O9: Events(
            attach=Attach.APPLICANT, sources=(("welfare",),), sql=_awards_sql, settle_days=14
        ),
    }
    return MappingProxyType(
        {
            part: events
            for part, events in every.items()
            if any(sources.issuperset(enough) for enough in events.sources)
        }
    )


def parts_of(outcome: Outcome) -> tuple[Part, ...]:
    """The parts of an outcome."""
    return (*ALONE, *TOGETHER) if outcome is Outcome.EDGE else (Part(outcome.value),)


def _duty_events(*duties: str) -> Events:
    return Events(
        attach=Attach.CASE,
        sources=(("hclic",),),
        sql=lambda on: duties_sql(on, duties),
        settle_days=14,
        duties=duties,
    )


def _action_events(groups: str) -> Events:
    return Events(
        attach=Attach.RENT_ACCOUNT,
        sources=(("rent",),),
        sql=lambda on: _actions_sql(on, groups),
        settle_days=14,
    )
