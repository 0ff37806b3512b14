"""What may lie where, and that nothing is written that is not declared."""

from __future__ import annotations

from datetime import date

import duckdb
import polars as pl
import pytest

from contracts.columns import Column, ColumnClass, Kind, column
from contracts.made import BOOKS, MADE, MadeTable, NotDeclared
from contracts.made.crossed import CROSSED, Attach
from contracts.tables import TABLES
from contracts.zones import Zone, may_lie
from features.made import FEATURE
from linkage.store import replace_tables


def of_class(letter: str, permitted: str | None = None) -> Column:
    return column("c", Kind.TEXT, letter, "A column.", permitted=permitted)


@pytest.mark.parametrize(
    ("letter", "plain", "permitted"),
    [
        ("O", {*Zone}, {*Zone}),
        ("Q", {*Zone}, {*Zone}),
        ("P", {Zone.IDENTITY, Zone.AUDIT}, {Zone.IDENTITY, Zone.AUDIT}),
        ("I", {Zone.IDENTITY}, {Zone.IDENTITY}),
        ("S", {Zone.IDENTITY}, {Zone.IDENTITY, Zone.MODELLING}),
        ("C", {Zone.IDENTITY}, {Zone.IDENTITY, Zone.MODELLING}),
        ("X", {Zone.IDENTITY}, {Zone.IDENTITY, Zone.MODELLING}),
    ],
)
def test_class_and_declared_permission_say_where_a_column_may_lie(letter, plain, permitted):
    assert {zone for zone in Zone if may_lie(of_class(letter), zone)} == plain
    given = of_class(letter, "A count of it.")
    assert {zone for zone in Zone if may_lie(given, zone)} == permitted


def test_every_class_is_in_that_table():
    assert {*"OQPISCX"} == {each.value for each in ColumnClass}


def test_a_table_cannot_be_declared_where_its_columns_may_not_lie():
    with pytest.raises(ValueError, match=r"not allowed in the modelling zone: \['c'\]"):
        MadeTable(name="t", says="A row.", zone=Zone.MODELLING, columns=(of_class("I"),))


def test_no_two_made_tables_of_a_month_share_a_name_but_copies():
    assert FEATURE.name not in MADE
    assert not set(BOOKS) & set(TABLES)


def test_a_permission_is_only_declared_where_it_is_needed():
    for table in (*MADE.values(), FEATURE, *TABLES.values()):
        for each in table.columns:
            if each.permitted is not None:
                assert each.cls in "SCX", f"{table.name}.{each.name}"


def test_no_identifier_crosses_and_every_key_has_a_number():
    for crossed in CROSSED:
        assert {TABLES[crossed.table][key].cls for key in crossed.keys} <= {"I"}
        assert not {each.cls for each in crossed.carried} & {"I", "P"}
        undeclared = [c.name for c in crossed.carried if c.cls in "SCX" and c.permitted is None]
        assert undeclared == []
    for attach in Attach:
        assert any(attach in crossed.numbered.values() for crossed in CROSSED), attach


def test_writing_an_undeclared_table_says_where_to_declare_it():
    con = duckdb.connect()
    frame = pl.DataFrame({"person_id": [1]})
    with pytest.raises(NotDeclared, match="Table novelty is written and not declared"):
        replace_tables(con, date(2026, 10, 31), {"novelty": frame})
    with pytest.raises(NotDeclared, match=r"not declared \['extra'\], not written \['first_name'"):
        replace_tables(
            con,
            date(2026, 10, 31),
            {"person_identity": frame.with_columns(extra=pl.lit(1), title=pl.lit("MS"))},
        )
    assert con.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
