"""A table of the report: as every page's, with verdicts that tell how it fell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fairness.verdicts import Verdict
from surfaces import tables
from surfaces.tables import Line, Section
from surfaces.words import listing

__all__ = ["NOT_SHOWN", "TAGS", "Line", "Section", "Table"]

NOT_SHOWN: Final = "not shown"
TAGS: Final = {
    Verdict.PASSED: "green",
    Verdict.UNCERTAIN: "yellow",
    Verdict.NOT_PASSED: "red",
    Verdict.TOO_FEW: "grey",
}


@dataclass(frozen=True, kw_only=True)
class Table(tables.Table):
    """A table that may end in a column of verdicts."""

    @property
    def summary(self) -> str:
        """How its verdicts fell, for a reader who does not open it."""
        results = [line.result for section in self.sections for line in section.lines]
        told = [
            f"{results.count(word)} {word[:1].lower()}{word[1:]}"
            for word in (str(verdict).capitalize() for verdict in Verdict)
            if word in results
        ]
        name = super().summary
        return f"{name}: {listing(told)}" if told else name

    @property
    def missed(self) -> bool:
        """Whether any of its rows is not passed."""
        return any(
            line.colour == TAGS[Verdict.NOT_PASSED]
            for section in self.sections
            for line in section.lines
        )
