"""A place's own method: its sources, neighbourhoods, outcomes, windows, wording and policy.

``places/<name>/place.toml`` is the only thing that differs between places. A place with no health
feed, or with no benefits feed, is a valid place.
"""

from __future__ import annotations

import os
import tomllib
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from contracts.calendar import CalendarEntry, national
from contracts.columns import ColumnClass
from contracts.engines import EngineSettings
from contracts.errors import SettingsError
from contracts.holders import SourceSettings, check_mapping
from contracts.mapping import Positive, Settings, TableMapping, Text
from contracts.register import Retention, SharedEntry, with_shared
from contracts.reporting import Reporting
from contracts.tables import OFF_BY_DEFAULT, SOURCES, TABLES
from contracts.workspace import REPOSITORY

SETTINGS_NAME = "place.toml"
CORE_SOURCES = frozenset({"llpg", "area", "ctax"})


class Outcome(StrEnum):
    """Crisis outcomes that the engine knows."""

    O1 = "O1"
    O3 = "O3"
    O7 = "O7"
    O9 = "O9"
    EDGE = "edge_of_crisis"


# One of these has to be there, or nothing could ever show the outcome. The composite is made of
# whatever there is.
SHOWN_BY: dict[Outcome, frozenset[str]] = {
    Outcome.O1: frozenset({"hclic"}),
    Outcome.O3: frozenset({"ctax"}),
    Outcome.O7: frozenset({"mh", "ecds"}),
    Outcome.O9: frozenset({"welfare"}),
}


class Neighbourhood(Settings):
    """A relational-practice team's area."""

    name: Text
    team: Text
    list_size: Positive
    """Most households that the team can offer a conversation to in one list."""


class OutcomeSettings(Settings):
    """An outcome that the place has chosen to act on."""

    owner: Text
    offer: Text
    """What a household can be offered, in plain words."""
    says: Text
    """The event, as "needed help with homelessness" would finish "households that later"."""
    listed: bool = False
    """True for the outcome from which lists are made (exactly one)."""


class Windows(Settings):
    """Time windows of features and labels."""

    months: tuple[Positive, ...] = (1, 3, 6, 12)
    gap_days: Annotated[int, Field(ge=0)] = 28
    horizon_months: Positive = 6
    history_months: Annotated[int, Field(ge=6, le=60)] = 36
    """How many month ends before the release month are looked at."""
    skip_from: date | None = None
    skip_to: date | None = None
    """Month ends in this span are never trained on."""
    skips: tuple[tuple[date, date], ...] = ()
    """Further spans; see :attr:`Place.training_windows`."""


class Training(Settings):
    """How models are trained and tested."""

    seed: int = 20261031
    origins: Annotated[int, Field(ge=2, le=24)] = 8
    threads: Positive = 2
    trees: Positive = 400
    leaves: Annotated[int, Field(ge=2, le=255)] = 15
    depth: Annotated[int, Field(ge=2, le=8)] = 5
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.04
    negatives_kept: Annotated[float, Field(gt=0, le=1)] = 0.3
    keep_until: Annotated[float, Field(ge=1, le=3)] = 2.0
    """A listed household stays until its rank passes so many lists' lengths; 1 turns it off."""
    score_fade: Annotated[float, Field(ge=0, le=1)] = 0.6
    """Lists are made from scores averaged over six month ends, each counting so many times as much
    as the one after it; 0 for the last one alone."""
    replicates: Annotated[int, Field(ge=200)] = 1000


class LinkageSettings(Settings):
    """How people are linked from month to month."""

    full_every_months: Annotated[int, Field(ge=1, le=24)] = 6
    """Every so many months all records are linked anew; between, only what changed."""
    review_pairs: Annotated[int, Field(ge=0, le=5000)] = 120
    """Most doubtful pairs a month that are put before a reviewer."""


class Check(Settings):
    """One check of the fairness policy."""

    floor: float | None = None
    ceiling: float | None = None
    if_not_passed: Literal["stop", "reason"] = "reason"
    """stop: no list can be approved. reason: approval needs a written reason."""


class FairnessPolicy(Settings):
    """What the place's board has agreed to hold a release to."""

    id: Text
    version: Positive
    agreed_on: date
    expires_on: date
    minimum_cell: Annotated[int, Field(ge=5)] = 20
    round_to: Positive = 5
    confidence: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    verdict_probability: Annotated[float, Field(gt=0.5, lt=1)] = 0.9
    groups: tuple[str, ...] = (
        "ethnic_group",
        "age_band",
        "sex",
        "disability",
        "tenure",
        "deprivation",
    )
    checks: dict[str, Check]
    decision_valid_days: Positive = 60
    deciders: Annotated[int, Field(ge=2)] = 2


class Wording(Settings):
    """What people read."""

    council: Text
    service: Text = "Early support lists"
    board: Text
    contact: Text
    contact_line: Text
    brand_colour: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")] = "#0b5a5e"
    health_sentence: bool = True
    """Whether a card may say that health may be making things harder."""


class Exclusions(Settings):
    """Who is never listed, beyond the safety rules that always hold."""

    already_supported: bool = True
    communal: bool = True


