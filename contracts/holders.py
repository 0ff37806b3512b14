"""Who sends a source: one controller, or several of a place in two tiers, each its own way.

``[sources.<source>]`` is one controller. In a place of several districts each has
``[sources.<source>.controllers.<code>]``, and ids that are only unique within one of them are kept
apart by its code: account ``118`` of ``east`` is loaded as ``east:118``. A council has one code
in each of its sources, so that they still join; and the code stays when councils merge, so that
what was known of an account goes on.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from contracts.columns import ColumnClass, Kind
from contracts.mapping import Settings, TableMapping, Text
from contracts.register import PurposeEntry
from contracts.tables import SOURCES, TABLES

NATIONAL_IDS = frozenset(
    {"nhs_pid", "nhs_number_pseudo", "nino_hash", "upn", "former_upn", "pers_common_child_id"}
)
"""Ids that mean the same whoever sends them; they are never given a controller's code."""

Tables = dict[str, TableMapping]
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]


class Shape(Settings):
    """The shape that a feed has under another version."""

    tables: Tables = Field(default_factory=dict)
    """Table to its mapping in this shape; a table that is not named is as in the source's own."""
    leaves_out: tuple[str, ...] = ()
    """Tables that this shape does not have."""


class Former(Settings):
    """A name and agreement that earlier deliveries came under."""

    controller: Text
    """Name of the controller then."""
    agreement: Text
    """Sharing agreement then."""


class Controller(Settings):
    """One of several controllers of a source; what it leaves out is as the source has it."""

    controller: Text
    """Name of the controller, as its manifests have it."""
    agreement: Text
    """Reference of its sharing agreement."""
    lawful_basis: str = ""
    """Lawful basis; the source's where empty."""
    art9_condition: str | None = None
    """Condition for special category data; the source's where none."""
    purpose: str = ""
    """Purpose code; the source's where empty."""
    prefix: str | None = None
    """What keeps its ids apart; its code where not given, nothing where empty."""
    formerly: tuple[Former, ...] = ()
    """Names and agreements before a reorganisation or renewal, still good for old deliveries."""
    until: date | None = None
    """Its last day, where another has taken over: from the next day nothing of it is known."""
    schema_version: str = ""
    """The version that `tables` describes; the source's where empty."""
    tables: Tables = Field(default_factory=dict)
    """Table to its mapping; the source's for a table that is not named."""
    shapes: dict[str, Shape] = Field(default_factory=dict)
    """Other versions; the source's where there are none."""


class Holder(Settings):
    """A controller with everything settled: what :attr:`SourceSettings.holders` gives."""

    code: str
    controller: str
    agreement: str
    lawful_basis: str
    art9_condition: str | None
    purpose: str
    prefix: str
    formerly: tuple[Former, ...]
    until: date | None
    schema_version: str
    tables: Tables
    shapes: dict[str, Shape]

    def mapping(self, table: str, version: str) -> TableMapping | None:
        """The mapping of a table in a version; None where that version does not have it."""
        if version == self.schema_version:
            return self.tables.get(table, TableMapping())
        shape = self.shapes.get(version)
        if shape is None or table in shape.leaves_out:
            return None
        return shape.tables.get(table) or self.tables.get(table, TableMapping())

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """Every controller and agreement that a manifest may name, today's first."""
        then = tuple((former.controller, former.agreement) for former in self.formerly)
        return ((self.controller, self.agreement), *then)


