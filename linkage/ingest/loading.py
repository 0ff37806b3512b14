"""Loading deliveries: each whole in one transaction, or not at all.

A refused delivery leaves the warehouse as it was, and so does a crash. Loading the same delivery
again changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb

from contracts.errors import DataMissing, DeliveryRefused
from contracts.holders import Holder
from contracts.manifest import MANIFEST_NAME, Manifest, read_manifest
from contracts.mapping import TableMapping
from contracts.place import Place
from contracts.tables import TABLES
from linkage.ingest.crosswalk import apply_crosswalk
from linkage.ingest.delivery import Delivery, TooManyBadRows, delivery_id, take_in
from linkage.ingest.entitlement import entitled_holder
from linkage.ingest.history import settle_all
from linkage.ingest.results import DeliveryResult, LandingResult, Outcome
from linkage.ingest.schema import ensure_raw
from linkage.rights.apply import apply_corrections
from linkage.rights.aside import set_absent_aside
from linkage.rights.books import refuse_deleted

_LOG = logging.getLogger(__name__)

Progress = Callable[[int, int, DeliveryResult], None]
"""Called after each delivery with how many are done, how many there are, and what came of it."""


def load_landing(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    landing: Path,
    today: date,
    progress: Progress | None = None,
) -> LandingResult:
    """Load every delivery folder in name order; a refused one does not stop those after it.

    Args:
        con: The warehouse, open for writing and outside a transaction.
        place: The place's settings.
        landing: Folder that holds one folder for each delivery.
        today: Day of loading, against which agreements run out.
        progress: Told after each delivery.

    Returns:
        What came of each; see ``raise_if_bad``.

    Raises:
        DataMissing: If there is no landing folder.
    """
    if not landing.is_dir():
        raise DataMissing(
            f"Place {place.name} has no landing folder.",
            next_step="Make it, and put each delivery in a folder of its own with its manifest.",
        )
    ensure_raw(con)
    set_absent_aside(con, place)
    entries = sorted(entry for entry in landing.iterdir() if _is_delivery(entry))
    results: list[DeliveryResult] = []
    for entry in entries:
        results.append(load_delivery(con, place=place, folder=entry, today=today))
        if progress is not None:
            progress(len(results), len(entries), results[-1])
    settle_all(con, place, today)
    replaced = apply_crosswalk(con, place)
    if replaced:
        _LOG.info("Crosswalk: %s references replaced.", f"{replaced:,}")
    apply_corrections(con)
    result = LandingResult(deliveries=tuple(results))
    _LOG.info("%s", result.summary)
    return result


def _is_delivery(entry: Path) -> bool:
    hidden = entry.name.startswith(".")
    known = entry.is_dir() or entry.is_symlink() or entry.suffix.lower() in _FILES
    return known and not hidden


_FILES = {".csv", ".tsv", ".xlsx", ".xls", ".parquet", ".zip", ".gz"}


def load_delivery(
    con: duckdb.DuckDBPyConnection, *, place: Place, folder: Path, today: date
) -> DeliveryResult:
    """Load one delivery, or refuse it whole and leave the warehouse as it was.

    Args:
        con: The warehouse, open for writing and outside a transaction.
        place: The place's settings.
        folder: The delivery: a manifest and its file.
        today: Day of loading, against which agreements run out.

    Returns:
        Loaded, already loaded, set aside or refused, with counts and row numbers; see
        ``raise_if_bad``.
    """
    manifest: Manifest | None = None
    try:
        manifest = _manifest(folder)
        if TABLES[manifest.table].source in place.absent:
            return _set_aside(folder, manifest)
        where = f"Delivery {folder.name}, file {manifest.file}"
        refuse_deleted(con, delivery_id(manifest), folder.name)
        holder = entitled_holder(manifest, place, today, where)
        mapping = _mapping(manifest, holder, where)
        delivery = Delivery(folder=folder, manifest=manifest, mapping=mapping, holder=holder)
        result = take_in(con, delivery)
    except DeliveryRefused as refusal:
        result = _refusal(folder, manifest, refusal)
    level = logging.WARNING if result.next_step else logging.INFO
    _LOG.log(level, "%s", result.message)
    return result


def _mapping(manifest: Manifest, holder: Holder, where: str) -> TableMapping:
    """What the place says of this table in the manifest's version of the feed."""
    mapping = holder.mapping(manifest.table, manifest.schema_version)
    if mapping is None:
        known = ", ".join(sorted({holder.schema_version, *holder.shapes}))
        raise DeliveryRefused(
            f"{where}: the place does not read table {manifest.table} in schema_version "
            f"{manifest.schema_version!r} (it has: {known}).",
            next_step="Say how that version is written in place.toml under "
            f"sources.{TABLES[manifest.table].source}.shapes, or have the manifest mended. Nothing "
            "of this delivery was loaded.",
        )
    return mapping


def _manifest(folder: Path) -> Manifest:
    if folder.is_symlink():
        raise DeliveryRefused(
            f"Delivery {folder.name}: it is a link, not a folder.",
            next_step="Copy the delivery itself into the landing folder.",
        )
    if folder.is_dir():
        return read_manifest(folder)
    if not folder.exists():
        raise DeliveryRefused(
            f"Delivery {folder.name}: it is not there, or was taken away while others were loaded.",
            next_step="Put it in the landing folder and load again.",
        )
    raise DeliveryRefused(
        f"Delivery {folder.name}: this file lies in the landing folder by itself.",
        next_step=f"Put it in a folder of its own with its {MANIFEST_NAME}.",
    )


def _set_aside(folder: Path, manifest: Manifest) -> DeliveryResult:
    source = TABLES[manifest.table].source
    return DeliveryResult(
        folder=folder.name,
        outcome=Outcome.SET_ASIDE,
        message=f"Delivery {folder.name}, file {manifest.file}: set aside, since the place does "
        f"without source {source} for now (absent = true).",
        table=manifest.table,
        file_name=manifest.file,
        delivery_id=delivery_id(manifest),
        row_count=manifest.row_count,
    )


def _refusal(folder: Path, manifest: Manifest | None, refusal: DeliveryRefused) -> DeliveryResult:
    return DeliveryResult(
        folder=folder.name,
        outcome=Outcome.REFUSED,
        message=refusal.what,
        next_step=refusal.next_step,
        table=None if manifest is None else manifest.table,
        file_name=None if manifest is None else manifest.file,
        delivery_id=None if manifest is None else delivery_id(manifest),
        row_count=0 if manifest is None else manifest.row_count,
        faults=refusal.faults if isinstance(refusal, TooManyBadRows) else (),
    )
