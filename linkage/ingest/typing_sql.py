"""SQL that turns a column's text into its typed value, derived from the declaration.

Two steps. *Clean*: spaces off, the place's codes to Afloat's, null tokens to NULL. *Parse*: the
typed value, NULL where the text cannot be read as one. A text that is there and a value that is not
is a broken rule; nothing here guesses.
"""

from __future__ import annotations

import re
from datetime import date

from contracts.columns import NULL_DATES, OPEN_END_DATES, Column, Kind
from contracts.mapping import EXCEL, EXCEL_1904, ISO, NumberStyle, TableMapping

SPACES = " \t\r\n\u00a0\ufeff"
_BLANK = r" \t\r\n\x{a0}\x{feff}"
NOT_STATED = "NOT_STATED"
EARLIEST, LATEST = "1800-01-01", "2199-12-31"
ISO_DATE = r"\d{4}-\d{2}-\d{2}"
MIDNIGHT = r"[T ]00:00(:00(\.0+)?)?$"
_ISO_TIME = ISO_DATE + r"([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?"
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
    if column.kind is Kind.DATE and ISO in mapping.formats(column.name):
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
    own = mapping.codes.get(column.name, {})
    if column.kind is Kind.BOOLEAN:
        return {**mapping.booleans, **own}
    declined = column.codes is not None and NOT_STATED in column.codes
    ours = dict.fromkeys(("Not stated", "NOT STATED"), NOT_STATED) if declined else {}
    return ours | own


def _null_texts(column: Column, mapping: TableMapping) -> frozenset[str]:
    tokens = column.null_tokens | frozenset(mapping.nulls.get(column.name, ()))
    timed = column.kind is Kind.TIMESTAMP
    if not timed and column.kind is not Kind.DATE:
        return tokens
    days = [date.fromisoformat(day) for day in sorted(NULL_DATES | OPEN_END_DATES)]
    return tokens | {
        text
        for form in mapping.formats(column.name, timed=timed)
        for day in days
        for text in _written(day, form, timed=timed)
    }


def _written(day: date, form: str, *, timed: bool) -> tuple[str, ...]:
    """A day that stands for none, as a file in that format has it."""
    if form == ISO:
        return tuple(f"{day}{end}" for end in _MIDNIGHTS) if timed else (str(day),)
    if form in _EPOCHS:
        return (str((day - _EPOCHS[form]).days),)
    # 31/12/99 may be an open end or a day of 1999: only the place's own `nulls` can say.
    return () if "%y" in form else (day.strftime(form),)


_EPOCHS = {EXCEL: date(1899, 12, 30), EXCEL_1904: date(1904, 1, 1)}


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
        case Kind.DATE | Kind.TIMESTAMP:
            timed = column.kind is Kind.TIMESTAMP
            forms = mapping.formats(column.name, timed=timed)
            century = mapping.two_digit_years_from
            read = [_moment_sql(clean, form, century, timed=timed) for form in forms]
            value = read[0] if len(read) == 1 else f"coalesce({', '.join(read)})"
        case Kind.UPRN:
            value = _number_sql(column.kind, clean)
        case Kind.INTEGER | Kind.MONEY | Kind.NUMBER:
            value = _number_sql(column.kind, _plain_number(clean, mapping.numbers))
    return value


def _plain_number(text: str, style: NumberStyle) -> str:
    """A number as the declaration has it; NULL where it is not written in the place's style."""
    if style.usual:
        return text
    for sign, pattern in _SIGNS.items():
        if sign in style.negatives:
            text = _replaced(text, pattern, r"-\1")
    if style.drop:
        words = "|".join(re.escape(word) for word in style.drop)
        text = _replaced(text, rf"^([+-]?) *(?:{words}) *", r"\1")
        text = _replaced(text, f" *(?:{words})$", "")
    point, group = re.escape(style.decimal), re.escape(style.thousands)
    end = rf"({point}\d*)?([eE][+-]?\d{{1,3}})?"
    whole = f"replace({text}, {literal(style.decimal)}, '.')"
    shape = literal(rf"[+-]?\d*{end}")
    arms = f"WHEN regexp_full_match({text}, {shape}) THEN {whole} "
    if style.thousands:
        bare = f"replace({text}, {literal(style.thousands)}, '')"
        whole = f"replace({bare}, {literal(style.decimal)}, '.')"
        shape = literal(rf"[+-]?\d{{1,3}}({group}\d{{3}})+{end}")
        arms += f"WHEN regexp_full_match({text}, {shape}) THEN {whole} "
    return f"(CASE {arms}END)"


def _replaced(text: str, pattern: str, by: str) -> str:
    return f"regexp_replace({text}, {literal(pattern)}, {literal(by)})"


_SIGNS = {
    "parentheses": r"^\((.*)\)$",
    "trailing_minus": r"^(.*[^ ]) *-$",
    "CR": r"^(.*[^ ]) *CR$",
}


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


def _moment_sql(clean: str, form: str, century: int | None, *, timed: bool) -> str:
    """A date, or a date with a time of day, in one format."""
    kind = "TIMESTAMP" if timed else "DATE"
    if form == ISO:
        shape = _ISO_TIME if timed else ISO_DATE
        return _if_matches(clean, shape, _within(f"TRY_CAST({clean} AS {kind})"))
    if form in _EPOCHS:
        return _serial_sql(clean, _EPOCHS[form], timed=timed)
    value = f"try_strptime({clean}, {literal(form)})"
    if "%y" in form and century is not None:
        year = f"({century} + ((year({value}) - {century}) % 100 + 100) % 100)"
        value = f"TRY_CAST({year} || strftime({value}, '-%m-%d %H:%M:%S.%f') AS TIMESTAMP)"
    return _within(f"TRY_CAST({value} AS {kind})")


def _serial_sql(clean: str, epoch: date, *, timed: bool) -> str:
    """A day as a spreadsheet counts it, with its time of day as the fraction.

    Counts before March 1900 are one off where the sheet begins in 1900: they are not read.
    """
    least = (date(1900, 3, 1) - epoch).days if epoch.year == 1899 else 0
    day = f"DATE '{epoch}' + TRY_CAST(TRY_CAST({clean} AS DOUBLE) AS INTEGER)"
    if timed:
        micros = f"round(TRY_CAST({clean} AS DOUBLE) * 86400) * 1000000"
        shift = (epoch - date(1970, 1, 1)).days * 86_400 * 1_000_000
        day = f"make_timestamp(CAST({micros} AS BIGINT) + ({shift}))"
    shape = r"\d{1,6}(\.\d*)?" if timed else r"\d{1,6}(\.0*)?"
    late_enough = f"CASE WHEN TRY_CAST({clean} AS DOUBLE) >= {least} THEN {_within(day)} END"
    return _if_matches(clean, shape, late_enough)


def _within(value: str) -> str:
    return f"CASE WHEN {value} BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}' THEN {value} END"


def _if_matches(text: str, pattern: str, value: str) -> str:
    return f"CASE WHEN regexp_full_match({text}, '{pattern}') THEN {value} END"