class Place(Settings):
    """Everything that one place has chosen."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    invented: bool = False
    sources: dict[str, SourceSettings]
    absent: dict[str, SourceSettings] = Field(default_factory=dict)
    """Sources with ``absent = true``: kept apart from those that the place has."""
    calendar: tuple[CalendarEntry, ...] = ()
    """The place's own entries of the policy calendar, beside the national ones."""
    legal: dict[str, SharedEntry] = Field(default_factory=dict)
    """Purpose to what its entries in the legal register have in common."""
    retention: Retention = Retention()
    neighbourhoods: dict[str, Neighbourhood]
    outcomes: dict[Outcome, OutcomeSettings]
    windows: Windows = Windows()
    training: Training = Training()
    engine: EngineSettings = EngineSettings()
    reporting: Reporting = Reporting()
    linkage: LinkageSettings = LinkageSettings()
    exclusions: Exclusions = Exclusions()
    fairness: FairnessPolicy
    wording: Wording
    homeless_service_neighbourhood: str | None = None
    """Whose team is offered people with no home whose last home is not known."""
    health_linkage: Literal["L3"] = "L3"
    """L3: health extracts join to a home by pseudonymised UPRN, never to a person."""

    @model_validator(mode="before")
    @classmethod
    def _settle_sources(cls, content: Any) -> Any:
        sources = content.get("sources") if isinstance(content, dict) else None
        if not isinstance(sources, dict):
            return content
        shared = content.get("legal")
        if isinstance(shared, dict) and all(isinstance(said, dict) for said in shared.values()):
            sources = with_shared(sources, shared)
        away = {k: v for k, v in sources.items() if isinstance(v, dict) and v.get("absent")}
        kept = {k: v for k, v in sources.items() if k not in away}
        return {**content, "sources": kept, "absent": {**content.get("absent", {}), **away}}

    @model_validator(mode="after")
    def _sound(self) -> Self:
        unknown = sorted({*self.sources, *self.absent} - set(SOURCES))
        if unknown:
            raise ValueError(f"sources: not known: {unknown}; choose from {sorted(SOURCES)}")
        lacking = sorted(CORE_SOURCES - set(self.sources))
        if lacking:
            raise ValueError(f"sources: {lacking} are needed in every place")
        _check_conditions(self.sources)
        for key, source in self.sources.items():
            for at, table, mapping in source.every_mapping():
                check_mapping(f"sources.{key}.{at}", key, table, mapping)
        for outcome in self.outcomes:
            sources = SHOWN_BY.get(outcome, CORE_SOURCES)
            if not sources & set(self.sources):
                raise ValueError(
                    f"outcomes.{outcome}: none of its sources ({', '.join(sorted(sources))}) is "
                    "in this place; leave the outcome out, or add a source that records it"
                )
        if self.homeless_service_neighbourhood not in (None, *self.neighbourhoods):
            raise ValueError(
                "homeless_service_neighbourhood: choose one of the place's neighbourhoods"
            )
        listed = [outcome for outcome, chosen in self.outcomes.items() if chosen.listed]
        if len(listed) != 1:
            raise ValueError("outcomes: exactly one must have listed = true")
        if "gp" not in self.sources and {"mh", "ecds"} & set(self.sources):
            raise ValueError("sources: mh and ecds reach a home only through gp registrations")
        return self

    @property
    def listed_outcome(self) -> Outcome:
        """The outcome from which lists are made."""
        return next(outcome for outcome, chosen in self.outcomes.items() if chosen.listed)

    @property
    def training_windows(self) -> Windows:
        """The windows, with the spans that the policy calendar keeps out of training."""
        spans = [(one.starts, one.ends) for one in (*national(), *self.calendar) if one.exclude]
        return self.windows.model_copy(update={"skips": (*self.windows.skips, *spans)})

    def mapping(self, table: str) -> TableMapping:
        """The mapping of a table; an empty one where the place's file is as declared."""
        source = self.sources[TABLES[table].source]
        return source.tables.get(table, TableMapping())

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that this place's sources bring."""
        return tuple(name for name, table in TABLES.items() if table.source in self.sources)


def _check_conditions(sources: dict[str, SourceSettings]) -> None:
    """What a source may only be had with: its condition in law, or a reason."""
    for key, source in sources.items():
        if key in OFF_BY_DEFAULT and source.on_because is None:
            raise ValueError(
                f"sources.{key}: off by default; say in on_because why this place may use it"
            )
        special = any(
            ColumnClass.SPECIAL in (column.cls, *column.code_classes.values())
            for table in SOURCES[key]
            for column in table
        )
        if special and not source.art9_condition:
            raise ValueError(f"sources.{key}: it holds special category data; say art9_condition")


def places_folder() -> Path:
    """``AFLOAT_PLACES``, or ``places`` beside the code."""
    return Path(os.environ.get("AFLOAT_PLACES", REPOSITORY / "places")).resolve()


def place_names(folder: Path | None = None) -> list[str]:
    """Names of the places that have settings, in order."""
    root = places_folder() if folder is None else folder
    return sorted(found.parent.name for found in root.glob(f"*/{SETTINGS_NAME}"))


def load_place(name: str, folder: Path | None = None) -> Place:
    """Read ``<folder>/<name>/place.toml``.

    Raises:
        SettingsError: If there is no such place, or its settings cannot be used; the message names
            the file and every setting at fault.
    """
    root = places_folder() if folder is None else folder
    path = root / name / SETTINGS_NAME
    if not path.exists():
        have = place_names(root)
        raise SettingsError(
            f"There is no place {name!r}.", next_step=f"Choose one of {have}, or make its folder."
        )
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        place = Place.model_validate(content)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"{path.parent.name}/{path.name} is not TOML: {error}.",
            next_step="Mend the line it names.",
        ) from error
    except ValidationError as error:
        faults = [
            (".".join(str(part) for part in fault["loc"]) or "place") + ": " + fault["msg"]
            for fault in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError(
            f"{path.parent.name}/{path.name} has {len(faults)} faults: " + "; ".join(faults) + ".",
            next_step="Mend them and try again.",
        ) from None
    if place.name != name:
        raise SettingsError(
            f"{path.parent.name}/{path.name} calls itself {place.name!r}.",
            next_step="Make the name and the folder agree.",
        )
    return place
