"""Whether the place may hold a delivery at all: source, controller, agreement, purpose, time."""

from __future__ import annotations

from datetime import date

from contracts.errors import DeliveryRefused
from contracts.manifest import Manifest
from contracts.place import Place, SourceSettings
from contracts.tables import TABLES
from linkage.rights.entry import check_register


def check_entitled(manifest: Manifest, place: Place, today: date, where: str) -> None:
    """Refuse a delivery that the place's settings do not cover on the day of loading.

    Args:
        manifest: What the sender says.
        place: The place's settings.
        today: Day of loading.
        where: Delivery and file, to begin a message.

    Raises:
        DeliveryRefused: If the place has no such source, the agreement is another, the data was
            shared for another purpose, or the legal register does not cover it today.
    """
    source = TABLES[manifest.table].source
    if source not in place.sources:
        raise DeliveryRefused(
            f"{where}: table {manifest.table} belongs to source {source}, which place {place.name} "
            "does not have.",
            next_step=f"Add [sources.{source}] to its place.toml if the place may hold this data; "
            "otherwise delete the delivery. Nothing of it was loaded.",
        )
    _check_agreement(manifest, source, place.sources[source], where)
    check_register(manifest, source, place.sources[source], today=today, where=where)


def _check_agreement(manifest: Manifest, source: str, settings: SourceSettings, where: str) -> None:
    agreed = {
        "controller": (manifest.controller, settings.controller),
        "sharing_agreement_ref": (manifest.sharing_agreement_ref, settings.agreement),
        "purpose_code": (manifest.purpose_code, settings.purpose),
    }
    other = [
        f"{name} is {theirs!r} where the place has {ours!r}"
        for name, (theirs, ours) in agreed.items()
        if theirs != ours
    ]
    if other:
        raise DeliveryRefused(
            f"{where}: the manifest is not under the place's agreement: {'; '.join(other)}.",
            next_step=f"Ask the sender which agreement holds, and mend the manifest or "
            f"[sources.{source}] in place.toml. Nothing of this delivery was loaded.",
        )
