"""Who lives where with whom: moves, arrivals, separations, deaths, new partners, leaving home."""

from __future__ import annotations

import numpy as np

from synthetic import families
from synthetic.dwellings import Dwellings
from synthetic.latent import Latent
from synthetic.market import Market
from synthetic.people import HEAD, PARTNER, People
from synthetic.population import COUNCIL, PRS, RP, TA, Households
from synthetic.stays import (
    EVICTED,
    LEFT_AREA,
    MOVED,
    OPEN,
    TO_TEMPORARY,
    Changes,
    Diary,
    Memberships,
    Spells,
)
from synthetic.streams import Flags, Floats, Ints, Streams

# By tenure, so that each tenure loses about as many households as it gains.
_LEAVES_AREA_YEARLY = np.array([0.027, 0.028, 0.028, 0.055, 0.0])
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
        *,
        guests_stay: float = 1.0,
    ) -> None:
        n = households.n
        self.guests_stay = guests_stay
        self.streams, self.months = streams, months
        self.households, self.people, self.dwellings = households, people, homes
        self.home = np.full(n, -1)
        self.since = np.zeros(n, dtype=np.int64)
        self.began = np.full(n, OPEN)
        self.ended = np.full(n, OPEN)
        self.alive = np.zeros(n, dtype=bool)
        self.market = Market(streams, households, homes)
        self.head, self.partner = np.full(n, -1), np.full(n, -1)
        self.planned_day = np.full(n, OPEN)
        self.planned_tenure = np.zeros(n, dtype=np.int64)
        self.evicted = np.zeros(n, dtype=bool)
        self.joined = np.where(people.joins < 0, people.dob, OPEN)
        self.left = np.full(people.n, OPEN)
        self.next_reserve = households.reserve_from
        self.diary = Diary()
        # Day of death of each person, OPEN for the living.
        self.death_day = np.full(people.n, OPEN)
        self.restless = _restless(households)

    @classmethod
    def at_start(
        cls,
        streams: Streams,
        months: Ints,
        households: Households,
        people: People,
        homes: Dwellings,
        *,
        guests_stay: float = 1.0,
    ) -> Homes:
        """Everybody at home on the first day, some for many years.

        Args:
            streams: The place's random numbers.
            months: First day of each month.
            households: The households.
            people: The people.
            homes: The homes.
            guests_stay: Times the usual length of a stay in a temporary home.
        """
        state = cls(streams, months, households, people, homes, guests_stay=guests_stay)
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
        state.market.vacant[households.initial :] = True
        guests = first[households.tenure[first] == TA]
        stay = state._stay(guests, np.zeros_like(guests))
        state.since[guests] = months[0] - 1 - np.floor(stay * streams.each("guest", guests))
        state.began[guests] = state.since[guests]
        state._leave_temporary(guests, state.since[guests] + stay)
        return state

    def _stay(self, guests: Ints, day: Ints) -> Ints:
        """Days that each household will stay in a temporary home."""
        u = self.streams.each("ta:stay", guests, day)
        return np.floor((60 + 560 * u) * self.guests_stay).astype(np.int64)

    def _leave_temporary(self, guests: Ints, day: Ints) -> None:
        for_social = self.streams.each("ta:next", guests) < 0.65
        self.plan(guests[for_social], day[for_social], COUNCIL)
        self.plan(guests[~for_social], day[~for_social], PRS)

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
        families.deaths(self, month, latent)
        families.separations(self, month, latent)
        families.new_members(self, month)
        self._moves(month)

    def day_in(self, name: str, month: int, ids: Ints, low: int = 0) -> Ints:
        """A day of the month for each id, not before its first ``low`` days."""
        length = int(self.months[month + 1] - self.months[month]) - low
        u = self.streams.each(f"home:{name}", ids, month)
        return np.asarray(self.months[month] + low + np.floor(u * length), dtype=np.int64)

    def _vacate(self, who: Ints, day: Ints, why: Ints) -> None:
        here = self.home[who] >= 0
        who, day, why = who[here], day[here], why[here]
        self.diary.left(who, self.home[who], self.since[who], day, why)
        self.market.vacant[self.home[who]] = True
        self.home[who] = -1

    def settle(self, who: Ints, dwelling: Ints, day: Ints) -> None:
        """Households move into empty homes."""
        self.home[who], self.since[who] = dwelling, day

    def _arrivals(self, month: int) -> None:
        who = np.flatnonzero(self.households.arrives == month)
        who, dwelling = self.market.placed(who, self.households.tenure[who], month)
        day = self.day_in("arrives", month, who)
        self.settle(who, dwelling, day)
        self.alive[who], self.began[who] = True, day

    def _departures(self, month: int) -> None:
        u = self.streams.at("departs", month).random(self.households.n)
        leaves = self.alive & (u < _LEAVES_AREA_YEARLY[self.tenure()] / 12)
        who = np.flatnonzero(leaves & (self.began < self.months[month]))
        self.end(who, self.day_in("departs", month, who), LEFT_AREA)

    def end(self, who: Ints, day: Ints, why: int) -> None:
        """Households are no more, here or at all."""
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
        moved, dwelling = self.market.placed(who, target, month)
        day = np.maximum(
            self.day_in("moves", month, moved), self.planned_day[moved] * forced[moved]
        )
        to_temporary = self.dwellings.tenure[dwelling] == TA
        why = np.where(self.evicted[moved] & forced[moved], EVICTED, MOVED)
        self._vacate(moved, day, np.where(to_temporary, TO_TEMPORARY, why))
        self.settle(moved, dwelling, day)
        self._after_move(moved, day, to_temporary)
        stuck = np.setdiff1d(who[forced[who]], moved)
        waits = tenure[stuck] == TA
        self.planned_day[stuck] = np.where(waits, self.months[month + 1], OPEN)
        self.planned_tenure[stuck] = _SECOND_CHOICE[self.planned_tenure[stuck]]

    def _after_move(self, moved: Ints, day: Ints, to_temporary: Flags) -> None:
        self.planned_day[moved] = OPEN
        self.evicted[moved] = False
        guests, since = moved[to_temporary], day[to_temporary]
        self._leave_temporary(guests, since + self._stay(guests, since))

    def spells(self) -> Spells:
        """Every stay in a dwelling, by household and day."""
        return self.diary.spells(self.home, self.since)

    def changes(self) -> Changes:
        """Separations, deaths of a partner and new partners, by household and day."""
        return self.diary.changes()

    def memberships(self) -> Memberships:
        """Every stay in a household that came about."""
        people = self.people
        first = np.flatnonzero(self.joined < OPEN)
        first = first[self.began[people.household[first]] < OPEN]
        rows = [(first, people.household[first], people.role[first], self.joined[first])]
        ends = [self.left[first]]
        for person, household, day in self.diary.second_homes:
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
