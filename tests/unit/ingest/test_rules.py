"""The declarations say enough to derive every rule, and settings that cannot work say so."""

from __future__ import annotations

import duckdb
import pytest

from contracts.columns import Kind, Table, column
from contracts.errors import SettingsError
from contracts.place import TableMapping
from contracts.tables import TABLES
from linkage.ingest import load_delivery
from linkage.ingest.results import rows_in_words
from tests.unit.ingest.deliveries import TODAY, deliver, northmere


@pytest.mark.parametrize("name", TABLES)
def test_periods_are_pairs_of_dates(name):
    for first, last in TABLES[name].periods:
        assert {TABLES[name][first].kind, TABLES[name][last].kind} == {Kind.DATE}
        assert first != last


def test_a_table_that_starts_and_ends_declares_its_period():
    """A pair of columns whose names say start and end is declared as a period."""
    for name, table in TABLES.items():
        ends = [one.name for one in table.business if one.name.endswith(("end_date", "_end"))]
        declared = {last for _, last in table.periods}
        # A pause has no beginning of its own, and a term is named by its number.
        known = declared | set(table.key) | {"breathing_space_end", "term_end"}
        assert [end for end in ends if end not in known] == [], name


def test_a_period_must_name_declared_columns():
    with pytest.raises(ValueError, match="not declared"):
        Table(
            name="t",
            source="s",
            says="One row.",
            key=("a",),
            business=(column("a", Kind.TEXT, "O", "A."),),
            periods=(("a", "b"),),
        )


@pytest.mark.parametrize("date_format", ["%Q", "%d/%m", "dd/mm/yyyy", "%H:%M"])
def test_a_date_format_that_is_none(tmp_path, date_format):
    place, con = northmere(), duckdb.connect()
    rent = place.sources["rent"]
    tables = {"rent_balance": TableMapping(date_format=date_format)}
    mapped = place.model_copy(
        update={"sources": place.sources | {"rent": rent.model_copy(update={"tables": tables})}}
    )
    folder = deliver(tmp_path, mapped, "rent_balance")
    with pytest.raises(SettingsError, match=r"sources\.rent\.tables\.rent_balance: date_format"):
        load_delivery(con, place=mapped, folder=folder, today=TODAY)
    assert con.execute("SELECT count(*) FROM raw.rent_balance").fetchall() == [(0,)]


@pytest.mark.parametrize(
    ("count", "examples", "words"),
    [
        (1, (5,), "row 5"),
        (2, (5, 9), "rows 5, 9"),
        (7204, (5, 9, 12), "7,204 rows, first 5, 9, 12"),
    ],
)
def test_rows_in_words(count, examples, words):
    assert rows_in_words(count, examples) == words
