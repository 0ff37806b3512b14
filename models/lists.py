"""Lists as long as teams can offer conversations: each neighbourhood's highest raw scores."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.sampling import Flags, Floats, Ints


def pick_lists(
    score: Floats, luck: Floats, listable: Flags, team: Ints, sizes: Sequence[int]
) -> Flags:
    """Which rows the lists name.

    Args:
        score: Higher is named first.
        luck: Settles equal scores, without favour to old or new households; lower is first.
        listable: Rows that may be named.
        team: Each row's list, numbered over months and neighbourhoods; -1 for none.
        sizes: How many each list can hold.
    """
    may = np.flatnonzero(listable & (team >= 0))
    order = may[np.lexsort((luck[may], -score[may], team[may]))]
    ordered = team[order]
    starts = np.searchsorted(ordered, np.arange(len(sizes)))
    rank = np.arange(len(order)) - starts[ordered]
    chosen = np.zeros(len(score), dtype=np.bool_)
    chosen[order[rank < np.asarray(sizes, dtype=np.int64)[ordered]]] = True
    return chosen
