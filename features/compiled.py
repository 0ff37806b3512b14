"""What the compiled functions are given, and how they are compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar, cast

import numba
import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Months = NDArray[np.int32]
Floats = NDArray[np.float64]

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compiled by numba when it is first called, and kept for the next run."""
    return cast("_Function", numba.njit(cache=True, nogil=True)(function))


class Rows(NamedTuple):
    """Rows of a table, in order of their key.

    Attributes:
        key: The account or person.
        seen: Month from which a row counts: of its event and its recording, the later.
        gone: Month in which it is replaced.
        event: Month of its event.
        numbers: A line for each number that is read of the rows; NaN where it does not count.
        months: A line for each start and end of theirs.
        keep: Months for which an event is kept.
    """

    key: Ints
    seen: Months
    gone: Months
    event: Months
    numbers: Floats
    months: Months
    keep: int


class Asked(NamedTuple):
    """What is asked of them.

    Attributes:
        atoms: For each atom: op, line of its number, line of its date, youngest, oldest, line of
            its start, line of its end (-1 for none), 1 where it reads replaced rows, and for how
            many months a row stands.
        key: Key of each account or person at a snapshot, in order.
        k: Month of that snapshot.
        first_k: Month of the first snapshot.
        snapshots: How many months there are.
    """

    atoms: Months
    key: Ints
    k: Months
    first_k: int
    snapshots: int
