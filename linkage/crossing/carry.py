"""Carries a release month from the identity zone to the other two, by the class of each column."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from contracts.asof import every_version_sql, standing_sql
from contracts.errors import DataMissing
from contracts.made import MADE, MadeTable
from contracts.made.crossed import CROSSED, Attach, Crossed, number_of
from contracts.tables import TABLES
from contracts.warehouse import month_schema
from contracts.zones import Zone
from linkage.crossing.reach import known_by_sql, reach_sql

logger = logging.getLogger(__name__)

_NEEDS = ("person_link", "dwelling", "household_member", "severed")


@dataclass(frozen=True, kw_only=True)
class CrossReport:
    """What crossed.

    Attributes:
        rows: Rows by zone and table.
    """

    rows: Mapping[Zone, Mapping[str, int]]

    def total(self, zone: Zone) -> int:
        """All rows that came to a zone."""
        return sum(self.rows[zone].values())


def cross_month(
    con: duckdb.DuckDBPyConnection,
    *,
    month: date,
    salt: bytes,
    progress: Callable[[str], None] | None = None,
) -> CrossReport:
    """Replace what the modelling and audit zones hold of a month's people, homes and events.

    Args:
        con: The three zones, as :func:`linkage.crossing.crossing` opens them.
        month: Index date; nothing that was recorded later crosses.
        salt: Secret under which keys are put in order before they are numbered.
        progress: Told of each stage.

    Raises:
        DataMissing: If people or households of this month were not made yet.
    """
    schema = month_schema(month)
    _require(con, schema)
    with _numbers(con, month, salt):
        modelling = {
            **{table.name: _copy_sql(table, schema) for table in _copied(Zone.MODELLING)},
            **{crossed.table: _crossed_sql(crossed, month) for crossed in CROSSED},
            **{attach.table: _reach_sql(attach, schema, month) for attach in Attach},
        }
        audit = {table.name: _copy_sql(table, schema) for table in _copied(Zone.AUDIT)}
        _write(con, Zone.MODELLING, schema, modelling, progress)
        _write(con, Zone.AUDIT, schema, audit, progress)
    report = CrossReport(
        rows={
            Zone.MODELLING: _counts(con, Zone.MODELLING, schema, modelling),
            Zone.AUDIT: _counts(con, Zone.AUDIT, schema, audit),
        }
    )
    logger.info(
        "crossing: %d rows to modelling, %d rows to audit",
        report.total(Zone.MODELLING),
        report.total(Zone.AUDIT),
    )
    return report


def _copied(zone: Zone) -> list[MadeTable]:
    return [table for table in MADE.values() if table.copied_to is zone]


def _require(con: duckdb.DuckDBPyConnection, schema: str) -> None:
    there = con.execute(
        "SELECT table_name FROM information_schema.tables "
        "WHERE table_catalog = ? AND table_schema = ?",
        [Zone.IDENTITY, schema],
    ).fetchall()
    needed = {*_NEEDS, *(table.name for zone in Zone for table in _copied(zone))}
    lacking = sorted(needed - {str(name) for (name,) in there})
    if lacking:
        raise DataMissing(
            f"The identity zone has no {', '.join(lacking)} in {schema}.",
            next_step="Link people and build households of this month first.",
        )


@contextmanager
def _numbers(con: duckdb.DuckDBPyConnection, month: date, salt: bytes) -> Iterator[None]:
    """Temporary tables of a number for each key, in an order that only the salt tells."""
    keys = sorted({name for crossed in CROSSED for name in crossed.numbered.values()})
    try:
        for key in keys:
            values = " UNION ALL ".join(
                f"SELECT {own} AS value FROM ({standing_sql(crossed.table)}) "
                f"WHERE recorded_date <= DATE '{month}'"
                for crossed in CROSSED
                for own, name in crossed.numbered.items()
                if name == key
            )
            con.execute(f"""
                CREATE OR REPLACE TEMP TABLE {_number_table(key)} AS
                SELECT value, row_number() OVER (ORDER BY sha256('{salt.hex()}' || value)) AS no
                FROM (SELECT DISTINCT value FROM ({values}) WHERE value IS NOT NULL)""")
        yield
    finally:
        for key in keys:
            con.execute(f"DROP TABLE IF EXISTS temp.{_number_table(key)}")


def _number_table(key: str) -> str:
    return f"number_{key}"


def _copy_sql(table: MadeTable, schema: str) -> str:
    columns = ", ".join(column.name for column in table.copied)
    return f"SELECT {columns} FROM {Zone.IDENTITY}.{schema}.{table.name}"


def _crossed_sql(crossed: Crossed, month: date) -> str:
    named = crossed.numbered
    numbers = [f"{_number_table(name)}.no AS {number_of(name)}" for name in named.values()]
    carried = [_carried(crossed, column.name) for column in crossed.carried]
    joins = " ".join(
        f"LEFT JOIN {_number_table(name)} ON {_number_table(name)}.value = v.{key}"
        for key, name in named.items()
    )
    return f"""
        SELECT {", ".join([*numbers, *carried, "v.known_from", "v.known_to"])}
        FROM ({known_by_sql(every_version_sql(crossed.table), month)}) v {joins}
        WHERE {_whole_rows(crossed)}
        ORDER BY ALL"""


def _carried(crossed: Crossed, name: str) -> str:
    codes = crossed.withheld.get(name)
    if codes is None or _never_empty(crossed, name):
        return f"v.{name}"
    return f"CASE WHEN v.{name} NOT IN {_listed(codes)} THEN v.{name} END AS {name}"


def _whole_rows(crossed: Crossed) -> str:
    """Rows of which a column that is never empty holds a code that stays behind do so too."""
    kept = [
        f"v.{name} NOT IN {_listed(codes)}"
        for name, codes in crossed.withheld.items()
        if _never_empty(crossed, name)
    ]
    return " AND ".join(kept) or "TRUE"


def _never_empty(crossed: Crossed, name: str) -> bool:
    table = TABLES[crossed.table]
    return table[name].required or name in table.key


def _listed(codes: Sequence[str]) -> str:
    return "(" + ", ".join(f"'{code}'" for code in codes) + ")"


def _reach_sql(attach: Attach, schema: str, month: date) -> str:
    return f"""
        SELECT r.household_id, r.snapshot_date, n.no AS key, r.known_from, r.known_to
        FROM ({reach_sql(attach, schema=schema, month=month)}) r
        JOIN {_number_table(attach.value)} n USING (value)
        ORDER BY r.snapshot_date, r.household_id, n.no, r.known_from, r.known_to"""


def _write(
    con: duckdb.DuckDBPyConnection,
    zone: Zone,
    schema: str,
    tables: Mapping[str, str],
    progress: Callable[[str], None] | None,
) -> None:
    """All tables of a zone or none; DuckDB writes to one catalog in a transaction."""
    con.execute("BEGIN TRANSACTION")
    try:
        con.execute(f"CREATE SCHEMA IF NOT EXISTS {zone}.{schema}")
        for name, sql in tables.items():
            con.execute(f"CREATE OR REPLACE TABLE {zone}.{schema}.{name} AS {sql}")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise
    if progress is not None:
        progress(f"Crossing: {len(tables)} tables to the {zone} zone")


def _counts(
    con: duckdb.DuckDBPyConnection, zone: Zone, schema: str, tables: Iterable[str]
) -> dict[str, int]:
    return {
        name: con.execute(f"SELECT count(*) FROM {zone}.{schema}.{name}").fetchall()[0][0]
        for name in tables
    }
