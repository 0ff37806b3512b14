"""When an event may come: the hazard tested on months it had not seen, and applied to the newest.

Tested month ends lie a year before the release month, so that it is known what came of them; the
hazard that is tested learns from nothing that was not known at the first of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb
import numpy as np
import polars as pl
from scipy.special import logit

from contracts.months import days_after
from contracts.place import Place
from features.label_sql import horizon_days
from models.bootstrap import Resamples, rank_draws, ratio
from models.closer_report import HorizonReport, Timing
from models.evaluate import calibration_slope, measured
from models.follow import AHEAD, END, EVENT, Followed, follow, month_ends_at
from models.hazard import Hazard, fit_hazard
from models.kinds import ModelName
from models.measures import area, tidy
from models.panel import Labels, Panel, settled_months
from models.sampling import Flags, Floats, Ints
from models.splits import plan_fit

HORIZONS: Final = (3, 6, 12)
_TESTED = 2
_DRAWS = 200
_MOST_COMPARED = 1500
_HALF = 0.5


@dataclass(frozen=True, kw_only=True)
class _Said:
    """What was said of some followed rows: chance by each month ahead, and the middle month."""

    by: Floats
    middle: Floats


@dataclass(frozen=True, kw_only=True)
class TimingOf:
    """Fits, tests and applies the hazard of the listed outcome.

    Attributes:
        connection: An open warehouse.
        panel: Every household at every month end.
        labels: The listed outcome.
        place: The place.
        month: Index date of the release month.
        kind: The kind of model that ships.
        trees: Trees that it grew.
        resamples: Draws of households.
    """

    connection: duckdb.DuckDBPyConnection
    panel: Panel
    labels: Labels
    place: Place
    month: date
    kind: ModelName
    trees: int
    resamples: Resamples

    def test(self) -> Timing | None:
        """How it did; None where no month end lies far enough back, or too little came before."""
        settled = self._settled()
        if not settled:
            return None
        whole = days_after(settled[-1], horizon_days(self.place) - month_ends_at(AHEAD))
        tests = [day for day in settled if day <= whole][-_TESTED:]
        if not tests:
            return None
        plan = plan_fit(settled, tests, self.place.training_windows)
        hazard = self._fit(plan.whole) if plan.whole else None
        if hazard is None:
            return None
        rows = self._open(tests)
        followed = self._follow(rows, settled)
        by = hazard.chances(self.panel.x[followed.rows])
        said = _Said(by=by, middle=middle_month(by))
        return self._report(tests, plan.whole[-1], hazard, followed, said)

    def table(self) -> pl.DataFrame | None:
        """Chances by 3, 6 and 12 months and the middle month of everybody who could be listed now.

        None where too little is known to fit a hazard.
        """
        hazard = self._fit(self._settled())
        if hazard is None:
            return None
        rows = self._open([self.month])
        by = hazard.chances(self.panel.x[rows])
        return pl.DataFrame(
            {
                "household_id": self.panel.household[rows],
                "outcome": [self.place.listed_outcome.value] * len(rows),
                **{f"within_{months}m": by[:, months - 1] for months in HORIZONS},
                "middle_month": middle_month(by),
            }
        ).sort("household_id")

    def _settled(self) -> list[date]:
        return settled_months(
            self.panel, self.labels, month=self.month, windows=self.place.training_windows
        )

    def _open(self, months: Sequence[date]) -> Ints:
        rows = self.panel.rows(months)
        return rows[self.labels.open[rows]].astype(np.int64)

    def _follow(self, rows: Ints, known: Sequence[date]) -> Followed:
        return follow(
            self.connection, self.panel, rows, place=self.place, month=self.month, known=known
        )

    def _fit(self, months: Sequence[date]) -> Hazard | None:
        return fit_hazard(
            self.panel,
            self._follow(self._open(months), months),
            kind=self.kind,
            trees=self.trees,
            training=self.place.training,
            most=self.place.reporting.most_rows,
        )

    def _report(
        self, tests: Sequence[date], until: date, hazard: Hazard, followed: Followed, said: _Said
    ) -> Timing:
        household = self.panel.household[followed.rows]
        came = followed.status == EVENT
        concordance, draws = self._concordance(household[came], followed.months[came], said, came)
        error = np.abs(said.middle - (followed.months - _HALF))[came]
        usual = np.median(followed.months[came] - _HALF) if came.any() else np.nan
        alone = np.abs(usual - (followed.months - _HALF))[came]
        return Timing(
            tested=list(tests),
            learnt_until=until,
            periods=hazard.periods,
            events=hazard.seen[0],
            ends=hazard.seen[1],
            horizons=[
                horizon_report(months, household, followed, said.by, self.resamples)
                for months in HORIZONS
            ],
            concordance=measured(concordance, draws),
            median_error_months=tidy(float(np.median(error))) if came.any() else None,
            median_error_alone=tidy(float(np.median(alone))) if came.any() else None,
        )

    def _concordance(
        self, household: Ints, months: Ints, said: _Said, came: Flags
    ) -> tuple[float, Floats]:
        """Of pairs with the event in different months, how often the order was right."""
        middle, kept = said.middle[came], slice(0, _MOST_COMPARED)
        months, middle, household = months[kept], middle[kept], household[kept]
        sooner = (months[:, None] < months[None, :]).astype(np.float64)
        gap = middle[:, None] - middle[None, :]
        right = sooner * ((gap < 0) + _HALF * (gap == 0))
        weights = self.resamples.counts[self.resamples.place(household), :_DRAWS].astype(np.float64)
        drawn = ratio(
            np.einsum("ir,ir->r", weights, right @ weights),
            np.einsum("ir,ir->r", weights, sooner @ weights),
        )
        return float(ratio(right.sum(), sooner.sum())), drawn


def middle_month(by: Floats) -> Floats:
    """Month ahead by which half of the chance of a whole year has gathered, inside the month.

    Args:
        by: Chance by the end of each month ahead; rows by months.
    """
    half = by[:, -1:] * _HALF
    at = np.minimum((by < half).sum(axis=1), by.shape[1] - 1)
    rows = np.arange(len(by))
    before = np.where(at > 0, by[rows, np.maximum(at - 1, 0)], 0.0)
    step = by[rows, at] - before
    inside = np.divide(half[:, 0] - before, step, out=np.full(len(by), _HALF), where=step > 0)
    return np.asarray(at + inside)


def horizon_report(
    months: int, household: Ints, followed: Followed, by: Floats, resamples: Resamples
) -> HorizonReport:
    """How the chance of the event within some months held.

    Args:
        months: The horizon.
        household: Whose row it is.
        followed: What became of the rows.
        by: Chance by the end of each month ahead.
        resamples: Draws of households.
    """
    chance = by[:, months - 1]
    came = (followed.status == EVENT) & (followed.months <= months)
    known = came | (followed.status == END) | (followed.months >= months)
    seen, drawn = _gathered(months, household, followed, chance, resamples)
    y, said = came[known].astype(np.float64), logit(np.clip(chance[known], 1e-9, 1 - 1e-9))
    draws = rank_draws(resamples, household=household[known], score=said, logit=said, y=y)
    return HorizonReport(
        months=months,
        rows=int(known.sum()),
        events=int(came.sum()),
        expected=tidy(seen[0]),
        observed=tidy(seen[1]),
        expected_over_observed=measured(float(ratio(seen[0], seen[1])), ratio(drawn[0], drawn[1])),
        auroc=measured(area(y, said), draws.auroc),
        slope=measured(calibration_slope(said, y), draws.slope),
    )


def _gathered(
    months: int, household: Ints, followed: Followed, chance: Floats, resamples: Resamples
) -> tuple[tuple[float, float], tuple[Floats, Floats]]:
    """Mean chance, and the share to whom the event came by then (Aalen and Johansen).

    Of each month, those still followed are counted, and whether the event or the end came to them;
    who was lost from view before is in no later month's count.
    """
    columns = [np.ones(len(chance)), chance]
    for ahead in range(1, months + 1):
        at_risk = followed.months >= ahead
        last = followed.months == ahead
        three = (at_risk, last & (followed.status == EVENT), last & (followed.status == END))
        columns += [flags.astype(np.float64) for flags in three]
    sums, drawn = resamples.totals(household, np.column_stack(columns))
    found = []
    for totals in (sums[:, None], drawn):
        left, total = np.ones(totals.shape[1]), np.zeros(totals.shape[1])
        for ahead in range(months):
            at_risk, event, end = totals[2 + 3 * ahead : 5 + 3 * ahead]
            total = total + left * np.nan_to_num(ratio(event, at_risk))
            left = left * (1 - np.nan_to_num(ratio(event + end, at_risk)))
        found.append((ratio(totals[1], totals[0]), total))
    (expected, observed), draws = found
    return (float(expected[0]), float(observed[0])), draws
