"""``afloat keys``: a member's pair, or a new key of the zones."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from afloat.cli import app
from contracts.workspace import Workspace
from contracts.zones import Zone


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    for name in ("AFLOAT_ZONE_KEY", "AFLOAT_ZONE_KEY_OLD", "AFLOAT_ZONE_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AFLOAT_HOME", str(tmp_path))
    return Workspace(root=tmp_path, place="northmere")


def test_zones_are_sealed_under_a_new_key(workspace: Workspace):
    with workspace.warehouse().write(Zone.IDENTITY) as con:
        con.execute("CREATE TABLE t AS SELECT 7 AS a")
    key, sealed = workspace.keys / "zones.key", workspace.warehouse().path(Zone.IDENTITY)
    before = key.read_bytes(), sealed.read_bytes()
    done = CliRunner().invoke(app, ["keys", "--zones"])
    assert done.exit_code == 0, done.output
    assert "Zones sealed under the new key: 1" in done.output
    assert before[0].decode().strip() not in done.output
    assert key.read_bytes() != before[0]
    assert sealed.read_bytes() != before[1]
    with workspace.warehouse().read(Zone.IDENTITY) as con:
        assert con.execute("SELECT a FROM t").fetchall() == [(7,)]


def test_a_members_pair_needs_a_name_and_a_place_for_the_private_half(
    workspace: Workspace, tmp_path: Path
):
    assert CliRunner().invoke(app, ["keys", "board-chair"]).exit_code == 2
    private = tmp_path / "private.pem"
    done = CliRunner().invoke(app, ["keys", "board-chair", "--private", str(private)])
    assert done.exit_code == 0, done.output
    assert private.exists()
