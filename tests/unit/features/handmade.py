"""A warehouse made by hand: raw tables, links and households, as linkage would leave them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import polars as pl

from contracts.columns import DUCKDB_TYPES
from contracts.made import MADE
from contracts.place import CORE_SOURCES, SHOWN_BY, Outcome, Place, load_place
from contracts.tables import TABLES
from contracts.warehouse import month_schema
from contracts.zones import Zone
from linkage.crossing import cross_month
from linkage.ingest.schema import ARRIVAL

INDEX = date(2026, 10, 31)

_MONTH_TABLES = {name: table for name, table in MADE.items() if table.zone is Zone.IDENTITY}


def northmere(
    *,
    history_months: int = 12,
    without: Sequence[str] = (),
    outcomes: Sequence[Outcome] | None = None,
    months: Sequence[int] = (1, 3, 6, 12),
) -> Place:
    """The invented place, with some of its sources and outcomes left out."""
    place = load_place("northmere")
    kept = {name: source for name, source in place.sources.items() if name not in without}
    chosen = {
        outcome: offer
        for outcome, offer in place.outcomes.items()
        if SHOWN_BY.get(outcome, CORE_SOURCES) & set(kept)
    }
    if outcomes is not None:
        chosen = {outcome: place.outcomes[outcome] for outcome in outcomes}
    return Place.model_validate(
        place.model_dump()
        | {
            "sources": kept,
            "outcomes": chosen,
            "windows": place.windows.model_dump()
            | {"history_months": history_months, "months": tuple(months)},
        }
    )


@dataclass
class Handmade:
    """Rows that are collected and then written."""

    index: date = INDEX
    raw: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    month: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def schema(self) -> str:
        return month_schema(self.index)

    def add(self, table: str, recorded: date, **values: Any) -> None:
        """One version of a row of ``raw.<table>``."""
        rows = self.raw.setdefault(table, [])
        rows.append(
            {column.name: None for column in TABLES[table].columns}
            | {
                "source_system": "hand",
                "extract_date": recorded,
                "recorded_date": recorded,
                "delivery_id": "d1",
                "row_number": len(rows) + 1,
            }
            | values
        )

    def put(self, table: str, **values: Any) -> None:
        """One row of a table of the month schema."""
        self.month.setdefault(table, []).append(values)

    def link(self, source: str, local_id: str, person_id: int) -> None:
        self.put("person_link", source=source, local_id=local_id, person_id=person_id)

    def household(
        self, household_id: int, snapshot: date, members: Sequence[int], **values: Any
    ) -> None:
        """A household at one snapshot; every member is an adult unless ``size`` says otherwise."""
        self.put(
            "household_snapshot",
            **{
                "household_id": household_id,
                "snapshot_date": snapshot,
                "uprn_key": household_id,
                "hh_kind": "HOUSEHOLD",
                "size": len(members),
                "adults": len(members),
                "children_0_4": 0,
                "children_5_17": 0,
                "tenure": "OWNER",
                "x_restricted": False,
            }
            | values,
        )
        for person in members:
            self.put(
                "household_member",
                snapshot_date=snapshot,
                household_id=household_id,
                person_id=person,
                role="ADULT",
            )

    def connect(self, *, known: date | None = None) -> duckdb.DuckDBPyConnection:
        """The modelling zone in memory, crossed without the raw rows recorded after ``known``."""
        con = duckdb.connect(config={"threads": 1})
        for zone in Zone:
            con.execute(f"ATTACH ':memory:' AS {zone}")
        con.execute(f"USE {Zone.IDENTITY}")
        con.execute("CREATE SCHEMA raw")
        con.execute(f"CREATE SCHEMA {self.schema}")
        for table in TABLES.values():
            types = {column.name: DUCKDB_TYPES[column.kind] for column in table.columns}
            types |= ARRIVAL
            columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
            con.execute(f"CREATE TABLE raw.{table.name} ({columns})")
            rows = [
                row
                for row in self.raw.get(table.name, [])
                if known is None or row["recorded_date"] <= known
            ]
            _fill(con, f"raw.{table.name}", rows)
        for name, table in _MONTH_TABLES.items():
            columns = ", ".join(f"{column} {kind}" for column, kind in table.shape.items())
            con.execute(f"CREATE TABLE {self.schema}.{name} ({columns})")
            _fill(con, f"{self.schema}.{name}", self.month.get(name, []))
        cross_month(con, month=self.index, salt=b"handmade")
        con.execute(f"USE {Zone.MODELLING}")
        return con


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    names = sorted({name for row in rows for name in row})
    frame = pl.DataFrame({name: [row.get(name) for row in rows] for name in names}, strict=False)
    con.register("rows_to_fill", frame)
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows_to_fill")
    con.unregister("rows_to_fill")


def features_of(
    con: duckdb.DuckDBPyConnection, household_id: int, snapshot: date = INDEX
) -> dict[str, float | None]:
    """One row of the feature table."""
    found = con.sql(
        f"SELECT * FROM {month_schema(INDEX)}.feature "
        f"WHERE household_id = {household_id} AND snapshot_date = DATE '{snapshot}'"
    ).pl()
    assert found.height == 1
    return found.drop("household_id", "snapshot_date").row(0, named=True)
