"""A step in a process of its own, so that what it takes is its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


def apart(module: str, *words: str) -> dict[str, Any]:
    """Run a module of the bench; returns what its last line says, as JSON."""
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", module, *words],
        env={**os.environ, "OMP_WAIT_POLICY": "passive"},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
