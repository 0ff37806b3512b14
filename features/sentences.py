"""A feature's value as the sentence that its data owner agreed.

A worker reads what happened, since when or how often, compared with the household's own past where
that is known. Amounts are never said. What may not be shown is said to have counted, and no more.

In a sentence's words the braces stand for: ``{N}`` the value as a word, ``{n}`` the value as a
numeral, ``{when}`` and ``{since}`` the window (after a past and a perfect tense; or the month of a
single event), ``{in_month}`` the month that lies the value's days back, ``{now}`` the month of the
index date.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from features.catalogue import BY_NAME
from features.declare import Feature, Sentence, Theme, Unit
from features.words import day_name, month_name, months_between, number_word, window_words

Values = Mapping[str, float | None]

NOT_SHOWN = "One more thing counted that we cannot show here."
HEALTH_SENTENCE = "Health may be making things harder."
# The same under both: a line of its own would tell which of the two was held back.
WITHHELD_SOURCE = "Used for this list only, and not shown in detail."


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a card says of one feature.

    Attributes:
        sentence: A full sentence.
        source_line: The line under it.
        shown: False where the sentence only says that something counted.
    """

    sentence: str
    source_line: str
    shown: bool


def said(
    feature: Feature, values: Values, *, index_date: date, health_sentence: bool = False
) -> Said:
    """The sentence of a feature's value and the line under it.

    Args:
        feature: The feature.
        values: The household's feature values; companions are read from it where they are there.
        index_date: The month end up to which records were used.
        health_sentence: Whether the place lets a card say that health may be making things harder.
    """
    if feature.theme is Theme.HEALTH and health_sentence:
        return Said(sentence=HEALTH_SENTENCE, source_line=WITHHELD_SOURCE, shown=True)
    sentence = feature.sentence
    value = _number(values, feature.name)
    if sentence is None or value is None or not _true_of(sentence, value):
        return Said(sentence=NOT_SHOWN, source_line=WITHHELD_SOURCE, shown=False)
    return Said(
        sentence=_words(feature, sentence, value, values=values, index_date=index_date),
        source_line=source_line(feature, index_date),
        shown=True,
    )


def sayable(feature: Feature, values: Values) -> bool:
    """Whether the feature has agreed words that are true of the household's value.

    Health never has: its one sentence belongs to the place and not to a value.
    """
    value = _number(values, feature.name)
    return feature.sentence is not None and value is not None and _true_of(feature.sentence, value)


def render(
    feature: Feature, values: Values, *, index_date: date, health_sentence: bool = False
) -> str:
    """The sentence alone; see :func:`said`."""
    return said(feature, values, index_date=index_date, health_sentence=health_sentence).sentence


def source_line(feature: Feature, index_date: date) -> str:
    """The line under a sentence: ``Council tax account, to 31 October``.

    Nothing that may not be shown names its source or date.
    """
    if not feature.showable:
        return WITHHELD_SOURCE
    return f"{feature.source_words}, to {day_name(index_date)}"


def _number(values: Values, name: str) -> float | None:
    value = values.get(name)
    return None if value is None or math.isnan(value) else value


def _true_of(sentence: Sentence, value: float) -> bool:
    return sentence.above is None or value > sentence.above


def _words(
    feature: Feature, sentence: Sentence, value: float, *, values: Values, index_date: date
) -> str:
    count = math.floor(value + 1e-9)
    several = sentence.many is not None and count > 1
    template = sentence.many if several and sentence.many is not None else sentence.one
    month = _latest_month(feature, values, index_date)
    lone = not several and month is not None and _within(feature, month, index_date)
    when, since = window_words(feature.window or 12, index_date=index_date)
    if lone and month is not None:
        when = since = f"in {month_name(month, seen_from=index_date)}"
    text = template.format(
        N=number_word(count),
        n=count,
        when=when,
        since=since,
        now=month_name(index_date, seen_from=index_date),
        in_month=_in_month(feature, value, index_date),
    )
    return text + _compared(feature, sentence, count, values=values) + "."


def _in_month(feature: Feature, value: float, index_date: date) -> str:
    if feature.unit is not Unit.DAYS:
        return ""
    return f"in {month_name(index_date - timedelta(days=int(value)), seen_from=index_date)}"


def _latest_month(feature: Feature, values: Values, index_date: date) -> date | None:
    """Day of the latest such event, where a companion tells it."""
    if feature.sentence is None or feature.sentence.latest is None:
        return None
    days = _number(values, feature.sentence.latest)
    return None if days is None else index_date - timedelta(days=int(days))


def _within(feature: Feature, day: date, index_date: date) -> bool:
    return feature.window is not None and months_between(day, index_date) < feature.window


def _compared(feature: Feature, sentence: Sentence, count: int, *, values: Values) -> str:
    """What the rest of the year was like: ``, after none in the 9 months before``."""
    if sentence.longer is None or feature.window is None:
        return ""
    longer = BY_NAME[sentence.longer]
    year = _number(values, longer.name)
    if year is None or longer.window is None:
        return ""
    before = math.floor(year + 1e-9) - count
    rest = longer.window - feature.window
    if before == 0:
        return f", after none in the {rest} months before"
    if 0 < before < count:
        return f", up from {before} in the {rest} months before"
    return ""
