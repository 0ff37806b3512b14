"""Deletes extracts that may no longer be held, with what was made from them.

A delivery goes when the sender's ``retain_until`` or the place's ``keep_months`` has passed,
whichever is sooner. Everything that one pass deletes is deleted in one transaction together with
its line in ``rights.deletion``; the certificate is written from that book afterwards, so a crash in
between loses neither and the next pass writes what is missing.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from contracts.asof import RAW
from contracts.errors import DeliveryRefused
from contracts.manifest import read_manifest
from contracts.place import Place
from contracts.register import entry_of, kept_until
from contracts.tables import TABLES
from contracts.workspace import Workspace
from linkage.rights.apply import apply_corrections, correction_ids
from linkage.rights.aside import ASIDE
from linkage.rights.books import RIGHTS, append, ensure_rights
from linkage.rights.certificates import write_missing

SENDERS, PLACES = "retain_until", "keep_months"
"""Rules under which a delivery goes: the sender's date, or the place's own where it is sooner."""
_COPIED = (
    "delivery_id", "controller", "agreement", "extract_to", "retain_until", "rule", "kept_until",
    "loaded_rows", "quarantined_rows",
)  # fmt: skip
_MONTH_SCHEMA = re.compile(r"m\d{4}_\d{2}")


@dataclass(frozen=True, kw_only=True)
class Due:
    """A delivery that may no longer be held.

    Attributes:
        delivery_id: Its key in ``raw.delivery``.
        table: Its table.
        controller: Who answers for the data.
        agreement: The agreement that it came under.
        extract_to: Last day that it covers.
        retain_until: What its manifest said.
        kept_until: Last day on which it could be held.
        rule: Which rule that day comes from.
        loaded_rows: Rows in the loaded table.
        quarantined_rows: Rows in quarantine.
    """

    delivery_id: str
    table: str
    controller: str
    agreement: str
    extract_to: date
    retain_until: date
    kept_until: date
    rule: str
    loaded_rows: int
    quarantined_rows: int


def certificates_of(workspace: Workspace) -> Path:
    """Folder of a place's certificates."""
    return workspace.home / "certificates"


def due_deliveries(con: duckdb.DuckDBPyConnection, *, place: Place, today: date) -> tuple[Due, ...]:
    """Deliveries whose last day has passed, in order of their ids.

    Args:
        con: The identity zone.
        place: The place.
        today: The day.
    """
    if not _exists(con, RAW, "delivery"):
        return ()
    rows = con.execute(
        f"""SELECT delivery_id, table_name, controller, sharing_agreement_ref, extract_to,
               retain_until, loaded_rows, quarantined_rows
        FROM {RAW}.delivery ORDER BY delivery_id"""
    ).fetchall()
    found = []
    for delivery_id, table, controller, agreement, extract_to, retain_until, *counts in rows:
        until, rule = _last_day(place, table, extract_to, retain_until)
        if until < today:
            found.append(
                Due(
                    delivery_id=delivery_id,
                    table=table,
                    controller=controller,
                    agreement=agreement,
                    extract_to=extract_to,
                    retain_until=retain_until,
                    kept_until=until,
                    rule=rule,
                    loaded_rows=counts[0],
                    quarantined_rows=counts[1],
                )
            )
    return tuple(found)


def _last_day(place: Place, table: str, extract_to: date, retain_until: date) -> tuple[date, str]:
    """A source that left the settings keeps the sender's date: nothing shorter is agreed."""
    settings = (place.sources | place.absent).get(TABLES[table].source)
    if settings is None:
        return retain_until, SENDERS
    until = kept_until(entry_of(settings), extract_to=extract_to, retain_until=retain_until)
    return until, SENDERS if until == retain_until else PLACES


