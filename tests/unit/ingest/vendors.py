"""The same rows in the ways in which vendors' systems write files."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl

from contracts.mapping import TableMapping
from contracts.place import Place
from contracts.tables import TABLES
from tests.unit.ingest.deliveries import Row


def mapped(place: Place, table: str, **settings: Any) -> Place:
    """The place with these settings for a table of a source with one controller."""
    source = place.sources[TABLES[table].source]
    tables = {**source.tables, table: TableMapping.model_validate(settings)}
    changed = source.model_copy(update={"tables": tables})
    return place.model_copy(update={"sources": {**place.sources, TABLES[table].source: changed}})


def native_rows(place: Place, table: str, rows: list[Row]) -> tuple[list[str], list[list[str]]]:
    """Header and rows with the place's column names, without those that its file lacks."""
    mapping = place.mapping(table)
    names = [name for name in TABLES[table].names if mapping.native(name) is not None]
    header = [str(mapping.native(name)) for name in names]
    return header, [[row[name] for name in names] for row in rows]


def text_of(lines: Iterable[list[str]], encoding: str = "utf-8", **how: Any) -> bytes:
    """CSV text in an encoding."""
    stream = io.StringIO()
    csv.writer(stream, **{"lineterminator": "\r\n", **how}).writerows(lines)
    return stream.getvalue().encode(encoding)


def workbook_of(lines: Iterable[Iterable[Any]], *, sheets: tuple[str, ...] = ("Data",)) -> bytes:
    """An Excel workbook with these lines on its last sheet."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        sheet = book.create_sheet(name)
    for line in lines:
        sheet.append(list(line))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def fixed_of(lines: Iterable[list[str]], width: int = 24) -> bytes:
    """Lines of fixed width."""
    return "".join(
        "".join(value.ljust(width) for value in line) + "\r\n" for line in lines
    ).encode()


def as_cell(text: str) -> Any:
    """A text as somebody types it into a sheet: days and amounts become what Excel has."""
    for read in (int, float, date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return {"true": True, "false": False, "": None}.get(text, text)


def serial(day: str) -> str:
    """A day as a spreadsheet counts it."""
    return str((date.fromisoformat(day) - date(1899, 12, 30)).days)


def write_parts(folder: Path, parts: dict[str, bytes]) -> str:
    """Write files; returns the SHA-256 of their ``sha256sum`` lines."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for name, content in sorted(parts.items()):
        (folder / name).write_bytes(content)
        lines.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
    return hashlib.sha256("".join(lines).encode()).hexdigest()
