"""What a column and a table are: the one declaration from which everything else is derived.

The reader, the Great Expectations suite, the synthetic writer's header and the reference page in
docs all come from :class:`Table`. Policy is applied by a column's class, never by its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

import polars as pl


class ColumnClass(StrEnum):
    """How sensitive a column is; zones, pages and models obey this and nothing else."""

    IDENTIFIER = "I"
    QUASI = "Q"
    SPECIAL = "S"
    CRIMINAL = "C"
    PROTECTED = "P"
    SAFETY = "X"
    ORDINARY = "O"


class Kind(StrEnum):
    """The typed form that a column takes after loading."""

    TEXT = "text"
    CODE = "code"
    INTEGER = "integer"
    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    TIMESTAMP = "timestamp"
    BOOLEAN = "boolean"
    UPRN = "uprn"


DUCKDB_TYPES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.TEXT: "VARCHAR",
        Kind.CODE: "VARCHAR",
        Kind.INTEGER: "BIGINT",
        Kind.MONEY: "DECIMAL(12,2)",
        Kind.NUMBER: "DOUBLE",
        Kind.DATE: "DATE",
        Kind.TIMESTAMP: "TIMESTAMP",
        Kind.BOOLEAN: "BOOLEAN",
        Kind.UPRN: "BIGINT",
    }
)

POLARS_TYPES: Mapping[Kind, pl.DataType] = MappingProxyType(
    {
        Kind.TEXT: pl.String(),
        Kind.CODE: pl.String(),
        Kind.INTEGER: pl.Int64(),
        Kind.MONEY: pl.Decimal(12, 2),
        Kind.NUMBER: pl.Float64(),
        Kind.DATE: pl.Date(),
        Kind.TIMESTAMP: pl.Datetime("us"),
        Kind.BOOLEAN: pl.Boolean(),
        Kind.UPRN: pl.Int64(),
    }
)

# Every one of these was seen in real council or health data. "Not stated" (asked and declined) is
# kept apart from "not known" (never asked) where a column lists a code for it.
NULL_TOKENS: frozenset[str] = frozenset(
    {"", "NULL", "null", "N/A", "-", "..", "UNKNOWN", "Not known", "Not stated", "NOT STATED"}
)
NULL_DATES: frozenset[str] = frozenset({"1900-01-01", "1901-01-01", "1753-01-01", "1754-09-12"})
OPEN_END_DATES: frozenset[str] = frozenset({"9999-12-31", "2099-12-31"})

MAX_UPRN = 999_999_999_999


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of an extract.

    Attributes:
        name: Afloat's name for the column.
        kind: Typed form after loading.
        cls: Sensitivity class; policy is applied by it.
        says: What the column holds, in plain words.
        required: True where a row without a value is sent to quarantine.
        codes: The closed code list, code to plain words; None where free.
        families: Beginnings of codes of which every one is allowed, such as ``C`` for commercial.
        code_classes: Codes that are more sensitive than the column, with their class: a row that
            holds one is as sensitive as its code.
        barred: Codes that no place may hold, with the reason; they are in no code list, and the
            sender has to leave their rows out.
        unit: "GBP per week", "days" and the like; None where the kind says it all.
        nulls: Null tokens of this column alone, beyond :data:`NULL_TOKENS`.
        low: Smallest value allowed (inclusive), for numbers.
        high: Largest value allowed (inclusive), for numbers.
        outcome_side: True where the value is only written after an outcome; never a feature.
        permitted: For classes S, C and X: what of it may lie in the modelling zone, in plain words;
            None where nothing may.
    """

    name: str
    kind: Kind
    cls: ColumnClass
    says: str
    required: bool = False
    codes: Mapping[str, str] | None = None
    families: tuple[str, ...] = ()
    code_classes: Mapping[str, ColumnClass] = field(default_factory=dict)
    barred: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    nulls: frozenset[str] = frozenset()
    low: float | None = None
    high: float | None = None
    outcome_side: bool = False
    permitted: str | None = None

    def __post_init__(self) -> None:
        known = set(self.codes or ())
        astray = sorted(set(self.code_classes) - known) + sorted(set(self.barred) & known)
        if astray:
            raise ValueError(f"column {self.name}: codes not in the list, or barred: {astray}")

    def class_of(self, code: str) -> ColumnClass:
        """How sensitive a row is that holds this code."""
        return self.code_classes.get(code, self.cls)

    @property
    def duckdb_type(self) -> str:
        """The DuckDB type of the loaded column."""
        return DUCKDB_TYPES[self.kind]

    @property
    def polars_type(self) -> pl.DataType:
        """The polars type of the loaded column."""
        return POLARS_TYPES[self.kind]

    @property
    def null_tokens(self) -> frozenset[str]:
        """Texts that are read as "no value" in this column."""
        known = frozenset(self.codes or ())
        return (NULL_TOKENS | self.nulls) - known


