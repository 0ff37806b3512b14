"""The benchmark's people: the same every time, faulty as real registers are, and linkable."""

from __future__ import annotations

import polars as pl
import pytest

from bench.million.mapping import comparable, settings
from bench.million.months import two_months
from bench.million.people import invented_records
from linkage.engine.link import link_records
from linkage.engine.more import differences, link_more


@pytest.fixture(scope="module")
def records() -> pl.DataFrame:
    return invented_records(500, seed=1)


def test_a_seed_gives_the_same_records(records: pl.DataFrame) -> None:
    assert invented_records(500, seed=1).equals(records)
    assert not invented_records(500, seed=2).equals(records)


def test_registers_disagree_about_people() -> None:
    many = invented_records(5_000, seed=1)
    values = many.group_by("person").agg(pl.col("last", "dob", "uprn").drop_nulls().n_unique())
    for column, share in (("last", 0.02), ("dob", 0.02), ("uprn", 0.02)):
        assert (values[column] > 1).mean() > share  # type: ignore[operator]  # a share
    assert many["dob"].null_count() > 0
    people = many.group_by("last", "dob", "postcode").agg(
        pl.col("person").n_unique(), pl.col("first").n_unique()
    )
    assert people.filter(pl.col("person") > 1).height > 0, "no twins"


def test_a_month_changes_two_in_a_hundred() -> None:
    before, after = two_months(invented_records(20_000, seed=1), seed=1)
    same = before.join(after, on=before.columns, how="semi", nulls_equal=True).height
    assert 0.015 < 1 - same / before.height < 0.025


def test_they_are_linked_and_the_truth_is_not_read(records: pl.DataFrame) -> None:
    before, after = two_months(records, seed=1)
    frame = comparable(before)
    assert "person" not in frame.columns
    linkage = link_records(frame, settings(), seed=1)
    key = ["register", "local_id"]
    placed = linkage.links.join(frame.select("record_id", *key), on="record_id").join(
        before.select(*key, "person"), on=key
    )
    found = placed.group_by("cluster").agg(pl.col("person").n_unique())
    assert (found["person"] == 1).mean() > 0.98  # type: ignore[operator]  # a share
    later = link_more(linkage, comparable(after), settings())
    full = link_records(comparable(after), settings(), seed=1, model=linkage.model)
    assert differences(later.links, full.links).is_empty()
    assert later.pairs_scored < full.pairs_scored / 5
