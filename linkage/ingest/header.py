"""Where a file's columns lie: its header against what the place says that it holds.

A header that is not one may hold somebody's name, so unknown names are shown only beside enough
that are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase

from contracts.columns import Table
from contracts.errors import DeliveryRefused
from contracts.mapping import TableMapping

MOST_COLUMNS = 2_000
_COLUMN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_ .()/-]{0,59}")
_TOLD = 12
ASK_AGAIN = "Ask the sender to export it again; nothing of this delivery was loaded."


@dataclass(frozen=True, kw_only=True)
class Header:
    """Which columns of a file are read.

    Attributes:
        positions: Column name in the file to its position, counted from 0; those that are read.
        width: How many values each row has, nameless columns at the end included.
        named: How many of them have a name.
        unread: Columns that the place neither reads nor says to leave out, as they may be told.
    """

    positions: dict[str, int]
    width: int
    named: int
    unread: tuple[str, ...] = ()


def expected_names(table: Table, mapping: TableMapping) -> tuple[str, ...]:
    """Column names that the file must have, each once."""
    native = [mapping.native(column) for column in table.names]
    return tuple(dict.fromkeys(name for name in native if name is not None))


def lay_out(
    names: list[str], first: list[str], table: Table, mapping: TableMapping, where: str
) -> Header:
    """The header, which must hold the expected names, in any order.

    Columns without a name at the end, as spreadsheets leave them, are allowed; they must be empty.

    Args:
        names: The header as it stands in the file.
        first: The first row of data; empty where there is none.
        table: Declaration.
        mapping: How the place's file differs from it.
        where: Delivery and file, to begin a message.

    Raises:
        DeliveryRefused: If names are missing, unknown or doubled, or there is no header.
    """
    expected = expected_names(table, mapping)
    names = [name.strip() for name in names]
    width = len(names)
    while names and not names[-1]:
        names.pop()
    if len(names) > MOST_COLUMNS:
        raise DeliveryRefused(
            f"{where}: the header has {len(names):,} columns, more than {MOST_COLUMNS:,}.",
            next_step=ASK_AGAIN,
        )
    unread = _check_names(names, expected, mapping, where)
    if len(first) > width and not any(value.strip() for value in first[len(names) :]):
        width = len(first)
    return Header(
        positions={name: names.index(name) for name in expected},
        width=width,
        named=len(names),
        unread=unread,
    )


def _check_names(
    names: list[str], expected: tuple[str, ...], mapping: TableMapping, where: str
) -> tuple[str, ...]:
    known = [name for name in names if name in expected]
    if 2 * len(set(known)) < len(expected):
        raise DeliveryRefused(
            f"{where}: the first line is not the header: {len(set(known))} of {len(expected)} "
            f"column names are in it.{_other_separator(names)} Expected: {', '.join(expected)}.",
            next_step=ASK_AGAIN,
        )
    missing = [name for name in expected if name not in names]
    doubled = [name for name in dict.fromkeys(known) if known.count(name) > 1]
    spare = [at for at, name in enumerate(names) if name not in expected]
    unknown = tuple(
        column_label(names, at)
        for at in spare
        if not any(fnmatchcase(names[at], pattern) for pattern in mapping.ignore)
    )
    refused = unknown if mapping.unknown_columns == "refuse" else ()
    if missing or doubled or refused:
        faults = [f"missing {', '.join(missing)}"] if missing else []
        faults += [f"given twice {', '.join(doubled)}"] if doubled else []
        faults += [f"not known column {shortened(refused)}"] if refused else []
        raise DeliveryRefused(
            f"{where}: the header is not as agreed: {'; '.join(faults)}.",
            next_step="Where the place names its columns otherwise, or its file has more or fewer, "
            "say so in its place.toml under sources.<source>.tables.<table> (columns, ignore, "
            "absent, constants); otherwise ask the sender to export the agreed columns. Nothing of "
            "this delivery was loaded.",
        )
    return unknown


def shortened(labels: tuple[str, ...]) -> str:
    """The first few of many names."""
    more = len(labels) - _TOLD
    return ", ".join(labels[:_TOLD]) + (f" and {more:,} more" if more > 0 else "")


def column_label(names: list[str], position: int) -> str:
    """A column's name where it may be shown, else its number."""
    name = names[position].strip() if position < len(names) else ""
    return name if _COLUMN_NAME.fullmatch(name) else str(position + 1)


def _other_separator(names: list[str]) -> str:
    line = "".join(names)
    for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (",", "commas")):
        if line.count(sign) > 2:
            return f" Its columns seem to be parted by {word}."
    return ""
