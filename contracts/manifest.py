"""The manifest that comes with every delivery, without which nothing is loaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from contracts.errors import DeliveryRefused
from contracts.mapping import Settings, Text
from contracts.tables import HEALTH_SOURCES, TABLES

MANIFEST_NAME = "manifest.json"


MOST_BYTES = 1_000_000
_TOLD = 600


class Manifest(Settings):
    """What a sender says of one table's file or files: their shape, and what they move under."""

    table: str
    """Afloat's name of the table."""
    file: Annotated[str, Field(pattern=r"^[^\x00-\x1f/\\]{1,200}$")]
    """The file beside the manifest; `*` stands for any characters where several make one table,
    which are read in the order of their names."""
    schema_version: Text
    """Version of the feed's shape, by which the place's settings choose a mapping."""
    row_count: Annotated[int, Field(ge=0)]
    """Rows of data, over all files."""
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    """SHA-256 of the file; of several, that of their `sha256sum` lines in the order of names."""
    coverage: Literal["changes", "full", "history"] = "changes"
    """`full`: every row that the source still stands by, so a key that is missing was withdrawn.
    `changes`: rows that are new or changed. `history`: rows that the source knew when they are
    dated but never sent; they count as known then."""
    extract_from: date
    """First day that the extract covers."""
    extract_to: date
    """As-at date of the extract."""
    controller: Text
    """Whose data it is, as the place's settings name it."""
    sharing_agreement_ref: Text
    """The agreement that it moves under."""
    purpose_code: Text
    """What it may be used for."""
    lawful_basis: Text
    """Lawful basis of the sharing."""
    art9_condition: str | None = None
    """Condition for special category data; needed for health."""
    retain_until: date
    """Last day on which it may be kept."""
    ndoo_applied_date: date | None = None
    """When the National Data Opt-out was applied; needed for health."""

    @model_validator(mode="after")
    def _sound(self) -> Manifest:
        if self.table not in TABLES:
            raise ValueError(f"table {self.table!r} is not one that Afloat reads")
        if self.extract_to < self.extract_from:
            raise ValueError("extract_to lies before extract_from")
        if TABLES[self.table].source in HEALTH_SOURCES:
            if self.ndoo_applied_date is None:
                raise ValueError("ndoo_applied_date is required for a health extract")
            if not self.art9_condition:
                raise ValueError("art9_condition is required for a health extract")
        if Path(self.file).name != self.file or self.file.startswith("."):
            raise ValueError("file must be a plain file name beside the manifest")
        if self.file == MANIFEST_NAME:
            raise ValueError("file names the manifest itself")
        return self


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a delivery folder.

    Raises:
        DeliveryRefused: If it is missing, is not JSON, or lacks or misstates a field.
    """
    path = folder / MANIFEST_NAME
    if path.is_symlink() or not path.is_file():
        raise DeliveryRefused(
            f"Delivery {folder.name}: there is no {MANIFEST_NAME}.",
            next_step="Ask the sender for it; nothing of this delivery was loaded.",
        )
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise DeliveryRefused(
                f"Delivery {folder.name}: {MANIFEST_NAME} is larger than any manifest.",
                next_step="Ask the sender to correct it; nothing of this delivery was loaded.",
            )
        return Manifest.model_validate_json(content)
    except ValidationError as error:
        faults = "; ".join(
            ".".join(str(part) for part in fault["loc"]) + ": " + fault["msg"]
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise DeliveryRefused(
            f"Delivery {folder.name}: {MANIFEST_NAME} cannot be used ({faults[:_TOLD]}).",
            next_step="Ask the sender to correct it; nothing of this delivery was loaded.",
        ) from None
