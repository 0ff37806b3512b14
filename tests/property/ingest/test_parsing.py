"""Texts are typed as plain Python would type them, or not at all."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.columns import NULL_DATES, NULL_TOKENS, OPEN_END_DATES, Kind, column
from contracts.mapping import TableMapping
from linkage.ingest.typing_sql import SPACES, clean_sql, parse_sql, trim_sql

NUMBERS = st.from_regex(r"\A[+-]?[0-9]{0,14}(\.[0-9]{0,5})?([eE][+-]?[0-9]{1,3})?\Z")
DATES = st.from_regex(r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z") | st.dates().map(str)
LOOSE_DATES = st.from_regex(r"\A[0-9]{1,4}[-/][0-9]{1,2}[-/][0-9]{1,4}( [0-9:]{2,8})?\Z")
PADDING = st.text(st.sampled_from(SPACES), max_size=2)
ANYTHING = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)
NULLS = st.sampled_from(sorted(NULL_TOKENS | NULL_DATES | OPEN_END_DATES))


@st.composite
def texts(draw):
    inner = draw(NUMBERS | DATES | LOOSE_DATES | ANYTHING | NULLS)
    return draw(PADDING) + inner + draw(PADDING)


def _date(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1800 <= day.year <= 2199 else None


def _uprn(text: str) -> int | None:
    return int(float(text)) or None if re.fullmatch(r"[0-9]{1,12}(\.0*)?", text) else None


def _integer(text: str) -> int | None:
    whole = re.fullmatch(r"([+-]?[0-9]{1,18})(\.0*)?", text)
    return int(whole[1]) if whole else None


def _money(text: str) -> Decimal | None:
    if not re.fullmatch(r"[+-]?[0-9]{1,10}(\.[0-9]*)?", text):
        return None
    amount = Decimal(text)
    pence = amount.quantize(Decimal("0.01"))
    return pence if abs(amount - pence) < Decimal("0.000001") else None


ORACLES = {Kind.DATE: _date, Kind.UPRN: _uprn, Kind.INTEGER: _integer, Kind.MONEY: _money}


@pytest.fixture(scope="module")
def con():
    return duckdb.connect()


def _typed(con, kind, text, mapping):
    declared = column("x", kind, "O", "A value.")
    query = f"""WITH trimmed AS (SELECT {trim_sql("raw")} AS s FROM (SELECT ? AS raw)),
        cleaned AS (SELECT {clean_sql(declared, "s", mapping)} AS t FROM trimmed)
        SELECT t, {parse_sql(declared, "t", mapping)} FROM cleaned"""
    return con.execute(query, [text]).fetchall()[0]


@pytest.mark.parametrize("kind", ORACLES, ids=str)
@settings(max_examples=150, deadline=None)
@given(text=texts())
def test_typed_as_python_would(con, kind, text):
    clean, value = _typed(con, kind, text, TableMapping())
    stripped = text.strip(SPACES)
    nulls = NULL_TOKENS | (NULL_DATES | OPEN_END_DATES if kind is Kind.DATE else frozenset())
    if stripped in nulls:
        assert clean is None
        assert value is None
    elif kind is not Kind.DATE or len(stripped) <= 10:
        assert clean == stripped
        assert value == ORACLES[kind](stripped)


@settings(max_examples=80, deadline=None)
@given(day=st.dates(date(1800, 1, 1), date(2199, 12, 31)), style=st.sampled_from(["/", ".", "-"]))
def test_dates_in_the_places_own_format(con, day, style):
    mapping = TableMapping(date_format=f"%d{style}%m{style}%Y")
    text = day.strftime(mapping.date_format)
    expected = None if day.isoformat() in NULL_DATES | OPEN_END_DATES else day
    assert _typed(con, Kind.DATE, text, mapping)[1] == expected


@settings(max_examples=80, deadline=None)
@given(text=texts())
def test_text_is_only_trimmed(con, text):
    stripped = text.strip(SPACES)
    expected = None if stripped in NULL_TOKENS else stripped
    assert _typed(con, Kind.TEXT, text, TableMapping()) == (expected, expected)
