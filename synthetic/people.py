"""Every person that is ever in the place, and the home life each would have if nothing happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from synthetic import names
from synthetic.latent import Latent
from synthetic.population import NEVER, WITH_PARTNER, Households
from synthetic.settings import Faults
from synthetic.streams import Flags, Floats, Ints, Streams, Strings

HEAD, PARTNER, CHILD, GROWN, OTHER = range(5)
YEAR = 365.25
_KIDS = {2: (0.50, 0.35, 0.11, 0.04), 6: (0.60, 0.27, 0.09, 0.04), 9: (0.38, 0.32, 0.18, 0.12)}
_AGE_LOW, _AGE_SPAN = np.array([18, 25, 35, 50, 65]), np.array([7, 10, 15, 15, 33])
PARTNER_JOINS_YEARLY = 0.03
# Births for each family of two or more: what makes a share of second children one of births.
SECOND_OF_BIRTHS = 3.0
# Of everybody, for each of those who could bear a parent's name.
OF_A_PARENTS_SEX = 7.5


@dataclass(frozen=True, kw_only=True)
class People:
    """Persons and their first membership: person ``i`` would join ``household[i]``.

    ``joins`` is the month of joining (-1 where the person is there from the household's start) and
    ``leaves`` the month of leaving (:data:`NEVER` where the person would stay).
    """

    household: Ints
    role: Ints
    joins: Ints
    leaves: Ints
    dob: Ints
    male: Flags
    group: Ints
    pool: Ints
    disabled: Flags
    first: Strings
    middle: Strings
    last: Strings

    @property
    def n(self) -> int:
        """Number of persons."""
        return len(self.household)


@dataclass(frozen=True, kw_only=True)
class _Draft:
    household: Ints
    role: Ints
    joins: Ints
    leaves: Ints
    dob: Ints


def epoch_day(day: date) -> int:
    """Days since 1 January 1970."""
    return (day - date(1970, 1, 1)).days


def _head_ages(streams: Streams, households: Households) -> Floats:
    u = streams.at("head:age").random(households.n)
    band = households.age_band
    old = 65 + 33 * u**2.6
    return np.where(band == 4, old, _AGE_LOW[band] + _AGE_SPAN[band] * u)


def _child_counts(streams: Streams, households: Households) -> Ints:
    u = streams.at("kids").random(households.n)
    count = np.zeros(households.n, dtype=np.int64)
    for kind, weights in _KIDS.items():
        mine = households.kind == kind
        count[mine] = 1 + np.searchsorted(np.cumsum(weights), u[mine]).clip(0, 3)
    more = streams.at("kids:more").random(households.n) < 0.55 * np.isin(households.group, (1, 2))
    return np.asarray(count + (more & (count > 0)), dtype=np.int64)


def _adult_counts(streams: Streams, households: Households, age: Floats) -> tuple[Ints, Ints]:
    """Grown children and other adults of each household."""
    u = streams.at("adults").random(households.n)
    kind = households.kind
    grown = np.where(kind == 4, 1 + (u < 0.35), np.where(kind == 7, 1 + (u < 0.15), 0))
    eldest = np.isin(kind, (2, 6)) & (age >= 43) & (streams.at("eldest").random(len(u)) < 0.5)
    grown = np.where(eldest, 1, grown)
    other = np.where(kind == 8, 1, 0)
    other = np.where(kind == 9, 1 + (u < 0.6), other)
    other = np.where(kind == 10, 1 + (u < 0.45) + (u < 0.15), other)
    return grown, other


def _initial_drafts(
    streams: Streams, households: Households, months: Ints, faults: Faults
) -> list[_Draft]:
    """Drafts of everybody in the first line-up of each household but the reserve."""
    here = np.arange(households.reserve_from)
    start = months[np.maximum(households.arrives[here], 0)]
    age = _head_ages(streams, households)[here]
    kind = households.kind[here]
    heads = _Draft(
        household=here,
        role=np.full(len(here), HEAD),
        joins=np.full(len(here), -1),
        leaves=np.full(len(here), NEVER),
        dob=start - np.rint(age * YEAR).astype(np.int64),
    )
    paired = here[np.isin(kind, WITH_PARTNER)]
    gap = 3.0 * streams.normal("partner:age", paired)
    partner_age = np.clip(age[paired] + gap, np.where(kind[paired] == 5, 65, 18), 99)
    partners = _others(paired, PARTNER, start[paired], partner_age)
    return [
        heads,
        partners,
        *_dependants(streams, households, here, start=start, age=age, faults=faults),
    ]


def _others(household: Ints, role: int, start: Ints, age: Floats) -> _Draft:
    return _Draft(
        household=household,
        role=np.full(len(household), role),
        joins=np.full(len(household), -1),
        leaves=np.full(len(household), NEVER),
        dob=start - np.rint(age * YEAR).astype(np.int64),
    )


def _dependants(
    streams: Streams,
    households: Households,
    here: Ints,
    *,
    start: Ints,
    age: Floats,
    faults: Faults,
) -> list[_Draft]:
    kids = _child_counts(streams, households)[here]
    owner = np.repeat(here, kids)
    order = np.arange(len(owner)) - np.repeat(np.cumsum(kids) - kids, kids)
    oldest = np.minimum(18.0, age[owner] - 17.5)
    child_age = oldest * streams.each("child:age", owner, order) ** 0.86
    twin = (order == 1) & (streams.each("twins", owner) < SECOND_OF_BIRTHS * faults.twins)
    sibling = oldest * streams.each("child:age", owner, order - 1) ** 0.86
    child_age = np.where(twin, sibling, child_age)
    everyone = np.zeros(households.n)
    everyone[here] = age
    grown_count, other_count = _adult_counts(streams, households, everyone)
    grown = np.repeat(here, grown_count[here])
    number = np.arange(len(grown))
    grown_age = 19.8 + np.clip(age[grown] - 37, 2.0, 17.0) * (
        streams.each("grown:age", grown, number) ** 1.6
    )
    other = np.repeat(here, other_count[here])
    place = np.arange(len(other))
    other_age = np.clip(age[other] + 12 * streams.normal("other:age", other, place), 18, 95)
    return [
        _others(owner, CHILD, start[owner], child_age),
        _others(grown, GROWN, start[grown], grown_age),
        _others(other, OTHER, start[other], other_age),
    ]


def _later_drafts(
    streams: Streams, households: Households, latent: Latent, months: Ints, head_dob: Ints
) -> list[_Draft]:
    """Babies, and partners who move in: whether each comes about is decided month by month."""
    month, mother = np.nonzero(latent.shocks["baby"][:, : households.reserve_from])
    birth = months[month] + (28 * streams.each("baby:day", mother, month)).astype(np.int64)
    babies = _Draft(
        household=mother,
        role=np.full(len(mother), CHILD),
        joins=month,
        leaves=np.full(len(mother), NEVER),
        dob=birth,
    )
    rate = PARTNER_JOINS_YEARLY / 12 * ~np.isin(households.kind, WITH_PARTNER)
    joins = np.stack(
        [streams.at("joins", m).random(households.n) < rate for m in range(latent.months)]
    )
    when, host = np.nonzero(joins[:, : households.reserve_from])
    young = head_dob[host] > months[0] - 60 * YEAR
    when, host = when[young], host[young]
    gap = np.rint(3.0 * YEAR * streams.normal("joins:age", host, when)).astype(np.int64)
    dob = np.minimum(head_dob[host] + gap, months[0] - int(19 * YEAR))
    partners = _Draft(
        household=host,
        role=np.full(len(host), PARTNER),
        joins=when,
        leaves=np.full(len(host), NEVER),
        dob=dob,
    )
    return [babies, partners]


def _everybody(
    streams: Streams, households: Households, latent: Latent, months: Ints, faults: Faults
) -> dict[str, Ints]:
    """Household, role, months and birth date of everybody, the later ones last."""
    drafts = _initial_drafts(streams, households, months, faults)
    head_dob = np.zeros(households.n, dtype=np.int64)
    head_dob[drafts[0].household] = drafts[0].dob
    drafts += _later_drafts(streams, households, latent, months, head_dob)
    return {
        name: np.concatenate([getattr(draft, name) for draft in drafts]).astype(np.int64)
        for name in ("household", "role", "joins", "leaves", "dob")
    }


def draw_people(
    streams: Streams, households: Households, latent: Latent, months: Ints, faults: Faults
) -> People:
    """Everybody, with names.

    Args:
        streams: The place's random numbers.
        households: The households.
        latent: Shocks, for births.
        months: First day of each month, as days since 1970.
        faults: Shares of twins and of equal names.
    """
    joined = _everybody(streams, households, latent, months, faults)
    ids = np.arange(len(joined["household"]))
    male = _sexes(streams, households, joined, ids)
    group = households.group[joined["household"]]
    pool = names.draw_pool(streams, group, joined["household"])
    last = _surnames(streams, joined, pool, male, ids)
    year = 1970 + (joined["dob"] / YEAR).astype(np.int64)
    first = names.draw_first(streams, "given", pool=pool, male=male, birth_year=year, ids=ids)
    _same_name(streams, joined, male, first, faults)
    middle = names.draw_first(streams, "middle", pool=pool, male=male, birth_year=year, ids=ids)
    middle[streams.each("has:middle", ids) > np.where(pool == 0, 0.65, 0.15)] = ""
    in_need = households.disability[joined["household"]]
    share = np.array([0.85, 0.55, 0.14, 0.25, 0.45])[joined["role"]]
    return People(
        **{**joined, "leaves": _leaving_home(streams, joined, months, ids)},
        male=male,
        group=group,
        pool=pool,
        disabled=in_need & (streams.each("disabled", ids) < share),
        first=first,
        middle=middle,
        last=last,
    )


def _sexes(streams: Streams, households: Households, joined: dict[str, Ints], ids: Ints) -> Flags:
    kind = households.kind[joined["household"]]
    share = np.where(kind == 6, 0.14, np.where(kind == 0, 0.35, 0.5))
    head_share = np.where(joined["role"] == HEAD, share, 0.5)
    male = streams.each("sex", ids) < head_share
    head_male = np.zeros(households.n, dtype=bool)
    heads = joined["role"] == HEAD
    head_male[joined["household"][heads]] = male[heads]
    partner = joined["role"] == PARTNER
    opposite = ~head_male[joined["household"]] ^ (streams.each("same:sex", ids) < 0.03)
    return np.where(partner, opposite, male)


def _surnames(
    streams: Streams, joined: dict[str, Ints], pool: Ints, male: Flags, ids: Ints
) -> Strings:
    family = names.draw_last(streams, "family", pool, joined["household"])
    own = names.draw_last(streams, "own", pool, ids)
    keeps = np.where(np.isin(pool, (2, 4, 6)), 0.55, 0.22)
    keeps = np.where(joined["role"] == PARTNER, keeps, 0.0)
    keeps = np.where(joined["role"] == OTHER, 0.6, keeps)
    keeps = np.where((joined["role"] == PARTNER) & (joined["joins"] >= 0), 0.9, keeps)
    different = streams.each("own:name", ids) < keeps
    last = np.where(different, own, family)
    double = (pool == 0) & ~male & (streams.each("double", ids) < 0.03)
    return np.where(double & (own != family), family + "-" + own, last)


def _same_name(
    streams: Streams, joined: dict[str, Ints], male: Flags, first: Strings, faults: Faults
) -> None:
    """A few grown or growing sons and daughters bear a parent's whole name."""
    heads = np.flatnonzero(joined["role"] == HEAD)
    by_household = np.full(int(joined["household"].max()) + 1, -1)
    by_household[joined["household"][heads]] = heads
    head = by_household[joined["household"]]
    ids = np.arange(len(first))
    same = np.isin(joined["role"], (CHILD, GROWN)) & (head >= 0) & (male == male[head])
    same &= streams.each("same:name", ids) < OF_A_PARENTS_SEX * faults.same_full_name
    first[same] = first[head[same]]


def _leaving_home(streams: Streams, joined: dict[str, Ints], months: Ints, ids: Ints) -> Ints:
    """Month in which a child or grown child would leave home."""
    years = 18.6 - 7.0 * np.log(streams.each("leaves", ids))
    day = joined["dob"] + np.rint(years * YEAR).astype(np.int64)
    wait = -8.0 * 12 * np.log(streams.each("leaves:grown", ids))
    start = np.maximum(joined["joins"], 0)
    by_age = np.searchsorted(months, day, side="right") - 1
    month = np.where(joined["role"] == GROWN, start + wait.astype(np.int64), by_age)
    stays = ~np.isin(joined["role"], (CHILD, GROWN))
    return np.where(stays | (month >= len(months)), NEVER, np.maximum(month, start + 1))
