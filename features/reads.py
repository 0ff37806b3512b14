"""What a feature is made from: the columns that its value depends on, and the most sensitive class.

Read off the expressions themselves, so that it cannot say anything but what is done.
"""

from __future__ import annotations

from collections.abc import Mapping

from contracts.columns import Column, ColumnClass
from contracts.made import MADE
from contracts.made.linkage import HOUSEHOLD, SNAPSHOT
from contracts.tables import TABLES
from features.blocks import AREAS, BEFORE, BLOCKS, HOUSEHOLDS, NEIGHBOURS
from features.catalogue import COVER_HELPERS, HELPERS, MEASURES
from features.declare import Cover, Derived, Feature, Measure, words_of

_SNAPSHOT = "household_snapshot"

_ORDER = (
    ColumnClass.ORDINARY,
    ColumnClass.QUASI,
    ColumnClass.SPECIAL,
    ColumnClass.CRIMINAL,
    ColumnClass.PROTECTED,
    ColumnClass.IDENTIFIER,
    ColumnClass.SAFETY,
)


def reads(feature: Feature, *, covers: bool = True) -> Mapping[str, Column]:
    """``table.column`` to its declaration, of every column that the value depends on.

    Keys that only join rows to a household are not among them.

    Args:
        feature: The feature.
        covers: Also those that decide whether a source can speak of the household.
    """
    found: dict[str, Column] = {}
    for measure in _measures(feature.measure, covers=covers):
        found |= _reads_of(measure)
    return dict(sorted(found.items()))


def most_sensitive(feature: Feature) -> ColumnClass:
    """The most sensitive class of column that the value depends on."""
    return max((made.cls for made in reads(feature).values()), key=_ORDER.index)


def cover_of(measure: Measure) -> Cover:
    """Whom a measure can speak of."""
    if measure.cover is not None:
        return measure.cover
    return BLOCKS[measure.block].cover if measure.block in BLOCKS else Cover.EVERYONE


def covers(feature: Feature) -> tuple[Cover, ...]:
    """Whom a feature can speak of; more than one where it is made of several sources."""
    return tuple(
        dict.fromkeys(cover_of(measure) for measure in _measures(feature.measure, covers=False))
    )


def _measures(measure: Measure | Derived, *, covers: bool = True) -> list[Measure]:
    own = [MEASURES[name] for name in measure.inputs] if isinstance(measure, Derived) else [measure]
    # What is counted of the neighbours, beside the area that makes them neighbours.
    own += [MEASURES[near.sql] for near in own if near.block == NEIGHBOURS]
    helpers = [
        HELPERS[COVER_HELPERS[cover]] for cover in map(cover_of, own) if cover in COVER_HELPERS
    ]
    return [*own, *helpers] if covers else own


def _reads_of(measure: Measure) -> dict[str, Column]:
    words = words_of(measure.sql)
    if measure.block == NEIGHBOURS:
        return _household_reads(frozenset({"lsoa21"}))
    if measure.block in (HOUSEHOLDS, AREAS, BEFORE):
        return _household_reads(words)
    block = BLOCKS[measure.block]
    if "lag" in words and block.dated is not None:
        words |= {block.dated}
    table = TABLES[block.table]
    return {f"{table.name}.{name}": table[name] for name in block.columns if name in words}


def _household_reads(words: frozenset[str]) -> dict[str, Column]:
    found = {
        f"{_SNAPSHOT}.{made.name}": made
        for made in MADE[_SNAPSHOT].copied
        if made.name in words and made not in (HOUSEHOLD, SNAPSHOT)
    }
    if "income_domain" in words:
        found["area_lookup.income_domain"] = TABLES["area_lookup"]["income_domain"]
    return found
