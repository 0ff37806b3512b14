"""Whether the legal register lets a delivery in on the day on which it is loaded."""

from __future__ import annotations

from datetime import date, timedelta

from contracts.errors import DeliveryRefused
from contracts.holders import Holder, SourceSettings
from contracts.manifest import Manifest
from contracts.register import PurposeEntry, entry_of, faults_of, kept_until

_NOTHING = "Nothing of this delivery was loaded."


def check_register(
    manifest: Manifest,
    source: str,
    settings: SourceSettings,
    holder: Holder,
    *,
    today: date,
    where: str,
) -> None:
    """Refuse a delivery whose source and purpose the register does not cover.

    Args:
        manifest: What the sender says.
        source: Key of the source.
        settings: The place's settings for it.
        holder: The controller that the delivery comes from.
        today: Day of loading.
        where: Delivery and file, to begin a message.

    Raises:
        DeliveryRefused: If the register lacks something or has run out, the national opt-outs were
            applied too long before, or the delivery may no longer be held.
    """
    faults = faults_of(source, settings, today, manifest.purpose_code, holder.code)
    if faults:
        raise DeliveryRefused(
            f"{where}: the legal register does not cover source {source} for purpose "
            f"{manifest.purpose_code} on {today}: {'; '.join(faults)}.",
            next_step="Renew the entry in place.toml once it is agreed, or set absent = true under "
            f"[sources.{source}] to go on without the source. {_NOTHING}",
        )
    entry = entry_of(settings, manifest.purpose_code, holder.code)
    _check_opt_out(manifest, entry, source, where)
    _check_time(manifest, entry, source, today, where)


def _check_opt_out(manifest: Manifest, entry: PurposeEntry, source: str, where: str) -> None:
    applied, within = manifest.ndoo_applied_date, entry.opt_out_within_days
    if applied is None or within is None:
        return
    if applied + timedelta(days=within) < manifest.extract_to:
        raise DeliveryRefused(
            f"{where}: national opt-outs were applied on {applied} (ndoo_applied_date), more than "
            f"{within} days before the extract ends on {manifest.extract_to}.",
            next_step="Ask the sender to apply the opt-outs again and send the extract anew (the "
            f"rule is sources.{source}.legal.{manifest.purpose_code}.opt_out_within_days). "
            f"{_NOTHING}",
        )


def _check_time(
    manifest: Manifest, entry: PurposeEntry, source: str, today: date, where: str
) -> None:
    until = kept_until(entry, extract_to=manifest.extract_to, retain_until=manifest.retain_until)
    if today <= until:
        return
    if until == manifest.retain_until:
        raise DeliveryRefused(
            f"{where}: the agreement {manifest.sharing_agreement_ref} let this data be kept until "
            f"{until} (retain_until), and today is {today}.",
            next_step="Delete the delivery, or agree a later date with the sender and have a new "
            f"manifest sent. {_NOTHING}",
        )
    raise DeliveryRefused(
        f"{where}: the place keeps source {source} for {entry.keep_months} months "
        f"(sources.{source}.legal.{manifest.purpose_code}.keep_months), so this extract until "
        f"{until}, and today is {today}.",
        next_step=f"Delete the delivery. {_NOTHING}",
    )
