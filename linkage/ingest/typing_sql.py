"""SQL that turns a column's text into its typed value, derived from the declaration.

Two steps. *Clean*: spaces off, the place's codes to Afloat's, null tokens to NULL. *Parse*: the typed
value, NULL where the text cannot be read as one. A text that is there and a value that is not is a
broken rule; nothing here guesses.
"""

from __future__ import annotations

from datetime import date

from contracts.columns import NULL_DATES, OPEN_END_DATES, Column, Kind
from contracts.place import TableMapping

SPACES = " \t\r\n\u00a0\ufeff"
EARLIEST, LATEST = "1800-01-01", "2199-12-31"
ISO_DATE = r"\d{4}-\d{2}-\d{2}"
MIDNIGHT = r"[T ]00:00(:00(\.0+)?)?$"
SCIENTIFIC = r"[+-]?\d+(\.\d*)?[eE][+-]?\d+"


def literal(text: str) -> str:
    """``text`` as an SQL string."""
    return "'" + text.replace("'", "''") + "'"


def clean_sql(column: Column, raw: str, mapping: TableMapping) -> str:
    """The column's text without padding, in Afloat's codes, NULL where it stands for no value.

    Args:
        column: The declaration.
        raw: SQL name of the text as it came.
        mapping: How the place's file differs from the declaration.
    """
    text = f"trim({raw}, {literal(SPACES)})"
    if column.kind is Kind.DATE and mapping.date_format is None:
        text = f"CASE WHEN length({text}) > 10 THEN regexp_replace({text}, '{MIDNIGHT}', '') "
        text += f"ELSE trim({raw}, {literal(SPACES)}) END"
    codes = mapping.codes.get(column.name, {})
    nulls = _null_texts(column, mapping.date_format) - set(codes)
    arms = "".join(
        f" WHEN {literal(theirs)} THEN {literal(ours)}" for theirs, ours in sorted(codes.items())
    )
    arms += "".join(f" WHEN {literal(token)} THEN NULL" for token in sorted(nulls))
    return f"CASE {text}{arms} ELSE {text} END"


def _null_texts(column: Column, date_format: str | None) -> frozenset[str]:
    if column.kind not in (Kind.DATE, Kind.TIMESTAMP):
        return column.null_tokens
    days = NULL_DATES | OPEN_END_DATES
    if column.kind is Kind.TIMESTAMP:
        return column.null_tokens | {f"{day}{end}" for day in days for end in _MIDNIGHTS}
    if date_format is None:
        return column.null_tokens | days
    written = {date.fromisoformat(day).strftime(date_format) for day in days}
    return column.null_tokens | written


_MIDNIGHTS = ("", " 00:00", "T00:00", " 00:00:00", "T00:00:00")


def parse_sql(column: Column, clean: str, mapping: TableMapping) -> str:
    """The typed value of a cleaned text; NULL where it cannot be read.

    Args:
        column: The declaration.
        clean: SQL name of the cleaned text.
        mapping: How the place's file differs from the declaration.
    """
    match column.kind:
        case Kind.TEXT | Kind.CODE:
            return clean
        case Kind.BOOLEAN:
            return f"CASE lower({clean}) WHEN 'true' THEN true WHEN 'false' THEN false END"
        case Kind.INTEGER:
            return _if_matches(clean, r"[+-]?\d{1,18}(\.0*)?", f"TRY_CAST({clean} AS BIGINT)")
        case Kind.UPRN:
            whole = f"nullif(TRY_CAST({clean} AS BIGINT), 0)"
            return _if_matches(clean, r"\d{1,12}(\.0*)?", whole)
        case Kind.MONEY:
            return _money_sql(clean)
        case Kind.NUMBER:
            number = f"TRY_CAST({clean} AS DOUBLE)"
            finite = f"CASE WHEN isfinite({number}) THEN {number} END"
            return _if_matches(clean, r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", finite)
        case Kind.DATE:
            return _date_sql(clean, mapping.date_format)
        case Kind.TIMESTAMP:
            moment = f"TRY_CAST({clean} AS TIMESTAMP)"
            shape = ISO_DATE + r"([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
            return _if_matches(clean, shape, _within(moment))


def _money_sql(clean: str) -> str:
    # Exports through floating point write 12.340000000000001: that is 12.34, but 12.345 is no
    # amount that anybody owed.
    pence = f"TRY_CAST({clean} AS DOUBLE) * 100"
    exact = f"CASE WHEN abs({pence} - round({pence})) < 0.0001 THEN "
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