def apply_retention(
    con: duckdb.DuckDBPyConnection,
    *,
    place: Place,
    today: date,
    certificates: Path,
    landing: Path | None = None,
) -> list[Path]:
    """Delete what may no longer be held and write the certificates; doing it again changes nothing.

    Args:
        con: The identity zone, writable and outside a transaction, with the other zones attached
            where their copies are to go, too.
        place: The place, which says what happens to what was derived and to the landing folder.
        today: The day.
        certificates: Folder of the certificates.
        landing: The landing folder; None leaves it alone.

    Returns:
        Certificates that were written now.
    """
    ensure_rights(con)
    due = due_deliveries(con, place=place, today=today)
    if due:
        con.begin()
        try:
            _delete(con, due, today=today, derived=place.retention.derived)
        except BaseException:
            con.rollback()
            raise
        con.commit()
        apply_corrections(con)
        con.execute("CHECKPOINT")
    if landing is not None and place.retention.landing:
        _clear_landing(con, landing)
    return write_missing(con, place=place, folder=certificates)


def _delete(
    con: duckdb.DuckDBPyConnection, due: tuple[Due, ...], *, today: date, derived: str
) -> None:
    number = 1 + int(
        con.execute(f"SELECT coalesce(max(certificate), 0) FROM {RIGHTS}.deletion").fetchall()[0][0]
    )
    first_known = _first_known(con, due)
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
    also = _delete_rows(con, [*(one.delivery_id for one in due), *correction_ids(con)])
    also += _derived(con, first_known, derived)
    append(
        con,
        "deletion_also",
        [
            {"certificate": number, "what": what, "done": done, "rows": rows}
            for what, done, rows in also
        ],
    )


def _first_known(con: duckdb.DuckDBPyConnection, due: tuple[Due, ...]) -> date | None:
    """The first day on which any row to be deleted was known; None where there is no row."""
    days = []
    for table in sorted({one.table for one in due}):
        ids = [one.delivery_id for one in due if one.table == table]
        for schema in (RAW, ASIDE):
            if _exists(con, schema, table):
                days += con.execute(
                    f"SELECT min(recorded_date) FROM {schema}.{table} WHERE delivery_id IN "
                    f"({', '.join('?' for _ in ids)})",
                    ids,
                ).fetchall()
    known: list[date] = [day for (day,) in days if day is not None]
    return min(known, default=None)


def _delete_rows(con: duckdb.DuckDBPyConnection, ids: list[str]) -> list[tuple[str, str, int]]:
    """Rows of the deliveries in every table of every open zone; the books of ``rights`` stay."""
    tables = con.execute(
        """SELECT DISTINCT c.database_name, c.schema_name, c.table_name FROM duckdb_columns() c
        JOIN duckdb_tables() t USING (database_name, schema_name, table_name)
        WHERE c.column_name = 'delivery_id' AND NOT t.temporary AND c.schema_name <> ?
        ORDER BY ALL""",
        [RIGHTS],
    ).fetchall()
    marks = ", ".join("?" for _ in ids)
    done = []
    for database, schema, table in tables:
        rows = con.execute(
            f'DELETE FROM "{database}".{schema}.{table} WHERE delivery_id IN ({marks})', ids
        ).fetchall()[0][0]
        if rows:
            done.append((f"{schema}.{table}", "rows deleted", int(rows)))
    return done


def _derived(
    con: duckdb.DuckDBPyConnection, first_known: date | None, derived: str
) -> list[tuple[str, str, int]]:
    """Month schemas that may hold something made from the deleted rows: dropped, or named.

    A month reads only what was known by its end, so months that ended before the first of the
    deleted rows was known hold nothing of them.
    """
    if first_known is None:
        return []
    from_month = f"m{first_known.year:04d}_{first_known.month:02d}"
    schemas = con.execute(
        """SELECT database_name, schema_name FROM duckdb_schemas()
        WHERE database_name NOT IN ('system', 'temp') ORDER BY ALL"""
    ).fetchall()
    done = []
    for database, schema in schemas:
        if not _MONTH_SCHEMA.fullmatch(schema) or schema < from_month:
            continue
        if derived == "delete":
            con.execute(f'DROP SCHEMA "{database}".{schema} CASCADE')
            done.append((schema, "month tables dropped", 0))
        else:
            done.append((schema, "month tables left until built again", 0))
    return sorted(set(done))


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
        if f"{manifest.table}-{manifest.sha256[:12]}" in gone:
            shutil.rmtree(folder)


def _exists(con: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    found = con.execute(
        """SELECT 1 FROM duckdb_tables() WHERE database_name = current_database()
        AND schema_name = ? AND table_name = ?""",
        [schema, table],
    ).fetchall()
    return bool(found)
