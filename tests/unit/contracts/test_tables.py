"""The declarations keep to their own rules."""

import pytest

from contracts.columns import SYSTEM_COLUMNS, ColumnClass, Kind, Table, column
from contracts.tables import SOURCES, TABLES

IDENTIFIERS = (
    *("name", "nino", "uprn", "nhs_pid", "nhs_number", "phone", "email", "postcode", "upn"),
    *("account_ref", "claim_ref", "person_id", "dob", "death", "easting", "northing"),
)
# Why there is no number says nothing of who it is.
NOT_IDENTIFIERS = {"upn_unknown", "unit_cost"}


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
        if each.name not in NOT_IDENTIFIERS and any(part in each.name for part in IDENTIFIERS):
            assert each.cls is ColumnClass.IDENTIFIER, f"{table.name}.{each.name}"


def test_health_facts_are_special_category():
    allowed = {ColumnClass.IDENTIFIER, ColumnClass.QUASI, ColumnClass.PROTECTED}
    allowed.add(ColumnClass.SAFETY)
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


def test_codes_that_tell_of_danger_are_safety_markers():
    danger = {
        ("hclic_case", "reason_loss"): "DOMESTIC_ABUSE",
        ("hclic_case", "accom_at_application"): "REFUGE",
        ("hclic_support", "need_code"): "DOMESTIC_ABUSE",
        ("asc_cld_event", "accommodation_status"): "Refuge",
        ("asc_safeguarding", "concern_type"): "DOMESTIC",
        ("cs_assessment_factor", "factor"): "3B",
        ("cs_address", "addr_address_type"): "PLACEMENT",
        ("cs_cla", "clae_ceased_reason"): "E12",
        ("cs_cin", "cine_close_reason"): "RC1",
        ("gp_condition", "cluster"): "DV_CODED",
        ("elector", "franchise"): "ANONYMOUS",
    }
    for (table, name), code in danger.items():
        assert TABLES[table][name].class_of(code) is ColumnClass.SAFETY, f"{table}.{name}"


def test_accusations_of_crime_are_criminal_offence_data():
    for table, name, code in (
        ("hclic_support", "need_code", "OFFENDING"),
        ("cs_cla", "clae_legal_status", "J1"),
        ("school_exclusion", "reason_1", "TH"),
        ("env_asb_case", "role", "COMPLAINANT"),
    ):
        assert TABLES[table][name].class_of(code) is ColumnClass.CRIMINAL, f"{table}.{name}"


def test_nobody_accused_is_in_a_code_list():
    role = TABLES["env_asb_case"]["role"]
    assert set(role.barred) == {"SUBJECT", "BOTH"}
    assert not set(role.barred) & set(role.codes or ())


def test_a_class_belongs_to_a_code_of_the_list():
    with pytest.raises(ValueError, match="not in the list"):
        column("a", Kind.CODE, "O", "A.", codes={"1": "one"}, code_classes={"2": "X"})


def test_a_barred_code_is_in_no_list():
    with pytest.raises(ValueError, match="barred"):
        column("a", Kind.CODE, "O", "A.", codes={"1": "one"}, barred={"1": "never"})
