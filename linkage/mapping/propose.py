"""Which table a sample is, which column is which, and how its dates and codes are written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from contracts.columns import Column, ColumnClass, Kind, Table
from contracts.mapping import ISO
from contracts.tables import TABLES
from linkage.mapping.content import BOOLEANS, Content, content_of, date_formats, fit
from linkage.mapping.sample import Sample, take_sample
from linkage.mapping.words import alike, words

LEAST = 0.34
"""Score below which a column is left for a person."""
_NAME_WEIGHT = 0.68
_TELLING = {"uprn", "postcode", "lsoa21", "ward_code"}
_UNSHOWN = {
    ColumnClass.IDENTIFIER, ColumnClass.SPECIAL, ColumnClass.CRIMINAL, ColumnClass.SAFETY,
    ColumnClass.PROTECTED,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Match:
    """One column of the file and what it is taken for.

    Attributes:
        column: Declared column.
        native: The file's name for it.
        confidence: 0 to 1: how well name and values fit, less where another fits nearly as well.
        why: In a few words.
        formats: Its date formats, best first.
        codes: The file's codes to Afloat's, where they differ and may be shown.
        unknown_codes: How many of its codes nothing stands for yet.
    """

    column: str
    native: str
    confidence: float
    why: str
    formats: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    unknown_codes: int = 0


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """What a sample is taken for.

    Attributes:
        table: Declared table.
        confidence: 0 to 1.
        others: The next likely tables with theirs.
        matches: In the order of the declaration.
        unmatched: Columns of the file that stand for nothing declared.
        lacking: Declared columns that nothing in the file stands for.
    """

    table: str
    confidence: float
    others: tuple[tuple[str, float], ...]
    matches: tuple[Match, ...]
    unmatched: tuple[str, ...]
    lacking: tuple[str, ...]


def look_at(path: Path, table: str | None = None) -> tuple[Sample, Proposal]:
    """Take a sample of a file and what it is taken for.

    A first line in which hardly a name is like a declared one may be somebody's row: its columns
    are then only numbered, and what stands there is never shown.

    Raises:
        DataMissing: If the file cannot be read.
    """
    sample = take_sample(path)
    proposal = propose(sample, table)
    named = [name for name in sample.names if _best_alike(name, proposal.table) >= _LIKE]
    if sample.style.format != "parquet" and 3 * len(named) < len(sample.names):
        sample = sample.numbered()
        proposal = propose(sample, table)
    return sample, proposal


_LIKE = 0.45


def _best_alike(name: str, table: str) -> float:
    return max(_alike(name, column.name, table) for column in TABLES[table])


def propose(sample: Sample, table: str | None = None) -> Proposal:
    """Take a sample for the table that it fits best, or for the one that is named.

    Args:
        sample: What a file's first rows hold.
        table: Name of the table where it is known.
    """
    contents = [content_of(values) for values in sample.columns]
    names = [table] if table else list(TABLES)
    found = {name: _assigned(TABLES[name], sample.names, contents) for name in names}
    width = sum(bool(name) for name in sample.names)
    judged = {name: _table_score(TABLES[name], scores, width) for name, scores in found.items()}
    ranked = sorted(found, key=lambda name: (-judged[name], name))
    best = TABLES[ranked[0]]
    scores = found[best.name]
    matches = tuple(
        _match(best[column], sample.names[at], contents[at], scores[column])
        for column in best.names
        if column in scores
        for at in (scores[column].at,)
    )
    taken = {match.native for match in matches}
    return Proposal(
        table=best.name,
        confidence=round(judged[best.name], 2),
        others=tuple((name, round(judged[name], 2)) for name in ranked[1:4]),
        matches=matches,
        unmatched=tuple(name for name in sample.names if name and name not in taken),
        lacking=tuple(name for name in best.names if name not in scores),
    )


@dataclass(frozen=True, kw_only=True)
class _Score:
    at: int
    score: float
    margin: float
    name: float
    fit: float | None


def _assigned(table: Table, names: tuple[str, ...], contents: list[Content]) -> dict[str, _Score]:
    """The best one-to-one choice of the file's columns for the declared ones."""
    alikes = np.array([[_alike(name, c.name, table.name) for name in names] for c in table])
    fits = [[fit(column, content) for content in contents] for column in table]
    scores = np.array(
        [
            [
                _combined(alikes[row, at], fits[row][at], telling=column.name in _TELLING)
                for at in range(len(names))
            ]
            for row, column in enumerate(table)
        ]
    )
    chosen = zip(*linear_sum_assignment(scores, maximize=True), strict=True)
    found = {}
    for row, at in chosen:
        score = float(scores[row, at])
        if score < LEAST:
            continue
        rivals = np.delete(scores[row], at)
        margin = score - float(rivals.max(initial=0.0))
        found[table.names[row]] = _Score(
            at=int(at), score=score, margin=margin, name=float(alikes[row, at]), fit=fits[row][at]
        )
    return found


