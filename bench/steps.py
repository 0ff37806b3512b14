"""Times each step of the walk on invented places of growing size, side by side in one run.

``make bench`` prints a table and writes ``var/bench/steps.json``. Compare ratios between sizes, not
seconds between machines: time per household should hold as a place grows.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from contracts.workspace import default_root

SIZES = {"small": 5_000, "demo": 20_000, "place": 100_000}
STEPS = (
    "simulate", "load", "people", "households", "crossing", "features", "labels", "models",
    "scores", "selection", "explanations", "audit",
)  # fmt: skip


def main() -> int:
    """Run every step at every size, each in a process of its own, and print the ratios."""
    sizes = sys.argv[1:] or ["small", "demo"]
    root = default_root() / "bench"
    shutil.rmtree(root, ignore_errors=True)
    rows = [_measured(root, size, step) for size in sizes for step in STEPS]
    root.mkdir(parents=True, exist_ok=True)
    (root / "steps.json").write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")
    _print(rows, sizes)
    return 0


def _measured(root: Path, size: str, step: str) -> dict[str, Any]:
    print(f"{size}: {step} ...", flush=True)
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "bench.steps", "--inside", size, step],
        env={**os.environ, "AFLOAT_HOME": str(root / size)},
        check=True,
        capture_output=True,
        text=True,
    )
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return {"size": size, "step": step, **measured}


def _inside(size: str, step: str) -> int:
    from bench.walk import Walk

    walk = Walk.of(size=size, today=datetime.now(tz=UTC).date())
    started = time.monotonic()
    walk.run(step)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "wall_s": round(time.monotonic() - started, 2),
                "cpu_s": round(usage.ru_utime + usage.ru_stime, 2),
                "peak_mb": round(usage.ru_maxrss / 1024),
            }
        )
    )
    return 0


def _print(rows: list[dict[str, Any]], sizes: list[str]) -> None:
    table = Table("step", *[f"{size}: wall s / CPU s / peak MB" for size in sizes], "growth")
    by = {(row["size"], row["step"]): row for row in rows}
    for step in STEPS:
        cells = [by[size, step] for size in sizes]
        texts = [f"{c['wall_s']:.1f} / {c['cpu_s']:.1f} / {c['peak_mb']}" for c in cells]
        table.add_row(step, *texts, _growth(cells, sizes))
    Console().print(table)


def _growth(cells: list[dict[str, Any]], sizes: list[str]) -> str:
    """CPU seconds per household at the largest size over those at the smallest."""
    if len(cells) < 2:
        return "-"
    first = cells[0]["cpu_s"] / SIZES[sizes[0]]
    last = cells[-1]["cpu_s"] / SIZES[sizes[-1]]
    return f"x{last / first:.2f} per household"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--inside"]:
        sys.exit(_inside(*sys.argv[2:4]))
    sys.exit(main())
