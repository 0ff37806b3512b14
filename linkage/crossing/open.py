"""Opens several zones of a place at once, for the steps that need them together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

import duckdb

from contracts.asof import RAW
from contracts.errors import DataMissing
from contracts.warehouse import Warehouse, month_schema
from contracts.zones import Zone


@contextmanager
def crossing(warehouse: Warehouse) -> Iterator[duckdb.DuckDBPyConnection]:
    """The identity zone to read, and the other two to write.

    Raises:
        DataMissing: If nothing was loaded yet.
        ZoneRefused: If somebody else is writing, or a key or seal does not hold.
    """
    together = warehouse.open_zones(Zone.IDENTITY, write=[Zone.MODELLING, Zone.AUDIT])
    with together as connection:
        yield connection


@contextmanager
def for_audit(warehouse: Warehouse, month: date) -> Iterator[duckdb.DuckDBPyConnection]:
    """Modelling and audit to read, the month's tables of both by their plain names.

    Raises:
        DataMissing: If the month has not crossed yet.
        ZoneRefused: If a key or seal does not hold.
    """
    with warehouse.open_zones(Zone.MODELLING, read=[Zone.AUDIT]) as connection:
        _look_in(connection, [(zone, month_schema(month)) for zone in (Zone.MODELLING, Zone.AUDIT)])
        yield connection


@contextmanager
def for_release(warehouse: Warehouse, month: date) -> Iterator[duckdb.DuckDBPyConnection]:
    """All three to read: what is sealed, and whom the listed households' letters go to.

    The month's tables of modelling and audit, and the books of deliveries, go by their plain names;
    identity's own are reached through :func:`linkage.crossing.contacts_sql` alone.

    Raises:
        DataMissing: If the month has not crossed yet.
        ZoneRefused: If a key or seal does not hold.
    """
    schema = month_schema(month)
    together = warehouse.open_zones(Zone.MODELLING, read=[Zone.AUDIT, Zone.IDENTITY])
    with together as connection:
        _look_in(connection, [(Zone.MODELLING, schema), (Zone.AUDIT, schema), (Zone.IDENTITY, RAW)])
        yield connection


def numbers_salt(warehouse: Warehouse, month: date) -> bytes:
    """The secret that keys are numbered under in a month; the same for every run of that month."""
    return warehouse.key().derived(f"afloat numbers {month_schema(month)}".encode())


def _look_in(con: duckdb.DuckDBPyConnection, schemas: Sequence[tuple[Zone, str]]) -> None:
    path = ",".join(f"{zone}.{schema}" for zone, schema in schemas)
    try:
        con.execute(f"SET search_path = '{path}'")
    except duckdb.CatalogException as error:
        raise DataMissing(
            "This month has not crossed from the identity zone yet.",
            next_step="Run the steps before this one first.",
        ) from error
