"""Objections, restrictions and corrections: what was asked, what was decided, and the clock.

A request is about a record (its source and its number there), never about a name. Every step is a
row that is added to ``rights.request``; nothing in it is changed or taken away.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Self

import duckdb
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.asof import RAW
from contracts.errors import DataMissing, SettingsError
from contracts.made.rights import RIGHTS
from contracts.months import add_months
from contracts.tables import SOURCES, TABLES
from linkage.rights.books import append, ensure_rights

_Text = Annotated[str, Field(min_length=1)]
_REASONS = frozenset(
    {"asked", "wrong", "not_theirs", "complaint", "court", "data_owner", "no_grounds", "mistaken"}
)


class Kind(StrEnum):
    """What is asked."""

    OBJECTION = "objection"
    RESTRICTION = "restriction"
    CORRECTION = "correction"


class Step(StrEnum):
    """What happened to a request."""

    RECEIVED = "received"
    UPHELD = "upheld"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class Asked(BaseModel):
    """A request as it is written in a file.

    An objection or restriction names a person's record by ``source`` and ``local_id``, as linkage
    does. A correction names a row by ``table`` and ``key``, and the ``column`` and its ``value``.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    received_on: date
    source: _Text | None = None
    local_id: _Text | None = None
    table: _Text | None = None
    key: dict[str, str | int] = Field(default_factory=dict)
    column: _Text | None = None
    value: str | int | float | bool | date | None = None

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.source is not None and self.source not in SOURCES:
            raise ValueError("there is no such source")
        if self.table is None:
            return self
        if self.table not in TABLES:
            raise ValueError("there is no such table")
        if set(self.key) != set(TABLES[self.table].key):
            raise ValueError(f"key must give {', '.join(TABLES[self.table].key)}")
        columns = {one.name for one in TABLES[self.table].business} - set(TABLES[self.table].key)
        if self.column not in columns:
            raise ValueError("column must be one of the table's, and not of its key")
        return self


@dataclass(frozen=True, kw_only=True)
class Request:
    """A request with where it stands.

    Attributes:
        request_id: Its number, such as ``R-0001``.
        kind: What is asked.
        step: Where it stands.
        received_on: When it was received: the clock starts.
        decided_on: When it was decided; None where it was not.
        source: The record's source, where it is about a person.
        local_id: The record's number in it.
        table: The table, where it is about a value.
        key: The row's key.
        column: The column.
        value: What it should hold, as text; None for no value.
    """

    request_id: str
    kind: Kind
    step: Step
    received_on: date
    decided_on: date | None
    source: str | None
    local_id: str | None
    table: str | None
    key: dict[str, Any]
    column: str | None
    value: str | None

    @property
    def due_on(self) -> date:
        """One month after it was received, as the law has it."""
        return add_months(self.received_on, 1)

    @property
    def holds(self) -> bool:
        """Whether it has to be obeyed: an objection already while it is being looked at."""
        if self.kind is Kind.CORRECTION:
            return self.step is Step.UPHELD
        return self.step in (Step.RECEIVED, Step.UPHELD)


