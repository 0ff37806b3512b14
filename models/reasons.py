"""What a card says of a household: what counted, what is going well, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contracts.place import Place
from features.catalogue import BY_NAME, CATALOGUE
from features.declare import Feature, Theme
from features.missing import SOURCES, State, state_of
from features.sentences import NOT_SHOWN, WITHHELD_SOURCE, Said, said, sayable
from models.sampling import Floats
from models.spec import FeatureSpec
from models.themes import ThemeReason, pick_themes

Values = Mapping[str, float | None]

NOTHING_RECORDED = "Not known from data."
ALWAYS_UNKNOWN = "Whether family, friends or neighbours are helping."
_STRENGTHS_SHOWN = 4
_UNKNOWN_SHOWN = 3
_OF_THE_STRONGEST = 1 / 3
_RENTING = frozenset({"PRS", "RP", "TA", "SUPPORTED", "UNKNOWN", None})
_COUNCIL_TAX = {
    State.NOT_FOUND: "Whether council tax is being paid: no account could be matched to this "
    "household.",
}
_RENT = {
    State.ABSENT: "Whether rent is being paid: no rent records are shared with us.",
    State.NOT_FOUND: "Whether rent is being paid: no rent account is shared with us for this home.",
}
_BENEFITS = {
    State.ABSENT: "Which benefits are being paid: no benefit records are shared with us.",
    State.NOT_FOUND: "Which benefits are being paid: none could be matched to this household.",
}
_NOT_SHARED = (
    (
        "hclic",
        "Whether they have asked for help with housing: those records are not shared with us.",
    ),
    (
        "welfare",
        "Whether they have asked for emergency help: those records are not shared with us.",
    ),
    (
        "asc",
        "Whether they have asked for care or support: those records are not shared with us.",
    ),
)
_SCHOOL = {
    State.ABSENT: "How children at home are getting on at school: no school records are shared "
    "with us.",
    State.NOT_FOUND: "Whether children at home go to school here: no school record could be "
    "matched to this household.",
}


class Kind(StrEnum):
    """The part of a card that a line belongs to."""

    MOST = "MOST"
    ALSO = "ALSO"
    STRENGTH = "STRENGTH"
    NOT_KNOWN = "NOT_KNOWN"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a card.

    Attributes:
        kind: Its part of the card.
        theme: The theme in plain words; empty where none may be named.
        feature: The feature that it speaks of; None where none may be named.
        sentence: What is said.
        source_line: The line under it; empty where there is none.
    """

    kind: Kind
    theme: str
    feature: str | None
    sentence: str
    source_line: str = ""


def lines_of(
    contributions: Floats,
    specs: Sequence[FeatureSpec],
    values: Values,
    *,
    tenure: str | None,
    place: Place,
    index_date: date,
) -> list[Line]:
    """Every line of one household's card, in order.

    Args:
        contributions: What each feature added to its raw score, without the base.
        specs: The features, as they were summed.
        values: Its value of every feature.
        tenure: How the home is held, where known.
        place: Its sources and wording.
        index_date: The month end up to which records were used.
    """
    return [
        *counted(contributions, specs, values, place=place, index_date=index_date),
        *strengths(values, index_date=index_date),
        *not_known(values, tenure=tenure, place=place),
    ]


def counted(
    contributions: Floats,
    specs: Sequence[FeatureSpec],
    values: Values,
    *,
    place: Place,
    index_date: date,
) -> list[Line]:
    """What counted, the strongest theme first; what may not be shown is said once, and last."""
    found: list[Line] = []
    for reason in pick_themes(contributions, specs):
        feature = _spokesman(reason, contributions, specs, values)
        words = _words(feature, values, place=place, index_date=index_date)
        line = _reason_line(feature, words, most=reason.most)
        if all(line.sentence != other.sentence for other in found):
            found.append(line)
    return sorted(found, key=lambda line: (line.kind is Kind.ALSO, line.sentence == NOT_SHOWN))


def _words(feature: Feature, values: Values, *, place: Place, index_date: date) -> Said:
    """What may be said of a feature that counted.

    A strength can raise a score (an account that was paid off was behind before), but a card that
    gives one fact as a reason and as a strength would contradict itself.
    """
    if feature.strength:
        return Said(sentence=NOT_SHOWN, source_line=WITHHELD_SOURCE, shown=False)
    return said(
        feature,
        values,
        index_date=index_date,
        health_sentence=place.wording.health_sentence,
    )


def _spokesman(
    reason: ThemeReason, contributions: Floats, specs: Sequence[FeatureSpec], values: Values
) -> Feature:
    """The strongest feature of a theme that has words true of this household.

    A strength never speaks for a reason. One that added less than a third of the strongest would
    speak of something else: then the strongest itself stands, and the card says that it cannot be
    shown.
    """
    least = _OF_THE_STRONGEST * contributions[reason.features[0]]
    for at in reason.features:
        feature = BY_NAME[specs[at].name]
        if contributions[at] >= least and not feature.strength and sayable(feature, values):
            return feature
    return BY_NAME[specs[reason.features[0]].name]


def _reason_line(feature: Feature, words: Said, *, most: bool) -> Line:
    open_theme = words.shown and feature.theme is not Theme.HEALTH
    return Line(
        kind=Kind.MOST if most else Kind.ALSO,
        theme=feature.theme.words if words.shown else "",
        feature=feature.name if open_theme else None,
        sentence=words.sentence,
        source_line=words.source_line,
    )


def strengths(values: Values, *, index_date: date) -> list[Line]:
    """Recorded facts that were agreed as strengths, from as many themes as can be."""
    have = [feature for feature in CATALOGUE if feature.strength and sayable(feature, values)]
    nth = [
        sum(other.theme is feature.theme for other in have[:at]) for at, feature in enumerate(have)
    ]
    order = sorted(range(len(have)), key=lambda at: (nth[at], at))[:_STRENGTHS_SHOWN]
    found = []
    for at in order:
        words = said(have[at], values, index_date=index_date)
        found.append(
            Line(
                kind=Kind.STRENGTH,
                theme=have[at].theme.words,
                feature=have[at].name,
                sentence=words.sentence,
                source_line=words.source_line,
            )
        )
    none = Line(kind=Kind.STRENGTH, theme="", feature=None, sentence=NOTHING_RECORDED)
    return found or [none]


def not_known(values: Values, *, tenure: str | None, place: Place) -> list[Line]:
    """What no record says of this household; never a word on health records.

    A source that the place lacks is told apart from one that has no record of the household: the
    first is nobody's doing, of the second a worker can ask.
    """
    missing = [words for words in _unknown(values, tenure=tenure, place=place) if words]
    return [
        Line(kind=Kind.NOT_KNOWN, theme="", feature=None, sentence=sentence)
        for sentence in (*missing[:_UNKNOWN_SHOWN], ALWAYS_UNKNOWN)
    ]


def _unknown(values: Values, *, tenure: str | None, place: Place) -> Iterator[str | None]:
    states = {source: state_of(source, values, sources=place.sources) for source in SOURCES}
    yield _COUNCIL_TAX.get(states["ctax"])
    if tenure in _RENTING:
        yield _RENT.get(states["rent"])
    benefits = {states["uc"], states["shbe"]}
    if benefits == {State.ABSENT}:
        yield _BENEFITS[State.ABSENT]
    elif State.REACHED not in benefits:
        yield _BENEFITS[State.NOT_FOUND]
    yield from (words for source, words in _NOT_SHARED if states[source] is State.ABSENT)
    if values.get("household_children"):
        yield _SCHOOL.get(states["school"])
