"""Records decisions: append-only, one signed file each.

What could not count is not recorded: a decision by the builder, by somebody who is not on the
board, a second one, an approval after a failed audit. The gate checks all of it again, and would
refuse such a file if it were written by other means.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

from contracts.errors import DecisionRefused
from contracts.place import Place
from contracts.workspace import Workspace
from releases.decisions import (
    APPROVALS,
    Decision,
    DecisionPayload,
    SignedDecision,
    expiry,
    file_name,
    has_substance,
    parse_decision,
    read_log,
    signed_bytes,
)
from releases.gate import release_folder
from releases.judge import Question, authenticity_problems, log_problems, policy_problems
from releases.keys import PERSON_PATTERN, Board, default_board_folder, load_board, load_private_key
from releases.manifest import Manifest, PolicyRef
from releases.reading import read_release
from releases.refusals import Refusal, stray_sentence

_NEXT_STEP = "Put every point right and decide again."


@dataclass(frozen=True, kw_only=True)
class _Desk:
    """What a decision is taken on."""

    manifest: Manifest
    board: Board
    log: Sequence[SignedDecision]
    folder: Path


def record_decision(
    workspace: Workspace,
    *,
    release_id: str,
    decision: Decision | str,
    person: str,
    private_key_path: Path,
    decided_on: date,
    place: Place,
    reason: str = "",
    passphrase: str | None = None,
    board_folder: Path | None = None,
) -> Path:
    """Sign a decision on a release and add it to the log.

    Args:
        workspace: The place's folder.
        release_id: Name of the release, as sealing gave it.
        decision: ``approve``, ``approve_with_reason``, ``refuse`` or ``withdraw``.
        person: Role name, as the public key in the board folder is named.
        private_key_path: That person's private key.
        decided_on: Day of the decision.
        place: The place; its fairness policy is the one decided under.
        reason: Why; needed for ``approve_with_reason``.
        passphrase: Of the private key, where it has one.
        board_folder: Where public keys lie; the place's own where not given.

    Returns:
        The decision's file.

    Raises:
        DecisionRefused: If it could not count; it carries every reason.
        SettingsError: If the private key cannot be opened.
    """
    desk = _desk(workspace, release_id, board_folder)
    if decision not in set(Decision):
        _refuse(["A decision is one of: " + ", ".join(Decision) + "."])
    if not re.fullmatch(PERSON_PATTERN, person):
        _refuse(["That is no role name; write it as the public key is named."])
    payload = DecisionPayload(
        release_id=release_id,
        manifest=desk.manifest.fingerprint,
        policy=PolicyRef.of(place.fairness),
        person=person,
        decision=Decision(decision),
        reason=" ".join(reason.split()),
        decided_on=decided_on,
        expires_on=expiry(decided_on, place.fairness),
        seen=tuple(sorted(signed.fingerprint for signed in desk.log)),
    )
    content = signed_bytes(payload, load_private_key(private_key_path, passphrase))
    question = Question(
        manifest=desk.manifest, policy=place.fairness, board=desk.board, today=decided_on
    )
    problems = list(_problems(question, desk, parse_decision(content, file_name(payload))))
    if problems:
        _refuse(list(dict.fromkeys(problems)))
    return _append(desk.folder / file_name(payload), content)


def _desk(workspace: Workspace, release_id: str, board_folder: Path | None) -> _Desk:
    board = load_board(board_folder or default_board_folder(workspace))
    read = read_release(release_folder(workspace, release_id), board)
    folder = workspace.decisions / release_id
    log, strays = read_log(folder)
    problems = [*read.refusals, *map(stray_sentence, strays)]
    if read.manifest is None or problems:
        _refuse(problems)
    return _Desk(manifest=read.manifest, board=board, log=log, folder=folder)


def _problems(question: Question, desk: _Desk, signed: SignedDecision) -> Iterator[str]:
    payload = signed.payload
    yield from policy_problems(question)
    yield from authenticity_problems(question, signed)
    yield from log_problems(desk.board, [*desk.log, signed])
    if payload.decision in APPROVALS:
        yield from _approval_problems(desk.manifest, payload)


def _approval_problems(manifest: Manifest, payload: DecisionPayload) -> Iterator[str]:
    if manifest.audit == "failed":
        yield Refusal.AUDIT_FAILED.says()
    if payload.decision is Decision.APPROVE_WITH_REASON:
        if not has_substance(payload.reason):
            yield Refusal.NO_SUBSTANCE.says(person=payload.person)
    elif manifest.audit == "needs_reason":
        yield Refusal.REASON_MISSING.says(person=payload.person)


def _append(path: Path, content: bytes) -> Path:
    """Add a file that is whole from its first moment, and never replace one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".deciding-", dir=path.parent.parent)
    writing = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        writing.chmod(0o444)
        path.hardlink_to(writing)
    except FileExistsError:
        _refuse([f"There is already a decision {path.name}."])
    finally:
        writing.unlink()
    return path


def _refuse(problems: list[str]) -> NoReturn:
    raise DecisionRefused(problems, next_step=_NEXT_STEP)
