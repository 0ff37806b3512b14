"""What the fairness audit says, and whether it is about what is being sealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.place import FairnessPolicy, Place
from releases.manifest import Overall


class SeenAudit(BaseModel):
    """The part of an audit that the gate goes by."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    overall: Overall
    inputs: Mapping[str, str] = Field(default_factory=dict)


def read_audit(content: bytes) -> SeenAudit:
    return SeenAudit.model_validate_json(content)


def audit_word(content: bytes | None, policy: FairnessPolicy) -> str | None:
    """Overall word of an audit; None where it cannot be read."""
    if content is None:
        return None
    try:
        return read_audit(content).overall
    except ValidationError:
        return None


def audit_inputs_problems(
    con: duckdb.DuckDBPyConnection, content: bytes, *, place: Place, month: date
) -> Iterator[str]:
    """TODO"""
    yield from ()
