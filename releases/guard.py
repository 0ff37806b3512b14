"""The last look at what is about to be written: nothing on a list that lists never show.

Reasons are agreed sentences, so nothing here should ever be found. If something is, no list is
made: a page on a person's desk cannot be called back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType

from contracts.tables import TABLES

_LABELLED = (
    ("gp_condition", "cluster"),
    ("gp_medication", "bnf_section"),
    ("mh_referral", "team_type"),
    ("ae_attendance", "diagnosis_group"),
)
# Words that also mean something else: "breathing" is in "breathing space", a pause for debts, and
# "CAN", the register of cancer, is in most sentences.
_NO_TELL = frozenset(
    {"other", "OTHER", "DM", "RESP", "breathing", "CAN", "CARER", "carer"}
    | {"HOUSING_PROBLEM", "housing problem", "FINANCIAL_PROBLEM", "money problem"}
)
_HEALTH_WORDS = (
    "diagnosis", "diagnosed", "medication", "prescription", "prescribed", "hospital", "clinic",
    "surgery", "doctor", "mental health", "emergency department", "patient", "illness",
)  # fmt: skip
_JUDGING_WORDS = (
    "risk", "risky", "vulnerable", "flagged", "targeted", "score", "scored", "scores", "rank",
    "ranked", "predicted", "prediction", "probability", "likelihood", "decile", "percentile",
    "hard to reach",
)  # fmt: skip
_PATTERNS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "a National Insurance number": re.compile(
            r"\b[A-Z]{2}\s?(?:\d{2}\s?){3}[A-D]\b", re.IGNORECASE
        ),
        "an NHS number": re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"),
        "a property reference": re.compile(r"\b\d{8,12}\b"),
        "a full date of birth": re.compile(r"\b\d{1,2}/\d{1,2}/\d{4}\b"),
        "an e-mail address": re.compile(r"\S@\S+\.\S"),
        "a number that looks like a score": re.compile(r"(?<![\d£.])-?[01]?\.\d{2,}|\d\s?%"),
        "a practice or its service": re.compile(r"\bGPs?\b|\bNHS\b|\bA&E\b"),
    }
)


def problems(sentences: Iterable[str]) -> Iterator[str]:
    """What in these sentences lists never show, each kind once; the sentence is not repeated."""
    everything = list(sentences)
    for kind, pattern in (*_PATTERNS.items(), *_word_patterns().items()):
        hits = sum(bool(pattern.search(text)) for text in everything)
        if hits:
            yield f"{hits} sentences for a list hold {kind}, which no list may show."


def health_labels() -> frozenset[str]:
    """Words of the health extracts' own codes, from the tables' declaration."""
    words = {
        word
        for table, column in _LABELLED
        for pair in (TABLES[table][column].codes or {}).items()
        for word in pair
    }
    return frozenset(word for word in words - _NO_TELL if not word[-1].isdigit())


@cache
def _word_patterns() -> Mapping[str, re.Pattern[str]]:
    return {
        "a health fact": _any_of((*_HEALTH_WORDS, *sorted(health_labels()))),
        "a word that judges people": _any_of(_JUDGING_WORDS),
    }


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"\b(?:{listed})\b", re.IGNORECASE)
