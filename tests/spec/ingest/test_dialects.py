"""Ways of writing CSV that a council's systems have, all of which are read the same."""

from __future__ import annotations

import csv
import io

import duckdb
import pytest

from contracts.tables import TABLES
from linkage.ingest import load_delivery
from tests.unit.ingest.deliveries import TODAY, content_of, deliver, northmere, sound_rows

TABLE = "rent_person"
TRICKY = [
    'O\'Neil, "Ann"',
    "two\nlines",
    "two\r\nlines",
    'a "" b',
    "#1",
    "\\",
    "Zoë Ñandú",
    "a;b\tc",
]


def _rows():
    rows = sound_rows(TABLE, len(TRICKY))
    for row, name in zip(rows, TRICKY, strict=True):
        row["first_name"] = name
    return rows


def _written(**how) -> bytes:
    rows = _rows()
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(TABLES[TABLE].names), **how)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def _mixed_ends(content: bytes) -> bytes:
    """Every third record ends in CRLF; ends inside quotes are left alone."""
    records = csv.reader(io.StringIO(content.decode(), newline=""))
    lines = []
    for number, record in enumerate(records):
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n" if number % 3 else "\r\n").writerow(record)
        lines.append(stream.getvalue())
    return "".join(lines).encode()


def _trailing(content: bytes, *, header: str, row: str) -> bytes:
    """Columns without a name at the end of every record, as spreadsheets leave them."""
    records = list(csv.reader(io.StringIO(content.decode(), newline="")))
    lines = []
    for number, record in enumerate(records):
        stream = io.StringIO()
        csv.writer(stream, lineterminator="\n").writerow(record)
        line = stream.getvalue().removesuffix("\n")
        lines.append(line + (row if number else header) + "\n")
    return "".join(lines).encode()


DIALECTS = {
    "plain": _written(lineterminator="\n"),
    "Windows line ends": _written(lineterminator="\r\n"),
    "byte order mark": b"\xef\xbb\xbf" + _written(lineterminator="\n"),
    "mark and Windows line ends": b"\xef\xbb\xbf" + _written(lineterminator="\r\n"),
    "everything quoted": _written(lineterminator="\n", quoting=csv.QUOTE_ALL),
    "mixed line ends": _mixed_ends(_written(lineterminator="\n")),
    "no line end at the end": _written(lineterminator="\n").rstrip(b"\n"),
    "blank lines at the end": _written(lineterminator="\n") + b"\n\n",
    "two nameless columns": _trailing(_written(lineterminator="\n"), header=",,", row=",,"),
    "quoted nameless column": _trailing(_written(lineterminator="\n"), header=",", row=',""'),
    "comma after each row": _trailing(_written(lineterminator="\n"), header="", row=","),
    "spaces in the header": _written(lineterminator="\n").replace(b"pay_ref", b" pay_ref ", 1),
}


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    return _loaded(tmp_path_factory.mktemp("plain"), DIALECTS["plain"])


def _loaded(folder, content):
    con, place = duckdb.connect(), northmere()
    drop = deliver(folder, place, TABLE, _rows(), content=content)
    result = load_delivery(con, place=place, folder=drop, today=TODAY)
    assert (result.outcome, result.next_step) == ("loaded", "")
    return con.execute(
        f"SELECT * EXCLUDE (delivery_id) FROM raw.{TABLE} ORDER BY row_number"
    ).fetchall()


def test_the_values_come_through(expected):
    names = list(TABLES[TABLE].names)
    assert [row[names.index("first_name")] for row in expected] == TRICKY
    assert [row[-3] for row in expected] == list(range(1, len(TRICKY) + 1))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_read_the_same(dialect, expected, tmp_path):
    assert _loaded(tmp_path, DIALECTS[dialect]) == expected


def test_columns_in_another_order(expected, tmp_path):
    names = sorted(TABLES[TABLE].names)
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_rows())
    assert _loaded(tmp_path, stream.getvalue().encode()) == expected


def test_a_value_below_no_header_is_not_dropped(tmp_path):
    con, place = duckdb.connect(), northmere()
    content = content_of(place, TABLE, _rows()).replace(b"row_hash\n", b"row_hash,\n")
    content = content.replace(b"row_hash-3\n", b"row_hash-3,spill\n")
    for number in (1, 2, 4, 5, 6, 7, 8):
        content = content.replace(b"row_hash-%d\n" % number, b"row_hash-%d,\n" % number)
    folder = deliver(tmp_path, place, TABLE, _rows(), content=content)
    result = load_delivery(con, place=place, folder=folder, today=TODAY)
    assert "a column without a name" in result.message
    assert "row 3" in result.message
    assert "spill" not in result.message


def test_header_alone_is_an_empty_delivery(tmp_path):
    con, place = duckdb.connect(), northmere()
    folder = deliver(tmp_path, place, TABLE, [])
    result = load_delivery(con, place=place, folder=folder, today=TODAY)
    assert (result.outcome, result.loaded_rows) == ("loaded", 0)
