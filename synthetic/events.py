"""Events: one uniform number against one probability, for every process, household and month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from synthetic import paths
from synthetic.causes import NAMES, PROCESSES
from synthetic.hazards import Calibration, linear_predictors, recorded_shares, thinned
from synthetic.latent import Latent
from synthetic.offers import Offers
from synthetic.population import Households
from synthetic.settings import Switches
from synthetic.streams import Flags, Floats, Ints, Streams

# Months in which a course already under way does not begin again.
REFRACTORY = {"O1": 6, "O2": 9, "O3": 4, "O8": 12}
_INSTITUTION_MADE = ("O2", "O3")
_HEALTH_RECORDS = ("emergency", "mental")


@dataclass(frozen=True, kw_only=True)
class Events:
    """What truly happened in one process, one row an event, by month and household."""

    household: Ints
    month: Ints
    day: Ints
    recorded: Flags

    def where(self, rows: Flags) -> Events:
        """Some of the events."""
        return Events(
            household=self.household[rows],
            month=self.month[rows],
            day=self.day[rows],
            recorded=self.recorded[rows],
        )

    def kept(self) -> Events:
        """The events that somebody wrote down."""
        return self.where(self.recorded)


@dataclass(frozen=True, kw_only=True)
class AtRisk:
    """Who each process can come to in a month, from where people live."""

    alive: Flags
    social: Flags
    renter: Flags
    temporary: Flags

    def eligible(self, to: str, on_uc: Flags) -> Flags:
        """Who a process with that key can come to."""
        kinds = {"all": self.alive, "social": self.social, "renter": self.renter, "uc": on_uc}
        return kinds[to] & self.alive


class EventBook:
    """Draws the events of a world month by month and keeps them."""

    def __init__(
        self,
        *,
        streams: Streams,
        months: Ints,
        calendar: Ints,
        households: Households,
        latent: Latent,
        calibration: Calibration,
        switches: Switches,
        offers: Offers | None,
    ) -> None:
        self.streams, self.months, self.calendar = streams, months, calendar
        self.households, self.latent = households, latent
        self.calibration, self.switches, self.offers = calibration, switches, offers
        self.share = recorded_shares(households.contact, households.watched)
        self.kept = thinned(households.group, switches)
        self.last = {name: np.full(households.n, -100) for name in NAMES}
        self._rows: dict[str, list[Events]] = {name: [] for name in NAMES}

    def month(self, month: int, at_risk: AtRisk) -> dict[str, Events]:
        """Draw one month's events.

        Args:
            month: The month.
            at_risk: Who is alive and in what tenure.

        Returns:
            The month's events by process.
        """
        latent = self.latent
        eta = self.calibration.intercepts + linear_predictors(
            latent.need[month], latent.synergy[month], int(self.calendar[month])
        )
        helped = self._helped(month)
        drawn = {}
        for k, (name, process) in enumerate(PROCESSES.items()):
            p = expit(eta[:, k] + self._health(name)) * at_risk.eligible(
                process.to, latent.on_uc[month]
            )
            if process.outcome:
                p = p * (1 - helped)
            if name in REFRACTORY:
                p = p * (month - self.last[name] >= REFRACTORY[name])
            if name == "O1":
                p = p * ~at_risk.temporary
            happened = self.streams.at(f"y:{name}", month).random(len(p)) < p
            drawn[name] = self._noted(name, k, month, np.flatnonzero(happened))
            if self.switches.doubled and month >= self.switches.macro_month:
                self._doubled(name, month, p)
            if self.switches.spurious and name in _INSTITUTION_MADE:
                self._spurious(name, month, at_risk)
        return drawn

    def _health(self, name: str) -> Floats | float:
        """Log-odds of health records that come with disability and not with need."""
        if name not in _HEALTH_RECORDS or not self.switches.health_proxy:
            return 0.0
        disabled = self.households.disability
        return np.asarray(self.switches.health_proxy * (disabled - disabled.mean()))

    def _doubled(self, name: str, month: int, p: Floats) -> None:
        """The same again without need: a new system that records more than it did."""
        which, more = self.switches.doubled or ("", 0.0)
        if name != which:
            return
        u = self.streams.at(f"doubled:{name}", month).random(len(p))
        who = np.flatnonzero((u < more * p) & (self.last[name] != month))
        when = np.full(len(who), month)
        day = paths.month_day(self.streams, f"doubled:{name}", self.months, who, when)
        again = Events(household=who, month=when, day=day, recorded=np.ones(len(who), dtype=bool))
        self._rows[name].append(again)

    def _helped(self, month: int) -> Floats:
        if self.offers is None:
            return np.zeros(self.households.n)
        return self.offers.shrinkage(self.streams, self.households, self.latent, month)

    def _noted(self, name: str, k: int, month: int, who: Ints) -> Events:
        when = np.full(len(who), month)
        self.last[name][who] = month
        seen = self.streams.at(f"r:{name}", month).random(self.households.n)
        kept = self.streams.at(f"q:{name}", month).random(self.households.n)
        recorded = (seen < self.share[:, k]) & (kept < self.kept[:, k])
        events = Events(
            household=who,
            month=when,
            day=paths.month_day(self.streams, name, self.months, who, when),
            recorded=recorded[who],
        )
        self._rows[name].append(events)
        return events

    def _spurious(self, name: str, month: int, at_risk: AtRisk) -> None:
        """Records without need, more of them where agencies look more."""
        rate = self.switches.spurious * np.maximum(self.households.contact, 0)
        u = self.streams.at(f"spurious:{name}", month).random(self.households.n)
        allowed = at_risk.eligible(PROCESSES[name].to, self.latent.on_uc[month])
        who = np.flatnonzero((u < rate) & allowed & (self.last[name] != month))
        when = np.full(len(who), month)
        day = paths.month_day(self.streams, f"spurious:{name}", self.months, who, when)
        made_up = Events(household=who, month=when, day=day, recorded=np.ones(len(who), dtype=bool))
        self._rows[name].append(made_up)

    def events(self) -> dict[str, Events]:
        """Every event drawn so far, by process."""
        return {
            name: Events(
                household=np.concatenate([part.household for part in parts]),
                month=np.concatenate([part.month for part in parts]),
                day=np.concatenate([part.day for part in parts]),
                recorded=np.concatenate([part.recorded for part in parts]),
            )
            for name, parts in self._rows.items()
        }
