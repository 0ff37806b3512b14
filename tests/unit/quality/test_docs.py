"""The page of a source says what was expected, what came and what to do, and no value."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pytest

from contracts.tables import TABLES
from linkage.ingest import contract_results, load_landing
from linkage.quality.docs import examples_of, source_docs, write_page
from tests.unit.ingest.deliveries import TODAY, deliver, northmere, sound_rows

CODES = len(TABLES["rent_tenancy"]["tenure"].codes or ())
MONTH = date(2026, 2, 28)
NOT_A_CODE = "MRS SOMEBODY"


def landed(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    rows = sound_rows("rent_tenancy", 20)
    rows[3] |= {"tenure": NOT_A_CODE}
    rows[7] |= {"start_date": "2026-02-30"}
    rows[9] |= {"tenure": NOT_A_CODE}
    deliver(folder, northmere(), "rent_tenancy", rows)
    load_landing(con, place=northmere(), landing=folder, today=TODAY)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    with duckdb.connect(config={"threads": 2}) as con:
        landed(con, folder / "landing")
        docs = source_docs(con, place=northmere(), source="rent", month=MONTH)
        found = contract_results(con, "rent_tenancy")
        examples = examples_of(con, found)
    page = write_page(docs, place=northmere(), folder=folder)
    return docs, examples, page.read_text(encoding="utf-8")


def test_counts_and_row_numbers(told):
    docs, _, page = told
    table = next(one for one in docs.tables if one.name == "rent_tenancy")
    (came,) = table.deliveries
    assert (came.rows, came.loaded, came.quarantined) == (20, 17, 3)
    reasons = {one.reason: (one.rows, one.examples) for one in table.quarantine}
    assert reasons[f"tenure is not one of its {CODES} codes"] == (2, (4, 10))
    assert {(one.column_name, one.bad_rows) for one in table.unmet} == {
        ("tenure", 2), ("start_date", 1),
    }  # fmt: skip
    assert "4, 10" in page


def test_each_unmet_expectation_has_its_row_numbers(told):
    _, examples, _ = told
    by_column = {column: numbers for (_, column, _), numbers in examples.items()}
    assert by_column == {"tenure": (4, 10), "start_date": (8,)}


def test_no_value_is_on_the_page(told):
    *_, page = told
    assert NOT_A_CODE not in page
    assert "2026-02-30" not in page


def test_it_says_what_to_do_and_what_did_not_come(told):
    *_, page = told
    assert "Correct the rows of <code>rent_tenancy</code> that were not taken" in page
    assert "Nothing of this table has come." in page
    assert f"tenure is one of {CODES} codes" in page
