"""The engine on a handful of records, with declared and with learnt probabilities."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from linkage.engine import comparisons as compare
from linkage.engine.link import Linkage, link_records
from linkage.engine.settings import LinkSettings

_FIRST = "ann ben cara dan eve fay gus hana ivan joy kit lena max nora otis pam quin rosa sam tess"
_LAST = "lowe hart frost pugh khan okafor nowak singh chen reid shaw grant bell wood cole"
FIRST, LAST = _FIRST.split(), _LAST.split()


def settings(**more: object) -> LinkSettings:
    return LinkSettings(
        comparisons=(compare.name("first"), compare.name("last"), compare.birth_date("dob")),
        blocks=(("dob",), ("first", "last")),
        **more,  # type: ignore[arg-type]  # any setting
    )


def frame(rows: list[tuple[str | None, str | None, str | None]]) -> pl.DataFrame:
    schema = {"first": pl.String, "last": pl.String, "dob": pl.String}
    found = pl.DataFrame(rows, schema=schema, orient="row")
    return found.with_row_index("record_id").with_columns(pl.col("record_id").cast(pl.Int64))


def invented(people: int) -> pl.DataFrame:
    """Each person twice: once as they are, once with a slip in every third name."""
    rng = np.random.default_rng(11)
    rows = []
    for n in range(people):
        first, one, two = rng.choice(FIRST), rng.choice(LAST), rng.choice(LAST)
        year, month, day = rng.integers(1940, 2006), rng.integers(1, 13), rng.integers(2, 29)
        last, dob = f"{one}{two}", f"{year}-{month:02d}-{day:02d}"
        rows += [(first, last, dob), (first, last[:-1] + "x" if n % 3 == 0 else last, dob)]
    return frame(rows)


@pytest.fixture(scope="module")
def learnt() -> Linkage:
    return link_records(
        invented(900),
        settings(fit_on=(("dob",), ("first", "last")), sure=(("first", "last", "dob"),)),
        seed=3,
    )


def test_a_slip_in_a_name_is_seen_through(learnt: Linkage) -> None:
    assert learnt.model.fitted
    links = learnt.links.with_columns((pl.col("record_id") // 2).alias("person"))
    people = links.group_by("person").agg(pl.col("cluster").n_unique())
    clusters = links.group_by("cluster").agg(pl.col("person").n_unique())
    assert (people["cluster"] == 1).mean() > 0.99
    assert (clusters["person"] == 1).mean() > 0.98


def test_every_level_has_both_probabilities(learnt: Linkage) -> None:
    for comparison in settings().comparisons:
        levels = learnt.model.of(comparison.name)
        assert [level.position for level in levels] == list(range(len(comparison.levels) + 1))
        assert all(0 < level.m <= 1 and 0 < level.u <= 1 for level in levels)


def test_few_records_use_the_declared_probabilities() -> None:
    few = link_records(invented(20), settings(fit_on=(("dob",),)), seed=3)
    assert not few.model.fitted
    assert set(few.links.group_by("cluster").len()["len"]) == {2}


def test_nothing_to_compare_links_nobody() -> None:
    alone = link_records(frame([("ann", None, None), (None, None, None)]), settings(), seed=3)
    assert alone.links.rows() == [(0, 0, 1.0, "ALONE"), (1, 1, 1.0, "ALONE")]


def test_no_records_at_all() -> None:
    assert link_records(frame([]), settings(), seed=3).links.is_empty()


def test_apart_is_kept_and_told() -> None:
    same = frame([("ann", "lowe", "1980-05-04"), ("ann", "lowe", "1980-05-04")])
    assert link_records(same, settings(), seed=3).links["cluster"].to_list() == [0, 0]
    forms = same.with_columns(pl.lit("form 1").alias("form"))
    kept = link_records(forms, settings(apart="l.form = r.form", handles=("form",)), seed=3)
    # Copies that differ in nothing are weighed once, so only what joins them could be refused.
    assert kept.apart.is_empty() or kept.links["cluster"].to_list() == [0, 1]


def test_only_pairs_worth_weighing_are_weighed() -> None:
    two = frame([("ann", "lowe", "1980-05-04"), ("ann", "lowee", "1980-05-04")])
    assert link_records(two, settings(), seed=3).pairs_scored == 1
    assert link_records(two, settings(weigh="l.last = r.last"), seed=3).pairs_scored == 0
