"""Who lives where with whom: moves, arrivals, separations, deaths, new partners, leaving home."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.dwellings import Dwellings
from synthetic.latent import Latent
from synthetic.people import HEAD, PARTNER, People
from synthetic.population import COUNCIL, NEVER, OWNER, PRS, RP, TA, Areas, Households
from synthetic.streams import Flags, Floats, Ints, Streams

OPEN = 2**31 - 1
MOVED, LEFT_AREA, DIED, EVICTED, TO_TEMPORARY, STILL_THERE = range(6)
SEPARATED, PARTNER_DIED, PARTNER_IN = range(3)
# By tenure, so that each tenure loses about as many households as it gains.
_LEAVES_AREA_YEARLY = np.array([0.027, 0.028, 0.028, 0.055, 0.0])
SEPARATED_STAYS_IN_AREA = 0.5
_MOVES_YEARLY = np.array([0.037, 0.052, 0.052, 0.185, 0.0])
_MOVES_BY_AGE = np.array([1.6, 1.5, 1.0, 0.6, 0.35])
_LIVED_YEARS = np.array([15.0, 10.0, 9.0, 4.0, 0.5])
# Where a household that moves of its own accord goes, by tenure it leaves.
_NEXT_TENURE = np.array(
    [
        [0.94, 0.0, 0.0, 0.06, 0.0],
        [0.03, 0.62, 0.23, 0.12, 0.0],
        [0.03, 0.23, 0.62, 0.12, 0.0],
        [0.05, 0.015, 0.015, 0.92, 0.0],
        [0.0, 0.45, 0.40, 0.15, 0.0],
    ]
)

# What somebody who must leave a temporary home tries next when there is no home of a tenure.
_SECOND_CHOICE = np.array([PRS, RP, PRS, COUNCIL, PRS])


@dataclass(frozen=True, kw_only=True)
class Spells:
    """Stays of households in dwellings, one row a stay."""

    household: Ints
    dwelling: Ints
    starts: Ints
    ends: Ints
    ended_by: Ints


@dataclass(frozen=True, kw_only=True)
class Memberships:
    """Stays of persons in households, one row a stay; ``ends`` is exclusive or :data:`OPEN`."""

    person: Ints
    household: Ints
    role: Ints
    starts: Ints
    ends: Ints


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Changes in who heads a household, one row a change."""

    household: Ints
    day: Ints
    kind: Ints
    person: Ints


def _restless(households: Households) -> Floats:
    """How readily each household moves, with mean 1 among the first households of its tenure."""
    ready = _MOVES_BY_AGE[households.age_band]
    first = np.arange(households.n) < households.initial
    out = np.ones(households.n)
    for tenure in np.unique(households.tenure).tolist():
        mine = households.tenure == tenure
        out[mine] = ready[mine] / ready[mine & first].mean()
    return out


