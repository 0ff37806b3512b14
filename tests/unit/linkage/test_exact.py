from __future__ import annotations

import duckdb
import pytest

from linkage.engine.exact import exact_links
from linkage.engine.settings import ExactKey


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.execute(
        """CREATE TABLE records AS SELECT * FROM (VALUES
            (0, 'n1', 'smith', '1980'), (1, 'n1', 'smith', '1980'), (2, 'n1', 'khan', '1991'),
            (3, NULL, 'smith', '1980'), (4, 'n2', 'jones', '1970'), (5, 'n2', 'jones', '1970'),
            (6, 'n2', 'jones', '1970')) AS r(record_id, nino, last, born)"""
    )
    return found


def pairs(
    con: duckdb.DuckDBPyConnection, *keys: ExactKey, never: str | None = None
) -> list[tuple[int, int, float, str]]:
    edges = exact_links(con, "records", keys, never=never).edges
    return edges.select("a", "b", "confidence", "rule_id").rows()


def test_a_key_needs_its_check(con: duckdb.DuckDBPyConnection) -> None:
    key = ExactKey(rule_id="NINO", columns=("nino",), agree="l.last = r.last", confidence=0.99)
    assert pairs(con, key) == [
        (0, 1, 0.99, "NINO"),
        (4, 5, 0.99, "NINO"),
        (4, 6, 0.99, "NINO"),
        (5, 6, 0.99, "NINO"),
    ]


def test_a_value_held_by_too_many_is_a_placeholder(con: duckdb.DuckDBPyConnection) -> None:
    key = ExactKey(rule_id="NAME", columns=("last",), most=2)
    assert pairs(con, key) == []


def test_nothing_links_against_never(con: duckdb.DuckDBPyConnection) -> None:
    key = ExactKey(rule_id="NINO", columns=("nino",))
    assert (0, 2, 0.99, "NINO") in pairs(con, key)
    assert (0, 2, 0.99, "NINO") not in pairs(con, key, never="l.born <> r.born")


def test_a_pair_found_twice_keeps_the_surer_rule(con: duckdb.DuckDBPyConnection) -> None:
    weak = ExactKey(rule_id="WEAK", columns=("nino",), confidence=0.9)
    sure = ExactKey(rule_id="SURE", columns=("last", "born"), confidence=0.999)
    assert (0, 1, 0.999, "SURE") in pairs(con, weak, sure)
    assert (0, 2, 0.9, "WEAK") in pairs(con, weak, sure)


def test_what_fails_the_check_is_told(con: duckdb.DuckDBPyConnection) -> None:
    key = ExactKey(rule_id="NINO", columns=("nino",), agree="l.last = r.last")
    found = exact_links(con, "records", (key,), never="l.born <> r.born")
    assert found.doubted.rows() == [("NINO", 0, 2, "DISAGREES"), ("NINO", 1, 2, "DISAGREES")]


def test_a_number_that_many_people_hold_links_none_of_them(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """INSERT INTO records VALUES (7, 'n9', 'ash', '1950'), (8, 'n9', 'ash', '1950'),
            (9, 'n9', 'birch', '1951'), (10, 'n9', 'cedar', '1952'), (11, 'n9', 'elm', '1953')"""
    )
    key = ExactKey(rule_id="NINO", columns=("nino",), agree="l.last = r.last", most_people=3)
    assert (7, 8, 0.99, "NINO") not in pairs(con, key)
    assert (0, 1, 0.99, "NINO") in pairs(con, key)
    found = exact_links(con, "records", (key,), never=None).doubted
    assert ("NINO", 7, 8, "CROWDED") in found.rows()
    looser = ExactKey(rule_id="NINO", columns=("nino",), agree="l.last = r.last", most_people=4)
    assert (7, 8, 0.99, "NINO") in pairs(con, looser)


def test_a_placeholder_is_told_once(con: duckdb.DuckDBPyConnection) -> None:
    key = ExactKey(rule_id="NAME", columns=("last",), most=2)
    found = exact_links(con, "records", (key,), never=None).doubted
    assert found.rows() == [("NAME", 0, 3, "CROWDED"), ("NAME", 4, 6, "CROWDED")]


def test_only_values_of_the_records_asked_for(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("CREATE TABLE asked AS SELECT 5 AS record_id")
    key = ExactKey(rule_id="NINO", columns=("nino",))
    found = exact_links(con, "records", (key,), never=None, touching="asked").edges
    assert found.select("a", "b").rows() == [(4, 5), (4, 6), (5, 6)]
