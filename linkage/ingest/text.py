"""A delivery's files as one table of text, row by row in file order, before anything is typed."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import duckdb

from contracts.columns import Table
from contracts.errors import DeliveryRefused
from contracts.mapping import FileStyle, TableMapping
from linkage.ingest.files import ASK_AGAIN
from linkage.ingest.header import Header, expected_names, lay_out
from linkage.ingest.records import (
    LONGEST_ROW,
    UnreadableRow,
    measure,
    open_records,
    row_fault,
)
from linkage.ingest.typing_sql import literal
from linkage.ingest.workbook import BadWorkbook

TEXT = "temp.landing_text"
"""Columns ``n0``, ``n1`` and so on, in the order of ``expected_names``; ``rowid`` is the order."""
_PARTS = 20_000


def read_header(path: Path, table: Table, mapping: TableMapping, where: str) -> Header:
    """Where the columns of a file lie.

    Raises:
        DeliveryRefused: If the header is not as agreed, or the file cannot be read at all.
    """
    names, first = _first_two(path, mapping.file, where)
    return lay_out(names, first, table, mapping, where)


def _first_two(path: Path, style: FileStyle, where: str) -> tuple[list[str], list[str]]:
    if style.format == "parquet":
        return _parquet_names(path, where), []
    names: list[str] = []
    try:
        with open_records(path, style) as records:
            names = records.names
            return names, next(islice(records.rows, 1), [])
    except UnreadableRow:
        # The row is found again, and told of, when all rows are read.
        return names, []
    except BadWorkbook as bad:
        raise DeliveryRefused(f"{where}: {bad.what}", next_step=bad.next_step) from None


def _parquet_names(path: Path, where: str) -> list[str]:
    con = duckdb.connect()
    try:
        found = con.execute(f"DESCRIBE SELECT * FROM read_parquet({_sql_path(path)})").fetchall()
    except duckdb.Error:
        raise _bad_parquet(where) from None
    finally:
        con.close()
    nested = [
        str(at)
        for at, row in enumerate(found, start=1)
        if row[1].endswith(("]", ")")) and not row[1].startswith("DECIMAL")
    ]
    if nested:
        raise DeliveryRefused(
            f"{where}: columns {', '.join(nested)} hold lists or records, not single values.",
            next_step=ASK_AGAIN,
        )
    return [row[0] for row in found]


def _bad_parquet(where: str) -> DeliveryRefused:
    return DeliveryRefused(f"{where}: it cannot be read as Parquet.", next_step=ASK_AGAIN)


def stage_text(
    con: duckdb.DuckDBPyConnection,
    paths: list[Path],
    table: Table,
    mapping: TableMapping,
    where: str,
) -> tuple[list[int], tuple[str, ...]]:
    """Read every row of the files as text, one file after the other.

    Args:
        con: The warehouse.
        paths: The files, in order.
        table: Declaration.
        mapping: How the place's files differ from it.
        where: Delivery and file, to begin a message.

    Returns:
        How many rows each file has, and columns that were not read because the place's settings
        say nothing of them.

    Raises:
        DeliveryRefused: If a header is not as agreed, or a row is not whole.
    """
    names = expected_names(table, mapping)
    columns = ", ".join(f"n{at} VARCHAR" for at in range(len(names)))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {TEXT} ({columns}, spill VARCHAR)")
    counts: list[int] = []
    unread: dict[str, None] = {}
    for path in paths:
        told = where if len(paths) == 1 else f"{where} ({path.name})"
        header = read_header(path, table, mapping, told)
        unread |= dict.fromkeys(header.unread)
        before = _count(con)
        fault = _stage(con, path, mapping.file, header, told)
        if fault:
            raise DeliveryRefused(f"{told}: {fault}.", next_step=ASK_AGAIN)
        counts.append(_count(con) - before)
        _refuse_unnamed_values(con, before, told)
    return counts, tuple(unread)


def _stage(
    con: duckdb.DuckDBPyConnection, path: Path, style: FileStyle, header: Header, where: str
) -> str:
    """Read one file; returns what is wrong with its first row that is not whole."""
    if style.format == "parquet":
        _insert_parquet(con, path, header, where)
        return ""
    if style.plain and _insert_csv(con, path, style, header):
        return ""
    if style.plain:
        # The quick reader gives up on mixed line ends, too, which are no fault.
        shape = measure(path, style, header)
        if shape.fault:
            return shape.fault
    return _insert_rows(con, path, style, header, where)


def _insert_csv(
    con: duckdb.DuckDBPyConnection, path: Path, style: FileStyle, header: Header
) -> bool:
    columns = ", ".join(f"'f{at}': 'VARCHAR'" for at in range(header.width))
    escape = style.quote if style.escape == "doubled" else "\\"
    unnamed = ", ".join(f"f{at}" for at in range(header.named, header.width))
    spill = f"nullif(trim(concat({unnamed})), '')" if unnamed else "NULL"
    chosen = ", ".join(f"f{at}" for at in header.positions.values())
    # An error of DuckDB quotes the row that it could not read, so it is never shown or chained.
    try:
        con.execute(
            f"""INSERT INTO {TEXT} SELECT {chosen}, {spill} FROM read_csv(
                {_sql_path(path)}, auto_detect = false, header = true,
                delim = {literal(style.delimiter)}, quote = {literal(style.quote)},
                escape = {literal(escape)}, strict_mode = true, null_padding = false,
                max_line_size = {LONGEST_ROW}, columns = {{{columns}}})"""
        )
    except duckdb.InvalidInputException:
        return False
    return True


def _insert_parquet(con: duckdb.DuckDBPyConnection, path: Path, header: Header, where: str) -> None:
    chosen = ", ".join(f'CAST("{name}" AS VARCHAR)' for name in _quoted(header.positions))
    try:
        con.execute(
            f"INSERT INTO {TEXT} SELECT {chosen}, NULL FROM read_parquet({_sql_path(path)})"
        )
    except duckdb.Error:
        raise _bad_parquet(where) from None


def _quoted(names: dict[str, int]) -> Iterator[str]:
    return (name.replace('"', '""') for name in names)


def _insert_rows(
    con: duckdb.DuckDBPyConnection, path: Path, style: FileStyle, header: Header, where: str
) -> str:
    import pyarrow as pa

    at = list(header.positions.values())
    done = 0
    fault = ""

    def whole(rows: Iterator[list[str]]) -> Iterator[list[str]]:
        nonlocal fault, done
        for row in rows:
            fault = row_fault(row, header)
            if fault:
                return
            done += 1
            spill = "".join(row[header.named : header.width]).strip()
            yield [*(row[position] for position in at), spill]

    try:
        with open_records(path, style) as records:
            rows = whole(records.rows)
            while part := list(islice(rows, _PARTS)):
                fields = [f"n{number}" for number in range(len(at))] + ["spill"]
                arrays = [pa.array(column, pa.string()) for column in zip(*part, strict=True)]
                con.register("rows_to_stage", pa.table(arrays, names=fields))
                con.execute(
                    f"INSERT INTO {TEXT} SELECT * REPLACE (nullif(spill, '') AS spill) "
                    "FROM rows_to_stage"
                )
                con.unregister("rows_to_stage")
    except UnreadableRow as unreadable:
        fault = unreadable.fault
    except BadWorkbook as bad:
        raise DeliveryRefused(f"{where}: {bad.what}", next_step=bad.next_step) from None
    return f"row {done + 1} {fault}" if fault else ""


def _refuse_unnamed_values(con: duckdb.DuckDBPyConnection, before: int, where: str) -> None:
    found = con.execute(
        f"SELECT min(rowid) + 1 FROM {TEXT} WHERE spill IS NOT NULL AND rowid >= {before}"
    ).fetchall()
    if found[0][0] is not None:
        raise DeliveryRefused(
            f"{where}: a column without a name, after the last one, holds values (first in row "
            f"{found[0][0] - before}).",
            next_step=ASK_AGAIN,
        )


def _sql_path(path: Path) -> str:
    return literal(glob.escape(str(path)))


def _count(con: duckdb.DuckDBPyConnection) -> int:
    return int(con.execute(f"SELECT count(*) FROM {TEXT}").fetchall()[0][0])