class Homes:
    """The state of homes and memberships, and the record of how it came about."""

    def __init__(
        self,
        streams: Streams,
        months: Ints,
        households: Households,
        people: People,
        homes: Dwellings,
    ) -> None:
        n = households.n
        self.streams, self.months = streams, months
        self.households, self.people, self.dwellings = households, people, homes
        self.home = np.full(n, -1)
        self.since = np.zeros(n, dtype=np.int64)
        self.began = np.full(n, OPEN)
        self.ended = np.full(n, OPEN)
        self.alive = np.zeros(n, dtype=bool)
        self.vacant = np.zeros(homes.homes, dtype=bool)
        self.head, self.partner = np.full(n, -1), np.full(n, -1)
        self.planned_day = np.full(n, OPEN)
        self.planned_tenure = np.zeros(n, dtype=np.int64)
        self.evicted = np.zeros(n, dtype=bool)
        self.joined = np.where(people.joins < 0, people.dob, OPEN)
        self.left = np.full(people.n, OPEN)
        self.next_reserve = households.reserve_from
        self._spells: list[tuple[Ints, Ints, Ints, Ints, Ints]] = []
        self._second: list[tuple[Ints, Ints, Ints]] = []
        self._changes: list[tuple[Ints, Ints, Ints, Ints]] = []
        self._death_day = np.full(people.n, OPEN)
        self.restless = _restless(households)

    @classmethod
    def at_start(
        cls,
        streams: Streams,
        months: Ints,
        households: Households,
        people: People,
        homes: Dwellings,
    ) -> Homes:
        """Everybody at home on the first day, some for many years."""
        state = cls(streams, months, households, people, homes)
        first = np.arange(households.initial)
        years = -_LIVED_YEARS[households.tenure[first]] * np.log(streams.each("lived", first))
        heads = np.flatnonzero((people.role == HEAD) & (people.joins < 0))
        state.head[people.household[heads]] = heads
        partners = np.flatnonzero((people.role == PARTNER) & (people.joins < 0))
        state.partner[people.household[partners]] = partners
        age_days = months[0] - people.dob[state.head[first]]
        days = np.minimum(years * 365, np.maximum(age_days - 18 * 365, 30)).astype(np.int64)
        state.home[first], state.alive[first] = first, True
        state.since[first] = state.began[first] = months[0] - 1 - days
        state.vacant[households.initial :] = True
        return state

    def tenure(self) -> Ints:
        """Present tenure of every household (its first where it has no home)."""
        known = self.home >= 0
        return np.where(known, self.dwellings.tenure[self.home], self.households.tenure)

    def plan(self, who: Ints, day: Ints, tenure: int, *, evicted: bool = False) -> None:
        """A household will have to go on or after a day; the earliest plan stands."""
        sooner = day < self.planned_day[who]
        who, day = who[sooner], day[sooner]
        self.planned_day[who] = day
        self.planned_tenure[who] = tenure
        self.evicted[who] = evicted

    def month(self, month: int, latent: Latent) -> None:
        """One month of comings and goings."""
        self._arrivals(month)
        self._departures(month)
        self._deaths(month, latent)
        self._separations(month, latent)
        self._members(month)
        self._moves(month)

    def _day(self, name: str, month: int, ids: Ints, low: int = 0) -> Ints:
        length = int(self.months[month + 1] - self.months[month]) - low
        u = self.streams.each(f"home:{name}", ids, month)
        return np.asarray(self.months[month] + low + np.floor(u * length), dtype=np.int64)

    # ---- homes ----------------------------------------------------------------------------------

    def _place(self, who: Ints, wanted: Ints, month: int) -> tuple[Ints, Ints]:
        """Match movers to empty homes of the tenure they want, like areas to like."""
        placed: list[Ints] = []
        homes: list[Ints] = []
        for tenure in (OWNER, COUNCIL, RP, PRS, TA):
            movers = who[wanted == tenure]
            free = np.flatnonzero(
                self.vacant & (self.dwellings.tenure[: self.dwellings.homes] == tenure)
            )
            count = min(len(movers), len(free))
            if not count:
                continue
            movers = movers[np.argsort(self.streams.each("queue", movers, month))[:count]]
            free = free[np.argsort(self.streams.each("offered", free, month))[:count]]
            lean = self.households.d[movers] + 0.8 * self.streams.normal("match", movers, month)
            movers = movers[np.argsort(lean, kind="stable")]
            free = free[np.argsort(self._poverty(free), kind="stable")]
            self.vacant[free] = False
            placed.append(movers)
            homes.append(free)
        if not placed:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return np.concatenate(placed), np.concatenate(homes)

    def _poverty(self, dwelling: Ints) -> Floats:
        return self._area_d[self.dwellings.area[dwelling]]

    @property
    def _area_d(self) -> Floats:
        by_area = np.zeros(int(self.dwellings.area.max()) + 1)
        by_area[self.households.area] = self.households.d
        return by_area

    def _vacate(self, who: Ints, day: Ints, why: Ints) -> None:
        here = self.home[who] >= 0
        who, day, why = who[here], day[here], why[here]
        self._spells.append((who, self.home[who].copy(), self.since[who].copy(), day, why))
        self.vacant[self.home[who]] = True
        self.home[who] = -1

    def _settle(self, who: Ints, dwelling: Ints, day: Ints) -> None:
        self.home[who], self.since[who] = dwelling, day

    def _arrivals(self, month: int) -> None:
        who = np.flatnonzero(self.households.arrives == month)
        who, dwelling = self._place(who, self.households.tenure[who], month)
        day = self._day("arrives", month, who)
        self._settle(who, dwelling, day)
        self.alive[who], self.began[who] = True, day

    def _departures(self, month: int) -> None:
        u = self.streams.at("departs", month).random(self.households.n)
        leaves = self.alive & (u < _LEAVES_AREA_YEARLY[self.tenure()] / 12)
        who = np.flatnonzero(leaves & (self.began < self.months[month]))
        self._end(who, self._day("departs", month, who), LEFT_AREA)

    def _end(self, who: Ints, day: Ints, why: int) -> None:
        self._vacate(who, day, np.full(len(who), why))
        self.alive[who], self.ended[who] = False, day

    def _moves(self, month: int) -> None:
        tenure = self.tenure()
        rate = _MOVES_YEARLY[tenure] * self.restless / 12
        settled = self.alive & (self.since < self.months[month] - 60)
        chooses = settled & (self.streams.at("moves", month).random(len(rate)) < rate)
        forced = self.alive & (self.planned_day < self.months[month + 1])
        who = np.flatnonzero(chooses | forced)
        ready = self.since[who] < self.months[month]
        who = who[ready]
        wanted = self.streams.each("tenure:next", who, month)[:, None] > np.cumsum(
            _NEXT_TENURE[tenure[who]], axis=1
        )
        target = np.where(forced[who], self.planned_tenure[who], wanted.sum(axis=1).clip(0, TA))
        moved, dwelling = self._place(who, target, month)
        day = np.maximum(self._day("moves", month, moved), self.planned_day[moved] * forced[moved])
        to_temporary = self.dwellings.tenure[dwelling] == TA
        why = np.where(self.evicted[moved] & forced[moved], EVICTED, MOVED)
        self._vacate(moved, day, np.where(to_temporary, TO_TEMPORARY, why))
        self._settle(moved, dwelling, day)
        self._after_move(moved, day, to_temporary)
        stuck = np.setdiff1d(who[forced[who]], moved)
        waits = tenure[stuck] == TA
        self.planned_day[stuck] = np.where(waits, self.months[month + 1], OPEN)
        self.planned_tenure[stuck] = _SECOND_CHOICE[self.planned_tenure[stuck]]

    def _after_move(self, moved: Ints, day: Ints, to_temporary: Flags) -> None:
        self.planned_day[moved] = OPEN
        self.evicted[moved] = False
        guests = moved[to_temporary]
        u = self.streams.each("ta:stay", guests, day[to_temporary])
        stay = np.floor(60 + 270 * u).astype(np.int64)
        for_social = self.streams.each("ta:next", guests) < 0.65
        self.plan(guests[for_social], (day[to_temporary] + stay)[for_social], COUNCIL)
        self.plan(guests[~for_social], (day[to_temporary] + stay)[~for_social], PRS)

    # ---- people ---------------------------------------------------------------------------------

    def _deaths(self, month: int, latent: Latent) -> None:
        """Deaths of a partner follow the bereavement shock; the old who live alone die too."""
        age = np.where(self.head >= 0, self.months[month] - self.people.dob[self.head], 0) / 365.25
        hit = latent.shocks["bereave"][month] & self.alive & (self.partner >= 0)
        who = np.flatnonzero(hit & (age > 50))
        who = who[self.streams.each("death", who, month) < np.where(age[who] > 65, 0.6, 0.2)]
        day = self._day("death", month, who)
        lost = np.where(
            self.streams.each("who", who, month) < 0.55, self.head[who], self.partner[who]
        )
        stays = np.where(lost == self.head[who], self.partner[who], self.head[who])
        self.left[lost] = self._death_day[lost] = day
        self.head[who], self.partner[who] = stays, -1
        self._changes.append((who, day, np.full(len(who), PARTNER_DIED), lost))
        yearly = 0.004 * np.exp(0.09 * np.clip(age - 60, 0, 40))
        alone = self.alive & (self.partner < 0) & (self.households.kind == 0) & (age > 60)
        u = self.streams.at("death:alone", month).random(len(age))
        gone = np.flatnonzero(alone & (u < yearly / 12) & (self.since < self.months[month]))
        day = self._day("death:alone", month, gone)
        self._death_day[self.head[gone]] = day
        self._end(gone, day, DIED)

    def _separations(self, month: int, latent: Latent) -> None:
        hit = latent.shocks["breakup"][month] & self.alive & (self.partner >= 0)
        who = np.flatnonzero(hit & (self.since < self.months[month]))
        day = self._day("separates", month, who, low=3)
        goes = self.partner[who].copy()
        self.left[goes] = day
        self.partner[who] = -1
        self._changes.append((who, day, np.full(len(who), SEPARATED), goes))
        near = self.streams.each("near", who, month) < SEPARATED_STAYS_IN_AREA
        places = np.arange(self.next_reserve, self.households.n)[: int(near.sum())]
        self.next_reserve += len(places)
        goes, day = goes[near][: len(places)], day[near][: len(places)]
        settled, dwelling = self._place(places, np.full(len(places), PRS), month)
        order = np.searchsorted(places, settled)
        self._settle(settled, dwelling, day[order])
        self.alive[settled], self.began[settled] = True, day[order]
        self.head[settled] = goes[order]
        self._second.append((goes[order], settled, day[order]))

    def _members(self, month: int) -> None:
        """Births, new partners, and grown children who go."""
        joins = np.flatnonzero((self.people.joins == month) & self.alive[self.people.household])
        home = self.people.household[joins]
        born = (self.people.role[joins] != PARTNER) & (self.began[home] <= self.people.dob[joins])
        self.joined[joins[born]] = self.people.dob[joins[born]]
        free = (self.people.role[joins] == PARTNER) & (self.partner[home] < 0)
        free &= self.since[home] < self.months[month]
        new = joins[free]
        _, once = np.unique(self.people.household[new], return_index=True)
        new = new[once]
        hosts = self.people.household[new]
        day = self._day("partner", month, hosts)
        self.joined[new], self.partner[hosts] = day, new
        self._changes.append((hosts, day, np.full(len(new), PARTNER_IN), new))
        goes = np.flatnonzero((self.people.leaves == month) & (self.left == OPEN))
        self.left[goes] = self._day("leaves", month, goes)

    # ---- results --------------------------------------------------------------------------------

    def spells(self) -> Spells:
        """Every stay in a dwelling, the open ones last."""
        here = np.flatnonzero(self.home >= 0)
        still = (
            here,
            self.home[here],
            self.since[here],
            np.full(len(here), OPEN),
            np.full(len(here), STILL_THERE),
        )
        parts = [np.concatenate(column) for column in zip(*self._spells, still, strict=True)]
        order = np.lexsort((parts[2], parts[0]))
        columns = [part[order] for part in parts]
        return Spells(
            household=columns[0],
            dwelling=columns[1],
            starts=columns[2],
            ends=columns[3],
            ended_by=columns[4],
        )

    def memberships(self) -> Memberships:
        """Every stay in a household that came about."""
        people = self.people
        first = np.flatnonzero(self.joined < OPEN)
        first = first[self.began[people.household[first]] < OPEN]
        rows = [(first, people.household[first], people.role[first], self.joined[first])]
        ends = [self.left[first]]
        for person, household, day in self._second:
            rows.append((person, household, np.full(len(person), HEAD), day))
            ends.append(np.full(len(person), OPEN))
        person, household, role, starts = (
            np.concatenate(column) for column in zip(*rows, strict=True)
        )
        starts = np.maximum(starts, self.began[household])
        closes = np.minimum(np.concatenate(ends), self.ended[household])
        real = closes > starts
        return Memberships(
            person=person[real],
            household=household[real],
            role=role[real],
            starts=starts[real],
            ends=closes[real],
        )

    def changes(self) -> Changes:
        """Separations, deaths of a partner and new partners, by household and day."""
        parts = [np.concatenate(column) for column in zip(*self._changes, strict=True)]
        order = np.lexsort((parts[1], parts[0]))
        return Changes(
            household=parts[0][order],
            day=parts[1][order],
            kind=parts[2][order],
            person=parts[3][order],
        )

    @property
    def deaths(self) -> Ints:
        """Day of death of each person, :data:`OPEN` for the living."""
        return self._death_day


__all__ = ["NEVER", "OPEN", "Areas", "Changes", "Homes", "Memberships", "Spells"]
