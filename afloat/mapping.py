"""A draft of the settings for an unseen file, in the place's drafts folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from contracts.errors import SettingsError
from contracts.place import places_folder
from contracts.tables import TABLES
from linkage.mapping import draft_toml, look_at

DRAFTS = "drafts"
DOUBTFUL = 0.45
"""Confidence below which a table is more likely none of ours."""


def draft_mapping(file: Path, *, place: str, table: str, say: Callable[[str], None]) -> Path:
    """Write a draft, say what it holds and where it lies; no value of the file is said.

    Args:
        file: The file.
        place: Name of the place.
        table: Declared table; empty to find out.
        say: Told each line.

    Returns:
        The draft; one that is there already is kept, and the new one is numbered.

    Raises:
        SettingsError: If there is no such table.
        DataMissing: If the file cannot be read.
    """
    if table and table not in TABLES:
        raise SettingsError(
            f"There is no table {table!r}.", next_step=f"Choose one of {', '.join(TABLES)}."
        )
    sample, proposal = look_at(file, table or None)
    say(f"{sample.rows:,} rows looked at. Table {proposal.table} ({proposal.confidence:.2f}).")
    if proposal.confidence < DOUBTFUL:
        say("No table fits well: it may be none that Afloat reads.")
    for match in proposal.matches:
        say(f"{match.confidence:.2f}  {match.column} = {match.native}  ({match.why})")
    if proposal.lacking:
        say(f"Not found: {', '.join(proposal.lacking)}.")
    path = _free(places_folder() / place / DRAFTS, proposal.table)
    path.write_text(draft_toml(sample, proposal), encoding="utf-8")
    say(f"Draft: {path}. Nothing reads it until its lines are moved into place.toml.")
    return path


def _free(folder: Path, name: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path, number = folder / f"{name}.toml", 1
    while path.exists():
        number += 1
        path = folder / f"{name}-{number}.toml"
    return path
