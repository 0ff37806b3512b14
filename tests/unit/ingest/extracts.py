"""Extracts put straight into ``raw``, to try what their order and coverage say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from contracts.columns import Kind
from contracts.tables import TABLES
from linkage.ingest.history import settle


@dataclass(frozen=True, kw_only=True)
class Extract:
    """Rows of a table as one delivery has them, with ``recorded_date`` among the values."""

    table: str
    day: date
    rows: tuple[dict[str, Any], ...]
    coverage: str = "changes"
    holder: str = ""
    dated: bool = False

    @property
    def id(self) -> str:
        return f"{self.table}-{self.holder}{self.day}{self.coverage}"


_FILL = {Kind.DATE: date(2020, 1, 1), Kind.TEXT: "x", Kind.UPRN: 1, Kind.INTEGER: 1}


def put_in(con: duckdb.DuckDBPyConnection, extracts: Sequence[Extract]) -> None:
    """Load extracts in the order given; each table and controller is settled after each."""
    for one in extracts:
        for number, row in enumerate(one.rows, start=1):
            filled = _filled(one, row) | {"delivery_id": one.id, "row_number": number}
            names, marks = ", ".join(filled), ", ".join("?" for _ in filled)
            con.execute(
                f"INSERT INTO raw.{one.table} ({names}) VALUES ({marks})", list(filled.values())
            )
        con.execute(
            """INSERT INTO raw.delivery
            (delivery_id, table_name, holder, extract_to, coverage, dated_by_extract, settled)
            VALUES (?, ?, ?, ?, ?, ?, false)""",
            [one.id, one.table, one.holder, one.day, one.coverage, one.dated],
        )
        settle(con, one.table, one.holder)


def _filled(one: Extract, row: dict[str, Any]) -> dict[str, Any]:
    filled: dict[str, Any] = {"extract_date": one.day, "source_system": "test"}
    for column in TABLES[one.table].business:
        if column.required:
            filled[column.name] = next(iter(column.codes or ()), _FILL.get(column.kind))
    return filled | row
