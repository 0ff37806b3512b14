"""Settings of files and controllers: what cannot work is refused when the place is read."""

from __future__ import annotations

import re
from datetime import date

import pytest
from pydantic import ValidationError

from contracts.errors import SettingsError
from contracts.holders import SourceSettings, check_mapping, local_ids
from contracts.mapping import FileStyle, NumberStyle, TableMapping
from contracts.place import load_place, places_folder
from contracts.tables import SOURCES

BASIS = {"lawful_basis": "public task"}
ONE = BASIS | {"controller": "A", "agreement": "1"}


@pytest.mark.parametrize("date_format", ["%Q", "%d/%m", "dd/mm/yyyy", "%H:%M", ""])
def test_a_date_format_holds_a_whole_date(date_format):
    with pytest.raises(ValidationError, match="does not hold a whole date"):
        TableMapping(date_format=date_format)


WRONG = [
    (TableMapping, {"date_format": ["%d/%m/%Y", "%m/%d/%Y"]}, "read one text as different days"),
    (TableMapping, {"column_formats": {"dob": ["%d.%m.%Y", "%m.%d.%Y"]}}, "different days"),
    (TableMapping, {"date_format": "%d/%m/%y"}, "two_digit_years_from"),
    (TableMapping, {"date_format": ["excel", "excel1904"]}, "only one of excel"),
    (TableMapping, {"date_format": []}, "a date format is needed"),
    (TableMapping, {"constants": {"a": "1"}, "absent": ["a"]}, "two ways to have a value"),
    (TableMapping, {"columns": {"a": "b"}, "absent": ["a"]}, "two ways to have a value"),
    (NumberStyle, {"decimal": ",", "thousands": ","}, "decimal and thousands are the same"),
    (FileStyle, {"format": "fixed"}, "positions are given for format fixed"),
    (FileStyle, {"positions": {"a": [1, 2]}}, "positions are given for format fixed"),
    (FileStyle, {"format": "fixed", "positions": {"a": [3, 2]}}, "lies after the last"),
    (FileStyle, {"header_row": 0}, "names are given where header_row = 0"),
    (FileStyle, {"header_row": 0, "names": ["a", "a"]}, "named twice"),
    (FileStyle, {"delimiter": "'", "quote": "'"}, "delimiter and quote"),
    (FileStyle, {"encoding": "ebcdic"}, "encoding"),
    (SourceSettings, BASIS, "give controller and agreement"),
    (SourceSettings, ONE | {"controllers": {"x": ONE}}, "give controller and agreement"),
    (SourceSettings, ONE | {"shapes": {"1": {}}}, "described twice"),
    (
        SourceSettings,
        BASIS
        | {"controllers": {x: {"controller": x, "agreement": x, "prefix": "p"} for x in "ab"}},
        "two of them have one prefix",
    ),
]


@pytest.mark.parametrize(("model", "fields", "says"), WRONG)
def test_what_cannot_work_is_refused(model, fields, says):
    with pytest.raises(ValidationError, match=says):
        model.model_validate(fields)


def test_a_column_has_its_own_formats_or_the_tables():
    mapping = TableMapping(date_format="%d/%m/%Y", column_formats={"dob": ("iso", "%d%m%Y")})
    assert mapping.formats("start_date") == ("%d/%m/%Y",)
    assert mapping.formats("dob") == ("iso", "%d%m%Y")
    assert mapping.formats("arrival_ts", timed=True) == ("iso",)


def test_a_controller_takes_from_its_source_what_it_leaves_out():
    mapping = TableMapping(columns={"uprn": "UPRN"})
    source = SourceSettings.model_validate(
        BASIS
        | {
            "tables": {"ctax_account": mapping},
            "controllers": {
                "east": {"controller": "East", "agreement": "E1"},
                "west": {
                    "controller": "Newshire",
                    "agreement": "N1",
                    "prefix": "",
                    "formerly": [{"controller": "West", "agreement": "W1"}],
                    "until": "2028-03-31",
                    "schema_version": "3",
                    "shapes": {"2": {"leaves_out": ["ctax_cts"]}},
                    "tables": {"ctax_account": {}},
                },
            },
        }
    )
    east, west = source.holders["east"], source.holders["west"]
    assert (east.prefix, west.prefix) == ("east", "")
    assert (east.lawful_basis, east.purpose) == ("public task", "prevention")
    assert east.mapping("ctax_account", "1") == mapping
    assert east.mapping("ctax_account", "3") is None
    assert west.mapping("ctax_account", "3") == TableMapping()
    assert west.mapping("ctax_cts", "2") is None
    assert west.mapping("ctax_party", "2") == TableMapping()
    assert west.names == (("Newshire", "N1"), ("West", "W1"))
    assert west.until == date(2028, 3, 31)


@pytest.mark.parametrize("source", SOURCES)
def test_ids_that_several_sources_share_are_not_kept_apart(source):
    """What joins two sources' tables must mean the same in both."""
    assert not local_ids(source) & {"uprn", "nhs_pid", "nino_hash", "postcode", "lsoa21"}


@pytest.mark.parametrize(
    ("table", "fields", "says"),
    [
        ("ctax_account", {"columns": {"banding": "x"}}, "there is no column 'banding'"),
        ("ctax_account", {"constants": {"none": "x"}}, "there is no column 'none'"),
        ("ctax_account", {"nulls": {"none": ["x"]}}, "there is no column 'none'"),
        ("ctax_account", {"codes": {"band": {"X": "Z9"}}}, "not Afloat's codes: ['Z9']"),
        ("ctax_account", {"column_formats": {"band": ["iso"]}}, "hold no dates: ['band']"),
        ("ctax_account", {"absent": ["account_ref"]}, "are needed; give each in constants"),
        ("uc_award", {}, "source ctax has no such table"),
    ],
)
def test_a_mapping_names_what_is_declared(table, fields, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        check_mapping("here", "ctax", table, TableMapping.model_validate(fields))
    check_mapping("here", "ctax", "ctax_account", TableMapping(absent=("extract_date", "band")))


def test_a_mapping_of_a_shape_is_checked_too(tmp_path):
    text = (places_folder() / "northmere" / "place.toml").read_text(encoding="utf-8")
    text = text.replace("tables.ctax_account.columns]", "shapes.0.tables.uc_award.columns]")
    (tmp_path / "northmere").mkdir()
    (tmp_path / "northmere" / "place.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"sources\.ctax\.shapes\.0\.tables\.uc_award"):
        load_place("northmere", tmp_path)
