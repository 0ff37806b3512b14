"""What an audit says: safe to leave the process, written to and read from ``audit.json``.

Every count is rounded, every group under the minimum cell is without figures, and no row is about
one household.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from contracts.errors import DataMissing
from contracts.place import FairnessPolicy
from fairness.verdicts import Verdict

AUDIT_FILE = "audit.json"

Overall = Literal["passed", "needs_reason", "failed"]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Row(_Plain):
    """One check of one group.

    Attributes:
        check: Key of the check.
        attribute: Such as ``age_band``.
        group: Such as ``65+``.
        base: Households (or records) behind the figure, rounded; None where it may not be shown,
            and then no other figure is given either.
        rate: The figure.
        low: Lower end of its range.
        high: Upper end of its range.
        ratio: What the policy's bounds hold.
        ratio_low: Lower end of the ratio's range.
        ratio_high: Upper end of the ratio's range.
        verdict: None where the policy has no such check.
        outside: How probable it is that the ratio is outside the bounds.
        clear_of_chance: Whether a "not passed" stands when all verdicts are looked at together.
        needed: Size of base at which an uncertain verdict would be settled.
        expected: The figure that the model's own chances would lead to.
        flips_below: The verdict would fall if fewer than this share of the group's events, against
            everyone's, had been recorded.
        source: The source that it is about; empty where it is about none alone.
    """

    check: str
    attribute: str
    group: str
    base: int | None = None
    rate: float | None = None
    low: float | None = None
    high: float | None = None
    ratio: float | None = None
    ratio_low: float | None = None
    ratio_high: float | None = None
    verdict: Verdict | None = None
    outside: float | None = None
    clear_of_chance: bool | None = None
    needed: int | None = None
    expected: float | None = None
    flips_below: float | None = None
    source: str = ""

    @property
    def shown(self) -> bool:
        """Whether the row's figures may be shown."""
        return self.base is not None


class Pairs(_Plain):
    """Groups of two attributes at once.

    Attributes:
        passed: Groups, by check, that pass.
        uncertain: Groups, by check, for which the figures cannot settle it.
        too_few: Groups, by check, that are too few to say.
        within: Groups, by check, within a group of one attribute that is itself not passed.
        rows: The others that are not passed, also when all are looked at together.
    """

    passed: int = 0
    uncertain: int = 0
    too_few: int = 0
    within: int = 0
    rows: tuple[Row, ...] = ()

    @property
    def looked_at(self) -> int:
        """How many groups were looked at, by check."""
        return self.passed + self.uncertain + self.too_few + self.within + len(self.rows)


class Proxy(_Plain):
    """How well the features tell a protected group from everybody else.

    Attributes:
        attribute: Such as ``sex``.
        group: Such as ``F``.
        area: Area under the curve: 0.5 is a coin, 1 is always right.
        low: Lower end of its range.
        high: Upper end of its range.
        features: Names of the features that told most, the first the most.
    """

    attribute: str
    group: str
    area: float
    low: float
    high: float
    features: tuple[str, ...]


class PolicyRef(_Plain):
    """The policy that the verdicts rest on."""

    id: str
    version: int
    agreed_on: date
    expires_on: date
    fingerprint: str


class Tested(_Plain):
    """The test dates, pooled; counts are rounded."""

    first: date | None
    last: date | None
    dates: int
    households: int | None
    needed_help: int | None
    suggested: int | None


class SourceLinks(_Plain):
    """How often a source's records met another source, everyone together; counts are rounded."""

    source: str
    records: int | None
    linked: float | None


class SeenBySource(_Plain):
    """How many households with a home are to be found in a source; rounded."""

    source: str
    households: int | None
    share: float | None


class Method(_Plain):
    """How ranges and verdicts were made."""

    unit: str = "household"
    against: str = "everyone"
    seed: int
    replicates: int
    prior_weight: float
    confidence: float
    verdict_probability: float
    minimum_cell: int
    round_to: int
    verdicts: int
    together: str = "Holm, 5% over all verdicts"
    pairs_together: str = "Benjamini and Hochberg, 5% over all groups of two"


class AuditResult(_Plain):
    """The audit of one release month."""

    place: str
    month: date
    outcome: str
    policy: PolicyRef
    tested: Tested
    everyone: dict[str, Row]
    rows: tuple[Row, ...]
    pairs: Pairs
    proxies: tuple[Proxy, ...]
    problems: tuple[str, ...]
    overall: Overall
    method: Method
    sources: tuple[SourceLinks, ...]
    seen: tuple[SeenBySource, ...]
    routes: dict[str, int | None]
    """Households by what was decided about them this month; None where hidden."""
    homes: dict[str, int | None]
    """Households by the kind of home they were found in; None where hidden."""
    inputs: dict[str, str]
    """SHA-256 of each table that was audited, and of the policy."""
    input_rows: dict[str, int]

    def of(self, check: str, attribute: str | None = None) -> tuple[Row, ...]:
        """Rows of a check, in order."""
        return tuple(
            row for row in self.rows if row.check == check and attribute in (None, row.attribute)
        )

    @property
    def judged(self) -> tuple[Row, ...]:
        """Rows with a verdict."""
        return tuple(row for row in self.rows if row.verdict is not None)

    def count(self, verdict: Verdict, check: str | None = None) -> int:
        """How many rows have a verdict."""
        return sum(row.verdict is verdict for row in self.judged if check in (None, row.check))

    def verdict_rows(self) -> list[dict[str, Any]]:
        """One row for each check and verdict count, for a table."""
        checks = dict.fromkeys(row.check for row in self.judged)
        return [
            {"check": check, **{str(verdict): self.count(verdict, check) for verdict in Verdict}}
            for check in checks
        ]

    def to_bytes(self) -> bytes:
        """JSON with sorted keys, so that equal audits are equal bytes."""
        content = self.model_dump(mode="json")
        text = json.dumps(content, indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False)
        return (text + "\n").encode()


def overall_of(rows: Sequence[Row], *, problems: Sequence[str], policy: FairnessPolicy) -> Overall:
    """The audit in one word.

    - ``failed``: it could not be made, or a check that the policy calls a stop is not passed by
      some group, or is shown to be passed by none. No list can be approved.
    - ``needs_reason``: the same of another check. Approval needs a written reason.
    - ``passed``: neither. Groups that are uncertain or too few to say are no pass of theirs; the
      report counts and shows them.
    """
    missed = missed_checks(rows, policy=policy)
    if problems or not policy.checks or "stop" in missed.values():
        return "failed"
    return "needs_reason" if missed else "passed"


def missed_checks(
    rows: Sequence[Row], *, policy: FairnessPolicy
) -> Mapping[str, Literal["stop", "reason"]]:
    """Checks that some group does not pass, or none is shown to pass, and what follows."""
    return {
        key: check.if_not_passed
        for key, check in policy.checks.items()
        if _is_missed({row.verdict for row in rows if row.check == key})
    }


def _is_missed(verdicts: set[Verdict | None]) -> bool:
    return Verdict.NOT_PASSED in verdicts or Verdict.PASSED not in verdicts


def read_audit(folder: Path) -> AuditResult:
    """The audit that was written to a release month's folder.

    Raises:
        DataMissing: If none was.
    """
    path = folder / AUDIT_FILE
    if not path.exists():
        raise DataMissing(
            f"There is no {AUDIT_FILE} in {folder.name}.", next_step="Run the audit first."
        )
    return AuditResult.model_validate_json(path.read_bytes())
