"""What a table of the report is made of: words and figures, ready to be laid out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fairness.verdicts import Verdict
from surfaces.words import listing

NOT_SHOWN: Final = "not shown"
TAGS: Final = {
    Verdict.PASSED: "green",
    Verdict.UNCERTAIN: "yellow",
    Verdict.NOT_PASSED: "red",
    Verdict.TOO_FEW: "grey",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row of a table.

    Attributes:
        label: Its heading.
        cells: Its figures; one cell over all figure columns where they are not shown.
        result: The verdict's words; None where the table has no such column.
        colour: Colour of the verdict's tag; empty where the policy has no such check.
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
        """How its verdicts fell, for a reader who does not open it."""
        results = [line.result for section in self.sections for line in section.lines]
        told = [
            f"{results.count(word)} {word[:1].lower()}{word[1:]}"
            for word in (str(verdict).capitalize() for verdict in Verdict)
            if word in results
        ]
        name = self.short or self.caption
        return f"{name}: {listing(told)}" if told else name

    @property
    def missed(self) -> bool:
        """Whether any of its rows is not passed."""
        return any(
            line.colour == TAGS[Verdict.NOT_PASSED]
            for section in self.sections
            for line in section.lines
        )
