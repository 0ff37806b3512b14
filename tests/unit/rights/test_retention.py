"""What may no longer be held goes, everywhere, once, and is certified."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from contracts.holders import SourceSettings
from contracts.place import Place
from contracts.warehouse import Warehouse
from contracts.workspace import Workspace
from contracts.zones import Zone
from linkage.ingest import Outcome, load_landing
from linkage.rights.certificates import broken_links
from linkage.rights.due import due_deliveries
from linkage.rights.retention import apply_retention
from tests.unit.ingest.deliveries import (
    REGISTERED,
    TODAY,
    csv_bytes,
    deliver,
    northmere,
    sound_rows,
)

LATER = date(2027, 1, 15)
TABLE = "rent_tenancy"
MONTHS = {"m2026_10": "person", "m2020_01": "person"}


@pytest.fixture
def zones(tmp_path: Path) -> Warehouse:
    return Workspace(root=tmp_path, place="northmere").warehouse(1)


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


def _load(
    zones: Warehouse, landing: Path, place: Place | None = None, today: date = TODAY
) -> dict[str, Outcome]:
    with zones.write(Zone.IDENTITY) as con:
        found = load_landing(con, place=place or northmere(), landing=landing, today=today)
    return {one.folder: one.outcome for one in found.deliveries}


def _make_months(zones: Warehouse) -> None:
    for zone in Zone:
        with zones.write(zone) as con:
            for schema, table in MONTHS.items():
                con.execute(f"CREATE SCHEMA {schema}")
                con.execute(f"CREATE TABLE {schema}.{table} AS SELECT 1 AS household_id")


def _months(zones: Warehouse) -> dict[str, list[str]]:
    found = {}
    for zone in Zone:
        with zones.read(zone) as con:
            rows = con.execute(
                "SELECT schema_name FROM duckdb_tables() WHERE starts_with(schema_name, 'm2') "
                "ORDER BY 1"
            ).fetchall()
        found[zone.value] = [schema for (schema,) in rows]
    return found


def _apply(zones, tmp_path, landing=None, place: Place | None = None, today: date = LATER):
    return apply_retention(
        zones, place=place or northmere(), today=today, certificates=tmp_path / "c", landing=landing
    )


def _rows(zones: Warehouse, table: str) -> int:
    with zones.read(Zone.IDENTITY) as con:
        return int(con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])


def test_nothing_goes_before_its_day(zones, tmp_path, landing):
    _load(zones, landing)
    assert _apply(zones, tmp_path, today=date(2026, 12, 31)) == []
    assert _rows(zones, f"raw.{TABLE}") == 9
    assert not (tmp_path / "c").exists()


def test_rows_quarantine_working_copies_and_landing_go(zones, tmp_path, landing):
    _load(zones, landing)
    with zones.write(Zone.IDENTITY) as con:
        con.execute(f"CREATE SCHEMA work; CREATE TABLE work.copy AS SELECT * FROM raw.{TABLE}")
    (path,) = _apply(zones, tmp_path, landing)
    gone = [_rows(zones, table) for table in (f"raw.{TABLE}", "raw.quarantine", "work.copy")]
    assert gone == [0, 0, 0]
    assert _rows(zones, "raw.rent_action") == 10
    assert [one.name for one in landing.iterdir()] == ["kept"]
    (one,) = json.loads(path.read_bytes())["deliveries"]
    assert (one["loaded_rows"], one["quarantined_rows"], one["rule"]) == (9, 1, "retain_until")
    assert (tmp_path / "c" / "0001.html").exists()


def test_what_was_made_of_it_goes_from_every_zone(zones, tmp_path, landing):
    _load(zones, landing)
    _make_months(zones)
    (path,) = _apply(zones, tmp_path)
    # January 2020 ended before the first of the rows was known.
    assert _months(zones) == {zone.value: ["m2020_01"] for zone in Zone}
    also = json.loads(path.read_bytes())["also"]
    for zone in Zone:
        said = {"what": f"{zone}.m2026_10", "done": "month tables dropped", "rows": 0}
        assert said in also


def test_a_place_may_leave_month_tables_until_they_are_built_again(zones, tmp_path, landing):
    _load(zones, landing)
    _make_months(zones)
    place = northmere()
    marked = place.model_copy(
        update={"retention": place.retention.model_copy(update={"derived": "mark"})}
    )
    (path,) = _apply(zones, tmp_path, place=marked)
    assert _months(zones) == {zone.value: sorted(MONTHS) for zone in Zone}
    assert path.read_text().count("left until built again") == 3


def test_doing_it_again_changes_nothing(zones, tmp_path, landing):
    _load(zones, landing)
    (path,) = _apply(zones, tmp_path, landing)
    before, sealed = path.read_bytes(), zones.path(Zone.IDENTITY).read_bytes()
    assert _apply(zones, tmp_path, landing) == []
    assert path.read_bytes() == before
    assert zones.path(Zone.IDENTITY).read_bytes() == sealed


def test_a_certificate_lost_in_a_crash_is_written_again_the_same(zones, tmp_path, landing):
    _load(zones, landing)
    (path,) = _apply(zones, tmp_path)
    before = path.read_bytes()
    path.unlink()
    _make_months(zones)
    assert _apply(zones, tmp_path) == [path]
    assert path.read_bytes() == before
    assert _months(zones)["modelling"] == sorted(MONTHS), "what was built since stays"


def test_a_crash_inside_deletes_nothing(zones, tmp_path, landing, monkeypatch):
    _load(zones, landing)

    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("linkage.rights.retention.drop_derived", fail)
    with pytest.raises(KeyboardInterrupt):
        _apply(zones, tmp_path)
    assert _rows(zones, f"raw.{TABLE}") == 9


@pytest.mark.parametrize("zone", [Zone.MODELLING, Zone.AUDIT])
def test_after_a_crash_between_zones_the_next_pass_goes_on(
    zone, zones, tmp_path, landing, monkeypatch
):
    _load(zones, landing)
    _make_months(zones)
    write = Warehouse.write

    def cut_short(self: Warehouse, asked: Zone) -> object:
        if asked is zone:
            raise KeyboardInterrupt
        return write(self, asked)

    with monkeypatch.context() as patch:
        patch.setattr(Warehouse, "write", cut_short)
        with pytest.raises(KeyboardInterrupt):
            _apply(zones, tmp_path)
    assert _months(zones)[zone.value] == sorted(MONTHS)
    assert not (tmp_path / "c").exists(), "it is not certified before it is done"
    (path,) = _apply(zones, tmp_path)
    assert _months(zones) == {zone.value: ["m2020_01"] for zone in Zone}
    assert f"{Zone.IDENTITY}.m2026_10" in path.read_text()


def test_what_stays_reads_as_if_the_deleted_had_never_come(zones, tmp_path):
    """A later full extract withdrew a key and repeated another: both were said of the older one."""
    place, landing = northmere(), tmp_path / "landing"
    deliver(
        landing, place, TABLE, sound_rows(TABLE, 10), folder="1", coverage="full",
        retain_until="2026-12-31", extract_to="2026-01-31",
    )  # fmt: skip
    second = [row | {"extract_date": "2026-02-28"} for row in sound_rows(TABLE, 9)]
    second[0]["landlord"] = "RP9"
    deliver(landing, place, TABLE, second, folder="2", coverage="full", extract_to="2026-02-28")
    _load(zones, landing)
    assert _rows(zones, f"raw.{TABLE}") == 20, "nineteen that came, and one withdrawn"
    _apply(zones, tmp_path, landing)
    alone = Workspace(root=tmp_path / "alone", place="northmere").warehouse(1)
    _load(alone, landing)
    found = []
    for warehouse in (zones, alone):
        with warehouse.read(Zone.IDENTITY) as con:
            found.append(con.execute(f"SELECT * FROM raw.{TABLE} ORDER BY ALL").fetchall())
    assert len(found[0]) == 9
    assert found[0] == found[1]


def test_several_controllers_and_files_are_told_apart(zones, tmp_path):
    """Two districts sent the same bytes; only the one whose time is over goes."""
    place, landing = two_districts(), tmp_path / "landing"
    for code, until in (("east", "2026-12-31"), ("west", "2028-12-31")):
        deliver(
            landing, place, TABLE, sound_rows(TABLE, 4), folder=code, retain_until=until,
            controller=f"{code} council", sharing_agreement_ref=f"A-{code}",
        )  # fmt: skip
    split_in_two(landing / "east", place)
    assert set(_load(zones, landing, place).values()) == {Outcome.LOADED}
    (path,) = _apply(zones, tmp_path, landing, place)
    assert [one.name for one in landing.iterdir()] == ["west"]
    assert [one["controller"] for one in json.loads(path.read_bytes())["deliveries"]] == [
        "east council"
    ]
    with zones.read(Zone.IDENTITY) as con:
        rows = con.execute(f"SELECT DISTINCT left(tenancy_ref, 5) FROM raw.{TABLE}").fetchall()
    assert rows == [("west:",)]


def two_districts() -> Place:
    place = northmere()
    rent = SourceSettings.model_validate(
        {
            "lawful_basis": "public task",
            "controllers": {
                code: {"controller": f"{code} council", "agreement": f"A-{code}"}
                for code in ("east", "west")
            },
            "legal": {"prevention": REGISTERED},
        }
    )
    return place.model_copy(update={"sources": place.sources | {"rent": rent}})


def split_in_two(folder: Path, place: Place) -> None:
    """The delivery's one file as two, with the manifest that two have."""
    rows, lines = sound_rows(TABLE, 4), ""
    (folder / f"{TABLE}.csv").unlink()
    for name, part in (("a.csv", rows[:2]), ("b.csv", rows[2:])):
        names = list(part[0])
        content = csv_bytes(names, [[row[each] for each in names] for row in part])
        (folder / name).write_bytes(content)
        lines += f"{hashlib.sha256(content).hexdigest()}  {name}\n"
    path = folder / "manifest.json"
    fields = json.loads(path.read_bytes())
    fields |= {"file": "*.csv", "sha256": hashlib.sha256(lines.encode()).hexdigest()}
    path.write_text(json.dumps(fields))


