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
from contracts.holders import Holder
from contracts.manifest import MANIFEST_NAME, Manifest
from contracts.mapping import TableMapping
from contracts.months import add_months, month_end
from contracts.tables import HEALTH_SOURCES, TABLES
from synthetic.first_version import FIRST, SECOND, Layout, as_first_version, first_layout
from synthetic.senders import CROSSWALK, Senders

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
    "crosswalk": "reorganisation",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One delivery as it was written."""

    folder: str
    table: str
    rows: int
    sha256: str


def _date_form(mapping: TableMapping, name: str) -> str:
    first = mapping.formats(name)[0]
    return first if "%" in first else "%Y-%m-%d"


def _native_column(table: Table, name: str, mapping: TableMapping) -> pl.Expr:
    """One column as text in the place's own codes and date format."""
    column = table[name]
    value = pl.col(name)
    if column.kind is Kind.DATE:
        value = value.dt.strftime(_date_form(mapping, name))
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
    """What one delivery covers, and the version of the feed where it is not the usual one."""

    first: date
    last: date
    version: str = ""
    layout: Layout | None = None


def _manifest(holder: Holder, table: Table, sent: Sent, span: _Span) -> Manifest:
    health = table.source in HEALTH_SOURCES
    return Manifest(
        table=table.name,
        file=f"{table.name}.csv",
        schema_version=span.version or holder.schema_version,
        row_count=sent.rows,
        sha256=sent.sha256,
        extract_from=span.first,
        extract_to=span.last,
        controller=holder.controller,
        sharing_agreement_ref=holder.agreement,
        purpose_code=holder.purpose,
        lawful_basis=holder.lawful_basis,
        art9_condition=holder.art9_condition,
        retain_until=RETAIN_UNTIL,
        ndoo_applied_date=span.last if health else None,
    )


def _write(holder: Holder, landing: Path, table: Table, frame: pl.DataFrame, span: _Span) -> Sent:
    of = f"-{holder.code}" if holder.code else ""
    folder = landing / f"{table.name}{of}-{span.last.isoformat()}"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{table.name}.csv"
    whole = _whole(table, frame, span.last)
    mapping = holder.mapping(table.name, span.version or holder.schema_version) or TableMapping()
    if span.layout is None:
        native = whole.select(_native_column(table, name, mapping) for name in table.names)
    else:
        native = as_first_version(table, whole, span.layout)
    native.write_csv(path, float_precision=2)
    sent = Sent(
        folder=folder.name, table=table.name, rows=native.height, sha256=fingerprint.of_file(path)
    )
    manifest = _manifest(holder, table, sent, span)
    content = json.dumps(manifest.model_dump(mode="json"), indent=2, sort_keys=True)
    (folder / MANIFEST_NAME).write_text(content + "\n", encoding="utf-8")
    return sent


def deliver(
    senders: Senders,
    landing: Path,
    frames: Mapping[str, pl.DataFrame],
    *,
    last_month: date,
    progress: Callable[[str], None],
) -> list[Sent]:
    """Write each controller's history up to the month before, then the last month's own delivery.

    Args:
        senders: Whose names, codes and agreements to use, and who sends what.
        landing: Folder of deliveries.
        frames: Every table's rows with ``recorded_date``.
        last_month: Last day of the simulated months.
        progress: Told what is being written.
    """
    last = month_end(last_month)
    sent = []
    written = [name for name in senders.place.tables if name in frames]
    for name in written:
        progress(f"writing {name}: {frames[name].height:,} rows")
        for holder, rows in senders.split(TABLES[name], _renamed(senders, name, frames[name])):
            sent += _history_and_month(senders, holder, landing, TABLES[name], rows=rows, last=last)
    if CROSSWALK in senders.place.tables:
        rows, (holder,) = senders.crosswalk(), senders.place.sources["crosswalk"].holders.values()
        sent += _history_and_month(
            senders, holder, landing, TABLES[CROSSWALK], rows=rows, last=last
        )
    return sent


def _renamed(senders: Senders, name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with a code that their source calls something else from a month on."""
    switches, months = senders.context.switches, senders.context.months
    if switches.renamed is None or switches.renamed[0] != name:
        return rows
    _, column, old, new = switches.renamed
    day = int(months[min(switches.macro_month, len(months) - 1)])
    later = pl.col("recorded_date").cast(pl.Int32) >= day
    renamed = pl.when(later & (pl.col(column) == old)).then(pl.lit(new)).otherwise(pl.col(column))
    return rows.with_columns(renamed.alias(column))


def _history_and_month(
    senders: Senders, holder: Holder, landing: Path, table: Table, *, rows: pl.DataFrame, last: date
) -> list[Sent]:
    """A controller's deliveries of a table: what it knew before the last month, and that month.

    One that takes over has no history before it began, and one that has gone sends nothing new.
    """
    before = last if senders.at_once else add_months(last, -1)
    known = pl.col("recorded_date")
    gone = senders.successor(table.source) not in (None, holder.code)
    sent, version, second = [], "", senders.uc_second_from
    if table.source == "uc" and second is not None:
        version, end = SECOND, second - timedelta(1)
        old, rows = rows.filter(known <= end), rows.filter(known > end)
        if (layout := first_layout(table.name)) is not None:
            span = _Span(first=_first_day(old, end), last=end, version=FIRST, layout=layout)
            sent.append(_write(holder, landing, table, old, span))
    history = rows.filter(known <= before)
    if history.height or not gone:
        latest = history["recorded_date"].max()
        ends = latest if gone and isinstance(latest, date) else before
        span = _Span(first=_first_day(history, before), last=ends, version=version)
        sent.append(_write(holder, landing, table, history, span))
    if not gone and before < last and table.source != senders.context.switches.silent_source:
        newest = rows.filter(known.is_between(before, last, closed="right"))
        span = _Span(first=before + timedelta(1), last=last, version=version)
        sent.append(_write(holder, landing, table, newest, span))
    return sent


def _first_day(rows: pl.DataFrame, otherwise: date) -> date:
    first = rows["recorded_date"].min()
    return first if isinstance(first, date) else otherwise
