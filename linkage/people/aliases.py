"""Names that are forms of one another: everyday short forms, and spellings across alphabets.

Two names are forms of one another where they share a group, so that a short form of two names
(chris, pat) is a form of both without making those two the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from linkage.people import first_names, last_names


def _groups(lines: str) -> Mapping[str, tuple[int, ...]]:
    """Each form to the numbers of its groups."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines.replace(" +\n", " ").split("\n")):
        for form in dict.fromkeys(line.split()):
            found.setdefault(form, []).append(number)
    return MappingProxyType({form: tuple(numbers) for form, numbers in found.items()})


FIRST_NAMES = _groups(first_names.FORMS)
LAST_NAMES = _groups(last_names.FORMS)


def _initials_by_group() -> Mapping[int, frozenset[str]]:
    found: dict[int, set[str]] = {}
    for form, numbers in FIRST_NAMES.items():
        for number in numbers:
            found.setdefault(number, set()).add(form[0])
    return MappingProxyType({number: frozenset(letters) for number, letters in found.items()})


_INITIALS = _initials_by_group()


def first_initials(first: str | None) -> tuple[str, ...]:
    """Initials under which somebody of this first name may stand: Mandy is M, and A for Amanda.

    An initial stands for itself alone.
    """
    if not first:
        return ()
    letters = {first[0]}
    for number in FIRST_NAMES.get(first, ()) if len(first) > 1 else ():
        letters |= _INITIALS[number]
    return tuple(sorted(letters))
