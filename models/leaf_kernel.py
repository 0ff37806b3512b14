"""The inner loops of the leaf tables, compiled by numba on first use and kept on disk after it.

Plain functions over flat arrays: :func:`compiled` gives each its compiled twin. No loop adds two
numbers in an order that depends on threads or on how rows are cut, so the same rows give the same
bytes on any number of threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint16]

MISSING = 65_535
"""Code of a value that a numeric split sends its default way."""
NEVER = 65_534
"""A code that no value has."""
NAN_IS_ZERO, NAN_IS_MISSING, ZERO_IS_MISSING, CATEGORICAL = range(4)
_NEARLY_ZERO = 1e-35
_MOST_CATEGORY = 2**31 - 1


class ColumnArrays(NamedTuple):
    """The columns that rows are turned into.

    Attributes:
        feature: Feature of each column.
        kind: How each column treats what is missing, or that it is categorical.
        start: Where each column's edges begin; one more than there are columns.
        edge: All columns' edges, in order within each.
    """

    feature: NDArray[np.int64]
    kind: NDArray[np.int64]
    start: NDArray[np.int64]
    edge: NDArray[np.float64]


class GroupArrays(NamedTuple):
    """Groups of leaves: what they ask of a row, and what each set of answers adds.

    Attributes:
        bit_start: Where each group's questions begin; one more than there are groups.
        bit_column: Column that a question is asked of.
        bit_low: Lowest code that answers yes.
        bit_width: How many codes from there on do.
        bit_also: One more code that does.
        out_start: Where each group's outputs begin; one more than there are groups.
        out_row: Row of the totals that an output adds to.
        table_start: Where each group's table begins; one more than there are groups.
        table: All groups' tables: outputs by masks, flat.
    """

    bit_start: NDArray[np.int64]
    bit_column: NDArray[np.int64]
    bit_low: Codes
    bit_width: Codes
    bit_also: Codes
    out_start: NDArray[np.int64]
    out_row: NDArray[np.int64]
    table_start: NDArray[np.int64]
    table: NDArray[np.float64]


def encode(x: NDArray[Any], columns: ColumnArrays, codes: Codes) -> None:
    """Replace values by where they stand among a column's edges; writes ``codes``.

    A number's code is how many edges lie below it, so ``value <= edge[i]`` is ``code <= i``. A
    category's code is 0 where it is one of the column's edges, else 1.

    Args:
        x: Rows by features.
        columns: The columns.
        codes: Columns by rows.
    """
    for column in range(len(columns.feature)):
        first, last = columns.start[column], columns.start[column + 1]
        kind = columns.kind[column]
        for row in range(x.shape[0]):
            value = float(x[row, columns.feature[column]])
            unknown = np.isnan(value)
            if kind == CATEGORICAL:
                usable = not unknown and -1.0 < value <= _MOST_CATEGORY
                value = float(int(value)) if usable else -1.0
            elif kind == ZERO_IS_MISSING:
                unknown = unknown or abs(value) <= _NEARLY_ZERO
            elif kind == NAN_IS_ZERO and unknown:
                value, unknown = 0.0, False
            low, high = first, last
            while low < high:
                middle = (low + high) // 2
                if columns.edge[middle] < value:
                    low = middle + 1
                else:
                    high = middle
            if kind == CATEGORICAL:
                codes[column, row] = 0 if low < last and columns.edge[low] == value else 1
            else:
                codes[column, row] = MISSING if unknown else low - first


def fill_leaf(
    share: NDArray[np.float64],
    value: float,
    weight: NDArray[np.float64],
    table: NDArray[np.float64],
) -> None:
    """Shapley values of one leaf for every set of its features that a row satisfies.

    Where feature i is unknown the leaf is reached with the share z_i of training rows that its
    splits let through; where it is known, with o_i = 1 or 0. With P_i(t) the product over the
    other features of (z_j + o_j t), the contribution of i is ``value * (o_i - z_i)`` times the sum
    of ``weight[d, k]`` times P_i's coefficient of t^k. All features' product is built once for a
    mask, and each one's own factor divided out from the top, which never grows an error as z <= 1.

    Args:
        share: z of each feature of the leaf, above 0.
        value: The leaf's value.
        weight: ``weight[d, k] = k! (d - k - 1)! / d!``.
        table: Masks by features; written.
    """
    size = len(share)
    product = np.zeros(size + 1)
    for mask in range(1 << size):
        product[:] = 0.0
        product[0] = 1.0
        for j in range(size):
            known = float((mask >> j) & 1)
            for k in range(j, -1, -1):
                product[k + 1] += product[k] * known
                product[k] *= share[j]
        for i in range(size):
            total = 0.0
            if (mask >> i) & 1:
                quotient = product[size]
                for k in range(size - 1, -1, -1):
                    total += weight[size, k] * quotient
                    quotient = product[k] - share[i] * quotient
                table[mask, i] = value * (1.0 - share[i]) * total
            else:
                for k in range(size):
                    total += weight[size, k] * product[k]
                table[mask, i] = -value * total


def spread_leaf(
    leaf: NDArray[np.float64],
    care: NDArray[np.int64],
    want: NDArray[np.int64],
    out: NDArray[np.int64],
    table: NDArray[np.float64],
) -> None:
    """Add one leaf's table to that of its group.

    Args:
        leaf: The leaf's masks by features.
        care: Bits of the group that decide whether a row satisfies each feature of the leaf.
        want: What those bits must be.
        out: The group's row that each feature adds to.
        table: Group's rows by its masks; added to.
    """
    size = len(care)
    for mask in range(table.shape[1]):
        inner = 0
        for i in range(size):
            if (mask & care[i]) == want[i]:
                inner |= 1 << i
        for i in range(size):
            table[out[i], mask] += leaf[inner, i]


def add_up(codes: Codes, groups: GroupArrays, total: NDArray[np.float64]) -> None:
    """Look up what each group adds to each row.

    Args:
        codes: Columns by rows.
        groups: The groups.
        total: Outputs by rows; added to.
    """
    rows = codes.shape[1]
    mask = np.zeros(rows, np.uint16)
    for group in range(len(groups.bit_start) - 1):
        mask[:] = 0
        first, last = groups.bit_start[group], groups.bit_start[group + 1]
        for at in range(first, last):
            code, flag = codes[groups.bit_column[at]], np.uint16(1 << (at - first))
            low, width, also = groups.bit_low[at], groups.bit_width[at], groups.bit_also[at]
            for row in range(rows):
                yes = (np.uint16(code[row] - low) < width) | (code[row] == also)
                mask[row] |= flag if yes else np.uint16(0)
        at_table = groups.table_start[group]
        for at in range(groups.out_start[group], groups.out_start[group + 1]):
            line = total[groups.out_row[at]]
            part = groups.table[at_table : at_table + (1 << (last - first))]
            for row in range(rows):
                line[row] += part[mask[row]]
            at_table += 1 << (last - first)


@cache
def compiled(plain: Callable[..., None]) -> Callable[..., None]:
    """A function's compiled twin; it lets other threads run meanwhile."""
    import numba

    try:
        twin: Callable[..., None] = numba.njit(nogil=True, cache=True)(plain)
    except RuntimeError:  # nowhere to keep it: then it is compiled in every process
        twin = numba.njit(nogil=True)(plain)
    return twin
