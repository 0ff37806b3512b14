"""`afloat map` on invented vendors' files: right nearly always, valid, and silent about people."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import duckdb
import pytest

from afloat.mapping import draft_mapping
from contracts.columns import ColumnClass
from contracts.errors import DataMissing, SettingsError
from contracts.holders import check_mapping
from contracts.mapping import TableMapping
from contracts.place import load_place
from contracts.tables import TABLES
from contracts.workspace import REPOSITORY, Workspace
from linkage.ingest import load_delivery
from linkage.mapping import draft_toml, look_at
from synthetic import simulate
from tests.evaluation.vendor_layouts import native_files, try_vendors
from tests.unit.ingest.deliveries import TODAY, csv_bytes, deliver, northmere
from tests.unit.ingest.vendors import mapped, workbook_of

HELD_OUT = ("harbour", "terse")


@pytest.fixture(scope="module")
def natives(tmp_path_factory):
    """Table to a file of an invented place, with the declared names."""
    folder = tmp_path_factory.mktemp("place")
    workspace = Workspace(root=folder, place="northmere")
    simulate(place=northmere(), workspace=workspace, size="tiny", preset="average_unitary", seed=5)
    return native_files(workspace.landing, folder)


@pytest.fixture(scope="module")
def tried(natives, tmp_path_factory):
    return list(try_vendors(natives, tmp_path_factory.mktemp("vendors")))


def test_columns_are_mapped_right(tried):
    """Of vendors that were not looked at while the words were chosen, too."""
    assert len(tried) == 30
    for chosen in (tried, [one for one in tried if one.vendor in HELD_OUT]):
        columns = sum(one.columns for one in chosen)
        assert sum(one.right for one in chosen) >= 0.95 * columns
        assert sum(len(one.wrong) for one in chosen) <= 0.02 * columns
        assert [one for one in chosen if one.table != one.taken_for] == []


def _mapping(text: str, table: str) -> TableMapping:
    source = TABLES[table].source
    settings = tomllib.loads(text)["sources"][source]["tables"][table]
    mapping = TableMapping.model_validate(settings)
    check_mapping("draft", source, table, mapping)
    return mapping


def test_a_draft_is_sound_settings_and_holds_nothing_of_anybody(tried, natives):
    for one in tried:
        _mapping(one.draft, one.table)
        private = _private(one.table, natives[one.table])
        assert [value for value in private if value in one.draft] == [], (one.vendor, one.table)


def _private(table: str, native: Path) -> set[str]:
    """Values of identifying and special columns that could not stand in a draft by chance."""
    con = duckdb.connect()
    found: set[str] = set()
    for column in TABLES[table]:
        if column.cls in {ColumnClass.IDENTIFIER, ColumnClass.SPECIAL}:
            rows = con.execute(
                f"SELECT DISTINCT {column.name} FROM read_csv('{native}', all_varchar = true) "
                f"WHERE length({column.name}) > 5 LIMIT 300"
            ).fetchall()
            found |= {value for (value,) in rows}
    con.close()
    return found


@pytest.mark.parametrize("table", ["rent_tenancy", "llpg_lpi"])
def test_a_finished_draft_loads_the_file_it_was_made_of(table, tried, natives, tmp_path):
    """Finished by taking every doubtful line as it stands, which for these files is right."""
    one = next(one for one in tried if (one.vendor, one.table) == ("civic", table))
    finished = re.sub(r"(?m)^# (\w+ = .* doubtful)", r"\1", one.draft)
    mapping = _mapping(finished, table)
    loaded = []
    for place, content in (
        (mapped(northmere(), table, **mapping.model_dump()), one.path.read_bytes()),
        (northmere(), natives[table].read_bytes()),
    ):
        con = duckdb.connect()
        rows = duckdb.sql(f"SELECT * FROM read_csv('{natives[table]}')").fetchall()
        folder = deliver(tmp_path, place, table, content=content, row_count=len(rows))
        result = load_delivery(con, place=place, folder=folder, today=TODAY)
        assert (result.loaded_rows, result.quarantined_rows) == (len(rows), 0), result.message
        loaded.append(
            con.execute(
                f"SELECT * EXCLUDE (delivery_id) FROM raw.{table} ORDER BY row_number"
            ).fetchall()
        )
    assert loaded[0] == loaded[1]


def test_a_file_without_a_header_shows_nothing_of_its_first_row(tmp_path):
    path = tmp_path / "people.csv"
    people = [["Ann", "Lowe", "Flat", "ok"], ["Ben", "Hart", "House", "ok"]] * 20
    path.write_bytes(csv_bytes(people[0], people[1:]))
    sample, proposal = look_at(path)
    text = draft_toml(sample, proposal)
    assert not any(word in text for word in ("Ann", "Lowe", "Flat", "Hart"))
    assert sample.names == ("c1", "c2", "c3", "c4")


def test_how_a_file_is_written_is_found(natives, tmp_path):
    text = natives["rent_person"].read_text(encoding="utf-8")
    lines = [line.split(",") for line in text.splitlines()[:30]]
    title = [["Housing extract"], [], *lines]
    path = tmp_path / "people.xlsx"
    path.write_bytes(workbook_of(title))
    sample, proposal = look_at(path)
    assert (sample.style.format, sample.style.header_row) == ("xlsx", 3)
    assert (proposal.table, len(proposal.matches)) == ("rent_person", 16)
    path.write_bytes("\n".join(";".join(line) for line in lines).encode("utf-16"))
    sample, proposal = look_at(path)
    assert (sample.style.encoding, sample.style.delimiter) == ("utf-16", ";")
    assert proposal.table == "rent_person"


def test_the_command_writes_a_draft_that_nothing_reads(natives, tmp_path, monkeypatch):
    (tmp_path / "northmere").mkdir()
    settings = (REPOSITORY / "places/northmere/place.toml").read_text(encoding="utf-8")
    (tmp_path / "northmere" / "place.toml").write_text(settings, encoding="utf-8")
    monkeypatch.setenv("AFLOAT_PLACES", str(tmp_path))
    before, said = load_place("northmere"), []
    paths = [
        draft_mapping(natives["rent_person"], place="northmere", table="", say=said.append)
        for _ in range(2)
    ]
    assert [path.name for path in paths] == ["rent_person.toml", "rent_person-2.toml"]
    assert load_place("northmere") == before
    private = _private("rent_person", natives["rent_person"])
    assert not [value for value in private if value in "\n".join(said)]
    with pytest.raises(SettingsError, match="There is no table 'parking'"):
        draft_mapping(natives["rent_person"], place="northmere", table="parking", say=said.append)
    with pytest.raises(DataMissing, match="no file"):
        draft_mapping(tmp_path / "none.csv", place="northmere", table="", say=said.append)
