"""Writing the books of schema ``rights``; :mod:`contracts.made.rights` says what they hold."""

from __future__ import annotations

import duckdb

from contracts.errors import DeliveryRefused
from contracts.made import RIGHTS_BOOKS
from contracts.made.rights import RIGHTS

BOOKS: dict[str, dict[str, str]] = {name: dict(book.shape) for name, book in RIGHTS_BOOKS.items()}


def ensure_rights(con: duckdb.DuckDBPyConnection) -> None:
    """Make the schema ``rights`` with its books, empty where nothing was recorded."""
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {RIGHTS}")
    for name, columns in BOOKS.items():
        declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        con.execute(f"CREATE TABLE IF NOT EXISTS {RIGHTS}.{name} ({declared})")


def append(con: duckdb.DuckDBPyConnection, book: str, rows: list[dict[str, object]]) -> None:
    """Append rows to a book; each has every column of it."""
    marks = ", ".join("?" for _ in BOOKS[book])
    for row in rows:
        con.execute(
            f"INSERT INTO {RIGHTS}.{book} VALUES ({marks})", [row[name] for name in BOOKS[book]]
        )


def refuse_deleted(con: duckdb.DuckDBPyConnection, delivery_id: str, folder: str) -> None:
    """Refuse a delivery that was deleted under a certificate.

    Raises:
        DeliveryRefused: If it was; the message names the certificate.
    """
    ensure_rights(con)
    found = con.execute(
        f"SELECT max(certificate), max(deleted_on) FROM {RIGHTS}.deletion WHERE delivery_id = ?",
        [delivery_id],
    ).fetchall()
    number, day = found[0]
    if number is not None:
        raise DeliveryRefused(
            f"Delivery {folder}: the same file was deleted on {day} because it may no longer be "
            f"held (certificate {number:04d}).",
            next_step="Delete the folder. If the data may be held again, agree a new date with the "
            "sender and have a new extract sent. Nothing of this delivery was loaded.",
        )
