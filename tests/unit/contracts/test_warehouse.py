"""Zones are opened, kept and closed as they should be, also when a step or a process dies."""

from __future__ import annotations

import base64
import os
import signal
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import duckdb
import pytest

from contracts import working
from contracts.errors import DataMissing, SettingsError, ZoneRefused
from contracts.working import working_folder
from contracts.workspace import REPOSITORY, Workspace
from contracts.zones import Zone

NAME = "AMARA OKOYE"


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    """A working folder of the test's own, and no key from outside."""
    for name in ("AFLOAT_ZONE_KEY", "AFLOAT_ZONE_KEY_OLD", "AFLOAT_ZONE_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AFLOAT_WORK", str(tmp_path / "work"))
    return tmp_path / "work" / f"afloat-{os.getuid()}"


@pytest.fixture
def workspace(tmp_path):
    return Workspace(root=tmp_path / "var", place="northmere")


@pytest.fixture
def warehouse(workspace):
    return workspace.warehouse(1)


@pytest.fixture
def filled(warehouse):
    """A zone with one table."""
    with warehouse.write(Zone.IDENTITY) as con:
        con.execute(f"CREATE TABLE t AS SELECT '{NAME}' AS name FROM range(5000)")
    return warehouse


def rows(warehouse, zone=Zone.IDENTITY, table="t"):
    with warehouse.read(zone) as con:
        return con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]


def plain_files(work):
    return [path for path in work.rglob("*") if path.is_file() and path.name != "lock"]


def test_what_was_written_is_there_again_and_nothing_plain_is_left(filled, work, workspace):
    assert rows(filled) == 5000
    assert plain_files(work) == []
    for path in workspace.home.rglob("*"):
        assert not path.is_file() or NAME.encode() not in path.read_bytes(), path.name


def test_while_a_step_works_its_files_are_the_owners_alone(filled, work):
    with filled.write(Zone.IDENTITY) as con:
        con.execute("CREATE TABLE more AS SELECT * FROM t")
        folders = [work, *(path for path in work.rglob("*") if path.is_dir())]
        assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
        spill = con.execute("SELECT current_setting('temp_directory')").fetchall()[0][0]
        assert Path(spill).is_relative_to(work)


def test_a_step_that_fails_leaves_its_zone_as_it_was(filled, work):
    def fails():
        with filled.write(Zone.IDENTITY) as con:
            con.execute("DELETE FROM t")
            raise KeyError("in the middle")

    before = filled.path(Zone.IDENTITY).read_bytes()
    with pytest.raises(KeyError):
        fails()
    assert filled.path(Zone.IDENTITY).read_bytes() == before
    assert plain_files(work) == []
    with filled.write(Zone.IDENTITY) as con:
        assert con.execute("SELECT count(*) FROM t").fetchall() == [(5000,)]


def test_nothing_is_sealed_again_that_did_not_change(filled):
    before = filled.path(Zone.IDENTITY).stat().st_mtime_ns
    with filled.write(Zone.IDENTITY) as con:
        con.execute("CREATE TEMP TABLE passing AS SELECT * FROM t")
        con.execute("SELECT count(*) FROM t").fetchall()
    with filled.read(Zone.IDENTITY):
        pass
    assert filled.path(Zone.IDENTITY).stat().st_mtime_ns == before
    with filled.write(Zone.IDENTITY) as con:
        con.execute("UPDATE t SET name = 'x' WHERE rowid = 0")
    assert filled.path(Zone.IDENTITY).stat().st_mtime_ns != before


def test_two_cannot_write_one_zone_and_others_can_read_it(filled):
    with filled.write(Zone.IDENTITY) as con:
        con.execute("INSERT INTO t VALUES ('one more')")
        with pytest.raises(ZoneRefused, match="Somebody else is writing the identity zone"):
            filled.write(Zone.IDENTITY).__enter__()
        assert rows(filled) == 5000, "a reader sees the last sealed state"
    assert rows(filled) == 5001


def test_reading_cannot_write(filled):
    with (
        filled.read(Zone.IDENTITY) as con,
        pytest.raises(duckdb.InvalidInputException, match="read-only"),
    ):
        con.execute("DELETE FROM t")


def test_a_zone_that_is_not_there_cannot_be_read(warehouse, filled):
    with pytest.raises(DataMissing, match="no modelling zone"):
        filled.read(Zone.MODELLING).__enter__()


def test_one_is_read_while_another_is_written(filled):
    with filled.open_zones(Zone.IDENTITY, write=[Zone.MODELLING]) as con:
        con.execute("CREATE TABLE modelling.n AS SELECT count(*) AS n FROM t")
        with pytest.raises(duckdb.InvalidInputException, match="read-only"):
            con.execute("DELETE FROM identity.t")
    assert rows(filled, Zone.MODELLING, "n") == 1


