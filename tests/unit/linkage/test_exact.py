from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import polars as pl

from linkage.engine.exact import EDGE_SCHEMA, ExactLinks, exact_links
from linkage.engine.settings import ExactKey
from linkage.engine.sharing import Sharing

_ROWS = [
    ("n1", "smith", "1980"),
    ("n1", "smith", "1980"),
    ("n1", "khan", "1991"),
    (None, "smith", "1980"),
    ("n2", "jones", "1970"),
    ("n2", "jones", "1970"),
    ("n2", "jones", "1970"),
]


def found(
    *keys: ExactKey,
    more: Sequence[tuple[str, str, str]] = (),
    never: str | None = None,
    touching: list[int] | None = None,
) -> ExactLinks:
    rows = [*_ROWS, *more]
    frame = pl.DataFrame(rows, schema=["nino", "last", "born"], orient="row")
    shared = Sharing(frame, np.arange(len(rows)))
    at = None if touching is None else np.array(touching)
    with duckdb.connect() as con:
        return exact_links(con, shared, keys, never=never, touching=at)


def pairs(
    *keys: ExactKey, more: Sequence[tuple[str, str, str]] = (), never: str | None = None
) -> list[tuple[int, int, float, str]]:
    edges = found(*keys, more=more, never=never).edges
    return edges.select("a", "b", "confidence", "rule_id").rows()


def test_a_key_needs_its_check() -> None:
    key = ExactKey(rule_id="NINO", columns=("nino",), agree="l.last = r.last", confidence=0.99)
    assert pairs(key) == [
        (0, 1, 0.99, "NINO"),
        (4, 5, 0.99, "NINO"),
        (4, 6, 0.99, "NINO"),
        (5, 6, 0.99, "NINO"),
    ]


def test_a_value_held_by_too_many_is_a_placeholder() -> None:
    key = ExactKey(rule_id="NAME", columns=("last",), most=2)
    assert pairs(key) == []


def test_nothing_links_against_never() -> None:
    key = ExactKey(rule_id="NINO", columns=("nino",))
    assert (0, 2, 0.99, "NINO") in pairs(key)
    assert (0, 2, 0.99, "NINO") not in pairs(key, never="l.born <> r.born")


def test_a_pair_found_twice_keeps_the_surer_rule() -> None:
    weak = ExactKey(rule_id="WEAK", columns=("nino",), confidence=0.9)
    sure = ExactKey(rule_id="SURE", columns=("last", "born"), confidence=0.999)
    assert (0, 1, 0.999, "SURE") in pairs(weak, sure)
    assert (0, 2, 0.9, "WEAK") in pairs(weak, sure)


def test_what_fails_the_check_is_told() -> None:
    key = ExactKey(rule_id="NINO", columns=("nino",), agree="l.last = r.last")
    doubted = found(key, never="l.born <> r.born").doubted
    assert doubted.rows() == [("NINO", 0, 2, "DISAGREES"), ("NINO", 1, 2, "DISAGREES")]


def test_a_number_that_many_people_hold_links_none_of_them() -> None:
    others = [("ash", "1950"), ("ash", "1950"), ("birch", "1951"), ("cedar", "1952")]
    more = [("n9", *other) for other in [*others, ("elm", "1953")]]
    key = ExactKey(rule_id="NINO", columns=("nino",), agree="l.last = r.last", most_people=3)
    assert (7, 8, 0.99, "NINO") not in pairs(key, more=more)
    assert (0, 1, 0.99, "NINO") in pairs(key, more=more)
    assert ("NINO", 7, 8, "CROWDED") in found(key, more=more).doubted.rows()
    looser = ExactKey(rule_id="NINO", columns=("nino",), agree="l.last = r.last", most_people=4)
    assert (7, 8, 0.99, "NINO") in pairs(looser, more=more)


def test_a_placeholder_is_told_once() -> None:
    key = ExactKey(rule_id="NAME", columns=("last",), most=2)
    assert found(key).doubted.rows() == [("NAME", 0, 3, "CROWDED"), ("NAME", 4, 6, "CROWDED")]


def test_only_values_of_the_records_asked_for() -> None:
    key = ExactKey(rule_id="NINO", columns=("nino",))
    edges = found(key, touching=[5]).edges
    assert edges.select("a", "b").rows() == [(4, 5), (4, 6), (5, 6)]


def test_without_keys_or_shared_values_nothing_is_linked() -> None:
    key = ExactKey(rule_id="NINO", columns=("nino",))
    assert found().edges.schema == found(key, touching=[3]).edges.schema == EDGE_SCHEMA
    assert found().edges.is_empty()
    assert found(key, touching=[3]).edges.is_empty()
