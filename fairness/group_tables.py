"""The report's tables by group: figures, ranges and verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fairness.checks import CHECKS
from fairness.labels import ATTRIBUTES, SHORT, group_label, in_order
from fairness.publish import FINE_FROM
from fairness.recording import RECORDED
from fairness.result import AuditResult, Row
from fairness.tables import NOT_SHOWN, TAGS, Line, Section, Table
from fairness.verdicts import Verdict
from surfaces.words import in_100, thousands


@dataclass(frozen=True, kw_only=True)
class Style:
    """How a check's figures are written.

    Attributes:
        caption: Caption of the table.
        short: What stands for it where the table is folded away.
        rate: Heading of the figure.
        range_name: Heading of its range, such as ``95% range``.
        ratio: Heading of the ratio; None where the figure itself is what is held to the policy.
    """

    caption: str
    short: str
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
            colour=TAGS[row.verdict] if row.verdict else "",
            note=_note(row),
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
        caption=style.caption,
        first="Group",
        figures=heads,
        sections=sections,
        judged=True,
        short=style.short,
    )


def _note(row: Row) -> str:
    if row.verdict is not Verdict.UNCERTAIN or row.base is None:
        return ""
    if row.needed:
        return f"needs about {thousands(row.needed)}"
    return "" if row.check == "calibration" else "too close to settle"


def list_and_need_table(audit: AuditResult, *, range_name: str) -> Table:
    """Who is on the list beside who needed help, and who was left off; no verdicts."""
    left_off = {(row.attribute, row.group): row for row in audit.of("false_omission")}

    def line(row: Row) -> Line:
        key = (row.attribute, row.group)
        return Line(
            label=group_label(*key),
            cells=(
                thousands(row.base) if row.base is not None else NOT_SHOWN,
                _tenths(row),
                _ratio(row),
                _tenths(left_off[key]),
            ),
        )

    return Table(
        caption=f"Who was suggested beside who needed help, with {range_name}s",
        first="Group",
        figures=(
            "Households",
            "Suggested, in 100",
            "Against need",
            "Needed help, in 100 left off",
        ),
        sections=tuple(
            Section(title=title, lines=tuple(line(row) for row in own))
            for title, own in _by_attribute(audit.of("list_share"))
        ),
    )


def pairs_table(audit: AuditResult, *, range_name: str) -> Table:
    """Groups of two attributes that are not passed, by check."""

    def line(row: Row) -> Line:
        spec = next(spec for spec in CHECKS if spec.key == row.check)
        return Line(
            label=group_label(row.attribute, row.group),
            cells=_figures(row, per_100=spec.per_100, with_ratio=True),
            result=str(row.verdict).capitalize(),
            colour=TAGS[Verdict.NOT_PASSED],
        )

    rows = audit.pairs.rows
    return Table(
        caption=f"Groups of two things at once that are not passed, with {range_name}s",
        first="Group",
        figures=("Households", "Figure", range_name.capitalize(), "Against everyone"),
        sections=tuple(
            Section(
                title=spec.title, lines=tuple(line(row) for row in rows if row.check == spec.key)
            )
            for spec in CHECKS
            if any(row.check == spec.key for row in rows)
        ),
        judged=True,
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
    """A rate and its range, with one decimal where the base is large enough to know it."""
    if row.base is None or row.rate is None or row.low is None or row.high is None:
        return NOT_SHOWN
    places = 1 if row.base >= FINE_FROM else 0
    rate, low, high = (f"{100 * value:.{places}f}" for value in (row.rate, row.low, row.high))
    return f"{rate} ({low} to {high})"


def _ratio(row: Row) -> str:
    if row.ratio is None or row.ratio_low is None or row.ratio_high is None:
        return NOT_SHOWN if row.base is None else "not measured"
    return f"{row.ratio:.2f} ({row.ratio_low:.2f} to {row.ratio_high:.2f})"
