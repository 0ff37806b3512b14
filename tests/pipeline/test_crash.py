"""Loading that is killed without warning finishes later as if it had not been."""

from __future__ import annotations

import shutil

import pytest

from afloat.cli import load
from contracts.errors import RowsQuarantined
from contracts.workspace import Workspace
from tests.evaluation.crash import Command, disturb, fingerprints
from tests.unit.ingest.deliveries import deliver, northmere, sound_rows

KILLS = 2
SPAN = 2.5
"""Seconds after the first delivery within which it is killed; it works for longer."""


def _landing(home):
    """Deliveries that take every way: plain, in quarantine, late, full and withdrawn."""
    place, landing = northmere(), Workspace(root=home, place="northmere").landing
    for month in range(1, 7):
        for table in ("rent_tenancy", "rent_person", "ctax_party", "llpg_blpu"):
            rows = sound_rows(table, 40)[month:]
            for row in rows:
                row["extract_date"] = f"2026-{month + 1:02d}-01"
            rows[3]["recorded_date"] = "soon"
            deliver(
                landing,
                place,
                table,
                rows,
                folder=f"{month}-{table}",
                coverage="full" if table.startswith("rent") else "changes",
                extract_to=f"2026-{month + 1:02d}-01",
                retain_until="2046-12-31",
            )


def test_killed_and_finished_is_as_undisturbed(tmp_path, monkeypatch):
    calm, shaken = tmp_path / "calm", tmp_path / "shaken"
    _landing(calm)
    shutil.copytree(calm, shaken)
    monkeypatch.setenv("AFLOAT_HOME", str(calm))
    with pytest.raises(RowsQuarantined):
        load("northmere")
    expected = fingerprints(Workspace(root=calm, place="northmere"))

    command = Command(words=("load", "northmere"), home=shaken)
    killed = disturb(command, kills=KILLS, span=SPAN, seed=7)
    command.finish()

    assert killed > 0, "every kill came too late to disturb anything"
    assert fingerprints(Workspace(root=shaken, place="northmere")) == expected
    assert len(expected) > 30
