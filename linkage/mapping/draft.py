"""A proposal as settings that somebody can finish: what is likely stands, what is not is a comment.

Nothing that runs reads drafts. They hold names of columns, formats, and codes of ordinary columns;
never a value of a column that identifies somebody or is special.
"""

from __future__ import annotations

import json
from collections import Counter

from contracts.columns import Kind
from contracts.mapping import ISO, FileStyle
from contracts.tables import TABLES
from linkage.ingest.header import column_label
from linkage.mapping.propose import Match, Proposal, dates_are_iso
from linkage.mapping.sample import Sample

SURE, LIKELY = 0.75, 0.5
_SYSTEM = {"extract_date", "recorded_date"}


def draft_toml(sample: Sample, proposal: Proposal) -> str:
    """The draft as TOML that ``place.toml`` would take, with every doubt as a comment."""
    table = TABLES[proposal.table]
    head = f"sources.{table.source}.tables.{table.name}"
    parts = [_opening(sample, proposal), _top(proposal, sample, head)]
    parts += [part for part in (_file(sample.style, head), _columns(proposal, head)) if part]
    parts += [part for part in (_formats(proposal, head), _codes(proposal, head)) if part]
    return "\n\n".join(parts) + "\n"


def _opening(sample: Sample, proposal: Proposal) -> str:
    others = ", ".join(f"{name} {score:.2f}" for name, score in proposal.others)
    return "\n".join(
        [
            f"# A draft, from {sample.rows:,} rows. Nothing reads it: check each line, finish it,",
            "# and move it into place.toml.",
            f"# Table {proposal.table}, confidence {proposal.confidence:.2f}"
            + (f" (next: {others})." if others else "."),
        ]
    )


def _top(proposal: Proposal, sample: Sample, head: str) -> str:
    table = TABLES[proposal.table]
    lines = [f"[{head}]"]
    needed = [
        name
        for name in proposal.lacking
        if (table[name].required or name in table.key) and name not in _SYSTEM
    ]
    spare = [name for name in proposal.lacking if name not in needed]
    lines += [f"# Needed, and not found: {name}. {table[name].says}" for name in needed]
    if spare:
        lines.append(f"absent = {json.dumps(spare)}")
    if proposal.unmatched:
        shown = [_shown(sample, name) for name in proposal.unmatched]
        known = [name for name in shown if name is not None]
        lines.append(f"ignore = {json.dumps(known, ensure_ascii=False)}")
        if len(known) < len(shown):
            lines.append(f"# {len(shown) - len(known)} columns have names that are not shown.")
    form = _common_format(proposal)
    if form != (ISO,):
        lines.append(f"date_format = {json.dumps(list(form))}")
    if any("%y" in one for match in proposal.matches for one in match.formats):
        lines.append("two_digit_years_from = 1930  # years of two digits: choose the century")
    words = {pair for match in proposal.matches for pair in _boolean_words(proposal, match)}
    if words:
        told = ", ".join(
            f"{json.dumps(theirs)} = {json.dumps(ours)}" for theirs, ours in sorted(words)
        )
        lines.append(f"booleans = {{ {told} }}")
    return "\n".join(lines)


def _shown(sample: Sample, name: str) -> str | None:
    """A name of the file where it looks like one; a header may be somebody's row."""
    label = column_label([name], 0)
    return name if label == name and sample.rows else None


def _boolean_words(proposal: Proposal, match: Match) -> tuple[tuple[str, str], ...]:
    boolean = TABLES[proposal.table][match.column].kind is Kind.BOOLEAN
    return match.codes if boolean else ()


def _file(style: FileStyle, head: str) -> str:
    told = style.model_dump(exclude_defaults=True, mode="json")
    if not told:
        return ""
    return "\n".join(
        [f"[{head}.file]", *(f"{name} = {json.dumps(value)}" for name, value in told.items())]
    )


def _columns(proposal: Proposal, head: str) -> str:
    lines = [f"[{head}.columns]"]
    for match in proposal.matches:
        word = _word(match.confidence)
        line = f"{match.column} = {json.dumps(match.native, ensure_ascii=False)}"
        doubt = "# " if match.confidence < LIKELY else ""
        lines.append(f"{doubt}{line}  # {match.confidence:.2f} {word}: {match.why}")
    return "\n".join(lines)


def _word(confidence: float) -> str:
    if confidence >= SURE:
        return "sure"
    return "likely" if confidence >= LIKELY else "doubtful"


def _common_format(proposal: Proposal) -> tuple[str, ...]:
    counts = Counter(
        match.formats
        for match in proposal.matches
        if match.formats and TABLES[proposal.table][match.column].kind is Kind.DATE
    )
    return counts.most_common(1)[0][0] if counts else (ISO,)


def _formats(proposal: Proposal, head: str) -> str:
    common = _common_format(proposal)
    lines = []
    for match in proposal.matches:
        timed = TABLES[proposal.table][match.column].kind is Kind.TIMESTAMP
        usual = dates_are_iso(match) if timed else match.formats in {(), common}
        if not usual:
            lines.append(f"{match.column} = {json.dumps(list(match.formats))}")
    return "\n".join([f"[{head}.column_formats]", *lines]) if lines else ""


def _codes(proposal: Proposal, head: str) -> str:
    parts = []
    for match in proposal.matches:
        if TABLES[proposal.table][match.column].kind is Kind.BOOLEAN:
            continue
        if match.codes:
            lines = [f"[{head}.codes.{match.column}]"]
            lines += [
                f"{json.dumps(theirs, ensure_ascii=False)} = {json.dumps(ours)}"
                for theirs, ours in match.codes
            ]
            parts.append("\n".join(lines))
        if match.unknown_codes:
            parts.append(
                f"# {match.column}: {match.unknown_codes} codes of the file need one of Afloat's "
                f"(docs/reference/tables.md lists them) under [{head}.codes.{match.column}]."
            )
    return "\n\n".join(parts)
