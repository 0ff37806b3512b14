"""The gate: a release is sealed, people decide on it, and only then can lists be had.

:mod:`releases.keys`: key pairs of the people who decide and of the builder.
:mod:`releases.seal`: the evidence of one month, in one folder that is named by its own content.
:mod:`releases.record`: signed decisions, each bound to one release and one policy.
:mod:`releases.verify`: the only place where an ``ApprovedRelease`` can come from.
:mod:`releases.lists`: one list a neighbourhood, from an ``ApprovedRelease`` and nothing else.
"""

from __future__ import annotations

from releases.gate import approve, approve_latest, latest_release
from releases.lists import write_lists
from releases.reading import check_seal
from releases.record import record_decision
from releases.seal import seal_release
from releases.verify import ApprovedRelease, is_approved, verify_release

__all__ = [
    "ApprovedRelease",
    "approve",
    "approve_latest",
    "check_seal",
    "is_approved",
    "latest_release",
    "record_decision",
    "seal_release",
    "verify_release",
    "write_lists",
]
