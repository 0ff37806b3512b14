"""Deletes extracts that may no longer be held, with what was made from them.

A delivery goes when the sender's ``retain_until`` or the place's ``keep_months`` has passed,
whichever is sooner. Everything that one pass deletes of the identity zone is deleted in one
transaction together with its line in ``rights.deletion``; then what was made of it goes from the
modelling and audit zones, one after the other, and last the certificate is written from the books.
These say how far a pass has come, so after a crash in between the next one goes on from there.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import duckdb

from contracts.errors import DeliveryRefused
from contracts.made.rights import RIGHTS
from contracts.manifest import read_manifest
from contracts.place import Place
from contracts.tables import TABLES
from contracts.warehouse import Warehouse, month_schema
from contracts.workspace import Workspace
from contracts.zones import Zone
from linkage.ingest.delivery import delivery_id as id_of
from linkage.ingest.history import settle_all
from linkage.ingest.schema import ensure_raw
from linkage.rights.apply import apply_corrections, correction_ids
from linkage.rights.books import append, ensure_rights
from linkage.rights.certificates import write_missing
from linkage.rights.deleting import (
    Gone,
    delete_rows,
    drop_derived,
    first_known,
    forget_arrivals,
)
from linkage.rights.due import Due, due_deliveries

_COPIED = (
    "delivery_id", "controller", "agreement", "extract_to", "retain_until", "rule", "kept_until",
    "loaded_rows", "quarantined_rows",
)  # fmt: skip
_MADE_OF = (Zone.MODELLING, Zone.AUDIT)
"""The zones that hold nothing but what was made of the identity zone."""


@dataclass(frozen=True)
class _Reach:
    """What a certificate asks of a zone.

    Attributes:
        certificate: Its number.
        from_schema: First month that may hold what was made of it; None where there was no row.
        derived: Whether such months are deleted, or marked.
    """

    certificate: int
    from_schema: str | None
    derived: str


def certificates_of(workspace: Workspace) -> Path:
    """Folder of a place's certificates."""
    return workspace.home / "certificates"


def apply_retention(
    warehouse: Warehouse,
    *,
    place: Place,
    today: date,
    certificates: Path,
    landing: Path | None = None,
) -> list[Path]:
    """Delete what may no longer be held and write the certificates; doing it again changes nothing.

    The zones are opened one after the other: identity, modelling, audit, and identity again.

    Args:
        warehouse: The place's zones.
        place: The place, which says what happens to what was derived and to the landing folder.
        today: The day.
        certificates: Folder of the certificates.
        landing: The landing folder; None leaves it alone.

    Returns:
        Certificates that were written now.

    Raises:
        ZoneRefused: If somebody else is writing a zone; the next pass goes on from there.
    """
    with warehouse.write(Zone.IDENTITY) as con:
        _in_identity(con, place=place, today=today)
        reach = _not_reached(con)
        if not any(reach.values()):
            return _finish(con, place, certificates, landing)
    done = {zone: _in_zone(warehouse, zone, reach.get(zone, ())) for zone in _MADE_OF}
    with warehouse.write(Zone.IDENTITY) as con:
        _record(con, reach, done)
        return _finish(con, place, certificates, landing)


def _finish(
    con: duckdb.DuckDBPyConnection, place: Place, certificates: Path, landing: Path | None
) -> list[Path]:
    if landing is not None and place.retention.landing:
        _clear_landing(con, landing)
    return write_missing(con, place=place, folder=certificates)


def _in_identity(con: duckdb.DuckDBPyConnection, *, place: Place, today: date) -> None:
    ensure_raw(con)
    ensure_rights(con)
    due = due_deliveries(con, place=place, today=today)
    if not due:
        return
    con.begin()
    try:
        _delete(con, due, today=today, derived=place.retention.derived)
    except BaseException:
        con.rollback()
        raise
    con.commit()
    settle_all(con, place, today)
    apply_corrections(con)
    con.execute("CHECKPOINT")


def _delete(
    con: duckdb.DuckDBPyConnection, due: tuple[Due, ...], *, today: date, derived: str
) -> None:
    number = 1 + int(
        con.execute(f"SELECT coalesce(max(certificate), 0) FROM {RIGHTS}.deletion").fetchall()[0][0]
    )
    tables = {
        one.table: [each.delivery_id for each in due if each.table == one.table] for one in due
    }
    known = first_known(con, tables)
    append(
        con,
        "deletion",
        [
            {
                **{name: getattr(one, name) for name in _COPIED},
                "certificate": number,
                "table_name": one.table,
                "source": TABLES[one.table].source,
                "deleted_on": today,
            }
            for one in due
        ],
    )
    # A correction is a row made from a delivered one; those whose row stays are made again.
    also = delete_rows(con, [*(one.delivery_id for one in due), *correction_ids(con)])
    forget_arrivals(con, sorted(tables))
    from_schema = None if known is None else month_schema(known)
    also += drop_derived(con, from_schema, derived)
    append(
        con,
        "deletion_also",
        [
            {"certificate": number, "what": what, "done": done, "rows": rows}
            for what, done, rows in also
        ],
    )
    reached = {"certificate": number, "from_schema": from_schema, "derived": derived}
    append(con, "deletion_reach", [{"zone": Zone.IDENTITY.value, **reached}])


def _not_reached(con: duckdb.DuckDBPyConnection) -> dict[Zone, list[_Reach]]:
    """Certificates that have not come to a zone yet, in order."""
    rows = con.execute(
        f"""SELECT zone, certificate, from_schema, derived FROM {RIGHTS}.deletion_reach
        ORDER BY certificate"""
    ).fetchall()
    come = {(zone, number) for zone, number, *_ in rows}
    return {
        zone: [
            _Reach(number, from_schema, derived)
            for at, number, from_schema, derived in rows
            if at == Zone.IDENTITY and (zone, number) not in come
        ]
        for zone in _MADE_OF
    }


def _in_zone(warehouse: Warehouse, zone: Zone, reach: Sequence[_Reach]) -> dict[int, list[Gone]]:
    """What went of a zone, or was left there, by certificate."""
    if not reach or not warehouse.path(zone).exists():
        return {}
    with warehouse.write(zone) as con:
        return {one.certificate: drop_derived(con, one.from_schema, one.derived) for one in reach}


def _record(
    con: duckdb.DuckDBPyConnection,
    reach: Mapping[Zone, Sequence[_Reach]],
    done: Mapping[Zone, Mapping[int, Sequence[Gone]]],
) -> None:
    """Note in the books what went of the other zones; from then on nothing is looked for there."""
    con.begin()
    try:
        for zone, every in reach.items():
            for one in every:
                also = [
                    {"certificate": one.certificate, "what": what, "done": how, "rows": rows}
                    for what, how, rows in done[zone].get(one.certificate, ())
                ]
                append(con, "deletion_also", also)
                append(con, "deletion_reach", [{"zone": zone.value, **asdict(one)}])
    except BaseException:
        con.rollback()
        raise
    con.commit()


def _clear_landing(con: duckdb.DuckDBPyConnection, landing: Path) -> None:
    """Delete folders of deliveries that were deleted; by their content, whatever their name."""
    gone = {
        delivery_id
        for (delivery_id,) in con.execute(
            f"SELECT DISTINCT delivery_id FROM {RIGHTS}.deletion"
        ).fetchall()
    }
    if not gone or not landing.is_dir():
        return
    for folder in sorted(entry for entry in landing.iterdir() if entry.is_dir()):
        try:
            manifest = read_manifest(folder)
        except DeliveryRefused:
            continue
        if id_of(manifest) in gone:
            shutil.rmtree(folder)
