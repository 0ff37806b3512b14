"""What a sealed release says of itself: every file by its fingerprint, and nothing about when.

There is no time of day in it, so sealing the same state again gives the same release.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from contracts.fingerprint import of_value
from contracts.months import parse_month
from contracts.place import FairnessPolicy, Outcome
from releases.keys import PERSON_PATTERN

FORMAT: Final = "afloat-release-1"
MANIFEST_NAME = "manifest.json"
SIGNATURE_NAME = "manifest.sig"
CONTACTS_FILE = "contacts.closed"
CONTACTS = "names and addresses of listed households"
"""What that file is; it opens as nothing else."""
_ID_DIGITS = 12

REQUIRED_FILES = frozenset(
    {
        "audit.json", "base_values.parquet", "catalogue.json", "code.json", CONTACTS_FILE,
        "data.json", "evaluation.json", "explanations.parquet", "fairness-report.html",
        "place.json", "policy.json", "reasons.parquet", "scores.parquet", "selection.parquet",
    }
)  # fmt: skip
"""What every release holds, beside its model files."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Person = Annotated[str, Field(pattern=PERSON_PATTERN)]
Overall = Literal["passed", "needs_reason", "failed"]


class _Sealed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PolicyRef(_Sealed):
    """The fairness policy that a release was judged by."""

    id: str
    version: int
    fingerprint: Sha256

    @classmethod
    def of(cls, policy: FairnessPolicy) -> PolicyRef:
        """The reference of a policy; any change of a floor, date or number of deciders shows."""
        return cls(
            id=policy.id,
            version=policy.version,
            fingerprint=of_value(policy.model_dump(mode="json")),
        )

    def __str__(self) -> str:
        return f"{self.id} version {self.version}"


class DecisionRule(_Sealed):
    """Who must decide, and how long a decision holds."""

    deciders: int
    valid_days: int

    @classmethod
    def of(cls, policy: FairnessPolicy) -> DecisionRule:
        """The rule of a policy."""
        return cls(deciders=policy.deciders, valid_days=policy.decision_valid_days)


class Manifest(_Sealed):
    """The whole of a release, in fingerprints.

    Attributes:
        files: Path inside the release to the SHA-256 of its bytes.
        fingerprints: What went in, by kind: data, code, catalogue, place, policy and more.
        audit: Overall word of the fairness audit.
    """

    format: Literal["afloat-release-1"] = FORMAT
    place: str
    month: Annotated[str, Field(pattern=r"^\d{4}-\d{2}$")]
    outcome: str
    builder: Person
    files: Mapping[str, Sha256]
    fingerprints: Mapping[str, Sha256]
    policy: PolicyRef
    rule: DecisionRule
    audit: Overall

    @field_validator("month")
    @classmethod
    def _real_month(cls, key: str) -> str:
        date.fromisoformat(f"{key}-01")
        return key

    @field_validator("outcome")
    @classmethod
    def _real_outcome(cls, outcome: str) -> str:
        return str(Outcome(outcome))

    @property
    def month_end(self) -> date:
        """The day up to which records were looked at."""
        return parse_month(self.month)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the manifest in canonical form: what people decide on."""
        return of_value(self.model_dump(mode="json"))

    @property
    def release_id(self) -> str:
        """The month, and the first digits of the fingerprint."""
        return f"{self.month}-{self.fingerprint[:_ID_DIGITS]}"


@dataclass(frozen=True, kw_only=True)
class SealedRelease:
    """A release on disk, not yet decided on.

    Attributes:
        release_id: Its name, which holds its own fingerprint.
        fingerprint: The manifest's fingerprint in full.
        folder: Where it lies.
        manifest: What it says of itself.
        created: False where an identical release was there already.
    """

    release_id: str
    fingerprint: str
    folder: Path
    manifest: Manifest
    created: bool
