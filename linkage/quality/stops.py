"""From changes of level to what stops training."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from contracts.training_stop import Stop
from linkage.quality.levels import Shift


def stops_of(shifts: Sequence[Shift]) -> tuple[Stop, ...]:
    """The changes that no calendar entry explains, in the order in which they were found."""
    return tuple(
        Stop(source=shift.of.source, month=shift.month, outcomes=shift.of.outcomes, says=str(shift))
        for shift in shifts
        if not shift.explained
    )


def shifts_table(shifts: Sequence[Shift]) -> pl.DataFrame:
    """``level_change``: one row for each change, with what explains it."""
    return pl.DataFrame(
        [
            (one.series, one.of.source, one.month, one.change, one.low, one.high, one.explained)
            for one in shifts
        ],
        schema={
            "series": pl.String(),
            "source": pl.String(),
            "month": pl.Date(),
            "change": pl.Float64(),
            "low": pl.Float64(),
            "high": pl.Float64(),
            "explained": pl.String(),
        },
        orient="row",
    )
