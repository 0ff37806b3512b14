"""A page for each source that its owner can open: what was expected, what came, what to do.

Great Expectations' own pages load their look from other hosts and are made for engineers, so this
one is ours: one file, no outside request, plain words. It holds counts and row numbers and no value
of any row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from contracts.asof import RAW
from contracts.place import Place
from contracts.reference import SOURCE_NAMES
from contracts.tables import SOURCES
from linkage.ingest.results import EXAMPLES
from linkage.ingest.suite import ContractResult, contract_results
from linkage.quality.drift import Drift, delivery_drift
from linkage.quality.levels import Shift, level_shifts
from surfaces import OFFICIAL, MenuItem, render_page

FOLDER = "data-docs"
_TEMPLATE = Path(__file__).parent / "templates" / "source.html"
_SHOWN = 6


@dataclass(frozen=True, kw_only=True)
class Came:
    """One delivery.

    Attributes:
        delivery_id: Its key.
        extract_from: First day that it covers.
        extract_to: Last day.
        rows: Rows in the file.
        loaded: Rows that were taken.
        quarantined: Rows that were not.
    """

    delivery_id: str
    extract_from: date
    extract_to: date
    rows: int
    loaded: int
    quarantined: int


@dataclass(frozen=True, kw_only=True)
class Quarantined:
    """Rows that were not taken for one reason, of one delivery.

    Attributes:
        extract_to: Last day of the delivery.
        reason: Column and what is wrong with it.
        rows: How many.
        examples: Numbers of the first of them in the file.
    """

    extract_to: date
    reason: str
    rows: int
    examples: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class TableDocs:
    """What a page says of one table."""

    name: str
    says: str
    deliveries: tuple[Came, ...]
    expectations: tuple[ContractResult, ...]
    quarantine: tuple[Quarantined, ...]
    drift: tuple[Drift, ...]

    @property
    def unmet(self) -> tuple[ContractResult, ...]:
        """Expectations that the newest delivery did not meet."""
        return tuple(one for one in self.expectations if not one.passed)


@dataclass(frozen=True, kw_only=True)
class SourceDocs:
    """What a page says of a source."""

    source: str
    tables: tuple[TableDocs, ...]
    shifts: tuple[Shift, ...]

    @property
    def unmet(self) -> int:
        """Expectations that newest deliveries did not meet."""
        return sum(len(table.unmet) for table in self.tables)

    @property
    def drift(self) -> tuple[Drift, ...]:
        """Differences of newest deliveries from what came before."""
        return tuple(one for table in self.tables for one in table.drift)


def source_docs(
    con: duckdb.DuckDBPyConnection, *, place: Place, source: str, month: date
) -> SourceDocs:
    """Everything that the page of a source says.

    Args:
        con: The identity zone, with schema ``raw``.
        place: The place.
        source: One of its sources.
        month: Index date.
    """
    drift = delivery_drift(con, place=place, source=source)
    return SourceDocs(
        source=source,
        tables=tuple(_table(con, table.name, table.says, drift) for table in SOURCES[source]),
        shifts=level_shifts(con, place=place, month=month, source=source),
    )


def write_page(docs: SourceDocs, *, place: Place, folder: Path) -> Path:
    """Write the page of a source into ``<folder>/data-docs``.

    Args:
        docs: What :func:`source_docs` gave.
        place: The place.
        folder: The month's folder.
    """
    path = folder / FOLDER / f"{docs.source}.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    page = render_page(
        _TEMPLATE,
        wording=place.wording,
        marking=OFFICIAL,
        title=f"Data from {SOURCE_NAMES[docs.source]}",
        service="Data quality",
        menu=(MenuItem("What to do", "#todo"), MenuItem("Each table", "#tables")),
        docs=docs,
        name=SOURCE_NAMES[docs.source],
        settings=place.sources[docs.source],
    )
    path.write_text(page, encoding="utf-8")
    return path


def examples_of(
    con: duckdb.DuckDBPyConnection, found: Sequence[ContractResult]
) -> dict[tuple[str, str, str], tuple[int, ...]]:
    """Numbers of the first rows that break each expectation, by delivery, column and rule."""
    return {
        (one.delivery_id, one.column_name, one.rule): tuple(
            int(number)
            for (number,) in con.execute(
                f"""SELECT row_number FROM {RAW}.quarantine WHERE delivery_id = ?
                AND list_contains(string_split(column_name, ', '), ?)
                ORDER BY row_number LIMIT {EXAMPLES}""",
                [one.delivery_id, one.column_name.split(", ")[0]],
            ).fetchall()
        )
        for one in found
        if not one.passed
    }


def _table(
    con: duckdb.DuckDBPyConnection, name: str, says: str, drift: Sequence[Drift]
) -> TableDocs:
    rows = con.execute(
        f"""SELECT delivery_id, extract_from, extract_to, row_count, loaded_rows, quarantined_rows
        FROM {RAW}.delivery WHERE table_name = ?
        ORDER BY extract_to DESC, delivery_id DESC LIMIT {_SHOWN}""",
        [name],
    ).fetchall()
    came = tuple(
        Came(
            delivery_id=delivery_id,
            extract_from=first,
            extract_to=last,
            rows=count,
            loaded=loaded,
            quarantined=bad,
        )
        for delivery_id, first, last, count, loaded, bad in rows
    )
    newest = came[0].delivery_id if came else ""
    return TableDocs(
        name=name,
        says=says,
        deliveries=came,
        expectations=tuple(one for one in contract_results(con, name) if one.delivery_id == newest),
        quarantine=_quarantine(con, came),
        drift=tuple(one for one in drift if one.table == name),
    )


def _quarantine(con: duckdb.DuckDBPyConnection, came: Sequence[Came]) -> tuple[Quarantined, ...]:
    ends = {one.delivery_id: one.extract_to for one in came}
    marks = ", ".join("?" for _ in ends) or "NULL"
    rows = con.execute(
        f"""SELECT delivery_id, reason, count(*), list(row_number ORDER BY row_number)[:{EXAMPLES}]
        FROM (SELECT delivery_id, row_number, unnest(string_split(reason, '; ')) AS reason
              FROM {RAW}.quarantine WHERE delivery_id IN ({marks}))
        GROUP BY delivery_id, reason ORDER BY delivery_id, count(*) DESC, reason""",
        list(ends),
    ).fetchall()
    found = [
        Quarantined(
            extract_to=ends[delivery_id], reason=reason, rows=count, examples=tuple(numbers)
        )
        for delivery_id, reason, count, numbers in rows
    ]
    return tuple(sorted(found, key=lambda one: one.extract_to, reverse=True))
