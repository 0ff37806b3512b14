from __future__ import annotations

import numpy as np
import polars as pl

from linkage.engine.clusters import Support, cluster, components


def edges(*rows: tuple[int, int, float]) -> pl.DataFrame:
    return pl.DataFrame(
        [(a, b, confidence, 0.0) for a, b, confidence in rows],
        schema={"a": pl.Int64, "b": pl.Int64, "confidence": pl.Float64, "weight": pl.Float64},
        orient="row",
    )


def pairs(*rows: tuple[int, int]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema={"a": pl.Int64, "b": pl.Int64}, orient="row")


def test_components_are_named_by_their_smallest_node() -> None:
    assert components(5, pairs((3, 4), (1, 3))).tolist() == [0, 1, 2, 1, 1]


def test_no_edges_leaves_everybody_alone() -> None:
    assert cluster(3, edges(), pairs()).tolist() == [0, 1, 2]


def test_a_chain_joins_whole_where_nothing_forbids_it() -> None:
    assert cluster(3, edges((0, 1, 0.9), (1, 2, 0.9)), pairs()).tolist() == [0, 0, 0]


def test_the_surer_link_wins_where_two_may_not_meet() -> None:
    chain = edges((0, 1, 0.90), (1, 2, 0.99))
    assert cluster(3, chain, pairs((0, 2))).tolist() == [0, 1, 1]


def test_apart_holds_through_whole_clusters() -> None:
    # 0-1 and 2-3 are sure; the bridge 1-2 would bring 0 and 3 together.
    found = cluster(4, edges((0, 1, 0.99), (2, 3, 0.99), (1, 2, 0.95)), pairs((0, 3)))
    assert found.tolist() == [0, 0, 2, 2]


def test_a_pair_apart_in_different_components_changes_nothing() -> None:
    assert cluster(4, edges((0, 1, 0.9), (2, 3, 0.9)), pairs((0, 2))).tolist() == [0, 0, 2, 2]


def supported(count: int, links: pl.DataFrame, *, groups: list[int] | None = None) -> list[int]:
    own = np.array(groups if groups is not None else range(count), dtype=np.int64)
    estimated = pl.Series([True] * links.height, dtype=pl.Boolean)
    return cluster(count, links, pairs(), support=Support(groups=own, estimated=estimated)).tolist()


def test_one_link_does_not_join_two_families_of_links() -> None:
    two = edges((0, 1, 0.99), (2, 3, 0.99), (1, 2, 0.96))
    assert supported(4, two) == [0, 0, 2, 2]
    assert supported(4, edges((0, 1, 0.99), (2, 3, 0.99), (1, 2, 0.96), (0, 3, 0.95))) == [0] * 4


def test_a_lone_record_joins_by_one_link() -> None:
    assert supported(4, edges((0, 1, 0.99), (1, 2, 0.98), (2, 3, 0.96))) == [0] * 4


def test_copies_of_one_group_count_once() -> None:
    two = edges((0, 1, 0.99), (2, 3, 0.99), (1, 2, 0.96))
    assert supported(4, two, groups=[0, 0, 2, 2]) == [0] * 4


def test_links_by_rule_need_no_company() -> None:
    two = edges((0, 1, 0.99), (2, 3, 0.99), (1, 2, 0.96))
    by_rule = Support(groups=np.arange(4), estimated=pl.Series([True, True, False]))
    assert cluster(4, two, pairs(), support=by_rule).tolist() == [0] * 4
