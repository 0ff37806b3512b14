"""The legal register in force: under what each source is held, for each purpose, and until when.

A place writes an entry for each source and purpose in its ``place.toml``, under
``[sources.<source>.register.<purpose>]``. Nothing is loaded, linked or made into a feature under an
entry that lacks something or has run out; the message names the setting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.columns import ColumnClass
from contracts.errors import SettingsError
from contracts.months import add_months
from contracts.tables import HEALTH_SOURCES, SOURCES

if TYPE_CHECKING:
    from contracts.place import Place, SourceSettings

_Text = Annotated[str, Field(min_length=1)]
# By class, never by name: these may only be held under a condition of Article 9, and of Article 10.
_ARTICLE_9 = frozenset({ColumnClass.SPECIAL, ColumnClass.PROTECTED})
_ARTICLE_10 = frozenset({ColumnClass.CRIMINAL})


class PurposeEntry(BaseModel):
    """One entry of the register; what is not given here is the source's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    lawful_basis: _Text | None = None
    """UK GDPR Article 6, such as "public task"."""
    condition: _Text | None = None
    """UK GDPR Article 9, where the source holds special category data or characteristics."""
    offence_condition: _Text | None = None
    """UK GDPR Article 10, where it holds criminal offence data."""
    agreement: _Text | None = None
    expires_on: date | None = None
    """Last day on which the agreement covers this purpose."""
    privacy_notice: _Text | None = None
    """Address or name of the notice that people were given."""
    privacy_notice_date: date | None = None
    dpia: _Text | None = None
    """Reference and version of the data protection impact assessment."""
    opt_out_within_days: Annotated[int, Field(ge=0)] | None = None
    """How old the applied national opt-outs may be on the last day of a health extract."""
    keep_months: Annotated[int, Field(ge=1)] | None = None
    """Months after its last day for which an extract is kept, where that is shorter than the
    manifest's ``retain_until``."""


class Retention(BaseModel):
    """What goes when the time for which extracts may be held is over."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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


def entry_of(source: SourceSettings, purpose: str | None = None) -> PurposeEntry:
    """The entry of a purpose, filled from what the source says for all of them.

    Args:
        source: Settings of the source.
        purpose: Code of the purpose; the one that the source is used for where not given.
    """
    chosen = source.register.get(purpose or source.purpose, PurposeEntry())
    return chosen.model_copy(
        update={
            "lawful_basis": chosen.lawful_basis or source.lawful_basis,
            "condition": chosen.condition or source.art9_condition,
            "offence_condition": chosen.offence_condition or source.art10_condition,
            "agreement": chosen.agreement or source.agreement,
        }
    )


def faults_of(
    key: str, source: SourceSettings, on: date, purpose: str | None = None
) -> tuple[str, ...]:
    """What keeps a source from being used on a day, each naming the setting; none where in force.

    Args:
        key: Key of the source.
        source: Its settings.
        on: The day.
        purpose: Code of the purpose; the one that the source is used for where not given.
    """
    if not holds_people(key):
        return ()
    entry = entry_of(source, purpose)
    where = f"sources.{key}.register.{purpose or source.purpose}"
    lacking = [f"{where}.{name} is missing" for name in _needed(key) if not getattr(entry, name)]
    if entry.expires_on is not None and entry.expires_on < on:
        lacking.append(f"{where}.expires_on: it ran out on {entry.expires_on}")
    return tuple(lacking)


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
