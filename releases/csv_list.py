"""A list as CSV for Excel, safe to open: no cell can be taken for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date

from releases.cards import Card
from releases.reasons import NO_STRENGTH, Line
from surfaces.page import Marking

_FORMULA_STARTS = frozenset("=+-@\t\r\n|%＝＋－＠")  # noqa: RUF001 - full-width signs start formulas too
HEADER = (
    "Marking", "Contact by", "Reference", "Household", "Address", "Postcode", "Adults", "Children",
    "Counted most", "Also counted", "What is going well", "What we do not know",
    "Offers that could help", "What happened", "Date of contact", "Note for the next person",
)  # fmt: skip


def csv_bytes(cards: Sequence[Card], marking: Marking) -> bytes:
    """UTF-8 with a byte order mark, every cell quoted, lines ended as RFC 4180 says."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for card in cards:
        writer.writerow([safe_cell(value) for value in _row(card, marking)])
    return buffer.getvalue().encode("utf-8-sig")


def safe_cell(value: object) -> str:
    """Text on one line; a leading apostrophe where a spreadsheet would start a formula."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    plain = " ".join(text.split())
    starts_formula = not _FORMULA_STARTS.isdisjoint({text[:1], plain[:1]})
    return f"'{plain}" if starts_formula else plain


def _row(card: Card, marking: Marking) -> tuple[object, ...]:
    story = card.story
    return (
        marking.label, card.contact_by, card.reference, card.name, card.address, card.postcode,
        card.adults, card.children, _joined(story.most), _joined(story.also),
        _joined(story.strengths) or NO_STRENGTH, _joined(story.not_known),
        " · ".join(card.offers), "", "", "",
    )  # fmt: skip


def _joined(lines: Iterable[Line]) -> str:
    return " ".join(
        f"{line.sentence} ({line.source})" if line.source else line.sentence for line in lines
    )
