"""The ceiling of every model: the chance of a crisis for one who sees need itself.

From the full state at a cutoff many futures of shocks and slow need are simulated; within each
future the chances of the outcomes are combined exactly, and the chances are averaged.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from synthetic.causes import LOG_ODDS, MOVING_SHARE, NAMES, PERSISTENCE, SEASON, SHOCKS, SYNERGY
from synthetic.events import REFRACTORY, Events
from synthetic.hazards import recorded_shares, thinned
from synthetic.latent import combined, compounded, resilience_decay, shock_rates
from synthetic.outcomes import ANY, GAP_DAYS, HORIZON_DAYS, Dated, composite, dated, in_window
from synthetic.streams import Flags, Floats, Ints
from synthetic.world import World

AHEAD = 6
CUTOFFS = 14
_DRAWS = 1_500
_OUTCOMES = ("O1", "O2", "O3", "O7", "O8", "O9")
_COLUMNS = np.array([NAMES.index(name) for name in _OUTCOMES])
_LOG_ODDS = LOG_ODDS[:, _COLUMNS].astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class Oracle:
    """Chances by household and cutoff, one row a household alive at the cutoff."""

    household: Ints
    month: Ints
    edge: Floats
    homelessness: Floats
    edge_recorded: Flags
    edge_true: Flags
    homelessness_recorded: Flags
    through: Flags


@dataclass(frozen=True, kw_only=True)
class _Reach:
    """P(the outcome's day falls in the window | it began so many months after the cutoff).

    Each is (months ahead, outcome): a day of any kind, one of the severe kind, and one of any kind
    without one of the severe kind.
    """

    some: NDArray[np.float32]
    severe: NDArray[np.float32]
    any_only: NDArray[np.float32]


def cutoff_months(months: int) -> Ints:
    """Months at whose ends the oracle speaks: those with a finished window, and the last."""
    complete = months - 1 - AHEAD
    first = max(0, complete - CUTOFFS + 1)
    return np.append(np.arange(first, complete + 1), months - 1)


def _reach(world: World, month: int) -> _Reach:
    """Chances over the delays of each course, from draws that belong to no household."""
    cutoff = int(world.months[month + 1]) - 1
    shape = (AHEAD + 1, len(_OUTCOMES))
    some, severe, both = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    ids = np.arange(_DRAWS) + 10**9
    u = world.streams.each("reach", ids)
    for ahead in range(1, AHEAD + 1):
        begun = Events(
            household=ids,
            month=np.full(_DRAWS, month + ahead),
            day=(cutoff + 1 + np.floor(30.44 * (ahead - 1 + u))).astype(np.int64),
            recorded=np.ones(_DRAWS, dtype=bool),
        )
        marks = dated(world.streams, dict.fromkeys(_OUTCOMES, begun))
        for k, name in enumerate(_OUTCOMES):
            fell = [_fell(marks.get((name, kind)), cutoff) for kind in ("any", "severe")]
            some[ahead, k], severe[ahead, k] = fell[0].mean(), fell[1].mean()
            both[ahead, k] = (fell[0] & fell[1]).mean()
    return _Reach(some=_single(some), severe=_single(severe), any_only=_single(some - both))


def _fell(marks: Dated | None, cutoff: int) -> Flags:
    hit = np.zeros(_DRAWS, dtype=bool)
    if marks is not None:
        inside = (marks.day > cutoff + GAP_DAYS) & (marks.day <= cutoff + HORIZON_DAYS)
        hit[marks.household[inside] - 10**9] = True
    return hit


def _single(values: Floats) -> NDArray[np.float32]:
    return np.asarray(values, dtype=np.float32)


class _Misses:
    """P(no day in the window) so far of each outcome, by its kind of day, along one future."""

    def __init__(
        self, any_only: NDArray[np.float32], severe: NDArray[np.float32], first: NDArray[np.float32]
    ) -> None:
        self.any_only, self.severe, self.first_duty = any_only, severe, first

    @classmethod
    def none(cls, n: int) -> _Misses:
        """Nothing has happened yet."""
        shape = (n, len(_OUTCOMES))
        ones = (np.ones(shape, dtype=np.float32), np.ones(shape, dtype=np.float32))
        return cls(*ones, np.ones(n, dtype=np.float32))

    def month(self, p: NDArray[np.float32], ahead: int, reach: _Reach) -> None:
        """One more month in which each outcome may begin."""
        self.any_only *= 1 - p * reach.any_only[ahead]
        self.severe *= 1 - p * reach.severe[ahead]
        self.first_duty *= 1 - p[:, 0] * reach.some[ahead, 0]


class _Futures:
    """Simulates futures of one cutoff, all households at once."""

    def __init__(self, world: World, month: int, futures: int) -> None:
        self.world, self.month, self.futures = world, month, futures
        self.who = np.flatnonzero(world.at_risk[month].alive)
        households = world.households
        self.decay = _single(resilience_decay(households)[self.who, None])
        self.static = _single(np.sqrt(1 - MOVING_SHARE) * households.factors[self.who])
        rates = shock_rates(households)
        on_uc = world.latent.on_uc[month]
        columns = [
            rates[name][self.who] * (on_uc[self.who] if shock.to == "uc" else 1.0)
            for name, shock in SHOCKS.items()
        ]
        self.edges = np.cumsum(np.stack(columns, axis=1), axis=1)
        self.kicks = np.zeros((len(SHOCKS), 5), dtype=np.float32)
        for row, shock in enumerate(SHOCKS.values()):
            for factor, kick in shock.kicks.items():
                self.kicks[row, factor] = kick
        self.reach = _reach(world, month)
        share = recorded_shares(households.contact, households.watched) * thinned(
            households.group, world.switches
        )
        self.share = _single(share[self.who][:, _COLUMNS])
        self.can = self._can()

    def _can(self) -> NDArray[np.float32]:
        """Whether each outcome can begin in each month ahead: (ahead, household, outcome)."""
        world = self.world
        here = world.at_risk[self.month]
        can = np.ones((AHEAD + 1, len(self.who), len(_OUTCOMES)), dtype=np.float32)
        can[:, ~here.social[self.who], _OUTCOMES.index("O2")] = 0
        can[:, here.temporary[self.who], _OUTCOMES.index("O1")] = 0
        for name, wait in REFRACTORY.items():
            past = world.events[name]
            rows = past.month <= self.month
            last = np.full(world.households.n, -100)
            np.maximum.at(last, past.household[rows], past.month[rows])
            for ahead in range(1, AHEAD + 1):
                ready = self.month + ahead - last[self.who] >= wait
                can[ahead, :, _OUTCOMES.index(name)] *= ready
        return can

    def averages(self) -> tuple[Floats, Floats]:
        """Mean chance of the composite and of O1 over all futures, taken in mirrored pairs."""
        edge, home = np.zeros(len(self.who)), np.zeros(len(self.who))
        pending = self._pending()
        for pair in range(-(-self.futures // 2)):
            for misses in self._pair(pair):
                edge += _union(misses, pending)
                home += 1 - misses.first_duty
        count = 2 * -(-self.futures // 2)
        return edge / count, home / count

    def _pair(self, pair: int) -> tuple[_Misses, _Misses]:
        """P(no day in the window) along two futures whose slow need mirrors one another."""
        world, latent = self.world, self.world.latent
        slow = [latent.slow[self.month, self.who].copy() for _ in range(2)]
        fast = [latent.fast[self.month, self.who].copy() for _ in range(2)]
        misses = (_Misses.none(len(self.who)), _Misses.none(len(self.who)))
        scale = np.float32(np.sqrt(MOVING_SHARE * (1 - PERSISTENCE**2)))
        for ahead in range(1, AHEAD + 1):
            draw = world.streams.at(f"oracle:{pair}:{ahead}", self.month)
            eps = scale * draw.standard_normal((len(self.who), 5), dtype=np.float32)
            for side, sign in enumerate((1, -1)):
                slow[side] = np.float32(PERSISTENCE) * slow[side] + np.float32(sign) * eps
                fast[side] = self.decay * fast[side] + self._shocks(2 * pair + side, ahead)
                misses[side].month(self._chances(slow[side], fast[side], ahead), ahead, self.reach)
        return misses

    def _chances(
        self, slow: NDArray[np.float32], fast: NDArray[np.float32], ahead: int
    ) -> NDArray[np.float32]:
        """Chance that each outcome begins, and will be recorded, in a month ahead."""
        calendar = (int(self.world.calendar[self.month]) + ahead - 1) % 12 + 1
        season = SEASON * np.cos(2 * np.pi * calendar / 12)
        constant = _single(self.world.calibration.intercepts[_COLUMNS] + season)
        eta = combined(self.static, slow, fast) @ _LOG_ODDS + constant
        eta += np.float32(SYNERGY) * compounded(fast)[:, None]
        chances: NDArray[np.float32] = expit(eta) * self.share * self.can[ahead]
        return chances

    def _shocks(self, future: int, ahead: int) -> NDArray[np.float32]:
        draw = self.world.streams.at(f"oracle:shock:{future}:{ahead}", self.month)
        u = draw.random(len(self.who))
        out = np.zeros((len(self.who), 5), dtype=np.float32)
        hit = np.flatnonzero(u < self.edges[:, -1])
        which = (u[hit, None] > self.edges[hit]).sum(axis=1)
        out[hit] = self.kicks[which]
        return out

    def _pending(self) -> dict[tuple[str, str], Flags]:
        """Days in the window of courses that had already begun, and were recorded."""
        world = self.world
        cutoff = int(world.months[self.month + 1]) - 1
        begun = {
            name: events.kept().where(events.kept().month <= self.month)
            for name, events in world.events.items()
            if name in _OUTCOMES
        }
        marks = dated(world.streams, begun)
        return {
            key: in_window(mark, world.households.n, cutoff)[self.who]
            for key, mark in marks.items()
        }


def _union(misses: _Misses, pending: dict[tuple[str, str], Flags]) -> Floats:
    """P(a severe outcome, or at least two different outcomes), the outcomes being independent."""
    no_severe = np.ones(len(misses.first_duty))
    for k, name in enumerate(_OUTCOMES):
        if (name, "severe") in pending:
            no_severe *= np.where(pending[name, "severe"], 0.0, misses.severe[:, k])
    at_most_none, odds = np.ones(len(no_severe)), np.zeros(len(no_severe))
    for k, name in enumerate(_OUTCOMES):
        if name in ANY:
            p = 1.0 - misses.any_only[:, k].astype(np.float64)
            p = np.minimum(np.where(pending[name, "any"], 1.0, p), 1 - 1e-9)
            at_most_none *= 1 - p
            odds += p / (1 - p)
    return np.asarray(1 - no_severe * at_most_none * (1 + odds))


def speak(world: World, futures: int) -> Oracle:
    """The oracle's chances at every cutoff, with what was recorded and what was true."""
    parts = []
    marks = {
        "recorded": dated(world.streams, {k: e.kept() for k, e in world.events.items()}),
        "true": dated(world.streams, world.events),
    }
    n, last = world.households.n, world.latent.months - 1
    for month in cutoff_months(world.latent.months).tolist():
        future = _Futures(world, month, futures)
        edge, home = future.averages()
        cutoff = int(world.months[month + 1]) - 1
        end = world.at_risk[min(month + AHEAD, last)].alive[future.who]
        parts.append(
            (
                future.who,
                np.full(len(future.who), month),
                edge,
                home,
                composite(marks["recorded"], n, cutoff)[future.who],
                composite(marks["true"], n, cutoff)[future.who],
                in_window(marks["recorded"]["O1", "any"], n, cutoff)[future.who],
                end & (month + AHEAD <= last),
            )
        )
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return Oracle(
        household=columns[0],
        month=columns[1],
        edge=columns[2],
        homelessness=columns[3],
        edge_recorded=columns[4],
        edge_true=columns[5],
        homelessness_recorded=columns[6],
        through=columns[7],
    )
