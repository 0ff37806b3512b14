"""The first rows of a file that nobody has seen: how it is written, its columns, their values."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb

from contracts.errors import DataMissing
from contracts.mapping import FileStyle
from linkage.ingest.header import MOST_COLUMNS
from linkage.ingest.records import UnreadableRow, open_lines
from linkage.ingest.typing_sql import literal
from linkage.ingest.workbook import BadWorkbook

ROWS = 2_000
_LOOKED_AT = 12
_START = 1 << 18
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_ .,:;?()/#%&'*+-]{0,59}")


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What a file's first rows hold.

    Attributes:
        style: How the file is written.
        names: Its column names; made up, ``c1`` and so on, where no line holds them.
        columns: The values of each column, trimmed, as texts.
    """

    style: FileStyle
    names: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return len(self.columns[0]) if self.columns else 0

    def numbered(self) -> Sample:
        """The same with made-up names, where the line of names is not to be believed."""
        names = tuple(f"c{at + 1}" for at in range(len(self.names)))
        style = self.style
        if style.format in {"csv", "xlsx"}:
            style = style.model_copy(update={"header_row": 0, "names": names})
        return Sample(style=style, names=names, columns=self.columns)


def take_sample(path: Path) -> Sample:
    """Find out how a file is written and read its first rows.

    Raises:
        DataMissing: If it is not there, or cannot be read in any way that is known.
    """
    if not path.is_file():
        raise DataMissing(f"There is no file {path.name}.", next_step="Check its name.")
    with path.open("rb") as stream:
        start = stream.read(_START)
    try:
        if start.startswith(b"PAR1"):
            return _parquet(path)
        if start.startswith(b"PK\x03\x04"):
            return _headed(path, FileStyle(format="xlsx"))
        return _headed(path, _text_style(start))
    except (UnreadableRow, UnicodeDecodeError, BadWorkbook, duckdb.Error):
        raise _unreadable(path) from None


def _unreadable(path: Path) -> DataMissing:
    return DataMissing(
        f"{path.name} cannot be read as CSV, Excel or Parquet.",
        next_step="Open it where it came from and save it as CSV UTF-8; a file of fixed width "
        "needs file.positions in place.toml, which cannot be guessed.",
    )


def _parquet(path: Path) -> Sample:
    con = duckdb.connect()
    try:
        found = con.execute(
            f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet({literal(str(path))}) "
            f"LIMIT {ROWS}"
        )
        names = tuple(column[0] for column in found.description or ())
        rows = found.fetchall()
    finally:
        con.close()
    return _sample(FileStyle(format="parquet"), names, [[v or "" for v in row] for row in rows])


def _text_style(start: bytes) -> FileStyle:
    encoding = _encoding(start)
    lines = start.decode(encoding, errors="ignore").lstrip("\ufeff").splitlines()
    delimiter = _delimiter([line for line in lines[: 10 * _LOOKED_AT] if line.strip()])
    return FileStyle.model_validate({"encoding": encoding, "delimiter": delimiter})


def _encoding(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if start[1:200:2].count(0) > 50:
        return "utf-16-le"
    try:
        start.decode()
    except UnicodeDecodeError as error:
        # The piece that was read may end within a character.
        return "utf-8" if error.start > len(start) - 4 else "cp1252"
    return "utf-8"


def _delimiter(lines: list[str]) -> str:
    """The sign that parts most lines into the same number of values."""
    best, score = ",", (0, 0)
    for sign in (",", ";", "\t", "|"):
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign))
        width, times = max(widths.items(), key=lambda entry: (entry[0] > 1, entry[1], entry[0]))
        if width > 1 and (times, width) > score:
            best, score = sign, (times, width)
    return best


def _headed(path: Path, style: FileStyle) -> Sample:
    """Look for the line that holds the names: the first as wide as most, and of words alone."""
    with open_lines(path, style) as lines:
        rows = list(islice(lines, ROWS + _LOOKED_AT))
    if rows and rows[0]:
        rows[0][0] = rows[0][0].removeprefix("\ufeff")
    widths = Counter(len(row) for row in rows if row)
    if not widths or max(widths) < 2 or max(widths) > MOST_COLUMNS:
        raise _unreadable(path)
    width = widths.most_common(1)[0][0]
    at = next((n for n, row in enumerate(rows[:_LOOKED_AT]) if _is_header(row, width)), None)
    if at is None:
        names = tuple(f"c{number + 1}" for number in range(width))
        told = style.model_copy(update={"header_row": 0, "names": names})
        return _sample(told, names, [row for row in rows if len(row) >= width][:ROWS])
    told = style.model_copy(update={"header_row": at + 1})
    names = tuple(name.strip() for name in rows[at])
    while not names[-1]:
        names = names[:-1]
    return _sample(told, names, [row for row in rows[at + 1 :] if row][:ROWS])


def _is_header(row: list[str], width: int) -> bool:
    names = [name.strip() for name in row]
    while names and not names[-1]:
        names.pop()
    sound = all(_NAME.fullmatch(name) for name in names)
    return len(names) >= max(2, width - 2) and sound and len(set(names)) == len(names)


def _sample(style: FileStyle, names: tuple[str, ...], rows: list[list[str]]) -> Sample:
    columns = tuple(
        tuple(row[at].strip() if at < len(row) else "" for row in rows) for at in range(len(names))
    )
    return Sample(style=style, names=names, columns=columns)
