"""Checks on a delivered file before a row of it is read: its bytes, encoding, header and shape.

Messages name the file, columns and row numbers. They never quote the file: a header that is not one
may hold somebody's name, so unknown names are shown only beside enough that are known.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from contracts.errors import DeliveryRefused

_CHUNK = 1 << 22
_COLUMN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_ .()/-]{0,59}")
_SIGNS = {b"PK\x03\x04": "an Excel workbook or zip archive", b"\x1f\x8b": "a compressed file"}
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ASK_AGAIN = "Ask the sender to export it again; nothing of this delivery was loaded."
ASK_UTF8 = 'Ask the sender to save it as "CSV UTF-8"; nothing of this delivery was loaded.'


@dataclass(frozen=True, kw_only=True)
class Header:
    """The first line of a file.

    Attributes:
        positions: Column name in the file to its position, counted from 0.
        width: How many values each row has, nameless columns at the end included.
    """

    positions: dict[str, int]
    width: int


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a careful reading of a file's rows found.

    Attributes:
        rows: Whole rows.
        fault: What is wrong with the first row that is not whole; empty where all are.
    """

    rows: int
    fault: str = ""


def fingerprint(path: Path, where: str) -> str:
    """SHA-256 of the file, which must be UTF-8 text; both from one reading.

    Args:
        path: The file.
        where: Delivery and file, to begin a message.

    Raises:
        DeliveryRefused: If it is not there, is empty, or is not UTF-8 text.
    """
    if not path.is_file():
        raise DeliveryRefused(
            f"{where}: the file is not in the delivery.",
            next_step="Ask the sender for it; nothing of this delivery was loaded.",
        )
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    start = b""
    sound = True
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            start = start or chunk[:4]
            digest.update(chunk)
            sound = sound and b"\x00" not in chunk and _decodes(decoder, chunk)
    if not start:
        raise DeliveryRefused(f"{where}: the file is empty.", next_step=ASK_AGAIN)
    if not sound:
        raise _encoding_fault(path, where, start)
    if not _decodes(decoder, b"", final=True):
        raise DeliveryRefused(
            f"{where}: the file ends in the middle of a character, so it was cut short.",
            next_step=ASK_AGAIN,
        )
    return digest.hexdigest()


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _encoding_fault(path: Path, where: str, start: bytes) -> DeliveryRefused:
    for sign, what in _SIGNS.items():
        if start.startswith(sign):
            return DeliveryRefused(f"{where}: this is {what}, not CSV text.", next_step=ASK_UTF8)
    if start.startswith(_WIDE):
        return DeliveryRefused(f"{where}: the encoding is UTF-16, not UTF-8.", next_step=ASK_UTF8)
    place = _first_undecodable(path)
    return DeliveryRefused(f"{where}: {place} is not UTF-8 text.", next_step=ASK_UTF8)


def _first_undecodable(path: Path) -> str:
    """Row and column of the first value that is not UTF-8, by reading bytes as if Latin-1."""
    with path.open(encoding="latin-1", newline="") as stream:
        reader = csv.reader(stream)
        names = next(reader, [])
        if any(_is_undecodable(name) for name in names):
            return "the header"
        with suppress(csv.Error):
            for number, row in enumerate((row for row in reader if row), start=1):
                for position, value in enumerate(row):
                    if _is_undecodable(value):
                        return f"row {number}, {_column_label(names, position)},"
    return "the file"


def _is_undecodable(value: str) -> bool:
    try:
        value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return True
    return "\x00" in value


def _column_label(names: list[str], position: int) -> str:
    name = names[position].strip() if position < len(names) else ""
    return f"column {name if _COLUMN_NAME.fullmatch(name) else position + 1}"


@contextmanager
def _records(path: Path) -> Iterator[Iterator[list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield (row for row in csv.reader(stream, strict=True) if row)


def read_header(path: Path, expected: tuple[str, ...], where: str) -> Header:
    """The header, which must hold the expected names and no others, in any order.

    Columns without a name at the end, as spreadsheets leave them, are allowed; they must be empty.

    Raises:
        DeliveryRefused: If names are missing, unknown or doubled, or there is no header.
    """
    names, first = _first_two(path)
    width = len(names)
    while names and not names[-1]:
        names.pop()
    _check_names(names, expected, where)
    if len(first) > width and not any(value.strip() for value in first[len(names) :]):
        width = len(first)
    return Header(positions={name: at for at, name in enumerate(names)}, width=width)


def _first_two(path: Path) -> tuple[list[str], list[str]]:
    found: list[list[str]] = []
    # A row that cannot be read here is found again, and told of, when all rows are read.
    with _records(path) as records, suppress(csv.Error):
        found.extend(islice(records, 2))
    names, first = (*found, [], [])[:2]
    return [name.strip() for name in names], first


def _check_names(names: list[str], expected: tuple[str, ...], where: str) -> None:
    known = [name for name in names if name in expected]
    if 2 * len(set(known)) < len(set(expected)):
        raise DeliveryRefused(
            f"{where}: the first line is not the header: {len(set(known))} of {len(set(expected))} "
            f"column names are in it.{_other_separator(names)} Expected: {', '.join(expected)}.",
            next_step=ASK_AGAIN,
        )
    missing = [name for name in dict.fromkeys(expected) if name not in names]
    doubled = [name for name in dict.fromkeys(known) if known.count(name) > 1]
    unknown = [_column_label(names, at) for at, name in enumerate(names) if name not in expected]
    if not (missing or doubled or unknown):
        return
    faults = [f"missing {', '.join(missing)}"] if missing else []
    faults += [f"given twice {', '.join(doubled)}"] if doubled else []
    faults += [f"not known {', '.join(unknown)}"] if unknown else []
    raise DeliveryRefused(
        f"{where}: the header is not as agreed: {'; '.join(faults)}.",
        next_step="Where the place names its columns otherwise, say so in its place.toml under "
        "sources.<source>.tables.<table>.columns; otherwise ask the sender to export the agreed "
        "columns. Nothing of this delivery was loaded.",
    )


def _other_separator(names: list[str]) -> str:
    line = "".join(names)
    for sign, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if line.count(sign) > 2:
            return f" Its columns seem to be parted by {word}, not commas."
    return ""


def measure(path: Path, header: Header) -> Shape:
    """Read every row carefully, to say which is the first that is not whole, and why."""
    rows = 0
    with _records(path) as records:
        try:
            next(records, [])
            for row in records:
                if len(row) < header.width or any(row[header.width :]):
                    return Shape(rows=rows, fault=_width_fault(rows + 1, len(row), header.width))
                rows += 1
        except csv.Error as error:
            what = "opens a quotation mark that is never closed"
            if "expected after" in str(error):
                what = "has text after a closing quotation mark"
            return Shape(rows=rows, fault=f"row {rows + 1} {what}")
    return Shape(rows=rows)


def _width_fault(number: int, width: int, expected: int) -> str:
    return f"row {number} has {width} values where the header has {expected}"
