"""The months: shocks, need as it moves, and who is on Universal Credit (pass one).

Nothing here depends on what anybody does about it, so it is computed before any event.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from synthetic.causes import HALF_LIFE_MONTHS, MOVING_SHARE, PERSISTENCE, SHOCKS, F, H, K, R, S
from synthetic.population import PRS, Households
from synthetic.settings import Switches
from synthetic.streams import Flags, Floats, Streams

Reals: TypeAlias = NDArray[Any]

BURN_IN = 12
UC_STOP, UC_START, UC_FROM_JOB_LOSS = 0.022, 0.10, 0.30
_KICKED = (F, S, H, K)


@dataclass(frozen=True, kw_only=True)
class Latent:
    """Need in every month: arrays of (month, household) or (month, household, factor)."""

    need: NDArray[np.float32]
    acute: NDArray[np.float32]
    synergy: NDArray[np.bool_]
    slow: NDArray[np.float32]
    fast: NDArray[np.float32]
    on_uc: NDArray[np.bool_]
    shocks: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    @property
    def months(self) -> int:
        """Number of months."""
        return len(self.need)


def resilience_decay(households: Households) -> Floats:
    """Share of a shock that is left after a month; more resources, faster recovery."""
    life = np.clip(HALF_LIFE_MONTHS * (1 - 0.3 * households.factors[:, R]), 2, 12)
    return np.asarray(0.5 ** (1 / life))


def shock_rates(households: Households) -> dict[str, Floats]:
    """Monthly probability of each shock before eligibility for Universal Credit and the economy."""
    lean = np.exp(0.25 * households.factors[:, F] - 0.15 * households.factors[:, R])
    rates = {}
    for name, shock in SHOCKS.items():
        eligible = np.ones(households.n, dtype=bool)
        if shock.to == "private":
            eligible = households.tenure == PRS
        if shock.to == "under50":
            eligible = households.age_band <= 2
        if shock.to == "uc":
            eligible = households.uc
        rates[name] = eligible * shock.yearly / 12 * lean / lean[eligible].mean()
    return rates


def macro(month: int, switches: Switches) -> float:
    """How much the economy moves job losses and benefit errors, in logs."""
    return switches.macro_step if month >= switches.macro_month else 0.0


def _next_uc(streams: Streams, households: Households, on: Flags, lost: Flags, month: int) -> Flags:
    u = streams.at("uc:month", month).random(households.n)
    prone = households.uc
    start = np.where(prone, UC_START, 0.0)
    start = np.where(lost & (households.age_band < 4), UC_FROM_JOB_LOSS, start)
    stop = np.where(prone, UC_STOP, 0.12)
    return np.asarray(np.where(on, u >= stop, u < start), dtype=bool)


def simulate_latent(
    streams: Streams, households: Households, months: int, switches: Switches
) -> Latent:
    """Walk every household through burn-in and all months."""
    n = households.n
    decay = resilience_decay(households)[:, None]
    rates = shock_rates(households)
    static = np.sqrt(1 - MOVING_SHARE) * households.factors
    slow = np.sqrt(MOVING_SHARE) * streams.at("slow", -BURN_IN - 1).standard_normal((n, 5))
    fast = np.zeros((n, 5))
    on = households.uc & (streams.at("uc:start").random(n) < UC_START / (UC_START + UC_STOP))
    out = _empty(n, months)
    for month in range(-BURN_IN, months):
        eps = streams.at("slow", month).standard_normal((n, 5))
        slow = PERSISTENCE * slow + np.sqrt(MOVING_SHARE * (1 - PERSISTENCE**2)) * eps
        fast = decay * fast
        happened = {}
        for name, shock in SHOCKS.items():
            rate = rates[name] * np.exp(macro(month, switches) if shock.macro else 0.0)
            hit = streams.at(f"shock:{name}", month).random(n) < rate
            hit &= on if shock.to == "uc" else True
            happened[name] = hit
            for factor, kick in shock.kicks.items():
                fast[:, factor] += kick * hit
        on = _next_uc(streams, households, on, happened["job_loss"], month)
        if month >= 0:
            _keep(out, month, static, slow, fast, on=on, happened=happened)
    return out


def _empty(n: int, months: int) -> Latent:
    return Latent(
        need=np.zeros((months, n, 5), dtype=np.float32),
        acute=np.zeros((months, n), dtype=np.float32),
        synergy=np.zeros((months, n), dtype=bool),
        slow=np.zeros((months, n, 5), dtype=np.float32),
        fast=np.zeros((months, n, 5), dtype=np.float32),
        on_uc=np.zeros((months, n), dtype=bool),
        shocks={name: np.zeros((months, n), dtype=bool) for name in SHOCKS},
    )


def compounded(fast: Reals) -> Flags:
    """Households that at least two shocks still weigh on."""
    return np.asarray((fast[..., _KICKED] > 0.6).sum(axis=-1) >= 2, dtype=bool)


def combined(static: Reals, slow: Reals, fast: Reals) -> Reals:
    """Need: the static part, the slow wander, and what shocks have left (not for resources)."""
    need = static + slow
    need[..., :R] += fast[..., :R]
    return need


def _keep(
    out: Latent,
    month: int,
    static: Floats,
    slow: Floats,
    fast: Floats,
    *,
    on: Flags,
    happened: dict[str, Flags],
) -> None:
    out.need[month] = combined(static, slow, fast)
    out.acute[month] = np.clip(fast[:, _KICKED].sum(axis=1), 0, 4)
    out.synergy[month] = compounded(fast)
    out.slow[month] = slow
    out.fast[month] = fast
    out.on_uc[month] = on
    for name, hit in happened.items():
        out.shocks[name][month] = hit
