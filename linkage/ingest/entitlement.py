"""Whether the place may hold a delivery at all: source, controller, agreement, purpose, time."""

from __future__ import annotations

from datetime import date

from contracts.errors import DeliveryRefused
from contracts.holders import Holder
from contracts.manifest import Manifest
from contracts.place import Place
from contracts.tables import TABLES
from linkage.rights.entry import check_register


def entitled_holder(manifest: Manifest, place: Place, today: date, where: str) -> Holder:
    """The controller that a delivery comes from, or refuse it.

    Args:
        manifest: What the sender says.
        place: The place's settings.
        today: Day of loading.
        where: Delivery and file, to begin a message.

    Raises:
        DeliveryRefused: If the place has no such source, the agreement is another, the data was
            shared for another purpose, the legal register does not cover it today, or another
            controller has taken over.
    """
    source = TABLES[manifest.table].source
    if source not in place.sources:
        raise DeliveryRefused(
            f"{where}: table {manifest.table} belongs to source {source}, which place {place.name} "
            "does not have.",
            next_step=f"Add [sources.{source}] to its place.toml if the place may hold this data; "
            "otherwise delete the delivery. Nothing of it was loaded.",
        )
    settings = place.sources[source]
    holder = _agreed(manifest, source, list(settings.holders.values()), where)
    check_register(manifest, source, settings, holder, today=today, where=where)
    if holder.until is not None and manifest.extract_to > holder.until:
        raise DeliveryRefused(
            f"{where}: its controller's last day was {holder.until}, and the extract is of "
            f"{manifest.extract_to}.",
            next_step="Ask whoever has taken over for it, or mend `until` in "
            f"[sources.{source}.controllers.{holder.code}]. Nothing of it was loaded.",
        )
    return holder


def _agreed(manifest: Manifest, source: str, holders: list[Holder], where: str) -> Holder:
    stated = (manifest.controller, manifest.sharing_agreement_ref)
    other: list[str] = []
    for holder in holders:
        if stated in holder.names and manifest.purpose_code == holder.purpose:
            return holder
        same = any(manifest.controller == name for name, _ in holder.names)
        if same or len(holders) == 1:
            other = _differences(manifest, holder)
    if not other:
        names = ", ".join(repr(holder.controller) for holder in holders)
        other = [f"controller is {manifest.controller!r} where the place has {names}"]
    raise DeliveryRefused(
        f"{where}: the manifest is not under the place's agreement: {'; '.join(other)}.",
        next_step=f"Ask the sender which agreement holds, and mend the manifest or "
        f"[sources.{source}] in place.toml. Nothing of this delivery was loaded.",
    )


def _differences(manifest: Manifest, holder: Holder) -> list[str]:
    agreed = {
        "controller": (manifest.controller, {name for name, _ in holder.names}),
        "sharing_agreement_ref": (manifest.sharing_agreement_ref, {ref for _, ref in holder.names}),
        "purpose_code": (manifest.purpose_code, {holder.purpose}),
    }
    told = [
        f"{name} is {theirs!r} where the place has {', '.join(map(repr, sorted(ours)))}"
        for name, (theirs, ours) in agreed.items()
        if theirs not in ours
    ]
    return told or ["the agreement is one of the controller's, but not under that name"]