def read_asked(path: Path) -> Asked:
    """The request in a TOML file.

    Raises:
        SettingsError: If it cannot be used; the message repeats none of its values.
    """
    try:
        return Asked.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError):
        raise SettingsError(
            "The request's file cannot be read as TOML.", next_step="Mend it and try again."
        ) from None
    except ValidationError as error:
        faults = "; ".join(
            (".".join(str(part) for part in fault["loc"]) or "request") + ": " + fault["msg"]
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise SettingsError(
            f"The request's file cannot be used: {faults}.", next_step="Mend it and try again."
        ) from None


def receive(
    con: duckdb.DuckDBPyConnection, kind: Kind, asked: Asked, *, by: str, reason: str, on: date
) -> str:
    """Record a request, and give back its number.

    Args:
        con: The identity zone, writable.
        kind: What is asked.
        asked: About which record or value.
        by: Role of who records it.
        reason: Code of the reason; an objection needs none and takes ``asked``.
        on: Day of recording.

    Raises:
        SettingsError: If the request lacks what its kind needs, or the reason is no code.
        DataMissing: If there is no such row to be corrected.
    """
    ensure_rights(con)
    _check(kind, asked, reason)
    if kind is Kind.CORRECTION:
        _check_correctable(con, asked)
    number = 1 + int(
        con.execute(f"SELECT count(DISTINCT request_id) FROM {RIGHTS}.request").fetchall()[0][0]
    )
    request_id = f"R-{number:04d}"
    append(con, "request", [_row(request_id, Step.RECEIVED, kind, asked) | _signed(by, reason, on)])
    return request_id


def decide(
    con: duckdb.DuckDBPyConnection, request_id: str, step: Step, *, by: str, reason: str, on: date
) -> Request:
    """Record what was decided; a decision can be followed by another, which then holds.

    Raises:
        DataMissing: If there is no such request.
        SettingsError: If the reason is no code.
    """
    found = [one for one in requests(con) if one.request_id == request_id]
    if not found:
        raise DataMissing(
            f"There is no request {request_id}.", next_step="`afloat rights list` names them."
        )
    if reason not in _REASONS:
        raise _no_reason()
    one = found[0]
    asked = Asked(
        received_on=one.received_on, source=one.source, local_id=one.local_id, table=one.table,
        key=one.key, column=one.column, value=one.value,
    )  # fmt: skip
    append(con, "request", [_row(request_id, step, one.kind, asked) | _signed(by, reason, on)])
    return next(each for each in requests(con) if each.request_id == request_id)


def requests(con: duckdb.DuckDBPyConnection) -> tuple[Request, ...]:
    """Every request with its latest step, in order of their numbers."""
    ensure_rights(con)
    rows = con.execute(
        f"""SELECT request_id, last(step ORDER BY rowid), any_value(kind), any_value(received_on),
               last(recorded_on ORDER BY rowid), any_value(source),
               last(local_id ORDER BY rowid), any_value(table_name),
               last(key_json ORDER BY rowid), any_value(column_name), any_value(value)
        FROM {RIGHTS}.request GROUP BY request_id ORDER BY request_id"""
    ).fetchall()
    return tuple(
        Request(
            request_id=request_id,
            kind=Kind(kind),
            step=Step(step),
            received_on=received_on,
            decided_on=None if step == Step.RECEIVED else recorded_on,
            source=source,
            local_id=local_id,
            table=table,
            key=json.loads(key),
            column=column,
            value=value,
        )
        for request_id, step, kind, received_on, recorded_on, source, local_id, table, key, column,
        value in rows
    )  # fmt: skip


def overdue(request: Request, today: date) -> timedelta | None:
    """How long an undecided request is past its day; None where it is not."""
    if request.step is not Step.RECEIVED or today <= request.due_on:
        return None
    return today - request.due_on


def _check(kind: Kind, asked: Asked, reason: str) -> None:
    if reason not in _REASONS:
        raise _no_reason()
    corrects, has_record = kind is Kind.CORRECTION, bool(asked.source and asked.local_id)
    if (asked.table is not None) is not corrects or not (corrects or has_record):
        needs = "table, key, column and value" if corrects else "source and local_id"
        raise SettingsError(f"A {kind} gives {needs}.", next_step="Mend the request's file.")


def _check_correctable(con: duckdb.DuckDBPyConnection, asked: Asked) -> None:
    table = TABLES[str(asked.table)]
    kind = table[str(asked.column)].duckdb_type
    value = text_of(asked.value)
    if value is not None:
        read = con.execute(f"SELECT TRY_CAST(? AS {kind})", [value]).fetchall()[0][0]
        codes = table[str(asked.column)].codes
        if read is None or (codes is not None and value not in codes):
            raise SettingsError(
                f"The value does not fit {table.name}.{asked.column}.",
                next_step="Give it in the form, and by the codes, of docs/reference/tables.md.",
            )
    same = " AND ".join(f"CAST({name} AS VARCHAR) = ${name}" for name in table.key)
    rows = con.execute(
        f"SELECT count(*) FROM {RAW}.{table.name} WHERE {same}",
        {name: str(asked.key[name]) for name in table.key},
    ).fetchall()[0][0]
    if not rows:
        raise DataMissing(
            f"{table.name} holds no row with the key of the request.",
            next_step="Look up the key in the source, and mend the request's file.",
        )


def text_of(value: object) -> str | None:
    """A value as text that its column's type can read back."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _no_reason() -> SettingsError:
    return SettingsError(
        "The reason is not one of the codes.", next_step=f"Choose from {sorted(_REASONS)}."
    )


def _signed(by: str, reason: str, on: date) -> dict[str, object]:
    return {"recorded_by": by, "reason": reason, "recorded_on": on}


def _row(request_id: str, step: Step, kind: Kind, asked: Asked) -> dict[str, object]:
    return {
        "request_id": request_id,
        "step": step.value,
        "kind": kind.value,
        "received_on": asked.received_on,
        "source": asked.source,
        "local_id": asked.local_id,
        "table_name": asked.table,
        "key_json": json.dumps(asked.key, sort_keys=True),
        "column_name": asked.column,
        "value": text_of(asked.value),
    }
