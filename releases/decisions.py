"""One signed decision: what it says, and the file that holds it.

A decision binds its person to one manifest and one policy, by fingerprint. It also names every
decision that lay in the log when it was signed, so that taking one away later is noticed, unless
nobody signed after it: so the folder's permissions should let files be added and not removed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic import BaseModel, ConfigDict, Field

from contracts.fingerprint import of_bytes
from contracts.place import FairnessPolicy
from releases.manifest import Person, PolicyRef, Sha256
from releases.signing import is_signed, parse_readable, readable_json, sign

FORMAT: Final = "afloat-decision-1"
_LEAST_LETTERS = 20
_LEAST_WORDS = 4


class Decision(StrEnum):
    """What a person can decide."""

    APPROVE = "approve"
    APPROVE_WITH_REASON = "approve_with_reason"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    """Takes back what the same person decided before."""


APPROVALS = frozenset({Decision.APPROVE, Decision.APPROVE_WITH_REASON})


class DecisionPayload(BaseModel):
    """What a person signs.

    Attributes:
        release_id: Name of the release.
        manifest: Fingerprint of its manifest, in full.
        policy: The fairness policy under which the decision was taken.
        person: Role name of the person.
        reason: Why, in the person's own words; may be empty where none is called for.
        expires_on: Last day on which it counts.
        seen: Fingerprints of the decisions in the log when this one was signed.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    format: Literal["afloat-decision-1"] = FORMAT
    release_id: str
    manifest: Sha256
    policy: PolicyRef
    person: Person
    decision: Decision
    reason: str
    decided_on: date
    expires_on: date
    seen: tuple[Sha256, ...] = ()


class _Envelope(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    payload: DecisionPayload
    signature: Annotated[str, Field(pattern=r"^[0-9a-f]{128}$")]


@dataclass(frozen=True, kw_only=True)
class SignedDecision:
    """A decision as read from the log; its signature is yet to be checked.

    Attributes:
        fingerprint: SHA-256 of the file's bytes.
        file_name: Name under which it lay.
    """

    payload: DecisionPayload
    signature: str
    fingerprint: str
    file_name: str

    @property
    def expected_name(self) -> str:
        """The name that its own content calls for."""
        return file_name(self.payload)

    def is_signed_by(self, key: Ed25519PublicKey) -> bool:
        """Whether that key signed exactly this."""
        return is_signed(key, _plain(self.payload), self.signature)


def expiry(decided_on: date, policy: FairnessPolicy) -> date:
    """Last day on which a decision counts under a policy."""
    return decided_on + timedelta(days=policy.decision_valid_days)


def has_substance(reason: str) -> bool:
    """Whether a reason says something: some words, and not one word over and over."""
    words = re.findall(r"[^\W\d_]+", reason.lower())
    return sum(map(len, words)) >= _LEAST_LETTERS and len(set(words)) >= _LEAST_WORDS


def file_name(payload: DecisionPayload) -> str:
    """Day, role and kind: ``2026-11-13-board-chair-approve.json``."""
    kind = payload.decision.value.replace("_", "-")
    return f"{payload.decided_on.isoformat()}-{payload.person}-{kind}.json"


def signed_bytes(payload: DecisionPayload, key: Ed25519PrivateKey) -> bytes:
    """The bytes of a decision's file."""
    plain = _plain(payload)
    return readable_json({"payload": plain, "signature": sign(key, plain)})


def parse_decision(content: bytes, name: str) -> SignedDecision:
    """A decision from the bytes of its file.

    Raises:
        ValueError: If they are not a decision in the one form in which decisions are written.
    """
    parse_readable(content)
    envelope = _Envelope.model_validate_json(content)
    if readable_json(envelope.model_dump(mode="json")) != content:
        raise ValueError("not in the form in which it was written")
    return SignedDecision(
        payload=envelope.payload,
        signature=envelope.signature,
        fingerprint=of_bytes(content),
        file_name=name,
    )


def read_log(folder: Path) -> tuple[list[SignedDecision], list[str]]:
    """Decisions of a release in order of day and name, and the names of files that are none."""
    decisions: list[SignedDecision] = []
    strays: list[str] = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        signed = _read(path)
        if signed is None:
            strays.append(path.name)
        else:
            decisions.append(signed)
    return decisions, strays


def _read(path: Path) -> SignedDecision | None:
    # A link could lead to other bytes tomorrow; a pipe would never end.
    if path.is_symlink() or not path.is_file():
        return None
    try:
        return parse_decision(path.read_bytes(), path.name)
    except (ValueError, OSError):
        return None


def _plain(payload: DecisionPayload) -> Any:
    return payload.model_dump(mode="json")
