"""Several things at once: in how many parts of life, since when, and for how long.

Council tax, rent, emergency help and housing are told together, because a crisis seldom has one
cause. Benefits are not among them: what DWP told stays with those who may see it.
"""

from __future__ import annotations

from features.catalogue.shelf import Shelf
from features.declare import Derived, Feature, Fold, Measure, Sentence, Theme, Unit
from features.measures import any_in, months_with

_SEVERAL = Shelf(
    theme=Theme.SEVERAL,
    block="recovery",
    owner="Head of Data",
    source_words="Council tax, rent, welfare support and housing records",
)

_STAGE = "stage NOT IN ('WITHDRAWN', 'PAID', 'INFO')"
_STEP = (
    "action_group IN ('PRE_NOTICE', 'NOTICE', 'PRE_COURT', 'COURT', 'ORDER', "
    "'BREACH_ORDER', 'WARRANT', 'EVICTED')"
)
_ASKED = "route IN ('APPLIED', 'REFERRED')"
_PARTS = {
    "tax": ("recovery", _STAGE),
    "rent": ("action", _STEP),
    "costs": ("award", _ASKED),
    "home": ("case", "TRUE"),
}


def _parts(months: int, youngest: int = 0) -> tuple[str, ...]:
    return tuple(f"_{part}_{youngest}_{months}" for part in _PARTS)


def _sum(names: tuple[str, ...]) -> str:
    return " + ".join(f"coalesce({name}, 0)" for name in names)


def _new(months: int, before: int) -> str:
    """How many came in some months and not before them."""
    return " + ".join(
        f"CASE WHEN {now} = 1 AND {then} = 0 THEN 1 ELSE 0 END"
        for now, then in zip(_parts(months), _parts(before, months), strict=True)
    )


def _of_known(names: tuple[str, ...], value: str) -> str:
    """The value of those parts that are known; unknown where none is."""
    return f"CASE WHEN coalesce({', '.join(names)}) IS NULL THEN NULL ELSE {value} END"


def _any(months: int, youngest: int = 0) -> dict[str, Measure]:
    return {
        f"_{part}_{youngest}_{months}": Measure(
            block=block, value=any_in(months, where, youngest=youngest), fold=Fold.MAX
        )
        for part, (block, where) in _PARTS.items()
    }


HELPERS = {
    **_any(3),
    **_any(12),
    **_any(12, 3),
    "_tax_months": Measure(block="recovery", value=months_with(12, _STAGE), fold=Fold.MAX),
    "_rent_months": Measure(block="action", value=months_with(12, _STEP), fold=Fold.MAX),
}


def _kinds(months: int) -> Feature:
    names = _parts(months)
    return _SEVERAL.feature(
        f"several_kinds_{months}m",
        Derived(sql=_of_known(names, _sum(names)), inputs=names, any_source=True),
        says="Of council tax, rent, emergency help and housing, how many brought a letter, a step "
        f"towards court or a request for help, last {months} months",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="There were letters or requests for help about {n} different things {when}",
            above=1.0,
        ),
        window=months,
    )


FEATURES = (
    _kinds(3),
    _kinds(12),
    _SEVERAL.feature(
        "several_new_3m",
        Derived(
            sql=_of_known(_parts(3), _new(3, 12)),
            inputs=(*_parts(3), *_parts(12, 3)),
            any_source=True,
        ),
        says="How many of these in the last 3 months and not in the 9 months before",
        unit=Unit.TIMES,
        direction=1,
        sentence=Sentence(
            one="There was a letter or a request for help about something new {when}",
            many="There were letters or requests for help about {n} new things {when}",
        ),
        window=3,
    ),
    _SEVERAL.feature(
        "several_months_12m",
        Derived(
            sql="greatest(_tax_months, _rent_months)",
            inputs=("_tax_months", "_rent_months"),
            any_source=True,
        ),
        says="In how many of the last 12 months letters or steps towards court came, for council "
        "tax or for rent, the larger of both",
        unit=Unit.MONTHS,
        direction=1,
        sentence=Sentence(
            one="Letters about council tax or rent came in one of the last 12 months",
            many="Letters about council tax or rent came in {n} of the last 12 months",
        ),
        window=12,
    ),
)

STRENGTHS: tuple[Feature, ...] = ()
