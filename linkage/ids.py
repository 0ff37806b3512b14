"""Numbers for people and households that stay the same from one month to the next."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

# Small enough to survive a float column and a browser.
_BITS = 52


def stable_ids(
    names: Iterable[str], *, key: bytes, taken: set[int] | None = None
) -> dict[str, int]:
    """A positive number for each name, made from the name and a key alone.

    Args:
        names: Names; order plays no part.
        key: 32 secret bytes: who lacks them cannot tell from a number whose it is.
        taken: Numbers already given out, which are added to; two names that would share a number
            are kept apart.
    """
    used = set() if taken is None else taken
    numbers = {}
    for name in sorted(set(names)):
        digest = blake2b(name.encode(), digest_size=8, key=key).digest()
        number = int.from_bytes(digest, "big") >> (64 - _BITS)
        while number in used or number == 0:
            number = (number + 1) % (1 << _BITS)
        used.add(number)
        numbers[name] = number
    return numbers
