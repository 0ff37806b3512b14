"""The only place where permission to make lists comes from.

:func:`verify_release` reads the sealed release and the signed decisions again, each time, and needs
neither the warehouse nor anything that an orchestrator says. What it returns carries the bytes that
it hashed, so there is no gap between check and use.

What Python can and cannot promise: an :class:`ApprovedRelease` cannot be had from its constructor,
a copy, a pickle, a subclass or ``dataclasses.replace``, and its content cannot be exchanged through
its attributes. Code that runs in the same process and reaches for this module's private names can
still do anything. So the board's private keys stay off the host, public keys and sealed releases
are read-only, only the publisher's account may write the outbox, and whoever receives a list can
run this function on their own machine.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn, SupportsIndex, final
from weakref import WeakKeyDictionary

from contracts.errors import ReleaseRefused
from contracts.lasting_key import FILE_NAME, open_bytes
from contracts.place import Place
from contracts.sealed import SealKey
from releases.audited import sealed_word
from releases.decisions import SignedDecision, read_log
from releases.judge import Question, judge
from releases.keys import Board
from releases.manifest import CONTACTS, CONTACTS_FILE, Manifest
from releases.reading import ReadRelease, read_release
from releases.refusals import NEXT_STEP, Refusal, stray_sentence

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Approval:
    """One of the approvals that permit a release."""

    person: str
    decided_on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class _Verified:
    manifest: Manifest
    files: Mapping[str, bytes]
    approvals: tuple[Approval, ...]
    expires_on: date
    key: SealKey | None


@final
class ApprovedRelease:
    """Permission to make the lists of one release, with the very bytes that were verified.

    It has no content of its own: its attributes are read from this module's register of what was
    verified, so an object made in any other way is empty and good for nothing.
    """

    __slots__ = ("__weakref__",)

    def __init__(self) -> None:
        raise TypeError("an ApprovedRelease comes only from verify_release()")

    def __init_subclass__(cls) -> None:
        raise TypeError("ApprovedRelease has no subclasses")

    def __copy__(self) -> NoReturn:
        raise TypeError("an ApprovedRelease cannot be copied: verify the release again")

    def __deepcopy__(self, memo: object) -> NoReturn:
        self.__copy__()

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("an ApprovedRelease cannot be stored: verify the release again")

    @property
    def release_id(self) -> str:
        """Name of the release, which holds its fingerprint."""
        return self.manifest.release_id

    @property
    def manifest(self) -> Manifest:
        """What the release says of itself."""
        return _verified(self).manifest

    @property
    def files(self) -> Mapping[str, bytes]:
        """Path inside the release to the bytes that were hashed; read-only."""
        return _verified(self).files

    @property
    def contacts(self) -> bytes:
        """Names and addresses of the listed households, opened; a Parquet file.

        Raises:
            ReleaseRefused: If the release was verified without the place's lasting key.
            ZoneRefused: If they were closed with another key.
        """
        key = _verified(self).key
        if key is None:
            raise ReleaseRefused(
                ["Names and addresses are closed, and their key is not on this host."],
                next_step=f"Put {FILE_NAME} back from its backup into the place's folder of keys.",
            )
        return open_bytes(self.files[CONTACTS_FILE], key=key, purpose=CONTACTS)

    @property
    def approvals(self) -> tuple[Approval, ...]:
        """The approvals that were enough, earliest first."""
        return _verified(self).approvals

    @property
    def approved_on(self) -> date:
        """The day of the approval that made them enough."""
        return self.approvals[-1].decided_on

    @property
    def expires_on(self) -> date:
        """The last day on which these approvals count."""
        return _verified(self).expires_on


_REGISTER: WeakKeyDictionary[ApprovedRelease, _Verified] = WeakKeyDictionary()


def verify_release(
    release: Path,
    decisions: Path,
    *,
    board: Board,
    place: Place,
    today: date,
    key: SealKey | None = None,
) -> ApprovedRelease:
    """Permission to make lists, if every rule is met today.

    Args:
        release: Folder of the sealed release, named by its release id.
        decisions: Folder of that release's signed decisions; may be missing.
        board: Who may decide, and who may build.
        place: The place as it is now; its fairness policy is the one in force.
        today: The day on which decisions must still count.
        key: The place's lasting key. Whoever only verifies does not need it; names and addresses
            stay closed without it.

    Raises:
        ReleaseRefused: If any rule is not met; it carries all of them.
    """
    read = read_release(release, board)
    log, strays = read_log(decisions)
    problems = [*read.refusals, *map(stray_sentence, strays)]
    if read.manifest is None:
        _refuse(problems)
    verified = _check(read, read.manifest, log, board=board, place=place, today=today, key=key)
    if isinstance(verified, list) or problems:
        _refuse([*problems, *(verified if isinstance(verified, list) else [])])
    approved = object.__new__(ApprovedRelease)
    _REGISTER[approved] = verified
    _LOG.info("release %s is approved until %s", release.name, verified.expires_on)
    return approved


def is_approved(release: Path, decisions: Path, *, board: Board, place: Place, today: date) -> bool:
    """Whether :func:`verify_release` would give permission."""
    try:
        verify_release(release, decisions, board=board, place=place, today=today)
    except ReleaseRefused:
        return False
    return True


def require_approved(approved: object) -> ApprovedRelease:
    """The same object, if it came from :func:`verify_release` in this process.

    Raises:
        ReleaseRefused: If it is anything else, or only looks like one.
    """
    if type(approved) is not ApprovedRelease or approved not in _REGISTER:
        _refuse(["Lists are made from an approved release and nothing else."])
    return approved


def _check(
    read: ReadRelease,
    manifest: Manifest,
    log: list[SignedDecision],
    *,
    board: Board,
    place: Place,
    today: date,
    key: SealKey | None,
) -> _Verified | list[str]:
    problems: list[str] = []
    if manifest.place != place.name:
        problems.append(Refusal.OTHER_PLACE.says(sealed=manifest.place, asked=place.name))
    if not read.refusals and sealed_word(read.files) != manifest.audit:
        problems.append(Refusal.AUDIT_DISAGREES.says())
    question = Question(manifest=manifest, policy=place.fairness, board=board, today=today)
    verdict = judge(question, log)
    problems += verdict.refusals
    if problems:
        return problems
    return _Verified(
        manifest=manifest,
        files=MappingProxyType(dict(read.files)),
        approvals=tuple(
            Approval(person=given.person, decided_on=given.decided_on, reason=given.reason)
            for given in verdict.approvals
        ),
        expires_on=min(given.expires_on for given in verdict.approvals),
        key=key,
    )


def _verified(approved: ApprovedRelease) -> _Verified:
    try:
        return _REGISTER[approved]
    except KeyError:
        raise TypeError("this ApprovedRelease did not come from verify_release()") from None


def _refuse(problems: list[str]) -> NoReturn:
    raise ReleaseRefused(list(dict.fromkeys(problems)), next_step=NEXT_STEP)
