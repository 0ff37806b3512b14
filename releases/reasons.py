"""The sentences of each listed household, held to what a list may say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

from contracts.columns import ColumnClass
from contracts.errors import ReleaseRefused
from contracts.place import Outcome, Place
from features.catalogue import CATALOGUE
from features.declare import Theme
from features.sentences import HEALTH_SENTENCE, NOT_SHOWN, WITHHELD_SOURCE
from releases.guard import problems

MOST_REASONS = 4
NO_STRENGTH = "Not known from our records. Ask what is going well."
"""Said where no strength is recorded, which never means that there is none."""
NOT_KNOWN = "How things look to the household. Ask."
_SUBJECT_UNSAID = "See the card"
_COUNTED = ("MOST", "ALSO")

_THEME_OUTCOME: Mapping[Theme, Outcome] = MappingProxyType(
    {
        Theme.RENT: Outcome.O1,
        Theme.HOUSING_HELP: Outcome.O1,
        Theme.HOME: Outcome.O1,
        Theme.CHANGE: Outcome.O1,
        Theme.SETTLED: Outcome.O1,
        Theme.COUNCIL_TAX: Outcome.O3,
        Theme.BENEFITS: Outcome.O9,
        Theme.HARDSHIP: Outcome.O9,
        Theme.INCOME: Outcome.O9,
        Theme.WORKING: Outcome.O9,
        Theme.PAYING: Outcome.O9,
        Theme.PLAN: Outcome.O9,
        Theme.HEALTH: Outcome.O7,
    }
)
_HEALTH_FEATURES = frozenset(
    feature.name for feature in CATALOGUE if feature.cls is ColumnClass.SPECIAL
)
_THEMES: Mapping[str, Theme] = MappingProxyType({theme.words: theme for theme in Theme})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One sentence, and where it comes from."""

    sentence: str
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Story:
    """What is said of one household.

    Attributes:
        most: What counted most.
        also: What also counted; with ``most`` at most four.
        strengths: What is going well; where there are none, that is said in words.
        not_known: What we do not know; never empty.
        themes: What the reasons are about, strongest first.
    """

    most: tuple[Line, ...] = ()
    also: tuple[Line, ...] = ()
    strengths: tuple[Line, ...] = ()
    not_known: tuple[Line, ...] = (Line(sentence=NOT_KNOWN),)
    themes: tuple[Theme, ...] = field(default=())

    @property
    def subject(self) -> str:
        """The strongest reason in few words; health is never named as one."""
        spoken = (theme.words for theme in self.themes if theme is not Theme.HEALTH)
        return next(spoken, _SUBJECT_UNSAID)

    @property
    def lines(self) -> tuple[Line, ...]:
        """Every sentence of the story."""
        return (*self.most, *self.also, *self.strengths, *self.not_known)


def stories(reasons: pl.DataFrame, *, health_sentence: bool) -> dict[int, Story]:
    """What is said of each household.

    Args:
        reasons: The sealed reasons.
        health_sentence: Whether the place lets a card say that health may be making things harder.

    Raises:
        ReleaseRefused: If a sentence holds something that lists never show.
    """
    ordered = reasons.sort("household_id", "kind", "position", "sentence")
    told = {
        int(household): _story(rows.rows(named=True), health_sentence=health_sentence)
        for (household,), rows in ordered.group_by("household_id", maintain_order=True)
    }
    everything = (line for story in told.values() for line in story.lines)
    found = list(problems(f"{line.sentence} {line.source}".strip() for line in everything))
    if found:
        raise ReleaseRefused(found, next_step="Mend the sentence in the catalogue and seal again.")
    return told


def offers(story: Story, place: Place) -> tuple[str, ...]:
    """Offers that go with what counted; every offer of the place where none goes with it."""
    about = [_THEME_OUTCOME[theme] for theme in story.themes if theme in _THEME_OUTCOME]
    fitting = [outcome for outcome in dict.fromkeys(about) if outcome in place.outcomes]
    chosen = fitting or [outcome for outcome in place.outcomes if outcome is not Outcome.EDGE]
    return tuple(dict.fromkeys(place.outcomes[outcome].offer for outcome in chosen))


def _story(rows: list[dict[str, object]], *, health_sentence: bool) -> Story:
    by_kind: dict[str, list[Line]] = {"MOST": [], "ALSO": [], "STRENGTH": [], "NOT_KNOWN": []}
    for row in rows:
        if row["kind"] not in _COUNTED and (_is_health(row) or _is_no_strength(row)):
            continue
        by_kind.setdefault(str(row["kind"]), []).append(_line(row, health_sentence=health_sentence))
    most = _once(by_kind["MOST"])[:MOST_REASONS]
    also = [line for line in _once(by_kind["ALSO"]) if line not in most]
    said = {"most": most, "also": tuple(also[: MOST_REASONS - len(most)])}
    for name, kind in (("strengths", "STRENGTH"), ("not_known", "NOT_KNOWN")):
        if by_kind[kind]:
            said[name] = _once(by_kind[kind])
    return Story(**said, themes=_themes(rows, health_sentence=health_sentence))


def _line(row: Mapping[str, object], *, health_sentence: bool) -> Line:
    """A row as it may be shown: of health one sentence, without saying who told us."""
    if _is_health(row):
        if health_sentence:
            return Line(sentence=HEALTH_SENTENCE, source=WITHHELD_SOURCE)
    elif row["sentence"]:
        return Line(sentence=str(row["sentence"]), source=str(row["source_line"] or ""))
    return Line(sentence=NOT_SHOWN, source=WITHHELD_SOURCE)


def _themes(rows: Sequence[Mapping[str, object]], *, health_sentence: bool) -> tuple[Theme, ...]:
    """What the reasons are about; where health may not be said, no offer gives it away either."""
    found = (_theme(row) for kind in _COUNTED for row in rows if row["kind"] == kind)
    said = (theme for theme in found if health_sentence or theme is not Theme.HEALTH)
    return tuple(dict.fromkeys(theme for theme in said if theme is not None))


def _is_no_strength(row: Mapping[str, object]) -> bool:
    """Whether a line under what is going well speaks of no recorded fact."""
    return row["kind"] == "STRENGTH" and row["feature"] is None


def _is_health(row: Mapping[str, object]) -> bool:
    return _theme(row) is Theme.HEALTH or row["feature"] in _HEALTH_FEATURES


def _theme(row: Mapping[str, object]) -> Theme | None:
    return _THEMES.get(str(row["theme"]))


def _once(lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(dict.fromkeys(lines))