def test_what_a_killed_process_left_is_removed_by_the_next(filled, workspace, work):
    code = f"""
        import os, signal, sys
        from pathlib import Path
        from contracts.workspace import Workspace
        from contracts.zones import Zone
        space = Workspace(root=Path({str(workspace.root)!r}), place="northmere")
        with space.warehouse(1).write(Zone.IDENTITY) as con:
            con.execute("DELETE FROM t")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=REPOSITORY, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert plain_files(work), "the test must leave something to remove"
    assert rows(filled) == 5000
    assert plain_files(work) == []


def test_a_folder_in_use_is_not_removed(tmp_path):
    with working_folder(tmp_path, size=1) as first, working_folder(tmp_path, size=1) as second:
        assert first.is_dir()
        assert first != second
    assert not first.exists()


def test_a_working_folder_of_somebody_else_is_refused(tmp_path, work):
    work.mkdir(parents=True, mode=0o755)
    work.chmod(0o755)
    with pytest.raises(ZoneRefused, match="not a folder of this account alone"):
        working_folder(tmp_path, size=1).__enter__()


@pytest.mark.parametrize(("free", "inside"), [(1 << 40, True), (1 << 20, False)])
def test_memory_is_used_where_there_is_room(tmp_path, monkeypatch, free, inside):
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.delenv("AFLOAT_WORK")
    monkeypatch.setattr(working, "MEMORY", memory)
    monkeypatch.setattr(working.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free})())
    with working_folder(tmp_path / "zones", size=1) as folder:
        assert folder.is_relative_to(memory) is inside


def text_key(letter):
    return base64.b64encode(letter * 32).decode()


def test_a_key_file_is_made_at_first_use_and_its_owners_alone(filled, workspace):
    key = workspace.keys / "zones.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)
    with pytest.raises(SettingsError, match="Others can read the key file"):
        rows(filled)


def test_a_lost_key_is_not_made_anew(filled, workspace):
    (workspace.keys / "zones.key").unlink()
    with pytest.raises(SettingsError, match=r"their key zones\.key is gone"):
        rows(filled)


def test_a_wrong_key_is_said_to_be_wrong(filled, monkeypatch):
    monkeypatch.setenv("AFLOAT_ZONE_KEY", text_key(b"x"))
    with pytest.raises(ZoneRefused, match="sealed with another key"):
        rows(filled)


@pytest.mark.parametrize("text", ["", "short", "c2hvcnQ=", "é" * 44])
def test_what_is_no_key_is_refused(filled, monkeypatch, text):
    monkeypatch.setenv("AFLOAT_ZONE_KEY", text)
    with pytest.raises(SettingsError, match="AFLOAT_ZONE_KEY holds no key") as told:
        rows(filled)
    assert not text or text not in str(told.value)


def test_the_key_may_lie_in_another_file(warehouse, tmp_path, monkeypatch, workspace):
    monkeypatch.setenv("AFLOAT_ZONE_KEY_FILE", str(tmp_path / "elsewhere" / "k"))
    with warehouse.write(Zone.AUDIT) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS a")
    assert (tmp_path / "elsewhere" / "k").exists()
    assert not workspace.keys.exists()


def test_the_key_file_can_be_changed(filled, workspace):
    old = (workspace.keys / "zones.key").read_text()
    assert filled.change_key() == 1
    assert (workspace.keys / "zones.key").read_text() != old
    assert rows(filled) == 5000


def test_a_change_of_key_that_was_cut_short_is_finished(filled, workspace, monkeypatch):
    with filled.write(Zone.AUDIT) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS a")
    import contracts.warehouse as module

    done = []

    def dies(*arguments, **options):
        if done:
            raise OSError("power cut")
        done.append(1)
        return seal(*arguments, **options)

    seal = module.seal
    with monkeypatch.context() as patch:
        patch.setattr(module, "seal", dies)
        with pytest.raises(OSError, match="power cut"):
            filled.change_key()
    with pytest.raises(ZoneRefused, match="did not finish"):
        rows(filled)
    assert filled.change_key() == 2
    assert (rows(filled), rows(filled, Zone.AUDIT)) == (5000, 1)
    assert not list(workspace.keys.glob("*.new"))


def test_a_key_of_the_environment_can_be_changed(warehouse, monkeypatch):
    monkeypatch.setenv("AFLOAT_ZONE_KEY", text_key(b"a"))
    with warehouse.write(Zone.IDENTITY) as con:
        con.execute("CREATE TABLE t AS SELECT 1 AS a")
    monkeypatch.setenv("AFLOAT_ZONE_KEY", text_key(b"b"))
    with pytest.raises(SettingsError, match="AFLOAT_ZONE_KEY_OLD is not set"):
        warehouse.change_key()
    monkeypatch.setenv("AFLOAT_ZONE_KEY_OLD", text_key(b"a"))
    assert warehouse.change_key() == 1
    assert rows(warehouse) == 1
