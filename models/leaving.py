"""Why households on a list were not on the next month's: what of it is ours to mend."""

from __future__ import annotations

import numpy as np

from models.backtest import Trials
from models.left import Leaving
from models.panel import Labels, Panel
from models.sampling import Flags
from models.standing import Listed, Standing


def why_left(
    panel: Panel, labels: Labels, standing: Standing, listed: Listed, trials: Trials
) -> Leaving:
    """Count those on tested months' lists by what became of them a month later.

    Args:
        panel: Every household at every month end.
        labels: Who could be listed.
        standing: Rows in line, those of the tested months among them.
        listed: What came of them.
        trials: Which model was current in each tested month.
    """
    days, plan_of = np.unique(panel.day[trials.rows]), _plans(panel, trials)
    found = dict.fromkeys(Leaving.model_fields, 0)
    for now, then in zip(days[1:], days[:-1], strict=True):
        was = np.flatnonzero(listed.chosen & (panel.day[standing.rows] == then))
        here = np.flatnonzero(panel.day == now)
        household = panel.household[standing.rows[was]]
        place = np.minimum(np.searchsorted(panel.household[here], household), len(here) - 1)
        known = panel.household[here][place] == household
        at = here[place[known]]
        line = np.searchsorted(standing.rows, at).clip(max=len(standing.rows) - 1)
        in_line = standing.rows[line] == at
        fell = standing.claim[line] < standing.claim[was[known]]
        same = plan_of[now] == plan_of[then]
        reasons = {
            "supported": labels.supported[at],
            "not_eligible": ~labels.eligible[at] | ~in_line,
            "stayed": listed.chosen[line],
            "barred": (standing.area[line] < 0) | standing.silent[line],
            "health_practice": listed.rerouted[line],
            "new_model": np.full(len(at), not same),
            "score_fell": fell,
            "others_rose": ~fell,
        }
        _count(found, reasons)
        found["listed"] += len(was)
        found["not_known"] += int((~known).sum())
    return Leaving(**found)


def _count(found: dict[str, int], reasons: dict[str, Flags]) -> None:
    """Add each household to the first reason that holds."""
    open_still = np.ones(len(next(iter(reasons.values()))), dtype=np.bool_)
    for name, holds in reasons.items():
        found[name] += int((open_still & holds).sum())
        open_still &= ~holds


def _plans(panel: Panel, trials: Trials) -> dict[np.datetime64, int]:
    """Number of the plan that was current in each tested month."""
    days, first = np.unique(panel.day[trials.rows], return_index=True)
    return dict(zip(days, trials.plan[first].tolist(), strict=True))
