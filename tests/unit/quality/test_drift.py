"""A delivery is told apart from the year before it; a small or a steady one is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import duckdb
import numpy as np
import polars as pl
import pytest

from contracts.place import load_place
from linkage.ingest.schema import ensure_raw
from linkage.quality.drift import delivery_drift, stability

TABLE = "rent_action"
END, BEFORE = date(2026, 10, 31), date(2026, 9, 30)
PLACE = load_place("northmere")
Change = Callable[[np.random.Generator, int], dict[str, object]]


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(config={"threads": 1}) as connection:
        ensure_raw(connection)
        for name, until in (("old", BEFORE), ("new", END)):
            connection.execute(
                "INSERT INTO raw.delivery BY NAME SELECT ? AS delivery_id, ? AS table_name, "
                "'Northmere Council' AS controller, ?::DATE AS extract_to",
                [name, TABLE, until],
            )
        yield connection


def _usual(rng: np.random.Generator, _: int) -> dict[str, object]:
    group = rng.choice(["NOSP", "LETTER", "ORDER"], p=[0.5, 0.4, 0.1])
    return {"action_group": str(group), "action_date": date(2026, 1, 1)}


def fill(con, *, usual: int, now: int, change: Change = _usual, seed: int = 1, last: date = END):
    """Rows of 13 months, ``usual`` in each and ``now`` in the newest."""
    rng = np.random.default_rng(seed)
    rows = []
    for back in range(13):
        count = now if back == 0 else int(rng.poisson(usual))
        for n in range(count):
            recorded = END - timedelta(days=31 * back + int(rng.integers(0, 31)))
            if back == 0:
                recorded = min(recorded, last)
            values = (change if back == 0 else _usual)(rng, n)
            rows.append(
                (f"a{back}-{n}", values["action_group"], values["action_date"], recorded,
                 "new" if back == 0 else "old")
            )  # fmt: skip
    names = ("pay_ref", "action_group", "action_date", "recorded_date", "delivery_id")
    filled = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    con.register("filled", filled.to_arrow())
    con.execute(f"INSERT INTO raw.{TABLE} BY NAME SELECT * FROM filled")
    con.unregister("filled")
    return {(one.kind, one.column): one for one in delivery_drift(con, place=PLACE)}


def test_an_even_month_tells_nothing(con):
    assert fill(con, usual=200, now=210) == {}


@pytest.mark.parametrize("seed", range(5))
def test_a_small_table_does_not_cry(con, seed):
    assert fill(con, usual=6, now=int(np.random.default_rng(seed).poisson(6)), seed=seed) == {}


@pytest.mark.parametrize("now", [60, 600])
def test_many_more_or_fewer_rows_are_told(con, now):
    found = fill(con, usual=200, now=now)
    assert set(found) == {("rows", "")}
    assert f"{now} new rows" in found["rows", ""].says


def test_a_column_that_comes_empty_is_told(con):
    found = fill(
        con, usual=200, now=200, change=lambda rng, n: _usual(rng, n) | {"action_date": None}
    )
    assert set(found) == {("nulls", "action_date")}
    assert found["nulls", "action_date"].now == 1.0


def test_a_renamed_code_is_told_without_its_name(con):
    found = fill(
        con, usual=200, now=200, change=lambda rng, n: _usual(rng, n) | {"action_group": "NOTICE"}
    )
    assert set(found) == {("codes", "action_group")}
    assert "NOTICE" not in found["codes", "action_group"].says


def test_an_extract_that_stops_before_its_end_is_told(con):
    found = fill(con, usual=200, now=200, last=date(2026, 10, 10))
    assert set(found) == {("dates", "")}
    assert "2026-10-10" in found["dates", ""].says


def test_one_delivery_is_compared_with_nothing(con):
    con.execute("DELETE FROM raw.delivery WHERE delivery_id = 'new'")
    assert fill(con, usual=200, now=900) == {}


def test_another_controllers_rows_are_no_measure(con):
    con.execute("UPDATE raw.delivery SET controller = 'Another Council' WHERE delivery_id = 'old'")
    assert fill(con, usual=200, now=900) == {}


def test_the_index_of_equal_shares_is_nothing_and_its_limit_grows_as_tables_shrink():
    index, limit = stability({"a": 500, "b": 500}, {"a": 500, "b": 500})
    assert index == pytest.approx(0.0)
    assert limit == pytest.approx(0.2)
    _, small = stability({"a": 10, "b": 10}, {"a": 10, "b": 10})
    assert small > 2 * limit
