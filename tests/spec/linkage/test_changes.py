"""Versions of which only some columns matter, as a small table of them."""

from datetime import date

import duckdb

from contracts.tables import TABLES
from linkage.households.changes import changes_sql
from linkage.ingest.schema import loaded_columns

VERSIONS = [
    # agreement, state, recorded, row
    ("always", "live", date(2026, 1, 10), 1),
    ("always", "live", date(2026, 3, 5), 1),
    ("back", "live", date(2026, 1, 10), 1),
    ("back", "breached", date(2026, 2, 5), 1),
    ("back", "breached", date(2026, 3, 5), 1),
    ("back", "live", date(2026, 4, 5), 1),
    ("learnt", None, date(2026, 1, 10), 1),
    ("learnt", "live", date(2026, 2, 5), 1),
    # its first version was replaced on its day, and a row numbered 0 took the key away
    ("gone", "live", date(2026, 1, 10), 1),
    ("gone", "live", date(2026, 1, 10), 0),
    ("gone", "live", date(2026, 3, 5), 1),
    ("gone", "live", date(2026, 4, 5), 0),
    ("unsaid", None, date(2026, 1, 10), 1),
    ("unsaid", None, date(2026, 2, 5), 1),
]
CHANGES = [
    ("always", "live", date(2026, 1, 10), None),
    ("back", "live", date(2026, 1, 10), date(2026, 2, 5)),
    ("back", "breached", date(2026, 2, 5), date(2026, 4, 5)),
    ("back", "live", date(2026, 4, 5), None),
    ("gone", "live", date(2026, 1, 10), None),
    ("learnt", None, date(2026, 1, 10), date(2026, 2, 5)),
    ("learnt", "live", date(2026, 2, 5), None),
    ("unsaid", None, date(2026, 1, 10), None),
]


def test_only_a_change_is_a_new_version() -> None:
    with duckdb.connect() as con:
        con.execute("CREATE SCHEMA raw")
        types = loaded_columns(TABLES["rent_arrangement"])
        columns = ", ".join(f"{name} {kind}" for name, kind in types.items())
        con.execute(f"CREATE TABLE raw.rent_arrangement ({columns})")
        con.executemany(
            "INSERT INTO raw.rent_arrangement (agreement_id, state, recorded_date, extract_date, "
            "row_number, delivery_id) VALUES (?, ?, ?, '2026-06-30', ?, 'd')",
            VERSIONS,
        )
        found = con.execute(
            f"SELECT agreement_id, state, known_from, known_to "
            f"FROM ({changes_sql('rent_arrangement', ('state',))}) ORDER BY 1, 3"
        ).fetchall()
    assert found == CHANGES
