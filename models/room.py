"""How many each list holds, and whom no rule keeps off it."""

from __future__ import annotations

import numpy as np

from contracts.place import Place
from models.panel import Panel
from models.sampling import Flags, Ints


def lengths(place: Place) -> list[int]:
    """How many each neighbourhood's list holds."""
    return [area.list_size for area in place.neighbourhoods.values()]


def listable(panel: Panel, rows: Ints, place: Place) -> Flags:
    """Rows that no rule keeps off every list."""
    found = ~panel.restricted[rows]
    if place.exclusions.communal:
        found &= ~panel.communal[rows]
    return found


def list_numbers(panel: Panel, rows: Ints, area: Ints, place: Place) -> tuple[Ints, list[int]]:
    """Each row's list, numbered over months and neighbourhoods, and how many each holds.

    Args:
        panel: Where the rows are from.
        rows: Positions in it.
        area: Position of each row's neighbourhood; -1 for none, and then the list is -1 too.
        place: Its lists.
    """
    days, month = np.unique(panel.day[rows], return_inverse=True)
    sizes = lengths(place)
    return np.where(area < 0, -1, month * len(sizes) + area), sizes * len(days)
