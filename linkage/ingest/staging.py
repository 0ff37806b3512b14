"""A delivered file on its way in: its typed values, with the rules that each row breaks.

They stand in temporary tables of the connection, so nothing is changed before the load's
transaction.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from contracts.columns import Column, Table
from contracts.errors import DeliveryRefused
from contracts.holders import local_ids
from contracts.manifest import Manifest
from contracts.mapping import TableMapping
from contracts.tables import TABLES
from linkage.ingest.results import EXAMPLES, Fault
from linkage.ingest.rules import Rule, key_rules, row_rules
from linkage.ingest.suite import ROW_COUNT
from linkage.ingest.text import TEXT
from linkage.ingest.typing_sql import clean_sql, literal, parse_sql, trim_sql

CHECKED, DOUBLED = "temp.landing_checked", "temp.landing_doubled"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How the columns of a staged text become those of a table.

    Attributes:
        table: Declaration.
        mapping: How the place's file differs from it.
        names: Columns of the staged text, in order.
        prefix: What keeps this controller's ids apart; empty where it is the only one.
        extract_to: As-at date of the delivery, ``YYYY-MM-DD``.
    """

    table: Table
    mapping: TableMapping
    names: tuple[str, ...]
    prefix: str
    extract_to: str

    def text(self, column: Column) -> str:
        """SQL of a column's text as it came, or as the place's settings give it."""
        native = self.mapping.native(column.name)
        if native is not None:
            return f"n{self.names.index(native)}"
        if column.name in self.mapping.constants:
            return literal(self.mapping.constants[column.name])
        dated = column.name in {"extract_date", "recorded_date"}
        return literal(self.extract_to) if dated else "CAST(NULL AS VARCHAR)"

    def how(self, column: Column) -> TableMapping:
        """How its text is written; as declared where the file does not have it."""
        return TableMapping() if self.mapping.native(column.name) is None else self.mapping

    def value(self, column: Column) -> str:
        """SQL of its typed value, kept apart where it is only unique within one controller."""
        typed = f"CAST(v_{column.name} AS {column.duckdb_type})"
        if self.prefix and column.name in local_ids(self.table.source):
            typed = f"{literal(self.prefix + ':')} || {typed}"
        return f"{typed} AS {column.name}"


@contextmanager
def cleared(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Take the temporary tables away afterwards, whatever happened."""
    try:
        yield
    finally:
        for name in (TEXT, CHECKED, DOUBLED):
            con.execute(f"DROP TABLE IF EXISTS {name}")


def stage_checked(con: duckdb.DuckDBPyConnection, reading: Reading) -> None:
    """Type every row and note the rules that it breaks; then find keys that come again."""
    table = reading.table
    trim = ", ".join(f"{trim_sql(reading.text(column))} AS s_{column.name}" for column in table)
    clean = ", ".join(
        f"{clean_sql(column, f's_{column.name}', reading.how(column))} AS t_{column.name}"
        for column in table
    )
    parse = ", ".join(
        f"{parse_sql(column, f't_{column.name}', reading.how(column))} AS v_{column.name}"
        for column in table
    )
    values = ", ".join(reading.value(column) for column in table)
    rules = row_rules(table.name)
    broken = ", ".join(
        f"coalesce({rule.bad}, false) AS r{number}" for number, rule in enumerate(rules)
    )
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {CHECKED} AS
        WITH trimmed AS (SELECT rowid + 1 AS row_number, {trim} FROM {TEXT}),
        cleaned AS (SELECT row_number, {clean} FROM trimmed),
        parsed AS (SELECT *, {parse} FROM cleaned),
        ruled AS (SELECT row_number, {values}, {broken} FROM parsed)
        SELECT *, {_any_broken(rules)} AS broken FROM ruled"""
    )
    _stage_doubled(con, table)


def refuse_barred(con: duckdb.DuckDBPyConnection, table: Table, where: str) -> None:
    """Refuse a file with rows that no place may hold: they do not go to quarantine either.

    Raises:
        DeliveryRefused: If there are such rows; it counts them.
    """
    for column in table:
        if not column.barred:
            continue
        listed = ", ".join(literal(code) for code in sorted(column.barred))
        found = con.execute(
            f"SELECT count(*) FROM {CHECKED} WHERE {column.name} IN ({listed})"
        ).fetchall()
        if rows := int(found[0][0]):
            why = "; ".join(f"{code}: {says}" for code, says in sorted(column.barred.items()))
            raise DeliveryRefused(
                f"{where}: {rows:,} rows have a {column.name} that no place may hold ({why}).",
                next_step="Ask the sender to leave these rows out and send the file and its "
                "manifest again, and delete this file. Nothing of it was loaded or kept.",
            )


def _any_broken(rules: tuple[Rule, ...]) -> str:
    return " OR ".join(f"r{number}" for number in range(len(rules)))


