"""The key under which a place's zones are sealed: from the environment, or from a key file.

``AFLOAT_ZONE_KEY`` holds it in base64; else it lies in ``AFLOAT_ZONE_KEY_FILE``, or in
``keys/zones.key`` of the place. A key file is made at first use, and never while sealed zones are
there that need another.
"""

from __future__ import annotations

import base64
import binascii
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.errors import SettingsError, ZoneRefused
from contracts.sealed import KEY_BYTES, SealKey, key_name

KEY = "AFLOAT_ZONE_KEY"
OLD_KEY = "AFLOAT_ZONE_KEY_OLD"
KEY_FILE = "AFLOAT_ZONE_KEY_FILE"
FILE_NAME = "zones.key"
_HOW = "Make one with: head -c 32 /dev/urandom | base64"
_FINISH = "Finish the change of key with `afloat keys --zones`."


@dataclass(frozen=True, kw_only=True)
class KeyRing:
    """Where a place's zone key is.

    Attributes:
        folder: The place's folder of keys.
    """

    folder: Path

    @property
    def path(self) -> Path:
        """The key file; not read where the environment holds the key."""
        named = os.environ.get(KEY_FILE)
        return Path(named) if named else self.folder / FILE_NAME

    @property
    def next_path(self) -> Path:
        """The new key while a change of key is under way."""
        return self.path.with_name(self.path.name + ".new")

    def key(self, sealed: Sequence[Path]) -> SealKey:
        """The key in force.

        Args:
            sealed: The sealed zones that are there; where there are some, no key is made.

        Raises:
            SettingsError: If there is no key, or it cannot be used.
            ZoneRefused: If a change of key was begun and did not finish.
        """
        given = os.environ.get(KEY)
        if given is not None:
            return key_from_text(given, KEY)
        if self.next_path.exists():
            raise ZoneRefused("A change of the zones' key did not finish.", next_step=_FINISH)
        if not self.path.exists():
            if sealed:
                raise SettingsError(
                    f"There are sealed zones, and their key {self.path.name} is gone.",
                    next_step="Put the key back from its backup: nothing else opens them.",
                )
            write_key(self.path, os.urandom(KEY_BYTES))
        return read_key(self.path)

    def changing(self, sealed: Sequence[Path]) -> tuple[SealKey, list[SealKey]]:
        """The new key, and the keys under which zones may still lie.

        With the key in the environment the new one is ``AFLOAT_ZONE_KEY`` and the old one
        ``AFLOAT_ZONE_KEY_OLD``; with a key file a new one is made beside it.

        Raises:
            SettingsError: If a key that is needed is not there or cannot be used.
        """
        given = os.environ.get(KEY)
        if given is not None:
            old = os.environ.get(OLD_KEY)
            if old is None:
                raise SettingsError(
                    f"{KEY} holds the new key, but {OLD_KEY} is not set.",
                    next_step=f"Set {OLD_KEY} to the key that the zones are sealed with.",
                )
            new = key_from_text(given, KEY)
            return new, [new, key_from_text(old, OLD_KEY)]
        if self.next_path.exists():
            # A change that was cut short: zones lie under either key.
            known = [read_key(self.path)] if self.path.exists() else []
        else:
            known = [self.key(sealed)]
            write_key(self.next_path, os.urandom(KEY_BYTES))
        new = read_key(self.next_path)
        return new, [new, *known]

    def changed(self) -> None:
        """Put the new key file in the old one's place; nothing where the environment holds it."""
        if os.environ.get(KEY) is None:
            self.next_path.replace(self.path)


def key_of(path: Path, keys: Sequence[SealKey]) -> SealKey:
    """The one of several keys that a sealed file needs.

    Raises:
        ZoneRefused: If none of them is.
    """
    name = key_name(path)
    for key in keys:
        if key.name == name:
            return key
    raise ZoneRefused(
        f"{path.name} was sealed with another key than those given.",
        next_step="Give the key that it was sealed with.",
    )


def write_key(path: Path, secret: bytes) -> None:
    """Write a key file that only its owner can read; never over another."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(base64.b64encode(secret) + b"\n")
        out.flush()
        os.fsync(out.fileno())


def read_key(path: Path) -> SealKey:
    """The key in a key file.

    Raises:
        SettingsError: If others can read it, or it holds no key.
    """
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise SettingsError(
                f"Others can read the key file {path.name}.",
                next_step=f"Make it yours alone: chmod 600 {path.name}.",
            )
        text = path.read_text(encoding="ascii", errors="replace")
    except OSError as error:
        raise SettingsError(
            f"The key file {path.name} cannot be read ({type(error).__name__}).",
            next_step="Check that it is there and yours.",
        ) from None
    return key_from_text(text, path.name)


def key_from_text(text: str, where: str) -> SealKey:
    """The key that a text holds in base64.

    Args:
        text: From a file or the environment.
        where: How to name it in the error.

    Raises:
        SettingsError: If it holds no key.
    """
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise SettingsError(f"{where} holds no key: 32 bytes in base64.", next_step=_HOW)
    return SealKey(secret=secret)
