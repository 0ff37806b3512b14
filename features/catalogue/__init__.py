"""Every feature, declared once."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from features.catalogue import benefits, council_tax, health, household, rent, support
from features.declare import Cover, Feature, Measure

_SHELVES = (council_tax, rent, benefits, support, health, household)

CATALOGUE: tuple[Feature, ...] = (
    *(feature for shelf in _SHELVES for feature in shelf.FEATURES),
    *(feature for shelf in _SHELVES for feature in shelf.STRENGTHS),
)

BY_NAME: Mapping[str, Feature] = MappingProxyType({feature.name: feature for feature in CATALOGUE})

HELPERS: Mapping[str, Measure] = MappingProxyType(
    {name: measure for shelf in _SHELVES for name, measure in shelf.HELPERS.items()}
)
"""Values that features are made of and that are no features themselves."""

COVER_HELPERS: Mapping[Cover, str] = MappingProxyType(
    {
        Cover.CTAX: "_ctax_covered",
        Cover.RENT: "_rent_covered",
        Cover.UC: "_uc_covered",
        Cover.SHBE: "_hb_covered",
        Cover.HEALTH: "_health_covered",
    }
)
"""The helper that is 1 where a household is covered."""

WINDOWS: tuple[int, ...] = (1, 3, 6, 12)
"""The windows that a place may choose from; longer ones belong to a feature's meaning."""

__all__ = ["BY_NAME", "CATALOGUE", "COVER_HELPERS", "HELPERS", "WINDOWS"]
