"""The commands that a rights officer and a records manager use, on a place with one delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from afloat.cli import app
from contracts.errors import DataMissing
from contracts.workspace import Workspace
from contracts.zones import Zone
from linkage.ingest import load_landing
from tests.unit.ingest.deliveries import TODAY, deliver, northmere

Command = Callable[..., Result]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("AFLOAT_HOME", str(tmp_path))
    made = Workspace(root=tmp_path, place="northmere")
    deliver(made.landing, northmere(), "rent_tenancy", retain_until="2026-03-31")
    with made.warehouse(1).write(Zone.IDENTITY) as con:
        load_landing(con, place=northmere(), landing=made.landing, today=TODAY)
    return made


@pytest.fixture
def afloat(monkeypatch: pytest.MonkeyPatch) -> Command:
    for module in ("duties", "rights"):
        monkeypatch.setattr(f"afloat.{module}._today", lambda: date(2026, 4, 2))
    return lambda *words: CliRunner().invoke(app, list(words))


def test_retention_says_what_would_go_then_does_it_and_its_chain_is_checked(workspace, afloat):
    would = afloat("retention", "northmere", "--dry-run")
    assert "1 deliveries would go." in would.output
    assert "could be held until 2026-03-31 (retain_until)" in would.output
    assert list(workspace.landing.iterdir()), "nothing went yet"
    did = afloat("retention", "northmere")
    assert "0001.json" in did.output
    assert not list(workspace.landing.iterdir())
    assert "chain of certificates is whole" in afloat("retention", "northmere", "--check").output
    certificate = workspace.home / "certificates" / "0001.json"
    certificate.write_bytes(certificate.read_bytes().replace(b"rent_tenancy", b"rent_action"))
    assert isinstance(afloat("retention", "northmere", "--check").exception, DataMissing)


def test_the_register_is_written(workspace, afloat):
    assert "legal-register.html" in afloat("register", "northmere").output
    assert (workspace.home / "legal-register.html").exists()


def test_a_request_is_recorded_decided_and_told_without_a_value(workspace, afloat, tmp_path):
    file = tmp_path / "request.toml"
    file.write_text(
        'received_on = 2026-03-01\ntable = "rent_tenancy"\nkey = {tenancy_ref = "tenancy_ref-1"}\n'
        'column = "landlord"\nvalue = "SECRET-PROVIDER"\n'
    )
    received = afloat("rights", "correct", str(file), "--by", "rights-officer")
    assert "Recorded: R-0001" in received.output
    told = afloat("rights", "list").output
    assert "R-0001" in told
    assert "1 days" in told, "due on 1 April, and today is the 2nd"
    decided = afloat(
        "rights", "decide", "R-0001", "--decision", "upheld", "--by", "head", "--reason", "wrong"
    )
    assert decided.exit_code == 0
    for output in (received.output, told, decided.output):
        assert "SECRET-PROVIDER" not in output
        assert "tenancy_ref-1" not in output
    with workspace.warehouse(1).read(Zone.IDENTITY) as con:
        rows = con.execute(
            "SELECT landlord FROM raw.rent_tenancy WHERE delivery_id = 'correction-R-0001'"
        ).fetchall()
    assert rows == [("SECRET-PROVIDER",)]
