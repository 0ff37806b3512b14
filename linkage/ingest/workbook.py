"""Rows of an Excel worksheet as text. Formulas are never worked out: a file with one is refused.

A workbook is a zip archive, so its size is judged before anything of it is unpacked.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from contracts.errors import DeliveryRefused

MOST_BYTES = 4_000_000_000
"""Unpacked size beyond which a workbook is not opened."""
MOST_TIMES, SMALL = 100, 16_000_000
"""How many times its packed size a part may have, where it is not small anyway."""
MOST_PARTS = 2_000
_WHOLE = 1e15


class BadWorkbook(DeliveryRefused):
    """A workbook that cannot or must not be read; says where, never what stands there."""


@contextmanager
def sheet_rows(path: Path, sheet: str | int) -> Iterator[Iterator[list[str]]]:
    """The rows of one worksheet, each as wide as its last filled cell; empty where none is filled.

    Raises:
        BadWorkbook: If the file is no sound workbook, is a bomb, or holds a formula or an error.
    """
    _check_archive(path)
    import openpyxl

    # Given a name, the library goes by its ending; a sender may call the file anything.
    with path.open("rb") as stream:
        with _told("it cannot be read as an Excel workbook"):
            book = openpyxl.load_workbook(stream, read_only=True, keep_links=False)
        with closing(book):
            yield _rows(_chosen(book, sheet))


def _check_archive(path: Path) -> None:
    with _told("it is not a whole Excel workbook"):
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
        unpacked = sum(part.file_size for part in parts)
        swollen = any(
            part.file_size > SMALL and part.file_size > MOST_TIMES * max(part.compress_size, 1)
            for part in parts
        )
        names = {part.filename for part in parts}
    if len(parts) > MOST_PARTS or unpacked > MOST_BYTES or swollen:
        raise BadWorkbook(
            "it would unpack to far more than a workbook of its size holds, so it was not opened.",
            next_step=_ASK,
        )
    if "xl/workbook.xml" not in names:
        raise BadWorkbook("it is a zip archive and no Excel workbook.", next_step=_ASK)


_ASK = (
    "Ask the sender to save the sheet as a new workbook with values only, or as CSV UTF-8; nothing "
    "of this delivery was loaded."
)


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        yield
    except BadWorkbook:
        raise
    except Exception:  # noqa: BLE001 - a broken workbook makes the library raise almost anything, and its words may quote a cell
        raise BadWorkbook(f"{what}.", next_step=_ASK) from None


def _chosen(book: Any, sheet: str | int) -> Any:
    sheets = book.worksheets
    if isinstance(sheet, int):
        if sheet > len(sheets):
            told = f"it has {len(sheets)} worksheets, and number {sheet} was asked for."
            raise BadWorkbook(told, next_step=_CHOOSE)
        return sheets[sheet - 1]
    for one in sheets:
        if one.title == sheet:
            return one
    raise BadWorkbook("it has no worksheet of the name in the place's settings.", next_step=_CHOOSE)


_CHOOSE = (
    "Name the worksheet in place.toml under sources.<source>.tables.<table>.file.sheet. Nothing of "
    "this delivery was loaded."
)


def _rows(sheet: Any) -> Iterator[list[str]]:
    # A sheet may say that it is as large as a sheet can be: only cells that are there count.
    with _told("its worksheet cannot be read"):
        sheet.reset_dimensions()
        cells = sheet.iter_rows()
    number = 0
    while True:
        with _told(f"its worksheet cannot be read beyond line {number}"):
            row = next(cells, None)
            if row is None:
                return
            number += 1
            values = [_text(cell, number, at) for at, cell in enumerate(row, start=1)]
        while values and not values[-1]:
            values.pop()
        yield values


def _text(cell: Any, line: int, column: int) -> str:
    value, kind = cell.value, cell.data_type
    if value is None:
        return ""
    if kind in {"f", "e"}:
        what = "a formula" if kind == "f" else "an error of Excel's"
        told = f"line {line}, column {column} of its worksheet holds {what}, which is not a value."
        raise BadWorkbook(told, next_step=_ASK)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        day = value.date().isoformat()
        midnight = value.time().isoformat() == "00:00:00"
        return day if midnight else f"{day} {value.time().isoformat()}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    return str(value)
