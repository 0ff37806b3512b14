"""Which values a place's sources allow, and the SQL of every feature that is made of them."""

from __future__ import annotations

from contracts.place import Place
from features.blocks import AREAS, HOUSEHOLDS, NEIGHBOURS
from features.catalogue import CATALOGUE, MEASURES, WINDOWS, sources_of
from features.declare import Derived, Feature, Measure
from features.neighbours import helpers_of, known_sql, share_sql

_NULL = "CAST(NULL AS DOUBLE)"
_DIRECT = (HOUSEHOLDS, AREAS, NEIGHBOURS)


class Plan:
    """What of the catalogue a place can have."""

    def __init__(self, place: Place) -> None:
        self._sources = frozenset(place.sources)
        self._windows = frozenset(place.windows.months)
        self.counted = {name: m for name, m in MEASURES.items() if self._has(m)}
        """Every measure that is made, by name."""

    @property
    def blocks(self) -> tuple[str, ...]:
        """Blocks that are counted from rows, in a fixed order."""
        blocks = dict.fromkeys(m.block for m in self.counted.values())
        return tuple(name for name in blocks if name not in _DIRECT)

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

    @property
    def near(self) -> tuple[str, ...]:
        """Helpers whose share among neighbours is asked for."""
        return helpers_of(self.counted)

    def select(self, values: str) -> str:
        """A ``SELECT`` of every feature, in the catalogue's order.

        Args:
            values: A ``SELECT`` of ``household_id``, ``snapshot_date``, every measure, and of the
                area what :func:`features.neighbours.totals_sql` counts.
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

    def _has(self, measure: Measure) -> bool:
        return self._sources.issuperset(sources_of(measure))

    def _known(self, name: str, measure: Measure) -> str:
        if name not in self.counted:
            return _NULL
        return share_sql(measure.sql) if measure.block == NEIGHBOURS else known_sql(name, measure)

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
