"""Deliveries as a place would send them: its own column names and codes, one folder each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from contracts import fingerprint
from contracts.columns import Kind, Table
from contracts.manifest import MANIFEST_NAME, Manifest
from contracts.months import add_months, month_end
from contracts.place import Place, TableMapping
from contracts.tables import HEALTH_SOURCES, TABLES

SCHEMA_VERSION = "1"
RETAIN_UNTIL = date(2046, 12, 31)
SYSTEMS: Mapping[str, str] = {
    "llpg": "gazetteer",
    "area": "open_area_data",
    "ctax": "revenues",
    "rent": "housing",
    "hclic": "housing_options",
    "welfare": "awards",
    "uc": "uc_share",
    "shbe": "benefits",
    "gp": "primary_care",
    "mh": "mental_health",
    "ecds": "emergency_care",
    "hreg": "housing_register",
    "asc": "adult_care",
    "cs": "childrens_services",
    "school": "school_census",
    "bbadge": "blue_badges",
    "asb": "environment",
    "elect": "electors",
    "dwp_other": "benefit_notices",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One delivery as it was written."""

    folder: str
    table: str
    rows: int
    sha256: str


def _native_column(table: Table, name: str, mapping: TableMapping) -> pl.Expr:
    """One column as text in the place's own codes and date format."""
    column = table[name]
    value = pl.col(name)
    if column.kind is Kind.DATE:
        value = value.dt.strftime(mapping.date_format or "%Y-%m-%d")
    elif column.kind is Kind.TIMESTAMP:
        value = value.dt.strftime("%Y-%m-%dT%H:%M:%S")
    codes = mapping.codes.get(name)
    if codes:
        value = value.replace({ours: theirs for theirs, ours in reversed(codes.items())})
    return value.alias(mapping.columns.get(name, name))


def _row_hashes(frame: pl.DataFrame) -> pl.Series:
    joined = frame.select(
        pl.concat_str(pl.all().cast(pl.String).fill_null(""), separator="\x1f")
    ).to_series()
    hashes = [hashlib.blake2b(row.encode(), digest_size=8).hexdigest() for row in joined.to_list()]
    return pl.Series("row_hash", hashes, dtype=pl.String)


def _delivered(
    table: Table, frame: pl.DataFrame, mapping: TableMapping, extract_date: date
) -> pl.DataFrame:
    business = [column.name for column in table.business]
    ordered = frame.sort(["recorded_date", *table.key], nulls_last=True, maintain_order=True)
    hashed = ordered.with_columns(
        _row_hashes(ordered.select(business)),
        pl.lit(SYSTEMS[table.source]).alias("source_system"),
        pl.lit(extract_date).alias("extract_date"),
    )
    return hashed.select(_native_column(table, name, mapping) for name in table.names)


def _manifest(place: Place, table: Table, sent: Sent, first: date, last: date) -> Manifest:
    source = place.sources[table.source]
    health = table.source in HEALTH_SOURCES
    return Manifest(
        table=table.name,
        file=f"{table.name}.csv",
        schema_version=SCHEMA_VERSION,
        row_count=sent.rows,
        sha256=sent.sha256,
        extract_from=first,
        extract_to=last,
        controller=source.controller,
        sharing_agreement_ref=source.agreement,
        purpose_code=source.purpose,
        lawful_basis=source.lawful_basis,
        art9_condition=source.art9_condition,
        retain_until=RETAIN_UNTIL,
        ndoo_applied_date=last if health else None,
    )


def _write(
    place: Place, landing: Path, table: Table, frame: pl.DataFrame, *, first: date, last: date
) -> Sent:
    folder = landing / f"{table.name}-{last.isoformat()}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table.name}.csv"
    native = _delivered(table, frame, place.mapping(table.name), last)
    native.write_csv(path, float_precision=2)
    sent = Sent(
        folder=folder.name, table=table.name, rows=native.height, sha256=fingerprint.of_file(path)
    )
    manifest = _manifest(place, table, sent, first, last)
    content = json.dumps(manifest.model_dump(mode="json"), indent=2, sort_keys=True)
    (folder / MANIFEST_NAME).write_text(content + "\n", encoding="utf-8")
    return sent


def deliver(
    place: Place,
    landing: Path,
    frames: Mapping[str, pl.DataFrame],
    *,
    last_month: date,
    silent: str | None,
    progress: Callable[[str], None],
) -> list[Sent]:
    """Write the history up to the month before, then the last month's own delivery.

    Args:
        place: Whose names, codes and agreements to use.
        landing: Folder of deliveries.
        frames: Every table's rows with ``recorded_date``.
        last_month: Last day of the simulated months.
        silent: A source that sends nothing in the last month.
        progress: Told what is being written.
    """
    last = month_end(last_month)
    before = add_months(last, -1)
    sent = []
    for name in place.tables:
        if name not in frames:
            continue
        table, frame = TABLES[name], frames[name]
        progress(f"writing {name}: {frame.height:,} rows")
        history = frame.filter(pl.col("recorded_date") <= before)
        first = history["recorded_date"].min()
        begins = first if isinstance(first, date) else before
        sent.append(_write(place, landing, table, history, first=begins, last=before))
        if table.source == silent:
            continue
        newest = frame.filter(pl.col("recorded_date").is_between(before, last, closed="right"))
        sent.append(_write(place, landing, table, newest, first=before + timedelta(1), last=last))
    return sent
