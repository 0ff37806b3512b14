"""The Universal Credit share in its first version, for the months before it was withdrawn.

The layout is ``uc_version_1.toml`` beside this module, in the words of ``place.toml``: what a place
needs in order to read these files is what they are written by.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from contracts.columns import Kind, Table

LAYOUT = Path(__file__).parent / "uc_version_1.toml"
FIRST, SECOND = "1", "2"


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How one table is written in the first version.

    Attributes:
        columns: Afloat's column to the file's.
        absent: Columns that the version does not have.
        codes: Column to (Afloat's code to the file's).
        date_format: How dates are written.
    """

    columns: dict[str, str]
    absent: frozenset[str]
    codes: dict[str, dict[str, str]]
    date_format: str


@cache
def _page() -> dict[str, Any]:
    return tomllib.loads(LAYOUT.read_text(encoding="utf-8"))


def first_layout(table: str) -> Layout | None:
    """The layout of a table; None where the first version did not have it."""
    if table in _page()["leaves_out"]:
        return None
    found = _page()["tables"][table]
    return Layout(
        columns=found["columns"],
        absent=frozenset(found["absent"]),
        codes={
            column: {ours: theirs for theirs, ours in codes.items()}
            for column, codes in found.get("codes", {}).items()
        },
        date_format=found["date_format"],
    )


def as_first_version(table: Table, frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The rows as the first version's file has them.

    Args:
        table: The declaration.
        frame: Its rows, with all of its columns.
        layout: The layout of the file.
    """
    shown = []
    for column in table.columns:
        if column.name in layout.absent:
            continue
        value = pl.col(column.name)
        if column.kind is Kind.DATE:
            value = value.dt.strftime(layout.date_format)
        if column.name in layout.codes:
            value = value.replace(layout.codes[column.name])
        shown.append(value.alias(layout.columns[column.name]))
    return frame.select(shown)
