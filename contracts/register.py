"""The legal register in force: under what each source is held, for each purpose, and until when.

A place writes an entry for each source and purpose in its ``place.toml``, under
``[sources.<source>.legal.<purpose>]``; what is the same for all of them is said once, under
``[legal.<purpose>]``. Nothing is loaded, linked or made into a feature under an entry that lacks
something or has run out; the message names the setting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from contracts.columns import ColumnClass
from contracts.errors import SettingsError
from contracts.mapping import Settings, Text
from contracts.months import add_months
from contracts.tables import HEALTH_SOURCES, SOURCES

if TYPE_CHECKING:
    from contracts.holders import SourceSettings
    from contracts.place import Place

# By class, never by name: these may only be held under a condition of Article 9, and of Article 10.
_ARTICLE_9 = frozenset({ColumnClass.SPECIAL, ColumnClass.PROTECTED})
_ARTICLE_10 = frozenset({ColumnClass.CRIMINAL})


class SharedEntry(Settings):
    """What a place can say of a purpose once for all of its sources that name somebody."""

    expires_on: date | None = None
    """Last day on which the agreement covers this purpose."""
    privacy_notice: Text | None = None
    """Address or name of the notice that people were given."""
    privacy_notice_date: date | None = None
    """Its date."""
    dpia: Text | None = None
    """Reference and version of the data protection impact assessment."""
    opt_out_within_days: Annotated[int, Field(ge=0)] | None = None
    """How old the applied national opt-outs may be on the last day of a health extract."""
    keep_months: Annotated[int, Field(ge=1)] | None = None
    """Months after its last day for which an extract is kept, where that is shorter than the
    manifest's `retain_until`."""


class PurposeEntry(SharedEntry):
    """One entry of the register; what is not given here is the source's own."""

    lawful_basis: Text | None = None
    """UK GDPR Article 6, such as "public task"; the source's where not given."""
    condition: Text | None = None
    """UK GDPR Article 9, where the source holds special category data or characteristics."""
    offence_condition: Text | None = None
    """UK GDPR Article 10, where it holds criminal offence data."""
    agreement: Text | None = None
    """The agreement; the source's where not given. One of several controllers has its own."""


class Retention(Settings):
    """What goes when the time for which extracts may be held is over."""

    derived: Literal["delete", "mark"] = "delete"
    """What happens to month tables that were built from deleted rows: dropped, or named in the
    certificate and dropped when the month is built again."""
    landing: bool = True
    """Whether the delivery's folder in the landing place is deleted, too."""


def holds_people(source: str) -> bool:
    """Whether the source names anybody or any home; open data does not, and needs no entry."""
    return _holds(source, frozenset({ColumnClass.IDENTIFIER}))


def _holds(source: str, classes: frozenset[ColumnClass]) -> bool:
    return any(
        classes & {column.cls, *column.code_classes.values()}
        for table in SOURCES[source]
        for column in table
    )


