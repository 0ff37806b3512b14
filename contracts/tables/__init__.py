"""Every table that Afloat reads, declared once.

``TABLES`` maps a table's name to its declaration; ``SOURCES`` maps a source's key to its tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contracts.columns import Table
from contracts.tables import ctax, hclic, health, llpg, rent, shbe, uc, welfare

_ALL: tuple[Table, ...] = (
    *llpg.TABLES,
    *ctax.TABLES,
    *rent.TABLES,
    *hclic.TABLES,
    *welfare.TABLES,
    *uc.TABLES,
    *shbe.TABLES,
    *health.TABLES,
)

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _ALL})

SOURCES: Mapping[str, tuple[Table, ...]] = MappingProxyType(
    {
        source: tuple(table for table in _ALL if table.source == source)
        for source in dict.fromkeys(table.source for table in _ALL)
    }
)

HEALTH_SOURCES: frozenset[str] = frozenset({"gp", "mh", "ecds"})
DWP_SOURCES: frozenset[str] = frozenset({"uc", "shbe"})

__all__ = ["DWP_SOURCES", "HEALTH_SOURCES", "SOURCES", "TABLES"]
