"""From settings to a finished world: the causal core, without any record."""

from __future__ import annotations

from datetime import date

import numpy as np

from contracts.months import add_months, month_end
from synthetic.dwellings import draw_dwellings
from synthetic.hazards import Calibration, calibrate
from synthetic.injections import Preset
from synthetic.kinds import Kind
from synthetic.latent import Latent, simulate_latent
from synthetic.people import draw_people, epoch_day
from synthetic.population import Areas, Households, draw_areas, draw_households
from synthetic.settings import Size, Switches
from synthetic.streams import Ints, Streams
from synthetic.world import Stage, World, walk

ARRIVALS_YEARLY = 0.034
RESERVE_YEARLY = 0.012


def month_starts(last_month: date, months: int) -> Ints:
    """First day of each month and of the one after the last, as days since 1970."""
    first = add_months(month_end(last_month).replace(day=1), 1 - months)
    return np.array([epoch_day(add_months(first, i)) for i in range(months + 1)])


def _arrivals(initial: int, months: int) -> Ints:
    due = np.floor(initial * ARRIVALS_YEARLY / 12 * np.arange(months + 1)).astype(np.int64)
    return np.repeat(np.arange(months), np.diff(due))


def _drawn(
    streams: Streams, areas: Areas, size: Size, switches: Switches, kind: Kind
) -> tuple[Households, Latent]:
    households = draw_households(
        streams,
        areas,
        initial=size.households,
        arrivals=_arrivals(size.households, size.months),
        reserve=max(4, round(size.households * RESERVE_YEARLY * size.months / 12)),
        switches=switches,
        kind_of_place=kind,
    )
    return households, simulate_latent(streams, households, size.months, switches)


def _calibration(
    streams: Streams,
    areas: Areas,
    size: Size,
    *,
    calendar: Ints,
    drawn: tuple[Households, Latent],
    preset: Preset,
) -> Calibration:
    """Intercepts of a world in which nothing is planted, whatever this one has."""
    households, latent = drawn
    if preset.switches.moves_need:
        households, latent = _drawn(streams, areas, size, Switches(), preset.kind)
    return calibrate(households, latent, calendar, preset.kind)


def build_world(
    *, seed: int, size: Size, preset: Preset, neighbourhoods: int, last_month: date
) -> World:
    """Draw the place and walk it through its months."""
    streams = Streams(seed)
    months = month_starts(last_month, size.months)
    calendar = (months[:-1].astype("datetime64[D]").astype("datetime64[M]").astype(int)) % 12 + 1
    areas = draw_areas(streams, size.households, neighbourhoods, preset.kind)
    drawn = _drawn(streams, areas, size, preset.switches, preset.kind)
    households, latent = drawn
    people = draw_people(streams, households, latent, months, preset.faults)
    stage = Stage(
        streams=streams,
        months=months,
        calendar=calendar,
        areas=areas,
        households=households,
        people=people,
        dwellings=draw_dwellings(streams, areas, households),
        latent=latent,
        calibration=_calibration(
            streams, areas, size, calendar=calendar, drawn=drawn, preset=preset
        ),
        switches=preset.switches,
        kind=preset.kind,
    )
    return walk(stage)
