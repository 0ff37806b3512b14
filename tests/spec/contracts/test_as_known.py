"""What was known when, as a small table of versions."""

from datetime import date

import duckdb
import pytest

from contracts.asof import as_known_sql, known_at, versions_sql
from contracts.tables import TABLES
from linkage.ingest.schema import ARRIVAL

VERSIONS = [
    # agreement, state, recorded, extracted, row
    ("A1", "live", date(2026, 1, 10), date(2026, 1, 31), 1),
    ("A1", "breached", date(2026, 3, 5), date(2026, 3, 31), 1),
    ("A1", "completed", date(2026, 6, 1), date(2026, 6, 30), 1),
    ("A2", "live", date(2026, 2, 1), date(2026, 2, 28), 1),
    # recorded twice on one day: the later extract stands
    ("A2", "cancelled", date(2026, 2, 1), date(2026, 3, 31), 2),
]


@pytest.fixture
def con():
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA raw")
    types = {c.name: c.duckdb_type for c in TABLES["rent_arrangement"]} | ARRIVAL
    columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
    connection.execute(f"CREATE TABLE raw.rent_arrangement ({columns})")
    connection.executemany(
        "INSERT INTO raw.rent_arrangement (agreement_id, state, recorded_date, extract_date, "
        "row_number, delivery_id) VALUES (?, ?, ?, ?, ?, 'd')",
        VERSIONS,
    )
    yield connection
    connection.close()


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (date(2026, 1, 9), {}),
        (date(2026, 1, 10), {"A1": "live"}),
        (date(2026, 2, 1), {"A1": "live", "A2": "cancelled"}),
        (date(2026, 3, 4), {"A1": "live", "A2": "cancelled"}),
        (date(2026, 3, 5), {"A1": "breached", "A2": "cancelled"}),
        (date(2030, 1, 1), {"A1": "completed", "A2": "cancelled"}),
    ],
)
def test_what_was_known(con: duckdb.DuckDBPyConnection, day: date, known: dict[str, str]):
    found = con.execute(
        f"SELECT agreement_id, state FROM ({as_known_sql('rent_arrangement', day)})"
    ).fetchall()
    assert dict(found) == known


def test_later_rows_change_nothing_that_was_known(con: duckdb.DuckDBPyConnection):
    day = date(2026, 3, 31)
    query = (
        f"SELECT agreement_id, state, known_from FROM ({versions_sql('rent_arrangement')}) "
        f"WHERE {known_at(f'DATE {str(day)!r}')} ORDER BY ALL"
    )
    before = con.execute(query).fetchall()
    con.execute("DELETE FROM raw.rent_arrangement WHERE recorded_date > ?", [day])
    assert con.execute(query).fetchall() == before
