"""Sealing: the same state gives the same release, and what does not hold together is not sealed."""

import json
import stat

import polars as pl
import pytest

from contracts.errors import DataMissing, ReleaseRefused, SettingsError
from contracts.lasting_key import FILE_NAME, open_bytes
from releases import check_seal, latest_release
from releases.evidence import parquet_bytes, read_parquet
from releases.manifest import CONTACTS, CONTACTS_FILE, REQUIRED_FILES
from tests.unit.releases.kit import BUILDER, CHAIR, MONTH, SCHEMA, Kit, month_audit, steady_place


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    return Kit(place=steady_place(), folder=tmp_path_factory.mktemp("ready")).ready()


@pytest.fixture
def kit(ready, tmp_path):
    return ready.copy_to(tmp_path / "kit")


def _spoil(kit, sql, *, audit_again=True):
    with kit.tables() as con:
        con.execute(sql.format(s=SCHEMA))
        if audit_again:
            audit = month_audit("passed", kit.place, con)
            (kit.workspace.month(MONTH) / "audit.json").write_bytes(audit.to_bytes())


def _bytes(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_sealing_the_same_state_again_changes_nothing(kit):
    first = kit.seal()
    before = _bytes(first.folder)
    second = kit.seal()
    assert (first.created, second.created) == (True, False)
    assert first.release_id == second.release_id
    assert _bytes(first.folder) == before


def test_the_same_state_elsewhere_gives_the_same_release(kit, ready, tmp_path):
    """The order in which rows lie in a table is no part of the state."""
    other = ready.copy_to(tmp_path / "other")
    for table in ("score", "selection", "explanation", "reason"):
        _spoil(
            other,
            f"CREATE OR REPLACE TABLE {{s}}.{table} AS SELECT * FROM {{s}}.{table} "
            "ORDER BY hash(household_id)",
            audit_again=False,
        )
    assert kit.seal().fingerprint == other.seal().fingerprint


def test_the_name_holds_the_fingerprint(kit):
    sealed = kit.seal()
    assert sealed.release_id == f"2026-10-{sealed.fingerprint[:12]}"
    assert sealed.folder.name == sealed.release_id
    assert check_seal(sealed.folder) == ()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE {s}.score SET probability = probability + 1e-9 WHERE household_id = 39",
        "UPDATE {s}.reason SET position = 2 WHERE household_id = 3 AND kind = 'ALSO'",
        "UPDATE {s}.selection SET neighbourhood_code = 'N2' WHERE household_id = 0",
        "UPDATE raw.delivery SET sha256 = repeat('cd', 32)",
        "UPDATE {s}.dwelling SET address_line = '13 Quayside Row' WHERE uprn_key = 100",
    ],
)
def test_any_change_gives_another_release(kit, sql):
    first = kit.seal()
    _spoil(kit, sql)
    assert kit.seal().release_id != first.release_id


def test_a_change_of_code_settings_or_model_gives_another_release(kit):
    first = kit.seal()
    ids = {first.release_id, kit.seal(code="other").release_id}
    wording = kit.place.wording.model_copy(update={"contact": "Another team"})
    ids.add(kit.seal(place=kit.place.model_copy(update={"wording": wording})).release_id)
    model = kit.workspace.month(MONTH) / "models" / "O1" / "booster.txt"
    model.write_text("another tree\n")
    ids.add(kit.seal().release_id)
    assert len(ids) == 4


def test_everything_is_in_it_and_nothing_can_be_written(kit):
    sealed = kit.seal()
    files = _bytes(sealed.folder)
    assert files.keys() >= REQUIRED_FILES | {"manifest.json", "manifest.sig"}
    assert files.keys() - {"manifest.json", "manifest.sig"} == sealed.manifest.files.keys()
    modes = {
        stat.S_IMODE(path.stat().st_mode) for path in sealed.folder.rglob("*") if path.is_file()
    }
    assert modes == {0o444}