def test_a_deleted_delivery_is_refused_when_it_comes_again(zones, tmp_path, landing):
    _load(zones, landing)
    _apply(zones, tmp_path)
    # Whatever the clock says: the certificate holds.
    with zones.write(Zone.IDENTITY) as con:
        found = load_landing(con, place=northmere(), landing=landing, today=TODAY)
    refused = found.of(Outcome.REFUSED)
    assert [one.folder for one in refused] == ["old"]
    assert "certificate 0001" in refused[0].message


def test_the_place_may_keep_for_a_shorter_time_than_the_sender_allows(zones, landing):
    _load(zones, landing)
    place = northmere()
    rent = place.sources["rent"]
    entry = rent.legal["prevention"].model_copy(update={"keep_months": 3})
    short = place.model_copy(
        update={
            "sources": place.sources
            | {"rent": rent.model_copy(update={"legal": {"prevention": entry}})}
        }
    )
    with zones.read(Zone.IDENTITY) as con:
        found = due_deliveries(con, place=short, today=date(2026, 5, 2))
        before = due_deliveries(con, place=short, today=date(2026, 5, 1))
    assert {one.table: (one.rule, one.kept_until) for one in found} == {
        "rent_action": ("keep_months", date(2026, 5, 1)),
        "rent_tenancy": ("keep_months", date(2026, 5, 1)),
    }
    assert before == ()


def test_the_chain_tells_of_a_changed_a_lost_and_a_forged_certificate(zones, tmp_path, landing):
    _load(zones, landing)
    _apply(zones, tmp_path)
    _apply(zones, tmp_path, today=date(2029, 1, 1))
    folder = tmp_path / "c"
    assert len(list(folder.glob("*.json"))) == 2
    assert broken_links(folder) == []
    second = folder / "0002.json"
    second.write_bytes(second.read_bytes().replace(b'"kept_until"', b'"kept_untill"', 1))
    assert broken_links(folder) == ["0002.json was changed after it was written"]
    (folder / "0001.json").unlink()
    assert len(broken_links(folder)) == 3
