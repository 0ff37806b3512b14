"""Checks on a delivered file's bytes before a row of it is read.

Messages name the file, columns and row numbers. They never quote the file.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
from contextlib import suppress
from pathlib import Path

from contracts.errors import DeliveryRefused
from contracts.mapping import FileStyle
from linkage.ingest.header import column_label

_CHUNK = 1 << 22
_PARQUET, _ZIP = b"PAR1", b"PK\x03\x04"
_SIGNS = {
    _ZIP: "an Excel workbook or zip archive",
    b"\x1f\x8b": "a compressed file",
    _PARQUET: "a Parquet file",
    b"\xd0\xcf\x11\xe0": "an Excel workbook of the old form (.xls)",
}
_WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ASK_AGAIN = "Ask the sender to export it again; nothing of this delivery was loaded."
ASK_UTF8 = (
    'Ask the sender to save it as "CSV UTF-8", or say how it is written in place.toml under '
    "sources.<source>.tables.<table>.file; nothing of this delivery was loaded."
)


def fingerprint(path: Path, style: FileStyle, where: str) -> str:
    """SHA-256 of the file, which must be written as the place says; both from one reading.

    Args:
        path: The file.
        style: How it should be written.
        where: Delivery and file, to begin a message.

    Raises:
        DeliveryRefused: If it is not there, is a link, is empty, or is not written so.
    """
    if path.is_symlink():
        raise DeliveryRefused(
            f"{where}: it is a link to a file, not a file.",
            next_step="Copy the file itself into the delivery; nothing of it was loaded.",
        )
    if not path.is_file():
        raise DeliveryRefused(
            f"{where}: the file is not in the delivery.",
            next_step="Ask the sender for it; nothing of this delivery was loaded.",
        )
    digest = hashlib.sha256()
    decoder = None if style.format in {"xlsx", "parquet"} else _decoder(style.encoding)
    start = b""
    sound = True
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            start = start or chunk[:4]
            digest.update(chunk)
            sound = sound and (decoder is None or _decodes(decoder, chunk))
    if not start:
        raise DeliveryRefused(f"{where}: the file is empty.", next_step=ASK_AGAIN)
    _check_sign(style, start, where)
    if not sound:
        raise _encoding_fault(path, style, where)
    if decoder is not None and not _decodes(decoder, b"", final=True):
        raise DeliveryRefused(
            f"{where}: the file ends in the middle of a character, so it was cut short.",
            next_step=ASK_AGAIN,
        )
    return digest.hexdigest()


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    return codecs.getincrementaldecoder(encoding)()


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool = False) -> bool:
    # A character that stands for nothing is never text, and would end a value early.
    try:
        return "\x00" not in decoder.decode(chunk, final)
    except (UnicodeDecodeError, UnicodeError):
        return False


def _check_sign(style: FileStyle, start: bytes, where: str) -> None:
    """The first bytes say what a file is, whatever its name says."""
    wanted = {"xlsx": (_ZIP, "an Excel workbook (.xlsx)"), "parquet": (_PARQUET, "a Parquet file")}
    if style.format in wanted:
        sign, what = wanted[style.format]
        if not start.startswith(sign):
            raise DeliveryRefused(f"{where}: this is not {what}.", next_step=ASK_AGAIN)
        return
    for sign, what in _SIGNS.items():
        if start.startswith(sign):
            text = "CSV text" if style.format == "csv" else "text"
            raise DeliveryRefused(f"{where}: this is {what}, not {text}.", next_step=ASK_UTF8)
    if start.startswith(_WIDE) and style.encoding in {"utf-8", "cp1252", "latin-1", "cp850"}:
        told = f"{where}: the encoding is UTF-16, not {style.encoding.upper()}."
        raise DeliveryRefused(told, next_step=ASK_UTF8)


def _encoding_fault(path: Path, style: FileStyle, where: str) -> DeliveryRefused:
    place = _first_undecodable(path, style) if style.encoding == "utf-8" else "the file"
    told = f"{where}: {place} is not {style.encoding.upper()} text."
    return DeliveryRefused(told, next_step=ASK_UTF8)


def _first_undecodable(path: Path, style: FileStyle) -> str:
    """Row and column of the first value that is not UTF-8, by reading bytes as if Latin-1."""
    with path.open(encoding="latin-1", newline="") as stream:
        reader = csv.reader(stream, delimiter=style.delimiter)
        with suppress(csv.Error):
            names = next(reader, [])
            if any(_is_undecodable(name) for name in names):
                return "the header"
            for number, row in enumerate((row for row in reader if row), start=1):
                for position, value in enumerate(row):
                    if _is_undecodable(value):
                        return f"row {number}, column {column_label(names, position)},"
    return "the file"


def _is_undecodable(value: str) -> bool:
    try:
        value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return True
    return "\x00" in value
