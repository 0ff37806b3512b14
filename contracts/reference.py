"""The reference page of tables, made from their declarations.

``python -m contracts.reference --write`` makes it; ``--check`` fails where it no longer says what
the declarations say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence

from contracts.columns import (
    NULL_DATES,
    NULL_TOKENS,
    OPEN_END_DATES,
    SYSTEM_COLUMNS,
    Column,
    ColumnClass,
    Kind,
    Table,
)
from contracts.pages import write_or_check
from contracts.tables import SOURCES
from contracts.workspace import REPOSITORY

PAGE = REPOSITORY / "docs" / "reference" / "tables.md"

SOURCE_NAMES: Mapping[str, str] = {
    "llpg": "Address gazetteer",
    "area": "Area lookup",
    "ctax": "Council tax",
    "rent": "Rent accounts",
    "hclic": "Homelessness",
    "welfare": "Discretionary welfare",
    "uc": "Universal Credit",
    "shbe": "Housing Benefit",
    "gp": "General practice",
    "mh": "Mental health",
    "ecds": "Emergency care",
    "hreg": "Housing register",
    "asc": "Adult social care",
    "cs": "Children's services",
    "school": "School census",
    "bbadge": "Blue badges",
    "asb": "Environmental and nuisance cases",
    "elect": "Electoral register",
    "dwp_other": "Other DWP awards",
    "crosswalk": "Crosswalk of references",
}

_CLASSES: Mapping[ColumnClass, tuple[str, str]] = {
    ColumnClass.IDENTIFIER: ("direct identifier", "stays in the identity zone"),
    ColumnClass.QUASI: ("could help to identify", "small numbers are held back on every page"),
    ColumnClass.SPECIAL: ("health and other special category", "never shown to a worker"),
    ColumnClass.CRIMINAL: ("criminal offence", "left out unless a place records a condition"),
    ColumnClass.PROTECTED: ("protected characteristic", "for the equity audit alone"),
    ColumnClass.SAFETY: ("safety marker", "keeps a household off every list; never shown"),
    ColumnClass.ORDINARY: ("ordinary", "may become a feature"),
}

_FORMS: Mapping[Kind, str] = {
    Kind.TEXT: "text",
    Kind.CODE: "code, as text",
    Kind.INTEGER: "whole number",
    Kind.MONEY: "pounds, two decimals",
    Kind.NUMBER: "number",
    Kind.DATE: "date, `YYYY-MM-DD`",
    Kind.TIMESTAMP: "date and time, `YYYY-MM-DD HH:MM:SS`",
    Kind.BOOLEAN: "`true` or `false`",
    Kind.UPRN: "UPRN, up to 12 digits",
}


def tables_markdown() -> str:
    """The whole page, as Markdown."""
    parts = [*_opening(), *_system()]
    for source, tables in SOURCES.items():
        parts.append(f"## {SOURCE_NAMES[source]} (`{source}`)")
        for table in tables:
            parts.extend(_table(table))
    return "\n\n".join(parts) + "\n"


def _opening() -> Iterator[str]:
    yield "# Tables that Afloat reads"
    yield (
        "<!-- Made from the declarations in contracts/tables by "
        "`python -m contracts.reference --write`. Change those, not this page. -->"
    )
    yield (
        "One CSV file a table (UTF-8, commas, a header line), each in a delivery folder with its "
        "`manifest.json`. The header holds exactly the columns below, in any order; where your "
        "files name columns, write codes or write dates in another way, say so in `place.toml`."
    )
    yield (
        "A row is a version: the same key may come again with a later `recorded_date`, and what "
        "was known on a day is the latest version recorded by then."
    )
    yield "## How to read the columns"
    yield _grid(
        ("class", "what it is", "what follows"),
        [(f"`{cls}`", name, rule) for cls, (name, rule) in _CLASSES.items()],
    )
    yield (
        "A code may be more sensitive than its column: then its own class stands beside it, and a "
        "row with it is treated as that class."
    )
    yield (
        "**No value.** These are read as empty in every column: "
        f"{_ticked(sorted(NULL_TOKENS - {''}))}. In dates also {_ticked(sorted(NULL_DATES))}, and "
        f"the open ends {_ticked(sorted(OPEN_END_DATES))}. A column whose code list holds one of "
        "these keeps it; one with a code `NOT_STATED` reads `Not stated` as that."
    )
    yield (
        "**Needed.** A row without a value in a column marked *yes* goes to quarantine, as does "
        "one whose value cannot be read, is not in the code list, is out of bounds, or whose dates "
        "are in impossible order."
    )


def _system() -> Iterator[str]:
    yield "## In every table"
    yield _columns(SYSTEM_COLUMNS, ())
    yield "`recorded_date` never lies after `extract_date`."


def _table(table: Table) -> Iterator[str]:
    yield f"### `{table.name}`"
    yield f"{table.says} Key: {_ticked(table.key)}."
    yield _columns(table.business, table.key)
    for first, last in table.periods:
        yield f"`{first}` never lies after `{last}`."
    for column in table.business:
        if column.codes:
            yield f"Codes of `{column.name}`:"
            yield _codes(column)
        if column.families:
            yield f"Any other code that begins with {_ticked(column.families)} is read too."
        if column.barred:
            bad = "; ".join(f"`{code}` ({why})" for code, why in column.barred.items())
            yield f"A delivery with rows of these is refused whole, and nothing is kept: {bad}."


def _codes(column: Column) -> str:
    """The code list; with classes where some codes are more sensitive than their column."""
    told = [(f"`{code}`", _plain(says)) for code, says in (column.codes or {}).items()]
    if not column.code_classes:
        return _grid(("code", "what it means"), told)
    classed = [
        (*row, f"`{column.class_of(code)}`")
        for row, code in zip(told, column.codes or (), strict=True)
    ]
    return _grid(("code", "what it means", "class"), classed)


def _columns(columns: tuple[Column, ...], key: tuple[str, ...]) -> str:
    return _grid(
        ("column", "form", "class", "needed", "what it holds"),
        [
            (
                f"`{column.name}`",
                _form(column),
                f"`{column.cls}`",
                "yes" if column.required or column.name in key else "",
                _says(column),
            )
            for column in columns
        ],
    )


def _form(column: Column) -> str:
    parts = [_FORMS[column.kind]]
    if column.unit:
        parts.append(column.unit)
    if column.low is not None:
        parts.append(f"at least {column.low:g}")
    if column.high is not None:
        parts.append(f"at most {column.high:g}")
    return ", ".join(parts)


def _says(column: Column) -> str:
    says = _plain(column.says)
    if column.outcome_side:
        says += " Written after an outcome, so never a feature."
    if column.permitted:
        says += (
            f" May lie in the modelling zone: {column.permitted[0].lower()}{column.permitted[1:]}"
        )
    if column.nulls:
        says += f" Also read as empty: {_ticked(sorted(column.nulls))}."
    return says


def _grid(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _ticked(words: list[str] | tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or check that it is as the declarations have it.

    Returns:
        0 where all is well, 1 where the page is out of date.
    """
    return write_or_check(PAGE, tables_markdown, module="contracts.reference", arguments=arguments)


if __name__ == "__main__":
    sys.exit(main())
