"""The manifest that comes with every delivery, without which nothing is loaded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from contracts.errors import DeliveryRefused
from contracts.tables import HEALTH_SOURCES, TABLES

MANIFEST_NAME = "manifest.json"


class Manifest(BaseModel):
    """What a sender says of one file: what it is, its shape, and the agreement it moves under."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    file: str
    schema_version: str
    row_count: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    extract_from: date
    extract_to: date
    controller: Annotated[str, Field(min_length=1)]
    sharing_agreement_ref: Annotated[str, Field(min_length=1)]
    purpose_code: Annotated[str, Field(min_length=1)]
    lawful_basis: Annotated[str, Field(min_length=1)]
    art9_condition: str | None = None
    retain_until: date
    ndoo_applied_date: date | None = None

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
        if Path(self.file).name != self.file:
            raise ValueError("file must be a plain file name beside the manifest")
        return self


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a delivery folder.

    Raises:
        DeliveryRefused: If it is missing, is not JSON, or lacks or misstates a field.
    """
    path = folder / MANIFEST_NAME
    if not path.exists():
        raise DeliveryRefused(
            f"Delivery {folder.name}: there is no {MANIFEST_NAME}.",
            next_step="Ask the sender for it; nothing of this delivery was loaded.",
        )
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except ValidationError as error:
        faults = "; ".join(
            ".".join(str(part) for part in fault["loc"]) + ": " + fault["msg"]
            for fault in error.errors(include_input=False, include_url=False)
        )
        raise DeliveryRefused(
            f"Delivery {folder.name}: {MANIFEST_NAME} cannot be used ({faults}).",
            next_step="Ask the sender to correct it; nothing of this delivery was loaded.",
        ) from None