def test_no_clock_in_the_manifest(kit):
    text = (kit.seal().folder / "manifest.json").read_text()
    assert "2026-10-31" not in text
    assert not any(word in text for word in ("created", "sealed_at", "timestamp", "now"))


def test_names_and_addresses_of_listed_households_only(kit):
    closed = (kit.seal().folder / CONTACTS_FILE).read_bytes()
    key = kit.workspace.lasting_key()
    contacts = read_parquet(open_bytes(closed, key=key, purpose=CONTACTS))
    assert contacts.height == kit.listed
    assert set(contacts.columns) == {
        "household_id", "neighbourhood_code", "first_name", "last_name", "address_line",
        "postcode", "adults", "children",
    }  # fmt: skip


def test_names_lie_closed_on_disk(kit):
    folder = kit.seal().folder
    for path in folder.rglob("*"):
        assert path.is_dir() or b"Thwaite" not in path.read_bytes()
    with pytest.raises(pl.exceptions.ComputeError):
        read_parquet((folder / CONTACTS_FILE).read_bytes())


def test_a_second_release_is_not_sealed_under_another_lasting_key(kit):
    kit.seal()
    (kit.workspace.keys / FILE_NAME).unlink()
    with pytest.raises(SettingsError, match="it is gone"):
        kit.seal(code="another")


def test_no_protected_attribute_is_sealed(kit):
    for path in kit.seal().folder.glob("*.parquet"):
        columns = set(pl.read_parquet(path).columns)
        assert not columns & {
            "ethnic_group", "sex", "disability", "age_band", "birth_ym", "x_restricted", "title",
        }  # fmt: skip


def test_a_release_spoilt_on_disk_is_not_passed_off_as_the_same(kit):
    sealed = kit.seal()
    kit.rewrite(sealed.folder / "scores.parquet", b"")
    with pytest.raises(ReleaseRefused, match="not what was sealed"):
        kit.seal()


def test_nothing_half_made_is_left(kit, monkeypatch):
    def broken(self, target):
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.rename", broken)
    with pytest.raises(OSError, match="disk full"):
        kit.seal()
    monkeypatch.undo()
    assert list(kit.workspace.releases.iterdir()) == []
    with pytest.raises(DataMissing):
        latest_release(kit.workspace, MONTH)


def test_the_latest_is_the_one_sealed_last(kit):
    first = kit.seal()
    second = kit.seal(code="other")
    assert latest_release(kit.workspace, MONTH) == second.folder
    kit.seal()
    assert latest_release(kit.workspace, MONTH) == first.folder


REFUSED = {
    "parts that do not add up": (
        "UPDATE {s}.explanation SET contribution = contribution + 0.6e-6 WHERE household_id = 4",
        "do not add up",
    ),
    "a part that is not a number": (
        "UPDATE {s}.explanation SET contribution = 'nan'::DOUBLE WHERE household_id = 4",
        "do not add up",
    ),
    "no explanation": (
        "DELETE FROM {s}.explanation WHERE household_id = 4",
        "1 listed households have no explanation",
    ),
    "no score": ("DELETE FROM {s}.score WHERE household_id = 4", "no score"),
    "no base value": ("DELETE FROM {s}.base_value", "10 listed households have no explanation"),
    "restricted": (
        "UPDATE {s}.household_snapshot SET x_restricted = true WHERE household_id = 4",
        "1 listed households are restricted",
    ),
    "restriction not known": (
        "UPDATE {s}.household_snapshot SET x_restricted = NULL WHERE household_id = 4",
        "restricted or not on record",
    ),
    "not on record": (
        "DELETE FROM {s}.household_snapshot WHERE household_id = 4",
        "not on record this month",
    ),
    "several households": (
        "UPDATE {s}.household_snapshot SET hh_kind = 'COMMUNAL' WHERE household_id = 4",
        "not a single household at one home",
    ),
    "no reason": (
        "DELETE FROM {s}.reason WHERE household_id = 4 AND kind = 'MOST'",
        "1 listed households have no reason",
    ),
    "listed twice": (
        "INSERT INTO {s}.selection SELECT * FROM {s}.selection WHERE household_id = 4",
        "more than once",
    ),
    "two names for one lead": (
        "INSERT INTO {s}.person_identity VALUES (1004, 'MR', 'Another', 'Name')",
        "10 households are listed, but contacts were found for 11",
    ),
    "another neighbourhood": (
        "UPDATE {s}.selection SET neighbourhood_code = 'N9' WHERE household_id = 4",
        "does not have",
    ),
}


