"""The three zones of a place, and which class of column may lie in which.

Identity holds all that was delivered and all that linking people and homes needs. Modelling holds
households by number, without anything that says who they are. Audit holds the groups that the
equity audit compares. Each is a file of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from contracts.columns import Column, ColumnClass


class Zone(StrEnum):
    """One of the three files of a place; the value names the file and DuckDB's catalog."""

    IDENTITY = "identity"
    MODELLING = "modelling"
    AUDIT = "audit"


_FREELY: Mapping[Zone, frozenset[ColumnClass]] = MappingProxyType(
    {
        Zone.IDENTITY: frozenset(ColumnClass),
        Zone.MODELLING: frozenset({ColumnClass.ORDINARY, ColumnClass.QUASI}),
        Zone.AUDIT: frozenset({ColumnClass.ORDINARY, ColumnClass.QUASI, ColumnClass.PROTECTED}),
    }
)

# Only what is derived from these, and says so in its declaration, may lie in the modelling zone. A
# direct identifier and a protected characteristic have no such way.
_PERMITTABLE = frozenset({ColumnClass.SPECIAL, ColumnClass.CRIMINAL, ColumnClass.SAFETY})


def codes_withheld(column: Column, zone: Zone) -> tuple[str, ...]:
    """Codes of a column that may lie in a zone, which by their own class may not."""
    return tuple(
        code
        for code, cls in sorted(column.code_classes.items())
        if cls is not column.cls and cls not in _FREELY[zone]
    )


def may_lie(column: Column, zone: Zone) -> bool:
    """Whether a column may lie in a zone, by its class and its declared permission alone."""
    if column.cls in _FREELY[zone]:
        return True
    permitted = column.permitted is not None and column.cls in _PERMITTABLE
    return permitted and zone is Zone.MODELLING
