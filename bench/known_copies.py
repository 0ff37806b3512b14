"""What is known of a place laid beside itself many times, as the modelling zone holds it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb

from contracts.made.crossed import CROSSED, Attach, number_of
from contracts.months import add_months
from contracts.warehouse import month_schema

# Farther apart than the numbers of one place.
_APART = 10_000_000


def lay_known_copies(
    one: duckdb.DuckDBPyConnection, many: Path, *, month: date, month_ends: int, people: int
) -> None:
    """Write as many copies of a place as make up a number of people into a new file.

    Every copy has households, accounts and patients of its own. A table ``sizes`` says how much
    there is of it.

    Args:
        one: Modelling zone of a place that has crossed.
        many: The file.
        month: Release month.
        month_ends: How many month ends of households are kept, up to the release month.
        people: How many people the copies have at the release month, at least.
    """
    schema = month_schema(month)
    first = add_months(month, 1 - month_ends)
    ((living, households),) = one.execute(
        f"SELECT sum(size), count(*) FROM {schema}.household_snapshot WHERE snapshot_date = ?",
        [month],
    ).fetchall()
    copies = -(-people // int(living))
    tables = {
        crossed.table: tuple(map(number_of, crossed.numbered.values())) for crossed in CROSSED
    }
    tables |= {attach.table: ("household_id", "key") for attach in Attach}
    tables |= {"household_snapshot": ("household_id",), "household_event": ("household_id",)}
    with duckdb.connect(str(many)) as con:
        con.execute(f"CREATE SCHEMA {schema}")
        _lay_others(one, con, schema, set(tables))
        rows = {
            table: _lay(one, con, f"{schema}.{table}", numbers, copies=copies, first=first)
            for table, numbers in tables.items()
        }
        sizes = {
            "people": int(living) * copies,
            "households": int(households) * copies,
            "rows": rows["household_snapshot"],
            "events": sum(rows[crossed.table] for crossed in CROSSED),
        }
        con.execute("CREATE TABLE sizes AS SELECT ? AS told", [json.dumps(sizes)])


def _lay_others(
    one: duckdb.DuckDBPyConnection, con: duckdb.DuckDBPyConnection, schema: str, done: set[str]
) -> None:
    """Tables that are only looked for, and that no feature reads: empty."""
    found = one.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() "
        "AND schema_name = ?",
        [schema],
    ).fetchall()
    for (table,) in found:
        if table not in done:
            con.register("given", one.sql(f"FROM {schema}.{table} LIMIT 0").to_arrow_table())
            con.execute(f"CREATE TABLE {schema}.{table} AS FROM given")
            con.unregister("given")


def _lay(
    one: duckdb.DuckDBPyConnection,
    con: duckdb.DuckDBPyConnection,
    table: str,
    numbers: tuple[str, ...],
    *,
    copies: int,
    first: date,
) -> int:
    dated = "snapshot_date" in [c for c, *_ in one.execute(f"DESCRIBE {table}").fetchall()]
    where = f"WHERE snapshot_date >= DATE '{first}'" if dated else ""
    con.register("given", one.sql(f"FROM {table} {where}").to_arrow_table())
    con.execute(f"CREATE TABLE {table} AS FROM given LIMIT 0")
    # One after another, so that every table stays in the order of its number.
    for i in range(copies if numbers else 1):
        moved = ", ".join(f"{number} + {i * _APART} AS {number}" for number in numbers)
        con.execute(
            f"INSERT INTO {table} SELECT * {f'REPLACE ({moved})' if moved else ''} FROM given"
        )
    con.unregister("given")
    ((rows,),) = con.execute(f"SELECT count(*) FROM {table}").fetchall()
    return int(rows)
