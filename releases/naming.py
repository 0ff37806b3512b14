"""How a household and its home are written on a card."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # noqa: RUF001 - both apostrophes occur


def household_name(
    first: str | None, last: str | None, *, address: str | None, adults: int, children: int
) -> str:
    """``Amara Okoye and family``: the lead's name, and that there are others.

    No title, since a title gives away sex and often marriage. Where no name is known, the home.
    """
    others = " and family" if children else " and household" if adults > 1 else ""
    if last and first:
        return f"{tidy(first)} {tidy(last)}{others}"
    if last:
        return f"The {tidy(last)} household"
    return f"Household at {home(address)}"


def home(address: str | None) -> str:
    """The address line, or plain words where none is known."""
    return tidy(address) if address and address.strip() else "an address we do not hold"


def people(adults: int, children: int) -> str:
    """``2 adults, 1 child``."""
    parts = [
        f"{count} {one if count == 1 else many}"
        for count, one, many in ((adults, "adult", "adults"), (children, "child", "children"))
        if count
    ]
    return ", ".join(parts) or "number of people not known"


def tidy(text: str) -> str:
    """Text in one case, as registers hold it, with capitals where people write them."""
    words = text.split()
    plain = " ".join(words)
    if plain != plain.upper() and plain != plain.lower():
        return plain
    # Postcodes and the like keep their capitals: 11A, NM1 0AL.
    return " ".join(
        word.upper() if any(map(str.isdigit, word)) else _WORD.sub(_capitalised, word)
        for word in words
    )


def _capitalised(found: re.Match[str]) -> str:
    word = found[0]
    # O'Brien, but St John's.
    if len(word) > 2 and word[1] in "'’":  # noqa: RUF001 - both apostrophes occur
        return word[:2].upper() + word[2:].capitalize()
    return word.capitalize()
