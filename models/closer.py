"""A closer look at the outcome that lists are made from, taken from what was tested."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import logit

from models.bootstrap import Resamples, ratio
from models.closer_report import KnownTo, NetBenefit, Newcomers, SmoothCalibration
from models.evaluate import Judged, Ranking, evaluate, measured
from models.measures import THRESHOLDS
from models.panel import Labels, Panel
from models.sampling import Flags, Floats, Ints
from models.smooth import smooth_calibration
from models.splits import Fit
from models.tested import tested_of

_LISTS, _PER = "lists", 1000


@dataclass(frozen=True, kw_only=True)
class Looked:
    """The tested rows of the listed outcome, as the ``backtest`` table has them.

    Attributes:
        rows: Their positions in the panel.
        judged: What came of them, with the lists as teams would have had them.
        probability: Of the model that ships.
        rule: Probability by the best published rule.
    """

    rows: Ints
    judged: Judged
    probability: Floats
    rule: Floats


def look(panel: Panel, backtest: pl.DataFrame) -> Looked:
    """The tested rows beside the panel.

    Args:
        panel: Every household at every month end.
        backtest: The rows of one outcome, by month and then household.
    """
    household = backtest["household_id"].to_numpy().astype(np.int64)
    day = backtest["snapshot_date"].to_numpy().astype("datetime64[D]")
    rows = _positions(panel, household, day)
    chosen = backtest["selected"].to_numpy().astype(np.bool_)
    score = backtest["raw_score"].to_numpy().astype(np.float64)
    judged = Judged(
        household=household,
        day=day,
        area=panel.area[rows],
        y=backtest["event"].to_numpy().astype(np.float64),
        lead_days=backtest["lead_days"].cast(pl.Float64).fill_null(np.nan).to_numpy(),
        rankings={_LISTS: Ranking(says=_LISTS, score=score, chosen=chosen)},
    )
    return Looked(
        rows=rows,
        judged=judged,
        probability=backtest["probability"].to_numpy(),
        rule=backtest["rule_probability"].to_numpy(),
    )


def _positions(
    panel: Panel, household: Ints, day: np.ndarray[tuple[int, ...], np.dtype[np.datetime64]]
) -> Ints:
    """Where rows stand in the panel, which is in order of month and then household."""
    found = np.empty(len(household), dtype=np.int64)
    for one in np.unique(day):
        start, end = np.searchsorted(panel.day, [one, one + np.timedelta64(1, "D")])
        here = day == one
        found[here] = start + np.searchsorted(panel.household[start:end], household[here])
    return found


def calibration(looked: Looked, resamples: Resamples) -> SmoothCalibration | None:
    """The smooth calibration curve of the model that ships."""
    return smooth_calibration(
        resamples,
        household=looked.judged.household,
        logit=np.asarray(logit(np.clip(looked.probability, 1e-9, 1 - 1e-9))),
        y=looked.judged.y,
    )


def net_benefits(looked: Looked, resamples: Resamples) -> list[NetBenefit]:
    """Decision curve: the model, the rule and everybody, with ranges and the model's gain."""
    y = looked.judged.y
    columns = [np.ones(len(y)), *_benefits(np.ones(len(y)), y)]
    for probability in (looked.probability, looked.rule):
        columns += _benefits(probability, y)
    sums, drawn = resamples.totals(looked.judged.household, np.column_stack(columns))
    seen = _PER * ratio(sums[1:], sums[0])
    draws = _PER * ratio(drawn[1:], drawn[0])
    steps = len(THRESHOLDS)
    found = []
    for at, threshold in enumerate(THRESHOLDS):
        everyone, model, rule = at, steps + at, 2 * steps + at
        best = max((rule, everyone), key=lambda row: seen[row])
        held = seen[best] > 0
        found.append(
            NetBenefit(
                threshold=threshold,
                chosen=int((looked.probability >= threshold).sum()),
                model=measured(float(seen[model]), draws[model]),
                rule=measured(float(seen[rule]), draws[rule]),
                everyone=measured(float(seen[everyone]), draws[everyone]),
                gain=measured(
                    float(seen[model] - held * seen[best]), draws[model] - held * draws[best]
                ),
            )
        )
    return found