class SourceSettings(Settings):
    """One source that the place has."""

    controller: str = ""
    """Name of the controller, as its manifests have it; empty where there are several."""
    agreement: str = ""
    """Reference of the sharing agreement; empty where there are several controllers."""
    lawful_basis: Text
    """Lawful basis that the place relies on."""
    art9_condition: str | None = None
    """Condition for special category data."""
    art10_condition: str | None = None
    """Ground in law for criminal-offence data, where the source brings any."""
    on_because: Text | None = None
    """Why the place has a source that is off by default."""
    purpose: Text = "prevention"
    """Purpose code that manifests must have."""
    formerly: tuple[Former, ...] = ()
    """Names and agreements before a reorganisation or renewal, still good for old deliveries."""
    schema_version: Text = "1"
    """The `schema_version` of manifests whose files are as `tables` says."""
    tables: Tables = Field(default_factory=dict)
    """Table to its mapping; a table that is not named is exactly as declared."""
    shapes: dict[str, Shape] = Field(default_factory=dict)
    """Other versions that are still read: `schema_version` to its shape."""
    controllers: dict[Code, Controller] = Field(default_factory=dict)
    """Several controllers, by a code that never changes."""
    legal: dict[str, PurposeEntry] = Field(default_factory=dict)
    """Purpose to its entry in the legal register."""
    absent: bool = False
    """Whether the place does without the source for now, though its settings are there."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if bool(self.controllers) == bool(self.controller and self.agreement):
            raise ValueError("give controller and agreement, or else several under controllers")
        for holder in self.holders.values():
            if holder.schema_version in holder.shapes:
                raise ValueError(f"schema_version {holder.schema_version!r} is described twice")
        prefixes = [holder.prefix for holder in self.holders.values()]
        if len(set(prefixes)) != len(prefixes):
            raise ValueError("controllers: two of them have one prefix")
        return self

    @property
    def holders(self) -> dict[str, Holder]:
        """Its controllers by code; a single one has the code ``""`` and no prefix."""
        if not self.controllers:
            return {"": _holder("", self, None)}
        return {code: _holder(code, self, one) for code, one in self.controllers.items()}

    def every_mapping(self) -> list[tuple[str, str, TableMapping]]:
        """Every mapping with its table and the place in the settings where it stands."""
        found = [(f"tables.{table}", table, how) for table, how in self.tables.items()]
        for version, shape in self.shapes.items():
            at = f"shapes.{version}.tables."
            found += [(at + table, table, how) for table, how in shape.tables.items()]
        for code, one in self.controllers.items():
            at = f"controllers.{code}."
            found += [(f"{at}tables.{table}", table, how) for table, how in one.tables.items()]
            for version, shape in one.shapes.items():
                deep = f"{at}shapes.{version}.tables."
                found += [(deep + table, table, how) for table, how in shape.tables.items()]
        return found


def _holder(code: str, source: SourceSettings, one: Controller | None) -> Holder:
    own = one or Controller(controller=source.controller, agreement=source.agreement)
    return Holder(
        code=code,
        controller=own.controller,
        agreement=own.agreement,
        lawful_basis=own.lawful_basis or source.lawful_basis,
        art9_condition=own.art9_condition or source.art9_condition,
        purpose=own.purpose or source.purpose,
        prefix=code if own.prefix is None else own.prefix,
        formerly=own.formerly or (() if one else source.formerly),
        until=own.until,
        schema_version=own.schema_version or source.schema_version,
        tables=source.tables | own.tables,
        shapes=own.shapes or source.shapes,
    )


def local_ids(source: str) -> frozenset[str]:
    """Columns of a source's tables whose values are only unique within one controller."""
    found = {
        column.name
        for table in SOURCES[source]
        for column in table.business
        if column.kind is Kind.TEXT
        and column.cls is ColumnClass.IDENTIFIER
        and (column.name in table.key or column.name.endswith(_ENDINGS))
    }
    return frozenset(found - NATIONAL_IDS)


_ENDINGS = ("_ref", "_id", "_key", "_no")


def check_mapping(where: str, source: str, table: str, mapping: TableMapping) -> None:
    """Refuse a mapping that names tables, columns or codes which are not declared.

    Raises:
        ValueError: With the place in the settings and what is wrong.
    """
    if table not in TABLES or TABLES[table].source != source:
        raise ValueError(f"{where}: source {source} has no such table")
    declared = TABLES[table]
    named = (mapping.columns, mapping.codes, mapping.constants, mapping.nulls)
    for column in (*[name for part in named for name in part], *mapping.absent):
        if column not in declared.names:
            raise ValueError(f"{where}: there is no column {column!r}")
    dated = {c.name for c in declared if c.kind in {Kind.DATE, Kind.TIMESTAMP}}
    undated = sorted(set(mapping.column_formats) - dated)
    if undated:
        raise ValueError(f"{where}.column_formats: these hold no dates: {undated}")
    stated = {"extract_date", "recorded_date"}
    needed = {c.name for c in declared if c.required or c.name in declared.key} - stated
    lacking = sorted(needed & set(mapping.absent))
    if lacking:
        raise ValueError(f"{where}.absent: these are needed; give each in constants: {lacking}")
    for column, codes in mapping.codes.items():
        known = declared[column].codes
        wrong = sorted(set(codes.values()) - set(known or codes.values()))
        if wrong:
            raise ValueError(f"{where}.codes.{column}: not Afloat's codes: {wrong}")
