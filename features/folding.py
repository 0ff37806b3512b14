"""Accounts and people into their household."""

from __future__ import annotations

import numpy as np

from features.compiled import Floats, Ints, compiled


@compiled
def fold(values: Floats, row: Ints, how: int, grain: float, out: Floats) -> None:
    """Into their household: 0 adds up, 1 keeps the largest, 2 the smallest.

    Sums are of whole ``1 / grain``, so that no order of rows can change them.

    Args:
        values: A value for each entry; NaN where there is none.
        row: Where each belongs in ``out``.
        how: Which fold.
        grain: Parts of a unit in which sums are kept.
        out: For each household and snapshot a value, or a sum in parts; NaN where there is none
            yet: changed.
    """
    for i in range(len(values)):
        x = values[i]
        if np.isnan(x):
            continue
        at = row[i]
        if how == 0:
            whole = np.floor(x * grain + 0.5)
            out[at] = whole if np.isnan(out[at]) else out[at] + whole
        elif how == 1:
            if not out[at] >= x:
                out[at] = x
        elif not out[at] <= x:
            out[at] = x
