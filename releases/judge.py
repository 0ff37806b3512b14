"""The rules of a decision, as a pure function: who may decide, when it counts, how many it takes.

Nothing here reads a file or a clock. Every broken rule is reported, not only the first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from contracts.place import FairnessPolicy
from releases.decisions import (
    APPROVALS,
    Decision,
    DecisionPayload,
    SignedDecision,
    expiry,
    has_substance,
)
from releases.keys import Board
from releases.manifest import DecisionRule, Manifest, PolicyRef
from releases.refusals import Refusal
from releases.signing import same_key


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of the log of one release.

    Attributes:
        manifest: The release.
        policy: The fairness policy in force now.
        board: Who may decide.
        today: The day on which it is asked.
    """

    manifest: Manifest
    policy: FairnessPolicy
    board: Board
    today: date


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What the log says.

    Attributes:
        refusals: Every rule not met, as sentences; empty where the release is approved.
        approvals: The earliest approvals that together are enough; empty where refused.
    """

    refusals: tuple[str, ...]
    approvals: tuple[DecisionPayload, ...]


def judge(question: Question, log: Sequence[SignedDecision]) -> Verdict:
    """Whether enough different people approved this release, and nobody refused it."""
    problems = [*policy_problems(question), *audit_problems(question.manifest)]
    for signed in log:
        problems += authenticity_problems(question, signed)
    problems += log_problems(question.board, log)
    standing = _standing([signed.payload for signed in log])
    problems += [
        Refusal.REFUSED.says(person=payload.person)
        for payload in standing
        if payload.decision is Decision.REFUSE
    ]
    approvals, lost = _counted(question, standing)
    needed = question.policy.deciders
    if len(approvals) < needed:
        problems += [*lost, *_too_few(log, len(approvals), needed)]
    return Verdict(
        refusals=tuple(dict.fromkeys(problems)),
        approvals=() if problems else tuple(approvals[:needed]),
    )


def policy_problems(question: Question) -> Iterator[str]:
    """The policy in force must be the sealed one, and in its time."""
    policy, sealed = question.policy, question.manifest.policy
    now = PolicyRef.of(policy)
    if now != sealed or question.manifest.rule != DecisionRule.of(policy):
        yield Refusal.POLICY_SWAPPED.says(now=now, then=sealed)
    if question.today > policy.expires_on:
        yield Refusal.POLICY_EXPIRED.says(day=policy.expires_on)
    if question.today < policy.agreed_on:
        yield Refusal.POLICY_NOT_YET.says(day=question.today)


def audit_problems(manifest: Manifest) -> Iterator[str]:
    """Nobody can approve a release whose audit failed."""
    if manifest.audit == "failed":
        yield Refusal.AUDIT_FAILED.says()


def authenticity_problems(question: Question, signed: SignedDecision) -> Iterator[str]:
    """Whether a decision is by a board member, untouched, about this release, at a fit time."""
    payload, manifest = signed.payload, question.manifest
    person = payload.person
    if signed.file_name != signed.expected_name:
        yield Refusal.DECISION_MISNAMED.says(file=signed.file_name)
    if question.board.builds(person) or person == manifest.builder:
        yield Refusal.BUILDER_DECIDED.says(person=person)
    key = question.board.people.get(person)
    if key is None:
        yield Refusal.PERSON_UNKNOWN.says(person=person)
    elif not signed.is_signed_by(key):
        yield Refusal.DECISION_SIGNATURE.says(person=person)
    if (payload.release_id, payload.manifest) != (manifest.release_id, manifest.fingerprint):
        yield Refusal.OTHER_RELEASE.says(person=person)
    if payload.policy != manifest.policy:
        yield Refusal.OTHER_POLICY.says(person=person)
    yield from _date_problems(question, payload)


def log_problems(board: Board, log: Sequence[SignedDecision]) -> Iterator[str]:
    """Whether anything was taken from the log, or decided twice."""
    kept = {signed.fingerprint for signed in log}
    decided: Counter[str] = Counter()
    withdrawn: Counter[str] = Counter()
    for signed in log:
        payload = signed.payload
        if not kept.issuperset(payload.seen):
            yield Refusal.LOG_ERASED.says(person=payload.person)
        (withdrawn if payload.decision is Decision.WITHDRAW else decided)[payload.person] += 1
    for person in sorted(decided.keys() | withdrawn.keys()):
        if decided[person] > 1 or withdrawn[person] > 1:
            yield Refusal.SAME_PERSON.says(person=person)
        if withdrawn[person] and not decided[person]:
            yield Refusal.NOTHING_TO_WITHDRAW.says(person=person)
    yield from _shared_keys(board, sorted(decided))


def _date_problems(question: Question, payload: DecisionPayload) -> Iterator[str]:
    person, day = payload.person, payload.decided_on
    if day > question.today:
        yield Refusal.FROM_THE_FUTURE.says(person=person, day=day)
        return
    if day < question.manifest.month_end:
        yield Refusal.TOO_EARLY.says(person=person, day=day)
    same_policy = payload.policy == PolicyRef.of(question.policy)
    if same_policy and payload.expires_on != expiry(day, question.policy):
        yield Refusal.WRONG_EXPIRY.says(person=person)


def _shared_keys(board: Board, people: Sequence[str]) -> Iterator[str]:
    keyed = [(person, board.people[person]) for person in people if person in board.people]
    for place, (one, key) in enumerate(keyed):
        for other, other_key in keyed[place + 1 :]:
            if same_key(key, other_key):
                yield Refusal.SAME_KEY.says(one=one, other=other)


def _standing(payloads: Sequence[DecisionPayload]) -> list[DecisionPayload]:
    """Decisions not taken back by the same person, earliest first."""
    gone = {payload.person for payload in payloads if payload.decision is Decision.WITHDRAW}
    kept = [payload for payload in payloads if payload.person not in gone]
    return sorted(kept, key=lambda payload: (payload.decided_on, payload.person))


def _counted(
    question: Question, standing: Sequence[DecisionPayload]
) -> tuple[list[DecisionPayload], list[str]]:
    """Approvals that count today, and why each other one does not."""
    counted: list[DecisionPayload] = []
    lost: list[str] = []
    for payload in standing:
        if payload.decision not in APPROVALS:
            continue
        reasons = list(_why_not_counted(question, payload))
        lost += reasons
        if not reasons:
            counted.append(payload)
    return counted, lost


def _why_not_counted(question: Question, payload: DecisionPayload) -> Iterator[str]:
    if question.today > payload.expires_on:
        yield Refusal.EXPIRED.says(person=payload.person, day=payload.expires_on)
    if payload.decision is Decision.APPROVE_WITH_REASON:
        if not has_substance(payload.reason):
            yield Refusal.NO_SUBSTANCE.says(person=payload.person)
    elif question.manifest.audit == "needs_reason":
        yield Refusal.REASON_MISSING.says(person=payload.person)


def _too_few(log: Sequence[SignedDecision], have: int, needed: int) -> Iterator[str]:
    if not log:
        yield Refusal.NO_DECISION.says(needed=needed)
        return
    for signed in log:
        if signed.payload.decision is Decision.WITHDRAW:
            yield Refusal.WITHDRAWN.says(person=signed.payload.person)
    yield Refusal.TOO_FEW.says(have=have, needed=needed)
