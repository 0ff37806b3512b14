"""The declarations keep to their own rules."""

import pytest

from contracts.columns import SYSTEM_COLUMNS, ColumnClass, Kind, Table, column
from contracts.tables import SOURCES, TABLES

IDENTIFIERS = ("name", "nino", "uprn", "nhs_pid", "phone", "postcode", "account_ref", "claim_ref")


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_is_whole(table: Table):
    assert table.key
    assert table.columns[-4:] == SYSTEM_COLUMNS
    for key in table.key:
        assert table[key].required, f"{table.name}.{key} is part of the key"
    for each in table:
        assert each.says.endswith("."), f"{table.name}.{each.name} has no full sentence"
        assert each.codes is None or each.kind is Kind.CODE


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_what_identifies_somebody_is_classed_so(table: Table):
    for each in table:
        if any(part in each.name for part in IDENTIFIERS) or each.name == "dob":
            assert each.cls is ColumnClass.IDENTIFIER, f"{table.name}.{each.name}"


def test_health_facts_are_special_category():
    allowed = {ColumnClass.IDENTIFIER, ColumnClass.QUASI, ColumnClass.PROTECTED}
    for source in ("gp", "mh", "ecds"):
        for table in SOURCES[source]:
            for each in table.business:
                if table.name != "gp_patient":
                    assert each.cls in allowed | {ColumnClass.SPECIAL}, f"{table.name}.{each.name}"


def test_every_table_belongs_to_one_source():
    assert sorted(t.name for tables in SOURCES.values() for t in tables) == sorted(TABLES)


def test_a_code_is_never_read_as_a_null():
    ethnic = TABLES["gp_patient"]["ethnic16"]
    assert "99" not in ethnic.null_tokens
    assert "" in ethnic.null_tokens


def test_a_key_must_be_declared():
    with pytest.raises(ValueError, match="not declared"):
        Table(name="t", source="s", says="A row.", key=("nothing",))


def test_a_column_is_declared_once():
    twice = column("a", Kind.TEXT, "O", "A.")
    with pytest.raises(ValueError, match="declared twice"):
        Table(name="t", source="s", says="A row.", key=("a",), business=(twice, twice))


def test_an_unknown_column_is_named():
    with pytest.raises(KeyError, match="llpg_blpu has no column 'colour'"):
        TABLES["llpg_blpu"]["colour"]
