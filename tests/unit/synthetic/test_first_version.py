"""The Universal Credit share before its second version."""

from __future__ import annotations

import json
import tomllib
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from contracts.tables import SOURCES, TABLES
from synthetic.deliveries import deliver
from synthetic.first_version import LAYOUT, first_layout
from tests.unit.synthetic.conftest import LAST, Made

SECOND_FROM = date(2025, 6, 1)


@pytest.fixture(scope="module")
def landing(tiny: Made, northmere, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("landing")
    frames = {name: frame for name, frame in tiny.frames.items() if name.startswith("uc_")}
    deliver(
        northmere,
        folder,
        frames,
        last_month=LAST,
        silent=None,
        uc_second_from=SECOND_FROM,
        progress=lambda _: None,
    )
    return folder


def test_the_layout_names_every_column_of_its_tables():
    for table in SOURCES["uc"]:
        layout = first_layout(table.name)
        if layout is None:
            assert table.name == "uc_deduction"
            continue
        assert set(layout.columns) | layout.absent == set(table.names), table.name
        assert not set(layout.columns) & layout.absent
        for column, codes in layout.codes.items():
            assert set(codes) <= set(TABLES[table.name][column].codes or ())


def test_codes_of_the_first_version_are_read_back_without_doubt():
    page = tomllib.loads(LAYOUT.read_text(encoding="utf-8"))
    for table in page["tables"].values():
        for codes in table.get("codes", {}).values():
            assert len(set(codes.values())) == len(codes)


def test_old_months_come_in_the_first_version_and_later_ones_in_the_second(landing: Path):
    told = {
        folder.name: json.loads((folder / "manifest.json").read_text())
        for folder in landing.iterdir()
    }
    versions = {name: manifest["schema_version"] for name, manifest in told.items()}
    old = {name for name, version in versions.items() if version == "1"}
    assert old == {f"{t}-2025-05-31" for t in ("uc_award", "uc_member", "uc_element")}
    assert set(versions.values()) == {"1", "2"}
    first = pl.read_csv(landing / "uc_award-2025-05-31" / "uc_award.csv", infer_schema=False)
    assert "CLAIM_KEY" in first.columns
    assert set(first["NOTIFICATION_TYPE"]) <= set("NFCUZX")
    assert all(len(day) == 8 for day in first["AP_END"].head(50))
    assert first.height == told["uc_award-2025-05-31"]["row_count"]


def test_both_versions_together_are_all_the_rows(landing: Path, tiny: Made):
    rows = sum(
        json.loads((folder / "manifest.json").read_text())["row_count"]
        for folder in landing.glob("uc_award-*")
    )
    known = tiny.frames["uc_award"].filter(pl.col("recorded_date") <= LAST)
    assert rows == known.height
