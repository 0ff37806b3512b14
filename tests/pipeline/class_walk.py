"""Walks every table and file that a run leaves: the class of each column, and every value.

The true identifiers of a place are read from its identity zone and looked for everywhere else. A
text is read as words; an identifier is found where its words follow one another, whatever stands
between them. Single names are looked for as whole cells alone: "May" is a month in a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from contracts.asof import RAW
from contracts.columns import Column
from contracts.made.rights import ASIDE, RIGHTS
from contracts.sealed import MAGIC
from contracts.tables import TABLES
from contracts.workspace import Workspace
from contracts.zones import Zone, codes_withheld, may_lie
from pipelines.inventory import MONTH, tables_of

WORD = re.compile(rb"[0-9A-Za-z]+")
LONGEST = 4
"""Words of an identifier that are looked for; a longer one is known by its first."""

LARGE = 10**9
"""A whole number below this may be a count or a day as well."""

OLD = 2010
"""Days of birth before this year: no other date of a run lies there."""

# Where identifiers may lie, and why. Everything else that a run leaves is searched.
ALLOWED: Mapping[str, str] = {
    "landing": "what was delivered, as it came",
    "truth": "sealed truth of an invented place, which no step can read",
    "outbox": "approved lists for the workers who make the offers",
}


def columns_of(zone: Zone, schema: str, table: str) -> dict[str, Column] | None:
    """The declared columns of a table where it lies; None where it is not declared there."""
    declared = tables_of(zone).get((schema if schema in (RAW, ASIDE, RIGHTS) else MONTH, table))
    return None if declared is None else {column.name: column for column in declared}


def class_faults(con: duckdb.DuckDBPyConnection, zone: Zone) -> list[str]:
    """Every table that is not declared in a zone, and column that is not, or may not lie there."""
    found: list[str] = []
    tables = con.execute(
        "SELECT schema_name, table_name, list(column_name) FROM duckdb_columns() "
        "WHERE database_name = ? AND NOT internal GROUP BY ALL ORDER BY ALL",
        [zone],
    ).fetchall()
    for schema, table, names in tables:
        declared = columns_of(zone, schema, table)
        if declared is None:
            found.append(f"{zone}: {schema}.{table} is not declared there")
            continue
        if set(names) != set(declared):
            differ = sorted(set(names) ^ set(declared))
            found.append(f"{zone}: {schema}.{table} is not as declared: {differ}")
        found += [
            f"{zone}: {schema}.{table}.{column.name} is of class {column.cls}"
            for column in declared.values()
            if not may_lie(column, zone)
        ]
        found += _code_faults(con, zone, f"{schema}.{table}", declared.values())
    return found


def _code_faults(
    con: duckdb.DuckDBPyConnection, zone: Zone, table: str, columns: Iterable[Column]
) -> Iterator[str]:
    for column in columns:
        for code in codes_withheld(column, zone):
            if con.execute(
                f"SELECT count(*) FROM {table} WHERE {column.name} = ?", [code]
            ).fetchall() != [(0,)]:
                yield f"{zone}: {table}.{column.name} holds a code that stays behind"


@dataclass
class Identifiers:
    """The true identifiers of a place.

    Attributes:
        words: Each as the words that are looked for in texts.
        cells: Each as a whole cell.
        numbers: Large whole numbers.
    """

    words: set[tuple[bytes, ...]] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)

    def add(self, value: object) -> None:
        """One identifier, as text, number or day."""
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, int):
            if value >= LARGE:
                self.numbers.add(value)
                self.add(str(value))
        elif isinstance(value, date):
            if value.year < OLD:
                self.add(value.isoformat())
                self.add(f"{value:%d/%m/%Y}")
        elif isinstance(value, str) and len(value) >= 3:
            self.cells.add(value.upper())
            words = words_in(value.encode())
            if _telling(words):
                self.words.add(tuple(words[:LONGEST]))

    def add_name(self, *parts: str | None) -> None:
        """A person's name in both orders."""
        given = [part for part in parts if part]
        if len(given) > 1:
            self.add(" ".join(given))
            self.add(" ".join(reversed(given)))

    def in_text(self, content: bytes) -> int:
        """How many places of a text hold an identifier."""
        found, words = 0, words_in(content)
        for at in range(len(words)):
            found += any(
                tuple(words[at : at + length]) in self.words for length in range(1, LONGEST + 1)
            )
        return found

    def in_cells(self, values: Iterable[Any]) -> int:
        """How many different cells are, or hold, an identifier."""
        found = 0
        for value in set(values):
            if isinstance(value, str):
                found += value.upper() in self.cells or bool(self.in_text(value.encode()))
            elif isinstance(value, int) and not isinstance(value, bool):
                found += value in self.numbers
        return found


