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
from synthetic.first_version import FIRST, SECOND, Layout, as_first_version, first_layout

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


def _whole(table: Table, frame: pl.DataFrame, extract_date: date) -> pl.DataFrame:
    """Rows in the order of a file, with the columns that the sending system adds."""
    business = [column.name for column in table.business]
    ordered = frame.sort(["recorded_date", *table.key], nulls_last=True, maintain_order=True)
    return ordered.with_columns(
        _row_hashes(ordered.select(business)),
        pl.lit(SYSTEMS[table.source]).alias("source_system"),
        pl.lit(extract_date).alias("extract_date"),
    )


@dataclass(frozen=True, kw_only=True)
class _Span:
    """What one delivery covers, and the version of the feed that it comes in."""

    first: date
    last: date
    version: str = SCHEMA_VERSION
    layout: Layout | None = None


def _manifest(place: Place, table: Table, sent: Sent, span: _Span) -> Manifest:
    source = place.sources[table.source]
    health = table.source in HEALTH_SOURCES
    return Manifest(
        table=table.name,
        file=f"{table.name}.csv",
        schema_version=span.version,
        row_count=sent.rows,
        sha256=sent.sha256,
        extract_from=span.first,
        extract_to=span.last,
        controller=source.controller,
        sharing_agreement_ref=source.agreement,
        purpose_code=source.purpose,
        lawful_basis=source.lawful_basis,
        art9_condition=source.art9_condition,
        retain_until=RETAIN_UNTIL,
        ndoo_applied_date=span.last if health else None,
    )


def _write(place: Place, landing: Path, table: Table, frame: pl.DataFrame, span: _Span) -> Sent:
    folder = landing / f"{table.name}-{span.last.isoformat()}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table.name}.csv"
    whole, mapping = _whole(table, frame, span.last), place.mapping(table.name)
    if span.layout is None:
        native = whole.select(_native_column(table, name, mapping) for name in table.names)
    else:
        native = as_first_version(table, whole, span.layout)
    native.write_csv(path, float_precision=2)
    sent = Sent(
        folder=folder.name, table=table.name, rows=native.height, sha256=fingerprint.of_file(path)
    )
    manifest = _manifest(place, table, sent, span)
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
    uc_second_from: date | None,
    progress: Callable[[str], None],
) -> list[Sent]:
    """Write the history up to the month before, then the last month's own delivery.

    Args:
        place: Whose names, codes and agreements to use.
        landing: Folder of deliveries.
        frames: Every table's rows with ``recorded_date``.
        last_month: Last day of the simulated months.
        silent: A source that sends nothing in the last month.
        uc_second_from: First day on which the Universal Credit share comes in its second version;
            None where it always did.
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
        version = SCHEMA_VERSION
        if table.source == "uc" and uc_second_from is not None:
            version, end = SECOND, uc_second_from - timedelta(1)
            old = frame.filter(pl.col("recorded_date") <= end)
            frame = frame.filter(pl.col("recorded_date") > end)
            if (layout := first_layout(name)) is not None:
                span = _Span(first=_first_day(old, end), last=end, version=FIRST, layout=layout)
                sent.append(_write(place, landing, table, old, span))
        history = frame.filter(pl.col("recorded_date") <= before)
        span = _Span(first=_first_day(history, before), last=before, version=version)
        sent.append(_write(place, landing, table, history, span))
        if table.source == silent:
            continue
        newest = frame.filter(pl.col("recorded_date").is_between(before, last, closed="right"))
        span = _Span(first=before + timedelta(1), last=last, version=version)
        sent.append(_write(place, landing, table, newest, span))
    return sent


def _first_day(rows: pl.DataFrame, otherwise: date) -> date:
    first = rows["recorded_date"].min()
    return first if isinstance(first, date) else otherwise
