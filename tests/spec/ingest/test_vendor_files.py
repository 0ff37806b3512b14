"""The same tenancies as several vendors would write them: settings alone make them the same."""

from __future__ import annotations

import io

import duckdb
import polars as pl
import pytest

from contracts.tables import TABLES
from linkage.ingest import load_delivery
from tests.unit.ingest.deliveries import TODAY, deliver, northmere, sound_rows
from tests.unit.ingest.vendors import (
    as_cell,
    fixed_of,
    mapped,
    native_rows,
    serial,
    text_of,
    workbook_of,
    write_parts,
)

TABLE = "rent_tenancy"
DAYS = [column.name for column in TABLES[TABLE] if column.kind.value == "date"]
MONEY = [column.name for column in TABLES[TABLE] if column.kind.value == "money"]
NAMES = {name: f"T_{name.upper()}" for name in TABLES[TABLE].names}


def _rows():
    rows = sound_rows(TABLE, 7)
    for number, row in enumerate(rows):
        row["rent_net_pw"] = f"{1000 + number}.50"
        row["pay_ref"] = f"pay é{number}"
        row["end_date"] = "" if number % 2 else "2026-01-06"
    return rows


def _changed(columns, change):
    return [row | {name: change(row[name]) for name in columns if row[name]} for row in _rows()]


