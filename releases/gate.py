"""The gate as a place's workspace has it: which release, whose decisions, and the permit."""

from __future__ import annotations

import os
import re
import tempfile
from datetime import date
from pathlib import Path

from contracts.errors import DataMissing
from contracts.lasting_key import held_lasting_key
from contracts.months import month_key
from contracts.place import Place
from contracts.workspace import Workspace
from releases.keys import default_board_folder, load_board
from releases.verify import ApprovedRelease, verify_release

_RELEASE_ID = re.compile(r"\d{4}-\d{2}-[0-9a-f]{12}")


def approve(
    workspace: Workspace,
    *,
    place: Place,
    release_id: str,
    today: date,
    board_folder: Path | None = None,
) -> ApprovedRelease:
    """Permission to make the lists of a release, verified again from its files and decisions.

    Args:
        workspace: The place's folder.
        place: The place as it is now.
        release_id: Name of the release.
        today: The day on which decisions must still count.
        board_folder: Where public keys lie; the place's own where not given.

    Raises:
        ReleaseRefused: If any rule is not met; it carries all of them.
        DataMissing: If the name is not one of a release.
    """
    return verify_release(
        release_folder(workspace, release_id),
        workspace.decisions / release_id,
        board=load_board(board_folder or default_board_folder(workspace)),
        place=place,
        today=today,
        key=held_lasting_key(workspace.keys),
    )


def approve_latest(
    workspace: Workspace, *, place: Place, month: date, today: date
) -> ApprovedRelease:
    """:func:`approve` for the release of a month that was sealed last."""
    release_id = latest_release(workspace, month).name
    return approve(workspace, place=place, release_id=release_id, today=today)


def latest_release(workspace: Workspace, month: date) -> Path:
    """Folder of the release of a month that was sealed last.

    Raises:
        DataMissing: If none was sealed.
    """
    marker = _marker(workspace, month)
    if not marker.is_file():
        raise DataMissing(
            f"No release is sealed for {month_key(month)}.", next_step="Run the steps before it."
        )
    return release_folder(workspace, marker.read_text(encoding="utf-8").strip())


def mark_latest(workspace: Workspace, month: date, release_id: str) -> None:
    """Note which release of a month was sealed last.

    A pointer and no evidence: whichever release it names is verified in full before it is used.
    """
    marker = _marker(workspace, month)
    handle, name = tempfile.mkstemp(prefix=".latest-", dir=marker.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(f"{release_id}\n")
    Path(name).replace(marker)


def release_folder(workspace: Workspace, release_id: str) -> Path:
    """Folder of a release, there or not.

    Raises:
        DataMissing: If the name is not one that a release can have.
    """
    if not _RELEASE_ID.fullmatch(release_id):
        raise DataMissing(
            "That is not the name of a release.",
            next_step="Use the name that sealing gave, such as 2026-10-0123456789ab.",
        )
    return workspace.releases / release_id


def _marker(workspace: Workspace, month: date) -> Path:
    return workspace.releases / f"{month_key(month)}-latest.txt"