def with_shared(
    sources: Mapping[str, Any], shared: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Settings of sources as written, each entry filled from what the place says for all of them.

    Args:
        sources: Key of the source to its settings.
        shared: Purpose to what is said once.
    """
    return {
        key: _filled(source, shared)
        if isinstance(source, dict) and key in SOURCES and holds_people(key)
        else source
        for key, source in sources.items()
    }


def _filled(source: dict[str, Any], shared: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    own = source.get("legal") or {}
    parts = [source, *(source.get("controllers") or {}).values()]
    used = {part.get("purpose") for part in parts if isinstance(part, dict)} - {None, ""}
    # "prevention" is what a source is used for where it says nothing else.
    used |= set(own) | ({"prevention"} if "purpose" not in source else set())
    entries = {
        purpose: {**said, **{k: v for k, v in own.get(purpose, {}).items() if v is not None}}
        for purpose, said in shared.items()
        if purpose in used and isinstance(own.get(purpose, {}), dict)
    }
    return {**source, "legal": {**own, **entries}}


def entry_of(source: SourceSettings, purpose: str | None = None, code: str = "") -> PurposeEntry:
    """The entry of a purpose, filled from what the source says for all of them.

    A controller that says something of its own stands by that; what it leaves out is the entry's,
    and then the source's.

    Args:
        source: Settings of the source.
        purpose: Code of the purpose; the one that the controller, or the source, is used for where
            not given.
        code: Code of the controller, where the source has several.
    """
    own = source.controllers.get(code)
    chosen = source.legal.get(
        purpose or (own.purpose if own else "") or source.purpose, PurposeEntry()
    )
    basis, condition, agreement = (
        (own.lawful_basis, own.art9_condition, own.agreement) if own else (None, None, None)
    )
    return chosen.model_copy(
        update={
            "lawful_basis": basis or chosen.lawful_basis or source.lawful_basis,
            "condition": condition or chosen.condition or source.art9_condition,
            "offence_condition": chosen.offence_condition or source.art10_condition,
            "agreement": agreement or chosen.agreement or source.agreement or None,
        }
    )


def faults_of(
    key: str,
    source: SourceSettings,
    on: date,
    purpose: str | None = None,
    code: str | None = None,
) -> tuple[str, ...]:
    """What keeps a source from being used on a day, each naming the setting; none where in force.

    Args:
        key: Key of the source.
        source: Its settings.
        on: The day.
        purpose: Code of the purpose; the one that each controller is used for where not given.
        code: Code of the controller; all of them where not given.
    """
    if not holds_people(key):
        return ()
    found: dict[str, None] = {}
    for holder in source.holders.values():
        if code in (None, holder.code):
            chosen = purpose or holder.purpose
            entry = entry_of(source, chosen, holder.code)
            found |= dict.fromkeys(_lacking(key, entry, chosen, on))
    return tuple(found)


def _lacking(key: str, entry: PurposeEntry, purpose: str, on: date) -> Iterable[str]:
    where = f"sources.{key}.legal.{purpose}"
    yield from (f"{where}.{name} is missing" for name in _needed(key) if not getattr(entry, name))
    if entry.expires_on is not None and entry.expires_on < on:
        yield f"{where}.expires_on: it ran out on {entry.expires_on}"


def _needed(key: str) -> Iterable[str]:
    yield from ("lawful_basis", "agreement", "expires_on", "privacy_notice", "dpia")
    if _holds(key, _ARTICLE_9):
        yield "condition"
    if _holds(key, _ARTICLE_10):
        yield "offence_condition"
    if key in HEALTH_SOURCES:
        yield "opt_out_within_days"


def require_in_force(place: Place, *, today: date, step: str) -> None:
    """Refuse a step that would use a source which the register does not cover today.

    Args:
        place: The place.
        today: Day of the step.
        step: What would be done, such as ``features``.

    Raises:
        SettingsError: Naming every setting that is missing or has run out.
    """
    faults = {
        key: found
        for key, source in place.sources.items()
        if (found := faults_of(key, source, today))
    }
    if faults:
        named = "; ".join(fault for found in faults.values() for fault in found)
        raise SettingsError(
            f"The legal register does not cover {step} on {today}: {named}.",
            next_step="Renew the entry in place.toml once it is agreed. Until then, "
            f"absent = true under {', '.join(f'[sources.{key}]' for key in faults)} runs without "
            "the source: its deliveries are set aside and nothing is made from it.",
        )


def kept_until(entry: PurposeEntry, *, extract_to: date, retain_until: date) -> date:
    """Last day on which a delivery may be held: the sender's, or the place's where that is sooner.

    Args:
        entry: The register's entry.
        extract_to: Last day that the delivery covers.
        retain_until: What its manifest says.
    """
    if entry.keep_months is None:
        return retain_until
    return min(retain_until, add_months(extract_to, entry.keep_months))
