"""Deliveries in: a landing folder, checked against the contract, to typed tables in DuckDB.

``load_landing`` and ``load_delivery`` load; ``raise_if_bad`` turns what came of it into errors;
``contract_results`` tells what Great Expectations found on each loaded delivery.
"""

from __future__ import annotations

from linkage.ingest.loading import load_delivery, load_landing
from linkage.ingest.results import (
    DeliveryResult,
    Fault,
    LandingResult,
    Outcome,
    raise_if_bad,
)
from linkage.ingest.schema import ensure_raw
from linkage.ingest.suite import (
    ContractNotEvaluatedError,
    ContractResult,
    checked_rules,
    contract_results,
    suite_for,
)

__all__ = [
    "ContractNotEvaluatedError",
    "ContractResult",
    "DeliveryResult",
    "Fault",
    "LandingResult",
    "Outcome",
    "checked_rules",
    "contract_results",
    "ensure_raw",
    "load_delivery",
    "load_landing",
    "raise_if_bad",
    "suite_for",
]
