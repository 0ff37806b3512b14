"""The measures themselves: perfect answers score one, and wrong ones what they should."""

from __future__ import annotations

from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from contracts.place import load_place
from contracts.workspace import Workspace
from synthetic import simulate
from tests.evaluation import (
    Truth,
    TruthBroken,
    false_links_within_households,
    household_assignment,
    load_truth,
    oracle_auroc,
    pairwise_linkage,
    recall_by_group,
    true_households,
)
from tests.evaluation.oracle import _auroc
from tests.evaluation.truth import truth_folder

SNAPSHOT = date(2026, 3, 31)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    made = Workspace(root=tmp_path_factory.mktemp("place"), place="northmere")
    place = load_place("northmere")
    simulate(place=place, workspace=made, size="tiny", preset="B0", seed=3, months=14)
    return made


@pytest.fixture(scope="module")
def truth(workspace: Workspace) -> Truth:
    return load_truth(workspace)


@pytest.fixture(scope="module")
def perfect(truth: Truth) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Links and households as somebody who knows would give them, under other numbers."""
    links = truth.links.select(
        "source", "local_id", (pl.col("person").cast(pl.Int64) * 3 + 1).alias("person_id")
    )
    known = links.select("person_id").unique()
    members = truth.residency.select(
        pl.col("month").alias("snapshot_date"),
        (pl.col("household").cast(pl.Int64) + 70_000).alias("household_id"),
        (pl.col("person").cast(pl.Int64) * 3 + 1).alias("person_id"),
    ).join(known, on="person_id", how="semi")
    return links, members


def test_truth_that_was_changed_is_refused(workspace: Workspace, tmp_path: Path):
    other = Workspace(root=tmp_path, place="northmere")
    folder = truth_folder(other)
    folder.mkdir(parents=True)
    for path in truth_folder(workspace).iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    assert load_truth(other).run["seed"] == 3
    (folder / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(TruthBroken, match="not the one"):
        load_truth(other)
    (folder / "links.parquet").unlink()
    with pytest.raises(TruthBroken, match="links"):
        load_truth(other)


def test_the_run_says_what_was_meant_and_what_was_made(truth: Truth):
    assert {"switches", "marginals", "rates", "size", "preset", "seed"} <= set(truth.run)
    for marginal in truth.run["marginals"]:
        assert {"name", "target", "achieved", "tolerance", "met"} <= set(marginal)


def test_perfect_links_score_one(truth: Truth, perfect):
    scores = pairwise_linkage(perfect[0], truth)
    assert scores.precision == scores.recall == scores.f1 == 1.0
    assert scores.true_pairs > 300


def test_no_links_at_all_find_nothing(truth: Truth):
    alone = truth.links.select("source", "local_id").with_row_index("person_id")
    scores = pairwise_linkage(alone, truth)
    assert scores.predicted_pairs == 0
    assert scores.recall == 0.0
    assert np.isnan(scores.precision)


def test_one_person_for_all_finds_everything_and_is_nearly_always_wrong(truth: Truth):
    lumped = truth.links.select("source", "local_id", pl.lit(1).alias("person_id"))
    scores = pairwise_linkage(lumped, truth)
    assert scores.recall == 1.0
    assert scores.precision < 0.02


RECORDS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.integers(0, 4)), max_size=25
)


@given(RECORDS, st.booleans())
def test_pairs_are_those_that_a_plain_count_finds(records, across: bool):
    schema = {"source": pl.String, "local_id": pl.String, "person": pl.Int64, "person_id": pl.Int64}
    rows = [(s, str(i), true, said) for i, (s, true, said) in enumerate(records)]
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    truth = Truth(
        links=frame.select("source", "local_id", "person"),
        **{name: pl.DataFrame() for name in Truth.__dataclass_fields__ if name not in _OWN},
        run={},
    )
    scores = pairwise_linkage(
        frame.select("source", "local_id", "person_id"), truth, across_sources=across
    )
    pairs = [(a, b) for a, b in combinations(records, 2) if not across or a[0] != b[0]]
    assert scores.true_pairs == sum(a[1] == b[1] for a, b in pairs)
    assert scores.predicted_pairs == sum(a[2] == b[2] for a, b in pairs)
    assert scores.right_pairs == sum(a[1:] == b[1:] for a, b in pairs)


_OWN = {"links", "run"}


def test_perfect_households_score_one(truth: Truth, perfect):
    scores = household_assignment(perfect[1], perfect[0], truth, SNAPSHOT)
    assert scores.people > 300
    assert scores.share_right == 1.0
    assert scores.pairs.f1 == 1.0


def test_strangers_lumped_together_are_not_right(truth: Truth, perfect):
    links, members = perfect
    lumped = members.with_columns(pl.col("household_id") // 2)
    scores = household_assignment(lumped, links, truth, SNAPSHOT)
    assert 0.4 < scores.share_right < 0.8
    assert scores.pairs.recall == 1.0
    assert scores.pairs.precision < 0.7


def test_families_taken_apart_are_not_right(truth: Truth, perfect):
    links, members = perfect
    alone = members.with_columns(pl.col("person_id").alias("household_id"))
    scores = household_assignment(alone, links, truth, SNAPSHOT)
    at = members.filter(pl.col("snapshot_date") == SNAPSHOT)
    households = at["household_id"].n_unique()
    assert scores.right == households
    assert scores.pairs.recall == 0.0


def test_each_household_is_matched_to_the_one_of_most_members(truth: Truth, perfect):
    links, members = perfect
    matched = true_households(members, links, truth, SNAPSHOT)
    assert (matched["household_id"] - 70_000 == matched["household"]).all()


@pytest.fixture(scope="module")
def backtest(truth: Truth) -> pl.DataFrame:
    rows = truth.oracle.filter(pl.col("through")).with_columns(
        pl.lit("edge_of_crisis").alias("outcome"),
        pl.col("month").alias("snapshot_date"),
        (pl.col("household").cast(pl.Int64) + 70_000).alias("household_id"),
        pl.col("edge_recorded").alias("event"),
    )
    return rows.with_columns(pl.col("edge").rank().alias("raw_score"))


def test_the_oracle_is_its_own_equal(truth: Truth, perfect, backtest: pl.DataFrame):
    links, members = perfect
    scores = oracle_auroc(backtest, members, links, truth)
    assert scores.oracle == pytest.approx(scores.model)
    assert scores.oracle > 0.75
    assert scores.rows > 0.9 * scores.asked
    assert 0 < scores.standard_error < 0.1


def test_noise_is_far_below_the_oracle(truth: Truth, perfect, backtest: pl.DataFrame):
    links, members = perfect
    noise = np.random.default_rng(1).random(backtest.height)
    scores = oracle_auroc(
        backtest.with_columns(pl.Series("raw_score", noise)), members, links, truth
    )
    assert abs(scores.model - 0.5) < 4 * scores.standard_error
    assert scores.oracle > scores.model + 0.15


def test_rows_without_events_cannot_be_ranked(truth: Truth, perfect, backtest: pl.DataFrame):
    quiet = backtest.filter(~pl.col("event"))
    with pytest.raises(ValueError, match="ranked"):
        oracle_auroc(quiet, perfect[1], perfect[0], truth)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=40))
def test_the_area_is_the_well_known_one(rows):
    if len(Counter(event for event, _ in rows)) < 2:
        return
    event = pl.Series([event for event, _ in rows])
    score = pl.Series([float(score) for _, score in rows])
    assert _auroc(event, score) == pytest.approx(roc_auc_score(event, score))


def test_links_within_a_household_are_told_from_other_false_links(
    perfect: tuple[pl.DataFrame, pl.DataFrame], truth: Truth
) -> None:
    links, _ = perfect
    assert false_links_within_households(links, truth).false == 0
    lived = truth.residency.select(pl.col("person").cast(pl.Int64), "household").unique()
    known = truth.links.select(pl.col("person").cast(pl.Int64)).unique()
    kin = (
        lived.join(known, on="person", how="semi")
        .group_by("household")
        .agg(pl.col("person").sort())
        .filter(pl.col("person").list.len() >= 2)
        .sort("household")
    )
    one, other = kin["person"][0].to_list()[:2]
    stranger = kin["person"][1].to_list()[0]
    sizes = dict(truth.links.group_by("person").len().cast(pl.Int64).iter_rows())

    def fused(a: int, b: int) -> pl.DataFrame:
        same = pl.when(pl.col("person_id") == b * 3 + 1).then(a * 3 + 1)
        return links.with_columns(same.otherwise("person_id").alias("person_id"))

    within = false_links_within_households(fused(one, other), truth)
    assert within.false == within.within_household == sizes[one] * sizes[other]
    across = false_links_within_households(fused(one, stranger), truth)
    assert (across.false, across.within_household) == (sizes[one] * sizes[stranger], 0)


def test_recall_by_group_adds_up_to_recall_and_tells_who_was_missed(
    truth: Truth, perfect: tuple[pl.DataFrame, pl.DataFrame]
):
    links, _ = perfect
    full = recall_by_group(links, truth)
    assert set(full["recall"]) == {1.0}
    assert full["true_pairs"].sum() == pairwise_linkage(links, truth).true_pairs
    # Nobody's records are joined in one group.
    group = full["group"][0]
    homes = truth.households.filter(pl.col("ethnic_group").cast(pl.String) == group)["household"]
    people = truth.residency.filter(pl.col("household").is_in(homes.implode()))["person"]
    numbers = people.cast(pl.Int64).unique() * 3 + 1
    alone = pl.col("person_id").is_in(numbers.implode())
    parted = links.with_columns(
        pl.when(alone).then(-1 - pl.int_range(pl.len())).otherwise("person_id").alias("person_id")
    )
    missed = dict(recall_by_group(parted, truth).select("group", "recall").iter_rows())
    assert missed.pop(group) == 0.0
    assert set(missed.values()) == {1.0}