def _benefits(probability: Floats, y: Floats) -> list[Floats]:
    """What each row adds to the net benefit at every threshold."""
    return [(probability >= at) * (y - (1 - y) * at / (1 - at)) for at in THRESHOLDS]


def newcomers(
    looked: Looked,
    panel: Panel,
    labels: Labels,
    plans: Sequence[Fit],
    resamples: Resamples,
) -> Newcomers | None:
    """Tested rows by whether the model that scored them had learnt from their household at all.

    None where one of the two kinds has no row.
    """
    judged = looked.judged
    new = np.zeros(len(judged.y), dtype=np.bool_)
    for plan in plans:
        learnt = panel.rows(plan.whole)
        met = np.unique(panel.household[learnt[labels.known[learnt]]])
        here = np.isin(judged.day, np.array(plan.tests, dtype="datetime64[D]"))
        new[here] = ~np.isin(judged.household[here], met)
    if not 0 < new.sum() < len(new):
        return None
    parts = []
    for rows in (new, ~new):
        part = _some(judged, rows)
        _, draws = evaluate(part, resamples, fully=(_LISTS,))
        parts.append(tested_of(part, _LISTS, draws))
    return Newcomers(newcomers=parts[0], others=parts[1])


def _some(judged: Judged, rows: Flags) -> Judged:
    ranking = judged.rankings[_LISTS]
    return Judged(
        household=judged.household[rows],
        day=judged.day[rows],
        area=judged.area[rows],
        y=judged.y[rows],
        lead_days=judged.lead_days[rows],
        rankings={
            _LISTS: Ranking(says=_LISTS, score=ranking.score[rows], chosen=ranking.chosen[rows])
        },
    )


def known_to(
    looked: Looked,
    panel: Panel,
    services: Mapping[str, tuple[str, tuple[str, ...]]],
    resamples: Resamples,
) -> list[KnownTo]:
    """How many of the listed a service knew of already, for each kind of service and for any.

    Args:
        looked: The tested rows.
        panel: Every household at every month end.
        services: Key to plain words, and features any of which above zero means known.
        resamples: Draws of households.
    """
    flags = _known_flags(looked, panel, services)
    if not flags:
        return []
    judged = looked.judged
    listed = judged.rankings[_LISTS].chosen
    bases = [listed, listed & (judged.y > 0), np.ones(len(judged.y), dtype=np.bool_)]
    columns_of = [*bases, *(base & flag for flag in flags.values() for base in bases)]
    seen, drawn = resamples.totals(judged.household, np.column_stack(columns_of).astype(np.float64))
    found = []
    for at, key in enumerate(flags):
        three = [
            measured(
                float(ratio(seen[3 * at + 3 + base], seen[base])),
                ratio(drawn[3 * at + 3 + base], drawn[base]),
            )
            for base in range(3)
        ]
        says = services[key][0] if key in services else "any of these"
        found.append(
            KnownTo(key=key, says=says, listed=three[0], listed_events=three[1], everyone=three[2])
        )
    return found


def _known_flags(
    looked: Looked, panel: Panel, services: Mapping[str, tuple[str, tuple[str, ...]]]
) -> dict[str, Flags]:
    """Rows known to each service that the place has records of, and last to any of them."""
    flags: dict[str, Flags] = {}
    some = np.zeros(len(looked.rows), dtype=np.bool_)
    for key, (_, features) in services.items():
        columns = [panel.names.index(name) for name in features if name in panel.names]
        if columns:
            known = np.nan_to_num(panel.x[looked.rows[:, None], columns]) > 0
            flags[key] = np.asarray(known.any(axis=1))
            some |= flags[key]
    return {**flags, "any": some} if flags else {}
