"""How a place's files differ from the declaration: what a vendor does otherwise is a setting.

``[sources.<source>.tables.<table>]`` in ``place.toml`` holds one :class:`TableMapping`. Nothing
about a vendor is ever code.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

ISO = "iso"
EXCEL, EXCEL_1904 = "excel", "excel1904"
"""Days since the end of 1899, and since the start of 1904, as spreadsheets count them."""

Share = Annotated[float, Field(ge=0, le=1)]
Positive = Annotated[int, Field(ge=1)]
Text = Annotated[str, Field(min_length=1)]
Character = Annotated[str, Field(min_length=1, max_length=1)]

_PROBES = (datetime(2026, 2, 1, 13, 45, 56), datetime(2024, 12, 30, 0, 7, 8))  # noqa: DTZ001 - a date in a file has no zone


class Settings(BaseModel):
    """Base of every setting: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class FileStyle(Settings):
    """How the file itself is written."""

    format: Literal["csv", "xlsx", "parquet", "fixed"] = "csv"
    """Text with a separator, an Excel workbook, Parquet, or lines of fixed width."""
    encoding: Literal["utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "cp850"] = (
        "utf-8"
    )
    """How text is written as bytes (`csv`, `fixed`). A byte order mark is always left out."""
    delimiter: Character = ","
    """What parts two values (`csv`), such as `;`, `|` or a tab."""
    quote: Annotated[str, Field(max_length=1)] = '"'
    """What stands around a value that holds the delimiter (`csv`); empty where nothing does."""
    escape: Literal["doubled", "backslash"] = "doubled"
    """How a quotation mark inside quotation marks is written (`csv`)."""
    header_row: Annotated[int, Field(ge=0)] = 1
    """Which line or row holds the column names (`csv`, `xlsx`); 0 where none does."""
    names: tuple[Text, ...] = ()
    """The column names in order, where no line of the file holds them (`csv`, `xlsx`)."""
    skip_rows: Annotated[int, Field(ge=0)] = 0
    """Rows between the header and the first row of data that are not read (a second header)."""
    footer_rows: Annotated[int, Field(ge=0)] = 0
    """Rows at the end that are not data, such as a total (`csv`, `xlsx`, `fixed`)."""
    sheet: Text | Positive = 1
    """Name of the worksheet, or its number counted from 1 (`xlsx`)."""
    positions: dict[str, tuple[Positive, Positive]] = Field(default_factory=dict)
    """Column name to its first and last character, counted from 1 (`fixed`)."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.format == "fixed") != bool(self.positions):
            raise ValueError("positions are given for format fixed, and for no other")
        wrong = [name for name, (first, last) in self.positions.items() if first > last]
        if wrong:
            raise ValueError(f"positions: the first character lies after the last: {wrong}")
        without = self.format in {"csv", "xlsx"} and self.header_row == 0
        if without != bool(self.names):
            raise ValueError("names are given where header_row = 0, and nowhere else")
        if len(set(self.names)) != len(self.names):
            raise ValueError("names: a column is named twice")
        if self.format == "csv" and self.quote == self.delimiter:
            raise ValueError("delimiter and quote are the same")
        return self

    @property
    def plain(self) -> bool:
        """Whether the file is text that the quick reader can take as it is."""
        usual = self.encoding == "utf-8" and self.header_row == 1
        return self.format == "csv" and usual and not (self.skip_rows or self.footer_rows)


class NumberStyle(Settings):
    """How amounts and numbers are written. UPRNs and codes are never touched."""

    decimal: Literal[".", ","] = "."
    """What stands before the pence."""
    thousands: Literal["", ",", ".", " ", "'"] = ""
    """What stands between groups of three digits; empty where nothing does."""
    drop: tuple[Text, ...] = ()
    """Texts before or after the digits that are left out, such as `£` or `GBP`."""
    negatives: tuple[Literal["trailing_minus", "parentheses", "CR"], ...] = ()
    """How an amount below zero is written, besides `-5.00`: `5.00-`, `(5.00)` or `5.00 CR`."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if self.decimal == self.thousands:
            raise ValueError("decimal and thousands are the same")
        return self

    @property
    def usual(self) -> bool:
        """Whether numbers are written as the declaration has them."""
        return self == NumberStyle()


