"""A file at rest under AES-256-GCM, in chunks that cannot be swapped, cut or added to.

Layout: a header, then chunks of ciphertext, each with its tag of 16 bytes. The header names the
key and carries 32 random bytes, from which HKDF makes the file's own key: no two files share one,
so a chunk's number is a safe nonce. The header, the chunk's number and whether it is the last are
all authenticated.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contracts.errors import ZoneRefused

CHUNK = 1 << 20
"""Bytes of plain text in every chunk but the last; another size is another format."""

KEY_BYTES = 32
MAGIC = b"AFLOATZ\x01"
"""First bytes of every sealed file: its format and version."""

_HEADER = struct.Struct(">8s8s32s")
_TAG = 16
_RESTORE = "Restore the file from a backup, or remove it and make it again from the deliveries."


@dataclass(frozen=True, kw_only=True)
class SealKey:
    """A secret, and the name by which a sealed file says which one it needs.

    Attributes:
        secret: 32 random bytes.
    """

    secret: bytes

    def __repr__(self) -> str:
        return f"SealKey({self.name.hex()})"

    @property
    def name(self) -> bytes:
        """8 bytes made from the secret that do not reveal it."""
        return self.derived(b"afloat key name")[:8]

    def derived(self, label: bytes, salt: bytes | None = None) -> bytes:
        """32 bytes for one purpose, made from the secret by HKDF."""
        return HKDF(hashes.SHA256(), KEY_BYTES, salt, label).derive(self.secret)


def key_name(path: Path) -> bytes:
    """Name of the key that a sealed file needs.

    Raises:
        ZoneRefused: If it is no sealed file.
    """
    with path.open("rb") as stream:
        return _read_header(stream, path)[1]


def seal(plain: Path, sealed: Path, *, key: SealKey, purpose: str) -> None:
    """Write the sealed form of a file, all or nothing: a crash leaves what was there before.

    Args:
        plain: The file.
        sealed: Where its sealed form goes; replaced in one step.
        key: The key.
        purpose: What the file is, such as ``identity``; it can only be opened as that.
    """
    sealed.parent.mkdir(parents=True, exist_ok=True)
    half = sealed.with_name(sealed.name + ".half")
    header = _HEADER.pack(MAGIC, key.name, os.urandom(32))
    cipher = _cipher(key, header, purpose)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as out, plain.open("rb") as stream:
            out.write(header)
            for nonce, chunk in _numbered(stream, CHUNK):
                out.write(cipher.encrypt(nonce, chunk, header))
            out.flush()
            os.fsync(out.fileno())
        half.replace(sealed)
    finally:
        half.unlink(missing_ok=True)
    _sync_folder(sealed.parent)


def unseal(sealed: Path, plain: Path, *, key: SealKey, purpose: str) -> None:
    """Write the plain form of a sealed file, readable by its owner alone.

    Raises:
        ZoneRefused: If another key is needed, or a byte is not as it was sealed. What was written
            by then is removed.
    """
    handle = os.open(plain, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as out, sealed.open("rb") as stream:
            header, name = _read_header(stream, sealed)
            _check_name(name, key, sealed)
            cipher = _cipher(key, header, purpose)
            for nonce, chunk in _numbered(stream, CHUNK + _TAG):
                out.write(cipher.decrypt(nonce, chunk, header))
    except InvalidTag:
        plain.unlink()
        raise ZoneRefused(
            f"{sealed.name} is damaged: it is not what was sealed.", next_step=_RESTORE
        ) from None
    except BaseException:
        plain.unlink()
        raise


def _check_name(name: bytes, key: SealKey, path: Path) -> None:
    if name != key.name:
        raise ZoneRefused(
            f"{path.name} was sealed with another key than the one given.",
            next_step="Give the key that it was sealed with.",
        )


def _cipher(key: SealKey, header: bytes, purpose: str) -> AESGCM:
    _, _, salt = _HEADER.unpack(header)
    return AESGCM(key.derived(b"afloat sealed file: " + purpose.encode(), salt))


def _read_header(stream: BinaryIO, path: Path) -> tuple[bytes, bytes]:
    header = stream.read(_HEADER.size)
    if len(header) < _HEADER.size or not header.startswith(MAGIC):
        raise ZoneRefused(f"{path.name} is damaged: it is no sealed file.", next_step=_RESTORE)
    return header, _HEADER.unpack(header)[1]


def _numbered(stream: BinaryIO, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk with its nonce: its number, and a mark on the last. There is at least one."""
    number, chunk = 0, stream.read(size)
    while True:
        following = stream.read(size)
        last = not following
        yield struct.pack(">3xQ?", number, last), chunk
        if last:
            return
        number, chunk = number + 1, following


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
