"""Every table that the pipeline itself makes, declared once: its columns, their class, its zone.

``MADE`` maps a table's name to its declaration. A table that is written and not declared here is
refused, so adding one starts with its declaration. The feature table's columns are the catalogue's
and are declared there (``features.made``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from contracts.made import books, crossed, linkage, modelling, people, rights
from contracts.made.table import MadeTable

BOOKS: Mapping[str, MadeTable] = MappingProxyType({table.name: table for table in books.TABLES})
"""Tables of schema ``raw``."""

RIGHTS_BOOKS: Mapping[str, MadeTable] = MappingProxyType(
    {table.name: table for table in rights.BOOKS}
)
"""Tables of schema ``rights``."""

MADE: Mapping[str, MadeTable] = MappingProxyType(
    {
        table.name: table
        for table in (
            *linkage.TABLES,
            *people.TABLES,
            *rights.TABLES,
            *crossed.TABLES,
            *modelling.TABLES,
        )
    }
)
"""Tables of a release month's schema."""


class NotDeclared(LookupError):
    """A table was about to be written that is not as it is declared, or not declared at all."""


def check_declared(name: str, columns: Iterable[str]) -> None:
    """Refuse to write a table of a release month that is not as it is declared.

    Raises:
        NotDeclared: Naming the table, what differs, and where to declare it.
    """
    if name not in MADE:
        raise NotDeclared(
            f"Table {name} is written and not declared. Declare it with the class of each column "
            "in contracts/made, beside the tables of the same step."
        )
    found, declared = set(columns), set(MADE[name].names)
    if found != declared:
        raise NotDeclared(
            f"Table {name} is not as declared in contracts/made: not declared "
            f"{sorted(found - declared)}, not written {sorted(declared - found)}."
        )


__all__ = ["BOOKS", "MADE", "RIGHTS_BOOKS", "MadeTable", "NotDeclared", "check_declared"]
