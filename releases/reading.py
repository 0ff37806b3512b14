"""A sealed release read from disk once; every byte is checked against the manifest.

Whatever is used afterwards is what was hashed here, in memory: nothing is read a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from contracts.fingerprint import of_bytes
from releases.keys import Board
from releases.manifest import MANIFEST_NAME, REQUIRED_FILES, SIGNATURE_NAME, Manifest
from releases.refusals import Refusal, plain_name
from releases.signing import is_signed, parse_readable, readable_json


@dataclass(frozen=True, kw_only=True)
class ReadRelease:
    """A release as found.

    Attributes:
        manifest: None where there is none that can be read.
        files: Path inside the release to bytes, without manifest and signature.
        refusals: What is wrong with it, as sentences; empty where it is whole.
    """

    manifest: Manifest | None
    files: Mapping[str, bytes]
    refusals: tuple[str, ...]


def read_release(folder: Path, board: Board | None) -> ReadRelease:
    """Read a release folder whole and compare it with its manifest and signature.

    Args:
        folder: The release.
        board: Who may build; without it the signature is not checked.
    """
    if folder.is_symlink() or not folder.is_dir():
        return ReadRelease(
            manifest=None, files={}, refusals=(Refusal.NO_RELEASE.says(release=folder.name),)
        )
    files, problems = _read_all(folder)
    content = files.pop(MANIFEST_NAME, None)
    signature = files.pop(SIGNATURE_NAME, None)
    manifest = _parse(content)
    if manifest is None:
        missing = Refusal.MANIFEST_MISSING if content is None else Refusal.MANIFEST_UNREADABLE
        return ReadRelease(manifest=None, files={}, refusals=(*problems, missing.says()))
    if manifest.release_id != folder.name:
        problems.append(Refusal.MANIFEST_CHANGED.says())
    if board is not None:
        problems += signature_problems(manifest, signature, board)
    problems += file_problems(manifest, files)
    return ReadRelease(manifest=manifest, files=files, refusals=tuple(problems))


def check_seal(folder: Path, board: Board | None = None) -> tuple[str, ...]:
    """What is wrong with a sealed release, as sentences; empty where every byte is as sealed.

    Args:
        folder: The release.
        board: Where given, the builder's signature is checked too.
    """
    return read_release(folder, board).refusals


def signature_bytes(signature: str) -> bytes:
    """The bytes of the signature's file."""
    return f"{signature}\n".encode()


def signature_problems(manifest: Manifest, content: bytes | None, board: Board) -> Iterator[str]:
    """Whether a known builder signed this manifest."""
    key = board.builders.get(manifest.builder)
    if key is None:
        yield Refusal.BUILDER_UNKNOWN.says(person=manifest.builder)
    if content is None:
        yield Refusal.SIGNATURE_MISSING.says()
    elif key is not None and not _signs(content, manifest, board):
        yield Refusal.SIGNATURE_WRONG.says()


def file_problems(manifest: Manifest, files: Mapping[str, bytes]) -> Iterator[str]:
    """Which files changed, are missing, or were never sealed."""
    for path in sorted(REQUIRED_FILES | manifest.files.keys()):
        sealed = manifest.files.get(path)
        if path not in files:
            yield Refusal.FILE_MISSING.says(what=plain_name(path), path=path)
        elif sealed is not None and of_bytes(files[path]) != sealed:
            yield Refusal.FILE_CHANGED.says(what=plain_name(path), path=path)
    for path in sorted(files.keys() - manifest.files.keys()):
        yield Refusal.FILE_EXTRA.says(path=path)


def _signs(content: bytes, manifest: Manifest, board: Board) -> bool:
    signature = content.decode("ascii", errors="replace").removesuffix("\n")
    return signature_bytes(signature) == content and is_signed(
        board.builders[manifest.builder], manifest.model_dump(mode="json"), signature
    )


def _read_all(folder: Path) -> tuple[dict[str, bytes], list[str]]:
    files: dict[str, bytes] = {}
    problems: list[str] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        # A link could be turned to other bytes between two releases; a pipe would never end.
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            problems.append(Refusal.NOT_A_FILE.says(path=name))
        elif path.is_file():
            try:
                files[name] = path.read_bytes()
            except OSError:
                problems.append(Refusal.UNREADABLE_FILE.says(path=name))
    return files, problems


def _parse(content: bytes | None) -> Manifest | None:
    if content is None:
        return None
    try:
        parse_readable(content)
        manifest = Manifest.model_validate_json(content)
        same = readable_json(manifest.model_dump(mode="json")) == content
    except ValueError:
        return None
    return manifest if same else None
