"""What a table of a report is made of: words and figures, ready for ``tables.html`` to lay out.

A template takes ``lay`` (a table) and ``fold`` (a table folded under its finding) from it::

    {% from "tables.html" import fold, lay %}
    {{ lay(1, table) }}
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of a table.

    Attributes:
        label: Its heading.
        cells: Its figures; one cell over all figure columns where they are not shown.
        result: The verdict's words; None where the table has no such column.
        colour: Colour of the verdict's tag; empty where there is none.
        note: Small words under the verdict.
    """

    label: str
    cells: tuple[str, ...]
    result: str | None = None
    colour: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Section:
    """Rows under one heading; an empty title for a table without headings inside."""

    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table with a caption.

    Attributes:
        caption: What it shows, with its base.
        first: Heading of the column of labels.
        figures: Headings of the columns of figures.
        sections: Its rows.
        judged: Whether it ends in a column of verdicts.
        short: What stands for the caption where the table is folded away.
        worded: Whether the last column of figures holds words.
    """

    caption: str
    first: str
    figures: tuple[str, ...]
    sections: tuple[Section, ...]
    judged: bool = False
    worded: bool = False
    short: str = ""

    @property
    def summary(self) -> str:
        """What stands for it where it is folded away."""
        return self.short or self.caption

    @property
    def missed(self) -> bool:
        """Whether it is to be open from the start."""
        return False
