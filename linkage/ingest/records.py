"""Rows of a file as lists of texts, one after the other, however the file is written.

The quick way of reading (DuckDB's own) takes plain CSV and Parquet; everything else, and every file
that it gave up on, is read here.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Literal

from contracts.mapping import FileStyle
from linkage.ingest.header import Header
from linkage.ingest.workbook import sheet_rows

LONGEST_ROW = 1_000_000
"""Characters in one row beyond which something is wrong with it."""

csv.field_size_limit(LONGEST_ROW)


class UnreadableRow(Exception):
    """A row that cannot be told apart from others.

    Args:
        fault: What is wrong, to follow ``row <number>``.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a careful reading of a file's rows found.

    Attributes:
        rows: Whole rows.
        fault: What is wrong with the first row that is not whole; empty where all are.
    """

    rows: int
    fault: str = ""


@dataclass(kw_only=True)
class Records:
    """An open file: the names of its columns, then its rows.

    Attributes:
        names: Column names as they stand in the file, or as the place gives them.
        rows: Its rows of data; raises :class:`UnreadableRow`.
    """

    names: list[str]
    rows: Iterator[list[str]]


@contextmanager
def open_lines(path: Path, style: FileStyle) -> Iterator[Iterator[list[str]]]:
    """Every line or row of a file, its header and empty ones among them."""
    if style.format == "xlsx":
        with sheet_rows(path, style.sheet) as lines:
            yield lines
    else:
        with _text(path, style) as stream:
            yield _fixed(stream, style) if style.format == "fixed" else _values(stream, style)


@contextmanager
def open_records(path: Path, style: FileStyle) -> Iterator[Records]:
    """Open a file for one reading.

    Raises:
        UnreadableRow: If its header cannot be read.
    """
    with open_lines(path, style) as lines:
        if style.format == "fixed":
            yield Records(names=list(style.positions), rows=_trimmed(lines, style))
            return
        found = _parted(lines, style)
        if style.format == "xlsx":
            # A worksheet keeps no empty cells: its rows end where they like.
            padded = (row + [""] * (len(found.names) - len(row)) for row in found.rows)
            found = Records(names=found.names, rows=padded)
        yield found


@contextmanager
def _text(path: Path, style: FileStyle) -> Iterator[TextIOWrapper]:
    encoding = "utf-8-sig" if style.encoding == "utf-8" else style.encoding
    with path.open(encoding=encoding, newline="") as stream:
        yield stream


def _parted(lines: Iterator[list[str]], style: FileStyle) -> Records:
    """Lines parted into what stands before the header, the header, and data."""
    before = max(style.header_row - 1, 0)
    for _ in range(before):
        next(lines, None)
    names = list(style.names) if style.header_row == 0 else next(lines, [])
    if names and names[0].startswith("\ufeff"):
        names[0] = names[0].removeprefix("\ufeff")
    return Records(names=names, rows=_trimmed(lines, style))


def _trimmed(lines: Iterator[list[str]], style: FileStyle) -> Iterator[list[str]]:
    """Rows of data: empty ones left out, and those between header and data, and the footer."""
    filled = (line for line in lines if line)
    waiting: deque[list[str]] = deque()
    for line in islice(filled, style.skip_rows, None):
        waiting.append(line)
        if len(waiting) > style.footer_rows:
            yield waiting.popleft()


def _values(stream: TextIOWrapper, style: FileStyle) -> Iterator[list[str]]:
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if style.quote else csv.QUOTE_NONE
    reader = csv.reader(
        stream,
        delimiter=style.delimiter,
        quotechar=style.quote or None,
        quoting=quoting,
        doublequote=style.escape == "doubled",
        escapechar="\\" if style.escape == "backslash" else None,
        strict=True,
    )
    while True:
        try:
            line = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableRow(_csv_fault(str(error))) from None
        yield line


def _csv_fault(said: str) -> str:
    if "expected after" in said:
        return "has text after a closing quotation mark"
    if "field limit" in said:
        return f"has a value of more than {LONGEST_ROW:,} characters"
    if "new-line character" in said:
        return "has a line end of an unusual kind"
    return "opens a quotation mark that is never closed"


def _fixed(stream: TextIOWrapper, style: FileStyle) -> Iterator[list[str]]:
    spans = [(first - 1, last) for first, last in style.positions.values()]
    needed = max(first for first, _ in spans) + 1
    for line in _lines(stream):
        if not line:
            continue
        if len(line) > LONGEST_ROW:
            raise UnreadableRow(f"has more than {LONGEST_ROW:,} characters")
        if len(line) < needed:
            raise UnreadableRow(
                f"has {len(line)} characters where the last column begins at {needed}"
            )
        yield [line[first:last] for first, last in spans]


def _lines(stream: TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(LONGEST_ROW + 2):
        yield line.rstrip("\r\n\x1a")


def measure(path: Path, style: FileStyle, header: Header) -> Shape:
    """Read every row carefully, to say which is the first that is not whole, and why."""
    rows = 0
    try:
        with open_records(path, style) as records:
            for row in records.rows:
                fault = row_fault(row, header)
                if fault:
                    return Shape(rows=rows, fault=f"row {rows + 1} {fault}")
                rows += 1
    except UnreadableRow as unreadable:
        return Shape(rows=rows, fault=f"row {rows + 1} {unreadable.fault}")
    return Shape(rows=rows)


def row_fault(row: list[str], header: Header) -> str:
    """What is wrong with the shape of a row; empty where it is whole."""
    if len(row) < header.width or any(row[header.width :]):
        return f"has {len(row)} values where the header has {header.width}"
    return "" if sum(map(len, row)) <= LONGEST_ROW else f"has more than {LONGEST_ROW:,} characters"
