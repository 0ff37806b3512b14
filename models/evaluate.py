"""How rankings did on months that they had not seen, at the length of the teams' real lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from models.bootstrap import Resamples, rank_draws, ratio
from models.measured import Difference, Measured
from models.measures import area, average_precision, calibration_bands, calibration_gap, tidy
from models.report import RankingReport
from models.sampling import Days, Flags, Floats, Ints

LOW, HIGH = 0.025, 0.975
_ENOUGH_DRAWS = 0.9
_TOP_PARTS = 100
_ROWS, _EVENTS = "rows", "events"
_RATIOS = {
    "precision": ("{} hits", "{} listed"),
    "recall": ("{} hits", _EVENTS),
    "eo": ("{} expected", _EVENTS),
    "eo_listed": ("{} expected listed", "{} hits"),
    "eo_top": ("{} expected top", "{} top hits"),
}
_UNDRAWN = np.full(1, np.nan)


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """One way of ranking the tested rows.

    Attributes:
        says: The ranking in plain words.
        score: Higher is listed first.
        chosen: Rows on its lists.
        logit: Calibrated log-odds, where the ranking has them.
    """

    says: str
    score: Floats
    chosen: Flags
    logit: Floats | None = None

    @property
    def probability(self) -> Floats | None:
        """Calibrated probabilities, where the ranking has them."""
        from scipy.special import expit

        return None if self.logit is None else np.asarray(expit(self.logit), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """Rows of the tested months whose outcome is known.

    Attributes:
        household: Whose row it is.
        day: The month end that it is looked at from.
        area: Position of its neighbourhood among the place's; -1 for none.
        y: 1.0 where the event came.
        lead_days: Days to the event; NaN where none came.
        rankings: Every ranking by name.
    """

    household: Ints
    day: Days
    area: Ints
    y: Floats
    lead_days: Floats
    rankings: dict[str, Ranking]


@dataclass(frozen=True, kw_only=True)
class Draws:
    """One ranking's measures as observed and in every replicate."""

    seen: dict[str, float]
    drawn: dict[str, Floats] = field(repr=False)

    def measured(self, key: str) -> Measured:
        """The figure and its range, where it was drawn."""
        return measured(self.seen[key], self.drawn.get(key, _UNDRAWN))

    def with_more(self, seen: dict[str, float], drawn: dict[str, Floats]) -> Draws:
        """These measures and others."""
        return Draws(seen=self.seen | seen, drawn=self.drawn | drawn)


def measured(seen: float | None, drawn: Floats) -> Measured:
    """A figure with the middle 95% of its replicates; no range where too few could be had."""
    known = drawn[np.isfinite(drawn)]
    if seen is None or not np.isfinite(seen):
        return Measured(value=None)
    if len(known) < _ENOUGH_DRAWS * len(drawn):
        return Measured(value=tidy(seen))
    low, high = np.quantile(known, [LOW, HIGH])
    return Measured(value=tidy(seen), low=tidy(low), high=tidy(high))


def evaluate(
    tested: Judged, resamples: Resamples, *, fully: Sequence[str]
) -> tuple[dict[str, RankingReport], dict[str, Draws]]:
    """A report on every ranking.

    Args:
        tested: The rows.
        resamples: Draws of their households.
        fully: Rankings that also get ranges of AUROC, average precision and slope.
    """
    lists = _list_draws(tested, resamples)
    draws = {
        name: lists[name].with_more(
            *_rank_measures(tested, ranking, resamples if name in fully else None)
        )
        for name, ranking in tested.rankings.items()
    }
    reports = {
        name: _report(tested, ranking, draws[name]) for name, ranking in tested.rankings.items()
    }
    return reports, draws


def _list_draws(tested: Judged, resamples: Resamples) -> dict[str, Draws]:
    """Measures that are ratios of sums, all from one pass over the draws."""
    columns = _columns(tested)
    at = {key: row for row, key in enumerate(columns)}
    seen, drawn = resamples.totals(tested.household, np.column_stack(list(columns.values())))
    found = {}
    for name in tested.rankings:
        now, draws = {}, {}
        for key, (over, under) in _RATIOS.items():
            top, base = over.format(name), under.format(name)
            if top in at:
                now[key] = float(ratio(seen[at[top]], seen[at[base]]))
                draws[key] = ratio(drawn[at[top]], drawn[at[base]])
        now["lift"] = float(ratio(now["precision"] * seen[at[_ROWS]], seen[at[_EVENTS]]))
        draws["lift"] = ratio(draws["precision"] * drawn[at[_ROWS]], drawn[at[_EVENTS]])
        found[name] = Draws(seen=now, drawn=draws)
    return found


