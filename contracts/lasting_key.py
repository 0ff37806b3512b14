"""The key that outlives every change of the zones' key: under it lies what must stay the same.

Numbers of people and households are made under it, so that nobody can work one out from the number
of a record, and names and addresses in a sealed release are closed with it. ``AFLOAT_LASTING_KEY``
holds it in base64; else it lies in ``keys/lasting.key`` of the place and is made at first use.
"""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from contracts.errors import SettingsError, ZoneRefused
from contracts.sealed import KEY_BYTES, SealKey
from contracts.zone_keys import key_from_text, read_key, write_key

KEY = "AFLOAT_LASTING_KEY"
FILE_NAME = "lasting.key"
_IDS = b"afloat numbers of people and households"


def lasting_key(keys: Path, *, needed_by: str | None = None) -> SealKey:
    """The key of a place.

    Args:
        keys: The place's folder of keys.
        needed_by: What was made with the key and is there already; then none is made.

    Raises:
        SettingsError: If it cannot be used, or is gone and something needs it.
    """
    held = held_lasting_key(keys)
    if held is not None:
        return held
    if needed_by is not None:
        raise SettingsError(
            f"{needed_by} needs the key {FILE_NAME}, and it is gone.",
            next_step="Put the key back from its backup: nothing else opens it.",
        )
    write_key(keys / FILE_NAME, os.urandom(KEY_BYTES))
    return read_key(keys / FILE_NAME)


def held_lasting_key(keys: Path) -> SealKey | None:
    """The key of a place where it is at hand; none is made.

    Raises:
        SettingsError: If there is one and it cannot be used.
    """
    given = os.environ.get(KEY)
    if given is not None:
        return key_from_text(given, KEY)
    path = keys / FILE_NAME
    return read_key(path) if path.exists() else None


def id_key(keys: Path) -> bytes:
    """32 bytes under which a place numbers people and households.

    Args:
        keys: The place's folder of keys.
    """
    return lasting_key(keys).derived(_IDS)


def close_bytes(plain: bytes, *, key: SealKey, purpose: str) -> bytes:
    """The same bytes closed with AES-256-SIV: equal bytes close to equal bytes.

    Args:
        plain: At least one byte.
        key: The lasting key.
        purpose: What the bytes are; they open as that alone.
    """
    return _cipher(key).encrypt(plain, [purpose.encode()])


def open_bytes(closed: bytes, *, key: SealKey, purpose: str) -> bytes:
    """What :func:`close_bytes` closed.

    Raises:
        ZoneRefused: If it was closed with another key, as something else, or was changed.
    """
    try:
        return _cipher(key).decrypt(closed, [purpose.encode()])
    except (InvalidTag, ValueError):
        raise ZoneRefused(
            f"The {purpose} do not open with the key at hand.",
            next_step=f"Give the {FILE_NAME} of the host on which they were sealed.",
        ) from None


def _cipher(key: SealKey) -> AESSIV:
    # One half authenticates, the other encrypts.
    return AESSIV(key.derived(b"afloat lasting siv mac") + key.derived(b"afloat lasting siv ctr"))
