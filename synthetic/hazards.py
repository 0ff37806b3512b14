"""From need to events: linear predictors, solved intercepts and shares that are recorded."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from synthetic.causes import LOG_ODDS, NAMES, OUTCOMES, PROCESSES, SEASON, SYNERGY, Process
from synthetic.kinds import KINDS, Kind
from synthetic.latent import Latent
from synthetic.population import COUNCIL, OWNER, RP, Households
from synthetic.settings import GROUPS, Switches
from synthetic.streams import Flags, Floats, Ints

_IS_OUTCOME = np.array([name in OUTCOMES for name in NAMES])
_SAMPLE = 20_000
_HORIZON = 6


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Intercepts of every process, in the order of :data:`causes.NAMES`."""

    intercepts: Floats


def linear_predictors(
    need: NDArray[np.floating], synergy: NDArray[np.bool_], calendar_month: int
) -> Floats:
    """Log-odds of each process before its intercept: (household, process)."""
    season = SEASON * np.cos(2 * np.pi * calendar_month / 12)
    return np.asarray(
        need @ LOG_ODDS + SYNERGY * synergy[:, None] * _IS_OUTCOME + season, dtype=np.float64
    )


def _eligible(tenure: Ints, on_uc: Flags) -> dict[str, Flags]:
    """Who each process can come to at first, by the key of :attr:`Process.to`."""
    social = (tenure == COUNCIL) | (tenure == RP)
    return {
        "all": np.ones(len(tenure), dtype=bool),
        "social": social,
        "renter": tenure != OWNER,
        "uc": on_uc,
    }


def recorded_shares(contact: Floats, watched: Floats | float = 0.0) -> Floats:
    """P(recorded | it happened), by household and process: need is one thing, a record another.

    Args:
        contact: Contact propensity of each household.
        watched: What is added to it in children's processes.
    """
    shares = np.ones((len(contact), len(NAMES)))
    for k, process in enumerate(PROCESSES.values()):
        if process.recorded < 1.0 or process.contact != 1.0:
            base = min(process.recorded, 0.999)
            reached = contact + watched if process.children else contact
            logit = np.log(base / (1 - base)) + 1.5 * np.log(process.contact) * reached
            shares[:, k] = expit(logit)
    return shares


def thinned(group: Ints, switches: Switches) -> Floats:
    """Share of records kept, by household and process, under the recording switches."""
    hit = np.isin(group, [GROUPS.index(name) for name in switches.group])
    kept = np.where(_IS_OUTCOME, switches.labels_recorded, switches.features_recorded)
    return np.where(hit[:, None], kept[None, :], 1.0)


def calibrate(
    households: Households,
    latent: Latent,
    calendar: Ints,
    kind: Kind = KINDS["average_unitary"],
) -> Calibration:
    """Solve every intercept so that recorded rates meet their targets.

    Args:
        households: The households.
        latent: Need in a world without macro shocks or planted differences.
        calendar: Calendar month (1 to 12) of each month.
        kind: Kind of place: what is commoner where areas are poorer is as common as they are poor.
    """
    step = max(1, households.initial // _SAMPLE)
    who = np.arange(0, households.initial, step)
    starts = np.unique(np.linspace(0, max(latent.months - _HORIZON, 0), 4).astype(int))[:4]
    months = [np.arange(s, min(s + _HORIZON, latent.months)) for s in starts]
    share = recorded_shares(households.contact, households.watched)[who]
    intercepts = np.zeros(len(NAMES))
    stacked = [
        np.stack(
            [
                linear_predictors(latent.need[m, who], latent.synergy[m, who], int(calendar[m]))
                for m in span
            ]
        )
        for span in months
    ]
    for k, process in enumerate(PROCESSES.values()):
        eta = np.stack([block[..., k] for block in stacked])
        allowed = np.stack(
            [
                np.stack(
                    [
                        _eligible(households.tenure[who], latent.on_uc[m, who])[process.to]
                        for m in span
                    ]
                )
                for span in months
            ]
        )
        intercepts[k] = _solve(
            eta, allowed, share[:, k], rate=here(process, kind), outcome=process.outcome
        )
    return Calibration(intercepts=intercepts)


def here(process: Process, kind: Kind) -> float:
    """Target rate of a process in a kind of place."""
    return process.rate * (kind.scaled(process.gradient) if process.gradient else 1.0)


def _solve(
    eta: Floats, allowed: NDArray[np.bool_], share: Floats, *, rate: float, outcome: bool
) -> float:
    """Bisection on the recorded rate of a month, or of a six-month window for an outcome.

    Args:
        eta: (window, month, household).
        allowed: Eligibility of the same shape.
        share: P(recorded) by household.
        rate: Target.
        outcome: True where the target is P(at least one in the window).
    """
    low, high = -20.0, 10.0
    for _ in range(45):
        middle = (low + high) / 2
        p = expit(middle + eta) * share * allowed
        if outcome:
            any_time = 1 - np.exp(np.log1p(-p).sum(axis=1))
            achieved = any_time.sum() / max(int(allowed.any(axis=1).sum()), 1)
        else:
            achieved = p.sum() / max(int(allowed.sum()), 1)
        low, high = (middle, high) if achieved < rate else (low, middle)
    return (low + high) / 2
