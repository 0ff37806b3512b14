"""Loading that is killed without warning finishes later as if it had not been."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from contextlib import suppress

import pytest

from afloat.cli import load
from contracts.errors import RowsQuarantined
from contracts.workspace import Workspace
from linkage.ingest import suite_for
from tests.evaluation.crash import fingerprints
from tests.unit.ingest.deliveries import deliver, northmere, sound_rows

KILLS = 8


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


def _kill_after(seconds):
    """Run the command in a child that is killed so many seconds later; whether it was at work."""
    child = os.fork()
    if child == 0:
        try:
            load("northmere")
        finally:
            os._exit(0)
    time.sleep(seconds)
    ended, _ = os.waitpid(child, os.WNOHANG)
    if ended == 0:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return ended == 0


def test_killed_and_finished_is_as_undisturbed(tmp_path, monkeypatch, capfd):
    calm, shaken = tmp_path / "calm", tmp_path / "shaken"
    _landing(calm)
    shutil.copytree(calm, shaken)
    monkeypatch.setenv("AFLOAT_HOME", str(calm))
    suite_for("rent_tenancy")  # what it imports at its first use would be most of the time
    began = time.monotonic()
    with pytest.raises(RowsQuarantined):
        load("northmere")
    span = time.monotonic() - began
    expected = fingerprints(Workspace(root=calm, place="northmere"))

    monkeypatch.setenv("AFLOAT_HOME", str(shaken))
    moments = random.Random(7)  # noqa: S311 - moments, not secrets
    killed = sum(_kill_after(moments.uniform(0, span / 2)) for _ in range(KILLS))
    with suppress(RowsQuarantined):
        load("northmere")

    assert killed > KILLS / 2, "most kills came too late to disturb anything"
    assert fingerprints(Workspace(root=shaken, place="northmere")) == expected
    assert len(expected) > 30