@pytest.mark.parametrize(("sql", "says"), REFUSED.values(), ids=REFUSED)
def test_what_does_not_hold_together_is_not_sealed(kit, sql, says):
    _spoil(kit, sql)
    with pytest.raises(ReleaseRefused, match=says):
        kit.seal()
    assert not kit.workspace.releases.exists()


def test_parts_within_a_millionth_add_up(kit):
    _spoil(kit, "UPDATE {s}.explanation SET contribution = contribution + 0.4e-6 WHERE true")
    assert kit.seal().created


def test_a_list_longer_than_its_team_can_see_is_not_sealed(kit):
    short = kit.place.neighbourhoods["N1"].model_copy(update={"list_size": 2})
    place = kit.place.model_copy(
        update={"neighbourhoods": {**kit.place.neighbourhoods, "N1": short}}
    )
    with pytest.raises(ReleaseRefused, match="N1: 3 households are listed, more than"):
        kit.seal(place=place)


def test_an_audit_of_other_rows_is_not_sealed(kit):
    _spoil(kit, "UPDATE {s}.backtest SET selected = NOT selected", audit_again=False)
    with pytest.raises(ReleaseRefused, match="Since the fairness audit these changed: backtest"):
        kit.seal()


def test_an_audit_under_another_policy_is_not_sealed(kit):
    policy = kit.place.fairness.model_copy(update={"version": 2})
    with pytest.raises(ReleaseRefused, match="another policy"):
        kit.seal(place=kit.place.model_copy(update={"fairness": policy}))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"overall": "needs_reason"}, "as a whole than check by check"),
        ({"place": "southmere"}, "another place or month"),
        ({"month": "2026-09-30"}, "another place or month"),
        ({"outcome": "O1"}, "another outcome"),
        ({"rows": "none"}, "cannot be read"),
    ],
)
def test_an_audit_that_does_not_fit_is_not_sealed(kit, change, says):
    path = kit.workspace.month(MONTH) / "audit.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(ReleaseRefused, match=says):
        kit.seal()


@pytest.mark.parametrize(
    "name", ["audit.json", "fairness-report.html", "evaluation.json", "models/edge_of_crisis"]
)
def test_a_missing_file_is_named(kit, name):
    path = kit.workspace.month(MONTH) / name
    path.rename(kit.folder / "away")
    with pytest.raises(DataMissing, match=name):
        kit.seal()


@pytest.mark.parametrize("table", ["score", "selection", "reason", "person_identity"])
def test_a_missing_table_is_named(kit, table):
    _spoil(kit, f"DROP TABLE {{s}}.{table}", audit_again=False)
    with pytest.raises(DataMissing, match=table):
        kit.seal()


def test_an_outcome_without_enough_events_has_no_model_and_is_no_fault(kit):
    (kit.workspace.month(MONTH) / "models" / "O7").rename(kit.folder / "away")
    assert not any(name.startswith("models/O7") for name in kit.seal().manifest.files)


def test_the_builder_is_named_and_may_not_decide(kit):
    sealed = kit.seal()
    assert sealed.manifest.builder == BUILDER
    assert kit.decide(sealed, CHAIR).exists()


def test_equal_frames_are_equal_bytes():
    frame = pl.DataFrame({"a": [1.5, None, 3.25] * 1000, "b": ["x", "y", None] * 1000})
    assert parquet_bytes(frame) == parquet_bytes(frame.clone())
    assert read_parquet(parquet_bytes(frame)).equals(frame)