class TableMapping(Settings):
    """How a place's file differs from the declaration."""

    columns: dict[str, str] = Field(default_factory=dict)
    """Afloat's column name to the name in the place's file."""
    constants: dict[str, str] = Field(default_factory=dict)
    """Afloat's column name to the one value that every row has, where the file lacks the column."""
    absent: tuple[str, ...] = ()
    """Afloat's columns that the file lacks; they are loaded empty. Of the columns in every table,
    `extract_date` is then the manifest's `extract_to`, and `recorded_date` the day of the first
    extract that held the row."""
    ignore: tuple[str, ...] = ()
    """Columns of the file that are not read; `*` stands for any characters."""
    unknown_columns: Literal["refuse", "ignore"] = "refuse"
    """What to do with a delivery that has columns which nothing here names. Both say so."""
    codes: dict[str, dict[str, str]] = Field(default_factory=dict)
    """Column to (the place's code to Afloat's code)."""
    booleans: dict[str, Literal["true", "false"]] = Field(default_factory=dict)
    """The place's word to `true` or `false`, in every true-or-false column."""
    nulls: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Column to texts that stand for no value in it, besides those that always do."""
    date_format: str | tuple[str, ...] = ISO
    """How dates are written: `iso`, `excel` (a serial number), `excel1904`, or a strptime format
    such as `%d/%m/%Y`; several where the file mixes them."""
    timestamp_format: str | tuple[str, ...] = ISO
    """The same for columns with a time of day."""
    column_formats: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Date or timestamp column to its own formats, in place of the table's."""
    two_digit_years_from: Annotated[int, Field(ge=1850, le=2100)] | None = None
    """First of the hundred years in which years of two digits lie; needed with `%y`."""
    numbers: NumberStyle = NumberStyle()
    """How numbers are written."""
    file: FileStyle = FileStyle()
    """How the file is written."""
    most_withdrawn: Share = 0.2
    """Largest share of keys that a full extract may leave out; one with more is refused."""

    @model_validator(mode="after")
    def _sound(self) -> Self:
        for formats in (
            _several(self.date_format),
            _several(self.timestamp_format),
            *self.column_formats.values(),
        ):
            _check_formats(formats, dated=self.two_digit_years_from is not None)
        both = sorted(set(self.constants) & {*self.columns, *self.absent})
        both += sorted(set(self.absent) & set(self.columns))
        if both:
            raise ValueError(f"columns with two ways to have a value: {both}")
        return self

    def formats(self, column: str, *, timed: bool = False) -> tuple[str, ...]:
        """Formats of a date column, or of one with a time of day."""
        general = self.timestamp_format if timed else self.date_format
        return self.column_formats.get(column, _several(general))

    def native(self, column: str) -> str | None:
        """The file's name for a column; None where the file has none."""
        if column in self.constants or column in self.absent:
            return None
        return self.columns.get(column, column)


def _several(formats: str | tuple[str, ...]) -> tuple[str, ...]:
    return (formats,) if isinstance(formats, str) else formats


def _check_formats(formats: tuple[str, ...], *, dated: bool) -> None:
    written = [form for form in formats if form not in {ISO, EXCEL, EXCEL_1904}]
    if not formats or {EXCEL, EXCEL_1904} <= set(formats):
        raise ValueError("a date format is needed, and only one of excel and excel1904")
    for form in written:
        day = _read(_PROBES[0].strftime(form), form)
        if day != _PROBES[0].date():
            raise ValueError(f"format {form!r} does not hold a whole date; write it as in %d/%m/%Y")
        if "%y" in form and not dated:
            raise ValueError(f"format {form!r} has years of two digits: set two_digit_years_from")
    for one in (*written, "%Y-%m-%d"):
        for other in written:
            # The same text read as two different days would be a guess.
            if any(
                _read(probe.strftime(one), other) not in {None, probe.date()} for probe in _PROBES
            ):
                raise ValueError(f"formats {one!r} and {other!r} read one text as different days")


def _read(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a date in a file has no zone
    except ValueError:
        return None
