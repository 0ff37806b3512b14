"""What the fairness audit says, and whether it speaks of what is being sealed.

Only the part of an audit that the gate goes by is read, so a release that was sealed before the
audit learnt to say more can still be verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.place import FairnessPolicy, Place
from fairness.reading import input_fingerprints
from fairness.result import Row, overall_of
from fairness.verdicts import Verdict
from releases.manifest import Overall, PolicyRef

_UNREADABLE = "The fairness audit cannot be read."


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SeenRow(_Part):
    """One check of one group."""

    check: str
    attribute: str
    group: str
    verdict: Verdict | None


class SeenPairs(_Part):
    """Groups of two attributes that are not passed."""

    rows: tuple[SeenRow, ...] = ()


class SeenPolicy(_Part):
    """The policy that the verdicts rest on."""

    fingerprint: str


class SeenAudit(_Part):
    """What the gate goes by."""

    place: str
    month: date
    outcome: str
    policy: SeenPolicy
    rows: tuple[SeenRow, ...]
    pairs: SeenPairs = SeenPairs()
    problems: tuple[str, ...]
    overall: Overall
    inputs: Mapping[str, str]

    def again(self, policy: FairnessPolicy) -> Overall:
        """The audit in one word, worked out again from its own verdicts."""
        rows = [
            Row(check=row.check, attribute=row.attribute, group=row.group, verdict=row.verdict)
            for row in (*self.rows, *self.pairs.rows)
        ]
        return overall_of(rows, problems=self.problems, policy=policy)


def read_audit(content: bytes | None) -> SeenAudit | None:
    """The audit; None where there is none that can be read."""
    try:
        return None if content is None else SeenAudit.model_validate_json(content)
    except ValidationError:
        return None


def audit_word(content: bytes | None, policy: FairnessPolicy) -> Overall | None:
    """The audit in one word; None where it says another than its own verdicts do."""
    audit = read_audit(content)
    if audit is None or audit.overall != audit.again(policy):
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
    if audit.overall != audit.again(place.fairness):
        yield "The fairness audit says something else as a whole than check by check."
    now = input_fingerprints(con, place=place, month=month)
    changed = [name for name in sorted(now) if now[name] != audit.inputs.get(name)]
    if changed:
        yield f"Since the fairness audit these changed: {', '.join(changed)}."
