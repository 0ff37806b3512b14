"""Every feature, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from features.blocks import AREAS, BLOCKS, NEIGHBOURS
from features.catalogue import (
    accounts,
    across,
    awards,
    benefits,
    care,
    council_tax,
    deductions,
    family,
    health,
    household,
    more_health,
    more_help,
    neighbours,
    payments,
    register,
    rent,
    school,
    support,
)
from features.declare import Cover, Derived, Feature, Measure

_SHELVES = (
    council_tax,
    accounts,
    rent,
    payments,
    benefits,
    deductions,
    awards,
    support,
    more_help,
    register,
    school,
    family,
    care,
    across,
    health,
    more_health,
    household,
    neighbours,
)

_DECLARED: tuple[Feature, ...] = (
    *(feature for shelf in _SHELVES for feature in shelf.FEATURES),
    *(feature for shelf in _SHELVES for feature in shelf.STRENGTHS),
)

HELPERS: Mapping[str, Measure] = MappingProxyType(
    {name: measure for shelf in _SHELVES for name, measure in shelf.HELPERS.items()}
)
"""Values that features are made of and that are no features themselves."""

MEASURES: Mapping[str, Measure] = MappingProxyType(
    dict(HELPERS)
    | {made.name: made.measure for made in _DECLARED if isinstance(made.measure, Measure)}
)
"""Every value that is counted from rows, by the name of its feature or helper."""


def sources_of(measure: Measure) -> tuple[str, ...]:
    """Sources without which a measure is unknown."""
    if measure.block == NEIGHBOURS:
        return sources_of(MEASURES[measure.sql])
    if measure.block == AREAS:
        return ("area",)
    return BLOCKS[measure.block].sources if measure.block in BLOCKS else ()


def _with_sources(feature: Feature) -> Feature:
    names = feature.measure.inputs if isinstance(feature.measure, Derived) else (feature.name,)
    found: dict[str, None] = {}
    for measure in (MEASURES[name] for name in names):
        found |= dict.fromkeys(sources_of(measure))
    return replace(feature, sources=tuple(found))


CATALOGUE: tuple[Feature, ...] = tuple(map(_with_sources, _DECLARED))

BY_NAME: Mapping[str, Feature] = MappingProxyType({feature.name: feature for feature in CATALOGUE})

COVER_HELPERS: Mapping[Cover, str] = MappingProxyType(
    {
        Cover.CTAX: "_ctax_covered",
        Cover.RENT: "_rent_covered",
        Cover.UC: "_uc_covered",
        Cover.SHBE: "_hb_covered",
        Cover.SCHOOL: "_school_covered",
        Cover.HEALTH: "_health_covered",
    }
)
"""The helper that is 1 where a household is covered."""

WINDOWS: tuple[int, ...] = (1, 3, 6, 12)
"""The windows that a place may choose from; longer ones belong to a feature's meaning."""

__all__ = ["BY_NAME", "CATALOGUE", "COVER_HELPERS", "HELPERS", "MEASURES", "WINDOWS", "sources_of"]
