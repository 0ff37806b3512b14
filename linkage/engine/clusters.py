"""From pairs to people: connected components that respect who can not be one person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]
# Of three groups or fewer one side is always a single group, and one link is its company.
_FEWEST_TO_DOUBT = 4


def components(count: int, edges: pl.DataFrame) -> Ints:
    """Label of each of ``count`` nodes: the smallest node that it is joined to by ``a``, ``b``."""
    a, b = edges["a"].to_numpy(), edges["b"].to_numpy()
    graph = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(count, count))
    parts, labels = connected_components(graph, directed=False)
    smallest = np.full(parts, count, dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(count, dtype=np.int64))
    return smallest[labels]


@dataclass(frozen=True, kw_only=True)
class Support:
    """Links that need company: one doubtful link must not make one person of two.

    A chain of good links is only as good as its worst, and the more records a person has, the more
    chances there are for a false one. So two clusters are joined by estimated links only where
    these are as many as the groups of the smaller cluster: on average each of them is met.

    Attributes:
        groups: The group of each node that is certain to be one person; groups are counted.
        estimated: Which edges need company; the others join what they join.
    """

    groups: Ints
    estimated: pl.Series


def cluster(
    count: int,
    edges: pl.DataFrame,
    apart: pl.DataFrame,
    *,
    support: Support | None = None,
    parts: Ints | None = None,
) -> Ints:
    """Join nodes along edges, surest first, without ever joining a pair of ``apart``.

    Only components with such a pair, or with links that may lack company, are walked edge by edge;
    the others are joined whole.

    Args:
        count: Number of nodes, ``0`` to ``count - 1``.
        edges: Columns a, b, confidence, weight.
        apart: Columns a, b: nodes that may not end in one cluster.
        support: Which links need company; None where none does.
        parts: :func:`components` of the edges, where the caller has them.

    Returns:
        For each node the smallest node of its cluster.
    """
    labels = components(count, edges) if parts is None else parts.copy()
    inside = apart.filter(pl.Series(labels[apart["a"].to_numpy()] == labels[apart["b"].to_numpy()]))
    disputed = np.unique(labels[inside["a"].to_numpy()])
    if support is not None:
        disputed = np.union1d(disputed, _sparse(labels, edges, support))
    if not len(disputed):
        return labels
    walked = np.zeros(count, dtype=bool)
    walked[disputed] = True
    walked = walked[labels]
    told = edges.select("a", "b", "confidence", "weight").with_columns(
        pl.lit(value=False).alias("estimated")
        if support is None
        else support.estimated.alias("estimated")
    )
    walk = told.filter(pl.Series(walked[edges["a"].to_numpy()])).sort(
        "confidence", "weight", "a", "b", descending=[True, True, False, False]
    )
    joined = _Joiner(inside, walk, np.arange(count) if support is None else support.groups)
    for a, b, estimated in walk.select("a", "b", "estimated").iter_rows():
        joined.join(a, b, estimated=estimated)
    for node in np.flatnonzero(walked).tolist():
        labels[node] = joined.root(node)
    return labels


def _sparse(labels: Ints, edges: pl.DataFrame, support: Support) -> Ints:
    """Components of four groups or more in which not every two are linked."""
    # Without as many records there are not as many groups.
    large = np.bincount(labels)[labels] >= _FEWEST_TO_DOUBT
    groups = pl.DataFrame({"part": labels[large], "grp": support.groups[large]}).unique()
    big = groups.group_by("part").len("size").filter(pl.col("size") >= _FEWEST_TO_DOUBT)
    if big.is_empty():
        return np.zeros(0, dtype=np.int64)
    a, b = edges["a"].to_numpy(), edges["b"].to_numpy()
    a, b = a[large[a]], b[large[a]]
    ends = support.groups[a], support.groups[b]
    links = (
        pl.DataFrame(
            {"part": labels[a], "low": np.minimum(*ends), "high": np.maximum(*ends)},
        )
        .filter(pl.col("low") != pl.col("high"))
        .join(big, on="part", how="semi")
        .unique()
        .group_by("part")
        .len("links")
    )
    size = pl.col("size").cast(pl.Int64())
    sparse = big.join(links, on="part").filter(pl.col("links") < size * (size - 1) // 2)
    return sparse["part"].to_numpy().astype(np.int64)


class _Joiner:
    """Union of sets, keeping for each set whom it must not take in and how it is linked."""

    def __init__(self, apart: pl.DataFrame, edges: pl.DataFrame, groups: Ints) -> None:
        self._parent: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._foes: dict[int, set[int]] = {}
        for a, b in apart.select("a", "b").iter_rows():
            self._foes.setdefault(a, set()).add(b)
            self._foes.setdefault(b, set()).add(a)
        self._groups: dict[int, set[int]] = {}
        self._links: dict[int, dict[int, int]] = {}
        seen: set[tuple[int, int]] = set()
        for a, b in edges.select("a", "b").iter_rows():
            for node in (a, b):
                self._groups.setdefault(node, {int(groups[node])})
            pair = (int(groups[a]), int(groups[b]))
            if pair not in seen:
                seen |= {pair, pair[::-1]}
                self._link(a, b, 1)

    def _link(self, a: int, b: int, links: int) -> None:
        for one, other in ((a, b), (b, a)):
            mine = self._links.setdefault(one, {})
            mine[other] = mine.get(other, 0) + links

    def root(self, node: int) -> int:
        while (parent := self._parent.get(node, node)) != node:
            node = parent
        return node

    def join(self, a: int, b: int, *, estimated: bool) -> bool:
        """Join the sets of two nodes; False where that is forbidden or too little speaks for it."""
        low, high = sorted((self.root(a), self.root(b)))
        if low == high:
            return True
        fewest = min(len(self._groups[low]), len(self._groups[high]))
        if estimated and self._links.get(low, {}).get(high, 0) < fewest:
            return False
        theirs = self._members.get(high, [high])
        foes = self._foes.get(low, set())
        if any(member in foes for member in theirs):
            return False
        self._parent[high] = low
        self._members[low] = self._members.get(low, [low]) + theirs
        self._foes[low] = foes | self._foes.get(high, set())
        self._groups[low] |= self._groups.pop(high)
        for other, links in self._links.pop(high, {}).items():
            del self._links[other][high]
            if other != low:
                self._link(low, other, links)
        return True
