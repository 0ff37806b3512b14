from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from linkage.engine.clusters import cluster, components

NODES = 12
node = st.integers(0, NODES - 1)
pair = st.tuples(node, node).filter(lambda p: p[0] != p[1]).map(lambda p: (min(p), max(p)))
links = st.dictionaries(pair, st.sampled_from([0.8, 0.9, 0.95, 0.99]), max_size=25)
foes = st.sets(pair, max_size=10)


def edge_frame(found: dict[tuple[int, int], float]) -> pl.DataFrame:
    rows = [(a, b, confidence, 0.0) for (a, b), confidence in found.items()]
    schema = {"a": pl.Int64, "b": pl.Int64, "confidence": pl.Float64, "weight": pl.Float64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def pair_frame(found: set[tuple[int, int]]) -> pl.DataFrame:
    return pl.DataFrame(sorted(found), schema={"a": pl.Int64, "b": pl.Int64}, orient="row")


@given(links, foes)
def test_nobody_is_joined_with_whom_they_may_not_be(
    found: dict[tuple[int, int], float], apart: set[tuple[int, int]]
) -> None:
    labels = cluster(NODES, edge_frame(found), pair_frame(apart))
    assert all(labels[a] != labels[b] for a, b in apart)


@given(links, foes)
def test_clusters_only_split_components(
    found: dict[tuple[int, int], float], apart: set[tuple[int, int]]
) -> None:
    labels = cluster(NODES, edge_frame(found), pair_frame(apart))
    whole = components(NODES, edge_frame(found))
    for label in set(labels.tolist()):
        members = [n for n in range(NODES) if labels[n] == label]
        assert label == min(members)
        assert len({int(whole[n]) for n in members}) == 1


@given(links, foes, st.randoms(use_true_random=False))
def test_the_order_of_edges_plays_no_part(
    found: dict[tuple[int, int], float], apart: set[tuple[int, int]], rng: object
) -> None:
    frame = edge_frame(found)
    order = list(range(frame.height))
    rng.shuffle(order)  # type: ignore[attr-defined]  # Hypothesis gives a Random
    mixed = frame[order] if order else frame
    first = cluster(NODES, frame, pair_frame(apart))
    assert first.tolist() == cluster(NODES, mixed, pair_frame(apart)).tolist()


@given(links)
def test_without_foes_they_are_the_components(found: dict[tuple[int, int], float]) -> None:
    frame = edge_frame(found)
    assert cluster(NODES, frame, pair_frame(set())).tolist() == components(NODES, frame).tolist()
