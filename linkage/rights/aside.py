"""Rows of a source that the place does without for now, out of the reach of every step.

``absent = true`` must not mean that linkage goes on reading what was loaded before. The rows are
moved, not copied, into a schema that nothing else reads, and moved back when the source returns.
What came in between may have ended some of them, so their history is worked out again then.
"""

from __future__ import annotations

import duckdb

from contracts.asof import RAW
from contracts.made.rights import ASIDE
from contracts.place import Place
from contracts.tables import TABLES


def set_absent_aside(con: duckdb.DuckDBPyConnection, place: Place) -> dict[str, int]:
    """Move rows of absent sources away, and those of present ones back; each table at once.

    Args:
        con: The identity zone, writable and outside a transaction, with schema ``raw``.
        place: The place.

    Returns:
        Table to the rows moved, for tables of which there were any.
    """
    con.execute(f"CREATE SCHEMA IF NOT EXISTS {ASIDE}")
    moved = {}
    for name, table in sorted(TABLES.items()):
        away = table.source in place.absent
        rows = _move(con, name, RAW, ASIDE) if away else _move(con, name, ASIDE, RAW)
        if rows:
            moved[name] = rows
    return moved


def _move(con: duckdb.DuckDBPyConnection, table: str, here: str, there: str) -> int:
    known = con.execute(
        """SELECT schema_name FROM duckdb_tables() WHERE database_name = current_database()
        AND table_name = ? AND schema_name IN (?, ?)""",
        [table, RAW, ASIDE],
    ).fetchall()
    if (here,) not in known:
        return 0
    rows = int(con.execute(f"SELECT count(*) FROM {here}.{table}").fetchall()[0][0])
    if rows == 0:
        return 0
    con.begin()
    try:
        con.execute(
            f"CREATE TABLE IF NOT EXISTS {there}.{table} AS SELECT * FROM {here}.{table} LIMIT 0"
        )
        con.execute(f"INSERT INTO {there}.{table} BY NAME SELECT * FROM {here}.{table}")
        con.execute(f"DELETE FROM {here}.{table}")
        con.execute(f"UPDATE {RAW}.delivery SET settled = false WHERE table_name = ?", [table])
    except BaseException:
        con.rollback()
        raise
    con.commit()
    return rows
