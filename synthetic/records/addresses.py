"""The gazetteer and the area lookup, and the address that each source has of a home."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from synthetic.dwellings import FLAT, HMO_ROOM, HOSTEL_PLACE, SHELTERED
from synthetic.faultlog import HOME, RECORD
from synthetic.population import OWNER, PRS
from synthetic.records.base import NO_NUMBER, Context, frame
from synthetic.streams import Flags, Ints, Strings

FIRST_LSOA = 90_001
TOWN = "NORTHMERE"


def lsoa_codes(count: int) -> Strings:
    """Area codes in the form of the census, from a range that it does not use."""
    return np.array([f"E010{FIRST_LSOA + i}" for i in range(count)], dtype=object)


def _ward_codes(neighbourhood: Ints, area: Ints) -> Strings:
    return np.array(
        [f"E0509{n:02d}{a % 3 + 1:02d}" for n, a in zip(neighbourhood, area, strict=True)],
        dtype=object,
    )


def building_uprn(context: Context, dwelling: Ints) -> Ints:
    """UPRN of the building that a home is part of, or of the home where it stands alone."""
    homes = context.world.dwellings
    parent = homes.parent_uprn[dwelling]
    return np.where(parent >= 0, parent, homes.uprn[dwelling])


def recorded_uprn(
    context: Context, source: str, dwelling: Ints, ids: Ints, missing: float, *, once: bool = True
) -> Ints:
    """The UPRN that a source holds for a home: right, the building's, or none.

    Args:
        context: The world and its faults.
        source: The source.
        dwelling: True home of each row.
        ids: What the fault belongs to, such as an account or a claim.
        missing: Share without a UPRN in an average home.
        once: True where the building's number is a fault of the home in this source, not the row.

    Private renters and rooms lack a number more often.
    """
    homes, streams, faults = context.world.dwellings, context.streams, context.faults
    more = faults.missing_uprn_renters
    hard = (homes.tenure[dwelling] == PRS) | (homes.form[dwelling] == HMO_ROOM)
    scale = np.where(hard, more, 1.0) / (1 + 0.2 * (more - 1))
    none = streams.each(f"uprn:{source}", ids) < missing * scale * faults.missing_uprn
    shell_key = dwelling if once else ids
    shell = streams.each(f"shell:{source}", shell_key) < faults.shell_uprn
    inside = np.isin(homes.form[dwelling], (FLAT, SHELTERED, HMO_ROOM))
    shell &= inside
    elsewhere = _care_of(context, source, dwelling, ids)
    context.log.note("F13", source, ids, none, what=RECORD)
    context.log.note("F14", source, shell_key, shell, inside, what=HOME if once else RECORD)
    context.log.note("F18", source, ids, elsewhere >= 0, what=RECORD)
    uprn = np.where(shell, building_uprn(context, dwelling), homes.uprn[dwelling])
    uprn = np.where(elsewhere >= 0, homes.uprn[np.maximum(elsewhere, 0)], uprn)
    return np.where(none, NO_NUMBER, uprn)


def _care_of(context: Context, source: str, dwelling: Ints, ids: Ints) -> Ints:
    """A hostel's office or a landlord's home where post is sent, -1 where it goes to the home."""
    homes, streams = context.world.dwellings, context.streams
    tenure = homes.tenure[dwelling]
    share = context.faults.care_of * np.array([0.4, 0.4, 0.4, 2.5, 20.0])[tenure]
    hit = streams.each(f"care:{source}", ids) < share
    offices = np.flatnonzero(homes.blpu_class == "RI02")
    owned = np.flatnonzero(homes.tenure[: homes.homes] == OWNER)
    u = streams.each(f"care:where:{source}", ids)
    kept_by = owned[np.floor(u * len(owned)).astype(np.int64)]
    hostel = offices[np.floor(u * len(offices)).astype(np.int64)] if len(offices) else kept_by
    return np.where(hit, np.where(tenure == PRS, kept_by, hostel), -1)


def _first_rows(context: Context) -> Flags:
    """One row for each UPRN: the places of a hostel are one address."""
    homes = context.world.dwellings
    keep = homes.form != HOSTEL_PLACE
    keep[homes.homes :] = True
    return np.asarray(keep, dtype=bool)


def _start_days(context: Context, rows: Ints) -> Ints:
    """Most addresses are old; one in two hundred was built during the simulated months."""
    new = context.streams.each("built", rows) < 0.005
    span = context.last_day - context.first_day - 40
    late = context.first_day + np.floor(span * context.streams.each("built:on", rows)).astype(int)
    vacant = np.ones(context.world.dwellings.n, dtype=bool)
    vacant[context.spells.dwelling] = False
    old = context.first_day - 2500 - np.floor(9000 * context.streams.each("age", rows)).astype(int)
    return np.where(new & vacant[rows], late, old)


def gazetteer(context: Context) -> dict[str, pl.DataFrame]:
    """``llpg_blpu`` and ``llpg_lpi``."""
    world = context.world
    homes = world.dwellings
    rows = np.flatnonzero(_first_rows(context))
    start = _start_days(context, rows)
    new = start >= context.first_day
    building = rows >= homes.homes
    child = homes.parent[rows] >= 0
    area = homes.area[rows]
    columns = {
        "uprn": homes.uprn[rows],
        "parent_uprn": np.where(child, homes.parent_uprn[rows], NO_NUMBER),
        "logical_status": np.where(new, "6", "1"),
        "blpu_class": homes.blpu_class[rows],
        "postal_address_code": np.where(child, "C", np.where(building, "M", "S")),
        "lsoa21": lsoa_codes(len(world.areas.d))[area],
        "ward_code": _ward_codes(world.areas.neighbourhood[area], area),
        "start_date": start,
    }
    blpu = frame("llpg_blpu", columns, start + 3)
    again = {name: values[new] for name, values in columns.items()} | {
        "logical_status": np.full(int(new.sum()), "1")
    }
    approved = frame("llpg_blpu", again, start[new] + 40)
    return {"llpg_blpu": pl.concat([blpu, approved]), "llpg_lpi": _lines(context, rows, start)}


def _lines(context: Context, rows: Ints, start: Ints) -> pl.DataFrame:
    homes, streams = context.world.dwellings, context.streams
    word = np.where(homes.form[rows] == HMO_ROOM, "ROOM", "FLAT")
    inside = homes.parent[rows] >= 0
    saon = np.array(
        [
            f"{kind} {unit}" if part else None
            for kind, unit, part in zip(word, homes.unit[rows], inside, strict=True)
        ],
        dtype=object,
    )
    wrong = streams.each("postcode", rows) < 0.004
    other = homes.postcode[rows[(np.arange(len(rows)) * 31 + 7) % len(rows)]]
    columns = {
        "lpi_key": _line_keys(9, homes.uprn[rows]),
        "uprn": homes.uprn[rows],
        "logical_status": np.full(len(rows), "1"),
        "saon": saon,
        "paon": homes.number[rows].astype(str),
        "street": homes.street[rows],
        "locality": np.full(len(rows), None, dtype=object),
        "town": np.full(len(rows), TOWN),
        "postcode": np.where(wrong, other, homes.postcode[rows]),
        "start_date": start,
    }
    first = frame("llpg_lpi", columns, start + 3)
    also = streams.each("alternative", rows) < 0.02
    second = {name: np.asarray(values)[also] for name, values in columns.items()} | {
        "lpi_key": _line_keys(8, homes.uprn[rows[also]]),
        "logical_status": np.full(int(also.sum()), "3"),
        "paon": np.array([f"{n} (OLD LODGE)" for n in homes.number[rows[also]]], dtype=object),
    }
    return pl.concat([first, frame("llpg_lpi", second, start[also] + 3)])


def _line_keys(first: int, uprn: Ints) -> Strings:
    return np.array([f"{first}{number % 10**11:011d}" for number in uprn.tolist()], dtype=object)


def area_lookup(context: Context, neighbourhoods: Sequence[str]) -> dict[str, pl.DataFrame]:
    """``area_lookup``: each census area's neighbourhood and deprivation."""
    areas = context.world.areas
    ids = np.arange(len(areas.d))
    codes = np.array(list(neighbourhoods), dtype=object)
    columns = {
        "lsoa21": lsoa_codes(len(ids)),
        "ward": _ward_codes(areas.neighbourhood, ids),
        "neighbourhood_code": codes[areas.neighbourhood],
        "imd_score": np.maximum(21.7 + 15.0 * areas.d, 1.0),
        "imd_decile": areas.decile,
        "income_domain": np.clip(0.13 + 0.075 * areas.d, 0.01, 0.6),
        "imd_vintage": np.full(len(ids), "2025"),
    }
    return {"area_lookup": frame("area_lookup", columns, np.full(len(ids), context.first_day - 30))}


__all__ = ["area_lookup", "building_uprn", "gazetteer", "lsoa_codes", "recorded_uprn"]
