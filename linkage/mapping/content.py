"""What the values of a column look like, in shares; no value leaves this module but as a code."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime

from contracts.columns import NULL_DATES, NULL_TOKENS, OPEN_END_DATES, Column, Kind
from contracts.mapping import EXCEL, ISO

DATE_FORMATS = (
    ISO, "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d %b %Y", "%d-%b-%Y", "%d %B %Y",
    "%d-%b-%y", "%d/%m/%y", "%m/%d/%Y", "%Y%m%d", "%d%m%Y", "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S",
    "%d-%b-%Y %H:%M:%S", EXCEL,
)  # fmt: skip
"""In the order in which they are believed where several read all values."""
BOOLEANS = {
    "true": frozenset({"true", "t", "y", "yes", "1", "-1", "on"}),
    "false": frozenset({"false", "f", "n", "no", "0", "off"}),
}
_SOME = 150
_SHAPES = {
    "uprn": re.compile(r"\d{7,12}(\.0)?"),
    "postcode": re.compile(r"[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}"),
    "lsoa": re.compile(r"[EW]01\d{6}"),
    "ward": re.compile(r"[EW]05\d{6}"),
    "hash": re.compile(r"[0-9a-fA-F]{12,128}"),
    "whole": re.compile(r"[+-]?\d{1,15}(\.0+)?"),
    "number": re.compile(r"[(+-]?[£$€]? ?[+-]?[\d,.' ]*\d[\d,.' ]*\)?-?( ?CR)?"),
    "words": re.compile(r"[^\d]{2,}"),
}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?")
_NO_DAYS = NULL_DATES | OPEN_END_DATES


@dataclass(frozen=True, kw_only=True)
class Content:
    """The values of one column of a sample.

    Attributes:
        values: Those that are there.
        filled: Their share of all rows.
        different: How many there are, each once.
        shapes: Shape to the share of values that have it.
        dates: Date format to the share of values that it reads, of those that read any.
    """

    values: tuple[str, ...]
    filled: float
    different: frozenset[str]
    shapes: dict[str, float]
    dates: dict[str, float]

    @property
    def unique(self) -> float:
        """Share of values that are given once."""
        return len(self.different) / len(self.values) if self.values else 0.0


def content_of(column: tuple[str, ...]) -> Content:
    """Look at one column."""
    values = tuple(value for value in column if value not in NULL_TOKENS)
    some = values[:_SOME]
    shapes = {
        name: sum(bool(shape.fullmatch(value)) for value in some) / max(len(some), 1)
        for name, shape in _SHAPES.items()
    }
    dates = {form: _read_share(some, form) for form in DATE_FORMATS}
    return Content(
        values=values,
        filled=len(values) / max(len(column), 1),
        different=frozenset(values),
        shapes=shapes,
        dates={form: share for form, share in dates.items() if share > 0},
    )


def _read_share(values: tuple[str, ...], form: str) -> float:
    return sum(read_day(value, form) is not None for value in values) / max(len(values), 1)


def read_day(text: str, form: str) -> date | None:
    """A text as a plausible day in a format; None where it is none."""
    if form == EXCEL:
        return date(2000, 1, 1) if re.fullmatch(r"[1-7]\d{4}(\.0*)?", text) else None
    try:
        if form == ISO:
            day = date.fromisoformat(text[:10]) if _ISO_DAY.fullmatch(text) else None
        else:
            day = datetime.strptime(text, form).replace(tzinfo=UTC).date()
    except ValueError:
        return None
    if day is None or str(day) in _NO_DAYS:
        return day
    return day if 1880 <= day.year <= 2120 else None


def date_formats(content: Content) -> tuple[str, ...]:
    """The fewest formats that read nearly all values, best first; none where they are no dates."""
    left = list(content.values[:400])
    chosen: list[str] = []
    total = len(left)
    while total and len(left) > 0.02 * total and len(chosen) < 3:
        shares = [
            (sum(read_day(v, f) is not None for v in left), f)
            for f in DATE_FORMATS
            if not (chosen and {f, *chosen} & {"%m/%d/%Y", EXCEL})
        ]
        most = max((count for count, _ in shares), default=0)
        if most < 0.02 * total or most == 0:
            break
        form = next(f for count, f in shares if count == most)
        chosen.append(form)
        left = [value for value in left if read_day(value, form) is None]
    return tuple(chosen) if total and len(left) <= 0.1 * total else ()


def fit(column: Column, content: Content) -> float | None:
    """How well values fit a declared column, 0 to 1; None where there is nothing to go by."""
    if not content.values:
        return None
    shapes = content.shapes
    match column.kind:
        case Kind.DATE | Kind.TIMESTAMP:
            share = max(content.dates.values(), default=0.0)
        case Kind.BOOLEAN:
            share = _boolean_fit(content)
        case Kind.UPRN:
            share = shapes["uprn"]
        case Kind.INTEGER:
            share = shapes["whole"] * _within(column, content)
        case Kind.MONEY | Kind.NUMBER:
            share = shapes["number"] * (0.5 if shapes["uprn"] > 0.9 else 1.0)
        case Kind.CODE:
            share = _code_fit(column, content)
        case Kind.TEXT:
            share = _text_fit(column, content)
    return share


def _boolean_fit(content: Content) -> float:
    known = BOOLEANS["true"] | BOOLEANS["false"]
    few = {value.lower() for value in content.different} <= known
    return 1.0 if few and len(content.different) <= 2 else 0.0


def _within(column: Column, content: Content) -> float:
    numbers = [
        float(value) for value in content.values[:_SOME] if _SHAPES["whole"].fullmatch(value)
    ]
    low = column.low if column.low is not None else -1e9
    high = column.high if column.high is not None else 1e6
    return sum(low <= number <= high for number in numbers) / max(len(numbers), 1)


def _code_fit(column: Column, content: Content) -> float:
    if column.name in {"lsoa21", "lsoa"}:
        return content.shapes["lsoa"]
    if column.name.startswith("ward"):
        return content.shapes["ward"]
    if not column.codes:
        return 0.6 if len(content.different) <= 60 else 0.2
    known = set(column.codes)
    some = content.values[:_SOME]
    share = sum(value in known for value in some) / len(some)
    few = len(content.different) <= max(3 * len(known), 8)
    return max(share, 0.45 if few and not max(content.dates.values(), default=0) > 0.9 else 0.0)


def _text_fit(column: Column, content: Content) -> float:
    shapes = content.shapes
    if column.name == "postcode":
        return shapes["postcode"]
    if column.name.endswith("_hash") or column.name in {"nhs_pid", "puprn"}:
        return max(shapes["hash"], 0.4)
    if column.name in {"first_name", "last_name", "name_raw", "street", "town", "locality"}:
        return shapes["words"] if column.name != "street" else max(shapes["words"], 0.6)
    dated = max((s for f, s in content.dates.items() if f != EXCEL), default=0.0)
    return 0.1 if dated > 0.9 or shapes["postcode"] > 0.9 else 0.6
