"""School: who is there, who is away, and what changed. Nothing of a pupil's needs or conduct.

Pupils are counted together at home, so that no child is singled out. Terms are known some weeks
after they end, and names carry the window of what was known.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from contracts.columns import ColumnClass
from features.aggregates import Aggregate, Atom, Op, Values, alone
from features.catalogue.shelf import Shelf
from features.declare import Derived, Fold, Measure, Sentence, Theme, Unit
from features.measures import any_in, latest

_OWNER = "Head of Education"
_WORDS = "School records"


def _shelf(block: str) -> Shelf:
    return Shelf(theme=Theme.SCHOOL, block=block, owner=_OWNER, source_words=_WORDS)


_TERM = _shelf("term")
_SUSPENSION = _shelf("suspension")
_PUPIL = _shelf("pupil")
_PUPIL_AT = replace(_PUPIL, cls=ColumnClass.QUASI)

_TENTH = 0.1
_TWENTIETH = 0.05
_POSSIBLE = "sessions_possible > 0"
_AWAY = "sessions_authorised + sessions_unauthorised"
# The rule of meals changed in September 2026: what they say of income is only the same before.
_BY_EARNINGS = "fsm_rule_era = 'EARNINGS'"


def _sessions(value: str, months: int) -> Measure:
    """Half days of the terms that ended in some months, of those whose absences are known."""
    where = f"{_POSSIBLE} AND {_AWAY} IS NOT NULL"
    atom = Atom(op=Op.SUM, value=value, where=where, oldest=months - 1)
    return Measure(block="term", value=alone(atom))


def _another_school(months: int) -> Aggregate:
    """1 where a pupil was at two schools for the same stage of school, 0 otherwise."""
    stages = (
        "nc_year IN ('R', '1', '2', '3', '4', '5', '6')",
        "nc_year IN ('7', '8', '9', '10', '11', '12', '13')",
    )
    school = "try_cast(urn AS BIGINT)"
    atoms = tuple(
        Atom(op=op, value=school, where=stage, oldest=months - 1)
        for stage in stages
        for op in (Op.MAX, Op.MIN)
    )

    def compute(values: Sequence[Values], _k: Values, _day: Values) -> Values:
        return np.where((values[0] > values[1]) | (values[2] > values[3]), 1.0, 0.0)

    return Aggregate(
        atoms,
        "CASE WHEN coalesce({0} > {1}, FALSE) OR coalesce({2} > {3}, FALSE) THEN 1 ELSE 0 END",
        compute,
    )


HELPERS = {
    "_school_covered": Measure(block="pupil", value=any_in(12), fold=Fold.MAX),
    "_school_away_12m": _sessions(_AWAY, 12),
    "_school_possible_12m": _sessions("sessions_possible", 12),
}

FEATURES = (
    _TERM.feature(
        "school_away_share_12m",
        Derived(
            sql="CAST(_school_away_12m AS DOUBLE) / nullif(_school_possible_12m, 0)",
            inputs=("_school_away_12m", "_school_possible_12m"),
        ),
        says="Share of school that children at home were away from, terms of the last 12 months",
        unit=Unit.SHARE,
        direction=1,
        sentence=Sentence(
            one="Children at home missed more than a tenth of school {when}", above=_TENTH
        ),
        window=12,
    ),
    *_SUSPENSION.counted(
        "school_suspensions",
        (12,),
        "TRUE",
        says="Suspensions and exclusions of children at home",
        one="A child at home was suspended from school {when}",
        many="Children at home were suspended from school {n} times {when}",
    ),
    _PUPIL_AT.yes_no(
        "school_changed_12m",
        _another_school(12),
        says="A child at home was at two schools for the same stage, censuses of 12 months",
        direction=1,
        one="A child at home changed school {when}",
        window=12,
    ),
    _PUPIL.value(
        "school_free_meals",
        latest("CAST(fsm_eligible AS INTEGER)", "census_date", within=12, where=_BY_EARNINGS),
        says="A child at home had free school meals because of low earnings; unknown once every "
        "census of 12 months follows the rule of September 2026",
        unit=Unit.YES_NO,
        direction=1,
        sentence=Sentence(one="A child at home had free school meals"),
    ),
)

STRENGTHS = (
    _TERM.strengths(Theme.SCHOOL_WELL).feature(
        "strength_at_school",
        Derived(
            sql="CASE WHEN nullif(_school_possible_12m, 0) IS NULL THEN NULL "
            f"WHEN _school_away_12m < {_TWENTIETH} * _school_possible_12m "
            "AND coalesce(school_suspensions_12m, 0) = 0 THEN 1 ELSE 0 END",
            inputs=("_school_away_12m", "_school_possible_12m", "school_suspensions_12m"),
        ),
        says="Children at home were away for less than a twentieth of school, terms of the last 12 "
        "months, and none was suspended",
        unit=Unit.YES_NO,
        direction=-1,
        sentence=Sentence(one="The children at home were at school nearly every day {when}"),
        window=12,
    ),
)
