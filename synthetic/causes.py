"""The constants of the causal core: rates, odds ratios, shocks and what they were chosen to match.

Order of factors everywhere: financial strain F, housing insecurity S, health burden H, caring load
K, resources R.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

FACTORS = ("F", "S", "H", "K", "R")
F, S, H, K, R = range(5)

# Correlations of the static parts.
CORRELATION = np.array(
    [
        [1.00, 0.55, 0.35, 0.25, -0.40],
        [0.55, 1.00, 0.30, 0.20, -0.35],
        [0.35, 0.30, 1.00, 0.25, -0.30],
        [0.25, 0.20, 0.25, 1.00, -0.15],
        [-0.40, -0.35, -0.30, -0.15, 1.00],
    ]
)

PERSISTENCE = 0.95
MOVING_SHARE = 0.35
HALF_LIFE_MONTHS = 6.0
SYNERGY = 0.35
SEASON = 0.08


@dataclass(frozen=True, kw_only=True)
class Shock:
    """A thing that happens to a household and moves its factors.

    Attributes:
        yearly: Rate per household and year among those it can happen to.
        kicks: Factor index to the size of the move in SD.
        to: Who it can happen to: "all", "private", "uc" or "under50".
        macro: True where the economy moves its rate.
    """

    yearly: float
    kicks: Mapping[int, float]
    to: str = "all"
    macro: bool = False


SHOCKS: Mapping[str, Shock] = MappingProxyType(
    {
        "job_loss": Shock(yearly=0.06, kicks={F: 1.3, S: 0.4}, macro=True),
        "breakup": Shock(yearly=0.025, kicks={S: 1.2, K: 0.6, F: 0.5, H: 0.3}),
        "illness": Shock(yearly=0.04, kicks={H: 1.3, F: 0.4}),
        "rent_shock": Shock(yearly=0.07, kicks={S: 1.4, F: 0.3}, to="private"),
        "baby": Shock(yearly=0.056, kicks={K: 1.0, F: 0.4}, to="under50"),
        "bereave": Shock(yearly=0.02, kicks={H: 0.9, K: 0.3}),
        "ben_error": Shock(yearly=0.03, kicks={F: 1.2, S: 0.3}, to="uc", macro=True),
        "support": Shock(yearly=0.03, kicks={F: -0.8, S: -0.6}),
    }
)


@dataclass(frozen=True, kw_only=True)
class Process:
    """Something that can come to a household in a month.

    Attributes:
        odds: Odds ratio for each SD of F, S, H, K, R.
        rate: Target: a month's rate among the eligible, or six months' where ``outcome``.
        to: Who is eligible: "all", "social", "renter" or "uc".
        contact: Odds ratio of being recorded for each SD of contact propensity.
        recorded: Share of true events that are recorded at average contact.
        outcome: True for a crisis outcome.
        gradient: Name of the deprivation gradient that its rate follows from place to place; none
            where the kind of place does not move it.
        children: True for the processes of children's services.
    """

    odds: tuple[float, float, float, float, float]
    rate: float
    to: str = "all"
    contact: float = 1.0
    recorded: float = 1.0
    outcome: bool = False
    gradient: str = ""
    children: bool = False


PROCESSES: Mapping[str, Process] = MappingProxyType(
    {
        "missed": Process(odds=(2.4, 1.3, 1.2, 1.1, 0.6), rate=0.055, gradient="arrears"),
        "arrears": Process(odds=(2.3, 1.6, 1.2, 1.1, 0.6), rate=0.10, to="social"),
        "deduction": Process(odds=(1.9, 1.2, 1.1, 1.1, 0.8), rate=0.030, to="uc"),
        "sanction": Process(odds=(1.3, 1.3, 1.4, 1.3, 0.7), rate=0.0085, to="uc"),
        "hardship": Process(
            odds=(1.8, 1.4, 1.2, 1.3, 0.9), rate=0.006, contact=1.6, recorded=0.85, gradient="uc"
        ),
        "emergency": Process(
            odds=(1.1, 1.2, 1.6, 1.1, 0.9),
            rate=0.084,
            contact=1.1,
            recorded=0.98,
            gradient="emergency",
        ),
        "mental": Process(
            odds=(1.2, 1.2, 2.2, 1.2, 0.7),
            rate=0.03,
            contact=1.2,
            recorded=0.95,
            gradient="depression",
        ),
        "notice": Process(odds=(1.9, 2.2, 1.2, 1.0, 0.6), rate=0.012, to="renter"),
        "O1": Process(
            odds=(1.7, 2.6, 1.3, 1.2, 0.5),
            rate=0.007,
            contact=1.4,
            recorded=0.90,
            outcome=True,
            gradient="duty",
        ),
        "O2": Process(odds=(1.9, 2.2, 1.2, 1.0, 0.6), rate=0.006, to="social", outcome=True),
        "O3": Process(odds=(2.0, 1.2, 1.1, 1.0, 0.6), rate=0.020, outcome=True, gradient="arrears"),
        "O7": Process(
            odds=(1.3, 1.3, 2.6, 1.2, 0.5),
            rate=0.012,
            contact=1.2,
            recorded=0.95,
            outcome=True,
            gradient="crisis",
        ),
        "O8": Process(
            odds=(1.1, 1.3, 2.0, 1.1, 0.8),
            rate=0.0045,
            contact=1.1,
            outcome=True,
            gradient="emergency",
        ),
        "O9": Process(
            odds=(1.8, 1.4, 1.2, 1.3, 0.9),
            rate=0.008,
            contact=1.6,
            recorded=0.85,
            outcome=True,
            gradient="uc",
        ),
    }
)
NAMES = tuple(PROCESSES)
OUTCOMES = tuple(name for name, process in PROCESSES.items() if process.outcome)
LOG_ODDS = np.log(np.array([process.odds for process in PROCESSES.values()])).T
