"""The report's tables: words and figures, ready to be laid out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fairness.checks import CHECKS
from fairness.comparisons import Compared
from fairness.labels import ATTRIBUTES, SHORT, group_label, in_order
from fairness.recording import RECORDED
from fairness.result import AuditResult, Row
from fairness.verdicts import Verdict
from surfaces.words import in_100, sentence, thousands

NOT_SHOWN: Final = "not shown"
_TAGS: Final = {
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
    """

    caption: str
    first: str
    figures: tuple[str, ...]
    sections: tuple[Section, ...]
    judged: bool = False


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a check's figures are written.

    Attributes:
        caption: Caption of the table.
        rate: Heading of the figure.
        range_name: Heading of its range, such as ``95% range``.
        ratio: Heading of the ratio; None where the figure itself is what is held to the policy.
    """

    caption: str
    rate: str
    range_name: str
    ratio: str | None


def judged_table(audit: AuditResult, check: str, style: Style) -> Table:
    """The table of a check with its verdicts."""
    spec = next(spec for spec in CHECKS if spec.key == check)
    heads = (spec.base, style.rate, style.range_name, *([style.ratio] if style.ratio else []))

    def line(row: Row, label: str) -> Line:
        figures = _figures(row, per_100=spec.per_100, with_ratio=style.ratio is not None)
        return Line(
            label=label,
            cells=figures,
            result=str(row.verdict).capitalize() if row.verdict else "No floor agreed",
            colour=_TAGS[row.verdict] if row.verdict else "",
            note=f"would need about {thousands(row.needed)}" if row.needed else "",
        )

    rows = audit.of(check)
    if all(row.group == RECORDED for row in rows):
        lines = tuple(line(row, SHORT[row.attribute]) for row in rows)
        sections: tuple[Section, ...] = (Section(title="", lines=lines),)
    else:
        sections = tuple(
            Section(
                title=title,
                lines=tuple(line(row, group_label(row.attribute, row.group)) for row in own),
            )
            for title, own in _by_attribute(rows)
        )
    return Table(
        caption=style.caption, first="Group", figures=heads, sections=sections, judged=True
    )


def list_and_need_table(audit: AuditResult, *, range_name: str) -> Table:
    """Who is on the list beside who needed help, and who was left off; no verdicts."""
    left_off = {(row.attribute, row.group): row for row in audit.of("false_omission")}
    missed = {(row.attribute, row.group): row for row in audit.of("missed")}

    def line(row: Row) -> Line:
        key = (row.attribute, row.group)
        return Line(
            label=group_label(*key),
            cells=(
                thousands(row.base) if row.base is not None else NOT_SHOWN,
                _tenths(row),
                _ratio(row),
                _tenths(left_off[key]),
                _tenths(missed[key]),
            ),
        )

    return Table(
        caption=f"Who was suggested beside who needed help, with {range_name}s",
        first="Group",
        figures=(
            "Households",
            "Suggested, in 100",
            "Against need",
            "Needed help, in 100 not suggested",
            "Not suggested, in 100 who needed help",
        ),
        sections=tuple(
            Section(title=title, lines=tuple(line(row) for row in own))
            for title, own in _by_attribute(audit.of("list_share"))
        ),
    )


def sources_table(audit: AuditResult, names: Mapping[str, str]) -> Table:
    """How often each source's records met another source."""
    lines = tuple(
        Line(
            label=sentence(names.get(source.source, source.source)),
            cells=(NOT_SHOWN,)
            if source.records is None or source.linked is None
            else (thousands(source.records), in_100(source.linked)),
        )
        for source in audit.sources
    )
    return Table(
        caption="Records that met another source",
        first="Source",
        figures=("Records", "Met another, in 100"),
        sections=(Section(title="", lines=lines),),
    )


def rankings_table(rankings: Sequence[Compared]) -> Table:
    """The list beside simpler ways of making one."""
    lines = tuple(
        Line(
            label=sentence(ranking.name) + (" (this list)" if ranking.ships else ""),
            cells=_compared(ranking),
        )
        for ranking in rankings
    )
    return Table(
        caption="Lists of the same length made in other ways, on the same past months",
        first="How the list is made",
        figures=(
            "Suggested",
            "Later needed help, in 100 suggested",
            "Suggested, in 100 who needed help",
        ),
        sections=(Section(title="", lines=lines),),
    )


def kinds_table(kinds: Sequence[Compared]) -> Table:
    """How a list for each event would do, under the kind of record that tells of it."""
    sections = tuple(
        Section(
            title=sentence(kind),
            lines=tuple(
                Line(label=sentence(event.name), cells=_compared(event))
                for event in kinds
                if event.kind == kind
            ),
        )
        for kind in dict.fromkeys(event.kind for event in kinds)
    )
    return Table(
        caption="A list for each event, by what the record of it shows",
        first="Event",
        figures=("Suggested", "Right, in 100 suggested", "Suggested, in 100 it came to"),
        sections=sections,
    )


def left_out_table(counts: Sequence[tuple[str, int | None]]) -> Table:
    """Who cannot be on a list."""
    lines = tuple(
        Line(label=text, cells=(NOT_SHOWN if count is None else thousands(count),))
        for text, count in counts
    )
    nobody = (Line(label="Nobody was left out by rule", cells=("0",)),)
    return Table(
        caption="Households left out this month, and why",
        first="Why",
        figures=("Households",),
        sections=(Section(title="", lines=lines or nobody),),
    )


def _by_attribute(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Attributes in their fixed order, each with its rows in theirs."""
    every = [
        (title, in_order([row for row in rows if row.attribute == attribute]))
        for attribute, title in ATTRIBUTES.items()
    ]
    return [(title, own) for title, own in every if own]


def _figures(row: Row, *, per_100: bool, with_ratio: bool) -> tuple[str, ...]:
    if row.base is None or row.rate is None:
        return (NOT_SHOWN,)
    figures = (thousands(row.base), _figure(row.rate, per_100=per_100), _span(row, per_100=per_100))
    if not with_ratio:
        return figures
    return (*figures, "not measured" if row.ratio is None else f"{row.ratio:.2f}")


def _span(row: Row, *, per_100: bool) -> str:
    if row.low is None or row.high is None:
        return "not measured"
    return " to ".join(_figure(end, per_100=per_100) for end in (row.low, row.high))


def _figure(value: float, *, per_100: bool) -> str:
    return in_100(value) if per_100 else f"{value:.2f}"


def _tenths(row: Row) -> str:
    """A rate and its range with one decimal where the base is large enough to know it."""
    if row.rate is None or row.low is None or row.high is None:
        return NOT_SHOWN
    places = 0 if round(row.rate, 2) == row.rate and row.rate >= 0.1 else 1
    rate, low, high = (f"{100 * value:.{places}f}" for value in (row.rate, row.low, row.high))
    return f"{rate} ({low} to {high})"


def _ratio(row: Row) -> str:
    if row.ratio is None or row.ratio_low is None or row.ratio_high is None:
        return NOT_SHOWN if row.base is None else "not measured"
    return f"{row.ratio:.2f} ({row.ratio_low:.2f} to {row.ratio_high:.2f})"


def _compared(compared: Compared) -> tuple[str, ...]:
    if compared.listed is None:
        return ("not measured",)
    return (thousands(compared.listed), compared.right, compared.reached)
