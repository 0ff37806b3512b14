"""What may no longer be held goes, everywhere, once, and is certified."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from contracts.place import Place
from linkage.ingest import Outcome, load_landing
from linkage.rights.certificates import broken_links
from linkage.rights.retention import apply_retention, due_deliveries
from tests.unit.ingest.deliveries import TODAY, deliver, northmere, sound_rows

LATER = date(2027, 1, 15)
TABLE = "rent_tenancy"


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 2}) as connection:
        yield connection


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    place = northmere()
    bad = [row | {"tenure": "NO SUCH"} for row in sound_rows(TABLE, 1)]
    deliver(
        tmp_path / "landing", place, TABLE, bad + sound_rows(TABLE, 10)[1:], folder="old",
        retain_until="2026-12-31",
    )  # fmt: skip
    deliver(tmp_path / "landing", place, "rent_action", folder="kept")
    return tmp_path / "landing"


def _load(con: duckdb.DuckDBPyConnection, landing: Path, today: date = TODAY) -> list[Outcome]:
    found = load_landing(con, place=northmere(), landing=landing, today=today)
    return [one.outcome for one in found.deliveries]


def _apply(con, tmp_path, landing=None, place: Place | None = None, today: date = LATER):
    return apply_retention(
        con, place=place or northmere(), today=today, certificates=tmp_path / "c", landing=landing
    )


def _rows(con: duckdb.DuckDBPyConnection, table: str) -> int:
    return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def test_nothing_goes_before_its_day(con, tmp_path, landing):
    _load(con, landing)
    assert _apply(con, tmp_path, today=date(2026, 12, 31)) == []
    assert _rows(con, f"raw.{TABLE}") == 9
    assert not (tmp_path / "c").exists()


def test_rows_quarantine_working_copies_and_landing_go(con, tmp_path, landing):
    _load(con, landing)
    con.execute("CREATE SCHEMA m2026_10; CREATE TABLE m2026_10.person AS SELECT 1 AS person_id")
    con.execute("CREATE SCHEMA m2020_01; CREATE TABLE m2020_01.person AS SELECT 1 AS person_id")
    con.execute(f"CREATE SCHEMA work; CREATE TABLE work.copy AS SELECT * FROM raw.{TABLE}")
    (path,) = _apply(con, tmp_path, landing)
    assert (_rows(con, f"raw.{TABLE}"), _rows(con, "raw.quarantine"), _rows(con, "work.copy")) == (
        0, 0, 0,
    )  # fmt: skip
    assert _rows(con, "raw.rent_action") == 10
    assert [one.name for one in landing.iterdir()] == ["kept"]
    schemas = {
        name for (name,) in con.execute("SELECT schema_name FROM duckdb_schemas()").fetchall()
    }
    assert "m2026_10" not in schemas
    assert "m2020_01" in schemas, "it ended before the first of the rows was known"
    said = json.loads(path.read_bytes())
    (one,) = said["deliveries"]
    assert (one["loaded_rows"], one["quarantined_rows"], one["rule"]) == (9, 1, "retain_until")
    assert {"what": "m2026_10", "done": "month tables dropped", "rows": 0} in said["also"]
    assert (tmp_path / "c" / "0001.html").exists()


def test_a_place_may_leave_month_tables_until_they_are_built_again(con, tmp_path, landing):
    _load(con, landing)
    con.execute("CREATE SCHEMA m2026_10; CREATE TABLE m2026_10.person AS SELECT 1 AS person_id")
    place = northmere()
    marked = place.model_copy(
        update={"retention": place.retention.model_copy(update={"derived": "mark"})}
    )
    (path,) = _apply(con, tmp_path, place=marked)
    assert _rows(con, "m2026_10.person") == 1
    assert "left until built again" in path.read_text()


def test_doing_it_again_changes_nothing(con, tmp_path, landing):
    _load(con, landing)
    (path,) = _apply(con, tmp_path, landing)
    before = path.read_bytes()
    assert _apply(con, tmp_path, landing) == []
    assert path.read_bytes() == before


def test_a_certificate_lost_in_a_crash_is_written_again_the_same(con, tmp_path, landing):
    _load(con, landing)
    (path,) = _apply(con, tmp_path)
    before = path.read_bytes()
    path.unlink()
    assert _apply(con, tmp_path) == [path]
    assert path.read_bytes() == before


def test_a_crash_inside_deletes_nothing(con, tmp_path, landing, monkeypatch):
    _load(con, landing)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("linkage.rights.retention._derived", fail)
    with pytest.raises(KeyboardInterrupt):
        _apply(con, tmp_path)
    assert _rows(con, f"raw.{TABLE}") == 9
    assert _rows(con, "rights.deletion") == 0


def test_a_deleted_delivery_is_refused_when_it_comes_again(con, tmp_path, landing):
    _load(con, landing)
    _apply(con, tmp_path)
    # Whatever the clock says: the certificate holds.
    found = load_landing(con, place=northmere(), landing=landing, today=TODAY)
    refused = found.of(Outcome.REFUSED)
    assert [one.folder for one in refused] == ["old"]
    assert "certificate 0001" in refused[0].message


def test_the_place_may_keep_for_a_shorter_time_than_the_sender_allows(con, tmp_path, landing):
    _load(con, landing)
    place = northmere()
    rent = place.sources["rent"]
    entry = rent.register["prevention"].model_copy(update={"keep_months": 3})
    short = place.model_copy(
        update={
            "sources": place.sources
            | {"rent": rent.model_copy(update={"register": {"prevention": entry}})}
        }
    )
    found = due_deliveries(con, place=short, today=date(2026, 5, 2))
    assert {one.table: (one.rule, one.kept_until) for one in found} == {
        "rent_action": ("keep_months", date(2026, 5, 1)),
        "rent_tenancy": ("keep_months", date(2026, 5, 1)),
    }
    assert due_deliveries(con, place=short, today=date(2026, 5, 1)) == ()


def test_the_chain_tells_of_a_changed_a_lost_and_a_forged_certificate(con, tmp_path, landing):
    _load(con, landing)
    _apply(con, tmp_path)
    _apply(con, tmp_path, today=date(2029, 1, 1))
    folder = tmp_path / "c"
    assert len(list(folder.glob("*.json"))) == 2
    assert broken_links(folder) == []
    second = folder / "0002.json"
    second.write_bytes(second.read_bytes().replace(b'"kept_until"', b'"kept_untill"', 1))
    assert broken_links(folder) == ["0002.json was changed after it was written"]
    (folder / "0001.json").unlink()
    assert len(broken_links(folder)) == 3
