"""Pass two: events, moves, arrivals, separations and deaths, month by month."""

from __future__ import annotations

from dataclasses import dataclass

from synthetic import paths
from synthetic.dwellings import Dwellings
from synthetic.events import AtRisk, EventBook, Events
from synthetic.hazards import Calibration
from synthetic.homes import Homes
from synthetic.kinds import NATIONAL_TEMPORARY, Kind
from synthetic.latent import Latent
from synthetic.offers import Offers
from synthetic.people import People
from synthetic.population import COUNCIL, OWNER, PRS, RP, TA, Areas, Households
from synthetic.settings import Switches
from synthetic.streams import Ints, Streams


@dataclass(frozen=True, kw_only=True)
class Stage:
    """What is settled before anything happens: who there is, where, and how need will move."""

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
    kind: Kind

    def book(self, offers: Offers | None = None) -> EventBook:
        """An empty book of events for this stage."""
        return EventBook(
            streams=self.streams,
            months=self.months,
            calendar=self.calendar,
            households=self.households,
            latent=self.latent,
            calibration=self.calibration,
            switches=self.switches,
            offers=offers,
        )


@dataclass(frozen=True, kw_only=True)
class World(Stage):
    """Everything that happened in the place, before anybody recorded it."""

    events: dict[str, Events]
    homes: Homes
    at_risk: tuple[AtRisk, ...]

    @property
    def last_day(self) -> int:
        """The last simulated day."""
        return int(self.months[-1]) - 1


def walk(stage: Stage) -> World:
    """Carry the place from month to month."""
    homes = Homes.at_start(
        stage.streams,
        stage.months,
        stage.households,
        stage.people,
        stage.dwellings,
        guests_stay=stage.kind.temporary / NATIONAL_TEMPORARY,
    )
    book, at_risk = stage.book(), []
    for month in range(stage.latent.months):
        homes.month(month, stage.latent)
        at_risk.append(_at_risk(homes))
        drawn = book.month(month, at_risk[-1])
        _lose_homes(stage, homes, drawn)
    return World(
        **{name: getattr(stage, name) for name in Stage.__dataclass_fields__},
        events=book.events(),
        homes=homes,
        at_risk=tuple(at_risk),
    )


def replayed(world: World, offers: Offers | None) -> dict[str, Events]:
    """The events of the same place under other offers, everybody living where they did.

    Homes are held as they were, so that households never contacted have exactly the same events.
    """
    book = world.book(offers)
    for month, at_risk in enumerate(world.at_risk):
        book.month(month, at_risk)
    return book.events()


def _at_risk(homes: Homes) -> AtRisk:
    tenure = homes.tenure()
    return AtRisk(
        alive=homes.alive.copy(),
        social=(tenure == COUNCIL) | (tenure == RP),
        renter=tenure != OWNER,
        temporary=tenure == TA,
    )


def _lose_homes(stage: Stage, homes: Homes, drawn: dict[str, Events]) -> None:
    """Homes that will be lost because of what began this month."""
    streams, event = stage.streams, drawn["O1"]
    course = paths.homelessness(streams, event.day, event.household, event.month)
    placed = course.temporary
    homes.plan(event.household[placed], course.relief[placed] + 1, TA)
    lost = ~placed & (streams.each("O1:moves", event.household, event.month) < 0.35)
    homes.plan(event.household[lost], event.day[lost] + 30, PRS)
    event = drawn["O2"]
    eviction = paths.possession(streams, event.day, event.household, event.month).evicted
    out = eviction != paths.NONE
    homes.plan(event.household[out], eviction[out], PRS, evicted=True)
    event = drawn["notice"]
    gone = homes.tenure()[event.household] == PRS
    gone &= streams.each("notice:moves", event.household, event.month) < 0.5
    homes.plan(event.household[gone], event.day[gone] + 75, PRS)
