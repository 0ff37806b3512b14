"""Households as they stand: where, who, in what tenure, and with what need (all latent)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import expit, ndtr, ndtri

from synthetic.causes import CORRELATION
from synthetic.kinds import DECILES, KINDS, NATIONAL_GROUPS, Kind
from synthetic.settings import GROUPS, Switches
from synthetic.streams import Flags, Floats, Ints, Streams

GROUP_SHARES = np.array(NATIONAL_GROUPS)
AGE_SHARES = np.array([0.03, 0.135, 0.26, 0.285, 0.29])
TENURES = ("OWNER", "COUNCIL", "RP", "PRS", "TA")
OWNER, COUNCIL, RP, PRS, TA = range(5)

HOUSEHOLD_TYPES = (
    "SINGLE_PENSION",
    "SINGLE_WORKING_AGE",
    "COUPLE_DEPENDENT",
    "COUPLE_NO_CHILD",
    "COUPLE_GROWN_CHILD",
    "COUPLE_PENSION",
    "LONE_DEPENDENT",
    "LONE_GROWN_CHILD",
    "OTHER_FAMILY",
    "OTHER_DEPENDENT",
    "OTHER",
)
TYPE_SHARES = np.array(
    [0.128, 0.174, 0.189, 0.167, 0.062, 0.092, 0.069, 0.042, 0.010, 0.027, 0.041]
)
WITH_CHILDREN = np.array([2, 6, 9])
WITH_PARTNER = np.array([2, 3, 4, 5])
LONE = np.array([6])
# Rough shape of household type by age of head; raked to both margins.
_TYPE_BY_AGE = np.array(
    [
        [0, 40, 8, 20, 0, 0, 12, 0, 4, 2, 24],
        [0, 28, 26, 26, 0, 0, 12, 0, 2, 4, 9],
        [0, 18, 48, 12, 3, 0, 14, 2, 1, 6, 4],
        [0, 26, 14, 30, 14, 0, 4, 8, 1, 3, 5],
        [44, 0, 0.3, 8, 4, 32, 0, 6, 1, 0.5, 3],
    ]
)

N_AREA_MIN, HOUSEHOLDS_PER_AREA = 30, 700
NEVER = 10_000
# Households that are on Universal Credit at some time; about four in five of them at any one time.
UC_EVER = 0.26
# New to the country in the last ten years, by ethnic group of the head: about 5 % of households.
MIGRANT_SHARES = np.array([0.025, 0.17, 0.20, 0.06, 0.30])
ESTATE_SHARE = 0.2


@dataclass(frozen=True, kw_only=True)
class Areas:
    """Census areas: deprivation, national decile, neighbourhood, and whether it is an estate.

    ``estate`` marks poor areas where officers are seen more than elsewhere.
    """

    d: Floats
    decile: Ints
    neighbourhood: Ints
    estate: Flags


@dataclass(frozen=True, kw_only=True)
class Households:
    """Static truth of every household that is ever alive, one row a household.

    The first ``initial`` are there at the start; then come arrivals, and last a reserve for people
    who leave a home that breaks up.
    """

    initial: int
    reserve_from: int
    arrives: Ints
    area: Ints
    d: Floats
    group: Ints
    age_band: Ints
    tenure: Ints
    kind: Ints
    disability: Flags
    uc: Flags
    other_language: Flags
    migrant: Flags
    factors: Floats
    contact: Floats
    watched: Floats

    @property
    def n(self) -> int:
        """Number of households ever alive."""
        return len(self.area)


def solved_intercept(eta: Floats, target: float, weights: Floats | None = None) -> float:
    """The intercept at which the mean probability is the target, by bisection."""
    low, high = -20.0, 20.0
    for _ in range(45):
        middle = (low + high) / 2
        if float(np.average(expit(middle + eta), weights=weights)) < target:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def draw_areas(
    streams: Streams, households: int, neighbourhoods: int, kind: Kind = KINDS["average_unitary"]
) -> Areas:
    """Areas gathered into neighbourhoods of similar size.

    Deprivation is normal on a scale on which the nation's areas are standard normal, so that the
    kind's share of areas lies in the nation's most deprived two deciles.
    """
    n = max(N_AREA_MIN, households // HOUSEHOLDS_PER_AREA)
    rank = np.argsort(np.argsort(streams.at("area:d").standard_normal(n), kind="stable"))
    spread = ndtri((rank + 0.5) / n)
    d = kind.lean + spread / spread.std()
    order = np.argsort(
        np.argsort(0.8 * spread + streams.at("area:neighbourhood").standard_normal(n))
    )
    poor = d > np.quantile(d, 0.5)
    return Areas(
        d=d,
        decile=np.minimum(np.floor(DECILES * ndtr(-d)).astype(np.int64) + 1, DECILES),
        neighbourhood=(order * neighbourhoods // n).astype(np.int64),
        estate=poor & (streams.at("area:estate").random(n) < 2 * ESTATE_SHARE),
    )


def _fitted_shares(eta: Floats, shares: Floats) -> Floats:
    """Probabilities of a multinomial logit whose intercepts are fitted to the shares."""
    intercepts = np.log(shares)
    for _ in range(60):
        weight = np.exp(intercepts + eta)
        probability = weight / weight.sum(axis=1, keepdims=True)
        intercepts += np.log(shares) - np.log(probability.mean(axis=0))
    return np.asarray(probability)


def _pick(u: Floats, probability: Floats) -> Ints:
    edges = np.cumsum(probability, axis=1)
    picked = (u[:, None] > edges).sum(axis=1)
    return np.asarray(np.minimum(picked, probability.shape[1] - 1), dtype=np.int64)


def _draw_group(streams: Streams, areas: Areas, area: Ints, kind: Kind) -> Ints:
    effect = 1.25 * streams.at("area:group").standard_normal((len(areas.d), 4))
    effect += 0.35 * areas.d[:, None]
    eta = np.concatenate([np.zeros((len(areas.d), 1)), effect], axis=1)[area]
    shares = _fitted_shares(eta, np.array(kind.groups))
    return _pick(streams.at("group").random(len(area)), shares)


def _draw_tenure(streams: Streams, d: Floats, group: Ints, age: Ints, kind: Kind) -> Ints:
    social = 0.75 * d + 1.5 * (group == 2) + 0.95 * (group == 3) + 0.75 * (group == 4)
    social -= 0.1 * (age >= 3)
    private = 0.1 * d + np.array([1.9, 1.3, 0.3, -0.6, -1.3])[age]
    eta = np.stack([np.zeros(len(d)), social, private], axis=1)
    shares = np.array([kind.tenure[0], kind.social, kind.tenure[3]])
    broad = _pick(streams.at("tenure").random(len(d)), _fitted_shares(eta, shares))
    council = streams.at("landlord").random(len(d)) < kind.tenure[1] / kind.social
    return np.where(broad == 0, OWNER, np.where(broad == 2, PRS, np.where(council, COUNCIL, RP)))


def _in_temporary_homes(streams: Streams, tenure: Ints, initial: int, kind: Kind) -> Ints:
    """Some private tenants were placed in temporary homes before the first day."""
    tenants = (tenure == PRS) & (np.arange(len(tenure)) < initial)
    share = kind.temporary / 1000 * initial / max(int(tenants.sum()), 1)
    placed = tenants & (streams.at("temporary").random(len(tenure)) < share)
    return np.where(placed, TA, tenure)


def household_type_table() -> Floats:
    """Probability of each household type by age band, raked to both sets of shares."""
    table = _TYPE_BY_AGE / _TYPE_BY_AGE.sum()
    for _ in range(100):
        table = table * (TYPE_SHARES / table.sum(axis=0))
        table = table * (AGE_SHARES / table.sum(axis=1))[:, None]
    return np.asarray(table / table.sum(axis=1, keepdims=True))


def _draw_factors(streams: Streams, households: dict[str, Any], shift: Floats) -> Floats:
    n = len(households["d"])
    root = np.linalg.cholesky(CORRELATION)
    z = streams.at("static").standard_normal((n, 5)) @ root.T
    h = households
    z[:, 0] += 0.45 * h["d"] + 0.25 * h["social"] + 0.15 * h["private"]
    z[:, 0] += 0.30 * h["uc"] + 0.25 * h["lone"]
    z[:, 1] += 0.30 * h["d"] + 0.15 * h["social"] + 0.45 * h["private"] - 0.20 * h["old"]
    z[:, 2] += 0.20 * h["d"] + 0.55 * h["disability"] + 0.15 * h["old"]
    z[:, 3] += 0.70 * h["kids"] + 0.20 * h["lone"] - 0.20 * h["old"]
    z[:, 4] += -0.20 * h["d"] - 0.20 * h["lone"] - 0.15 * h["private"]
    z = (z - z.mean(axis=0)) / z.std(axis=0)
    z[:, 1] += shift
    return np.asarray(z)


def _draw_flags(
    streams: Streams, d: Floats, *, tenure: Ints, kind: Ints, age: Ints, uc_ever: float
) -> dict[str, Any]:
    """Deprivation, tenure and family as flags, with who is disabled and who claims."""
    n = len(d)
    social, private = (tenure == COUNCIL) | (tenure == RP), tenure == PRS
    lone, kids = np.isin(kind, LONE), np.isin(kind, WITH_CHILDREN)
    old = age == 4
    eta = 0.35 * d + 0.9 * old + 0.45 * (age == 3) + 0.6 * social
    disability = streams.at("disability").random(n) < expit(solved_intercept(eta, 0.32) + eta)
    eta = 0.65 * d + 1.6 * social + 1.0 * private + 0.8 * lone + 0.7 * kids
    eta = eta + 0.7 * disability - 3.0 * old
    uc = streams.at("uc").random(n) < expit(solved_intercept(eta, uc_ever) + eta)
    flags = {"d": d, "social": social, "private": private, "uc": uc, "lone": lone}
    return flags | {"old": old, "disability": disability, "kids": kids}


def draw_households(
    streams: Streams,
    areas: Areas,
    *,
    initial: int,
    arrivals: Ints,
    reserve: int,
    switches: Switches,
    kind_of_place: Kind = KINDS["average_unitary"],
) -> Households:
    """Every household that is ever alive, with its static truth.

    Args:
        streams: The place's random numbers.
        areas: The census areas.
        initial: Households at the start.
        arrivals: Month in which each arriving household comes.
        reserve: Places kept for people who leave a home that breaks up.
        switches: Planted differences between groups.
        kind_of_place: Shares of tenures and groups, and how deprived the place is.
    """
    n = initial + len(arrivals) + reserve
    area = streams.at("area").integers(0, len(areas.d), n)
    d = areas.d[area]
    group = _draw_group(streams, areas, area, kind_of_place)
    age = np.searchsorted(np.cumsum(AGE_SHARES), streams.at("age").random(n)).clip(0, 4)
    tenure = _draw_tenure(streams, d, group, age, kind_of_place)
    kind = _pick(streams.at("kind").random(n), household_type_table()[age])
    spare = np.arange(n) >= initial + len(arrivals)
    tenure = np.where(spare, PRS, tenure)
    tenure = _in_temporary_homes(streams, tenure, initial, kind_of_place)
    kind = np.where(spare, 1, kind)
    flags = _draw_flags(
        streams,
        d,
        tenure=tenure,
        kind=kind,
        age=age,
        uc_ever=min(UC_EVER * kind_of_place.scaled("uc"), 0.6),
    )
    in_group = np.isin(group, [GROUPS.index(name) for name in switches.group])
    factors = _draw_factors(streams, flags, switches.insecurity_shift * in_group.astype(np.float64))
    migrant = streams.at("migrant").random(n) < MIGRANT_SHARES[group] * (age <= 2) / 0.425
    quiet = migrant | ((tenure == PRS) & (age >= 3))
    watched = (np.isin(group, (2, 3)) | areas.estate[area]) & np.isin(kind, WITH_CHILDREN)
    contact = streams.at("contact").standard_normal(n)
    language = np.array([0.03, 0.35, 0.12, 0.08, 0.45])[group]
    return Households(
        initial=initial,
        reserve_from=initial + len(arrivals),
        arrives=np.concatenate([np.full(initial, -1), arrivals, np.full(reserve, NEVER)]),
        area=area,
        d=d,
        group=group,
        age_band=age,
        tenure=tenure,
        kind=kind,
        disability=flags["disability"],
        uc=flags["uc"],
        other_language=streams.at("language").random(n) < language,
        factors=factors,
        migrant=migrant,
        contact=contact + switches.contact_shift * in_group - switches.quiet * quiet,
        watched=np.where(watched, switches.watched, 0.0),
    )
