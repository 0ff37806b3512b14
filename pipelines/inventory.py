"""Every table that a place's zones may hold, with the class of each column; as a page in docs.

``python -m pipelines.inventory --check`` says whether ``docs/reference/zones.md`` is in step with
the declarations; ``--write`` brings it in step.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from contracts.asof import RAW
from contracts.columns import Column
from contracts.made import BOOKS, MADE, RIGHTS_BOOKS
from contracts.made.books import ARRIVAL
from contracts.made.rights import ASIDE, RIGHTS
from contracts.pages import write_or_check
from contracts.tables import TABLES
from contracts.workspace import REPOSITORY
from contracts.zones import Zone
from features.made import FEATURE

PAGE = REPOSITORY / "docs" / "reference" / "zones.md"
MONTH = "month"
"""Stands for the schema of whichever release month."""

_SAYS = {
    Zone.IDENTITY: "Everything that was delivered, and all that linking people and homes makes.",
    Zone.MODELLING: "Households by number, what was known of them, features, labels and scores.",
    Zone.AUDIT: "The groups that the equity audit compares.",
}


def tables_of(zone: Zone) -> Mapping[tuple[str, str], Sequence[Column]]:
    """Schema (``month`` for any release month's) and table to its columns, as may lie in a zone."""
    found: dict[tuple[str, str], Sequence[Column]] = {}
    if zone is Zone.IDENTITY:
        for schema in (RAW, ASIDE):
            found |= {(schema, name): (*table.columns, *ARRIVAL) for name, table in TABLES.items()}
        found |= {(RIGHTS, name): book.columns for name, book in RIGHTS_BOOKS.items()}
        found |= {(RAW, name): book.columns for name, book in BOOKS.items()}
    for made in (*MADE.values(), FEATURE):
        if made.zone is zone:
            found[MONTH, made.name] = made.columns
        elif made.copied_to is zone:
            found[MONTH, made.name] = made.copied
    return found


def zones_markdown() -> str:
    """The page: each zone's tables with their columns and classes."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Zones"
    yield ""
    yield "Made from the declarations by `make fix`; `make check` compares them. The identity zone"
    yield "also holds every table of [tables.md](tables.md) as it was loaded, in schema `raw`, or"
    yield "`aside` while the place does without its source, and governance's books in `rights`. The"
    yield "columns of `feature` are in [features.md](features.md). The letters are the classes that"
    yield "tables.md explains; a letter in brackets is a class that lies in its zone only by the"
    yield "permission that is given below the table."
    for zone in Zone:
        yield from ("", f"## {str(zone).capitalize()}", "", _SAYS[zone], "")
        yield "| table | columns |"
        yield "|---|---|"
        permitted: dict[str, list[str]] = {}
        for (_, name), columns in sorted(_shown(zone)):
            yield f"| `{name}` | {', '.join(_told(column, zone) for column in columns)} |"
            for column in columns:
                if zone is not Zone.IDENTITY and column.permitted is not None:
                    permitted.setdefault(column.permitted, []).append(f"`{name}.{column.name}`")
        if permitted:
            yield ""
            yield from (f"- {what} {', '.join(names)}" for what, names in permitted.items())


def _shown(zone: Zone) -> list[tuple[tuple[str, str], Sequence[Column]]]:
    return [
        (key, columns)
        for key, columns in tables_of(zone).items()
        if key[1] != FEATURE.name and not (key[0] in (RAW, ASIDE) and key[1] in TABLES)
    ]


def _told(column: Column, zone: Zone) -> str:
    letter = f"({column.cls})" if column.permitted and zone is not Zone.IDENTITY else column.cls
    return f"`{column.name}` {letter}"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or check that it is as the declarations have it.

    Returns:
        0 where all is well, 1 where the page is out of date.
    """
    return write_or_check(PAGE, zones_markdown, module="pipelines.inventory", arguments=arguments)


if __name__ == "__main__":
    sys.exit(main())
