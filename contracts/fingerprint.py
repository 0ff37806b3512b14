"""SHA-256 fingerprints of bytes, files, folders and plain values."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

_CHUNK = 1 << 20


def canonical_json(value: Any) -> bytes:
    """JSON bytes that are the same for equal values: sorted keys, no spaces, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def of_bytes(content: bytes) -> str:
    """Hex SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def of_value(value: Any) -> str:
    """Hex SHA-256 of a JSON-like value in canonical form."""
    return of_bytes(canonical_json(value))


def of_file(path: Path) -> str:
    """Hex SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def of_files(root: Path, paths: list[Path]) -> str:
    """One fingerprint for several files: their names below ``root`` and their contents."""
    return of_value({str(path.relative_to(root)): of_file(path) for path in sorted(paths)})
