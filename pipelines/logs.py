"""A console log that people can follow: what each step says, without Dagster's own events."""

from __future__ import annotations

import logging
import sys

import dagster as dg


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", {}) or {}
        step = meta.get("step_key") or "run"
        said = meta.get("orig_message") or record.getMessage()
        line = f"  {step:<16} {said}"
        if record.exc_info:
            line += "\n" + self.formatException(record.exc_info)
        return line


@dg.logger(
    {"log_level": dg.Field(str, is_required=False, default_value="INFO")},
    description="One line for each message: the step and what it says.",
)
def plain_log(context: dg.InitLoggerContext) -> logging.Logger:
    """The logger of a run's console."""
    log = logging.getLogger("afloat.run")
    log.setLevel(str(context.logger_config["log_level"]).upper())
    log.propagate = False
    if not log.handlers:
        handler = logging.StreamHandler(sys.stdout)
        handler.setFormatter(_Plain())
        log.addHandler(handler)
    return log
