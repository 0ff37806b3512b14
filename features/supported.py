"""Households that a crisis service was already helping at a snapshot, as known then.

They are counted and routed to that service, never hidden.
"""

from __future__ import annotations

from contracts.made.crossed import Attach
from contracts.place import Outcome
from features.known import versions_sql
from features.measures import month_of
from features.outcomes import CRISIS_REFERRAL, EMERGENCY_AWARD, OPEN_DUTY_DAYS

_OPEN_REFERRAL_DAYS = 180
"""A crisis referral lasts days to weeks; one never closed is taken as closed after this."""

_AGENTS_DAYS = 90
_AWARD_DAYS = 28

_DUTY = (
    "e.start_date <= c.snapshot_date AND coalesce(e.end_date, CASE e.duty WHEN 'MAIN' THEN "
    f"DATE '9999-12-31' ELSE e.start_date + {OPEN_DUTY_DAYS} END) > c.snapshot_date"
)
_PLACEMENT = (
    "e.start_date <= c.snapshot_date AND (e.end_date IS NULL OR e.end_date > c.snapshot_date)"
)
_AGENTS = (
    "e.stage = 'EA_REF' AND e.stage_date <= c.snapshot_date "
    f"AND e.stage_date > c.snapshot_date - {_AGENTS_DAYS}"
)
_REFERRAL = (
    f"{CRISIS_REFERRAL} AND e.received_date <= c.snapshot_date AND coalesce(e.closed_date, "
    f"e.received_date + {_OPEN_REFERRAL_DAYS}) > c.snapshot_date"
)
_AWARD = (
    f"{EMERGENCY_AWARD} AND e.decision_date <= c.snapshot_date "
    f"AND e.decision_date > c.snapshot_date - {_AWARD_DAYS}"
)

_SERVICES = {
    "duty": (Attach.CASE, "hclic_duty", _DUTY),
    "placement": (Attach.CASE, "hclic_ta", _PLACEMENT),
    "agents": (Attach.ACCOUNT, "ctax_recovery", _AGENTS),
    "referral": (Attach.PATIENT, "mh_referral", _REFERRAL),
    "award": (Attach.APPLICANT, "welfare_award", _AWARD),
}

_OF_OUTCOME = {
    Outcome.O1: ("duty", "placement"),
    Outcome.O3: ("agents",),
    Outcome.O7: ("referral",),
    Outcome.O9: ("award",),
    Outcome.EDGE: ("duty", "placement", "referral"),
}


def attaches_of(outcome: Outcome) -> tuple[Attach, ...]:
    """The attachments that :func:`supported_sql` needs."""
    return tuple(dict.fromkeys(_SERVICES[service][0] for service in _OF_OUTCOME[outcome]))


def supported_sql(outcome: Outcome, *, have: frozenset[Attach], schema: str) -> str:
    """``SELECT household_id, k`` of the households that were already being helped.

    Args:
        outcome: The outcome.
        have: Attachments that exist as tables ``attach_<key>``; services of others are left out.
        schema: The month schema.
    """
    chosen = [_SERVICES[service] for service in _OF_OUTCOME[outcome]]
    parts = [
        _service_sql(attach, versions_sql(table, schema), where)
        for attach, table, where in chosen
        if attach in have
    ]
    return " UNION ".join(parts) or "SELECT 0 AS household_id, 0 AS k WHERE FALSE"


def _service_sql(attach: Attach, versions: str, where: str) -> str:
    return f"""
        SELECT DISTINCT a.household_id, a.k
        FROM attach_{attach.value} a
        JOIN snapshot_month c ON c.k = a.k
        JOIN (SELECT *, {month_of("known_from")} AS known_month,
                     {month_of("known_to")} AS gone_month
              FROM ({versions})) e ON e.{attach.number} = a.key
        WHERE e.known_month <= a.k AND (e.gone_month IS NULL OR e.gone_month > a.k) AND {where}"""
