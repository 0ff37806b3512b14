"""Which months a model learns from and which it is tested on: rolling origins with an embargo.

A label looks ahead by the gap and the horizon. A model tested at month T may only learn from a
month t whose label was settled by then: ``t + gap + horizon <= T``. Without this embargo a large
model remembers the very events that it is tested on, looks best and is worst.

Inside what a model may learn from, a later block decides how many trees to grow and how scores
become probabilities. The first fit that meets this block is kept away from it by the same embargo,
because a household's past is remembered: calibrated without it, the top of a list promised half as
much again as came. Then the model is fitted again, to that many trees, on all it may learn from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from contracts.errors import DataMissing, LeakSuspected
from contracts.months import add_months, days_after
from contracts.place import Windows

LATER_MONTHS = 4
"""Most month ends in the later block."""
LEAST_FIRST_MONTHS = 3
"""Fewest month ends that a first fit is worth making on."""
TESTS_PER_FIT = 4
"""Month ends tested with one fitted model; at the last the model is this stale."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """The months behind one fitted model.

    Attributes:
        first: Learnt from before the later block is met; empty where the history is too short.
        later: Early stopping and calibration; empty where ``first`` is.
        whole: Learnt from by the model that is used.
        tests: Months that the model is then used on.
    """

    first: tuple[date, ...]
    later: tuple[date, ...]
    whole: tuple[date, ...]
    tests: tuple[date, ...]


def settled_on(month: date, windows: Windows) -> date:
    """The day from which the label of ``month`` may be learnt from."""
    return add_months(days_after(month, windows.gap_days), windows.horizon_months)


def check_embargo(train: Sequence[date], test: date, windows: Windows) -> None:
    """Stop where a month learnt from has a label that reaches past the month tested.

    Raises:
        LeakSuspected: If any does; the message names the latest of them.
    """
    late = [month for month in train if settled_on(month, windows) > test]
    if late:
        raise LeakSuspected(
            f"{len(late)} months learnt from, the latest {max(late)}, have labels that reach past "
            f"the month tested, {test}.",
            next_step=f"Keep {windows.gap_days} days and {windows.horizon_months} months between "
            "the last month learnt from and the first one tested.",
        )


def trainable(months: Sequence[date], windows: Windows) -> list[date]:
    """The months outside the spans that the place never trains on, in order."""
    start, stop = windows.skip_from, windows.skip_to
    return sorted(
        month
        for month in months
        if not ((start or stop) and (start or month) <= month <= (stop or month))
        and not any(first <= month <= last for first, last in windows.skips)
    )


def plan_fit(labelled: Sequence[date], tests: Sequence[date], windows: Windows) -> Fit:
    """The months behind a model for ``tests``.

    Args:
        labelled: Month ends whose labels are complete.
        tests: Months that it will be used on.
        windows: Gap, horizon and months never trained on.
    """
    first_test = min(tests)
    whole = [m for m in trainable(labelled, windows) if settled_on(m, windows) <= first_test]
    check_embargo(whole, first_test, windows)
    first, later = _inside(whole, windows)
    return Fit(
        first=tuple(first), later=tuple(later), whole=tuple(whole), tests=tuple(sorted(tests))
    )


def _inside(whole: Sequence[date], windows: Windows) -> tuple[Sequence[date], Sequence[date]]:
    """Months of the first fit and of the later block, which is as long as the history allows."""
    for months in range(min(LATER_MONTHS, len(whole)), 0, -1):
        later = whole[-months:]
        first = [month for month in whole if settled_on(month, windows) <= later[0]]
        if len(first) >= LEAST_FIRST_MONTHS:
            check_embargo(first, later[0], windows)
            return first, later
    return (), ()


def plan_backtest(
    labelled: Sequence[date],
    windows: Windows,
    *,
    origins: int,
    tests_per_fit: int = TESTS_PER_FIT,
) -> list[Fit]:
    """Fits whose tests are the last months with complete labels.

    Where the history is short, fewer months are tested, so that each model still has months for an
    embargoed first fit; where even one test leaves too little, it is tested on what there is.

    Raises:
        DataMissing: If no month is left to learn from.
    """
    months = sorted(labelled)
    tests = months[-origins:]
    while len(tests) > 1 and not plan_fit(months, tests, windows).first:
        tests = tests[1:]
    plans = [
        plan_fit(months, tests[at : at + tests_per_fit], windows)
        for at in range(0, len(tests), tests_per_fit)
    ]
    if not plans or not all(plan.whole for plan in plans):
        raise DataMissing(
            f"{len(months)} month ends have complete labels; that leaves none to learn from before "
            "a month to test on.",
            next_step="Set windows.history_months longer, or wait for more months of data.",
        )
    return plans


def plan_final(labelled: Sequence[date], month: date, windows: Windows) -> Fit:
    """The months behind the model that scores ``month``.

    Raises:
        DataMissing: If no month is left to learn from.
    """
    plan = plan_fit(labelled, [month], windows)
    if not plan.whole:
        raise DataMissing(
            f"No month end before {month} has a complete label to learn from.",
            next_step="Set windows.history_months longer, or wait for more months of data.",
        )
    return plan
