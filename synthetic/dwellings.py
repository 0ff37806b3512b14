"""Homes, buildings, streets and postcodes of the invented place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthetic.issuing import permuted
from synthetic.namepools import STREET_KINDS, STREET_WORDS
from synthetic.population import OWNER, PRS, TA, Areas, Households
from synthetic.streams import Floats, Ints, Streams, Strings

FIRST_UPRN = 900_000_000_000
HOUSE, FLAT, SHELTERED, HMO_ROOM, HOSTEL_PLACE = range(5)
_UNITS = {FLAT: 12, SHELTERED: 20, HMO_ROOM: 5, HOSTEL_PLACE: 12}
VACANT_SHARE = np.array([0.025, 0.03, 0.03, 0.09, 0.35])
TA_SHARE = 0.006
_POINTS_PER_STREET, _POINTS_PER_POSTCODE = 30, 15
BANDS = np.array([0.24, 0.196, 0.219, 0.156, 0.097, 0.051, 0.035, 0.006])


@dataclass(frozen=True, kw_only=True)
class Dwellings:
    """Every home and every building that homes are part of.

    The first ``homes`` rows are homes (a hostel has one row for each of its places); the rest are
    buildings. ``parent`` is the row of a home's building, -1 where it stands alone.
    """

    homes: int
    area: Ints
    tenure: Ints
    form: Ints
    parent: Ints
    uprn: Ints
    parent_uprn: Ints
    blpu_class: Strings
    unit: Ints
    number: Ints
    street: Strings
    postcode: Strings
    band: Ints
    rooms: Ints

    @property
    def n(self) -> int:
        """Rows, homes and buildings together."""
        return len(self.area)


def _forms(streams: Streams, households: Households, tenure: Ints, like: Ints) -> Ints:
    """House, flat or room of each home, by tenure and by who first lives there."""
    ids = np.arange(len(tenure))
    single = np.isin(households.kind[like], (0, 1))
    u = streams.each("form", ids)
    flat = np.array([0.08, 0.38, 0.38, 0.33, 0.7])[tenure] + 0.10 * single
    form = np.where(u < flat, FLAT, HOUSE)
    social = (tenure != OWNER) & (tenure != PRS) & (tenure != TA)
    old = social & single & (households.age_band[like] == 4)
    form = np.where(old & (streams.each("sheltered", ids) < 0.5), SHELTERED, form)
    young = (tenure == PRS) & single & (households.age_band[like] <= 2)
    form = np.where(young & (streams.each("hmo", ids) < 0.35), HMO_ROOM, form)
    hostel = (tenure == TA) & (streams.each("hostel", ids) < 0.35)
    return np.where(hostel, HOSTEL_PLACE, form)


def _group_units(area: Ints, tenure: Ints, form: Ints) -> tuple[Ints, Ints, Ints]:
    """Gather flats and rooms into buildings.

    Returns:
        The building of each home (-1 for none), the unit's number in it, and one example home of
        each building.
    """
    building = np.full(len(area), -1)
    unit = np.zeros(len(area), dtype=np.int64)
    examples: list[Ints] = []
    made = 0
    for kind, size in _UNITS.items():
        mine = np.flatnonzero(form == kind)
        if not len(mine):
            continue
        mine = mine[np.lexsort((mine, tenure[mine], area[mine]))]
        key = area[mine] * 10 + tenure[mine]
        starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
        place = np.arange(len(mine)) - np.repeat(starts, np.diff(np.r_[starts, len(mine)]))
        first = (place % size) == 0
        building[mine] = made + np.cumsum(first) - 1
        unit[mine] = place % size + 1
        examples.append(mine[first])
        made += int(first.sum())
    return building, unit, np.concatenate(examples) if examples else np.zeros(0, dtype=np.int64)


def draw_dwellings(streams: Streams, areas: Areas, households: Households) -> Dwellings:
    """A home for each household at the start, and empty ones of each tenure."""
    n = households.initial
    share = VACANT_SHARE[households.tenure[:n]]
    empty = np.flatnonzero(streams.each("empty", np.arange(n)) < share)
    spare = np.arange(max(6, round(TA_SHARE * n)))
    like = np.concatenate([np.arange(n), empty, spare * 7919 % n])
    tenure = np.concatenate(
        [households.tenure[:n], households.tenure[empty], np.full(len(spare), TA)]
    )
    area = households.area[like]
    form = _forms(streams, households, tenure, like)
    building, unit, examples = _group_units(area, tenure, form)
    homes = len(area)
    all_area = np.concatenate([area, area[examples]])
    all_form = np.concatenate([form, form[examples]])
    parent = np.where(building >= 0, homes + building, -1)
    uprn = _uprns(streams.seed, homes, len(examples), form, parent)
    number, street, postcode = _addresses(
        all_area, np.concatenate([parent, -np.ones_like(examples)])
    )
    return Dwellings(
        homes=homes,
        area=all_area,
        tenure=np.concatenate([tenure, tenure[examples]]),
        form=all_form,
        parent=np.concatenate([parent, np.full(len(examples), -1)]),
        uprn=uprn,
        parent_uprn=np.concatenate(
            [np.where(parent >= 0, uprn[parent], -1), np.full(len(examples), -1)]
        ),
        blpu_class=_classes(streams, tenure, form, examples),
        unit=np.concatenate([unit, np.zeros(len(examples), dtype=np.int64)]),
        number=number,
        street=street,
        postcode=postcode,
        band=_bands(streams, areas, all_area, all_form),
        rooms=1
        + np.searchsorted([0.35, 0.70, 0.95], streams.each("rooms", np.arange(len(all_area)))),
    )


def _uprns(seed: int, homes: int, buildings: int, form: Ints, parent: Ints) -> Ints:
    """A number for each row, which does not say which; a hostel's places all bear the hostel's."""
    uprn = FIRST_UPRN + permuted(seed, "uprn", np.arange(homes + buildings), 9)
    shared = np.flatnonzero(form == HOSTEL_PLACE)
    uprn[shared] = uprn[parent[shared]]
    return np.asarray(uprn, dtype=np.int64)


def _classes(streams: Streams, tenure: Ints, form: Ints, examples: Ints) -> Strings:
    ids = np.arange(len(form))
    u = streams.each("class", ids)
    detached = np.where(tenure == OWNER, 0.35, 0.05)
    house = np.where(u < detached, "RD02", np.where(u < 0.62, "RD03", "RD04")).astype(object)
    codes = np.array(["", "RD06", "RD08", "RH02", "RI02"], dtype=object)
    homes = np.where(form == HOUSE, house, codes[form])
    homes[streams.each("unclassified", ids) < 0.005] = "U"
    shells = np.array(["", "PP", "PP", "RH01", "RI02"], dtype=object)[form[examples]]
    return np.concatenate([homes, shells])


def _addresses(area: Ints, parent: Ints) -> tuple[Ints, Strings, Strings]:
    """Number, street and postcode; a home in a building has its building's."""
    points = np.flatnonzero(parent < 0)
    points = points[np.lexsort((points, area[points]))]
    starts = np.flatnonzero(np.r_[True, area[points][1:] != area[points][:-1]])
    place = np.arange(len(points)) - np.repeat(starts, np.diff(np.r_[starts, len(points)]))
    streets_before = np.concatenate(
        [[0], np.cumsum(-(-np.diff(np.r_[starts, len(points)]) // _POINTS_PER_STREET))]
    )[:-1]
    street_index = np.repeat(streets_before, np.diff(np.r_[starts, len(points)]))
    street_index = street_index + place // _POINTS_PER_STREET
    postcode_index = 2 * street_index + (place % _POINTS_PER_STREET) // _POINTS_PER_POSTCODE
    number = np.zeros(len(area), dtype=np.int64)
    number[points] = place % _POINTS_PER_STREET + 1
    street = np.empty(len(area), dtype=object)
    street[points] = _street_names(int(street_index.max()) + 1)[street_index]
    postcode = np.empty(len(area), dtype=object)
    postcode[points] = _postcodes(int(postcode_index.max()) + 1)[postcode_index]
    inside = np.flatnonzero(parent >= 0)
    for column in (number, street, postcode):
        column[inside] = column[parent[inside]]
    return number, street, postcode


def _street_names(count: int) -> Strings:
    words, kinds = len(STREET_WORDS), len(STREET_KINDS)
    names = [
        f"{STREET_WORDS[i * 37 % words].upper()} {STREET_KINDS[(i // words + i) % kinds]}"
        for i in range(count)
    ]
    return np.array(names, dtype=object)


def _postcodes(count: int) -> Strings:
    """Postcodes of an area that no real post office serves."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    codes = [
        f"NM{1 + i // 4000} {i // 400 % 10}{letters[i // 20 % 20]}{letters[i % 20]}"
        for i in range(count)
    ]
    return np.array(codes, dtype=object)


def _bands(streams: Streams, areas: Areas, area: Ints, form: Ints) -> Ints:
    """Council tax bands in the national shares, lower where an area is poorer and for flats."""
    lean: Floats = -0.9 * areas.d[area] - 0.8 * (form != HOUSE)
    lean = lean + 0.8 * streams.normal("band", np.arange(len(area)))
    rank = np.argsort(np.argsort(lean, kind="stable"), kind="stable") / len(area)
    return np.asarray(np.searchsorted(np.cumsum(BANDS), rank).clip(0, 7), dtype=np.int64)
