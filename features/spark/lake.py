"""The files that Spark reads and writes while a step runs, and what may lie in them.

The lake is a part of the modelling zone: only what may lie there goes in, and of that only what a
feature reads.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb

from contracts.columns import Column, ColumnClass
from contracts.engines import EngineSettings
from contracts.errors import SettingsError, ZoneRefused
from contracts.made import MADE, MadeTable
from contracts.working import working_folder
from contracts.zones import Zone, may_lie
from features.blocks import BLOCKS
from features.plan import Plan
from features.stretches import SAID
from features.timeline import Timeline

_KNOWN = ("known_from", "known_to")
_SENSITIVE = frozenset({ColumnClass.SPECIAL, ColumnClass.CRIMINAL, ColumnClass.SAFETY})


@contextmanager
def opened_lake(con: duckdb.DuckDBPyConnection, settings: EngineSettings) -> Iterator[Path]:
    """A new folder that is this account's alone; gone at the end, whatever happened.

    Args:
        con: The modelling zone; without a lake of its own the folder lies beside its plain file.
        settings: The place's engine.

    Raises:
        SettingsError: If the place's lake is no folder.
    """
    if settings.lake is not None and not settings.lake.is_dir():
        raise SettingsError(
            f"engine.lake: {settings.lake.name} is no folder.",
            next_step="Make it, where every worker can reach it.",
        )
    ((file,),) = con.execute(
        "SELECT path FROM duckdb_databases() WHERE database_name = current_database()"
    ).fetchall()
    beside = settings.lake or (Path(file).parent if file else None)
    if beside is None:
        with working_folder(Path(tempfile.gettempdir()), size=0) as folder:
            yield folder
        return
    folder = Path(tempfile.mkdtemp(prefix="lake-", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def tables_read(plan: Plan) -> Mapping[str, tuple[str, ...]]:
    """Each table of the modelling zone that features read, to the columns that they read."""
    found: dict[str, dict[str, None]] = {
        "household_snapshot": dict.fromkeys(("household_id", "snapshot_date", *SAID)),
        "area_lookup": dict.fromkeys(("lsoa21", "income_domain", *_KNOWN)),
    }
    for block in (BLOCKS[name] for name in plan.blocks if name in BLOCKS):
        reach = ("household_id", "snapshot_date", "key", *_KNOWN)
        found.setdefault(block.attach.table, dict.fromkeys(reach))
        own = found.setdefault(block.table, {})
        own |= dict.fromkeys((block.attach.number, *block.columns, *_KNOWN))
    return {table: tuple(columns) for table, columns in found.items()}


def check_classes(columns: Iterable[tuple[MadeTable, str]], settings: EngineSettings) -> None:
    """Stop where a column may not lie where the lake is.

    Args:
        columns: Each column's table and name.
        settings: The place's engine.

    Raises:
        ZoneRefused: If a column may not lie in the modelling zone at all.
        SettingsError: If it may, and the place has not said that it may lie in its lake.
    """
    declared = [(table.name, _declared(table, name)) for table, name in columns]
    barred = [f"{table}.{one.name}" for table, one in declared if not may_lie(one, Zone.MODELLING)]
    if barred:
        raise ZoneRefused(
            f"Not allowed in the modelling zone, so not in its lake: {', '.join(barred)}.",
            next_step="Take the columns out of the block that reads them.",
        )
    special = sorted({table for table, one in declared if one.cls in _SENSITIVE})
    if special and settings.lake is not None and not settings.special_in_lake:
        raise SettingsError(
            f"engine.lake would hold special category data of {', '.join(special)}.",
            next_step="Where your impact assessment covers that, set engine.special_in_lake; else "
            "leave engine.lake out, or those sources.",
        )


def export(
    con: duckdb.DuckDBPyConnection,
    lake: Path,
    *,
    plan: Plan,
    line: Timeline,
    settings: EngineSettings,
) -> Mapping[str, Path]:
    """Write what features read as Parquet; each table's file.

    Args:
        con: The modelling zone, prepared for the snapshots.
        lake: Where the files go.
        plan: What a place can have.
        line: The snapshots.
        settings: The place's engine.
    """
    tables = tables_read(plan)
    check_classes(
        [(MADE[table], name) for table, names in tables.items() for name in names], settings
    )
    asked = {
        name: f"SELECT {', '.join(columns)} FROM {line.schema}.{name}"
        for name, columns in tables.items()
    }
    asked["snapshot_month"] = "SELECT snapshot_date, k FROM snapshot_month"
    files = {}
    for name, sql in asked.items():
        files[name] = lake / f"{name}.parquet"
        con.execute(f"COPY ({sql}) TO '{files[name]}' (FORMAT parquet)")
    return files


def _declared(table: MadeTable, name: str) -> Column:
    return next(one for one in table.columns if one.name == name)
