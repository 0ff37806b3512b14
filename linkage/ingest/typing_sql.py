"""SQL that turns a column's text into its typed value, derived from the declaration.

Two steps. *Clean*: spaces off, the place's codes to Afloat's, null tokens to NULL. *Parse*: the
typed value, NULL where the text cannot be read as one. A text that is there and a value that is not
is a broken rule; nothing here guesses.
"""

from __future__ import annotations

from datetime import date

from contracts.columns import NULL_DATES, OPEN_END_DATES, Column, Kind
from contracts.place import TableMapping

SPACES = " \t\r\n\u00a0\ufeff"
_BLANK = r" \t\r\n\x{a0}\x{feff}"
NOT_STATED = "NOT_STATED"
EARLIEST, LATEST = "1800-01-01", "2199-12-31"
ISO_DATE = r"\d{4}-\d{2}-\d{2}"
MIDNIGHT = r"[T ]00:00(:00(\.0+)?)?$"
_MIDNIGHTS = ("", " 00:00", "T00:00", " 00:00:00", "T00:00:00")
SCIENTIFIC = r"[+-]?\d+(\.\d*)?[eE][+-]?\d+"


def literal(text: str) -> str:
    """``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def trim_sql(raw: str) -> str:
    """The text without spaces around it, those of no width and those that do not break included."""
    # Trimming a set of characters is slow, and almost no value needs it.
    padded = rf"regexp_matches({raw}, '^[{_BLANK}]|[{_BLANK}]$')"
    return f"CASE WHEN {padded} THEN trim({raw}, {literal(SPACES)}) ELSE {raw} END"


def clean_sql(column: Column, trimmed: str, mapping: TableMapping) -> str:
    """The text in Afloat's codes, NULL where it stands for no value.

    Args:
        column: The declaration.
        trimmed: SQL name of the trimmed text.
        mapping: How the place's file differs from the declaration.
    """
    text = trimmed
    if column.kind is Kind.DATE and mapping.date_format is None:
        text = f"CASE WHEN length({text}) > 10 THEN regexp_replace({text}, '{MIDNIGHT}', '') "
        text += f"ELSE {trimmed} END"
    codes = _codes(column, mapping)
    nulls = ", ".join(literal(t) for t in sorted(_null_texts(column, mapping) - set(codes)))
    arms = "".join(
        f" WHEN {literal(theirs)} THEN {literal(ours)}" for theirs, ours in sorted(codes.items())
    )
    mapped = f"CASE {text}{arms} ELSE {text} END" if arms else text
    return f"CASE WHEN {text} NOT IN ({nulls}) THEN {mapped} END"


def _codes(column: Column, mapping: TableMapping) -> dict[str, str]:
    """Codes of the file to Afloat's; somebody who was asked and declined is not unknown."""
    declined = column.codes is not None and NOT_STATED in column.codes
    ours = dict.fromkeys(("Not stated", "NOT STATED"), NOT_STATED) if declined else {}
    return ours | mapping.codes.get(column.name, {})


def _null_texts(column: Column, mapping: TableMapping) -> frozenset[str]:
    if column.kind not in (Kind.DATE, Kind.TIMESTAMP):
        return column.null_tokens
    days = NULL_DATES | OPEN_END_DATES
    if column.kind is Kind.TIMESTAMP:
        return column.null_tokens | {f"{day}{end}" for day in days for end in _MIDNIGHTS}
    if mapping.date_format is None:
        return column.null_tokens | days
    written = {date.fromisoformat(day).strftime(mapping.date_format) for day in days}
    return column.null_tokens | written


def parse_sql(column: Column, clean: str, mapping: TableMapping) -> str:
    """The typed value of a cleaned text; NULL where it cannot be read.

    Args:
        column: The declaration.
        clean: SQL name of the cleaned text.
        mapping: How the place's file differs from the declaration.
    """
    match column.kind:
        case Kind.TEXT | Kind.CODE:
            value = clean
        case Kind.BOOLEAN:
            value = f"CASE lower({clean}) WHEN 'true' THEN true WHEN 'false' THEN false END"
        case Kind.DATE:
            value = _date_sql(clean, mapping.date_format)
        case Kind.TIMESTAMP:
            shape = ISO_DATE + r"([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
            value = _if_matches(clean, shape, _within(f"TRY_CAST({clean} AS TIMESTAMP)"))
        case Kind.INTEGER | Kind.UPRN | Kind.MONEY | Kind.NUMBER:
            value = _number_sql(column.kind, clean)
    return value


def _number_sql(kind: Kind, clean: str) -> str:
    whole, double = f"TRY_CAST({clean} AS BIGINT)", f"TRY_CAST({clean} AS DOUBLE)"
    if kind is Kind.INTEGER:
        return _if_matches(clean, r"[+-]?\d{1,18}(\.0*)?", whole)
    if kind is Kind.UPRN:
        return _if_matches(clean, r"\d{1,12}(\.0*)?", f"nullif({whole}, 0)")
    if kind is Kind.NUMBER:
        finite = f"CASE WHEN isfinite({double}) THEN {double} END"
        return _if_matches(clean, r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", finite)
    # Exports through floating point write 12.340000000000001: that is 12.34, but 12.345 is no
    # amount that anybody owed.
    exact = f"CASE WHEN abs({double} * 100 - round({double} * 100)) < 0.0001 THEN "
    exact += f"TRY_CAST({clean} AS DECIMAL(12,2)) END"
    return _if_matches(clean, r"[+-]?\d{1,10}(\.\d*)?", exact)


def _date_sql(clean: str, date_format: str | None) -> str:
    if date_format is None:
        return _if_matches(clean, ISO_DATE, _within(f"TRY_CAST({clean} AS DATE)"))
    return _within(f"TRY_CAST(try_strptime({clean}, {literal(date_format)}) AS DATE)")


def _within(value: str) -> str:
    return f"CASE WHEN {value} BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}' THEN {value} END"


def _if_matches(text: str, pattern: str, value: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN {value} END"
