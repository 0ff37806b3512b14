"""Faults of written names; each changes only the rows it is told to, in place."""

from __future__ import annotations

import numpy as np

from synthetic.namepools import NICKNAMES, VARIANTS
from synthetic.streams import Floats, Ints, Strings

_STRAY = ("&", "*", ".", "/")


def hyphen_lost(last: Strings, rows: Ints) -> None:
    """A double-barrelled name loses its hyphen or its second half."""
    for row in rows.tolist():
        if "-" in last[row]:
            kept = last[row].split("-")
            last[row] = kept[0] if len(last[row]) % 2 else " ".join(kept)


def nicknamed(first: Strings, rows: Ints) -> None:
    """The everyday form of a first name."""
    for row in rows.tolist():
        first[row] = NICKNAMES.get(first[row], first[row])


def respelt(first: Strings, last: Strings, rows: Ints, u: Floats) -> None:
    """Another way of writing a name in Latin letters."""
    for row in rows.tolist():
        for names in (first, last):
            variants = VARIANTS.get(names[row])
            if variants:
                names[row] = variants[int(u[row] * 997) % len(variants)]


def misspelt(first: Strings, last: Strings, rows: Ints, u: Floats) -> None:
    """One slip of the hand: letters swapped, left out, doubled or mistaken."""
    for row in rows.tolist():
        names = first if u[row] < 0.4 else last
        names[row] = _slipped(names[row], int(u[row] * 1_000_003))


def _slipped(name: str, number: int) -> str:
    if len(name) < 4:
        return name + name[-1:]
    at = 1 + number % (len(name) - 2)
    kind = number // 7 % 4
    if kind == 0:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[:at] + name[at] + name[at:]
    other = "aeiourstnl"[number // 31 % 10]
    return name[:at] + other + name[at + 1 :]


def confused(last: Strings, rows: Ints, u: Floats) -> None:
    """0 for O, 1 for L, or a stray sign, as old systems have them."""
    for row in rows.tolist():
        name = last[row]
        swapped = name.replace("o", "0").replace("l", "1")
        last[row] = swapped if swapped != name else name + _STRAY[int(u[row] * 4) % 4]


def reordered(first: Strings, last: Strings, rows: Ints, u: Floats, fathers: Strings) -> None:
    """Family name first, a father's name as surname, or one name only, as a form has them.

    Args:
        first: First names, changed in place.
        last: Last names, changed in place.
        rows: Rows to change.
        u: A number in (0, 1) for each row, which chooses how.
        fathers: First name of each row's father.
    """
    for row in rows.tolist():
        if u[row] < 0.6:
            first[row], last[row] = last[row], first[row]
        elif u[row] < 0.8:
            last[row] = fathers[row]
        else:
            first[row] = ""


def as_one_field(
    title: Strings, first: Strings, middle: Strings, last: Strings, u: Floats
) -> Strings:
    """Names as council tax and benefit systems hold them: one field, typed by hand."""
    full = [
        f"{name.upper()}, {how.upper()} {given.upper()} {other.upper()}".replace("  ", " ").strip()
        for how, given, other, name in zip(title, first, middle, last, strict=True)
    ]
    short = [
        f"{how.upper()} {given[:1].upper()} {name.upper()}".replace("  ", " ")
        for how, given, name in zip(title, first, last, strict=True)
    ]
    plain = [
        f"{given.upper()} {name.upper()}".strip() for given, name in zip(first, last, strict=True)
    ]
    return np.where(u < 0.78, full, np.where(u < 0.88, plain, short)).astype(object)
