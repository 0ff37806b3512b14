"""A month later: only what is new is looked at, and it ends where a full linkage would."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest

from linkage.engine import comparisons as compare
from linkage.engine.link import Linkage, link_records, with_more_links
from linkage.engine.more import differences, link_more
from linkage.engine.records import content_ids
from linkage.engine.settings import ExactKey, LinkSettings
from linkage.engine.state import as_tables, from_tables

_CONTENT = ("form", "first", "last", "dob", "number")


def settings(**more: Any) -> LinkSettings:
    given = {
        "comparisons": (compare.name("first"), compare.name("last"), compare.birth_date("dob")),
        "blocks": (("dob",), ("first", "last"), ("last", "number")),
        "keys": (ExactKey(rule_id="NUMBER", columns=("number",), agree="l.last = r.last"),),
        "apart": "l.form = r.form",
        "never": "left(l.dob, 3) <> left(r.dob, 3)",
        "handles": ("form",),
        "threshold": 0.8,
        **more,
    }
    return LinkSettings(**given)


def frame(rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    schema = dict.fromkeys(_CONTENT, pl.String)
    found = pl.DataFrame(rows, schema=schema, orient="row").unique(maintain_order=True)
    return found.with_columns(content_ids(found, _CONTENT))


ROWS = [
    ("f1", "ann", "lowe", "1980-05-04", "n1"),
    ("f2", "ann", "lowe", "1980-05-04", None),
    ("f3", "anne", "lowe", "1980-05-04", "n1"),
    ("f4", "ben", "pugh", "1955-02-02", None),
    ("f5", "ben", "pugh", "1955-02-03", "n2"),
    ("f6", "cara", "khan", "1991-11-23", None),
]


def same_as_full(before: list[tuple[Any, ...]], after: list[tuple[Any, ...]]) -> Linkage:
    """The later month both ways, which must be the same in every table."""
    first = link_records(frame(before), settings(), seed=1)
    kept = from_tables(as_tables(first))
    later = link_more(kept, frame(after), settings())
    full = link_records(frame(after), settings(), seed=1, model=first.model)
    for table in ("links", "edges", "refused", "apart", "standing", "decided"):
        ours, theirs = getattr(later, table), getattr(full, table)
        assert ours.equals(theirs), f"{table}: {ours} {theirs}"
    assert differences(later.links, full.links).is_empty()
    return later


def test_a_new_record_joins_who_it_belongs_to() -> None:
    later = same_as_full(ROWS, [*ROWS, ("f7", "cara", "khan", "1991-11-23", "n3")])
    assert later.pairs_scored == 1
    assert later.touched.len() == 2


def test_a_record_that_bridged_two_others_takes_its_links_with_it() -> None:
    same_as_full(ROWS, [row for row in ROWS if row[0] != "f3"])
    same_as_full(ROWS, [row for row in ROWS if row[0] != "f1"])


def test_a_changed_record_is_a_gone_one_and_a_new_one() -> None:
    changed = [("f2", "dan", "lowe", "1970-05-04", None) if r[0] == "f2" else r for r in ROWS]
    same_as_full(ROWS, changed)


def test_nothing_new_scores_nothing() -> None:
    later = same_as_full(ROWS, ROWS)
    assert later.pairs_scored == 0
    assert later.touched.is_empty()


def test_everything_new_and_everything_gone() -> None:
    same_as_full([], ROWS)
    same_as_full(ROWS, [])


def test_decisions_hold_in_every_later_month() -> None:
    month = frame(ROWS)
    ids = dict(zip(month["form"], month["record_id"], strict=True))
    decided = pl.DataFrame(
        [(ids["f1"], ids["f2"], False), (ids["f4"], ids["f6"], True)],
        schema={"a": pl.Int64, "b": pl.Int64, "same": pl.Boolean},
        orient="row",
    )
    first = link_records(month, settings(), seed=1, decided=decided)
    later = link_more(
        from_tables(as_tables(first)), frame([*ROWS, ("f8", *ROWS[1][1:])]), settings()
    )
    for linkage in (first, later):
        at = dict(linkage.links.select("record_id", "cluster").iter_rows())
        assert at[ids["f1"]] != at[ids["f2"]]
        assert at[ids["f4"]] == at[ids["f6"]]
    forgotten = link_more(first, month, settings(), decided=decided.clear())
    at = dict(forgotten.links.select("record_id", "cluster").iter_rows())
    assert at[ids["f1"]] == at[ids["f2"]]
    assert at[ids["f4"]] != at[ids["f6"]]


def test_links_by_rule_are_worked_in_where_they_touch() -> None:
    month = frame(ROWS)
    first = link_records(month, settings(), seed=1)
    ids = dict(zip(month["form"], month["record_id"], strict=True))
    low, high = sorted((ids["f4"], ids["f5"]))
    more = pl.DataFrame(
        {"a": [low], "b": [high], "confidence": [0.85], "weight": [1.0], "rule_id": ["HOME"]}
    )
    found = with_more_links(first, more, month, settings())
    assert set(found.touched) == {ids["f4"], ids["f5"]}
    assert found.links.height == month.height
    others = ~pl.col("record_id").is_in([low, high])
    assert found.links.filter(others).equals(first.links.filter(others))
    assert found.links.filter(~others)["cluster"].to_list() == [low, low]


def test_differences_name_everybody_whose_company_changed() -> None:
    def links(*clusters: int) -> pl.DataFrame:
        return pl.DataFrame({"record_id": range(len(clusters)), "cluster": clusters})

    assert differences(links(0, 0, 2, 2), links(1, 1, 2, 2)).is_empty()
    found = differences(links(0, 0, 2, 2), links(0, 1, 2, 2))
    assert found.rows() == [(0, 0, 0, 1, 0), (1, 0, 1, 1, 0)]
    assert differences(links(0, 0), links(0, 0, 2)).is_empty()


def test_numbers_come_from_content() -> None:
    first = frame(ROWS)
    mixed = frame([ROWS[n] for n in np.random.default_rng(1).permutation(len(ROWS))])
    assert first.sort("form").equals(mixed.sort("form"))
    twice = pl.concat([first.drop("record_id"), first.drop("record_id")])
    assert content_ids(twice, _CONTENT).n_unique() == 2 * len(ROWS)
    gap = pl.DataFrame({"x": ["a", None, ""], "y": [None, "a", "a"]})
    assert content_ids(gap, ("x", "y")).n_unique() == 3


def test_a_record_without_a_number_of_its_own_is_refused() -> None:
    month = frame(ROWS)
    with pytest.raises(ValueError, match="record_id of its own"):
        link_records(pl.concat([month, month.head(1)]), settings(), seed=1)
