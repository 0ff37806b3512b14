"""What the team has to say to the board: written by people, kept beside the month's audit."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from contracts.errors import SettingsError

NOTES_FILE = "report-notes.toml"
_NEXT = "Use text, under likely_cause, proposal and if_refused only."


class Notes(BaseModel):
    """The team's own words; None where it has written none."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    likely_cause: str | None = None
    proposal: str | None = None
    if_refused: str | None = None


def read_notes(folder: Path) -> Notes:
    """The notes in a month's folder; empty ones where there is no such file.

    Raises:
        SettingsError: If the file cannot be used.
    """
    path = folder / NOTES_FILE
    if not path.exists():
        return Notes()
    try:
        return Notes.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{NOTES_FILE} is not TOML: {error}.", next_step=_NEXT) from error
    except ValidationError as error:
        wrong = sorted(".".join(map(str, fault["loc"])) for fault in error.errors())
        raise SettingsError(f"{NOTES_FILE} cannot be used: {wrong}.", next_step=_NEXT) from None
