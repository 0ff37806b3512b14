"""Households that may no longer be on a list that was made: somebody objected since.

One file of the place's folder holds, for each request that has to be obeyed, the households that it
keeps off lists. A list that names one is taken out of the outbox at once, and made again without.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from contracts.workspace import Workspace

FILE = "withheld-households.json"


def withheld_beside(outbox: Path) -> frozenset[int]:
    """Households that are left off every list of a place.

    Args:
        outbox: The place's outbox; the file lies beside it.
    """
    return frozenset(household for own in _read(outbox.parent).values() for household in own)


def withhold_from_lists(workspace: Workspace, requests: Mapping[str, Iterable[int]]) -> list[str]:
    """Leave households off every list from now on, and take back the lists that name a new one.

    Args:
        workspace: The place's folder.
        requests: Every request that has to be obeyed now, with the households found for it; those
            found for it before stay, and a request that is not among them ends.

    Returns:
        Releases whose lists were taken back, to be made again.
    """
    before = _read(workspace.home)
    now = {name: sorted({*found, *before.get(name, ())}) for name, found in requests.items()}
    if now == before:
        return []
    workspace.home.mkdir(parents=True, exist_ok=True)
    partial = workspace.home / f"{FILE}.part"
    partial.write_text(json.dumps(now, sort_keys=True), encoding="utf-8")
    partial.replace(workspace.home / FILE)
    had = {household for own in before.values() for household in own}
    new = {household for own in now.values() for household in own} - had
    taken = [folder for folder in sorted(workspace.outbox.glob("*")) if _names(folder, new)]
    for folder in taken:
        shutil.rmtree(folder)
    return [folder.name for folder in taken]


def _names(folder: Path, households: set[int]) -> bool:
    """Whether the lists in a folder of the outbox name any of the households."""
    selection = folder.parent.parent / "releases" / folder.name / "selection.parquet"
    if not folder.is_dir() or not selection.exists():
        return False
    listed = pl.read_parquet(selection).filter(pl.col("route") == "LISTED")
    return bool(households & set(listed["household_id"].to_list()))


def _read(home: Path) -> dict[str, list[int]]:
    path = home / FILE
    return dict(json.loads(path.read_bytes())) if path.exists() else {}