@cache
def _alike(theirs: str, column: str, table: str) -> float:
    return alike(theirs, column, table)


def _combined(name: float, values: float | None, *, telling: bool) -> float:
    """Names and values together; values that cannot be read speak against the best of names."""
    if values is None:
        return 0.85 * name
    if values < 0.2:
        return 0.3 * name
    both = _NAME_WEIGHT * name + (1 - _NAME_WEIGHT) * values * min(1.0, 0.25 + 2 * name)
    # UPRNs, postcodes and census areas are known by their looks, whatever they are called.
    return max(both, 0.5 * values) if telling else both


def _table_score(table: Table, found: dict[str, _Score], width: int) -> float:
    """How much of the table is in the file, and how much of the file in the table."""
    total = reached = 0.0
    for column in table.business:
        weight = 2.0 if column.required or column.name in table.key else 1.0
        total += weight
        if column.name in found:
            reached += weight * found[column.name].score
    used = sum(one.score for one in found.values()) / max(width, 1)
    there = reached / total
    return 2 * there * used / (there + used) if there and used else 0.0


def _match(column: Column, native: str, content: Content, score: _Score) -> Match:
    confidence = score.score * (1.0 if score.margin > 0.1 else 0.75 + 2.5 * max(score.margin, 0))
    formats = _formats(column, content)
    codes, unknown = _codes(column, content)
    return Match(
        column=column.name,
        native=native,
        confidence=round(min(confidence, 1.0), 2),
        why=_why(column, score, formats),
        formats=formats,
        codes=codes,
        unknown_codes=unknown,
    )


def _why(column: Column, score: _Score, formats: tuple[str, ...]) -> str:
    named = "same name" if score.name >= 0.999 else f"name {score.name:.0%} alike"
    if score.fit is None:
        return f"{named}; empty in the sample"
    if column.kind in {Kind.DATE, Kind.TIMESTAMP} and formats:
        return f"{named}; dates"
    return f"{named}; {score.fit:.0%} of values fit"


def _formats(column: Column, content: Content) -> tuple[str, ...]:
    if column.kind not in {Kind.DATE, Kind.TIMESTAMP} or not content.values:
        return ()
    return date_formats(content)


def _codes(column: Column, content: Content) -> tuple[tuple[tuple[str, str], ...], int]:
    """The file's codes that are not Afloat's, with what they seem to stand for."""
    if column.kind is Kind.BOOLEAN:
        pairs = [
            (value, word)
            for value in sorted(content.different)
            for word, known in BOOLEANS.items()
            if value.lower() in known and value.lower() != word
        ]
        return tuple(pairs), 0
    if not column.codes or len(content.different) > 60:
        return (), 0
    others = sorted(content.different - set(column.codes))
    meant = {value: _meant(value, column) for value in others}
    unknown = sum(code is None for code in meant.values())
    if column.cls in _UNSHOWN:
        return (), len(others)
    return tuple((value, code) for value, code in meant.items() if code), unknown


def _meant(value: str, column: Column) -> str | None:
    """The one code whose letters or meaning are those of a value; None where that is a guess."""
    codes = column.codes or {}
    same = [code for code in codes if _flat(code) == _flat(value)]
    if not same:
        same = [code for code, says in codes.items() if _flat(says) == _flat(value)]
    if not same and len(value) > 2:
        told = words(value)
        shares = {
            code: len(told & words(f"{code} {says}")) / len(told | words(says))
            for code, says in codes.items()
        }
        best = max(shares.values(), default=0.0)
        same = [code for code, share in shares.items() if share == best and best >= 0.5]
    return same[0] if len(same) == 1 else None


def _flat(text: str) -> str:
    return "".join(sign for sign in text.lower() if sign.isalnum())


def dates_are_iso(match: Match) -> bool:
    """Whether a match needs no date format of its own."""
    return match.formats in {(), (ISO,)}