def _day_first(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def _european(amount: str) -> str:
    return f"{float(amount):,.2f}".translate(str.maketrans(",.", ".,"))


def _two_digit(day: str) -> str:
    return f"{day[8:]}-{['JAN', 'FEB'][int(day[5:7]) - 1]}-{day[2:4]}"


def _plain(rows, place):
    header, lines = native_rows(place, TABLE, rows)
    return [header, *lines]


def _frame(place, rows) -> bytes:
    header, lines = native_rows(place, TABLE, rows)
    frame = pl.DataFrame(lines, schema=header, orient="row")
    typed = [pl.col(name).replace("", None).str.to_date() for name in DAYS]
    typed += [pl.col(name).cast(pl.Decimal(12, 2)) for name in MONEY]
    stream = io.BytesIO()
    frame.with_columns(*typed, pl.col("uprn").cast(pl.Float64)).write_parquet(stream)
    return stream.getvalue()


def _cells(place, rows):
    header, lines = native_rows(place, TABLE, rows)
    return [header, *([as_cell(value) for value in line] for line in lines)]


VENDORS = {
    # what the vendor does: (settings, rows as the vendor has them, how the file is made of them)
    "semicolons in Windows' encoding": (
        {"columns": NAMES, "file": {"delimiter": ";", "encoding": "cp1252"}},
        _rows(),
        lambda place, rows: text_of(_plain(rows, place), "cp1252", delimiter=";"),
    ),
    "tabs": (
        {"file": {"delimiter": "\t"}},
        _rows(),
        lambda place, rows: text_of(_plain(rows, place), delimiter="\t"),
    ),
    "UTF-16, as Excel's Unicode text": (
        {"file": {"delimiter": "\t", "encoding": "utf-16"}},
        _rows(),
        lambda place, rows: text_of(_plain(rows, place), "utf-16", delimiter="\t"),
    ),
    "single quotes, escaped": (
        {"file": {"quote": "'", "escape": "backslash"}},
        _rows(),
        lambda place, rows: text_of(
            _plain(rows, place), quotechar="'", doublequote=False, escapechar="\\", quoting=1
        ),
    ),
    "a title, a second header and a total": (
        {"file": {"header_row": 3, "skip_rows": 1, "footer_rows": 2}},
        _rows(),
        lambda place, rows: text_of(
            [
                ["Housing extract"],
                [],
                *_plain(rows, place)[:1],
                ["text"] * 16,
                *_plain(rows, place)[1:],
                ["Rows:", "7"],
                ["End of report"],
            ]
        ),
    ),
    "no header": (
        {"file": {"header_row": 0, "names": list(TABLES[TABLE].names)}},
        _rows(),
        lambda place, rows: text_of(_plain(rows, place)[1:]),
    ),
    "day-first and year-first dates mixed, decimal commas": (
        {
            "date_format": ["%d/%m/%Y", "iso"],
            "numbers": {"decimal": ",", "thousands": ".", "drop": ["€"]},
        },
        [
            row | {name: _day_first(row[name]) for name in DAYS if row[name] and number % 2}
            for number, row in enumerate(_changed(MONEY, lambda amount: f"€{_european(amount)}"))
        ],
        lambda place, rows: text_of(_plain(rows, place), delimiter=","),
    ),
    "years of two digits, English thousands": (
        {
            "date_format": "%d-%b-%y",
            "two_digit_years_from": 1950,
            "numbers": {"thousands": ",", "drop": ["£"], "negatives": ["parentheses"]},
            "booleans": {"Y": "true", "N": "false"},
        },
        [
            row
            | {"uc_direct_to_landlord": "Y"}
            | {name: f"£ {float(row[name]):,.2f}" for name in MONEY}
            for row in _changed(DAYS, _two_digit)
        ],
        lambda place, rows: text_of(_plain(rows, place)),
    ),
    "a workbook with a cover sheet": (
        {"file": {"format": "xlsx", "sheet": "Data"}},
        _rows(),
        lambda place, rows: workbook_of(_cells(place, rows), sheets=("Cover", "Data")),
    ),
    "a workbook of texts and serial numbers": (
        {"file": {"format": "xlsx", "header_row": 2}, "date_format": "excel"},
        _changed(DAYS, serial),
        lambda place, rows: workbook_of([["Tenancies"], *_plain(rows, place)]),
    ),
    "Parquet": ({"file": {"format": "parquet"}}, _rows(), _frame),
    "fixed width": (
        {
            "file": {
                "format": "fixed",
                "positions": {
                    name: [at * 24 + 1, at * 24 + 24] for at, name in enumerate(TABLES[TABLE].names)
                },
            }
        },
        _rows(),
        lambda place, rows: fixed_of(_plain(rows, place)[1:]),
    ),
    "columns that it lacks or has too many of": (
        {
            "constants": {"landlord": "landlord-x", "source_system": "source_system-x"},
            "absent": ["extract_date"],
            "ignore": ["note*"],
            "unknown_columns": "ignore",
        },
        _rows(),
        lambda place, rows: text_of(
            [
                [*line, *(["notes", "Other thing"] if at == 0 else ["somebody", "9"])]
                for at, line in enumerate(_plain(rows, place))
            ]
        ),
    ),
}


def _loaded(folder, name):
    settings, rows, write = VENDORS[name]
    place = mapped(northmere(), TABLE, **settings)
    con = duckdb.connect()
    drop = deliver(folder, place, TABLE, rows, content=write(place, rows))
    result = load_delivery(con, place=place, folder=drop, today=TODAY)
    return con, result


def _table(con):
    return con.execute(
        f"SELECT * EXCLUDE (delivery_id, landlord, source_system) FROM raw.{TABLE} "
        "ORDER BY row_number"
    ).fetchall()


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    return _table(_loaded(tmp_path_factory.mktemp("tabs"), "tabs")[0])


@pytest.mark.parametrize("vendor", VENDORS)
def test_settings_make_it_the_same(vendor, expected, tmp_path):
    con, result = _loaded(tmp_path, vendor)
    assert (result.outcome, result.faults) == ("loaded", ()), result.message
    assert _table(con) == expected
    assert len(expected) == 7


def test_columns_that_are_not_read_are_told_of_and_never_kept(tmp_path):
    con, result = _loaded(tmp_path, "columns that it lacks or has too many of")
    assert "columns that were not read: Other thing." in result.message
    assert con.execute(f"SELECT DISTINCT landlord FROM raw.{TABLE}").fetchall() == [("landlord-x",)]
    columns = [row[0] for row in con.execute(f"DESCRIBE raw.{TABLE}").fetchall()]
    assert "notes" not in columns


def test_several_files_make_one_table(expected, tmp_path):
    place, con, rows = northmere(), duckdb.connect(), _rows()
    rows[5]["uprn"] = "none"
    folder = deliver(tmp_path, place, TABLE, rows)
    (folder / f"{TABLE}.csv").unlink()
    header, *lines = _plain(rows, place)
    turned = [list(reversed(line)) for line in [header, *lines[4:]]]
    parts = {"rent_1.csv": text_of([header, *lines[:4]]), "rent_2.csv": text_of(turned)}
    deliver(tmp_path, place, TABLE, rows, file="rent_x.csv", sha256=write_parts(folder, parts))
    (folder / "rent_x.csv").unlink()
    manifest = folder / "manifest.json"
    manifest.write_text(manifest.read_text().replace("rent_x", "rent_*"), encoding="utf-8")

    result = load_delivery(con, place=place, folder=folder, today=TODAY)

    assert (result.loaded_rows, result.quarantined_rows) == (6, 1), result.message
    kept = [row for number, row in enumerate(expected) if number != 5]
    found = con.execute(f"SELECT tenancy_ref FROM raw.{TABLE} ORDER BY row_number").fetchall()
    assert [row[0] for row in found] == [row[0] for row in kept]
    quarantine = con.execute("SELECT file_name, row_number FROM raw.quarantine").fetchall()
    assert quarantine == [("rent_2.csv", 2)]
