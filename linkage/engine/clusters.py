"""From pairs to people: connected components that respect who can not be one person."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Ints = NDArray[np.int64]


def components(count: int, edges: pl.DataFrame) -> Ints:
    """Label of each of ``count`` nodes: the smallest node that it is joined to by ``a``, ``b``."""
    a, b = edges["a"].to_numpy(), edges["b"].to_numpy()
    graph = coo_matrix((np.ones(len(a), np.int8), (a, b)), shape=(count, count))
    parts, labels = connected_components(graph, directed=False)
    smallest = np.full(parts, count, dtype=np.int64)
    np.minimum.at(smallest, labels, np.arange(count, dtype=np.int64))
    return smallest[labels]


def cluster(count: int, edges: pl.DataFrame, apart: pl.DataFrame) -> Ints:
    """Join nodes along edges, surest first, without ever joining a pair of ``apart``.

    Only components with such a pair are walked edge by edge; the others are joined whole.

    Args:
        count: Number of nodes, ``0`` to ``count - 1``.
        edges: Columns a, b, confidence, weight.
        apart: Columns a, b: nodes that may not end in one cluster.

    Returns:
        For each node the smallest node of its cluster.
    """
    labels = components(count, edges)
    inside = apart.filter(pl.Series(labels[apart["a"].to_numpy()] == labels[apart["b"].to_numpy()]))
    if inside.is_empty():
        return labels
    disputed = np.isin(labels, np.unique(labels[inside["a"].to_numpy()]))
    walk = edges.filter(pl.Series(disputed[edges["a"].to_numpy()])).sort(
        "confidence", "weight", "a", "b", descending=[True, True, False, False]
    )
    joined = _Joiner(inside)
    for a, b in walk.select("a", "b").iter_rows():
        joined.join(a, b)
    for node in np.flatnonzero(disputed).tolist():
        labels[node] = joined.root(node)
    return labels


class _Joiner:
    """Union of sets, keeping for each set the nodes that it must not take in."""

    def __init__(self, apart: pl.DataFrame) -> None:
        self._parent: dict[int, int] = {}
        self._members: dict[int, list[int]] = {}
        self._foes: dict[int, set[int]] = {}
        for a, b in apart.select("a", "b").iter_rows():
            self._foes.setdefault(a, set()).add(b)
            self._foes.setdefault(b, set()).add(a)

    def root(self, node: int) -> int:
        while (parent := self._parent.get(node, node)) != node:
            node = parent
        return node

    def join(self, a: int, b: int) -> bool:
        """Join the sets of two nodes; False where that is forbidden."""
        low, high = sorted((self.root(a), self.root(b)))
        if low == high:
            return True
        theirs = self._members.get(high, [high])
        foes = self._foes.get(low, set())
        if any(member in foes for member in theirs):
            return False
        self._parent[high] = low
        self._members[low] = self._members.get(low, [low]) + theirs
        self._foes[low] = foes | self._foes.get(high, set())
        return True
