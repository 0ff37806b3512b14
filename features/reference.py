"""The reference page of features, made from the catalogue.

``python -m features.reference --write`` makes it; ``--check`` fails where it no longer says what
the catalogue says.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from contracts.pages import write_or_check
from contracts.workspace import REPOSITORY
from features.catalogue import CATALOGUE
from features.declare import Derived, Feature, Theme
from features.reads import covers, reads
from features.sentences import HEALTH_SENTENCE, NOT_SHOWN

PAGE = REPOSITORY / "docs" / "reference" / "features.md"

_MOVES = {1: "can only raise", -1: "can only lower", 0: "either way"}


def catalogue_markdown() -> str:
    """The whole page, as Markdown."""
    parts = list(_opening())
    for theme in Theme:
        members = [feature for feature in CATALOGUE if feature.theme is theme]
        if members:
            parts.extend(_theme(theme, members))
    return "\n\n".join(parts) + "\n"


def _opening() -> Iterator[str]:
    shown = sum(feature.showable for feature in CATALOGUE)
    strengths = sum(feature.strength for feature in CATALOGUE)
    yield "# Features"
    yield (
        "<!-- Made from the declarations in features/catalogue by "
        "`python -m features.reference --write`. Change those, not this page. -->"
    )
    yield (
        f"{len(CATALOGUE)} things are counted of every household at every month end. {shown} of "
        f"them have an agreed sentence that a worker may read; {strengths} are strengths. What "
        f"counted and may not be shown reads “{NOT_SHOWN}” Of health nothing is ever shown but "
        f"“{HEALTH_SENTENCE}”, and only where the place has chosen that."
    )
    yield (
        "Three things look alike and are kept apart. Where the **place has no such source**, its "
        "features have no value for anybody. Where **nothing was recorded**, a count is 0, and the "
        "days since an event have no value, as there was none. Where it is **not known**, because "
        "no record reaches the household or its records are blank, there is no value either, and "
        "never a 0. The column “no value” says what that means where the source does reach the "
        "household; `features.missing` tells which it is of each household, and of a listed one "
        "`explanation.no_value_because` keeps it. A source that holds only those who came to it "
        "(it speaks of every household) cannot tell that nobody came from a record that could not "
        "be matched: both are 0. Only what was recorded by the month end counts, whatever its own "
        "date."
    )
    yield (
        "**Moves.** What a larger value may do to an estimate: the models are held to it. "
        "**Braces** in a sentence stand for the number, the time or the month."
    )


def _theme(theme: Theme, members: Sequence[Feature]) -> Iterator[str]:
    yield f"## {theme.words}"
    head = (
        "feature",
        "what it counts",
        "speaks of",
        "no value",
        "moves",
        "sentence",
        "made from",
        "agreed by",
    )
    rows = [_row(feature) for feature in members]
    lines = [head, tuple("---" for _ in head), *rows]
    yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _row(feature: Feature) -> tuple[str, ...]:
    sentence = feature.sentence
    said = "not shown"
    if sentence is not None:
        said = sentence.one if sentence.many is None else f"{sentence.one} / {sentence.many}"
    made_from = ", ".join(f"`{name}`" for name in reads(feature, covers=False))
    joined = ", ".join(feature.sources) or "households"
    return (
        f"`{feature.name}`",
        f"{feature.says} ({feature.unit})",
        "; ".join(covers(feature)),
        _none(feature),
        _MOVES[feature.direction],
        said,
        f"{joined}: {made_from}",
        feature.owner,
    )


def _none(feature: Feature) -> str:
    """What it means where there is no value and the source reaches the household."""
    measure = feature.measure
    if isinstance(measure, Derived):
        return "its parts are not known"
    if measure.never:
        return "nothing recorded"
    return "records are blank" if measure.empty is None else "never; 0 where nothing is recorded"


def main(arguments: list[str] | None = None) -> int:
    """Write the page, or check that it is as the catalogue has it.

    Returns:
        0 where all is well, 1 where the page is out of date.
    """
    return write_or_check(
        PAGE, catalogue_markdown, module="features.reference", arguments=arguments
    )


if __name__ == "__main__":
    sys.exit(main())
