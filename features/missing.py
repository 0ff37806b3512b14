"""Why a value is not there, and what each source can say of a household.

Three things look alike and are not: the place has no such source; the source has nothing of the
household, which is a fact; and it is not known, because no record could be matched to the household
or a record was left blank. A source that only holds those who came to it cannot tell the second
from a record that was not matched: of these, nothing found counts as nothing recorded.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum

import duckdb
import polars as pl

from contracts.place import Place
from contracts.warehouse import month_schema
from features.catalogue import CATALOGUE, MEASURES, WINDOWS, sources_of
from features.declare import Cover, Derived, Feature
from features.reads import cover_of, covers

Values = Mapping[str, float | None]


class Missing(StrEnum):
    """Why a feature has no value."""

    ABSENT = "ABSENT"
    NOT_FOUND = "NOT_FOUND"
    BLANK = "BLANK"
    NEVER = "NEVER"
    NOT_CHOSEN = "NOT_CHOSEN"

    @property
    def says(self) -> str:
        """In plain words."""
        return _WHY[self]


_WHY = {
    Missing.ABSENT: "the place has no such source",
    Missing.NOT_FOUND: "not known: no record of the source reaches the household",
    Missing.BLANK: "not known: its records do not say",
    Missing.NEVER: "nothing of the kind was recorded",
    Missing.NOT_CHOSEN: "the place did not choose this window",
}


class State(StrEnum):
    """What a source can say of a household."""

    REACHED = "REACHED"
    NOTHING = "NOTHING"
    NOT_FOUND = "NOT_FOUND"
    ABSENT = "ABSENT"

    @property
    def says(self) -> str:
        """In plain words."""
        return _STATES[self]


_STATES = {
    State.REACHED: "its records reach the household",
    State.NOTHING: "it has nothing of the household",
    State.NOT_FOUND: "not known: no record of it reaches the household",
    State.ABSENT: "the place has no such source",
}

_OF_COVER = {
    cover: tuple(feature.name for feature in CATALOGUE if covers(feature) == (cover,))
    for cover in Cover
}
_OPEN_DATA = "area"


def _of_source(source: str) -> tuple[Cover, tuple[str, ...]]:
    """Whom a source can speak of, and the features that tell whether it speaks of a household.

    A source that speaks of some households alone also has features that everybody has, such as
    whether a household is in its feed; they tell nothing of that.
    """
    own = [
        (covers(feature)[0], feature.name)
        for feature in CATALOGUE
        if feature.sources in ((source,), ("gp", source)) and len(covers(feature)) == 1
    ]
    cover = next((cover for cover, _ in own if cover is not Cover.EVERYONE), Cover.EVERYONE)
    return cover, tuple(name for its, name in own if its is cover)


_OF_SOURCE = {
    source: _of_source(source)
    for source in dict.fromkeys(source for feature in CATALOGUE for source in feature.sources)
}
SOURCES: tuple[str, ...] = tuple(_OF_SOURCE)
"""Every source that features are made of."""


def reached(values: Values) -> frozenset[Cover]:
    """The covers that a household is in: of the sources of others nothing is known of it."""
    found = (c for c, names in _OF_COVER.items() if any(values.get(n) is not None for n in names))
    return frozenset({Cover.EVERYONE, *found})


def why_missing(
    feature: Feature,
    covered: Collection[Cover],
    *,
    sources: Collection[str],
    windows: Collection[int],
) -> Missing:
    """Why a feature has no value for a household.

    Args:
        feature: The feature; its value is None.
        covered: What :func:`reached` says of the household.
        sources: The sources of the place.
        windows: The windows that the place chose, in months.
    """
    if feature.window in WINDOWS and feature.window not in windows:
        return Missing.NOT_CHOSEN
    measure = feature.measure
    if isinstance(measure, Derived):
        parts, never = [MEASURES[name] for name in measure.inputs], False
    else:
        parts, never = [measure], measure.never
    # Where one source is enough, those that are there decide.
    every = any if isinstance(measure, Derived) and measure.any_source else all
    if not every(set(sources_of(part)) <= set(sources) for part in parts):
        return Missing.ABSENT
    if not every(cover_of(part) in covered for part in parts):
        return Missing.NOT_FOUND
    return Missing.NEVER if never else Missing.BLANK


def state_of(source: str, values: Values, *, sources: Collection[str]) -> State:
    """What a source can say of a household.

    Args:
        source: One of :data:`SOURCES`.
        values: The household's values.
        sources: The sources of the place.
    """
    if source not in sources:
        return State.ABSENT
    cover, names = _OF_SOURCE[source]
    known = [values.get(name) for name in names]
    if cover is Cover.EVERYONE and source != _OPEN_DATA:
        return State.REACHED if any(known) else State.NOTHING
    return State.REACHED if any(value is not None for value in known) else State.NOT_FOUND


def source_states(con: duckdb.DuckDBPyConnection, *, place: Place, month: date) -> pl.DataFrame:
    """Households by source and state at the index date; every state that is there has a row.

    Args:
        con: The modelling zone, with the month's features.
        place: Its sources.
        month: Index date.
    """
    columns = ", ".join(f"{_state_sql(source, place)} AS {source}" for source in SOURCES)
    found: pl.DataFrame = con.sql(f"""
        UNPIVOT (SELECT {columns} FROM {month_schema(month)}.feature
                 WHERE snapshot_date = (SELECT max(snapshot_date)
                                        FROM {month_schema(month)}.feature))
        ON * INTO NAME source VALUE state""").pl()
    return found.group_by("source", "state").agg(households=pl.len()).sort("source", "state")


def _state_sql(source: str, place: Place) -> str:
    if source not in place.sources:
        return f"'{State.ABSENT}'"
    cover, names = _OF_SOURCE[source]
    if cover is Cover.EVERYONE and source != _OPEN_DATA:
        some = " OR ".join(f"coalesce({name}, 0) <> 0" for name in names)
        return f"CASE WHEN {some} THEN '{State.REACHED}' ELSE '{State.NOTHING}' END"
    known = f"coalesce({', '.join(names)}) IS NOT NULL"
    return f"CASE WHEN {known} THEN '{State.REACHED}' ELSE '{State.NOT_FOUND}' END"
