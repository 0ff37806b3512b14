"""Key pairs of the people who decide, and of the builder.

A person's private key belongs with that person, not on the host that builds lists. The public half
lies in the place's board folder, named for the role: ``board-chair.pem``. The builder's public key
lies one folder below, in ``builders/``, because the builder may sign a release and never decide.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from contracts.errors import SettingsError
from contracts.place import places_folder
from contracts.workspace import Workspace
from releases.signing import same_key

PERSON_PATTERN = r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$"
BOARD_FOLDER = "board"
BUILDERS_FOLDER = "builders"
BUILDER_KEY = "builder.key"


@dataclass(frozen=True, kw_only=True)
class Board:
    """Who may decide, and who may build; each by their public key.

    Attributes:
        people: Role name to public key of those who may decide.
        builders: Name to public key of those who may seal a release.
    """

    people: Mapping[str, Ed25519PublicKey]
    builders: Mapping[str, Ed25519PublicKey]

    def builds(self, person: str) -> bool:
        """Whether a person is a builder, by name or by holding a builder's key."""
        key = self.people.get(person)
        return person in self.builders or (
            key is not None and any(same_key(key, other) for other in self.builders.values())
        )


def default_board_folder(workspace: Workspace) -> Path:
    """The place's own ``board`` folder where it has one, else one in the workspace."""
    agreed = places_folder() / workspace.place / BOARD_FOLDER
    return agreed if agreed.is_dir() else workspace.home / BOARD_FOLDER


def load_board(folder: Path) -> Board:
    """Public keys of the people and the builders of a place.

    Raises:
        SettingsError: If a file there is not an Ed25519 public key named for a role.
    """
    return Board(
        people=MappingProxyType(_public_keys(folder)),
        builders=MappingProxyType(_public_keys(folder / BUILDERS_FOLDER)),
    )


def make_person_key(
    person: str, *, private_path: Path, board_folder: Path, passphrase: str | None = None
) -> Path:
    """Make a person's key pair; returns the path of the public half.

    Args:
        person: Role name such as ``board-chair``; no personal name is needed.
        private_path: Where the private key goes, readable by its owner alone.
        board_folder: The place's board folder, which takes the public key.
        passphrase: Locks the private key where given.

    Raises:
        SettingsError: If the name is no role name, or a key of that name is already there.
    """
    return _make_pair(person, private_path, board_folder, passphrase)


def ensure_builder(workspace: Workspace, builder: str, *, board_folder: Path) -> Ed25519PrivateKey:
    """The builder's signing key of this host, made at first use and registered with the board.

    Raises:
        SettingsError: If that builder is registered with another key.
    """
    path = workspace.keys / BUILDER_KEY
    registered = board_folder / BUILDERS_FOLDER / f"{_checked_name(builder)}.pem"
    if not path.exists():
        _make_pair(builder, path, registered.parent, None)
    key = load_private_key(path)
    if not registered.exists():
        _write_new(registered, _public_pem(key), mode=0o644)
    if not same_key(_load_public(registered), key.public_key()):
        raise SettingsError(
            f"Builder {builder!r} is registered with another key than {BUILDER_KEY}.",
            next_step="Remove the registered key if the builder's key was replaced on purpose.",
        )
    return key


def load_private_key(path: Path, passphrase: str | None = None) -> Ed25519PrivateKey:
    """An Ed25519 private key from a PEM file.

    Raises:
        SettingsError: If there is none, or it cannot be opened.
    """
    try:
        content = path.read_bytes()
        key = load_pem_private_key(content, None if passphrase is None else passphrase.encode())
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise SettingsError(
            f"The private key {path.name} cannot be opened ({type(error).__name__}).",
            next_step="Check the path, and the passphrase if it has one.",
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsError(
            f"The private key {path.name} is not an Ed25519 key.", next_step="Make a new key pair."
        )
    return key


def _make_pair(person: str, private_path: Path, folder: Path, passphrase: str | None) -> Path:
    public_path = folder / f"{_checked_name(person)}.pem"
    for path in (private_path, public_path):
        if path.exists():
            raise SettingsError(
                f"There is already a key {path.name} in {path.parent.name}.",
                next_step="Choose another name, or remove the old pair on purpose.",
            )
    key = Ed25519PrivateKey.generate()
    _write_new(private_path, _private_pem(key, passphrase), mode=0o600)
    _write_new(public_path, _public_pem(key), mode=0o644)
    return public_path


def _checked_name(person: str) -> str:
    if not re.fullmatch(PERSON_PATTERN, person):
        raise SettingsError(
            f"{person!r} cannot name a person here.",
            next_step="Use a role name in small letters and hyphens, such as board-chair.",
        )
    return person


def _private_pem(key: Ed25519PrivateKey, passphrase: str | None) -> bytes:
    lock = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock)


def _public_pem(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _write_new(path: Path, content: bytes, *, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # The mode is set as the file is made: at no moment can others read a private key.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)


def _public_keys(folder: Path) -> dict[str, Ed25519PublicKey]:
    found = sorted(folder.glob("*.pem")) if folder.is_dir() else []
    return {_checked_name(path.stem): _load_public(path) for path in found}


def _load_public(path: Path) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise SettingsError(
            f"{path.parent.name}/{path.name} is not an Ed25519 public key.",
            next_step="Ask that person for their public key again.",
        )
    return key
