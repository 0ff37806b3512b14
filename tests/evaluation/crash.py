"""Commands killed without warning: what they leave must finish as if nothing had happened."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from contracts.asof import RAW
from contracts.fingerprint import of_value
from contracts.workspace import REPOSITORY, Workspace

PATIENCE = 900


@dataclass(frozen=True, kw_only=True)
class Command:
    """An ``afloat`` command on a place.

    Attributes:
        words: Such as ``("load", "northmere")``.
        home: ``AFLOAT_HOME``.
        places: ``AFLOAT_PLACES``; the repository's where None.
    """

    words: Sequence[str]
    home: Path
    places: Path | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, with its own Dagster home beside the place."""
        dagster = self.home / "dagster"
        dagster.mkdir(parents=True, exist_ok=True)
        settings = (REPOSITORY / "dagster_home" / "dagster.yaml").read_bytes()
        (dagster / "dagster.yaml").write_bytes(settings)
        env = {**os.environ, "AFLOAT_HOME": str(self.home), "DAGSTER_HOME": str(dagster)}
        if self.places is not None:
            env["AFLOAT_PLACES"] = str(self.places)
        return subprocess.Popen(
            [sys.executable, "-u", "-m", "afloat.cli", *self.words],
            cwd=REPOSITORY,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def finish(self) -> float:
        """Run it to its end; seconds from its first line to its end."""
        with self.start() as process:
            first = process.stdout.readline() if process.stdout else b""
            began = time.monotonic()
            rest, _ = process.communicate(timeout=PATIENCE)
            if process.returncode not in {0, 5}:
                raise AssertionError(f"ended with {process.returncode}: {(first + rest)[-2000:]!r}")
            return time.monotonic() - began

    def kill(self, after: float) -> bool:
        """Kill it so many seconds after its first line; whether it was still at work."""
        with self.start() as process:
            if process.stdout is not None:
                process.stdout.readline()
            try:
                process.wait(timeout=after)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                return True
            return False


def disturb(command: Command, *, kills: int, span: float, seed: int) -> int:
    """Kill the command at random moments, one time after the other; how often it was at work.

    Args:
        command: The command; each time it goes on from what the last one left.
        kills: How often.
        span: Seconds that it works when undisturbed.
        seed: Of the moments.
    """
    moments = random.Random(seed)  # noqa: S311 - moments, not secrets
    return sum(command.kill(moments.uniform(0, span)) for _ in range(kills))


def fingerprints(workspace: Workspace, schemas: Sequence[str] = (RAW,)) -> dict[str, str]:
    """One fingerprint for the rows of each table, whatever order they lie in."""
    found = {}
    with workspace.warehouse().read() as con:
        for schema in schemas:
            names = con.execute(
                "SELECT table_name FROM duckdb_tables() WHERE schema_name = ? ORDER BY 1", [schema]
            ).fetchall()
            for (name,) in names:
                rows = con.execute(f"SELECT * FROM {schema}.{name} ORDER BY ALL").fetchall()
                found[f"{schema}.{name}"] = of_value([[str(v) for v in row] for row in rows])
    return found
