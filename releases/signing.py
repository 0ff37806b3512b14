"""Ed25519 signatures over plain values, and a readable file form with exactly one spelling.

A file that says the same in other bytes is not accepted: whoever changes one byte, even of the
layout, changes the file.
"""

from __future__ import annotations

import json
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from contracts.fingerprint import canonical_json


def readable_json(value: Any) -> bytes:
    """The one file form of a value: sorted keys, two spaces, a line end; no NaN."""
    text = json.dumps(value, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def parse_readable(content: bytes) -> Any:
    """The value of a file in its one form.

    Raises:
        ValueError: If the bytes are not JSON, or are JSON in another spelling.
    """
    try:
        value = json.loads(content.decode())
        same = readable_json(value) == content
    except RecursionError as error:
        raise ValueError("nested too deep") from error
    if not same:
        raise ValueError("not in the form in which it was written")
    return value


def sign(key: Ed25519PrivateKey, value: Any) -> str:
    """Hex signature of a value in canonical form; the same key and value give the same one."""
    return key.sign(canonical_json(value)).hex()


def is_signed(key: Ed25519PublicKey, value: Any, signature: str) -> bool:
    """Whether ``signature`` is that key's, over that value, in lower-case hex."""
    try:
        raw = bytes.fromhex(signature)
        key.verify(raw, canonical_json(value))
    except (ValueError, InvalidSignature):
        return False
    return raw.hex() == signature


def same_key(one: Ed25519PublicKey, other: Ed25519PublicKey) -> bool:
    """Whether two public keys are the same key, whatever they are called."""
    return one.public_bytes_raw() == other.public_bytes_raw()
