"""The equity audit: whom a list would reach, whom it would miss, and how sure that is.

- :func:`run_audit` audits a month by the place's policy and writes ``audit.json``;
- :func:`write_report` writes the page that a board decides from, ``fairness-report.html``;
- :func:`read_audit` reads an audit back; :func:`input_fingerprints` says what one made now would
  look at;
- :func:`audit_selection` is the audit's core on a frame, without files or database, and
  :func:`group_metrics` the classic rates by group.
"""

from __future__ import annotations

from fairness.audit import audit_selection
from fairness.metrics import group_metrics
from fairness.reading import input_fingerprints
from fairness.report import write_report
from fairness.result import AuditResult, overall_of, read_audit
from fairness.run import run_audit

__all__ = [
    "AuditResult",
    "audit_selection",
    "group_metrics",
    "input_fingerprints",
    "overall_of",
    "read_audit",
    "run_audit",
    "write_report",
]
