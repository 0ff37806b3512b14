"""The points score in plain words, as it could be printed on a card."""

from __future__ import annotations

from collections.abc import Sequence

from features.catalogue import BY_NAME
from models.points import CardLine
from models.spec import FeatureSpec


def print_card(card: Sequence[CardLine], specs: Sequence[FeatureSpec]) -> list[str]:
    """A line for each question: its points, what it counts, and from where on it scores."""
    return [_line(line, specs[line.feature]) for line in card]


def _line(line: CardLine, spec: FeatureSpec) -> str:
    what = BY_NAME[spec.name].says.rstrip(".")
    side = "at least" if line.above else "below"
    points = "1 point" if line.points == 1 else f"{line.points} points"
    return f"{points}: {what}: {side} {line.cut:g}."