SYSTEM_COLUMNS: tuple[Column, ...] = (
    Column(
        name="source_system",
        kind=Kind.TEXT,
        cls=ColumnClass.ORDINARY,
        says="The system that the row was taken from.",
        required=True,
    ),
    Column(
        name="extract_date",
        kind=Kind.DATE,
        cls=ColumnClass.ORDINARY,
        says="The as-at date of the file.",
        required=True,
    ),
    Column(
        name="recorded_date",
        kind=Kind.DATE,
        cls=ColumnClass.ORDINARY,
        says="When the source system first knew this version of the row.",
        required=True,
    ),
    Column(
        name="row_hash",
        kind=Kind.TEXT,
        cls=ColumnClass.ORDINARY,
        says="Hash of the business columns, made by the source.",
    ),
)


@dataclass(frozen=True, kw_only=True)
class Table:
    """One table of an extract.

    A row is a version: the same key may come again with a later ``recorded_date``, and what was
    known at a date is the latest version recorded by then.

    Attributes:
        name: Table name, such as ``ctax_account``.
        source: Key of the source in the register, such as ``ctax``.
        says: What one row is, in plain words.
        key: Columns that identify a row (before ``recorded_date``).
        business: The declared columns, without the four system columns.
        periods: Pairs of date columns of which the first never lies after the second.
    """

    name: str
    source: str
    says: str
    key: tuple[str, ...]
    business: tuple[Column, ...] = field(default=())
    periods: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        doubled = {name for name in names if names.count(name) > 1}
        if doubled:
            raise ValueError(f"table {self.name}: columns declared twice: {sorted(doubled)}")
        unknown = {*self.key, *(name for pair in self.periods for name in pair)} - set(names)
        if unknown:
            raise ValueError(f"table {self.name}: key or period not declared: {sorted(unknown)}")

    @property
    def columns(self) -> tuple[Column, ...]:
        """Business columns, then the four system columns."""
        return self.business + SYSTEM_COLUMNS

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in file order: the header of the native file before any mapping."""
        return tuple(column.name for column in self.columns)

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns)

    def __getitem__(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"table {self.name} has no column {name!r}")


def column(
    name: str,
    kind: Kind,
    cls: str,
    says: str,
    *,
    required: bool = False,
    codes: Mapping[str, str] | None = None,
    families: tuple[str, ...] = (),
    code_classes: Mapping[str, str] | None = None,
    barred: Mapping[str, str] | None = None,
    unit: str | None = None,
    nulls: frozenset[str] = frozenset(),
    low: float | None = None,
    high: float | None = None,
    outcome_side: bool = False,
    permitted: str | None = None,
) -> Column:
    """Short form for declarations: classes by their letter, code lists frozen."""
    classes = {code: ColumnClass(letter) for code, letter in (code_classes or {}).items()}
    return Column(
        name=name,
        kind=kind,
        cls=ColumnClass(cls),
        says=says,
        required=required,
        codes=None if codes is None else MappingProxyType(dict(codes)),
        families=families,
        code_classes=MappingProxyType(classes),
        barred=MappingProxyType(dict(barred or {})),
        unit=unit,
        nulls=nulls,
        low=low,
        high=high,
        outcome_side=outcome_side,
        permitted=permitted,
    )
