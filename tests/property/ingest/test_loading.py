"""Whatever rows come: none is lost, none comes twice, and what was typed is what was written."""

from __future__ import annotations

import math
import tempfile
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contracts.columns import NULL_DATES, OPEN_END_DATES, Column, Kind
from contracts.tables import TABLES
from linkage.ingest import Outcome, contract_results, delivery, load_delivery
from tests.unit.ingest.deliveries import (
    TODAY,
    content_of,
    deliver,
    northmere,
    plain,
    sound_row,
    state,
)

SOME = ("rent_tenancy", "gp_patient", "ae_attendance")
CLOSED_DAYS = {date.fromisoformat(day) for day in NULL_DATES | OPEN_END_DATES}
SETTINGS = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12
)
SUSPECTS = st.sampled_from(
    ["", " ", "NULL", "-", "0", "-1", "1.00023E+11", "2026-02-30", "9999-12-31", "true", '"', ",\n"]
)


@contextmanager
def loaded(table: str, rows: list[dict[str, str]]):
    """A fresh warehouse with those rows delivered: connection, result, and a way to load again."""
    place, con = plain(northmere(), table), duckdb.connect()
    with tempfile.TemporaryDirectory() as landing:
        # With this line end Python's writer quotes a lone carriage return, as RFC 4180 wants.
        content = content_of(place, table, rows, "\r\n")
        folder = deliver(Path(landing), place, table, rows, content=content)

        def load():
            return load_delivery(con, place=place, folder=folder, today=TODAY)

        yield con, load
    con.close()


@st.composite
def odd_rows(draw, table: str):
    """Rows of which some values are anything at all, and some rows are given twice."""
    declared = TABLES[table]
    rows = [sound_row(declared, number) for number in range(1, draw(st.integers(1, 40)) + 1)]
    for _ in range(draw(st.integers(0, 40))):
        row = draw(st.integers(0, len(rows) - 1))
        name = draw(st.sampled_from(declared.names))
        rows[row][name] = draw(TEXTS | SUSPECTS)
    rows += [
        dict(rows[draw(st.integers(0, len(rows) - 1))]) for _ in range(draw(st.integers(0, 3)))
    ]
    return rows


@pytest.mark.parametrize("table", SOME)
@SETTINGS
@given(data=st.data())
def test_no_row_is_lost_and_a_second_load_changes_nothing(table, data, monkeypatch):
    monkeypatch.setattr(delivery, "BAD_SHARE_LIMIT", 1.0)
    rows = data.draw(odd_rows(table))
    with loaded(table, rows) as (con, load):
        result = load()

        assert result.outcome is Outcome.LOADED
        assert result.loaded_rows + result.quarantined_rows == len(rows)
        numbers = con.execute(
            f"SELECT row_number FROM raw.{table} UNION ALL SELECT row_number FROM raw.quarantine "
            "ORDER BY 1"
        ).fetchall()
        assert [number for (number,) in numbers] == list(range(1, len(rows) + 1))
        assert con.execute(f"SELECT count(*) FROM raw.{table}").fetchall() == [
            (result.loaded_rows,)
        ]
        _verdicts_agree(con, table, result)

        before = state(con)
        again = load()
        assert again.outcome is Outcome.ALREADY_LOADED
        assert (again.loaded_rows, again.quarantined_rows) == (
            result.loaded_rows,
            result.quarantined_rows,
        )
        assert state(con) == before


def _verdicts_agree(con, table, result):
    """Great Expectations fails exactly the rules that sent rows to quarantine, and counts them."""
    failed = {
        (one.column_name, one.rule): one.bad_rows
        for one in contract_results(con, table)
        if not one.passed
    }
    assert failed == {(fault.column, fault.rule): fault.rows for fault in result.faults}
    kept = con.execute("SELECT row_number, reason FROM raw.quarantine ORDER BY 1").fetchall()
    for fault in result.faults:
        if fault.rule in ("repeated", "conflict"):
            continue
        said = [number for number, why in kept if f"{fault.column} {fault.reason}" in why]
        assert len(said) == fault.rows
        assert tuple(said[: len(fault.examples)]) == fault.examples
    assert bool(kept) == bool(failed)


DAYS = st.dates(date(1800, 1, 2), date(2199, 12, 30)).filter(lambda day: day not in CLOSED_DAYS)


def typed(column: Column) -> st.SearchStrategy[object]:
    """Any value that the declaration allows."""
    least = 0 if column.low is not None else 1 - 10**12
    by_kind = {
        Kind.INTEGER: st.integers(
            -(10**15) if column.low is None else int(column.low), int(column.high or 10**15)
        ),
        Kind.UPRN: st.integers(1, 999_999_999_999),
        Kind.MONEY: st.integers(least, 10**12 - 1).map(lambda pence: Decimal(pence) / 100),
        Kind.NUMBER: st.floats(column.low, column.high, allow_nan=False, allow_infinity=False),
        Kind.BOOLEAN: st.booleans(),
        Kind.DATE: DAYS,
        Kind.TIMESTAMP: st.builds(datetime.combine, DAYS, st.times()),
    }
    if column.codes:
        return st.sampled_from(sorted(column.codes))
    return by_kind.get(column.kind, TEXTS.map(lambda text: f"a{text}z"))


def written(value: object) -> str:
    """As an ordinary export writes it."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


@st.composite
def typed_row(draw, table: str):
    declared = TABLES[table]
    row = {}
    for column in declared:
        optional = not column.required and column.name not in declared.key
        row[column.name] = draw(typed(column) | st.none() if optional else typed(column))
    for first, last in (*declared.periods, ("recorded_date", "extract_date")):
        if row[first] is not None and row[last] is not None and row[first] > row[last]:
            row[last] = row[first]
    return row


@pytest.mark.parametrize("table", [*SOME, "rent_balance", "area_lookup"])
@settings(max_examples=4, deadline=None)
@given(data=st.data())
def test_typed_values_come_back(table, data):
    rows = data.draw(st.lists(typed_row(table), min_size=1, max_size=8))
    for number, row in enumerate(rows):
        row[TABLES[table].key[0]] = f"key{number}"
    texts = [{name: written(value) for name, value in row.items()} for row in rows]
    with loaded(table, texts) as (con, load):
        result = load()
        assert result.faults == ()
        names = ", ".join(TABLES[table].names)
        found = con.execute(f"SELECT {names} FROM raw.{table} ORDER BY row_number").fetchall()
    for row, loaded_row in zip(rows, found, strict=True):
        for (name, value), there in zip(row.items(), loaded_row, strict=True):
            same = there == value or (isinstance(value, float) and math.isclose(there, value))
            assert same, name
