"""From changes of level to what stops training."""

from __future__ import annotations

from collections.abc import Sequence

from contracts.training_stop import Stop
from linkage.quality.levels import Shift


def stops_of(shifts: Sequence[Shift]) -> tuple[Stop, ...]:
    """The changes that no calendar entry explains, in the order in which they were found."""
    return tuple(
        Stop(source=shift.of.source, month=shift.month, outcomes=shift.of.outcomes, says=str(shift))
        for shift in shifts
        if not shift.explained
    )
