"""Small deliveries made from the declarations, sound unless a test spoils them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from contracts.columns import Column, Kind, Table
from contracts.holders import SourceSettings
from contracts.manifest import MANIFEST_NAME
from contracts.place import Place, load_place
from contracts.register import PurposeEntry
from contracts.tables import HEALTH_SOURCES, SOURCES, TABLES

TODAY = date(2026, 3, 1)
REGISTERED = PurposeEntry(
    condition="a test",
    offence_condition="a test",
    expires_on=date(2027, 1, 1),
    privacy_notice="A notice",
    dpia="DPIA-T",
    opt_out_within_days=21,
)
Row = dict[str, str]

_BY_KIND = {
    Kind.MONEY: "12.50",
    Kind.NUMBER: "0.5",
    Kind.DATE: "2026-01-05",
    Kind.TIMESTAMP: "2026-01-05 10:30:00",
    Kind.BOOLEAN: "true",
}


def northmere() -> Place:
    return load_place("northmere")


def everywhere() -> Place:
    """Northmere, with every source that any place could have."""
    place = northmere()
    more = {
        source: SourceSettings(
            controller="Northmere Council",
            agreement=f"NM-{source}",
            lawful_basis="public task",
            art9_condition="health or social care",
            on_because="a test",
            legal={"prevention": REGISTERED},
        )
        for source in SOURCES
    }
    return place.model_copy(update={"sources": more | dict(place.sources)})


def plain(place: Place, *tables: str) -> Place:
    """The place with files exactly as declared: no mapping for these tables."""
    sources = dict(place.sources)
    for table in tables:
        source = TABLES[table].source
        kept = {name: how for name, how in sources[source].tables.items() if name != table}
        sources[source] = sources[source].model_copy(update={"tables": kept})
    return place.model_copy(update={"sources": sources})


def sound_rows(table: str, count: int) -> list[Row]:
    """Rows that keep every rule, with distinct keys."""
    return [sound_row(TABLES[table], number) for number in range(1, count + 1)]


def sound_row(table: Table, number: int) -> Row:
    row = {column.name: _value(column, number) for column in table}
    return row | {"extract_date": "2026-02-01", "recorded_date": "2026-01-10"}


def _value(column: Column, number: int) -> str:
    if column.codes:
        return sorted(column.codes)[0]
    if column.kind is Kind.UPRN:
        return str(100_023_000_000 + number)
    if column.kind is Kind.INTEGER:
        return str(int(column.low or 1))
    return _BY_KIND.get(column.kind, f"{column.name}-{number}")


def csv_bytes(header: list[str], rows: list[list[str]], line_end: str = "\n") -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=line_end)
    writer.writerow(header)
    writer.writerows(rows)
    return stream.getvalue().encode()


def content_of(place: Place, table: str, rows: list[Row], line_end: str = "\n") -> bytes:
    names = TABLES[table].names
    mapped = place.mapping(table).columns
    header = [mapped.get(name, name) for name in names]
    return csv_bytes(header, [[row[name] for name in names] for row in rows], line_end)


def deliver(
    landing: Path,
    place: Place,
    table: str,
    rows: list[Row] | None = None,
    /,
    *,
    folder: str | None = None,
    content: bytes | None = None,
    **manifest: Any,
) -> Path:
    """Write a delivery folder; ``manifest`` replaces fields, ``content`` the file's bytes."""
    rows = sound_rows(table, 10) if rows is None else rows
    content = content_of(place, table, rows) if content is None else content
    target = landing / (folder or f"2026-02-01_{table}")
    target.mkdir(parents=True, exist_ok=True)
    fields = manifest_fields(place, table, content, len(rows)) | manifest
    (target / MANIFEST_NAME).write_text(json.dumps(fields), encoding="utf-8")
    (target / fields["file"]).write_bytes(content)
    return target


def manifest_fields(place: Place, table: str, content: bytes, rows: int) -> dict[str, Any]:
    source = TABLES[table].source
    agreed = place.sources[source]
    health = source in HEALTH_SOURCES
    return {
        "table": table,
        "file": f"{table}.csv",
        "schema_version": "1",
        "row_count": rows,
        "sha256": hashlib.sha256(content).hexdigest(),
        "extract_from": "2026-01-01",
        "extract_to": "2026-02-01",
        "controller": agreed.controller,
        "sharing_agreement_ref": agreed.agreement,
        "purpose_code": agreed.purpose,
        "lawful_basis": agreed.lawful_basis,
        "art9_condition": agreed.art9_condition,
        "retain_until": "2028-12-31",
        "ndoo_applied_date": "2026-01-31" if health else None,
    }


def state(con: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table in ``raw`` that has any, to compare before and after."""
    names = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'raw' ORDER BY 1"
    ).fetchall()
    counts = con.execute(
        " UNION ALL ".join(f"SELECT '{name}', count(*) FROM raw.{name}" for (name,) in names)
    ).fetchall()
    return {
        name: con.execute(f"SELECT * FROM raw.{name} ORDER BY ALL").fetchall()
        for name, count in counts
        if count
    }
