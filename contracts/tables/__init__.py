"""Every table that Afloat reads, declared once.

``TABLES`` maps a table's name to its declaration; ``SOURCES`` maps a source's key to its tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from contracts.columns import Table
from contracts.tables import (
    asc,
    crosswalk,
    cs,
    cs_process,
    ctax,
    ecds,
    gp,
    hclic,
    hreg,
    llpg,
    mh,
    others,
    rent,
    school,
    shbe,
    uc,
    welfare,
)

_ALL: tuple[Table, ...] = (
    *llpg.TABLES,
    *ctax.TABLES,
    *rent.TABLES,
    *hclic.TABLES,
    *hreg.TABLES,
    *welfare.TABLES,
    *uc.TABLES,
    *shbe.TABLES,
    *asc.TABLES,
    *cs.TABLES,
    *cs_process.TABLES,
    *school.TABLES,
    *others.TABLES,
    *crosswalk.TABLES,
    *gp.TABLES,
    *ecds.TABLES,
    *mh.TABLES,
)

TABLES: Mapping[str, Table] = MappingProxyType({table.name: table for table in _ALL})

SOURCES: Mapping[str, tuple[Table, ...]] = MappingProxyType(
    {
        source: tuple(table for table in _ALL if table.source == source)
        for source in dict.fromkeys(table.source for table in _ALL)
    }
)

HEALTH_SOURCES: frozenset[str] = frozenset({"gp", "mh", "ecds"})
DWP_SOURCES: frozenset[str] = frozenset({"uc", "shbe", "dwp_other"})
# Their use is restricted or easily goes wrong: a place that has one says why it may.
OFF_BY_DEFAULT: frozenset[str] = frozenset({"asb", "elect"})

__all__ = ["DWP_SOURCES", "HEALTH_SOURCES", "OFF_BY_DEFAULT", "SOURCES", "TABLES"]