def _columns(tested: Judged) -> dict[str, Floats]:
    """What is summed over households, by name."""
    columns = {_ROWS: np.ones(len(tested.y)), _EVENTS: tested.y}
    for name, ranking in tested.rankings.items():
        columns[f"{name} listed"] = ranking.chosen.astype(np.float64)
        columns[f"{name} hits"] = ranking.chosen * tested.y
        probability = ranking.probability
        if probability is not None:
            columns[f"{name} expected"] = probability
            columns[f"{name} expected listed"] = probability * ranking.chosen
            top = _top(probability)
            columns[f"{name} expected top"] = probability * top
            columns[f"{name} top hits"] = tested.y * top
    return columns


def _top(probability: Floats) -> Flags:
    """The hundredth of the rows with the highest probabilities."""
    found = np.zeros(len(probability), dtype=np.bool_)
    found[np.argsort(-probability, kind="stable")[: -(-len(found) // _TOP_PARTS)]] = True
    return found


def _rank_measures(
    tested: Judged, ranking: Ranking, resamples: Resamples | None
) -> tuple[dict[str, float], dict[str, Floats]]:
    """Measures of the whole order; replicates only where draws are given."""
    seen = {
        "auroc": _number(area(tested.y, ranking.score)),
        "ap": _number(average_precision(tested.y, ranking.score)),
    }
    if ranking.logit is not None:
        seen["slope"] = calibration_slope(ranking.logit, tested.y)
    if resamples is None:
        return seen, {}
    found = rank_draws(
        resamples,
        household=tested.household,
        score=ranking.score,
        logit=ranking.score if ranking.logit is None else ranking.logit,
        y=tested.y,
    )
    return seen, {
        "auroc": found.auroc,
        "ap": found.average_precision,
        "slope": found.slope,
    }


def _report(tested: Judged, ranking: Ranking, draws: Draws) -> RankingReport:
    probability = ranking.probability
    bands = None if probability is None else calibration_bands(tested.y, probability)
    return RankingReport(
        says=ranking.says,
        listed=int(ranking.chosen.sum()),
        listed_events=int((ranking.chosen * tested.y).sum()),
        precision=draws.measured("precision"),
        recall=draws.measured("recall"),
        lift=draws.measured("lift"),
        auroc=draws.measured("auroc"),
        average_precision=draws.measured("ap"),
        expected_over_observed=draws.measured("eo") if bands else None,
        expected_over_observed_listed=draws.measured("eo_listed") if bands else None,
        expected_over_observed_top=draws.measured("eo_top") if bands else None,
        calibration_slope=draws.measured("slope") if bands else None,
        calibration_gap=calibration_gap(bands) if bands else None,
    )


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def calibration_slope(logit: Floats, y: Floats) -> float:
    """Slope of the event on calibrated log-odds; NaN where all rows are alike."""
    from sklearn.linear_model import LogisticRegression

    if not 0 < y.sum() < len(y):
        return float("nan")
    model = LogisticRegression(C=np.inf, solver="newton-cholesky").fit(logit[:, None], y)
    return float(model.coef_[0, 0])


def compare(first: str, second: str, draws: dict[str, Draws], *, says: str) -> Difference:
    """The first ranking minus the second, replicate by replicate.

    Args:
        first: A ranking.
        second: Another.
        draws: Every ranking's measures.
        says: The event as a verb, such as "needed help with homelessness".
    """
    one, two = draws[first], draws[second]

    def gap(key: str) -> Measured:
        seen = one.seen[key] - two.seen[key]
        if key not in one.drawn or key not in two.drawn:
            return Measured(value=tidy(seen))
        return measured(seen, one.drawn[key] - two.drawn[key])

    precision = gap("precision")
    return Difference(
        first=first,
        second=second,
        precision=precision,
        recall=gap("recall"),
        auroc=gap("auroc"),
        average_precision=gap("ap"),
        says=_in_words(precision, says),
    )


def _in_words(precision: Measured, says: str) -> str:
    if precision.value is None or precision.low is None or precision.high is None:
        return "Too few households to compare."
    hundred = round(100 * precision.value, 1)
    low, high = round(100 * precision.low, 1), round(100 * precision.high, 1)
    more = "more" if hundred >= 0 else "fewer"
    return f"Of every 100 listed, {abs(hundred)} {more} later {says} (range {low} to {high})."
