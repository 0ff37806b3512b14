"""The declarations say enough to derive every rule."""

from __future__ import annotations

import pytest

from contracts.columns import Kind, Table, column
from contracts.tables import TABLES
from linkage.ingest.results import rows_in_words


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
