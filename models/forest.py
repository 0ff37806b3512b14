"""LightGBM's trees as plain values, with whatever cannot be explained exactly refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contracts.errors import AfloatError

if TYPE_CHECKING:
    import lightgbm

MISSING_TYPES = ("None", "NaN", "Zero")


class CannotExplain(AfloatError):
    """A booster is of a kind that leaf tables do not explain exactly."""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """Where a path ends.

    Attributes:
        value: What it adds to the raw score.
        rows: Training rows that reached it.
    """

    value: float
    rows: int


@dataclass(frozen=True, kw_only=True)
class Split:
    """One question.

    Attributes:
        feature: Position of the feature that it asks of.
        edge: Numbers up to here go left; None for categories.
        categories: Categories that go left; empty for numbers.
        missing: What LightGBM takes as missing: ``None``, ``NaN`` or ``Zero``.
        missing_left: Whether what is missing goes left.
        left: Where a yes leads.
        right: Where a no leads.
        rows: Training rows that reached it.
        splits: Questions from here down, this one among them.
    """

    feature: int
    edge: float | None
    categories: tuple[int, ...]
    missing: str
    missing_left: bool
    left: Split | Leaf
    right: Split | Leaf
    rows: int
    splits: int


@dataclass(frozen=True, kw_only=True)
class Forest:
    """Every tree, and how many features there are."""

    trees: tuple[Split | Leaf, ...]
    features: int

    def every_split(self) -> Iterator[Split]:
        """All questions of all trees."""
        waiting: list[Split | Leaf] = list(self.trees)
        while waiting:
            node = waiting.pop()
            if isinstance(node, Split):
                yield node
                waiting += (node.left, node.right)


def read_forest(booster: lightgbm.Booster) -> Forest:
    """The trees of a booster with one raw score for each row.

    Raises:
        CannotExplain: If it has several scores for each row, averages its trees, has linear leaves,
            or does not say how many training rows came by.
    """
    dump = booster.dump_model()
    if dump["num_tree_per_iteration"] != 1:
        raise _refusal("It has more than one score for each row.")
    if dump["average_output"]:
        raise _refusal("It averages its trees.")
    trees = tuple(_node(tree["tree_structure"]) for tree in dump["tree_info"])
    return Forest(trees=trees, features=int(booster.num_feature()))


def _refusal(why: str) -> CannotExplain:
    return CannotExplain(
        f"These trees cannot be explained by leaf tables. {why}",
        next_step="Train one boosted sum of trees with constant leaves for each outcome.",
    )


def _node(said: dict[str, Any]) -> Split | Leaf:
    if "leaf_coeff" in said or "leaf_features" in said:
        raise _refusal("Its leaves are linear.")
    if "split_feature" not in said:
        return Leaf(value=float(said["leaf_value"]), rows=int(said.get("leaf_count", 0)))
    left, right = _node(said["left_child"]), _node(said["right_child"])
    if min(left.rows, right.rows) <= 0 or said["missing_type"] not in MISSING_TYPES:
        raise _refusal("It does not say how many training rows came by each leaf.")
    by_category = said["decision_type"] == "=="
    return Split(
        feature=int(said["split_feature"]),
        edge=None if by_category else float(said["threshold"]),
        categories=tuple(sorted(map(int, said["threshold"].split("||")))) if by_category else (),
        missing=said["missing_type"],
        missing_left=bool(said["default_left"]),
        left=left,
        right=right,
        rows=int(said["internal_count"]),
        splits=1 + sum(child.splits for child in (left, right) if isinstance(child, Split)),
    )
