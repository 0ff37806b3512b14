"""Exact contributions of trees by look-up: what LightGBM and shap compute, many times as fast.

To a leaf a row matters only by which of the features on its path it satisfies. So the
path-dependent Shapley values are computed once for each such set, when the model is compiled, and
a row costs a few look-ups. Leaves that lie close together share most of their path: their tables
are merged into one for the group, asked by one mask of yes and no, which saves most of the
look-ups. Where only sums by theme are wanted they are summed inside the tables, which saves again.

Equal to LightGBM's ``pred_contrib`` to the last few digits, missing values and categories included.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from models import leaf_kernel as kernel
from models.forest import CannotExplain, Leaf, Split, read_forest
from models.leaf_columns import Columns, Question
from models.sampling import Floats, Ints, Matrix

if TYPE_CHECKING:
    import lightgbm

GROUP_BITS = 9
"""Most questions of a group with several leaves: its table has two to the power of it columns."""
MOST_BITS = 12
"""Most questions on the way to a single leaf."""
_BLOCK = 2048
_WEIGHT = np.array(
    [
        [factorial(k) * factorial(d - k - 1) / factorial(d) if k < d else 0.0 for k in range(13)]
        for d in range(MOST_BITS + 1)
    ]
)


@dataclass(frozen=True, kw_only=True)
class _Slot:
    """One feature on the way to a leaf: the bits that decide it, and the share it lets through."""

    care: int
    want: int
    share: float

    def then(self, bit: int, *, yes: bool, share: float) -> _Slot:
        """The same after one more question."""
        return _Slot(
            care=self.care | 1 << bit,
            want=self.want | yes << bit,
            share=self.share * share,
        )


_START = _Slot(care=0, want=0, share=1.0)
_Step = tuple[Split, bool]


class _Compiler:
    """Gathers groups of leaves and their tables."""

    def __init__(self, columns: Columns, output: Sequence[int]) -> None:
        self.columns = columns
        self.output = output
        self.base = 0.0
        self.bits: list[list[Question]] = []
        self.outs: list[list[int]] = []
        self.tables: list[Floats] = []

    def add(self, node: Split | Leaf, path: tuple[_Step, ...] = ()) -> None:
        """Add a tree, or what is below one of its paths, in as few groups as may be."""
        questions, slots = self._way(path)
        if isinstance(node, Leaf) or len(questions) + node.splits <= GROUP_BITS:
            self._group(node, questions, slots)
            return
        self.add(node.left, (*path, (node, True)))
        self.add(node.right, (*path, (node, False)))

    def _way(self, path: tuple[_Step, ...]) -> tuple[list[Question], dict[int, _Slot]]:
        """The questions of a path, those of one column put as one, and its features."""
        merged: dict[tuple[int, int], Question] = {}
        shares: dict[int, float] = {}
        owners: dict[tuple[int, int], int] = {}
        for at, (split, left) in enumerate(path):
            asked = self.columns.answer(split, left=left)
            key = (asked.column, at if split.edge is None else -1)
            merged[key] = merged[key].and_also(asked) if key in merged else asked
            owners[key] = split.feature
            shares[split.feature] = shares.get(split.feature, 1.0) * _share(split, left=left)
        slots = {feature: _Slot(care=0, want=0, share=z) for feature, z in shares.items()}
        for bit, key in enumerate(merged):
            slots[owners[key]] = slots[owners[key]].then(bit, yes=True, share=1.0)
        return list(merged.values()), slots

    def _group(
        self, node: Split | Leaf, questions: list[Question], slots: dict[int, _Slot]
    ) -> None:
        leaves: list[tuple[Leaf, dict[int, _Slot]]] = []
        self._below(node, questions, slots, leaves)
        if len(questions) > MOST_BITS:
            raise CannotExplain(
                f"A leaf lies {len(questions)} questions deep; tables hold {MOST_BITS} at most.",
                next_step=f"Train with max_depth <= {MOST_BITS}.",
            )
        outs = sorted({self.output[feature] for _, way in leaves for feature in way})
        table = np.zeros((len(outs), 1 << len(questions)))
        for leaf, way in leaves:
            self._leaf(leaf, way, [outs.index(self.output[feature]) for feature in way], table)
        if outs:
            self.bits.append(questions)
            self.outs.append(outs)
            self.tables.append(table.ravel())

    def _below(
        self,
        node: Split | Leaf,
        questions: list[Question],
        slots: dict[int, _Slot],
        leaves: list[tuple[Leaf, dict[int, _Slot]]],
    ) -> None:
        """Every leaf below a node, each split on the way a question of its own."""
        if isinstance(node, Leaf):
            leaves.append((node, slots))
            return
        bit = len(questions)
        questions.append(self.columns.answer(node, left=True))
        before = slots.get(node.feature, _START)
        for child, left in ((node.left, True), (node.right, False)):
            after = before.then(bit, yes=left, share=_share(node, left=left))
            self._below(child, questions, {**slots, node.feature: after}, leaves)

    def _leaf(self, leaf: Leaf, way: dict[int, _Slot], rows: list[int], table: Floats) -> None:
        share = np.array([slot.share for slot in way.values()])
        self.base += leaf.value * float(share.prod())
        if not way:
            return
        own = np.empty((1 << len(way), len(way)))
        kernel.compiled(kernel.fill_leaf)(share, leaf.value, _WEIGHT, own)
        care = np.array([slot.care for slot in way.values()], dtype=np.int64)
        want = np.array([slot.want for slot in way.values()], dtype=np.int64)
        spread = kernel.compiled(kernel.spread_leaf)
        spread(own, care, want, np.array(rows, dtype=np.int64), table)


def _share(split: Split, *, left: bool) -> float:
    return (split.left if left else split.right).rows / split.rows


@dataclass(frozen=True, kw_only=True)
class LeafTables:
    """A booster compiled for explaining.

    Attributes:
        columns: How rows are encoded.
        groups: Groups of leaves and their tables.
        base: Mean raw score of the training rows: what is there before anything counted.
        width: Features, or themes where they were summed.
        features: Features that rows must have.
    """

    columns: Columns
    groups: kernel.GroupArrays
    base: float
    width: int
    features: int

    @classmethod
    def of(cls, booster: lightgbm.Booster, *, themes: Sequence[int] | None = None) -> LeafTables:
        """Compile a booster.

        Args:
            booster: One boosted sum of trees, no deeper than :data:`MOST_BITS`.
            themes: Theme of each feature, from 0; contributions are then summed by theme.

        Raises:
            CannotExplain: If it is of a kind that this cannot explain exactly.
        """
        forest = read_forest(booster)
        output = range(forest.features) if themes is None else themes
        compiler = _Compiler(Columns.of(forest), output)
        for tree in forest.trees:
            compiler.add(tree)
        return cls(
            columns=compiler.columns,
            groups=_flat(compiler),
            base=compiler.base,
            width=forest.features if themes is None else max(themes, default=-1) + 1,
            features=forest.features,
        )

    def contributions(self, x: Matrix, *, threads: int = 1) -> Floats:
        """What each feature or theme added to each row's raw score; the base comes last.

        Args:
            x: Rows by features; NaN where not known.
            threads: Rows are cut into blocks for as many; the result is the same.

        Raises:
            ValueError: If the rows have another number of features.
        """
        if x.shape[1] != self.features:
            raise ValueError(f"the trees know {self.features} features, not {x.shape[1]}")
        found = np.full((len(x), self.width + 1), self.base)

        def work(start: int) -> None:
            rows = slice(start, start + _BLOCK)
            codes = self.columns.encode(np.ascontiguousarray(x[rows]))
            total = np.zeros((self.width, codes.shape[1]))
            kernel.compiled(kernel.add_up)(codes, self.groups, total)
            found[rows, :-1] = total.T

        with ThreadPoolExecutor(max_workers=threads) as pool:
            list(pool.map(work, range(0, len(x), _BLOCK)))
        return found


def _flat(made: _Compiler) -> kernel.GroupArrays:
    asked = [one for group in made.bits for one in group]
    also = [kernel.MISSING if one.missing else kernel.NEVER for one in asked]
    return kernel.GroupArrays(
        bit_start=_starts([len(group) for group in made.bits]),
        bit_column=np.array([one.column for one in asked], dtype=np.int64),
        bit_low=np.array([one.low for one in asked], dtype=np.uint16),
        bit_width=np.array([max(one.high - one.low, 0) for one in asked], dtype=np.uint16),
        bit_also=np.array(also, dtype=np.uint16),
        out_start=_starts([len(group) for group in made.outs]),
        out_row=np.array([out for group in made.outs for out in group], dtype=np.int64),
        table_start=_starts([len(table) for table in made.tables]),
        table=np.concatenate([np.zeros(0), *made.tables]),
    )


def _starts(sizes: list[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
