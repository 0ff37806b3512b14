"""Which values a place's sources allow, and the SQL of every feature that is made of them."""

from __future__ import annotations

from contracts.place import Place
from features.blocks import AREAS, BLOCKS, HOUSEHOLDS
from features.catalogue import CATALOGUE, COVER_HELPERS, MEASURES, WINDOWS
from features.declare import Cover, Derived, Feature, Measure
from features.reads import cover_of

_NULL = "CAST(NULL AS DOUBLE)"


class Plan:
    """What of the catalogue a place can have."""

    def __init__(self, place: Place) -> None:
        self._sources = frozenset(place.sources)
        self._windows = frozenset(place.windows.months)
        self.counted = {name: m for name, m in MEASURES.items() if self._has(m.block)}
        """Every measure that is made, by name."""

    @property
    def blocks(self) -> tuple[str, ...]:
        """Blocks that are counted from rows, in a fixed order."""
        blocks = dict.fromkeys(m.block for m in self.counted.values())
        return tuple(name for name in blocks if name not in (HOUSEHOLDS, AREAS))

    def measures(self, block: str) -> dict[str, Measure]:
        """The measures of a block, by name."""
        return {name: m for name, m in self.counted.items() if m.block == block}

    def direct_columns(self) -> str:
        """Values that are read from the household itself and from its area."""
        return ", ".join(
            f"CAST({m.sql} AS DOUBLE) AS {name}"
            for name, m in self.counted.items()
            if m.block in (HOUSEHOLDS, AREAS)
        )

    def select(self, values: str) -> str:
        """A ``SELECT`` of every feature, in the catalogue's order.

        Args:
            values: A ``SELECT`` of ``household_id``, ``snapshot_date`` and every measure.
        """
        features = ", ".join(f"{self._final(feature)} AS {feature.name}" for feature in CATALOGUE)
        known = ",\n                   ".join(
            f"{self._known(name, measure)} AS {name}" for name, measure in MEASURES.items()
        )
        return f"""
            SELECT household_id, snapshot_date, {features}
            FROM (SELECT v.household_id, v.snapshot_date, {known} FROM ({values}) v)"""

    def unknown(self) -> tuple[str, ...]:
        """Features that nobody here can have."""
        return tuple(feature.name for feature in CATALOGUE if self._final(feature) == _NULL)

    def _has(self, block: str) -> bool:
        needed: tuple[str, ...] = ()
        if block in BLOCKS:
            needed = BLOCKS[block].sources
        elif block == AREAS:
            needed = ("area",)
        return self._sources.issuperset(needed)

    def _known(self, name: str, measure: Measure) -> str:
        """As it is known of a household: NULL where it is not covered, empty where nothing is."""
        if name not in self.counted:
            return _NULL
        value = f"v.{name}"
        if measure.empty is not None:
            value = f"coalesce({value}, {measure.empty})"
        cover = cover_of(measure)
        if cover is Cover.EVERYONE or name in COVER_HELPERS.values():
            return value
        return f"CASE WHEN v.{COVER_HELPERS[cover]} = 1 THEN {value} END"

    def _final(self, feature: Feature) -> str:
        if feature.window in WINDOWS and feature.window not in self._windows:
            return _NULL
        measure = feature.measure
        if isinstance(measure, Measure):
            return feature.name if feature.name in self.counted else _NULL
        return f"CAST({measure.sql} AS DOUBLE)" if self._derivable(measure) else _NULL

    def _derivable(self, derived: Derived) -> bool:
        have = [name in self.counted for name in derived.inputs]
        return any(have) if derived.any_source else all(have)