def _stage_doubled(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Sound rows that share key, recorded date and extract date with another.

    Where all of them agree the first is kept; where they disagree nobody can say which is right,
    and none is.
    """
    key = ", ".join((*table.key, "recorded_date", "extract_date"))
    same = ", ".join(column.name for column in table.business)
    repeated, conflict = (rule.name for rule in key_rules(table.name))
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE {DOUBLED} AS
        WITH sound AS (SELECT * FROM {CHECKED} WHERE NOT broken),
        again AS (SELECT {key} FROM sound GROUP BY ALL HAVING count(*) > 1),
        copies AS (
            SELECT {key}, row_number, CAST(row({same}) AS VARCHAR) AS content
            FROM sound SEMI JOIN again USING ({key})),
        sets AS (
            SELECT {key}, min(row_number) AS first_row, count(DISTINCT content) AS contents,
                   list(row_number ORDER BY row_number)[1:{EXAMPLES}] AS members
            FROM copies GROUP BY {key})
        SELECT row_number,
               CASE WHEN contents = 1 THEN '{repeated}' ELSE '{conflict}' END AS rule,
               CASE WHEN contents = 1 THEN 'repeats row ' || first_row
                    ELSE 'is on rows ' || array_to_string(members, ', ')
                         || ' with different values' END AS reason
        FROM copies JOIN sets USING ({key})
        WHERE contents > 1 OR row_number <> first_row"""
    )


def profile(con: duckdb.DuckDBPyConnection, table: str, manifest: Manifest) -> dict[str, int]:
    """How many rows break each rule: rule key to count, from one scan."""
    counts = [
        f"count(*) FILTER (WHERE r{number}) AS {rule.key}"
        for number, rule in enumerate(row_rules(table))
    ]
    counts += [
        f"(SELECT count(*) FROM {DOUBLED} WHERE rule = '{rule.name}') AS {rule.key}"
        for rule in key_rules(table)
    ]
    counts.append(f"abs(count(*) - {manifest.row_count}) AS {ROW_COUNT.key}")
    cursor = con.execute(f"SELECT {', '.join(counts)} FROM {CHECKED}")
    names = [entry[0] for entry in cursor.description or ()]
    return dict(zip(names, cursor.fetchall()[0], strict=True))


def faults(con: duckdb.DuckDBPyConnection, table: str, counts: dict[str, int]) -> tuple[Fault, ...]:
    """Every rule that rows break, with the numbers of the first of them."""
    chosen = [
        (rule, f"SELECT row_number FROM {CHECKED} WHERE r{number}")
        for number, rule in enumerate(row_rules(table))
    ]
    chosen += [
        (rule, f"SELECT row_number FROM {DOUBLED} WHERE rule = '{rule.name}'")
        for rule in key_rules(table)
    ]
    return tuple(
        Fault(
            rule=rule.name,
            column=rule.column,
            reason=rule.reason,
            rows=counts[rule.key],
            examples=_first_rows(con, query),
        )
        for rule, query in chosen
        if counts[rule.key]
    )


def quarantined_count(con: duckdb.DuckDBPyConnection) -> int:
    """Rows that break any rule."""
    found = con.execute(
        f"SELECT (SELECT count(*) FROM {CHECKED} WHERE broken) + (SELECT count(*) FROM {DOUBLED})"
    ).fetchall()
    return int(found[0][0])


def sound_rows_sql(table: str) -> str:
    """A ``SELECT`` of the rows to load, in file order, with their row numbers last."""
    names = ", ".join(TABLES[table].names)
    return f"""SELECT {names}, row_number FROM {CHECKED} ANTI JOIN {DOUBLED} USING (row_number)
        WHERE NOT broken ORDER BY row_number"""


def bad_rows_sql(table: str, names: tuple[str, ...]) -> str:
    """A ``SELECT`` of the rows for quarantine: number, column, reason, and the text as it came."""
    rules = row_rules(table)
    columns = ", ".join(
        f"CASE WHEN r{at} THEN '{rule.column}' END" for at, rule in enumerate(rules)
    )
    reasons = ", ".join(
        f"CASE WHEN r{at} THEN {literal(f'{rule.column} {rule.reason}')} END"
        for at, rule in enumerate(rules)
    )
    key = key_rules(table)[0].column
    text = ", ".join(f"{literal(name)}, coalesce(n{at}, '')" for at, name in enumerate(names))
    return f"""SELECT checked.row_number,
            concat_ws(', ', {columns}, CASE WHEN doubled.rule IS NOT NULL THEN '{key}' END),
            concat_ws('; ', {reasons}, '{key} ' || doubled.reason),
            CAST(json_object({text}) AS VARCHAR)
        FROM {CHECKED} AS checked
        JOIN {TEXT} AS original ON original.rowid + 1 = checked.row_number
        LEFT JOIN {DOUBLED} AS doubled ON doubled.row_number = checked.row_number
        WHERE checked.broken OR doubled.rule IS NOT NULL ORDER BY checked.row_number"""


def _first_rows(con: duckdb.DuckDBPyConnection, query: str) -> tuple[int, ...]:
    rows = con.execute(f"{query} ORDER BY row_number LIMIT {EXAMPLES}").fetchall()
    return tuple(int(row[0]) for row in rows)
