"""Pass two: events, moves, arrivals, separations and deaths, month by month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from synthetic import paths
from synthetic.causes import NAMES, PROCESSES
from synthetic.dwellings import Dwellings
from synthetic.hazards import (
    Calibration,
    eligible,
    linear_predictors,
    recorded_shares,
    thinned,
)
from synthetic.homes import Homes
from synthetic.latent import Latent
from synthetic.offers import Offers
from synthetic.people import People
from synthetic.population import PRS, TA, Areas, Households
from synthetic.settings import Switches
from synthetic.streams import Flags, Floats, Ints, Streams

# Months in which a course already under way does not begin again.
_REFRACTORY = {"O1": 6, "O2": 9, "O3": 4, "O8": 12}


@dataclass(frozen=True, kw_only=True)
class Events:
    """What truly happened in one process, one row an event, by month and household."""

    household: Ints
    month: Ints
    day: Ints
    recorded: Flags

    def kept(self) -> Events:
        """The events that somebody wrote down."""
        mine = self.recorded
        return Events(
            household=self.household[mine],
            month=self.month[mine],
            day=self.day[mine],
            recorded=self.recorded[mine],
        )


@dataclass(frozen=True, kw_only=True)
class World:
    """Everything that happened in the place, before anybody recorded it."""

    streams: Streams
    months: Ints
    calendar: Ints
    areas: Areas
    households: Households
    people: People
    dwellings: Dwellings
    latent: Latent
    calibration: Calibration
    switches: Switches
    events: dict[str, Events]
    homes: Homes
    at_risk: dict[str, dict[int, Flags]]

    @property
    def last_day(self) -> int:
        """The last simulated day."""
        return int(self.months[-1]) - 1


class Walk:
    """The state of the place as it is carried from month to month."""

    def __init__(
        self,
        *,
        streams: Streams,
        months: Ints,
        calendar: Ints,
        areas: Areas,
        households: Households,
        people: People,
        dwellings: Dwellings,
        latent: Latent,
        calibration: Calibration,
        switches: Switches,
        offers: Offers | None = None,
    ) -> None:
        self.streams = streams
        self.months = months
        self.calendar = calendar
        self.areas = areas
        self.households = households
        self.latent = latent
        self.calibration = calibration
        self.offers = offers
        self.people = people
        self.dwellings = dwellings
        self.switches = switches
        self.homes = Homes.at_start(streams, months, households, people, dwellings)
        self.share = recorded_shares(households.contact)
        self.kept = thinned(households.group, switches)
        self.last = {name: np.full(households.n, -100) for name in NAMES}
        self.rows: dict[str, list[tuple[Ints, Ints, Ints, Flags]]] = {name: [] for name in NAMES}
        self.at_risk: dict[str, dict[int, Flags]] = {"alive": {}, "social": {}, "O1": {}}

    def run(self) -> World:
        """All months, then the finished world."""
        for month in range(self.latent.months):
            self.homes.month(month, self.latent)
            self._events(month)
        return World(
            streams=self.streams,
            months=self.months,
            calendar=self.calendar,
            areas=self.areas,
            households=self.households,
            people=self.people,
            dwellings=self.dwellings,
            latent=self.latent,
            calibration=self.calibration,
            switches=self.switches,
            events={name: self._joined(name) for name in NAMES},
            homes=self.homes,
            at_risk=self.at_risk,
        )

    def _events(self, month: int) -> None:
        tenure = self.homes.tenure()
        allowed = eligible(tenure, self.latent.on_uc[month])
        alive = self.homes.alive
        self.at_risk["alive"][month] = alive.copy()
        self.at_risk["social"][month] = allowed["social"].copy()
        eta = linear_predictors(
            self.latent.need[month], self.latent.synergy[month], int(self.calendar[month])
        )
        eta = eta + self.calibration.intercepts
        helped = self._helped(month)
        for k, (name, process) in enumerate(PROCESSES.items()):
            p = expit(eta[:, k]) * allowed[process.to] * alive
            if process.outcome:
                p = p * (1 - helped)
            if name in _REFRACTORY:
                p = p * (month - self.last[name] >= _REFRACTORY[name])
            if name == "O1":
                p = p * (tenure != TA)
            happened = self.streams.at(f"y:{name}", month).random(len(p)) < p
            self._note(name, k, month, happened)

    def _helped(self, month: int) -> Floats:
        if self.offers is None:
            return np.zeros(self.households.n)
        return self.offers.shrinkage(self.streams, self.households, self.latent, month)

    def _note(self, name: str, k: int, month: int, happened: Flags) -> None:
        who = np.flatnonzero(happened)
        self.last[name][who] = month
        when = np.full(len(who), month)
        seen = self.streams.at(f"r:{name}", month).random(self.households.n)
        seen_kept = self.streams.at(f"q:{name}", month).random(self.households.n)
        recorded = (seen < self.share[:, k]) & (seen_kept < self.kept[:, k])
        day = paths.month_day(self.streams, name, self.months, who, when)
        self.rows[name].append((who, when, day, recorded[who]))
        if name in ("O1", "O2", "notice"):
            self._consequences(name, who, when, day)

    def _consequences(self, name: str, who: Ints, when: Ints, day: Ints) -> None:
        """Homes that will be lost because of what began this month."""
        if name == "O1":
            course = paths.homelessness(self.streams, day, who, when)
            placed = course.temporary
            self.homes.plan(who[placed], course.relief[placed] + 1, TA)
            lost = ~placed & (self.streams.each("O1:moves", who, when) < 0.35)
            self.homes.plan(who[lost], day[lost] + 30, PRS)
        elif name == "O2":
            course_2 = paths.possession(self.streams, day, who, when)
            out = course_2.evicted != paths.NONE
            self.homes.plan(who[out], course_2.evicted[out], PRS, evicted=True)
        else:
            private = self.homes.tenure()[who] == PRS
            gone = private & (self.streams.each("notice:moves", who, when) < 0.5)
            self.homes.plan(who[gone], day[gone] + 75, PRS)

    def _joined(self, name: str) -> Events:
        parts = [np.concatenate(column) for column in zip(*self.rows[name], strict=True)]
        recorded = parts[3]
        if self.switches.spurious and PROCESSES[name].outcome:
            return self._with_spurious(name, parts)
        return Events(household=parts[0], month=parts[1], day=parts[2], recorded=recorded)

    def _with_spurious(self, name: str, parts: list[Ints]) -> Events:
        """Records without need, more of them where agencies look more (institution-made labels)."""
        if name not in ("O2", "O3"):
            return Events(household=parts[0], month=parts[1], day=parts[2], recorded=parts[3])
        extra = []
        rate = self.switches.spurious * np.maximum(self.households.contact, 0)
        for month, alive in self.at_risk["alive"].items():
            u = self.streams.at(f"spurious:{name}", month).random(self.households.n)
            social = self.at_risk["social"][month] if name == "O2" else True
            who = np.flatnonzero((u < rate) & alive & social)
            when = np.full(len(who), month)
            day = paths.month_day(self.streams, f"spurious:{name}", self.months, who, when)
            extra.append((who, when, day, np.ones(len(who), dtype=bool)))
        added = [np.concatenate(column) for column in zip(*extra, strict=True)]
        joined = [np.concatenate(pair) for pair in zip(parts, added, strict=True)]
        order = np.lexsort((joined[0], joined[1]))
        return Events(
            household=joined[0][order],
            month=joined[1][order],
            day=joined[2][order],
            recorded=joined[3][order].astype(bool),
        )
