"""The bytes that a release is made of, collected from the zones and the month's folder.

Rows are sorted by every column and written with fixed settings, so the same state gives the same
bytes. Names and addresses are taken for listed households alone.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb
import polars as pl

from contracts.asof import RAW
from contracts.errors import DataMissing
from contracts.months import month_key
from contracts.place import Place
from contracts.warehouse import month_schema
from features.catalogue import CATALOGUE
from features.declare import as_told
from linkage.crossing import contacts_sql
from releases.signing import readable_json

_LOG = logging.getLogger(__name__)

TABLE_FILES: Mapping[str, str] = {
    "score": "scores.parquet",
    "selection": "selection.parquet",
    "explanation": "explanations.parquet",
    "base_value": "base_values.parquet",
    "reason": "reasons.parquet",
}
MONTH_FILES = ("audit.json", "fairness-report.html", "evaluation.json")
MODELS_FOLDER = "models"
LISTED = "LISTED"

_DELIVERIES = f"""
    SELECT delivery_id, table_name, sha256, schema_version, extract_from, extract_to, controller,
           sharing_agreement_ref, purpose_code, retain_until, row_count, loaded_rows,
           quarantined_rows
    FROM {RAW}.delivery ORDER BY ALL"""


def parquet_bytes(frame: pl.DataFrame) -> bytes:
    """Parquet with fixed settings: equal frames give equal bytes."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", compression_level=3, row_group_size=1 << 18)
    return buffer.getvalue()


def read_parquet(content: bytes) -> pl.DataFrame:
    """A frame from bytes that were verified."""
    return pl.read_parquet(io.BytesIO(content))


def table_frames(con: duckdb.DuckDBPyConnection, month: date) -> dict[str, pl.DataFrame]:
    """The month's scores, selection, explanations and reasons, each sorted by all columns.

    Raises:
        DataMissing: If a table was not made for this month.
    """
    return {
        table: _query(con, f"SELECT * FROM {month_schema(month)}.{table} ORDER BY ALL", table)
        for table in TABLE_FILES
    }


def contacts_frame(con: duckdb.DuckDBPyConnection, *, place: Place, month: date) -> pl.DataFrame:
    """Lead's name, address line and numbers of adults and children of listed households."""
    return _query(
        con,
        contacts_sql(month_schema(month)),
        "household_snapshot, person_identity and dwelling",
        [month, LISTED, place.listed_outcome.value],
    )


def deliveries_bytes(con: duckdb.DuckDBPyConnection) -> bytes:
    """Every delivery loaded so far, by fingerprint; no file of it is named."""
    rows = _query(con, _DELIVERIES, "delivery").rows(named=True)
    plain = [
        {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in row.items()
        }
        for row in rows
    ]
    return readable_json({"deliveries": plain})


def month_files(folder: Path, place: Place) -> dict[str, bytes]:
    """Audit, report, evaluation and every model file of the place's outcomes.

    Raises:
        DataMissing: If one of them was not made.
    """
    files = {name: _read(folder / name) for name in MONTH_FILES}
    for outcome in sorted(place.outcomes):
        models = folder / MODELS_FOLDER / outcome
        paths = sorted(path for path in models.rglob("*") if path.is_file())
        if not paths and outcome is place.listed_outcome:
            raise _missing(f"{MODELS_FOLDER}/{outcome}")
        for path in paths:
            files[path.relative_to(folder).as_posix()] = path.read_bytes()
    return files


def settings_files(place: Place) -> dict[str, bytes]:
    """The place's settings and fairness policy, as they were."""
    return {
        "place.json": readable_json(place.model_dump(mode="json")),
        "policy.json": readable_json(place.fairness.model_dump(mode="json")),
    }


def catalogue_bytes() -> bytes:
    """Every feature as declared: what it counts, its owner, its agreed words."""
    return readable_json({"features": [as_told(feature) for feature in CATALOGUE]})


def log_size(files: Mapping[str, bytes], month: date) -> None:
    """Say how much was collected, in numbers only."""
    total = sum(map(len, files.values()))
    _LOG.info("%s: %d files, %d bytes collected", month_key(month), len(files), total)


def _query(
    con: duckdb.DuckDBPyConnection, sql: str, table: str, params: list[object] | None = None
) -> pl.DataFrame:
    try:
        frame: pl.DataFrame = con.sql(sql, params=params).pl()
    except duckdb.CatalogException as error:
        raise DataMissing(
            f"There is nothing to seal: table {table} was not made for this month.",
            next_step="Run the steps before this one.",
        ) from error
    return frame


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise _missing(path.name)
    return path.read_bytes()


def _missing(name: str) -> DataMissing:
    return DataMissing(
        f"There is nothing to seal: {name} was not made for this month.",
        next_step="Run the steps before this one.",
    )
