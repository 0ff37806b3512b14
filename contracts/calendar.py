"""The policy calendar: dated changes after which a record or an outcome means something else.

National entries are in ``policy_calendar.toml`` beside this module; a place adds its own under
``[[calendar]]`` in its ``place.toml``: a new system, a backlog cleared, a scheme opened or closed.
"""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from contracts.months import month_index

_FILE = Path(__file__).parent / "policy_calendar.toml"
EVERYTHING = "all"
# The effect of a change is seen around its date, not on it: people act early and systems late.
_BEFORE_MONTHS, _AFTER_MONTHS = 1, 2


class CalendarEntry(BaseModel):
    """One dated change."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    starts: Annotated[date, Field(alias="from")]
    ends: Annotated[date, Field(alias="to")]
    says: Annotated[str, Field(min_length=1)]
    hits: Annotated[tuple[str, ...], Field(min_length=1)]
    """Sources and outcomes that change with it; ``all`` for every one."""
    exclude: bool = False
    """Whether month ends in the span are never trained on."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("to lies before from")
        return self

    def explains(self, hit: str, month: date) -> bool:
        """Whether a change of level of a source or outcome in a month may be this one."""
        at = month_index(month)
        near = (
            month_index(self.starts) - _BEFORE_MONTHS
            <= at
            <= month_index(self.ends) + _AFTER_MONTHS
        )
        return near and (hit in self.hits or EVERYTHING in self.hits)


@cache
def national() -> tuple[CalendarEntry, ...]:
    """Entries that hold for every place in England."""
    content = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(CalendarEntry.model_validate(entry) for entry in content["entry"])


@cache
def national_version() -> str:
    """Version of the national entries."""
    return str(tomllib.loads(_FILE.read_text(encoding="utf-8"))["version"])
