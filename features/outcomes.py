"""What counts as a crisis: SQL of every event from which the labels are made.

Labels look ahead, so these read rows as they are known at the index date, not at the snapshot, and
they may read what an extract only holds after an outcome. No feature is made here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from contracts.made.crossed import Attach
from contracts.place import Outcome
from features.known import as_known_sql
from features.timeline import Timeline

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
        sql: ``SELECT key, event_date`` as known at the index date of a timeline.
        settle_days: How long after an event's date its record, and all it needs, may still come.
        duties: Duties that count; None for every part that is not a duty.
    """

    attach: Attach
    sources: tuple[tuple[str, ...], ...]
    sql: Callable[[Timeline], str]
    settle_days: int
    duties: tuple[str, ...] | None = None


def _known(table: str, line: Timeline) -> str:
    return as_known_sql(table, line.schema, line.index_date)


def duties_sql(line: Timeline, duties: tuple[str, ...]) -> str:
    """Duties of some kinds with a last day: of those never closed, the one they are given."""
    kinds = ", ".join(f"'{duty}'" for duty in duties)
    return f"""
        SELECT case_ref_no AS key, start_date AS event_date, coalesce(end_date, CASE duty
                   WHEN 'MAIN' THEN DATE '9999-12-31'
                   ELSE start_date + {OPEN_DUTY_DAYS} END) AS last_date
        FROM ({_known("hclic_duty", line)}) WHERE duty IN ({kinds})"""


def _actions_sql(line: Timeline, groups: str) -> str:
    return f"""
        SELECT pay_ref_no AS key, action_date AS event_date
        FROM ({_known("rent_action", line)}) WHERE action_group IN ({groups})"""


def _enforcement_sql(line: Timeline) -> str:
    """Liability orders passed to enforcement agents within 90 days, unless withdrawn meanwhile.

    A stage that became ``WITHDRAWN`` is gone by itself, as its latest version no longer is what it
    was. A row that was never anything else withdraws the order before it.
    """
    near = f"BETWEEN lo.stage_date AND lo.stage_date + {_ENFORCED_WITHIN}"
    return f"""
        WITH stage AS ({_known("ctax_recovery", line)}),
        was AS (
            SELECT DISTINCT recovery_id_no FROM {line.schema}.ctax_recovery
            WHERE stage <> 'WITHDRAWN')
        SELECT lo.account_ref_no AS key, lo.stage_date AS event_date
        FROM stage lo
        WHERE lo.stage = 'LO' AND lo.debt_at_stage >= {_ENFORCED_FROM}
          AND EXISTS (SELECT 1 FROM stage o WHERE o.account_ref_no = lo.account_ref_no
                      AND o.stage = 'EA_REF' AND o.stage_date {near})
          AND NOT EXISTS (SELECT 1 FROM stage o WHERE o.account_ref_no = lo.account_ref_no
                          AND o.stage = 'WITHDRAWN' AND o.stage_date {near}
                          AND o.recovery_id_no NOT IN (SELECT recovery_id_no FROM was))"""


def _crisis_sql(line: Timeline, *, referrals: bool, attendances: bool) -> str:
    parts = []
    if referrals:
        parts.append(
            "SELECT nhs_pid_no AS key, received_date AS event_date "
            f"FROM ({_known('mh_referral', line)}) WHERE {CRISIS_REFERRAL}"
        )
    if attendances:
        parts.append(
            "SELECT nhs_pid_no AS key, CAST(arrival_ts AS DATE) AS event_date "
            f"FROM ({_known('ae_attendance', line)}) WHERE {_MENTAL_ATTENDANCE}"
        )
    return " UNION ALL ".join(parts)


def _high_use_sql(line: Timeline) -> str:
    """The attendance that made five at a major department within 365 days."""
    return f"""
        SELECT key, event_date
        FROM (
            SELECT *, lag(visits) OVER (PARTITION BY key ORDER BY arrival_ts, att_id_no) AS before
            FROM (
                SELECT a.nhs_pid_no AS key, a.att_id_no, a.arrival_ts,
                       CAST(a.arrival_ts AS DATE) AS event_date,
                       count(*) OVER (PARTITION BY a.nhs_pid_no ORDER BY a.arrival_ts
                           RANGE BETWEEN INTERVAL 365 DAY PRECEDING AND CURRENT ROW) AS visits
                FROM ({_known("ae_attendance", line)}) a
                LEFT JOIN (
                    SELECT nhs_pid_no, min(birth_year * 12 + birth_month - 1) AS born
                    FROM ({_known("gp_patient", line)}) GROUP BY nhs_pid_no) p
                  ON p.nhs_pid_no = a.nhs_pid_no
                WHERE a.dept_type = '01'
                  AND (a.attendance_category IS NULL OR a.attendance_category <> '2')
                  AND (p.born IS NULL OR year(a.arrival_ts) * 12 + month(a.arrival_ts) - 1 - p.born
                       >= {_YOUNGEST_MONTHS})))
        WHERE visits >= {_HIGH_USE} AND coalesce(before, 0) < {_HIGH_USE}"""


def _awards_sql(line: Timeline) -> str:
    return f"""
        SELECT person_local_id_no AS key, decision_date AS event_date
        FROM ({_known("welfare_award", line)}) WHERE {EMERGENCY_AWARD}"""


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
            sql=lambda line: _crisis_sql(line, **crisis),
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
        sql=lambda line: duties_sql(line, duties),
        settle_days=14,
        duties=duties,
    )


def _action_events(groups: str) -> Events:
    return Events(
        attach=Attach.RENT_ACCOUNT,
        sources=(("rent",),),
        sql=lambda line: _actions_sql(line, groups),
        settle_days=14,
    )