def words_in(content: bytes) -> list[bytes]:
    """Words and numbers of a text, in capitals."""
    return [word.upper() for word in WORD.findall(content)]


def _telling(words: list[bytes]) -> bool:
    """Long enough to be nothing else: two names, or a word of a key, a hash, an address."""
    text = b"".join(words)
    has_digit = any(48 <= byte <= 57 for byte in text)
    if len(words) == 1:
        return len(text) >= 6 and has_digit
    return len(text) >= 6 and (has_digit or len(words) == 2)


def identifiers(con: duckdb.DuckDBPyConnection) -> Identifiers:
    """Every value of class I in an identity zone, and every name as it would be written."""
    found = Identifiers()
    tables = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary ORDER BY ALL"
    ).fetchall()
    for schema, table in tables:
        declared = columns_of(Zone.IDENTITY, schema, table) or {}
        for column in declared.values():
            # A quarantined row is made of values of the table that it was meant for; a person's
            # title is no identifier, and a property's own number is a count.
            if column.cls != "I" or column.name in {"row_json", "title", "paon", "town"}:
                continue
            query = f"SELECT DISTINCT {column.name} FROM {schema}.{table}"
            for (value,) in con.execute(query).fetchall():
                found.add(value)
        if {"first_name", "last_name"} <= set(declared):
            query = f"SELECT DISTINCT first_name, last_name FROM {schema}.{table}"
            for first, last in con.execute(query).fetchall():
                found.add_name(first, last)
    _leave_what_is_said_anyway(con, found)
    return found


def _leave_what_is_said_anyway(con: duckdb.DuckDBPyConnection, found: Identifiers) -> None:
    """A family called White shares its name with a code, a birthday a day with an extract."""
    found.cells -= {
        code.upper() for table in TABLES.values() for column in table for code in column.codes or ()
    }
    for column in ("extract_from", "extract_to"):
        days = Identifiers()
        for (day,) in con.execute(f"SELECT DISTINCT {column} FROM {RAW}.delivery").fetchall():
            days.add(day)
        found.words -= days.words


def cell_faults(con: duckdb.DuckDBPyConnection, zone: Zone, wanted: Identifiers) -> list[str]:
    """Columns of a zone in which an identifier stands."""
    found = []
    columns = con.execute(
        "SELECT schema_name, table_name, column_name FROM duckdb_columns() "
        "WHERE database_name = ? AND NOT internal AND data_type IN ('VARCHAR', 'BIGINT') "
        "ORDER BY ALL",
        [zone],
    ).fetchall()
    for schema, table, column in columns:
        query = f'SELECT DISTINCT "{column}" FROM {schema}.{table}'
        count = wanted.in_cells(value for (value,) in con.execute(query).fetchall())
        if count:
            found.append(f"{zone}: {schema}.{table}.{column}: {count} values")
    return found


def left_files(workspace: Workspace, *others: Path) -> Iterator[Path]:
    """Every file that a run leaves, but those in which identifiers may lie."""
    for root in (workspace.home, *others):
        for path in sorted(root.rglob("*")):
            inside = path.relative_to(root).parts
            exempt = root == workspace.home and inside[0] in ALLOWED
            if path.is_file() and not exempt:
                yield path


def file_faults(paths: Iterable[Path], wanted: Identifiers) -> list[str]:
    """Files in which an identifier stands, in their content or their name."""
    found = []
    for path in paths:
        count = wanted.in_text(path.name.encode())
        if path.suffix == ".parquet":
            frame = pl.read_parquet(path)
            count += sum(wanted.in_cells(frame[name].unique().to_list()) for name in frame.columns)
        else:
            content = path.read_bytes()
            # What is under a seal cannot be read; that it is whole is tested with the seal.
            count += 0 if content.startswith(MAGIC) else wanted.in_text(content)
        if count:
            found.append(f"{path.name}: {count} places")
    return found
