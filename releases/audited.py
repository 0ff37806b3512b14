"""What the fairness audit says, and whether it speaks of what is being sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
from pydantic import ValidationError

from contracts.place import FairnessPolicy, Place
from fairness.reading import input_fingerprints
from fairness.result import AuditResult, overall_of
from releases.manifest import Overall, PolicyRef

_UNREADABLE = "The fairness audit cannot be read."


def read_audit(content: bytes | None) -> AuditResult | None:
    """The audit; None where there is none that can be read."""
    try:
        return None if content is None else AuditResult.model_validate_json(content)
    except ValidationError:
        return None


def audit_word(content: bytes | None, policy: FairnessPolicy) -> Overall | None:
    """The audit in one word, worked out again from its own verdicts; None where the two differ."""
    audit = read_audit(content)
    if audit is None or audit.overall != _again(audit, policy):
        return None
    return audit.overall


def sealed_word(files: Mapping[str, bytes]) -> Overall | None:
    """The word of a sealed audit under the policy sealed beside it."""
    try:
        policy = FairnessPolicy.model_validate_json(files["policy.json"])
    except (KeyError, ValidationError):
        return None
    return audit_word(files.get("audit.json"), policy)


def audit_problems(
    con: duckdb.DuckDBPyConnection, content: bytes, *, place: Place, month: date
) -> Iterator[str]:
    """Why an audit is not one of what the warehouse holds now, under the policy in force."""
    audit = read_audit(content)
    if audit is None:
        yield _UNREADABLE
        return
    if (audit.place, audit.month) != (place.name, month):
        yield "The fairness audit is of another place or month."
    if audit.outcome != place.listed_outcome.value:
        yield "The fairness audit is of another outcome than the one that lists are made from."
    if audit.policy.fingerprint != PolicyRef.of(place.fairness).fingerprint:
        yield "The fairness audit was made under another policy than the one in force."
    if audit.overall != _again(audit, place.fairness):
        yield "The fairness audit says something else as a whole than check by check."
    now = input_fingerprints(con, place=place, month=month)
    changed = [name for name in sorted(now) if now[name] != audit.inputs.get(name)]
    if changed:
        yield f"Since the fairness audit these changed: {', '.join(changed)}."


def _again(audit: AuditResult, policy: FairnessPolicy) -> Overall:
    return overall_of(audit.rows, problems=audit.problems, policy=policy)
